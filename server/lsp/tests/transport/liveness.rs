//! Nothing that one handler does, or does not do, holds up anything else.

use std::time::{Duration, Instant};

use lsp::client::{Client, Reply};
use serde_json::{Value, json};

use crate::backend::{change, hover, server, session, session_with};

const NEVER: u32 = 2;

#[test]
fn with_eight_hovers_that_never_end_a_change_a_cancel_and_a_fast_hover_get_through() {
    let (_server, client) = session();
    let stuck: Vec<i64> = (0..8).map(|_| client.start_request("textDocument/hover", hover(NEVER)).unwrap()).collect();

    client.notify("textDocument/didChange", change(7)).unwrap();
    let fastest = (0..10)
        .map(|_| {
            let asked = Instant::now();
            let answer = client.request("textDocument/hover", hover(0)).unwrap();
            assert_eq!(answer["contents"]["value"], "7");
            asked.elapsed()
        })
        .min();
    assert!(fastest < Some(Duration::from_millis(100)), "the fastest of ten hovers took {fastest:?}");

    for id in stuck {
        client.cancel(id).unwrap();
        assert_eq!(client.wait(id).unwrap_err().code(), Some(-32800));
    }
}

#[test]
fn handlers_that_wait_for_the_client_do_not_hold_up_what_the_client_sends() {
    let (_server, client) = session_with(Client::builder().on_request(|_, _| Reply::Later));
    let asked: Vec<i64> = (0..4).map(|_| client.start_request("test/ask", Value::Null).unwrap()).collect();
    for version in 1..=400 {
        client.notify("textDocument/didChange", change(version)).unwrap();
    }
    for _ in 0..4 {
        let request = client.wait_for_server_request("workspace/configuration").unwrap();
        client.wire().respond(&request.id, Ok(json!([{ "answer": 1 }]))).unwrap();
    }
    for id in asked {
        assert_eq!(client.wait(id), Ok(json!([{ "answer": 1 }])));
    }
    let versions = client.request("test/versions", Value::Null).unwrap();
    assert_eq!(versions.as_array().map(Vec::len), Some(400));
}

#[test]
fn an_answer_to_a_request_that_was_cancelled_harms_nobody() {
    let (_server, client) = session_with(Client::builder().on_request(|_, _| Reply::Later));
    let id = client.start_request("test/ask", Value::Null).unwrap();
    let request = client.wait_for_server_request("workspace/configuration").unwrap();
    client.cancel(id).unwrap();
    assert_eq!(client.wait(id).unwrap_err().code(), Some(-32800));
    for _ in 0..2 {
        client.wire().respond(&request.id, Ok(json!([null]))).unwrap();
    }
    client.wire().respond(&json!("never asked"), Ok(Value::Null)).unwrap();
    assert_eq!(client.request("test/versions", Value::Null), Ok(json!([])));
}

#[test]
fn a_panic_costs_one_request_and_frees_its_id() {
    let (_server, client) = session();
    for late in [false, true] {
        let error = client.request("test/panic", json!(late)).unwrap_err();
        let lsp::client::Error::Answered(error) = error else { panic!("{error}") };
        assert_eq!(error.code, -32603);
        assert_eq!(error.data, Some(json!({ "bug": true })));
        assert!(error.message.contains("as asked"), "{}", error.message);
    }
    let used = json!({ "jsonrpc": "2.0", "id": 3, "method": "test/versions" });
    client.wire().send(used).unwrap();
    assert_eq!(client.wait(3), Ok(json!([])));
}

#[test]
fn a_panic_in_a_notification_costs_that_notification() {
    let (_server, client) = session();
    for version in [1, -1, 2] {
        client.notify("textDocument/didChange", change(version)).unwrap();
    }
    assert_eq!(client.request("test/versions", Value::Null), Ok(json!([1, 2])));
}

#[test]
fn a_panic_in_initialize_can_be_tried_again() {
    let (_server, from_server, to_server) = server();
    let client = Client::connect(from_server, to_server).unwrap();
    let mut params = json!({ "processId": null, "rootUri": null, "capabilities": {}, "initializationOptions": "panic" });
    assert_eq!(client.initialize(params.clone()).unwrap_err().code(), Some(-32603));
    params["initializationOptions"] = Value::Null;
    client.initialize(params).unwrap();
    assert_eq!(client.request("test/versions", Value::Null), Ok(json!([])));
}
