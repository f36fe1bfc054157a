//! Silence: what an editor asks by itself gets nothing and costs nothing; what a user asks for is reached by its kind.

use lsp::kind;
use serde_json::{Value, json};
use testkit::Editor;
use testkit::editor::{Profile, Trigger};

use crate::support::World;

#[test]
fn a_thousand_requests_that_nobody_made_get_nothing_and_ask_no_model() {
    // A real repository: a part of this one, comments to us and all.
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("server/refactor");
    let world = World::new("x");
    let editor = world.connect(Editor::builder(Profile::VsCode, &root), true);
    let mut files: Vec<String> = ignore::Walk::new(&root)
        .filter_map(|entry| entry.ok()?.path().strip_prefix(&root).ok()?.to_str().map(str::to_owned))
        .filter(|path| path.ends_with(".rs"))
        .collect();
    files.sort();
    assert!(files.len() > 10, "{files:?}");
    files.iter().for_each(|path| editor.open(path));
    let texts: Vec<String> = files.iter().map(|path| editor.text(path)).collect();
    for number in 0..1_000 {
        let (path, text) = (&files[number % files.len()], &texts[number % files.len()]);
        let at = text.floor_char_boundary(number * 7_919 % text.len());
        // Every other one with a selection, and some with what editors send on saving.
        let end = if number % 2 == 0 { at } else { text.floor_char_boundary((at + 80).min(text.len())) };
        let only: &[&str] = if number % 5 == 0 { &["source"] } else { &[] };
        let actions = editor.code_actions(path, at..end, only, Trigger::Automatic).unwrap();
        assert_eq!(actions, Vec::<Value>::new(), "{path}:{at}");
    }
    assert!(world.models.requests().is_empty());
    // The same place has something to offer when the user asks.
    let at = texts[0].find("fn ").unwrap() + 3;
    assert!(!editor.code_actions(&files[0], at..at, &[], Trigger::Invoked).unwrap().is_empty());
    assert!(world.models.requests().is_empty(), "a menu asks no model either");
}

#[test]
fn every_action_is_reached_by_its_kind_and_by_those_above_it() {
    let world = World::new(
        "
        //- src/store.rs
        // tierline: rename refill to fill
        pub fn restock() {}
        pub fn refill() {}
        // Where is it filled?
        ",
    );
    let editor = world.editor_with_models(Profile::VsCode);
    editor.open("src/store.rs");
    let ask = |at: std::ops::Range<usize>, only: &str| {
        let range = editor.range("src/store.rs", at);
        let diagnostic = json!({"range": range, "message": "it is empty"});
        let context = json!({"diagnostics": [diagnostic], "only": [only], "triggerKind": 1});
        let params = json!({"textDocument": {"uri": editor.uri("src/store.rs")}, "range": range, "context": context});
        let actions = editor.client().request("textDocument/codeAction", params).unwrap();
        actions.as_array().cloned().unwrap_or_default()
    };
    let comment = world.offset("src/store.rs", "tierline", 0);
    editor.run(&ask(comment..comment, kind::INSTRUCTION)[0]).unwrap();
    editor.wait_for_message("rename refill to fill in 1 file");
    editor.edit("src/store.rs", 0..0, "// tierline: rename fill to top_up\n");
    let restock = editor.text("src/store.rs").find("restock").unwrap();
    let question = editor.text("src/store.rs").find("Where").unwrap();
    // Trust is offered in a configuration file only, and a plan where one waits.
    for kind in kind::ALL.iter().filter(|kind| ![kind::TRUST, kind::WAITING_PLAN].contains(kind)) {
        let place = match *kind {
            kind::INSTRUCTION => 3..3,
            kind::SELECTION => restock..restock + 7,
            kind::LOOKUP => question..question,
            _ => restock..restock,
        };
        let parts: Vec<usize> = kind.match_indices('.').map(|(at, _)| at).chain([kind.len()]).collect();
        for end in parts {
            let found = ask(place.clone(), &kind[..end]);
            let of_kind: Vec<&Value> = found.iter().filter(|action| action["kind"] == *kind).collect();
            assert_eq!(of_kind.len(), 1, "{kind} by {}: {found:?}", &kind[..end]);
            assert_ne!(of_kind[0]["isPreferred"], true);
            let title = of_kind[0]["title"].as_str().unwrap();
            assert!(title.chars().count() <= 60 && !title.contains('\n'), "{title}");
        }
        let strangers = ["source.fixAll", "source.organizeImports", "refactor.extract", "refactor.inline", "notebook"];
        assert!(strangers.iter().all(|other| ask(place.clone(), other).is_empty()), "{kind}");
    }
}

#[test]
fn what_a_model_makes_is_tagged_where_the_client_lists_the_tag() {
    let world = World::new("//- src/store.rs\npub fn restock() {}\n");
    for tags in [true, false] {
        let builder = Editor::builder(Profile::VsCode, world.fixture.root()).capabilities(|it| {
            it["textDocument"]["codeAction"]["tagSupport"] = if tags { json!({"valueSet": [1]}) } else { Value::Null };
        });
        let editor = world.connect(builder, true);
        editor.open("src/store.rs");
        let at = world.offset("src/store.rs", "restock", 0);
        let actions = editor.code_actions("src/store.rs", at..at, &[], Trigger::Invoked).unwrap();
        let tagged: Vec<&str> =
            actions.iter().filter(|action| action["tags"] == json!([1])).map(|action| action["kind"].as_str().unwrap()).collect();
        let by_model = actions.iter().filter(|action| action["kind"] != kind::EGRESS).count();
        assert_eq!(tagged.len(), if tags { by_model } else { 0 }, "{actions:?}");
    }
}
