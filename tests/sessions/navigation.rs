//! Outlines, definitions and references: only where they are asked for.

use serde_json::{Value, json};
use testkit::editor::{Editor, Profile};

use crate::support::{SHOP, World};

fn with_navigation(world: &World, profile: Profile) -> Editor {
    let options = json!({"navigation": {"enabled": true}});
    world.connect(Editor::builder(profile, world.fixture.root()).initialization_options(options), false)
}

fn ask(editor: &Editor, method: &str, path: &str, offset: usize, more: Value) -> Value {
    let mut params = json!({"textDocument": {"uri": editor.uri(path)}, "position": editor.position(path, offset)});
    params.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap_or_default());
    editor.client().request(method, params).unwrap()
}

fn outline(editor: &Editor, path: &str) -> Value {
    editor.client().request("textDocument/documentSymbol", json!({"textDocument": {"uri": editor.uri(path)}})).unwrap()
}

#[test]
fn navigation_is_not_offered_unasked() {
    let world = World::new(SHOP);
    let editor = world.editor(Profile::VsCode);
    for provider in ["documentSymbolProvider", "definitionProvider", "referencesProvider"] {
        assert!(editor.server()["capabilities"][provider].is_null(), "{provider}");
    }
    assert!(outline(&editor, "src/store.rs").is_null());
}

#[test]
fn an_outline_is_a_tree_of_the_text_as_it_is_now() {
    let world = World::new(SHOP);
    let editor = with_navigation(&world, Profile::VsCode);
    assert_eq!(editor.server()["capabilities"]["documentSymbolProvider"], true);
    let text = "/// Holds 𝕏.\nstruct Outer { first: u8 }\n\nimpl Outer {\n    fn method(&self) {}\n}\nfn last() {}\n";
    editor.open_text("src/cart.rs", text);
    let found = outline(&editor, "src/cart.rs");
    let names: Vec<&str> = found.as_array().unwrap().iter().map(|node| node["name"].as_str().unwrap()).collect();
    assert_eq!((names.first(), names.last()), (Some(&"Outer"), Some(&"last")), "{found}");
    let outer = &found[0];
    assert_eq!(outer["children"][0]["name"], "first");
    let name = text.find("Outer").unwrap();
    assert_eq!(outer["selectionRange"], editor.range("src/cart.rs", name..name + 5));
    assert_eq!(outer["range"], editor.range("src/cart.rs", 0..text.find("\n\nimpl").unwrap()));
    let at = editor.text("src/cart.rs").find("last").unwrap();
    editor.edit("src/cart.rs", at..at + 4, "renamed");
    assert!(outline(&editor, "src/cart.rs").to_string().contains("renamed"));
}

#[test]
fn an_old_client_gets_a_list() {
    let world = World::new(SHOP);
    let editor = with_navigation(&world, Profile::Minimal);
    let found = outline(&editor, "src/store.rs");
    assert!(found[0]["location"]["range"].is_object() && found[0].get("children").is_none(), "{found}");
}

#[test]
fn a_use_leads_to_its_definition_and_a_definition_to_its_uses() {
    let world = World::new(SHOP);
    let editor = with_navigation(&world, Profile::Neovim);
    let at = world.offset("src/other.rs", "restock()", 0);
    let method = world.offset("src/other.rs", "fn restock", 0) + 3;
    let found = ask(&editor, "textDocument/definition", "src/other.rs", at, json!({}));
    let definition = json!({"uri": editor.uri("src/other.rs"), "range": editor.range("src/other.rs", method..method + 7)});
    assert_eq!(found, json!([definition]));
    let used = json!({"uri": editor.uri("src/other.rs"), "range": editor.range("src/other.rs", at..at + 7)});
    let uses = |with: bool| {
        ask(&editor, "textDocument/references", "src/other.rs", method, json!({"context": {"includeDeclaration": with}}))
    };
    assert_eq!(uses(false), json!([used]));
    assert_eq!(uses(true), json!([definition, used]));
    assert!(ask(&editor, "textDocument/definition", "src/other.rs", 0, json!({})).is_null());
}
