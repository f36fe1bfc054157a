//! Folders that come and go, and files that belong to none.

use lsp::command;
use serde_json::{Value, json};
use testkit::Editor;
use testkit::editor::Profile;

use crate::support::{SHOP, World, until, wait_until_indexed};

/// A workspace with a folder of its own in it, and what lies beside that folder.
const NESTED: &str = "\
//- inner/src/store.rs
pub fn stored() {}
//- inner/src/hidden.rs
pub fn hidden() {}
//- beside.rs
pub fn beside() {}
//- stray.rs
pub fn stray() {}
";

fn knows(editor: &Editor, name: &str) -> bool {
    !editor.workspace_symbol(name).unwrap().is_empty()
}

/// Says that folders were added to the workspace and removed from it.
fn change_folders(editor: &Editor, added: &[&str], removed: &[&str]) {
    let folders = |paths: &[&str]| -> Vec<Value> {
        paths.iter().map(|path| json!({"uri": editor.uri(path).trim_end_matches('/'), "name": path})).collect()
    };
    let event = json!({"added": folders(added), "removed": folders(removed)});
    editor.client().notify("workspace/didChangeWorkspaceFolders", json!({ "event": event })).unwrap();
}

/// Appends a function to an open document and looks whether it is known.
#[track_caller]
fn assert_is_followed(editor: &Editor, path: &str, name: &str) {
    let end = editor.text(path).len();
    editor.edit(path, end..end, &format!("fn {name}() {{}}\n"));
    let text = editor.hover_text(path, end + "fn ".len()).unwrap_or_default();
    assert!(text.contains(&format!("`{name}`, function")), "{text}");
}

#[test]
fn what_lies_beside_a_file_of_no_folder_is_never_read() {
    let world = World::new(NESTED);
    let editor = world.connect(Editor::builder(Profile::VsCode, &world.fixture.path("inner")), false);
    editor.open(world.fixture.path("stray.rs").to_str().unwrap());
    // Ignore files and folders that change have the folders read again that they are in.
    world.fixture.write("inner/.gitignore", "hidden.rs\n");
    editor.file_event(".gitignore", 1).unwrap();
    until("the ignore file", || (!knows(&editor, "hidden")).then_some(()));
    editor.file_event("../beside.rs", 2).unwrap();
    editor.file_event("..", 2).unwrap();
    world.fixture.write("inner/src/later.rs", "pub fn later() {}\n");
    editor.file_event("src/later.rs", 1).unwrap();
    until("the new file", || knows(&editor, "later").then_some(()));
    editor.open("src/store.rs");
    for (name, count) in [("stray", 1), ("stored", 1), ("beside", 0)] {
        assert_eq!(editor.workspace_symbol(name).unwrap().len(), count, "{name}");
    }
}

#[test]
fn a_folder_of_which_a_file_was_open_is_read_once_it_belongs_to_the_workspace() {
    let world = World::new(NESTED);
    let editor = world.connect(Editor::builder(Profile::VsCode, &world.fixture.path("inner")), false);
    let stray = world.fixture.path("stray.rs");
    editor.open(stray.to_str().unwrap());
    assert!(!knows(&editor, "beside"));
    change_folders(&editor, &[".."], &[]);
    until("the folder", || knows(&editor, "beside").then_some(()));
    wait_until_indexed(&editor);
    assert_is_followed(&editor, stray.to_str().unwrap(), "strayed");
    assert_eq!(editor.workspace_symbol("stray").unwrap().len(), 2, "it, and what was typed");
}

#[test]
fn what_was_open_in_a_folder_before_is_not_what_is_open_in_it_now() {
    let world = World::new(NESTED);
    let editor = world.connect(Editor::builder(Profile::VsCode, &world.fixture.path("inner")), false);
    // Without the folder its files are those of the folder around it, which is there for this one.
    editor.open(world.fixture.path("stray.rs").to_str().unwrap());
    editor.open("src/store.rs");
    for round in ["one", "two"] {
        change_folders(&editor, &[], &[""]);
        assert_is_followed(&editor, "src/store.rs", &format!("without_{round}"));
        change_folders(&editor, &[""], &[]);
        assert_is_followed(&editor, "src/store.rs", &format!("within_{round}"));
    }
}

#[test]
fn what_two_folders_know_is_listed_once_and_each_has_its_best_first() {
    let world = World::new("//- store.rs\npub fn store() {}\n//- inner/src/lib.rs\npub fn restore() {}\npub fn store_all() {}\n");
    let editor = world.connect(Editor::builder(Profile::VsCode, world.fixture.root()), false);
    change_folders(&editor, &["inner"], &[]);
    wait_until_indexed(&editor);
    until("the folder", || knows(&editor, "store_all").then_some(()));
    let found = editor.workspace_symbol("store").unwrap();
    let names: Vec<&str> = found.iter().map(|symbol| symbol["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["store_all", "store", "restore"]);
}

#[test]
fn what_is_open_is_known_to_every_folder_that_it_is_in() {
    let world = World::new(SHOP);
    world.fixture.write("build.rs", "fn main() {}\n");
    let editor = world.connect(Editor::builder(Profile::VsCode, world.fixture.root()), false);
    editor.open("src/store.rs");
    change_folders(&editor, &["src"], &[]);
    wait_until_indexed(&editor);
    editor.open("src/cart.rs");
    for path in ["src/store.rs", "src/cart.rs"] {
        editor.edit(path, 0..0, "// Not saved.\n");
    }
    let instruction = "rename restock to replenish in src/store.rs";
    let argument = json!({"v": 1, "uri": editor.uri("build.rs"), "instruction": instruction});
    editor.execute_command(command::REFACTOR, vec![argument]).unwrap();
    assert_eq!(editor.wait_for_edit().answer["applied"], true);
    for (path, changed) in [("src/store.rs", "pub fn replenish("), ("src/cart.rs", "{Store, replenish}")] {
        let text = editor.text(path);
        assert!(text.starts_with("// Not saved.\n") && text.contains(changed), "{text}");
    }
}

#[test]
fn open_documents_follow_the_folders_that_come_and_go() {
    let world = World::new(NESTED);
    let editor = world.connect(Editor::builder(Profile::VsCode, world.fixture.root()), false);
    editor.open("inner/src/store.rs");
    assert_is_followed(&editor, "inner/src/store.rs", "first");
    change_folders(&editor, &["inner"], &[]);
    assert_is_followed(&editor, "inner/src/store.rs", "second");
    change_folders(&editor, &[], &["inner"]);
    assert_is_followed(&editor, "inner/src/store.rs", "third");
    change_folders(&editor, &[], &[""]);
    assert_is_followed(&editor, "inner/src/store.rs", "fourth");
    assert!(!knows(&editor, "beside"));
    editor.close("inner/src/store.rs");
    assert!(!knows(&editor, "stored"), "what was there for one file is gone with it");
}

/// An editor that has opened a workspace through a link, and the folder in which the link is.
#[cfg(unix)]
fn linked(world: &World, profile: Profile) -> (tempfile::TempDir, Editor) {
    let elsewhere = tempfile::tempdir().unwrap();
    let link = elsewhere.path().join("link");
    std::os::unix::fs::symlink(world.fixture.root(), &link).unwrap();
    let editor = world.connect(Editor::builder(profile, &link), false);
    (elsewhere, editor)
}

#[cfg(unix)]
#[test]
fn a_folder_behind_a_link_is_called_as_the_client_calls_it() {
    let world = World::new(SHOP);
    let (_elsewhere, editor) = linked(&world, Profile::VsCode);
    let found = editor.workspace_symbol("forecast").unwrap();
    assert_eq!(found[0]["location"]["uri"], editor.uri("src/report.rs"));
    // What changes on disk is told of by the client's names, too.
    world.fixture.write("src/later.rs", "pub fn later() {}\n");
    editor.file_event("src/later.rs", 1).unwrap();
    until("the new file", || knows(&editor, "later").then_some(()));
    std::fs::remove_file(world.fixture.path("src/later.rs")).unwrap();
    editor.file_event("src/later.rs", 3).unwrap();
    until("its end", || (!knows(&editor, "later")).then_some(()));
}

#[cfg(unix)]
#[test]
fn an_edit_of_a_folder_behind_a_link_reaches_the_open_documents() {
    for profile in [Profile::VsCode, Profile::Neovim] {
        let world = World::new(SHOP);
        let (elsewhere, editor) = linked(&world, profile);
        editor.open("src/store.rs");
        editor.edit("src/store.rs", 0..0, "// Not saved.\n");
        let argument = json!({"v": 1, "instruction": "rename restock to replenish in src/store.rs"});
        editor.execute_command(command::REFACTOR, vec![argument]).unwrap();
        assert_eq!(editor.wait_for_edit().answer["applied"], true);
        editor.wait_for_message("(index · $0)");
        let text = editor.text("src/store.rs");
        assert!(text.starts_with("// Not saved.\n") && text.contains("pub fn replenish("), "{text}");
        assert!(editor.text("src/cart.rs").contains("replenish(store, content)"));
        let open = editor.open_documents();
        assert!(open.iter().all(|path| path.starts_with(elsewhere.path())), "{open:?}");
    }
}
