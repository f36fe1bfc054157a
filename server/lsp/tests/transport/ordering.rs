//! Messages are taken in the order in which they were sent.

use lsp::client::{Client, Recording, Side};
use serde_json::{Value, json};

use crate::backend::{change, hover, session, session_with};

#[test]
fn two_thousand_changes_are_applied_without_one_inversion() {
    let (_server, client) = session();
    for version in 1..=2_000 {
        client.notify("textDocument/didChange", change(version)).unwrap();
    }
    let versions = client.request("test/versions", Value::Null).unwrap();
    assert_eq!(versions, json!((1..=2_000).collect::<Vec<_>>()));
}

#[test]
fn a_hover_sees_the_change_before_it_and_none_behind_it() {
    let (_server, client) = session();
    let hovers: Vec<i64> = (1..=1_000)
        .map(|version| {
            client.notify("textDocument/didChange", change(version)).unwrap();
            client.start_request("textDocument/hover", hover(version.unsigned_abs() % 2)).unwrap()
        })
        .collect();
    let seen: Vec<String> = hovers
        .into_iter()
        .map(|id| client.wait(id).unwrap()["contents"]["value"].as_str().unwrap_or_default().to_owned())
        .collect();
    assert_eq!(seen, (1..=1_000).map(|version| version.to_string()).collect::<Vec<_>>());
}

#[test]
fn a_cancelled_progress_reaches_the_server() {
    let (_server, client) = session();
    client.notify("window/workDoneProgress/cancel", json!({ "token": "t1" })).unwrap();
    assert_eq!(client.request("test/cancelledProgress", Value::Null).unwrap(), json!(["t1"]));
}

#[test]
fn a_request_without_params_has_no_params() {
    let recording = Recording::default();
    let (_server, client) = session_with(Client::builder().record(&recording));
    client.request("test/refresh", Value::Null).unwrap();
    let sent =
        recording.messages().into_iter().find(|message| message.from == Side::Server && message.content["method"].is_string());
    let sent = sent.expect("a request of the server").content;
    assert_eq!(sent["method"], "workspace/codeLens/refresh");
    assert_eq!(sent.get("params"), None);
}
