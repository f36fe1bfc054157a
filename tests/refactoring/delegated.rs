//! A flagship plans, mini workers edit, the checks pass, the editor applies.

use lsp::command;
use serde_json::json;
use testkit::editor::{Policy, Profile};
use testkit::{Match, Reply};

use super::{Outline, done, on_disk, order, plan, step, three_files, worker};
use crate::support::{SHOP, World};

#[test]
fn a_change_of_three_files_is_applied_with_versions_and_undone() {
    let outline = Outline::of_shop();
    let world = three_files(&outline, |reply| reply);
    let editor = world.editor_with_models(Profile::VsCode);
    let before = on_disk(&world);
    editor.open("src/store.rs");
    order(&editor);
    let edit = editor.wait_for_edit();
    assert_eq!(edit.answer["applied"], true);
    let changes = edit.params["edit"]["documentChanges"].as_array().unwrap();
    assert_eq!(changes.len(), 3, "one entry a file: {changes:?}");
    for change in changes {
        let is_open = change["textDocument"]["uri"].as_str().unwrap().ends_with("store.rs");
        assert_eq!(change["textDocument"]["version"].is_null(), !is_open, "a version for what is open, null for what is not");
        let edits = change["edits"].as_array().unwrap();
        assert!(edits.iter().all(|edit| edit["annotationId"] == "review"), "{edits:?}");
    }
    assert_eq!(edit.params["edit"]["changeAnnotations"]["review"]["needsConfirmation"], true, "the editor is to show it first");
    let message = editor.wait_for_message("in 3 files");
    let text = message["message"].as_str().unwrap();
    // 2,000 + 300 of the plan and three times 500 + 100 of the workers, a micro-dollar each.
    assert!(text.contains("flagship · $0.0041"), "{text}");
    assert!(editor.text("src/store.rs").contains("note: &str"));
    assert!(editor.text("src/cart.rs").contains("restock(store, content, \"back\")"));
    assert!(editor.text("src/report.rs").contains("restock(store, 10, \"new\")"));
    assert!(editor.text("src/other.rs").contains("shelf.restock()"), "the bystander stays as it is");
    world.models.assert_all_matched();

    editor.execute_command(command::UNDO, vec![json!({"v": 1})]).unwrap();
    editor.wait_for_message("undone");
    for (path, text) in super::FILES.iter().zip(&before) {
        assert_eq!(&editor.text(path), text, "{path}");
    }
}

#[test]
fn a_step_sees_what_the_steps_it_depends_on_have_done() {
    let outline = Outline::of_shop();
    let world = World::new(SHOP);
    let mut steps = vec![
        step("e1", "rename", "", &[&outline.id("restock")], json!({"new_name": "replenish"})),
        step("e2", "create_file", "", &[], json!({"new_path": "src/note.rs", "depends_on": ["e1"]})),
        step("e3", "edit_symbol", &outline.id("src/cart.rs"), &[&outline.id("give_back")], json!({"depends_on": ["e2"]})),
    ];
    steps[2]["goal"] = json!("say what came back");
    world.models.on(Match::schema("plan_v2")).reply(plan(&steps));
    world.models.on(worker("src/note.rs")).reply(done(&[(
        "write_file",
        "",
        "",
        "/// What came back.\npub const BACK: u32 = 1;\n",
    )]));
    let of_cart = done(&[("replace_text", "s1", "replenish(store, content)", "replenish(store, content + 1)")]);
    world.models.on(worker("src/cart.rs")).reply(of_cart);
    let editor = world.editor_with_models(Profile::VsCode);
    order(&editor);
    let edit = editor.wait_for_edit();
    assert_eq!(edit.answer["applied"], true, "{edit:?}");
    editor.wait_for_message("in 4 files");
    assert!(editor.text("src/cart.rs").contains("replenish(store, content + 1)"));
    assert!(editor.text("src/note.rs").contains("pub const BACK"));
    assert!(editor.text("src/store.rs").contains("pub fn replenish"));
    let cart = world.models.requests().into_iter().find(|request| request.prompt().contains("File src/cart.rs ")).unwrap();
    assert!(cart.prompt().contains("replenish(store, content)"), "the worker is shown the file after the rename");
    world.models.assert_all_matched();
}

#[test]
fn what_an_editor_does_not_apply_is_said() {
    let outline = Outline::of_shop();
    for (policy, message) in [(Policy::Refuse, "did not apply the edit"), (Policy::HalfSilently, "do not hold it: src/")] {
        let world = three_files(&outline, |reply| reply);
        let editor = world.editor_with_models(Profile::Neovim);
        editor.choose("Apply");
        editor.set_policy(policy);
        order(&editor);
        editor.wait_for_edit();
        editor.wait_for_message(message);
    }
}

#[test]
fn what_was_left_out_in_the_editors_preview_is_said_and_the_rest_is_undone() {
    let outline = Outline::of_shop();
    let world = three_files(&outline, |reply| reply);
    let editor = world.editor_with_models(Profile::VsCode);
    let before = on_disk(&world);
    // Of three files the user ticks one.
    editor.set_policy(Policy::HalfSilently);
    order(&editor);
    editor.wait_for_edit();
    let message = editor.wait_for_message("you left out a part of it");
    assert!(message["message"].as_str().unwrap().contains("in 1 file"), "{message}");
    editor.set_policy(Policy::Apply);
    editor.execute_command(command::UNDO, vec![json!({"v": 1})]).unwrap();
    editor.wait_for_message("undone");
    for (path, text) in super::FILES.iter().zip(&before) {
        assert_eq!(&editor.text(path), text, "{path}");
    }
}

#[test]
fn an_editor_without_a_preview_shows_the_diff_and_asks() {
    let outline = Outline::of_shop();
    let world = three_files(&outline, |reply| reply);
    let editor = world.editor_with_models(Profile::Neovim);
    let before = on_disk(&world);
    // The question comes again behind the diff; then it is dismissed.
    editor.choose("Show diff");
    order(&editor);
    editor.wait_for_message("nothing was changed");
    let shown = editor.shown_documents();
    let file = shown[0]["uri"].as_str().unwrap().strip_prefix("file://").unwrap();
    let document = std::fs::read_to_string(file).unwrap();
    assert!(document.contains("+pub fn restock(store: &mut Store, amount: u32, note: &str) -> u32"), "{document}");
    assert!(document.contains("nothing is applied yet"), "{document}");
    assert_eq!(on_disk(&world), before);
    assert!(editor.open_documents().is_empty());

    // A second order costs nothing, because the answers are kept.
    editor.choose("Apply");
    order(&editor);
    editor.wait_for_edit();
    editor.wait_for_message("in 3 files");
    assert!(editor.text("src/cart.rs").contains("restock(store, content, \"back\")"));
}

#[test]
fn whoever_wants_no_question_is_asked_none() {
    let outline = Outline::of_shop();
    let world = three_files(&outline, |reply| reply);
    std::fs::create_dir_all(&world.places().config).unwrap();
    std::fs::write(world.places().config.join("config.toml"), "[refactor]\nreview = \"never\"\n").unwrap();
    let editor = world.editor_with_models(Profile::Neovim);
    order(&editor);
    editor.wait_for_edit();
    editor.wait_for_message("in 3 files");
}

#[test]
fn a_document_that_changes_meanwhile_stops_the_edit() {
    let outline = Outline::of_shop();
    let world = three_files(&outline, Reply::held);
    let editor = world.editor_with_models(Profile::Neovim);
    editor.choose("Apply");
    editor.open("src/cart.rs");
    order(&editor);
    world.models.wait_for_requests(4);
    editor.edit("src/cart.rs", 0..0, "// typed meanwhile\n");
    world.models.release();
    editor.wait_for_message("these files changed meanwhile: src/cart.rs");
    assert!(editor.text("src/cart.rs").starts_with("// typed meanwhile\nuse"));
    assert!(world.fixture.read("src/store.rs").contains("amount: u32) -> u32"));
}

#[cfg(unix)]
#[test]
fn a_file_that_becomes_a_link_meanwhile_stops_the_edit() {
    type Swap = fn(&std::path::Path, &std::path::Path) -> std::io::Result<()>;
    let outline = Outline::of_shop();
    let swaps: [(Swap, &str); 2] = [
        (|from, to| std::os::unix::fs::symlink(from, to), "a symbolic link stands in its way"),
        (|from, to| std::fs::hard_link(from, to), "a second name"),
    ];
    for (swap, reason) in swaps {
        let world = three_files(&outline, Reply::held);
        let editor = world.editor_with_models(Profile::VsCode);
        order(&editor);
        world.models.wait_for_requests(4);
        let outside = tempfile::tempdir().unwrap();
        let (target, file) = (outside.path().join("report.rs"), world.fixture.root().join("src/report.rs"));
        std::fs::copy(&file, &target).unwrap();
        std::fs::remove_file(&file).unwrap();
        swap(&target, &file).unwrap();
        let before = std::fs::read_to_string(&target).unwrap();
        world.models.release();
        editor.wait_for_message(reason);
        assert_eq!(std::fs::read_to_string(&target).unwrap(), before);
        assert!(world.fixture.read("src/store.rs").contains("amount: u32) -> u32"));
    }
}
