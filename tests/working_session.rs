//! What a working session costs: a hundred hovers, twenty look-ups and twenty edits of one file over real code, with the prices of three real tiers and a server
//! that reports as many tokens as such prompts have. `cargo test --test it working_session -- --nocapture` prints the table.

use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use models::{Cost, Gateway, LedgerEntry, Settings};
use serde_json::json;
use testkit::editor::{Profile, Trigger};
use testkit::{Editor, Match, Reply};

use crate::support::World;

const HOVERS: usize = 100;
const EDITS: usize = 20;

/// Tokens of a prompt and of its reply, as the server reports them.
const SUMMARY: (u64, u64) = (1_100, 60);
const WORDS: (u64, u64) = (300, 60);
const LOOKUP: (u64, u64) = (2_200, 90);
const EDIT: (u64, u64) = (1_000, 150);

const QUESTIONS: [&str; 20] = [
    "where are retries decided?",
    "where is a key looked up?",
    "what reserves money before a request is sent?",
    "where are secrets taken out of a text?",
    "which code reads the ledger?",
    "where is a summary checked?",
    "how is markdown escaped?",
    "where is the cache's directory swept?",
    "what opens a connection?",
    "where do deadlines of a request come from?",
    "what decides whether a file may leave?",
    "where is a batch sent?",
    "how are dollars parsed?",
    "where are equal requests put together?",
    "what leaves a failing server alone?",
    "where is an open document parsed?",
    "what follows other processes' index?",
    "where are candidates of a look-up numbered?",
    "what writes the team's cache?",
    "where are prices of models kept?",
];

/// A function: its file, and the offset of its name.
type Place = (String, usize);

/// Functions to document, each in a file of its own.
fn edits(places: &[Place]) -> Vec<&Place> {
    let mut edits: Vec<&Place> = Vec::new();
    for place in places {
        if edits.len() < EDITS && edits.last().is_none_or(|last| last.0 != place.0) {
            edits.push(place);
        }
    }
    assert_eq!(edits.len(), EDITS);
    edits
}

/// The code of two of our own rooms, and functions in it.
fn workspace() -> (World, Vec<Place>) {
    let world = World::new("//- README.md\nTwo rooms.\n");
    let server = Path::new(env!("CARGO_MANIFEST_DIR")).join("server");
    let mut places = Vec::new();
    for room in ["assist", "models"] {
        for entry in ignore::Walk::new(server.join(room).join("src")).filter_map(Result::ok) {
            let relative = entry.path().strip_prefix(&server).unwrap().to_str().unwrap().to_owned();
            if !relative.ends_with(".rs") || relative.contains("tests") {
                continue;
            }
            let text = std::fs::read_to_string(entry.path()).unwrap();
            world.fixture.write(&relative, &text);
            let code = text.split("#[cfg(test)]").next().unwrap_or_default();
            places.extend(code.match_indices(" fn ").map(|(at, found)| (relative.clone(), at + found.len())));
        }
    }
    places.sort();
    // Spread over all files rather than the first ones.
    assert!(places.len() >= HOVERS);
    let step = places.len() / HOVERS;
    (world, places.into_iter().step_by(step.max(1)).take(HOVERS).collect())
}

fn gateway(world: &World) -> Arc<Gateway> {
    let tier = |name: &str, input: &str, cached: &str, output: &str| {
        json!({
            "provider": "local", "base_url": world.models.base_url(), "model": name,
            "price": {"input": input, "cached": cached, "output": output},
            "context_tokens": 400_000, "max_output_tokens": 32_000,
        })
    };
    let settings: Settings = serde_json::from_value(json!({"tiers": {
        "nano": tier("nano", "0.20", "0.02", "1.25"),
        "mini": tier("mini", "0.75", "0.075", "4.50"),
        "flagship": tier("flagship", "2.50", "0.25", "15"),
    }}))
    .unwrap();
    let places = world.places();
    Arc::new(Gateway::new(models::resolve(&settings, &|_| None, &places.state, &places.cache).unwrap()))
}

/// The session; the ledger after it. Nothing that it edits is saved.
fn work(world: &World, places: &[Place]) -> Vec<LedgerEntry> {
    let gateway = gateway(world);
    let builder = Editor::builder(Profile::VsCode, world.fixture.root());
    let editor = world.connect_over(builder, Some(Arc::clone(&gateway)));
    crate::support::wait_until_indexed(&editor);
    let mut shown = 0;
    for (path, at) in places {
        let params = json!({"textDocument": {"uri": editor.uri(path)}, "position": editor.position(path, *at)});
        let hover = editor.client().request("tierline/summary", params).unwrap();
        shown += usize::from(hover["contents"]["value"].as_str().is_some_and(|text| text.contains("Does one thing")));
    }
    assert_eq!(shown, places.len(), "each hover holds its summary");
    for question in QUESTIONS {
        let argument = json!({"v": 1, "question": question});
        let found = editor.execute_command(lsp::command::LOOKUP, vec![argument]).unwrap();
        assert_eq!(found["tier"], "nano", "{found}");
    }
    for (path, at) in edits(places) {
        editor.open(path);
        let actions = editor.code_actions(path, *at..*at, &[lsp::kind::DOCUMENT], Trigger::Invoked).unwrap();
        editor.run(&actions[0]).unwrap();
        assert_eq!(editor.wait_for_edit().answer["applied"], true, "{path}");
        editor.wait_for_message("document ");
    }
    editor.shutdown();
    gateway.ledger().entries().unwrap()
}

fn sum(entries: &[LedgerEntry], cost: impl Fn(&LedgerEntry) -> Option<Cost>) -> u64 {
    entries.iter().filter_map(cost).map(Cost::micro_usd).sum()
}

/// What a model says of each of them.
fn script(world: &World, places: &[Place]) {
    let summary = Reply::json(json!({"summary": "Does one thing and says whether that went well."}));
    world.models.on(Match::schema("summary_v1")).always(summary.usage(SUMMARY.0, 0, SUMMARY.1));
    let words = json!({"words": ["attempt", "backoff", "limiter"]});
    world.models.on(Match::schema("lookup_words_v1")).always(Reply::json(words).usage(WORDS.0, 0, WORDS.1));
    let choice = json!({"choices": [{"number": 1, "why": "its name says so"}, {"number": 2, "why": "it is used there"}]});
    world.models.on(Match::schema("lookup_v1")).always(Reply::json(choice).usage(LOOKUP.0, 0, LOOKUP.1));
    for (path, _) in edits(places) {
        let text = "Does one thing.\n\nSays whether that went well.";
        let done = Reply::json(json!({"documentation": text, "cannot": ""}));
        world.models.on(Match::schema("document_v1").containing(path)).always(done.usage(EDIT.0, 0, EDIT.1));
    }
}

#[test]
fn hovers_and_look_ups_cost_a_tenth_of_the_flagship_and_nothing_the_second_time() {
    let (world, places) = workspace();
    script(&world, &places);

    let entries = work(&world, &places);
    let requests = world.models.requests();
    let mut table = String::from(
        "\n| job | calls | bytes a prompt | cost | same calls on the flagship | whole files on the flagship |\n|---|---|---|---|---|---|\n",
    );
    let percent = |part: u64, whole: u64| part as f64 * 100.0 / whole as f64;
    let dollars = |micro: u64| format!("${:.4}", micro as f64 / 1e6);
    let mut small = [0; 3];
    for (kind, name, tokens) in [
        ("summary", "summary_v1", SUMMARY),
        ("lookup_words", "lookup_words_v1", WORDS),
        ("lookup", "lookup_v1", LOOKUP),
        ("edit", "document_v1", EDIT),
    ] {
        let of_kind: Vec<LedgerEntry> = entries.iter().filter(|entry| entry.kind == kind).cloned().collect();
        let prompts: Vec<usize> =
            requests.iter().filter(|it| it.schema_name() == Some(name)).map(|it| it.prompt().len()).collect();
        let mean = prompts.iter().sum::<usize>() / prompts.len().max(1);
        assert!(mean / 4 <= tokens.0 as usize, "a {kind} has {mean} bytes on average, more than {} tokens", tokens.0);
        let sums =
            [sum(&of_kind, |it| Some(it.cost)), sum(&of_kind, |it| it.flagship_cost), sum(&of_kind, |it| it.whole_files_cost)];
        let [cost, same, whole] = sums.map(dollars);
        table.push_str(&format!("| {kind} | {} | {mean} | {cost} | {same} | {whole} |\n", of_kind.len()));
        if kind != "edit" {
            small = [0, 1, 2].map(|at| small[at] + sums[at]);
        }
    }
    let [cost, same, whole] = small;
    let shares = format!("| {} | {:.1} % | {:.1} % |", dollars(cost), percent(cost, same), percent(cost, whole));
    table.push_str(&format!("| hovers and look-ups | | {shares}\n"));
    assert!(cost * 10 <= same && cost * 20 <= whole, "{table}");

    let again = work(&world, &places);
    assert_eq!((again.len(), world.models.requests().len()), (entries.len(), requests.len()), "a second run asks nothing");
    let unrelated = "models/src/unrelated.rs";
    world.fixture.write(unrelated, "/// Has to do with nothing.\npub(crate) fn unrelated() -> u32 {\n    7\n}\n");
    work(&world, &places);
    let before = world.models.requests().len();
    world.fixture.write(
        unrelated,
        "/// Has to do with nothing.\npub(crate) fn unrelated() -> u32 {\n    let seven = 3 + 4;\n    seven\n}\n",
    );
    let after = work(&world, &places);
    table.push_str(&format!(
        "\na second run: $0; a file that nobody uses is added: {} calls; it is edited: {} calls\n",
        before - requests.len(),
        world.models.requests().len() - before
    ));
    assert_eq!(world.models.requests().len(), before, "{table}");
    assert_eq!(after.len() - entries.len(), before - requests.len());
    write!(std::io::stderr(), "{table}").unwrap();
}
