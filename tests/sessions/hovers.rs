//! `textDocument/hover`, as kinds of editors ask for it.

use serde_json::json;
use testkit::Editor;
use testkit::editor::Profile;

use crate::support::{SHOP, World, until};

#[test]
fn every_kind_of_editor_holds_a_session() {
    for profile in Profile::ALL {
        let world = World::new(SHOP);
        let editor = world.editor(profile);
        editor.open("src/cart.rs");
        let text = editor.hover_text("src/cart.rs", world.offset("src/cart.rs", "restock(", 0)).unwrap();
        assert!(text.contains("src/store.rs:8"), "{profile:?}: {text}");
        assert!(text.contains("index · $0"), "{profile:?}: {text}");
        assert_eq!(text.contains('`'), profile != Profile::Minimal, "{profile:?}: {text}");
        editor.edit("src/cart.rs", 0..0, "// changed\n");
        editor.save("src/cart.rs");
        editor.close("src/cart.rs");
        assert_eq!(editor.workspace_symbol("give_back").unwrap()[0]["name"], "give_back");
        editor.shutdown();
    }
}

#[test]
fn a_hover_tells_what_the_index_knows() {
    let world = World::new(SHOP);
    let editor = world.editor(Profile::VsCode);
    editor.open("src/store.rs");
    let at = world.offset("src/store.rs", "restock", 0);
    let text = editor.hover_text("src/store.rs", at).unwrap();
    for part in ["`restock`, function, line 8", "in 2 files", "`give_back`", "`forecast`"] {
        assert!(text.contains(part), "{part:?} is not in {text}");
    }
    assert_eq!(text.lines().last(), Some("*index · $0*"));
    assert!(!text.contains("Shelf"), "another function of that name is no use of it: {text}");
    assert_eq!(editor.hover_text("src/store.rs", world.offset("src/store.rs", "+=", 0)), None, "nothing is known of an operator");
}

#[test]
fn signature_and_documentation_are_shown_where_they_are_asked_for() {
    let world = World::new(SHOP);
    let options = json!({"hover": {"signature": true}});
    let builder = Editor::builder(Profile::VsCode, world.fixture.root()).initialization_options(options.clone());
    let editor = world.connect(builder.configuration("tierline", options), false);
    editor.open("src/store.rs");
    let text = editor.hover_text("src/store.rs", world.offset("src/store.rs", "restock", 0)).unwrap();
    assert!(text.contains("```rust\npub fn restock(store: &mut Store, amount: u32) -> u32"), "{text}");
    assert!(text.contains("Fills the store up again"), "{text}");
}

#[test]
fn positions_are_counted_as_was_negotiated() {
    let source = "
        //- src/lib.rs
        /* größer 𝕏 */ pub fn größe(wert: u32) -> u32 { /* ß𝕏 */ wert }
        pub fn doppelt() -> u32 { let _ = \"ä𝕏\"; größe(2) }
        ";
    for (profile, encoding) in [(Profile::VsCode, "utf-16"), (Profile::Neovim, "utf-8")] {
        let world = World::new(source);
        let editor = world.editor(profile);
        assert_eq!(editor.server()["capabilities"]["positionEncoding"], encoding);
        editor.open("src/lib.rs");
        for number in 0..2 {
            let at = world.offset("src/lib.rs", "größe(", number);
            let hover = editor.hover("src/lib.rs", at + 1).unwrap();
            assert_eq!(hover["range"], editor.range("src/lib.rs", at..at + "größe".len()), "{encoding}");
            assert!(hover["contents"]["value"].as_str().unwrap().contains("`größe`, function"), "{hover}");
        }
        // What is typed before it, in characters of several lengths, moves it by as much.
        editor.change("src/lib.rs", &[(0..0, "/* 𝕏ß */ "), (0..0, "ä")]);
        let at = editor.text("src/lib.rs").find("größe(").unwrap();
        let hover = editor.hover("src/lib.rs", at).unwrap();
        assert_eq!(hover["range"], editor.range("src/lib.rs", at..at + "größe".len()), "{encoding}");
    }
}

#[test]
fn a_hover_right_after_a_change_sees_the_change() {
    let world = World::new(SHOP);
    let editor = world.editor(Profile::VsCode);
    editor.open("src/report.rs");
    let end = editor.text("src/report.rs").len();
    for number in 0..20 {
        let name = format!("fresh_{number}");
        editor.edit("src/report.rs", end..editor.text("src/report.rs").len(), &format!("pub fn {name}() {{ forecast; }}\n"));
        let at = editor.text("src/report.rs").find(&name).unwrap();
        let text = editor.hover_text("src/report.rs", at).unwrap();
        assert!(text.contains(&format!("`{name}`")), "{text}");
    }
    assert!(!world.fixture.read("src/report.rs").contains("fresh"), "it was not saved");
    editor.close("src/report.rs");
    assert_eq!(editor.workspace_symbol("fresh_19").unwrap(), Vec::<serde_json::Value>::new(), "what was closed unsaved is gone");
}

#[test]
fn a_hover_need_not_wait_for_the_index() {
    let world = World::new(SHOP);
    let editor = world.connect_at_once(Editor::builder(Profile::VsCode, world.fixture.root()), false);
    editor.open("src/store.rs");
    let text = editor.hover_text("src/store.rs", world.offset("src/store.rs", "restock", 0)).unwrap();
    assert!(text.contains("`restock`, function"), "{text}");
}

#[test]
fn a_file_outside_of_the_folder_is_known_as_it_is_open() {
    let (world, elsewhere) = (World::new(SHOP), World::new("//- lone.rs\nfn lonely() {}\n"));
    let editor = world.editor(Profile::VsCode);
    let path = elsewhere.fixture.path("lone.rs");
    editor.open(path.to_str().unwrap());
    let text = editor.hover_text(path.to_str().unwrap(), 4).unwrap();
    assert!(text.contains("`lonely`, function, line 1"), "{text}");
}

#[test]
fn files_that_change_on_disk_are_read_again() {
    for profile in [Profile::VsCode, Profile::Neovim] {
        let world = World::new(SHOP);
        let editor = world.editor(profile);
        let watched = editor.registrations().iter().any(|it| it["method"] == "workspace/didChangeWatchedFiles");
        assert_eq!(watched, profile == Profile::VsCode, "Neovim takes the registration and sends nothing");
        // The server's own watcher of a folder begins after its index is made, so a single change might come before it.
        let mut number = 0;
        until("the new file", || {
            number += 1;
            world.fixture.write("src/new.rs", &format!("pub fn from_elsewhere() {{ {number}; }}\n"));
            if watched {
                editor.file_event("src/new.rs", 1).unwrap();
            }
            (!editor.workspace_symbol("from_elsewhere").unwrap().is_empty()).then_some(())
        });
        std::fs::remove_file(world.fixture.path("src/new.rs")).unwrap();
        until("its end", || {
            if watched {
                editor.file_event("src/new.rs", 3).unwrap();
            }
            editor.workspace_symbol("from_elsewhere").unwrap().is_empty().then_some(())
        });
    }
}

#[test]
fn a_folder_that_is_made_again_is_watched_again() {
    let world = World::new(SHOP);
    let editor = world.editor(Profile::Neovim);
    let knows = |name: &str| !editor.workspace_symbol(name).unwrap().is_empty();
    let mut number = 0;
    for _ in 0..2 {
        // Written again and again, because the server's own watcher begins after its index is made.
        until("the new folder", || {
            number += 1;
            world.fixture.write("src/inner/deep/first.rs", &format!("pub fn came_with_it() {{ {number}; }}\n"));
            knows("came_with_it").then_some(())
        });
        world.fixture.write("src/inner/deep/second.rs", "pub fn came_later() {}\n");
        until("a file in it", || knows("came_later").then_some(()));
        std::fs::remove_dir_all(world.fixture.path("src/inner")).unwrap();
        until("the end of the folder", || (!knows("came_with_it") && !knows("came_later")).then_some(()));
    }
    world.fixture.write("elsewhere/deep/third.rs", "pub fn moved_here() {}\n");
    std::fs::rename(world.fixture.path("elsewhere"), world.fixture.path("src/inner")).unwrap();
    until("what was moved", || knows("moved_here").then_some(()));
    world.fixture.write("src/inner/deep/third.rs", "pub fn written_there() {}\n");
    until("a change of it", || (knows("written_there") && !knows("moved_here")).then_some(()));
}
