//! What is recorded comes back, and nothing else does.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use super::*;
use crate::{KeyHeader, Secret, TokenLimitField, Wire};

fn endpoint() -> Endpoint {
    Endpoint {
        base_url: "https://models.example/v1".into(),
        wire: Wire::Chat,
        key: Some(Secret::new("sk-planted")),
        key_header: KeyHeader::Bearer,
        token_limit_field: TokenLimitField::MaxTokens,
        openai_fields: true,
        loopback: false,
        first_rung: crate::Rung::Schema,
        headers: Default::default(),
    }
}

fn reply(status: u16, body: &str) -> Recorded {
    let mut headers = HeaderMap::new();
    headers.insert("set-cookie", "session=sk-planted".parse().unwrap());
    headers.insert("retry-after", "3".parse().unwrap());
    Recorded { status, headers, body: body.as_bytes().to_vec() }
}

fn asked(question: &str, who: &str) -> Vec<u8> {
    json!({"model": "m", "messages": [{"content": question}], "prompt_cache_key": who}).to_string().into_bytes()
}

fn recorded(directory: &Path, question: &str, reply: &Recorded) {
    Tap::new(&Traffic::Record(directory.to_owned())).record(&endpoint(), "/chat/completions", &asked(question, "me"), reply);
}

fn replayed(tap: &Tap, question: &str) -> Result<Recorded, String> {
    tap.replayed("/chat/completions", &asked(question, "somebody else")).unwrap()
}

#[test]
fn replies_come_back_in_their_order_without_keys_and_cookies() {
    let folder = tempfile::tempdir().unwrap();
    recorded(folder.path(), "one?", &reply(500, "{\"error\": \"sk-planted is wrong\"}"));
    recorded(folder.path(), "two?", &reply(200, "plain text"));
    recorded(folder.path(), "one?", &reply(200, "{\"b\":1,\"a\":2}"));
    let tap = Tap::new(&Traffic::Replay(folder.path().to_owned()));
    let first = replayed(&tap, "one?").unwrap();
    assert_eq!((first.status, first.body.as_slice()), (500, b"{\"error\":\"[key] is wrong\"}".as_slice()));
    assert_eq!(first.headers.get("retry-after").unwrap(), "3");
    for _ in 0..2 {
        assert_eq!(replayed(&tap, "one?").unwrap().body, b"{\"b\":1,\"a\":2}");
    }
    assert_eq!(replayed(&tap, "two?").unwrap().body, b"plain text");
    for file in fs::read_dir(folder.path()).unwrap().flatten() {
        let text = fs::read_to_string(file.path()).unwrap();
        assert!(!text.contains("planted") && !text.contains("cookie") && !text.contains("\"me\""), "{text}");
    }
}

#[test]
fn a_stream_is_kept_as_its_events_and_a_cut_one_as_it_is() {
    let whole = "event: a\ndata: {\"type\":\"a\",\"x\":[1]}\n\ndata: {\"type\":\"b\"}\n\ndata: [DONE]\n\n";
    for (text, kept_as) in [(whole, "events"), (&whole[..30], "text"), ("data: 1\ndata: 2\n\n", "text"), (": hi\n\n", "text")] {
        let folder = tempfile::tempdir().unwrap();
        recorded(folder.path(), "one?", &reply(200, text));
        let file = folder.path().join("00001-chat_completions.json");
        let exchange: Value = serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap();
        assert!(exchange["response"].get(kept_as).is_some(), "{exchange:#}");
        let tap = Tap::new(&Traffic::Replay(folder.path().to_owned()));
        assert_eq!(String::from_utf8(replayed(&tap, "one?").unwrap().body).unwrap(), text);
    }
}

#[test]
fn a_request_that_was_not_recorded_fails_and_names_the_nearest() {
    let folder = tempfile::tempdir().unwrap();
    let tap = || Tap::new(&Traffic::Replay(folder.path().to_owned()));
    assert!(replayed(&tap(), "one?").unwrap_err().contains("it holds no exchange"));
    recorded(folder.path(), "first\nsecond\nthird", &reply(200, "{}"));
    recorded(folder.path(), "quite another", &reply(200, "{}"));
    let error = replayed(&tap(), "first\nother\nthird").unwrap_err();
    assert!(error.contains("00001-chat_completions.json, which differs at /messages/0/content line 2"), "{error}");
    fs::write(folder.path().join("00009-note.json"), "{}").unwrap();
    assert!(replayed(&tap(), "x").unwrap_err().contains("00009-note.json is no exchange"));
}
