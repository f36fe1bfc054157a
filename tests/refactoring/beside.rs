//! Renames in an editor that can ask the language's own server: it is asked, what it answers is used and said, and what is odd is not.

use assist::{Host, Settings};
use lsp::command;
use refactor::Journal;
use serde_json::{Value, json};
use testkit::Editor;
use testkit::editor::Profile;

use super::{FILES, on_disk};
use crate::support::{SHOP, World};

const RENAME: &str = "tierline/clientRename";
const REFERENCES: &str = "tierline/clientReferences";

/// A session of an editor whose plugin says that it answers both requests.
fn asking(world: &World) -> Editor {
    let options = json!({"client": {"rename": true, "references": true}});
    world.connect(Editor::builder(Profile::VsCode, world.fixture.root()).initialization_options(options), false)
}

/// The edits of a file that rename its places of `restock`, as the protocol has them.
fn edits(editor: &Editor, path: &str) -> Value {
    let text = editor.text(path);
    let places = text.match_indices("restock").map(|(at, name)| editor.range(path, at..at + name.len()));
    let edits: Vec<Value> = places.map(|range| json!({"range": range, "newText": "replenish"})).collect();
    json!({"textDocument": {"uri": editor.uri(path), "version": editor.version(path)}, "edits": edits})
}

/// The right answer, with more changes.
fn answer(editor: &Editor, more: &[Value]) -> Value {
    let files = ["src/store.rs", "src/cart.rs", "src/report.rs"];
    let changes: Vec<Value> = files.iter().map(|path| edits(editor, path)).chain(more.iter().cloned()).collect();
    json!({"server": "rust-analyzer", "edit": {"documentChanges": changes}})
}

/// Orders the rename, and says what the job is called.
fn order(editor: &Editor) -> Value {
    let argument = json!({"v": 1, "instruction": "rename restock to replenish in src/store.rs"});
    editor.execute_command(command::REFACTOR, vec![argument]).unwrap()["job"].clone()
}

/// What the receipt of the last change says, as JSON.
fn receipt(world: &World) -> Value {
    let root = world.fixture.root().canonicalize().unwrap();
    let workspace = Host::new(&root, Settings::default(), None).snapshot().workspace_id();
    Journal::new(&world.places().state, &workspace).last().unwrap().unwrap().receipt.unwrap().json
}

/// The requests of a method that the server sent.
fn asked(editor: &Editor, method: &str) -> Vec<Value> {
    let messages = editor.recording().messages().into_iter().map(|message| message.content);
    messages.filter(|message| message["method"] == method).map(|message| message["params"].clone()).collect()
}

#[test]
fn the_servers_answer_is_used_and_the_receipt_says_so() {
    let world = World::new(SHOP);
    let editor = asking(&world);
    editor.open("src/cart.rs");
    editor.answer(RENAME, Some(answer(&editor, &[])));
    order(&editor);
    assert_eq!(editor.wait_for_edit().answer["applied"], true);
    editor.wait_for_message("in 3 files (rust-analyzer · $0)");
    assert!(editor.text("src/store.rs").contains("pub fn replenish("));
    assert!(editor.text("src/cart.rs").contains("replenish(store, content)"));
    assert!(editor.text("src/other.rs").contains("restock"));
    let line = &receipt(&world)["lines"][1];
    assert_eq!((&line["by"], &line["refused"]), (&json!("rust-analyzer"), &json!([])));
    assert_eq!(line["what"], "renamed restock to replenish by rust-analyzer");
    let place = editor.position("src/store.rs", world.offset("src/store.rs", "restock", 0));
    let asked_for = json!({"textDocument": {"uri": editor.uri("src/store.rs")}, "position": place, "newName": "replenish"});
    assert_eq!(asked(&editor, RENAME), [asked_for]);
    editor.execute_command(command::UNDO, vec![json!({"v": 1, "uri": editor.uri("src/cart.rs")})]).unwrap();
    editor.wait_for_message("undone");
    assert!(editor.text("src/store.rs").contains("pub fn restock("));
}

#[test]
fn a_client_that_did_not_say_so_is_not_asked() {
    let world = World::new(SHOP);
    let editor = world.editor(Profile::VsCode);
    order(&editor);
    editor.wait_for_message("in 3 files (index · $0)");
    assert_eq!(asked(&editor, RENAME).len() + asked(&editor, REFERENCES).len(), 0);
}

#[test]
fn a_document_that_the_editor_opens_meanwhile_is_no_reason_to_give_up() {
    let world = World::new(SHOP);
    let editor = asking(&world);
    editor.answer(RENAME, None);
    order(&editor);
    let request = editor.client().wait_for_server_request(RENAME).unwrap();
    editor.open("src/store.rs");
    editor.client().wire().respond(&request.id, Ok(answer(&editor, &[]))).unwrap();
    editor.wait_for_message("in 3 files (rust-analyzer · $0)");
    assert!(editor.text("src/store.rs").contains("pub fn replenish("));
}

#[test]
fn what_is_odd_about_an_answer_is_in_the_receipt_of_the_index() {
    let elsewhere = tempfile::tempdir().unwrap();
    let outside = format!("file://{}", elsewhere.path().join("store.rs").display());
    let start = json!({"line": 0, "character": 0});
    let one = json!([{"range": {"start": start, "end": start}, "newText": "x"}]);
    let of = |uri: &str| json!({"textDocument": {"uri": uri, "version": null}, "edits": one});
    type Odd<'a> = (&'a dyn Fn(&Editor) -> Value, &'a str);
    let cases: [Odd<'_>; 5] = [
        (&|editor| answer(editor, &[of(&outside)]), "which is outside of the workspace folder"),
        (&|editor| answer(editor, &[of(&editor.uri(".github/x.rs"))]), "build services take orders from it"),
        (
            &|editor| answer(editor, &[json!({"kind": "delete", "uri": editor.uri("src/other.rs")})]),
            "would make, rename or delete files",
        ),
        (
            &|editor| answer(editor, &[edits(editor, "src/lib.rs"), of(&editor.uri("src/lib.rs"))]),
            "would change more than the name",
        ),
        (&|_| json!({"server": "rust-analyzer"}), "cannot be read: missing field `edit`"),
    ];
    for (odd, reason) in cases {
        let world = World::new(SHOP);
        let editor = asking(&world);
        editor.answer(RENAME, Some(odd(&editor)));
        order(&editor);
        editor.wait_for_message("in 3 files (index · $0)");
        let line = &receipt(&world)["lines"][1];
        assert_eq!(line["by"], Value::Null);
        assert!(line["refused"][0].as_str().unwrap().contains(reason), "{reason}: {line}");
    }
}

#[test]
fn an_answer_for_a_text_that_has_changed_is_not_used() {
    let world = World::new(SHOP);
    let editor = asking(&world);
    editor.open("src/cart.rs");
    let stale = answer(&editor, &[]);
    editor.edit("src/cart.rs", 0..0, "// restock\n");
    editor.answer(RENAME, Some(stale));
    order(&editor);
    editor.wait_for_message("in 3 files (index · $0)");
    assert!(editor.text("src/cart.rs").starts_with("// restock\n"));
    let line = &receipt(&world)["lines"][1];
    assert_eq!(line["refused"], json!(["rust-analyzer answered for another version of src/cart.rs"]));
}

#[test]
fn a_server_that_takes_too_long_is_not_waited_for() {
    let world = World::new(SHOP);
    let editor = asking(&world);
    editor.answer(RENAME, None);
    order(&editor);
    editor.wait_for_message("in 3 files (index · $0)");
    let line = &receipt(&world)["lines"][1];
    assert!(line["refused"][0].as_str().unwrap().contains("in time"), "{line}");
    assert_eq!(asked(&editor, REFERENCES).len(), 0, "who is silent is not asked again");
}

#[test]
fn it_is_called_off_while_the_server_thinks() {
    let world = World::new(SHOP);
    let editor = asking(&world);
    let before = on_disk(&world);
    editor.answer(RENAME, None);
    let job = order(&editor);
    editor.client().wait_for_server_request(RENAME).unwrap();
    editor.execute_command(command::CANCEL, vec![json!({"v": 1, "job": job})]).unwrap();
    editor.wait_for_message("cancelled; nothing was changed");
    assert_eq!(on_disk(&world), before);
    assert!(FILES.iter().zip(&before).all(|(path, text)| &editor.text(path) == text));
}
