//! `workspace/symbol` and look-ups.

use lsp::{command, kind};
use serde_json::{Value, json};
use testkit::editor::{Profile, Trigger};
use testkit::{Match, Reply};

use crate::support::{SHOP, World, until};

fn names(symbols: &[Value]) -> Vec<&str> {
    symbols.iter().map(|symbol| symbol["name"].as_str().unwrap()).collect()
}

#[test]
fn symbols_are_found_by_name_by_question_and_unasked() {
    let world = World::new(SHOP);
    let editor = world.editor(Profile::VsCode);
    let found = editor.workspace_symbol("give_back").unwrap();
    assert_eq!(names(&found), ["give_back"]);
    let at = world.offset("src/cart.rs", "give_back", 0);
    assert_eq!(found[0]["location"], json!({"uri": editor.uri("src/cart.rs"), "range": editor.range("src/cart.rs", at..at + 9)}));
    let both = editor.workspace_symbol("restock").unwrap();
    assert_eq!(names(&both), ["restock", "restock"]);
    assert_eq!(both.iter().filter(|symbol| symbol["containerName"] == "Shelf").count(), 1);
    let asked = editor.workspace_symbol("?what would a store hold after a delivery").unwrap();
    assert_eq!(names(&asked)[0], "forecast");
    let all = editor.workspace_symbol("").unwrap();
    assert!(names(&all).contains(&"Store") && names(&all).contains(&"refill"), "{:?}", names(&all));
    assert_eq!(editor.workspace_symbol("nothing_like_this").unwrap(), Vec::<Value>::new());
}

#[test]
fn symbols_of_unsaved_text_are_found() {
    let world = World::new(SHOP);
    let editor = world.editor(Profile::Eglot);
    editor.open_text("src/cart.rs", "pub fn ä𝕏() {} pub fn unsaved_name() {}\n");
    let found = editor.workspace_symbol("unsaved_name").unwrap();
    let at = editor.text("src/cart.rs").find("unsaved_name").unwrap();
    assert_eq!(found[0]["location"]["range"], editor.range("src/cart.rs", at..at + "unsaved_name".len()));
    assert_eq!(editor.workspace_symbol("give_back").unwrap(), Vec::<Value>::new());
}

#[test]
fn a_look_up_without_a_model_is_answered_by_the_index() {
    let world = World::new(SHOP);
    let editor = world.editor(Profile::VsCode);
    let question = json!({"v": 1, "question": "where is the store filled up again?", "limit": 3});
    let answer = editor.execute_command(command::LOOKUP, vec![question]).unwrap();
    assert_eq!((&answer["tier"], &answer["cost_micro_usd"]), (&json!("index"), &json!(0)));
    let hits = answer["hits"].as_array().unwrap();
    assert!((1..=3).contains(&hits.len()), "{answer}");
    let first = &hits[0];
    assert_eq!((&first["name"], &first["location"]["uri"]), (&json!("restock"), &json!(editor.uri("src/store.rs"))));
    assert!(first["why"].as_str().is_some_and(|why| !why.is_empty()) && first["score"].is_number(), "{first}");
}

#[test]
fn a_model_chooses_among_candidates_and_cannot_invent_one() {
    let world = World::new(SHOP);
    let choice = |number: u32| json!({"choices": [{"number": number, "why": "It fills the store."}]});
    world.models.on(Match::schema("lookup_words_v1")).reply(Reply::json(json!({"words": ["replenish"]})));
    world.models.on(Match::schema("lookup_v1").model("nano-model")).reply(Reply::json(choice(99))).reply(Reply::json(choice(98)));
    world.models.on(Match::schema("lookup_v1").model("mini-model")).reply(Reply::json(choice(1)));
    let editor = world.editor_with_models(Profile::VsCode);
    let ask = || {
        let question = json!({"v": 1, "question": "where is the store filled up again?"});
        editor.execute_command(command::LOOKUP, vec![question]).unwrap()
    };
    let answer = ask();
    assert_eq!(answer["tier"], "mini");
    // A hundred tokens in and twenty out, four times, at a micro-dollar each.
    assert_eq!(answer["cost_micro_usd"], 480);
    assert_eq!(answer["hits"].as_array().unwrap().len(), 1);
    assert_eq!(answer["hits"][0]["why"], "It fills the store.");
    assert_eq!(world.models.requests().len(), 4);
}

#[test]
fn a_model_puts_a_question_into_the_words_of_the_code() {
    let world = World::new(SHOP);
    let words = json!({"words": ["restock", "a sentence is no word", "](http://evil)"]});
    world.models.on(Match::schema("lookup_words_v1")).reply(Reply::json(words));
    let none = json!({"choices": []});
    world.models.on(Match::schema("lookup_v1")).reply(Reply::json(none));
    let editor = world.editor_with_models(Profile::VsCode);
    let question = json!({"v": 1, "question": "where does merchandise come in?"});
    let answer = editor.execute_command(command::LOOKUP, vec![question]).unwrap();
    assert_eq!((&answer["tier"], &answer["cost_micro_usd"]), (&json!("nano"), &json!(240)));
    assert!(answer["notes"][0].as_str().unwrap().contains("none of the candidates"), "{answer}");
    let asked = world.models.requests();
    assert_eq!(asked.iter().map(|it| it.schema_name().unwrap()).collect::<Vec<_>>(), ["lookup_words_v1", "lookup_v1"]);
    assert!(asked[1].prompt().contains("restock in src/store.rs"), "found by the other words: {}", asked[1].prompt());
    assert!(!asked[1].prompt().contains("evil"), "{}", asked[1].prompt());
}

#[test]
fn the_question_in_a_comment_is_answered_in_a_document() {
    let world = World::new(SHOP);
    world.fixture.write("src/asks.rs", "fn ask() {\n    // Where is the store\n    // filled up again?\n}\n");
    let editor = world.editor(Profile::VsCode);
    editor.open("src/asks.rs");
    let at = world.offset("src/asks.rs", "// Where", 0) - 4;
    let actions = editor.code_actions("src/asks.rs", at..at, &[kind::LOOKUP], Trigger::Invoked).unwrap();
    assert_eq!(actions.len(), 1, "{actions:?}");
    assert_eq!(actions[0]["title"], "Look up “Where is the store filled up again?”");
    assert!(editor.run(&actions[0]).unwrap()["job"].is_string());
    let shown = until("the answer", || editor.shown_documents().first().cloned());
    let document = std::fs::read_to_string(shown["uri"].as_str().unwrap().trim_start_matches("file://")).unwrap();
    let first = format!("- [`restock`]({}#L8) in `src/store.rs:8`: ", editor.uri("src/store.rs"));
    assert!(document.contains(&first) && document.contains("*index · $0*"), "{document}");
}

#[test]
fn a_look_up_falls_back_to_the_index_and_says_so() {
    let world = World::new(SHOP);
    world.models.on(Match::any()).always(Reply::status(401, json!({"error": {"message": "wrong key"}})));
    let editor = world.editor_with_models(Profile::VsCode);
    let question = json!({"v": 1, "question": "where is the store filled up again?"});
    let answer = editor.execute_command(command::LOOKUP, vec![question]).unwrap();
    assert_eq!((&answer["tier"], &answer["hits"][0]["name"]), (&json!("index"), &json!("restock")));
    assert!(answer["notes"][0].as_str().unwrap().contains("The index answered alone"), "{answer}");
}
