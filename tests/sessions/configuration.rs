//! Configuration while a session lasts: told of at the exact place, taken up without a restart, and bound by trust.

use serde_json::{Value, json};
use testkit::editor::{EditorBuilder, Profile, Trigger};
use testkit::{Editor, Match, Reply};

use crate::support::{SHOP, World, until, wait_until_indexed};

fn builder(world: &World) -> EditorBuilder {
    Editor::builder(Profile::VsCode, world.fixture.root())
}

/// A session whose models are those that its files configure.
fn configured(world: &World) -> Editor {
    let editor = world.connect_over(builder(world), assist::Gateways::configured(models::Traffic::Live));
    wait_until_indexed(&editor);
    editor
}

/// The diagnostics that are told next of a file whose name ends so.
fn diagnostics(editor: &Editor, name: &str) -> Vec<Value> {
    let of_file = |params: &Value| params["uri"].as_str().is_some_and(|uri| uri.ends_with(name));
    let told = editor.client().wait_for_notification("textDocument/publishDiagnostics", of_file).unwrap();
    told["diagnostics"].as_array().unwrap().clone()
}

fn write_user_file(world: &World, toml: &str) {
    std::fs::create_dir_all(world.places().config).unwrap();
    std::fs::write(world.places().user_file(), toml).unwrap();
}

fn nano(world: &World) -> String {
    format!("[tiers.nano]\nprovider = \"local\"\nbase_url = \"{}\"\nmodel = \"m\"\n", world.models.base_url())
}

/// What the user was asked up to now.
fn questions(editor: &Editor) -> Vec<String> {
    let messages = editor.recording().messages().into_iter().map(|message| message.content);
    let asked = messages.filter(|message| message["method"] == "window/showMessageRequest");
    asked.map(|message| message["params"]["message"].as_str().unwrap_or_default().to_owned()).collect()
}

fn answers(world: &World) {
    world.models.on(Match::schema("summary_v1")).always(Reply::json(json!({"summary": "Adds to the stock."})));
}

#[test]
fn what_is_wrong_is_told_where_it_stands_and_taken_back_when_it_is_mended() {
    let world = World::new(SHOP);
    world.fixture.write("tierline.toml", "");
    let editor = world.editor(Profile::VsCode);
    let text = "# größe 𝕏\n[hover]\npatiense_ms = 1\nsummary = \"loud\"\n[tiers.nano]\nkey_env = \"HOME\"\n[check]\ncommand = [\"id\"]\n";
    editor.open_text("tierline.toml", text);
    let told = diagnostics(&editor, "tierline.toml");
    for (code, at, said, severity) in [
        ("unknown_key", "patiense_ms", "did you mean `hover.patience_ms`?", 2),
        ("wrong_value", "\"loud\"", "\"on_request\"", 1),
        ("not_for_a_workspace", "key_env", "your own configuration file", 2),
        ("needs_trust", "command", "tierline trust", 2),
    ] {
        let found = told.iter().find(|diagnostic| diagnostic["code"] == code).unwrap_or_else(|| panic!("{code}: {told:?}"));
        let start = text.find(at).unwrap();
        assert_eq!(found["range"], editor.range("tierline.toml", start..start + at.len()), "{code}");
        assert_eq!((&found["severity"], &found["source"]), (&json!(severity), &json!("tierline")));
        assert!(found["message"].as_str().unwrap().contains(said), "{found}");
    }
    assert_eq!(told.len(), 4);
    editor.edit("tierline.toml", 0..text.len(), "hover.summary = \"off\"\n");
    until("nothing to be wrong", || diagnostics(&editor, "tierline.toml").is_empty().then_some(()));
    editor.edit("tierline.toml", 0..0, "[hover");
    until("what is no TOML", || (diagnostics(&editor, "tierline.toml").first()?["code"] == "unreadable").then_some(()));
}

#[test]
fn files_are_taken_up_without_a_restart_and_a_broken_one_changes_nothing() {
    let world = World::new(SHOP);
    answers(&world);
    let editor = configured(&world);
    editor.open("src/store.rs");
    let at = world.offset("src/store.rs", "restock", 0);
    let hover = || editor.hover_text("src/store.rs", at).unwrap();
    assert!(!hover().contains("```"));
    write_user_file(&world, &format!("hover.signature = true\n{}", nano(&world)));
    until("the summary of a model that was configured meanwhile", || hover().contains("Adds to the stock").then_some(()));
    assert!(hover().contains("```rust"));
    write_user_file(&world, "[hover\n");
    let told = diagnostics(&editor, "config.toml");
    assert_eq!(told[0]["code"], "unreadable", "{told:?}");
    assert!(hover().contains("```rust") && hover().contains("Adds to the stock"), "what it said before goes on counting");
    write_user_file(&world, "hover.signature = false");
    until("the signature to go", || (!hover().contains("```")).then_some(()));
    world.fixture.write("tierline.local.toml", "hover.signature = true");
    until("the signature to come back", || hover().contains("```").then_some(()));
}

#[test]
fn a_workspace_sends_nothing_anywhere_until_it_is_trusted() {
    let world = World::new(SHOP);
    answers(&world);
    world.fixture.write("tierline.toml", &nano(&world));
    let editor = configured(&world);
    editor.open("src/store.rs");
    let at = world.offset("src/store.rs", "restock", 0);
    for _ in 0..3 {
        assert!(editor.hover_text("src/store.rs", at).unwrap().ends_with("*index · $0*"));
    }
    // The same by what an editor hands on of a repository's settings for it.
    let evil = json!({"tiers": {"nano": {"provider": "local", "base_url": world.models.base_url(), "model": "m"}}});
    editor.configure("tierline", evil).unwrap();
    editor.execute_command(lsp::command::TRUST, vec![json!({"v": 1})]).unwrap();
    until("the question", || (questions(&editor).len() == 1).then_some(()));
    let told = diagnostics(&editor, "tierline.toml");
    assert!(told.iter().all(|diagnostic| diagnostic["code"] == "needs_trust"), "{told:?}");
    assert!(editor.hover_text("src/store.rs", at).unwrap().ends_with("*index · $0*"));
    assert_eq!(world.models.requests(), [], "a question that is closed is a no");
    editor.choose("Trust");
    editor.execute_command(lsp::command::TRUST, vec![json!({"v": 1})]).unwrap();
    editor.wait_for_message("trusted until its configuration changes");
    until("the summary", || editor.hover_text("src/store.rs", at).filter(|text| text.contains("Adds to the stock")));
    let asked = world.models.requests();
    assert!(asked.iter().all(|request| request.header("authorization").is_none()), "no key goes along");
}

#[test]
fn the_question_shows_what_would_count() {
    let world = World::new(SHOP);
    world.fixture.write("tierline.toml", "check.command = [\"make\", \"![x](http://evil)\"]\ncaps.per_day = 50\n");
    let editor = world.editor(Profile::Neovim);
    editor.execute_command(lsp::command::TRUST, vec![json!({"v": 1, "uri": editor.uri("src/store.rs")})]).unwrap();
    let asked = until("the question", || questions(&editor).pop());
    for part in ["check.command = [\"make\"", "caps.per_day = 50"] {
        assert!(asked.contains(part), "{asked}");
    }
}

#[test]
fn a_status_is_told_to_those_who_ask_for_it_and_to_no_others() {
    let world = World::new(SHOP);
    let wants = builder(&world).initialization_options(json!({"client": {"status": true}}));
    let editor = world.connect(wants, true);
    let told = editor.client().wait_for_notification("tierline/status", |status| status["state"] == "ready").unwrap();
    assert_eq!((&told["files"], &told["progress"]), (&json!(5), &Value::Null));
    assert_eq!(
        told["models"][0],
        json!({"tier": "nano", "model": "nano-model", "host": told["models"][0]["host"], "free": false})
    );
    assert_eq!(told["cost"], json!({"today_micro_usd": 0, "per_day_micro_usd": 20_000_000}));
    assert_eq!(editor.client().request("tierline/status", Value::Null).unwrap(), told, "a request answers the same");
    assert_eq!(editor.server()["capabilities"]["experimental"]["tierline"], json!({"status": true, "summary": true}));
    world.models.on(Match::schema("summary_v1")).always(Reply::json(json!({"summary": "Adds to the stock."})));
    editor.open("src/store.rs");
    let _ = editor.hover_text("src/store.rs", world.offset("src/store.rs", "restock", 0));
    let spent = |status: &Value| status["cost"]["today_micro_usd"] == 120;
    editor.client().wait_for_notification("tierline/status", spent).unwrap();

    let editor = world.editor(Profile::VsCode);
    let _ = editor.hover_text("src/store.rs", world.offset("src/store.rs", "restock", 0));
    assert!(editor.client().take_notifications().iter().all(|(method, _)| method != "tierline/status"));
}

#[test]
fn a_plugins_own_hover_waits_for_the_summary_and_can_be_called_off() {
    let world = World::new(SHOP);
    world.models.on(Match::schema("summary_v1")).reply(Reply::json(json!({"summary": "Adds to the stock."})).held());
    let own = builder(&world).capabilities(|it| it["experimental"] = json!({"tierline": {"hover": false}}));
    let editor = world.connect(own, true);
    assert_eq!(editor.server()["capabilities"]["hoverProvider"], false);
    editor.open("src/store.rs");
    let ask = |name: &str| {
        let position = editor.position("src/store.rs", world.offset("src/store.rs", name, 0));
        json!({"textDocument": {"uri": editor.uri("src/store.rs")}, "position": position})
    };
    let id = editor.client().start_request("tierline/summary", ask("restock")).unwrap();
    world.models.wait_for_requests(1);
    editor.client().cancel(id).unwrap();
    world.models.wait_until_closed(0);
    assert!(editor.client().wait(id).is_err());
    world.models.on(Match::schema("summary_v1")).reply(Reply::json(json!({"summary": "Adds to the stock."})));
    let shown = editor.client().request("tierline/summary", ask("restock")).unwrap();
    assert!(shown["contents"]["value"].as_str().unwrap().contains("Adds to the stock"), "{shown}");
    assert_eq!((&shown["tier"], &shown["cached"], &shown["note"]), (&json!("nano"), &json!(true), &Value::Null));
    world.models.on(Match::any()).always(Reply::json(json!({"summary": "Calls `no_such_thing`."})));
    let refused = editor.client().request("tierline/summary", ask("Store")).unwrap();
    assert!(refused["note"].as_str().unwrap().contains("passed its check"), "{refused}");
}

#[test]
fn a_workspace_can_be_trusted_from_its_file() {
    let world = World::new(SHOP);
    world.fixture.write("tierline.toml", "check.command = [\"make\"]\n");
    let editor = world.editor(Profile::VsCode);
    editor.open("tierline.toml");
    let actions = |trigger| editor.code_actions("tierline.toml", 0..0, &["quickfix"], trigger).unwrap();
    assert_eq!(actions(Trigger::Automatic), Vec::<Value>::new());
    let offered = actions(Trigger::Invoked);
    assert_eq!(offered[0]["title"], "Trust this workspace…");
    editor.choose("Trust");
    editor.run(&offered[0]).unwrap();
    until("nothing to need trust", || diagnostics(&editor, "tierline.toml").is_empty().then_some(()));
    assert_eq!(actions(Trigger::Invoked), Vec::<Value>::new());
}
