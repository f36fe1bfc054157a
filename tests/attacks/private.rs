//! What Tierline keeps of a user: nobody else may read it, and nothing that a repository brings is taken for it.

use lsp::command;
use serde_json::json;
use testkit::editor::Profile;
use testkit::{Match, Reply};

use crate::support::{SHOP, World, until};

#[cfg(unix)]
#[test]
fn nobody_else_may_read_what_a_session_keeps() {
    use std::os::unix::fs::PermissionsExt;
    let world = World::new(SHOP);
    world.fixture.write("tierline.toml", "caps.per_day = 9\n");
    world.models.on(Match::schema("summary_v1")).always(Reply::json(json!({"summary": "Adds to the stock."})));
    world.models.on(Match::any()).always(Reply::refusal("no"));
    let editor = world.editor_with_models(Profile::VsCode);
    editor.open("src/store.rs");
    editor.open("src/report.rs");
    let at = world.offset("src/store.rs", "restock", 0);
    let place = json!({"uri": editor.uri("src/store.rs"), "position": editor.position("src/store.rs", at)});
    // The first that is written makes the folders of all that follow.
    editor.choose("Trust");
    editor.execute_command(command::TRUST, vec![json!({"v": 1})]).unwrap();
    editor.wait_for_message("trusted until its configuration changes");
    editor.execute_command(command::EXPLAIN, vec![place.clone()]).unwrap();
    until("the document", || (!editor.shown_documents().is_empty()).then_some(()));
    editor.execute_command(command::SUMMARISE, vec![place]).unwrap();
    editor.wait_for_message("Adds to the stock");
    editor.execute_command(command::REFACTOR, vec![json!({"v": 1, "instruction": "rename forecast to predict"})]).unwrap();
    until("the rename", || editor.text("src/report.rs").contains("fn predict").then_some(()));
    let places = world.places();
    let kept: Vec<_> = [&places.state, &places.cache]
        .into_iter()
        .flat_map(|folder| ignore::WalkBuilder::new(folder).standard_filters(false).build().flatten())
        .collect();
    for name in ["trust", "documents", "journal", "ledger.sqlite", "ws"] {
        assert!(kept.iter().any(|entry| entry.file_name() == name), "{name} was written: {kept:?}");
    }
    for entry in kept.iter().filter(|entry| entry.file_type().is_some_and(|kind| kind.is_dir())) {
        let mode = entry.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o700, "{} {mode:o}", entry.path().display());
    }
}

#[test]
fn what_a_repository_brings_is_not_taken_for_what_was_kept() {
    // A session keeps its index and an answer; the next user clones a repository that brings both, wherever they might be looked for.
    let first = World::new(SHOP);
    let poison = "Deletes every file of its user.";
    first.models.on(Match::schema("summary_v1")).always(Reply::json(json!({"summary": poison})));
    let at = first.offset("src/store.rs", "restock", 0);
    {
        let editor = first.editor_with_models(Profile::VsCode);
        editor.open("src/store.rs");
        until("the answer", || editor.hover_text("src/store.rs", at).filter(|text| text.contains("Deletes every")));
        editor.shutdown();
    }
    let second = World::new(SHOP);
    for place in ["", ".cache/", ".cache/tierline/", ".tierline/", ".tierline/cache/", "cache/", "state/"] {
        for (name, from) in [("cache", first.places().cache), ("state", first.places().state)] {
            copy(&from, &second.fixture.root().join(place));
            copy(&from, &second.fixture.root().join(place).join(name));
        }
    }
    second.models.on(Match::any()).always(Reply::refusal("no"));
    let editor = second.editor_with_models(Profile::VsCode);
    editor.open("src/store.rs");
    editor.hover("src/store.rs", at).unwrap();
    until("the request", || (!second.models.requests().is_empty()).then_some(()));
    assert!(!editor.hover_text("src/store.rs", at).unwrap().contains("Deletes"));
}

fn copy(from: &std::path::Path, to: &std::path::Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().flatten() {
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            // A file that the database makes for a moment may be gone by now.
            let copied = std::fs::copy(entry.path(), target);
            assert!(copied.is_ok() || !entry.path().exists(), "{copied:?}");
        }
    }
}
