//! Renames by the index alone: from a comment to the files and back.

use lsp::command;
use serde_json::json;
use testkit::editor::{Profile, Trigger};

use super::{FILES, on_disk};
use crate::support::{SHOP, World};

/// The shop with an order in the first line of a file that is not renamed in.
fn with_order(order: &str) -> World {
    let world = World::new(SHOP);
    let text = world.fixture.read("src/other.rs");
    world.fixture.write("src/other.rs", &format!("// tierline: {order}\n// Grüße 🦀\n{text}"));
    world
}

#[test]
fn a_comment_is_carried_out_in_every_client_that_applies_edits() {
    for profile in [Profile::VsCode, Profile::Neovim, Profile::Eglot] {
        let world = with_order("rename restock to replenish in src/store.rs");
        let editor = world.editor(profile);
        let before = on_disk(&world);
        editor.open("src/other.rs");
        let actions = editor.code_actions("src/other.rs", 4..4, &["refactor"], Trigger::Invoked).unwrap();
        editor.run(&actions[0]).unwrap();
        assert_eq!(editor.wait_for_edit().answer["applied"], true);
        editor.wait_for_message("in 4 files (index · $0)");
        assert!(editor.text("src/store.rs").contains("pub fn replenish("));
        assert!(
            editor.text("src/cart.rs").contains("{Store, replenish}")
                && editor.text("src/cart.rs").contains("replenish(store, content)")
        );
        assert!(editor.text("src/report.rs").contains("replenish(store, 10)"));
        let other = editor.text("src/other.rs");
        assert!(other.starts_with("// Grüße 🦀\n"), "the order is taken out: {other}");
        assert!(
            other.contains("fn restock(&self)") && other.contains("shelf.restock()"),
            "another symbol of the name stays: {other}"
        );
        editor.execute_command(command::UNDO, vec![json!({"v": 1, "uri": editor.uri("src/other.rs")})]).unwrap();
        editor.wait_for_message("undone");
        for (path, text) in FILES.iter().zip(&before) {
            assert_eq!(&editor.text(path), text, "{path} for {}", profile.name());
        }
    }
}

#[test]
fn an_undo_does_not_lose_what_was_typed_since() {
    let world = with_order("rename restock to replenish in src/store.rs");
    let editor = world.editor(Profile::VsCode);
    editor.open("src/other.rs");
    let actions = editor.code_actions("src/other.rs", 4..4, &["refactor"], Trigger::Invoked).unwrap();
    editor.run(&actions[0]).unwrap();
    editor.wait_for_message("in 4 files");
    editor.edit("src/cart.rs", 0..0, "// typed since\n");
    editor.execute_command(command::UNDO, vec![json!({"v": 1, "uri": editor.uri("src/other.rs")})]).unwrap();
    editor.wait_for_message("not undone, because these files were edited since: src/cart.rs");
    assert!(editor.text("src/cart.rs").starts_with("// typed since\n"));
    assert!(editor.text("src/store.rs").contains("replenish"));
}

#[test]
fn what_cannot_be_renamed_says_why() {
    let world = World::new(SHOP);
    let editor = world.editor(Profile::VsCode);
    let cases = [
        ("rename restokc to refill", "no symbol named `restokc` is known"),
        ("rename restock to refill", "`restock` is ambiguous"),
        ("rename Store to fn", "`fn` is not a name in rust"),
        ("rename Store to Store", "has that name already"),
        ("rename restock to Store in src/store.rs", "`Store` exists already in src/store.rs"),
        ("make it better", "needs a flagship model"),
    ];
    for (instruction, reason) in cases {
        editor.execute_command(command::REFACTOR, vec![json!({"v": 1, "instruction": instruction})]).unwrap();
        editor.wait_for_message(reason);
    }
}
