//! The server ends when it should, at once, and with the right code.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use lsp::client::Client;
use lsp::transport::End;
use serde_json::{Value, json};

use crate::backend::{hover, server, session};

#[test]
fn exit_after_shutdown_is_success_although_the_input_stays_open() {
    let (server, client) = session();
    client.request("shutdown", Value::Null).unwrap();
    client.notify("exit", Value::Null).unwrap();
    let outcome = server.outcome();
    assert!(matches!(outcome.end, End::Exit));
    assert_eq!(outcome.exit_code(), 0);
    drop(client);
}

#[test]
fn exit_without_shutdown_is_failure() {
    let (server, client) = session();
    client.notify("exit", Value::Null).unwrap();
    let outcome = server.outcome();
    assert!(matches!(outcome.end, End::Exit));
    assert_eq!(outcome.exit_code(), 1);
}

#[test]
fn the_end_of_the_input_ends_the_server_within_two_seconds_whatever_runs() {
    let (server, client) = session();
    for _ in 0..8 {
        client.start_request("textDocument/hover", hover(2)).unwrap();
    }
    // Both threads of the runtime are taken out, and so is the dispatcher's.
    client.start_request("test/block", Value::Null).unwrap();
    client.start_request("test/block", Value::Null).unwrap();
    let closed = Instant::now();
    client.close();
    let outcome = server.outcome();
    assert!(closed.elapsed() < Duration::from_secs(2), "{:?}", closed.elapsed());
    assert!(matches!(outcome.end, End::InputClosed));
    assert_eq!(outcome.exit_code(), 1);
}

#[test]
fn the_end_of_the_input_is_seen_even_where_initialize_hangs() {
    let (server, from_server, to_server) = server();
    let client = Client::connect(from_server, to_server).unwrap();
    let params = json!({ "processId": null, "rootUri": null, "capabilities": {}, "initializationOptions": "hang" });
    client.start_request("initialize", params).unwrap();
    let closed = Instant::now();
    client.close();
    assert_eq!(server.outcome().exit_code(), 1);
    assert!(closed.elapsed() < Duration::from_secs(2), "{:?}", closed.elapsed());
}

#[test]
fn what_was_asked_before_the_input_ended_is_still_answered() {
    let (server, client) = session();
    let asked: Vec<i64> = (0..100).map(|_| client.start_request("textDocument/hover", hover(1)).unwrap()).collect();
    client.request("shutdown", Value::Null).unwrap();
    client.close();
    assert_eq!(server.outcome().exit_code(), 0);
    assert!(asked.into_iter().all(|id| client.wait(id).is_ok()));
}

#[test]
fn a_client_that_takes_no_output_ends_the_server() {
    let (server, from_server, to_server) = server();
    drop(from_server);
    let (nothing, _keep) = std::io::pipe().unwrap();
    let client = Client::connect(nothing, to_server).unwrap();
    while client.start_request("no/such", Value::Null).is_ok() {}
    let outcome = server.outcome();
    assert!(matches!(outcome.end, End::OutputClosed(_)), "{outcome}");
    assert_eq!(outcome.exit_code(), 1);
}

#[cfg(unix)]
#[test]
fn the_end_of_the_editor_s_process_ends_the_server() {
    let mut editor = Command::new("cat").stdin(Stdio::piped()).spawn().unwrap();
    let (server, from_server, to_server) = server();
    let client = Client::connect(from_server, to_server).unwrap();
    client.initialize(json!({ "processId": editor.id(), "rootUri": null, "capabilities": {} })).unwrap();
    editor.kill().unwrap();
    editor.wait().unwrap();
    let outcome = server.outcome();
    assert!(matches!(outcome.end, End::ParentGone(id) if id == editor.id()), "{outcome}");
}

#[cfg(unix)]
#[test]
fn an_editor_whose_process_cannot_be_seen_is_not_taken_for_dead() {
    let mut gone = Command::new("true").spawn().unwrap();
    gone.wait().unwrap();
    let (server, from_server, to_server) = server();
    let mut client = Client::connect(from_server, to_server).unwrap();
    client.initialize(json!({ "processId": gone.id(), "rootUri": null, "capabilities": {} })).unwrap();
    client.shutdown().unwrap();
    assert!(matches!(server.outcome().end, End::Exit));
}
