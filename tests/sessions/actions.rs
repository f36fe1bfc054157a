//! `textDocument/codeAction` and `workspace/executeCommand`.

use lsp::{command, kind};
use serde_json::{Value, json};
use testkit::editor::{Profile, Trigger};
use testkit::{Editor, Match, Reply};

use crate::support::{SHOP, World};

const ORDER: &str = "
    //- src/store.rs
    pub fn restock() {}
    // tierline: rename restock to refill
    // tierline: make it faster
    ";

/// What a client that applies no edits can still have.
const NEEDS_NO_EDIT: [&str; 3] = [command::EXPLAIN, command::SUMMARISE, command::EGRESS];

fn kinds(actions: &[Value]) -> Vec<&str> {
    actions.iter().map(|action| action["kind"].as_str().unwrap()).collect()
}

fn titles(actions: &[Value]) -> Vec<&str> {
    actions.iter().map(|action| action["title"].as_str().unwrap()).collect()
}

#[test]
fn nothing_is_offered_unasked_and_only_leaves_when_asked() {
    let world = World::new(ORDER);
    let editor = world.editor_with_models(Profile::VsCode);
    editor.open("src/store.rs");
    let at = world.offset("src/store.rs", "restock", 0);
    let ask = |at: usize, only: &[&str], trigger| editor.code_actions("src/store.rs", at..at, only, trigger).unwrap();
    assert_eq!(ask(at, &[], Trigger::Automatic), Vec::<Value>::new());
    let offered = ask(at, &[], Trigger::Invoked);
    let expected = [
        ("Explain `restock`", kind::EXPLAIN),
        ("Document `restock`", kind::DOCUMENT),
        ("Simplify `restock`", kind::SIMPLIFY),
        ("Generate a test for `restock`", kind::TEST),
        ("Suggest a better name for `restock`", kind::NAME),
        ("Refresh the summary of `restock`", kind::SUMMARISE),
        ("Refactor across files…", kind::PLAN),
        ("Show what would be sent", kind::EGRESS),
    ];
    assert_eq!(titles(&offered), expected.map(|(title, _)| title));
    assert_eq!(kinds(&offered), expected.map(|(_, kind)| kind));
    assert!(offered.iter().all(|action| action.get("edit").is_none()), "an edit would be made unseen: {offered:?}");
    let comment = world.offset("src/store.rs", "rename", 0);
    let offered = ask(comment, &[], Trigger::Invoked);
    assert_eq!(titles(&offered), ["Carry out: rename restock to refill", "Show what would be sent"]);
    assert_eq!(kinds(&offered), [kind::INSTRUCTION, kind::EGRESS]);
}

#[test]
fn actions_are_filtered_by_kind_as_a_hierarchy() {
    let world = World::new(ORDER);
    let editor = world.editor_with_models(Profile::VsCode);
    editor.open("src/store.rs");
    let at = world.offset("src/store.rs", "restock", 0);
    let comment = world.offset("src/store.rs", "rename", 0);
    let ask = |at: usize, only: &str| editor.code_actions("src/store.rs", at..at, &[only], Trigger::Invoked).unwrap().len();
    let cases = [
        (at, "source", 4),
        (at, kind::EXPLAIN, 1),
        (at, "source.tierline", 4),
        (at, "refactor", 4),
        (at, "refactor.rewrite.tierline", 4),
        (at, "source.fixAll", 0),
        (at, "source.organizeImports", 0),
        (comment, "refactor", 1),
        (comment, "refactor.rewrite", 1),
        (comment, "refactor.extract", 0),
        (comment, "quickfix", 0),
        (comment, "source", 1),
    ];
    for (at, only, count) in cases {
        assert_eq!(ask(at, only), count, "{only}");
    }
}

#[test]
fn what_cannot_be_done_says_why_or_is_left_out() {
    for (profile, says_why) in [(Profile::VsCode, true), (Profile::Neovim, false), (Profile::Eglot, false)] {
        // Without a model an explanation still comes, from the index.
        let world = World::new(ORDER);
        let editor = world.editor(profile);
        editor.open("src/store.rs");
        for (text, number) in [("restock", 0), ("make", 0)] {
            let at = world.offset("src/store.rs", text, number);
            let actions = editor.code_actions("src/store.rs", at..at, &[], Trigger::Invoked).unwrap();
            let disabled: Vec<&Value> = actions.iter().filter_map(|action| action.get("disabled")).collect();
            let count = if text == "restock" { 6 } else { 1 };
            assert_eq!(disabled.len(), if says_why { count } else { 0 }, "{profile:?}: {actions:?}");
            assert!(disabled.iter().all(|it| it["reason"].as_str().unwrap().contains("tierline doctor")), "{disabled:?}");
            let chosen = actions.iter().filter(|action| action.get("disabled").is_none());
            assert!(chosen.clone().all(|action| action["command"]["command"].is_string()), "{actions:?}");
            assert_eq!(chosen.count(), usize::from(text == "restock"), "{profile:?}: {actions:?}");
        }
    }
}

#[test]
fn a_client_without_literals_gets_commands() {
    let world = World::new(ORDER);
    let editor = world.editor_with_models(Profile::Minimal);
    editor.open("src/store.rs");
    let at = world.offset("src/store.rs", "restock", 0);
    let actions = editor.code_actions("src/store.rs", at..at, &[], Trigger::Invoked).unwrap();
    let commands: Vec<_> = actions.iter().map(|action| action["command"].as_str().unwrap()).collect();
    let expected = [
        command::EXPLAIN,
        command::DOCUMENT,
        command::SIMPLIFY,
        command::TEST,
        command::NAME,
        command::SUMMARISE,
        command::REFACTOR,
        command::EGRESS,
    ];
    // What this client could not apply is left out.
    assert_eq!(commands, expected.into_iter().filter(|name| NEEDS_NO_EDIT.contains(name)).collect::<Vec<_>>());
}

#[test]
fn explain_opens_a_document() {
    let world = World::new(SHOP);
    let editor = world.editor(Profile::VsCode);
    editor.open("src/store.rs");
    let at = world.offset("src/store.rs", "restock", 0);
    let actions = editor.code_actions("src/store.rs", at..at, &[kind::EXPLAIN], Trigger::Invoked).unwrap();
    assert!(editor.run(&actions[0]).unwrap()["job"].is_string());
    let shown = crate::support::until("the document", || editor.shown_documents().first().cloned());
    let path = shown["uri"].as_str().unwrap().strip_prefix("file://").unwrap().to_owned();
    let document = std::fs::read_to_string(path).unwrap();
    for part in ["# `restock`", "Fills the store up again", "src/cart.rs", "src/report.rs", "index · $0"] {
        assert!(document.contains(part), "{part:?} is not in {document}");
    }
    assert!(!world.fixture.path("restock.md").exists(), "nothing is written into the workspace");
}

#[test]
fn a_client_that_shows_no_documents_is_told_where_it_lies() {
    let world = World::new(SHOP);
    let editor = world.editor(Profile::Minimal);
    editor.open("src/store.rs");
    let at = world.offset("src/store.rs", "restock", 0);
    editor.execute_command(command::EXPLAIN, vec![at_position(&editor, "src/store.rs", at)]).unwrap();
    let message = editor.wait_for_message("restock.md");
    let path = message["message"].as_str().unwrap().strip_prefix("Tierline: ").unwrap().to_owned();
    assert!(std::fs::read_to_string(path).unwrap().contains("# `restock`"));
}

#[test]
fn a_model_explains_what_passes_its_check() {
    let world = World::new(SHOP);
    let answer = json!({"paragraphs": ["Adds to the stock of a `Store`."]});
    world.models.on(Match::schema("explain_v1")).reply(Reply::json(answer).held());
    let editor = world.editor_with_models(Profile::VsCode);
    editor.open("src/store.rs");
    let at = world.offset("src/store.rs", "restock", 0);
    editor.execute_command(command::EXPLAIN, vec![at_position(&editor, "src/store.rs", at)]).unwrap();
    let begin = editor.client().wait_for_notification("$/progress", |it| it["value"]["title"] == "Explaining").unwrap();
    world.models.release();
    let is_end = |it: &Value| it["token"] == begin["token"] && it["value"]["kind"] == "end";
    let end = editor.client().wait_for_notification("$/progress", is_end).unwrap();
    assert_eq!(end["value"]["message"], "mini · $0.0002");
    let shown = crate::support::until("the document", || editor.shown_documents().first().cloned());
    let document = std::fs::read_to_string(shown["uri"].as_str().unwrap().strip_prefix("file://").unwrap()).unwrap();
    assert!(
        document.contains("Adds to the stock of a `Store`") || document.contains("Adds to the stock of a \\`Store"),
        "{document}"
    );
}

#[test]
fn wrong_commands_and_arguments_are_answered_with_a_sentence() {
    let world = World::new(SHOP);
    let editor = world.editor(Profile::VsCode);
    let cases = [
        ("tierline.server.nonsense", json!({"v": 1}), "there is no command tierline.server.nonsense"),
        (command::LOOKUP, json!({"v": 1}), "question"),
        (command::LOOKUP, json!({"v": 1, "question": 7}), "expected a string"),
        (command::LOOKUP, json!({"v": 2, "question": "where?"}), "version 2"),
        (command::REFACTOR, json!({"v": 1}), "instruction"),
        (command::REFACTOR, json!("rename a to b"), "expected struct"),
        (command::EXPLAIN, json!({"v": 1, "uri": "untitled:x", "position": {"line": 0, "character": 0}}), "untitled:x"),
        (command::CANCEL, json!({"v": 1}), "job"),
    ];
    for (name, argument, sentence) in cases {
        let error = editor.execute_command(name, vec![argument.clone()]).unwrap_err().to_string();
        assert!(error.contains(sentence) && error.contains("-32602"), "{name} {argument}: {error}");
    }
    let cancelled = editor.execute_command(command::CANCEL, vec![json!({"v": 1, "job": "job-99"})]).unwrap();
    assert_eq!(cancelled, json!({"cancelled": false}));
}

fn at_position(editor: &Editor, path: &str, offset: usize) -> Value {
    json!({"v": 1, "uri": editor.uri(path), "position": editor.position(path, offset)})
}
