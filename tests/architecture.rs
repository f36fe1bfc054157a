//! The architecture, as far as it can be checked: the arrows between the rooms, and what may stand in their files.
//!
//! The absences are the architecture. A rule is a function from what there is to the sentences that say what is wrong with it,
//! so that each can also be shown a made-up house and must object.

mod arrows;
mod graph;
mod literals;
mod plugins;
mod sources;

use graph::Graph;
use sources::Source;

#[test]
fn every_arrow_between_the_rooms_is_allowed() {
    let graph = Graph::of_this_workspace();
    assert_eq!(graph.names().collect::<Vec<_>>(), arrows::ROOMS.map(|(room, _)| room), "the rooms and their table differ");
    holds(arrows::RULES.iter().flat_map(|rule| rule(&graph)));
}

#[test]
fn every_file_keeps_the_rules_of_its_room() {
    let sources = sources::of_this_workspace();
    assert!(sources.iter().any(|source| source.path == "server/main.rs"), "no sources were found");
    holds(sources::RULES.iter().flat_map(|rule| rule(&sources)));
}

#[test]
fn a_forbidden_arrow_is_detected() {
    // Each line: the arrow that is drawn (`~>` for a dev-dependency), and a part of the sentence that must be said about it.
    let cases = [
        ("index -> models", "`index` and `models` never meet"),
        ("models -> index", "`index` and `models` never meet"),
        ("index -> assist, assist -> models", "`index` and `models` never meet"),
        ("assist -> tower-lsp-server", "only `lsp` may name tower-lsp"),
        ("cli ~> tower-lsp", "only `lsp` may name tower-lsp"),
        ("assist -> reqwest", "only `models` may name reqwest"),
        ("index -> tree-sitter", "only `syntax` may name tree-sitter"),
        ("lsp -> tree-sitter-rust", "only `syntax` may name tree-sitter"),
        ("index -> tokio", "`index` has no async"),
        ("syntax -> futures-util", "`syntax` has no async"),
        ("text ~> async-trait", "`text` has no async"),
        ("text -> syntax", "`text` may not know `syntax`"),
        ("syntax -> index", "`syntax` may not know `index`"),
        ("models -> text", "`models` may not know `text`"),
        ("embed -> syntax", "`embed` may not know `syntax`"),
        ("models -> embed", "`models` may not know `embed`"),
        ("embed -> tokio", "`embed` has no async"),
        ("assist -> refactor", "`assist` may not know `refactor`"),
        ("refactor -> lsp", "`refactor` may not know `lsp`"),
        ("index ~> assist", "`index` may not know `assist`"),
        ("lsp -> cli", "`lsp` may not know `cli`"),
        ("lsp -> testkit", "`testkit` is for tests"),
        ("tierline -> lsp", "`tierline` may not know `lsp`"),
        ("tierline -> anyhow", "depends on `cli` alone"),
    ];
    for (arrow, sentence) in cases {
        let graph = Graph::drawn(arrow);
        let said: Vec<String> = arrows::RULES.iter().flat_map(|rule| rule(&graph)).collect();
        assert!(said.iter().any(|line| line.contains(sentence)), "`{arrow}` should be met with \"{sentence}\", said: {said:?}");
    }
}

#[test]
fn the_arrows_of_the_design_pass() {
    let graph = Graph::drawn(
        "syntax -> text, index -> text, index -> syntax, index -> embed, index -> rayon, models -> tokio, models -> reqwest, assist -> index, \
         assist -> models, refactor -> assist, lsp -> refactor, lsp -> tower-lsp-server, lsp ~> testkit, testkit -> lsp, \
         cli -> lsp, tierline -> cli, tierline ~> testkit, tierline ~> lsp, syntax -> tree-sitter-go",
    );
    holds(arrows::RULES.iter().flat_map(|rule| rule(&graph)));
}

#[test]
fn a_file_that_breaks_a_rule_is_named() {
    let prompt = format!("const ASK: &str = \"{}\";", "You answer in one sentence. You never guess. ".repeat(8));
    let tested = format!("#[cfg(test)]\nmod tests {{ {prompt} }}");
    let long = "//! A long file.\n".to_owned() + &"fn f() {}\n".repeat(600);
    let excused = long.replacen("A long file.", "This file is long because the table in it is one.", 1);
    let machine = format!("see {}here", sources::MACHINE_WORDS[0]);
    let cases: [(&str, &str, Option<&str>); 12] = [
        ("server/assist/src/a.rs", &prompt, Some("prompt text in a Rust string")),
        ("server/assist/src/a.rs", &tested, None),
        ("server/models/src/a.rs", &long, Some("more than 500 lines")),
        ("server/models/src/a.rs", &excused, None),
        ("server/main.rs", &"\n".repeat(130), Some("120 lines")),
        ("server/index/src/a.rs", "async fn f() {}", Some("has no async")),
        ("server/assist/src/a.rs", "let n = c.len_utf16();", Some("UTF-16")),
        ("server/assist/src/prompt/lost.md", "Say what it does.", Some("0 times")),
        ("docs/a.md", &machine, Some("this machine")),
        ("server/assist/src/a.rs", "let reply = transport.post(body);", Some("a way out of its own")),
        ("server/models/src/gateway/attempt.rs", "let reply = transport.post(body);", None),
        ("server/text/src/a.rs", "let n = c.len_utf16(); // no async here", None),
    ];
    for (path, text, sentence) in cases {
        let sources = [Source { path: path.to_owned(), text: text.to_owned() }];
        let said: Vec<String> = sources::RULES.iter().flat_map(|rule| rule(&sources)).collect();
        match sentence {
            Some(part) => assert!(said.iter().any(|line| line.contains(part) && line.contains(path)), "{path}: {part}: {said:?}"),
            None => assert!(said.is_empty(), "{path}: {said:?}"),
        }
    }
}

/// Fails with every sentence at once, so that one run shows all there is to mend.
fn holds(sentences: impl Iterator<Item = String>) {
    let sentences: Vec<String> = sentences.collect();
    assert!(sentences.is_empty(), "\n  {}\n", sentences.join("\n  "));
}
