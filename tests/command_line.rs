//! The command line as scripts use it: the JSON contracts, the exit codes, the sentences.

mod batches;
mod configuration;
mod models;
mod plans;
mod shell;
mod unfinished;

use std::path::PathBuf;
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;
use testkit::{Fixture, Match, ModelServer, Reply};

use crate::support::SHOP;

/// A workspace and a user of its own.
struct Shell {
    fixture: Fixture,
    home: TempDir,
}

impl Shell {
    fn new() -> Self {
        Self { fixture: Fixture::new(SHOP), home: TempDir::new().unwrap() }
    }

    fn run(&self, arguments: &[&str]) -> Output {
        let place = |name: &str| -> PathBuf { self.home.path().join(name) };
        Command::new(env!("CARGO_BIN_EXE_tierline"))
            .args(arguments)
            .current_dir(self.fixture.root())
            .env("HOME", self.home.path())
            .env("XDG_CONFIG_HOME", place("config"))
            .env("XDG_STATE_HOME", place("state"))
            .env("XDG_CACHE_HOME", place("cache"))
            .output()
            .unwrap()
    }

    /// Writes the user's own configuration.
    fn configure(&self, toml: &str) {
        let folder = self.home.path().join("config/tierline");
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("config.toml"), toml).unwrap();
    }

    /// The JSON of a command that does what it is asked.
    #[track_caller]
    fn json(&self, arguments: &[&str]) -> Value {
        let output = self.run(&[arguments, &["--json"]].concat());
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(0), "{stderr}");
        serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {stderr}"))
    }

    /// What a command that does what it is asked prints for people.
    #[track_caller]
    fn sentence(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// The error code and the sentence of a command that does not.
    #[track_caller]
    fn error(&self, arguments: &[&str], exit_code: i32) -> (String, String) {
        let output = self.run(&[arguments, &["--json"]].concat());
        assert_eq!(output.status.code(), Some(exit_code), "{arguments:?}");
        let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
        let text = |key: &str| answer["error"][key].as_str().unwrap().to_owned();
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(stderr.contains(&text("message")), "the sentence is on stderr too: {stderr}");
        (text("code"), text("message"))
    }
}

#[track_caller]
fn has(value: &Value, keys: &[&str]) {
    for key in keys {
        assert!(value.get(key).is_some(), "no {key:?} in {value}");
    }
}

#[test]
fn index_counts_what_is_there() {
    let report = Shell::new().json(&["index", "."]);
    has(&report, &["files", "symbols", "references", "parsed", "reused", "skipped", "cpu_ms", "peak_rss_bytes"]);
    assert_eq!((&report["files"], &report["parsed"], &report["reused"]), (&5.into(), &5.into(), &0.into()));
    assert!(report["ms"]["total"].is_u64() && report["skipped"].is_object());
}

#[test]
fn languages_tell_their_grammar_and_their_query() {
    let shell = Shell::new();
    let listed = |shell: &Shell| {
        let report = shell.json(&["languages"]);
        has(&report, &["languages", "user_queries", "workspace_queries"]);
        report["languages"].as_array().unwrap().iter().find(|language| language["name"] == "rust").unwrap().clone()
    };
    let rust = listed(&shell);
    assert_eq!((&rust["extensions"][0], &rust["grammar"]["crate"]), (&"rs".into(), &"tree-sitter-rust".into()));
    assert!(rust["grammar"]["version"].as_str().unwrap().contains('.'));
    assert_eq!(rust["query"]["origin"], "built-in");
    assert!(shell.sentence(&["languages"]).contains("tree-sitter-rust"));
}

#[test]
fn a_query_of_the_user_counts_and_a_broken_one_is_named() {
    let shell = Shell::new();
    let folder = shell.home.path().join("config/tierline/queries/rust");
    std::fs::create_dir_all(&folder).unwrap();
    let write = |text: &str| std::fs::write(folder.join("tags.scm"), text).unwrap();
    let origin = || {
        let report = shell.json(&["languages"]);
        let rust = report["languages"].as_array().unwrap().iter().find(|language| language["name"] == "rust").unwrap();
        rust["query"].clone()
    };
    let count = || shell.json(&["symbols", "src/store.rs"]).as_array().unwrap().len();
    let all = count();
    write("; extends\n(let_declaration pattern: (identifier) @name) @definition.variable\n");
    assert_eq!(origin()["origin"], "extended");
    write("(struct_item name: (type_identifier) @name) @definition.struct\n");
    assert_eq!(origin()["origin"], "replaced");
    assert!(count() < all);
    write("; extends\n(no_such_node) @name\n");
    let query = origin();
    assert_eq!((&query["origin"], &query["error"]["line"], &query["error"]["column"]), (&"faulty".into(), &2.into(), &2.into()));
    assert_eq!(count(), all);
    let problems = shell.json(&["doctor"])["problems"].clone();
    assert!(problems[0].as_str().unwrap().contains("tags.scm:2:2: the grammar has no node of the kind `no_such_node`"));
}

#[test]
fn a_query_in_the_workspace_does_not_count() {
    let shell = Shell::new();
    let folder = shell.fixture.root().join(".tierline/queries/rust");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("tags.scm"), "(no_such_node) @name").unwrap();
    let report = shell.json(&["languages"]);
    assert!(report["languages"].as_array().unwrap().iter().all(|language| language["query"]["origin"] == "built-in"));
    assert!(report["workspace_queries"].as_str().unwrap().starts_with("off"));
}

#[test]
fn a_query_in_a_trusted_workspace_counts_until_it_changes() {
    let shell = Shell::new();
    let folder = shell.fixture.root().join(".tierline/queries/rust");
    let write = |text: &str| std::fs::write(folder.join("tags.scm"), text).unwrap();
    let trust = |arguments: &[&str]| shell.json(&[&["trust"], arguments].concat())["trust"].clone();
    let is_on = || shell.json(&["languages"])["workspace_queries"] == "on";
    assert_eq!(trust(&["--show"]), "not needed");
    std::fs::create_dir_all(&folder).unwrap();
    write("(struct_item name: (type_identifier) @name) @definition.struct\n");
    let all = shell.json(&["symbols", "src/store.rs"]).as_array().unwrap().len();
    assert_eq!((trust(&["--show"]), is_on()), ("untrusted".into(), false));
    assert_eq!((trust(&[]), is_on()), ("trusted".into(), true));
    assert!(shell.json(&["symbols", "src/store.rs"]).as_array().unwrap().len() < all);
    write("; extends\n");
    assert_eq!((trust(&["--show"]), is_on()), ("changed".into(), false));
    assert_eq!(trust(&[]), "trusted");
    assert_eq!((trust(&["--revoke"]), is_on()), ("untrusted".into(), false));
}

#[test]
fn egress_tells_what_could_leave_and_why_the_rest_may_not() {
    let shell = Shell::new();
    let key = format!("ghp_{}", "k3Q".repeat(12));
    shell.fixture.write(".env", "A=1");
    shell.fixture.write("src/key.rs", &format!("\nconst KEY: &str = \"{key}\";\n"));
    let all = shell.json(&["egress", "--all"]);
    let row = |file: &str| all["files"].as_array().unwrap().iter().find(|row| row["file"] == file).unwrap().clone();
    assert_eq!((&all["redacted"], &row("src/store.rs")["may_leave"]), (&1.into(), &true.into()));
    assert_eq!(row(".env")["reason"], "it holds the settings of an environment");
    let one = shell.json(&["egress", "src/key.rs"]);
    assert_eq!(one["redacted"][0], serde_json::json!({"line": 2, "rule": "github-token", "placeholder": "«redacted:1»"}));
    assert_eq!(one["text"], "\nconst KEY: &str = \"«redacted:1»\";\n");
    assert!(!shell.sentence(&["egress", "src/key.rs"]).contains(&key));
    assert_eq!(shell.error(&["egress"], 2).0, "usage");
}

#[test]
fn symbols_are_one_based() {
    let symbols = Shell::new().json(&["symbols", "src/store.rs"]);
    let restock = symbols.as_array().unwrap().iter().find(|symbol| symbol["name"] == "restock").unwrap();
    has(restock, &["name", "kind", "container", "line", "column", "end_line", "signature", "doc"]);
    assert_eq!(
        (&restock["kind"], &restock["line"], &restock["column"], &restock["end_line"]),
        (&"function".into(), &8.into(), &8.into(), &11.into())
    );
    assert_eq!(restock["signature"], "pub fn restock(store: &mut Store, amount: u32) -> u32");
    assert_eq!(restock["doc"], "Fills the store up again, and says how much it holds.");
}

#[test]
fn references_say_how_sure_they_are() {
    let references = Shell::new().json(&["references", "src/store.rs:8:8"]);
    let references = references.as_array().unwrap();
    references.iter().for_each(|reference| has(reference, &["file", "line", "column", "certainty"]));
    let of = |file: &str| references.iter().filter(|reference| reference["file"] == file).count();
    assert_eq!((of("src/cart.rs"), of("src/report.rs"), of("src/other.rs")), (2, 2, 0));
    assert!(references.iter().all(|reference| reference["certainty"] != "same-name"));
}

#[test]
fn lookup_and_hover_say_their_tier_and_cost() {
    let shell = Shell::new();
    let answer = shell.json(&["lookup", "where is the store filled up again?", "--limit", "3"]);
    assert_eq!((&answer["tier"], &answer["cost_micro_usd"]), (&"index".into(), &0.into()));
    has(&answer["hits"][0], &["name", "container", "kind", "file", "line", "score", "why"]);
    assert_eq!(answer["hits"][0]["name"], "restock");
    let hover = shell.json(&["hover", "src/cart.rs:5:5"]);
    has(&hover, &["markdown", "tier", "cost_micro_usd", "cached"]);
    assert!(
        hover["markdown"].as_str().unwrap().contains("Called 2 times in 2 files")
            || hover["markdown"].as_str().unwrap().contains("Used 4 times in 2 files"),
        "{hover}"
    );
}

#[test]
fn a_rename_is_shown_applied_and_undone() {
    let shell = Shell::new();
    let before = shell.fixture.read("src/cart.rs");
    let instruction = "rename restock to replenish in src/store.rs";
    let planned = shell.json(&["refactor", instruction, "--plan"]);
    assert_eq!((&planned["status"], &planned["plan"]["steps"][0]["kind"]), (&"planned".into(), &"rename".into()));
    let shown = shell.json(&["refactor", instruction, "--diff"]);
    has(&shown, &["status", "plan", "edits", "checks", "receipt"]);
    assert_eq!(shown["status"], "verified");
    assert!(shown["edits"][0]["diff"].as_str().unwrap().contains("+use crate::store::{Store, replenish};"));
    assert!(shown["checks"].as_array().unwrap().iter().all(|check| check["passed"] == true));
    assert_eq!(shell.fixture.read("src/cart.rs"), before, "what is shown is not applied");
    assert_eq!(shell.json(&["refactor", instruction, "--apply"])["status"], "applied");
    assert!(shell.fixture.read("src/cart.rs").contains("replenish(store, content)"));
    assert_eq!(shell.json(&["undo"])["status"], "undone");
    assert_eq!(shell.fixture.read("src/cart.rs"), before);
}

#[test]
fn doctor_and_report_answer_without_a_model() {
    let shell = Shell::new();
    let doctor = shell.json(&["doctor"]);
    assert_eq!(doctor["tiers"][0]["model"], Value::Null);
    assert_eq!(doctor["problems"], Value::Array(Vec::new()));
    assert_eq!(shell.json(&["report"])["entries"], Value::Array(Vec::new()));
}

#[test]
fn the_tour_shows_all_and_changes_nothing() {
    let shell = Shell::new();
    let before = shell.fixture.read("src/store.rs");
    let output = shell.run(&["tour"]);
    let shown = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    for part in [
        "1. Hover",
        "2. Code actions",
        "an automatic request got 0",
        "3. Look-up",
        "4. Refactor",
        "index · $0",
        "nothing was changed",
    ] {
        assert!(shown.contains(part), "no {part:?} in {shown}");
    }
    assert_eq!(shell.fixture.read("src/store.rs"), before);
}

#[test]
fn errors_have_a_code_a_sentence_and_an_exit_code() {
    let shell = Shell::new();
    let cases: [(&[&str], i32, &str, &str); 10] = [
        (&["frobnicate"], 2, "usage", "unrecognized subcommand"),
        (&["hover", "src/store.rs"], 2, "usage", "write FILE:LINE:COL"),
        (&["hover", "src/store.rs:999:1"], 2, "usage", "has 12 lines, not 999"),
        (&["hover", "src/nowhere.rs:1:1"], 1, "not_found", "there is no src/nowhere.rs"),
        (&["hover", "src/lib.rs:1:2"], 1, "no_symbol", "no symbol of this workspace"),
        (&["symbols", "src/nowhere.rs"], 1, "not_found", "there is no file"),
        (&["index", "nowhere"], 1, "not_found", "there is no nowhere"),
        (&["refactor", "rename nothing_here to x"], 1, "unknown_symbol", "no symbol named `nothing_here`"),
        (&["refactor", "rename restock to refill"], 1, "ambiguous_symbol", "say which with `in FILE`"),
        (&["refactor", "make it better"], 1, "needs_model", "`tierline doctor` says how"),
    ];
    for (arguments, exit_code, code, sentence) in cases {
        let (found, message) = shell.error(arguments, exit_code);
        assert_eq!(found, code, "{arguments:?}: {message}");
        assert!(message.contains(sentence), "{arguments:?}: {message}");
    }
    assert_eq!(shell.error(&["undo"], 1).0, "nothing_to_undo");
}

#[test]
fn the_cache_is_looked_after_and_clearing_it_asks_first() {
    let shell = Shell::new();
    let stats = shell.json(&["cache", "stats"]);
    assert_eq!((&stats["entries"], &stats["bytes"]), (&Value::from(0), &Value::from(0)));
    let entry = PathBuf::from(stats["path"].as_str().unwrap()).join("ab").join("ab".repeat(32));
    std::fs::create_dir_all(entry.parent().unwrap()).unwrap();
    std::fs::write(&entry, "no answer").unwrap();
    assert_eq!(shell.error(&["cache", "clear"], 1).0, "not_confirmed");
    assert!(entry.exists());
    assert_eq!(shell.json(&["cache", "clear", "--yes"])["removed"], 1);
    std::fs::write(&entry, "no answer").unwrap();
    assert_eq!(shell.json(&["cache", "verify"])["damaged"], 1);
    assert_eq!(shell.sentence(&["cache", "gc"]), "0 answers were removed (0 bytes); 0 are left (0 bytes)\n");
}

#[test]
fn a_replay_needs_no_key_and_says_what_was_not_recorded() {
    let shell = Shell::new();
    let recording = shell.home.path().join("recording");
    std::fs::create_dir(&recording).unwrap();
    let (code, sentence) = shell.error(&["hover", "src/store.rs:8:9", "--summary", "--replay", recording.to_str().unwrap()], 1);
    assert_eq!(code, "not_recorded", "{sentence}");
    assert!(sentence.contains("it holds no exchange"), "{sentence}");
}

#[test]
fn summaries_are_made_ahead_once_and_hovers_show_them() {
    let shell = Shell::new();
    let server = ModelServer::start();
    let summary = serde_json::json!({"summary": "Does one small thing."});
    server.on(Match::schema("summary_v1")).always(Reply::json(summary).usage(100, 0, 10));
    shell.configure(&format!(
        "[tiers.nano]\nprovider = \"local\"\nbase_url = \"{}\"\nmodel = \"m\"\nprice = {{ input = 1, output = 1 }}\n",
        server.base_url()
    ));
    let planned = shell.json(&["prefetch", "--dry-run"]);
    assert_eq!((&planned["made"], server.requests().len()), (&Value::from(0), 0));
    let symbols = planned["symbols"].as_u64().unwrap();
    assert!(symbols > 3 && planned["worst_micro_usd"].as_u64().unwrap() > 110 * symbols, "{planned:#}");
    assert_eq!(shell.error(&["prefetch"], 1).0, "not_confirmed");
    let some = shell.json(&["prefetch", "src/store.rs", "--yes"]);
    let made = some["made"].as_u64().unwrap();
    assert!(made > 0 && made < symbols, "{some:#}");
    let rest = shell.json(&["prefetch", "--yes"]);
    assert_eq!((rest["kept"].as_u64(), rest["made"].as_u64()), (Some(made), Some(symbols - made)));
    assert_eq!(rest["cost_micro_usd"].as_u64(), Some((symbols - made) * 110));
    let report = shell.json(&["report", "--by", "tier", "--since", "1d"]);
    assert_eq!((&report["cost_micro_usd"], &report["by"]), (&(symbols * 110).into(), &"tier".into()));
    let sums = report["sums"].as_array().unwrap();
    assert_eq!((sums.len(), &sums[0]["name"], &sums[0]["requests"]), (1, &"nano".into(), &symbols.into()));
    assert_eq!(shell.json(&["report", "--since", "2999-01-01"])["entries"], Value::Array(Vec::new()));
    assert_eq!(shell.error(&["report", "--since", "yesterday"], 2).0, "usage");
    assert_eq!(server.requests().len() as u64, symbols);
    let hover = shell.json(&["hover", "src/store.rs:8:9"]);
    assert!(hover["markdown"].as_str().unwrap().contains("Does one small thing."), "{hover:#}");
    let report = shell.json(&["report"]);
    assert_eq!((&report["cache_answers"], &report["cache_saved_micro_usd"]), (&1.into(), &110.into()), "{report:#}");
    assert!(report["entries"].as_array().unwrap().iter().all(|entry| entry["whole_bytes"].as_u64() > Some(0)));
}

#[test]
fn a_first_text_waits_for_a_yes_that_can_be_taken_back() {
    let shell = Shell::new();
    let server = ModelServer::start();
    let summary = serde_json::json!({"summary": "Does one small thing."});
    server.on(Match::schema("summary_v1")).always(Reply::json(summary).usage(100, 0, 10));
    let config = shell.home.path().join("config/tierline");
    std::fs::create_dir_all(&config).unwrap();
    let settings = format!(
        "[egress]\nask = \"always\"\n[tiers.nano]\nprovider = \"local\"\nbase_url = \"{}\"\nmodel = \"m\"\n",
        server.base_url()
    );
    std::fs::write(config.join("config.toml"), settings).unwrap();
    assert_eq!(shell.error(&["hover", "src/store.rs:8:9", "--summary"], 1).0, "not_allowed");
    assert_eq!(shell.json(&["egress", "--forget"])["forgotten"], 0);
    assert_eq!(server.requests(), []);
    shell.json(&["hover", "src/store.rs:8:9", "--summary", "--yes"]);
    shell.json(&["prefetch", "src/store.rs", "--yes"]);
    let sent = server.requests().len();
    assert_eq!(shell.json(&["egress", "--forget"])["forgotten"], 1);
    assert_eq!(shell.error(&["hover", "src/cart.rs:4:9", "--summary"], 1).0, "not_allowed");
    assert_eq!(server.requests().len(), sent);
}
