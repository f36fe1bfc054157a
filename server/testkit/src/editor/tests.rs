//! The editor against a server that is scripted in a few lines.

use std::io::{PipeReader, PipeWriter};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use lsp::framing::{FrameReader, write};
use serde_json::{Value, json};

use super::*;
use crate::Fixture;

/// A server that answers every request with null and notes every message; what is sent into it goes to the editor.
struct Script {
    to_editor: Sender<Value>,
    seen: Receiver<Value>,
}

impl Script {
    fn start(input: PipeReader, output: PipeWriter, capabilities: Value) -> Self {
        let (to_editor, outgoing) = channel::<Value>();
        let (note, seen) = channel();
        let answers = to_editor.clone();
        thread::spawn(move || {
            let mut frames = FrameReader::new(input);
            while let Ok(Some(body)) = frames.read() {
                let message: Value = serde_json::from_slice(&body).unwrap();
                let method = message["method"].as_str().unwrap_or_default().to_owned();
                if let (Some(id), false) = (message.get("id"), method.is_empty()) {
                    let result = if method == "initialize" { json!({ "capabilities": capabilities }) } else { Value::Null };
                    answers.send(json!({ "jsonrpc": "2.0", "id": id, "result": result })).unwrap();
                }
                let _ = note.send(message);
                if method == "exit" {
                    answers.send(Value::Null).unwrap();
                    return;
                }
            }
        });
        thread::spawn(move || {
            let mut output = output;
            while let Ok(message) = outgoing.recv() {
                if message.is_null() || write(&mut output, message.to_string().as_bytes()).is_err() {
                    return;
                }
            }
        });
        Self { to_editor, seen }
    }

    /// The next message that `wanted` holds for.
    fn next(&self, wanted: impl Fn(&Value) -> bool) -> Value {
        loop {
            let message = self.seen.recv_timeout(Duration::from_secs(10)).expect("a message");
            if wanted(&message) {
                return message;
            }
        }
    }

    fn send(&self, message: Value) {
        self.to_editor.send(message).unwrap();
    }

    /// Sends an edit and waits for its answer.
    fn apply(&self, editor: &Editor, edit: Value) -> Value {
        self.send(json!({ "jsonrpc": "2.0", "id": "e", "method": "workspace/applyEdit", "params": { "edit": edit } }));
        editor.wait_for_edit().answer
    }
}

fn session(profile: Profile, fixture: &Fixture) -> (Editor, Script) {
    let mut script = None;
    let capabilities = json!({ "textDocumentSync": 2 });
    let editor = Editor::builder(profile, fixture.root())
        .connect(|input, output| script = Some(Script::start(input, output, capabilities)));
    (editor, script.unwrap())
}

fn two_files() -> Fixture {
    Fixture::new("//- a.rs\nlet ä = 1;\n//- b.rs\nlet b = 2;\n")
}

fn text_edit(line: u32, from: u32, to: u32, new_text: &str) -> Value {
    let position = |character: u32| json!({ "line": line, "character": character });
    json!({ "range": { "start": position(from), "end": position(to) }, "newText": new_text })
}

fn step(editor: &Editor, path: &str, version: Value, edits: Vec<Value>) -> Value {
    json!({ "textDocument": { "uri": editor.uri(path), "version": version }, "edits": edits })
}

#[test]
fn typing_is_told_in_ranges_of_the_negotiated_encoding() {
    let fixture = two_files();
    let (editor, script) = session(Profile::VsCode, &fixture);
    editor.open("a.rs");
    editor.edit("a.rs", 9..10, "22");
    let change = script.next(|message| message["method"] == "textDocument/didChange");
    assert_eq!(change["params"]["textDocument"]["version"], 2);
    assert_eq!(change["params"]["contentChanges"][0], json!({ "range": text_edit(0, 8, 9, "")["range"], "text": "22" }));
    assert_eq!(editor.text("a.rs"), "let ä = 22;\n");
    assert_eq!(editor.hover("a.rs", 4), Ok(Value::Null));
}

#[test]
fn an_edit_changes_open_documents_and_files() {
    let fixture = two_files();
    for (profile, b_is_open) in [(Profile::VsCode, true), (Profile::Neovim, true), (Profile::Eglot, true)] {
        let (editor, script) = session(profile, &fixture);
        editor.open("a.rs");
        let answer = script.apply(
            &editor,
            json!({ "documentChanges": [
                step(&editor, "a.rs", json!(1), vec![text_edit(0, 0, 3, "const"), text_edit(0, 8, 9, "3"), text_edit(0, 8, 8, "+")]),
                step(&editor, "b.rs", Value::Null, vec![text_edit(0, 4, 5, "c")]),
            ] }),
        );
        assert_eq!(answer, json!({ "applied": true }), "{profile:?}");
        assert_eq!(editor.text("a.rs"), "const ä = +3;\n");
        assert_eq!(editor.text("b.rs"), "let c = 2;\n");
        assert_eq!(editor.version("b.rs").is_some(), b_is_open);
        assert_eq!(fixture.read("b.rs"), "let b = 2;\n", "it is not saved");
        let change = script.next(|message| message["method"] == "textDocument/didChange");
        assert_eq!(change["params"]["textDocument"]["version"], 2);
    }
}

#[test]
fn a_minimal_editor_writes_closed_files_and_knows_no_document_changes() {
    let fixture = two_files();
    let (editor, script) = session(Profile::Minimal, &fixture);
    let edit = json!({ "changes": { editor.uri("b.rs"): [text_edit(0, 4, 5, "c")] } });
    assert_eq!(script.apply(&editor, edit), json!({ "applied": true }));
    assert_eq!(fixture.read("b.rs"), "let c = 2;\n");
    let edit = json!({ "documentChanges": [step(&editor, "b.rs", Value::Null, vec![])] });
    assert_eq!(script.apply(&editor, edit)["applied"], false);
}

#[test]
fn editors_differ_in_what_they_do_with_a_stale_version() {
    for (profile, answer, b) in [
        (Profile::VsCode, json!({ "applied": false }), "let b = 2;\n"),
        (Profile::Neovim, json!({ "applied": true }), "let c = 2;\n"),
        (
            Profile::Eglot,
            json!({ "applied": false, "failureReason": "the document has another version", "failedChange": 0 }),
            "let b = 2;\n",
        ),
    ] {
        let fixture = two_files();
        let (editor, script) = session(profile, &fixture);
        editor.open("a.rs");
        editor.edit("a.rs", 0..0, " ");
        let steps = json!([
            step(&editor, "a.rs", json!(1), vec![text_edit(0, 0, 3, "const")]),
            step(&editor, "b.rs", Value::Null, vec![text_edit(0, 4, 5, "c")]),
        ]);
        assert_eq!(script.apply(&editor, json!({ "documentChanges": steps })), answer, "{profile:?}");
        assert_eq!(editor.text("a.rs"), " let ä = 1;\n", "{profile:?}");
        assert_eq!(editor.text("b.rs"), b, "{profile:?}");
    }
}

#[test]
fn files_are_created_renamed_and_deleted() {
    let fixture = two_files();
    let (editor, script) = session(Profile::VsCode, &fixture);
    editor.open("a.rs");
    let uri = |path: &str| editor.uri(path);
    let steps = json!([
        { "kind": "create", "uri": uri("src/new.rs"), "options": { "ignoreIfExists": true } },
        step(&editor, "src/new.rs", Value::Null, vec![text_edit(0, 0, 0, "fn new() {}\n")]),
        { "kind": "rename", "oldUri": uri("a.rs"), "newUri": uri("src/a.rs") },
        { "kind": "delete", "uri": uri("b.rs") },
    ]);
    assert_eq!(script.apply(&editor, json!({ "documentChanges": steps })), json!({ "applied": true }));
    assert_eq!(editor.text("src/new.rs"), "fn new() {}\n");
    assert!(editor.version("src/a.rs").is_some() && !fixture.path("a.rs").exists() && !fixture.path("b.rs").exists());

    let steps = json!([{ "kind": "create", "uri": uri("src/a.rs") }]);
    assert_eq!(script.apply(&editor, json!({ "documentChanges": steps }))["applied"], false);
}

#[test]
fn an_editor_can_refuse_or_stop_half_way() {
    for (policy, applied, a, b) in [
        (Policy::Refuse, false, "let ä = 1;\n", "let b = 2;\n"),
        (Policy::Half, false, "x ä = 1;\n", "let b = 2;\n"),
        (Policy::HalfSilently, true, "x ä = 1;\n", "let b = 2;\n"),
    ] {
        let fixture = two_files();
        let (editor, script) = session(Profile::VsCode, &fixture);
        editor.set_policy(policy);
        let steps = json!([
            step(&editor, "a.rs", Value::Null, vec![text_edit(0, 0, 3, "x")]),
            step(&editor, "b.rs", Value::Null, vec![text_edit(0, 0, 3, "x")]),
        ]);
        assert_eq!(script.apply(&editor, json!({ "documentChanges": steps }))["applied"], applied, "{policy:?}");
        assert_eq!((editor.text("a.rs").as_str(), editor.text("b.rs").as_str()), (a, b), "{policy:?}");
    }
}

#[test]
fn settings_registrations_and_choices_are_answered() {
    let fixture = two_files();
    let mut script = None;
    let editor = Editor::builder(Profile::Neovim, fixture.root())
        .configuration("tierline", json!({ "hover": "off" }))
        .connect(|input, output| script = Some(Script::start(input, output, json!({}))));
    let script = script.unwrap();
    editor.choose("Go on");
    let ask = |id: u32, method: &str, params: Value| {
        script.send(json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }));
        script.next(|message| message["id"] == id && message.get("method").is_none())["result"].clone()
    };
    let items = json!({ "items": [{ "section": "tierline" }, { "section": "other" }] });
    assert_eq!(ask(1, "workspace/configuration", items), json!([{ "hover": "off" }, null]));
    let registration = json!({ "id": "1", "method": "workspace/didChangeConfiguration" });
    assert_eq!(ask(2, "client/registerCapability", json!({ "registrations": [registration] })), Value::Null);
    assert_eq!(editor.registrations(), [registration]);
    let question = json!({ "type": 3, "message": "?", "actions": [{ "title": "Stop" }, { "title": "Go on" }] });
    assert_eq!(ask(3, "window/showMessageRequest", question.clone()), json!({ "title": "Go on" }));
    assert_eq!(ask(4, "window/showMessageRequest", question), Value::Null);
}

#[test]
fn a_server_that_breaks_the_protocol_fails_the_test_that_drops_the_editor() {
    let fixture = two_files();
    let (editor, script) = session(Profile::VsCode, &fixture);
    script.send(
        json!({ "jsonrpc": "2.0", "method": "window/showMessage", "params": { "type": 3, "mesage": "x", "message": "x" } }),
    );
    editor.wait_for_message("x");
    let panic = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| drop(editor))).expect_err("a failure");
    let message = panic.downcast_ref::<String>().cloned().unwrap_or_default();
    assert!(message.contains("window/showMessage: params.mesage: ShowMessageParams has no such property"), "{message}");
}
