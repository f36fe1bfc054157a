//! Progress: shown for what takes long, ended once, and a way to call the work off.

use serde_json::{Value, json};
use testkit::editor::Profile;
use testkit::{Editor, Match, Reply};

use crate::support::{SHOP, World, until};

/// A session whose models never answer, at a symbol.
fn stuck(world: &World) -> (Editor, Value) {
    world.models.on(Match::any()).always(Reply::stall());
    let editor = world.editor_with_models(Profile::VsCode);
    editor.open("src/store.rs");
    let position = editor.position("src/store.rs", world.offset("src/store.rs", "restock", 0));
    let at = json!({"v": 1, "uri": editor.uri("src/store.rs"), "position": position});
    (editor, at)
}

/// The token of the progress whose title this is, once it has begun.
fn begun(editor: &Editor, title: &str) -> Value {
    let begins = |params: &Value| params["value"]["kind"] == "begin" && params["value"]["title"] == title;
    let begin = editor.client().wait_for_notification("$/progress", begins).unwrap();
    assert_eq!(begin["value"]["cancellable"], true);
    begin["token"].clone()
}

fn wait_for_end(editor: &Editor, token: &Value) {
    let ends = |params: &Value| params["token"] == *token && params["value"]["kind"] == "end";
    editor.client().wait_for_notification("$/progress", ends).unwrap();
}

#[test]
fn a_job_is_called_off_by_its_progress() {
    for (command, title) in [(lsp::command::EXPLAIN, "Explaining"), (lsp::command::SUMMARISE, "Summarising")] {
        let world = World::new(SHOP);
        let (editor, at) = stuck(&world);
        editor.execute_command(command, vec![at]).unwrap();
        let token = begun(&editor, title);
        editor.client().notify("window/workDoneProgress/cancel", json!({"token": token})).unwrap();
        wait_for_end(&editor, &token);
        world.models.wait_until_closed(0);
    }
}

#[test]
fn a_job_is_called_off_by_its_name() {
    for (command, title) in [(lsp::command::EXPLAIN, "Explaining"), (lsp::command::SUMMARISE, "Summarising")] {
        let world = World::new(SHOP);
        let (editor, at) = stuck(&world);
        let job = editor.execute_command(command, vec![at]).unwrap()["job"].clone();
        let token = begun(&editor, title);
        let answer = editor.execute_command(lsp::command::CANCEL, vec![json!({"v": 1, "job": job})]).unwrap();
        assert_eq!(answer["cancelled"], true);
        wait_for_end(&editor, &token);
        world.models.wait_until_closed(0);
        // Its end is shown before it is counted.
        let jobs = || editor.client().request("tierline/status", Value::Null).unwrap()["jobs"].as_u64();
        crate::support::until("no job runs", || (jobs() == Some(0)).then_some(()));
    }
}

#[test]
fn a_look_up_that_takes_long_shows_its_progress_and_the_index_answers_when_it_is_called_off() {
    let world = World::new(SHOP);
    let (editor, _) = stuck(&world);
    let question = json!({"command": lsp::command::LOOKUP, "arguments": [{"v": 1, "question": "where is the store filled up?"}]});
    let id = editor.client().start_request("workspace/executeCommand", question).unwrap();
    let token = begun(&editor, "Looking up");
    editor.client().notify("window/workDoneProgress/cancel", json!({"token": token})).unwrap();
    let found = editor.client().wait(id).unwrap();
    assert_eq!((&found["tier"], &found["hits"][0]["name"]), (&json!("index"), &json!("restock")));
    wait_for_end(&editor, &token);
    world.models.wait_until_closed(0);
}

#[test]
fn what_is_done_at_once_shows_no_progress() {
    let world = World::new(SHOP);
    let editor = world.editor(Profile::VsCode);
    let question = json!({"v": 1, "question": "where is the store filled up?"});
    until("an answer", || editor.execute_command(lsp::command::LOOKUP, vec![question.clone()]).ok());
    let begun = |(method, params): &(String, Value)| method == "$/progress" && params["value"]["title"] == "Looking up";
    assert!(!editor.client().take_notifications().iter().any(begun));
}
