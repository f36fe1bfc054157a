//! The question before the first text of a workspace leaves: asked once, by an editor's own means, and a closed one is a no.

use serde_json::json;
use testkit::editor::Profile;
use testkit::{Editor, Match, Reply};

use crate::support::{SHOP, World, until, wait_until_indexed};

fn session(world: &World) -> Editor {
    let editor =
        world.connect_over(Editor::builder(Profile::VsCode, world.fixture.root()), Some(world.gateway_that_asks("always")));
    wait_until_indexed(&editor);
    editor.open("src/store.rs");
    editor
}

fn world() -> World {
    let world = World::new(SHOP);
    world.models.on(Match::schema("summary_v1")).always(Reply::json(json!({"summary": "Adds to the stock."})));
    world
}

#[test]
fn an_allowed_workspace_is_not_asked_for_again() {
    let world = world();
    let at = world.offset("src/store.rs", "restock", 0);
    let editor = session(&world);
    editor.choose("Allow");
    until("the summary", || editor.hover_text("src/store.rs", at).filter(|text| text.contains("Adds to the stock")));
    assert_eq!(world.models.requests().len(), 1);
    // Nothing is chosen in this session, which would be a no.
    let editor = session(&world);
    let at = world.offset("src/store.rs", "Store", 0);
    until("the summary", || editor.hover_text("src/store.rs", at).filter(|text| text.contains("Adds to the stock")));
    assert_eq!(world.models.requests().len(), 2);
}

#[test]
fn a_closed_question_sends_nothing_and_hovers_go_on() {
    let world = world();
    let editor = session(&world);
    for name in ["restock", "Store", "restock"] {
        let at = world.offset("src/store.rs", name, 0);
        let argument = json!({"v": 1, "uri": editor.uri("src/store.rs"), "position": editor.position("src/store.rs", at)});
        editor.execute_command(lsp::command::SUMMARISE, vec![argument]).unwrap();
        editor.wait_for_message("may go to 127.0.0.1");
        assert!(editor.hover_text("src/store.rs", at).unwrap().ends_with("*index · $0*"));
    }
    assert_eq!(world.models.requests(), []);
}
