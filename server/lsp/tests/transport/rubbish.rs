//! Whatever arrives, the server lives and says so, or ends with a sentence and a code that is not zero.

use std::io::Write;

use lsp::client::Client;
use lsp::transport::End;
use serde_json::{Value, json};

use crate::backend::{server, session};

fn framed(body: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    lsp::framing::write(&mut bytes, body).unwrap();
    bytes
}

#[test]
fn a_body_that_means_nothing_is_refused_and_the_next_one_is_served() {
    let deep = "[".repeat(100_000);
    for (body, code) in [
        (b"{\"jsonrpc\":\"2.0\",\"method\":".as_slice(), -32700),
        (b"", -32700),
        (b"\xff\xfe{}", -32700),
        (b"{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"test/\xff\"}", -32700),
        (deep.as_bytes(), -32700),
        (b"[]", -32600),
        (b"[{\"jsonrpc\":\"2.0\",\"method\":\"x\"}]", -32600),
        (b"7", -32600),
        (b"{\"a\":1}", -32600),
        (b"{\"jsonrpc\":\"1.0\",\"method\":\"x\"}", -32600),
        (b"{\"jsonrpc\":\"2.0\",\"id\":1.5,\"method\":\"x\"}", -32600),
    ] {
        let (_server, client) = session();
        client.wire().send_raw(&framed(body)).unwrap();
        let refusal = client.wait_for_stray().unwrap();
        let shown = String::from_utf8_lossy(&body[..body.len().min(60)]);
        assert_eq!(refusal["error"]["code"], code, "{shown}: {refusal}");
        assert_eq!(refusal["id"], Value::Null, "{shown}");
        assert_eq!(client.request("test/versions", Value::Null), Ok(json!([])), "{shown}");
    }
}

#[test]
fn a_message_that_is_no_json_rpc_is_refused_under_its_own_id() {
    let (_server, client) = session();
    client.wire().send(json!({ "id": 70, "method": "test/versions" })).unwrap();
    assert_eq!(client.wait(70).unwrap_err().code(), Some(-32600));
}

#[test]
fn a_stream_that_is_no_stream_of_frames_ends_the_server_with_a_sentence() {
    for (bytes, sentence) in [
        ("Content-Type: x\r\n\r\n{}", "have no Content-Length"),
        ("Content-Length: 99999999999999\r\n\r\n", "announces 99999999999999 bytes"),
        ("Content-Length: -5\r\n\r\n", "`-5` is no usable Content-Length"),
        ("tierline --help\n", "is no header line"),
    ] {
        let (server, _from_server, mut to_server) = server();
        to_server.write_all(bytes.as_bytes()).unwrap();
        let outcome = server.outcome();
        assert!(outcome.is_fault(), "{outcome}");
        assert_ne!(outcome.exit_code(), 0);
        assert!(outcome.to_string().contains(sentence), "{outcome}");
    }
}

#[test]
fn requests_out_of_season_are_refused() {
    let (server, from_server, to_server) = server();
    let client = Client::connect(from_server, to_server).unwrap();
    assert_eq!(client.request("test/versions", Value::Null).unwrap_err().code(), Some(-32002));
    client.notify("textDocument/didChange", crate::backend::change(1)).unwrap();
    let params = json!({ "processId": null, "rootUri": null, "capabilities": {} });
    client.initialize(params.clone()).unwrap();
    assert_eq!(client.request("test/versions", Value::Null), Ok(json!([])));
    assert_eq!(client.request("initialize", params).unwrap_err().code(), Some(-32600));
    assert_eq!(client.request("no/such", Value::Null).unwrap_err().code(), Some(-32601));
    client.wire().send(json!({ "jsonrpc": "2.0", "id": 99, "method": "shutdown", "params": null })).unwrap();
    assert_eq!(client.wait(99), Ok(Value::Null));
    assert_eq!(client.request("test/versions", Value::Null).unwrap_err().code(), Some(-32600));
    client.notify("exit", Value::Null).unwrap();
    assert!(matches!(server.outcome().end, End::Exit));
}

#[test]
fn an_id_that_is_in_use_is_refused_and_the_first_request_goes_on() {
    let (_server, client) = session();
    let id = client.start_request("textDocument/hover", crate::backend::hover(2)).unwrap();
    client.wire().send(json!({ "jsonrpc": "2.0", "id": id, "method": "test/versions" })).unwrap();
    assert_eq!(client.wait(id).unwrap_err().code(), Some(-32600));
    client.cancel(id).unwrap();
    assert_eq!(client.wait_for_stray().unwrap()["error"]["code"], -32800);
}
