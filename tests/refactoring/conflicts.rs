//! What happens to the files while workers work on them: nothing is lost, nothing is half applied, and it is said why.

use testkit::Reply;
use testkit::editor::Profile;

use super::{FILES, Outline, order, three_files};
use crate::support::World;

/// Has something happen while the worker of the store is at work, and expects this sentence and the other files as they were.
#[track_caller]
fn meanwhile(happens: impl Fn(&World), sentence: &str) -> World {
    let world = three_files(&Outline::of_shop(), Reply::held);
    let editor = world.editor_with_models(Profile::VsCode);
    let before: Vec<String> = FILES.iter().map(|path| world.fixture.read(path)).collect();
    order(&editor);
    world.models.wait_for_requests(4);
    happens(&world);
    world.models.release();
    editor.wait_for_message(sentence);
    for (path, text) in FILES.iter().zip(&before).filter(|(path, _)| **path != "src/cart.rs") {
        assert_eq!(&world.fixture.read(path), text, "{path}");
    }
    let edits = editor.recording().messages().into_iter().filter(|message| message.content["method"] == "workspace/applyEdit");
    assert_eq!(edits.count(), 0);
    drop(editor);
    world
}

#[test]
fn a_file_that_is_changed_on_disk_stays_as_it_is() {
    let world = meanwhile(|world| world.fixture.write("src/cart.rs", "// rewritten\n"), "changed meanwhile: src/cart.rs");
    assert_eq!(world.fixture.read("src/cart.rs"), "// rewritten\n");
}

#[test]
fn a_file_that_is_deleted_or_renamed_does_not_come_back() {
    let world =
        meanwhile(|world| std::fs::remove_file(world.fixture.path("src/cart.rs")).unwrap(), "changed meanwhile: src/cart.rs");
    assert!(!world.fixture.path("src/cart.rs").exists());
    let rename =
        |world: &World| std::fs::rename(world.fixture.path("src/cart.rs"), world.fixture.path("src/trolley.rs")).unwrap();
    let world = meanwhile(rename, "changed meanwhile: src/cart.rs");
    assert!(!world.fixture.path("src/cart.rs").exists() && world.fixture.path("src/trolley.rs").exists());
}

#[cfg(unix)]
#[test]
fn a_file_that_becomes_a_link_or_read_only_is_not_written() {
    let outside = tempfile::tempdir().unwrap();
    let target = outside.path().join("cart.rs");
    let linked = meanwhile(
        |world| {
            std::fs::rename(world.fixture.path("src/cart.rs"), &target).unwrap();
            std::os::unix::fs::symlink(&target, world.fixture.path("src/cart.rs")).unwrap();
        },
        "src/cart.rs may not be written: a symbolic link stands in its way",
    );
    assert!(std::fs::read_to_string(&target).unwrap().contains("restock(store, content)"));
    drop(linked);
    let lock = |world: &World| {
        let path = world.fixture.path("src/cart.rs");
        let mut permissions = std::fs::metadata(&path).unwrap().permissions();
        permissions.set_readonly(true);
        std::fs::set_permissions(&path, permissions).unwrap();
    };
    let world = meanwhile(lock, "src/cart.rs may not be written: it is read-only");
    assert!(world.fixture.read("src/cart.rs").contains("restock(store, content)"));
}

#[test]
fn a_buffer_counts_and_what_others_wrote_to_its_file_stays() {
    let world = three_files(&Outline::of_shop(), Reply::held);
    let editor = world.editor_with_models(Profile::Neovim);
    editor.choose("Apply");
    editor.open("src/cart.rs");
    order(&editor);
    world.models.wait_for_requests(4);
    world.fixture.write("src/cart.rs", "// by another program\n");
    world.models.release();
    editor.wait_for_message("in 3 files");
    assert!(editor.text("src/cart.rs").contains("\"back\""));
    assert_eq!(world.fixture.read("src/cart.rs"), "// by another program\n");
}
