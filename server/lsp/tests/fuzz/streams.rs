//! Bytes that are nearly a session: cut, repeated, with headers and bodies that lie. The server answers, or ends with a sentence.

use std::io::{Read, Write};

use fastrand::Rng;
use serde_json::{Value, json};

use crate::server::{Server, assert_memory, panics};

/// Messages of a small session, framed.
fn messages() -> Vec<Vec<u8>> {
    let uri = "file:///nowhere/a.rs";
    let place = json!({"textDocument": {"uri": uri}, "position": {"line": 0, "character": 3}});
    let document = json!({"uri": uri, "languageId": "rust", "version": 1, "text": "fn a() {}\n"});
    let message = |id: Option<u32>, method: &str, params: Value| {
        let mut message = json!({"jsonrpc": "2.0", "method": method, "params": params});
        if let Some(id) = id {
            message["id"] = id.into();
        }
        let mut framed = Vec::new();
        lsp::framing::write(&mut framed, message.to_string().as_bytes()).unwrap();
        framed
    };
    vec![
        message(Some(1), "initialize", json!({"processId": null, "rootUri": null, "capabilities": {}})),
        message(None, "initialized", json!({})),
        message(None, "textDocument/didOpen", json!({"textDocument": document})),
        message(Some(2), "textDocument/hover", place.clone()),
        message(
            Some(3),
            "textDocument/codeAction",
            json!({"textDocument": {"uri": uri}, "range": {"start": {"line": 0, "character": 0}, "end": {"line": 9, "character": 0}}, "context": {"diagnostics": []}}),
        ),
        message(None, "$/cancelRequest", json!({"id": 3})),
        message(Some(4), "workspace/symbol", json!({"query": "a"})),
        message(Some(5), "shutdown", Value::Null),
        message(None, "exit", Value::Null),
    ]
}

/// A frame whose header or body is not what it should be.
fn odd(rng: &mut Rng) -> Vec<u8> {
    let bodies: &[&[u8]] = &[
        b"",
        b"{}",
        b"[]",
        b"null",
        b"7",
        b"\"\"",
        b"{\"jsonrpc\":\"2.0\"}",
        b"{\"jsonrpc\":\"2.0\",\"id\":{},\"method\":1}",
        b"\xff\xfe\x00",
        b"{\"jsonrpc\":\"2.0\",\"id\":9,\"method\":\"textDocument/hover\",\"params\":[]}",
        b"{\"jsonrpc\":\"2.0\",\"id\":9,\"result\":1,\"error\":2}",
        b"{\"jsonrpc\":\"2.0\",\"method\":\"textDocument/didChange\",\"params\":{\"contentChanges\":[{\"range\":null}]}}",
        b"{\"jsonrpc\":\"2.0\",\"id\":1e400,\"method\":\"x\"}",
        b"{\"jsonrpc\":\"2.0\",\"id\":\"\\ud800\",\"method\":\"x\"}",
        b"{\"a\":1,\"a\":2,\"jsonrpc\":\"2.0\",\"method\":\"$/x\"}",
        b"{\"jsonrpc\":\"2.0\",\"id\":-9223372036854775809,\"method\":\"shutdown\"}",
    ];
    let mut body = bodies[rng.usize(..bodies.len())].to_vec();
    if rng.u8(0..8) == 0 {
        body = "[".repeat(rng.usize(1..4_000)).into_bytes();
    }
    let length = match rng.u8(0..12) {
        0 => body.len().saturating_sub(1).to_string(),
        1 => (body.len() + 1).to_string(),
        2 => "18446744073709551616".to_owned(),
        3 => "67108865".to_owned(),
        4 => "-1".to_owned(),
        5 => "0x10".to_owned(),
        6 => format!("{}, {}", body.len(), body.len()),
        _ => body.len().to_string(),
    };
    let name =
        ["Content-Length", "content-length", "CONTENT-LENGTH", "Content-Lenght", "Content-Length ", "", "é"][rng.usize(..7)];
    let more = ["", "", "Content-Type: x; charset=utf-16\r\n", "Content-Length: 3\r\n", "X\r\n", "X: \0\r\n"][rng.usize(..6)];
    let end = ["\r\n", "\r\n", "\n", "\r"][rng.usize(..4)];
    [format!("{name}: {length}{end}{more}{end}").into_bytes(), body].concat()
}

fn stream(rng: &mut Rng) -> Vec<u8> {
    let mut parts = messages();
    for _ in 0..rng.usize(0..6) {
        let at = rng.usize(..=parts.len());
        match rng.u8(0..6) {
            0 => drop((at < parts.len()).then(|| parts.remove(at))),
            1 => {
                if let Some(part) = parts.get(at).cloned() {
                    parts.insert(rng.usize(..=parts.len()), part);
                }
            }
            2 => {
                if let Some(part) = parts.get_mut(at).filter(|part| !part.is_empty()) {
                    part.truncate(rng.usize(..part.len()));
                }
            }
            3 => {
                if let Some(part) = parts.get_mut(at).filter(|part| !part.is_empty()) {
                    let at = rng.usize(..part.len());
                    part[at] = rng.u8(..);
                }
            }
            _ => {
                let odd = odd(rng);
                parts.insert(at, odd);
            }
        }
    }
    parts.concat()
}

#[test]
fn any_stream_of_bytes_is_answered_or_ends_the_server_with_a_sentence() {
    for number in crate::numbers(60) {
        let mut rng = Rng::with_seed(number);
        let bytes = stream(&mut rng);
        let (server, mut from_server, mut to_server) = Server::start();
        let reader = std::thread::spawn(move || {
            let mut said = Vec::new();
            from_server.read_to_end(&mut said).map(|_| said)
        });
        let mut rest = bytes.as_slice();
        while !rest.is_empty() {
            let (now, later) = rest.split_at(rng.usize(1..=rest.len().min(200)));
            // A server that has ended takes nothing more.
            if to_server.write_all(now).is_err() {
                break;
            }
            rest = later;
        }
        drop(to_server);
        let shown = || format!("number {number}: {}", String::from_utf8_lossy(&bytes));
        let outcome = server.outcome().unwrap_or_else(|| panic!("the server goes on without input, {}", shown()));
        assert_eq!(outcome.exit_code() == 0, outcome.shut_down && !outcome.is_fault(), "{outcome} {}", shown());
        assert_eq!(panics(), Vec::<String>::new(), "{}", shown());
        // Whatever it was sent, what it says is a stream of frames.
        let said = reader.join().unwrap().unwrap();
        let mut frames = lsp::framing::FrameReader::new(said.as_slice());
        while let Some(body) = frames.read().unwrap_or_else(|error| panic!("{error}, {}", shown())) {
            let message: Value = serde_json::from_slice(&body).unwrap_or_else(|error| panic!("{error}, {}", shown()));
            assert_eq!(message["jsonrpc"], "2.0");
            let is_bug = message.pointer("/error/data/bug").is_some() || message.pointer("/error/code") == Some(&json!(-32603));
            assert!(!is_bug, "{message} {}", shown());
        }
        assert_memory(number);
    }
}
