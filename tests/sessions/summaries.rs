//! Summaries in hovers: made once, shown for nothing afterwards, and not shown at all where they name what does not exist.

use lsp::command;
use serde_json::json;
use testkit::editor::Profile;
use testkit::{Editor, Match, Reply};

use crate::support::{SHOP, World, until};

fn summary(text: &str) -> Reply {
    Reply::json(json!({"summary": text}))
}

#[test]
fn a_summary_is_made_once_and_shown_by_later_hovers_for_nothing() {
    let world = World::new(SHOP);
    world.models.on(Match::schema("summary_v1")).reply(summary("Adds to the stock and returns what it holds now.").held());
    let editor = world.editor_with_models(Profile::VsCode);
    editor.open("src/store.rs");
    let hover = || editor.hover_text("src/store.rs", world.offset("src/store.rs", "restock", 0)).unwrap();
    let first = hover();
    assert!(first.ends_with("*index · $0*"), "the hover does not wait for a model: {first}");
    let seen = world.models.wait_for_requests(1);
    assert_eq!(seen[0].model(), Some("nano-model"));
    assert!(seen[0].prompt().contains("Symbol: restock (function) in src/store.rs"), "{}", seen[0].prompt());
    world.models.release();
    let later = until("the summary", || Some(hover()).filter(|text| text.contains("Adds to the stock")));
    assert!(later.ends_with("*nano · $0 (cached), written just now*"), "{later}");
    assert_eq!(world.models.requests().len(), 1);
    // The same symbol where it is used.
    editor.open("src/cart.rs");
    let used = editor.hover_text("src/cart.rs", world.offset("src/cart.rs", "restock(", 0)).unwrap();
    assert!(used.contains("Adds to the stock"), "{used}");
    assert_eq!(world.models.requests().len(), 1);
}

#[test]
fn a_summary_outlives_the_session() {
    let world = World::new(SHOP);
    world.models.on(Match::schema("summary_v1")).reply(summary("Adds to the stock."));
    for _ in 0..2 {
        let editor = world.editor_with_models(Profile::VsCode);
        editor.open("src/store.rs");
        let at = world.offset("src/store.rs", "restock", 0);
        until("the summary", || editor.hover_text("src/store.rs", at).filter(|text| text.contains("Adds to the stock")));
    }
    assert_eq!(world.models.requests().len(), 1);
}

#[test]
fn a_summary_that_names_what_does_not_exist_is_never_shown() {
    let world = World::new(SHOP);
    world.models.on(Match::schema("summary_v1")).always(summary("Calls `Store::replenish_all` for a new depot."));
    let editor = world.editor_with_models(Profile::VsCode);
    editor.open("src/store.rs");
    let at = world.offset("src/store.rs", "restock", 0);
    let hover = || editor.hover_text("src/store.rs", at).unwrap();
    let first = hover();
    let seen = world.models.wait_for_requests(4);
    let models: Vec<_> = seen.iter().map(|request| request.model().unwrap()).collect();
    assert_eq!(models, ["nano-model", "nano-model", "mini-model", "mini-model"]);
    // What the user asks for outright is tried again, and told of; it comes after what the hover had begun.
    let argument = json!({"v": 1, "uri": editor.uri("src/store.rs"), "position": editor.position("src/store.rs", at)});
    editor.execute_command(command::SUMMARISE, vec![argument]).unwrap();
    editor.wait_for_message("replenish_all");
    assert!(!first.contains("depot"), "{first}");
    for _ in 0..5 {
        assert!(!hover().contains("depot"));
    }
}

#[test]
fn a_summary_that_failed_its_check_is_not_asked_for_again() {
    let world = World::new(SHOP);
    world.models.on(Match::schema("summary_v1")).always(summary("Calls `replenish_all`."));
    let editor = world.connect(patient(&world), true);
    editor.open("src/store.rs");
    let at = world.offset("src/store.rs", "restock", 0);
    let refused =
        until("the refusal", || editor.hover_text("src/store.rs", at).filter(|text| text.contains("Summary not available")));
    assert!(refused.contains("mini was asked, $0.0005 spent in all"), "{refused}");
    for _ in 0..5 {
        let text = editor.hover_text("src/store.rs", at).unwrap();
        assert!(text.contains("Summary not available") && text.ends_with("*index · $0*"), "nothing more is spent: {text}");
        assert!(!text.contains("replenish_all"), "{text}");
    }
    assert_eq!(world.models.requests().len(), 4);
    // When the symbol changes it is another question.
    let text = editor.text("src/store.rs");
    let place = text.find("store.stock\n").unwrap();
    editor.edit("src/store.rs", place..place, "1 + ");
    editor.hover_text("src/store.rs", at).unwrap();
    world.models.wait_for_requests(8);
}

#[test]
fn a_summary_that_says_nothing_or_what_is_not_so_is_not_shown() {
    let untrue = "Called by `Shelf` for each delivery.";
    for said in ["Symbol: restock (function) in src/store.rs", "3584429725468745900", untrue, "It calls `forecast`."] {
        let world = World::new(SHOP);
        world.models.on(Match::schema("summary_v1")).always(summary(said));
        let editor = world.connect(patient(&world), true);
        editor.open("src/store.rs");
        let at = world.offset("src/store.rs", "restock", 0);
        let text =
            until("the refusal", || editor.hover_text("src/store.rs", at).filter(|text| text.contains("Summary not available")));
        assert!(!text.contains(said), "{text}");
    }
    // What is so is shown.
    let world = World::new(SHOP);
    world.models.on(Match::schema("summary_v1")).always(summary("Adds to the stock; called by `give_back` and `forecast`."));
    let editor = world.connect(patient(&world), true);
    editor.open("src/store.rs");
    let at = world.offset("src/store.rs", "restock", 0);
    until("the summary", || editor.hover_text("src/store.rs", at).filter(|text| text.contains("Adds to the stock")));
}

#[test]
fn a_policy_of_off_asks_nobody() {
    let world = World::new(SHOP);
    let settings = json!({"hover": {"summary": "off"}});
    let builder = Editor::builder(Profile::VsCode, world.fixture.root()).initialization_options(settings.clone());
    let editor = world.connect(builder.configuration("tierline", settings), true);
    editor.open("src/store.rs");
    let text = editor.hover_text("src/store.rs", world.offset("src/store.rs", "restock", 0)).unwrap();
    assert!(text.ends_with("*index · $0*"), "{text}");
    editor.shutdown();
    assert_eq!(world.models.requests().len(), 0);
}

#[test]
fn a_key_that_is_refused_is_told_once() {
    let world = World::new(SHOP);
    world.models.on(Match::any()).always(Reply::status(401, json!({"error": {"message": "wrong key"}})));
    let editor = world.connect(patient(&world), true);
    editor.open("src/store.rs");
    for _ in 0..3 {
        editor.hover_text("src/store.rs", world.offset("src/store.rs", "restock", 0)).unwrap();
    }
    editor.wait_for_message("refused the key");
    let again = editor.client().take_notifications().iter().filter(|(method, _)| method == "window/showMessage").count();
    assert_eq!(again, 0);
}

#[test]
fn what_a_summary_names_leads_to_where_it_stands() {
    let said = "Adds to the stock for `give_back` and forecast; see `Shelf::refill`, `restock` and `amount`.";
    for (profile, is_marked) in [(Profile::VsCode, true), (Profile::Minimal, false)] {
        let world = World::new(SHOP);
        world.models.on(Match::schema("summary_v1")).always(summary(said));
        let editor = world.editor_with_models(profile);
        editor.open("src/store.rs");
        let at = world.offset("src/store.rs", "restock", 0);
        let text =
            until("the summary", || editor.hover_text("src/store.rs", at).filter(|text| text.contains("Adds to the stock")));
        let opened = format!("[`give_back`]({}#L4)", editor.uri("src/cart.rs"));
        let shown = if is_marked { opened.as_str() } else { "give_back" };
        assert!(text.contains(&format!("for {shown} and forecast")), "{text}");
        assert_eq!(text.matches("](").count(), usize::from(is_marked), "only what is one symbol of ours leads anywhere: {text}");
    }
}

/// An editor for whose user summaries are made ahead.
fn ahead(world: &World) -> Editor {
    let settings = json!({"hover": {"summary": "auto"}});
    let builder = Editor::builder(Profile::VsCode, world.fixture.root()).initialization_options(settings.clone());
    world.connect(builder.configuration("tierline", settings), true)
}

#[test]
fn summaries_are_made_ahead_many_at_once_while_nobody_does_anything() {
    let world = World::new(SHOP);
    // The functions and types of the shop, each under the name that the request gives it.
    let ids = ["s1", "s2", "s3", "s4", "s5", "s6", "s7"];
    let said: Vec<_> = ids.iter().map(|id| json!({"id": id, "summary": format!("Does what {id} is for.")})).collect();
    world.models.on(Match::schema("summaries_v1")).always(Reply::json(json!({"summaries": said})));
    let editor = ahead(&world);
    editor.open("src/store.rs");
    let kept = models::CacheDirectory::new(&world.places().cache);
    until("the summaries", || (kept.stats().entries == 7).then_some(()));
    editor.open("src/cart.rs");
    for (path, name) in [("src/store.rs", "restock"), ("src/cart.rs", "give_back")] {
        let text = editor.hover_text(path, world.offset(path, &format!("fn {name}"), 0) + 3).unwrap();
        assert!(text.contains("Does what s") && text.contains("nano · $0 (cached)"), "{text}");
    }
    let asked = world.models.requests();
    assert!(asked.iter().all(|it| it.schema_name() == Some("summaries_v1") && it.model() == Some("nano-model")), "{asked:?}");
}

#[test]
fn what_is_made_ahead_gives_way_to_the_user_and_is_checked() {
    let world = World::new(SHOP);
    world.models.on(Match::schema("summaries_v1")).reply(Reply::stall()).always(Reply::json(json!({"summaries": [
        {"id": "s1", "summary": "Calls `replenish_all`."},
        {"id": "s1", "summary": "Adds to the stock."},
        {"id": "s7", "summary": "Adds to the stock."},
    ]})));
    world.models.on(Match::schema("summary_v1")).always(summary("Says what was asked alone."));
    let editor = ahead(&world);
    editor.open("src/store.rs");
    world.models.wait_for_requests(1);
    let at = editor.text("src/store.rs").len();
    editor.edit("src/store.rs", at..at, "\n");
    world.models.wait_until_closed(0);
    // Then it begins anew, and what does not pass its check is the hover's to ask for.
    world.models.wait_for_requests(2);
    let at = world.offset("src/store.rs", "restock", 0);
    let text = until("a summary", || editor.hover_text("src/store.rs", at).filter(|text| text.contains("asked alone")));
    assert!(!text.contains("replenish_all"), "{text}");
}

#[test]
fn nothing_is_made_ahead_unless_it_is_wanted() {
    let world = World::new(SHOP);
    let editor = world.editor_with_models(Profile::VsCode);
    editor.open("src/store.rs");
    // Longer than whoever wants it waits: a session that does ends later.
    let wanting = World::new(SHOP);
    wanting.models.on(Match::any()).always(Reply::stall());
    let other = ahead(&wanting);
    other.open("src/store.rs");
    wanting.models.wait_for_requests(1);
    assert_eq!(world.models.requests().len(), 0);
}

/// An editor whose hovers wait as long as they may.
fn patient(world: &World) -> testkit::editor::EditorBuilder {
    let settings = json!({"hover": {"patience_ms": 500}});
    let builder = Editor::builder(Profile::VsCode, world.fixture.root()).initialization_options(settings.clone());
    builder.configuration("tierline", settings)
}
