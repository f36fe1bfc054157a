//! What model servers send.

use std::sync::LazyLock;

use models::fuzz::{Said, answer, fits, hear, read};
use models::{Rung, Schema, Wire};
use serde_json::json;

use crate::input;

/// What is asked for.
static SCHEMA: LazyLock<Schema> = LazyLock::new(|| {
    let json = json!({
        "type": "object",
        "properties": {
            "summary": {"type": "string", "maxLength": 40},
            "kind": {"type": "string", "enum": ["a", "b"]},
            "steps": {"type": "array", "maxItems": 3, "items": {"anyOf": [
                {"type": "integer", "minimum": 0},
                {"$ref": "#/$defs/step"},
            ]}},
        },
        "required": ["summary"],
        "additionalProperties": false,
        "$defs": {"step": {"type": ["null", "boolean"]}},
    });
    Schema { name: "fuzz_v1", json }
});

/// A letter for the protocol, one for the longest event, widths, and what a server sends in pieces of those widths. Whatever it
/// sends:
/// - the reply is the same in every split of the bytes, refused or not;
/// - what is read where events may be no longer than so much is also read where they may be;
/// - tokens are counted within their wholes;
/// - what is taken for an answer is of the asked shape.
pub fn events(bytes: &[u8]) {
    let (letter, rest) = input::first(bytes);
    let (limit, rest) = input::first(rest);
    let wire = match letter {
        b'c' => Wire::Chat,
        b'm' => Wire::Messages,
        b'r' => Wire::Responses,
        other => [Wire::Chat, Wire::Messages, Wire::Responses][usize::from(other % 3)],
    };
    // What a server sends need not be UTF-8, so only the first of these bytes parts it.
    let (widths, sent) = match rest.iter().position(|byte| *byte == 0xff) {
        Some(at) => (&rest[..at], &rest[at + 1..]),
        None => (&rest[..0], rest),
    };
    let longest = if limit == b'-' { 4 << 20 } else { usize::from(limit) * 8 };
    let whole = hear(wire, longest, std::iter::once(sent));
    assert_eq!(hear(wire, longest, sent.chunks(1)), whole, "byte by byte");
    assert_eq!(hear(wire, longest, split(sent, widths).into_iter()), whole, "in pieces of {widths:?}");
    if let Ok(said) = &whole {
        assert_eq!(hear(wire, usize::MAX, std::iter::once(sent)).as_ref(), Ok(said), "with longer events");
        is_sound(said);
    }
    if let Ok(said) =
        serde_json::from_slice(sent).map_err(|error| error.to_string()).and_then(|body: serde_json::Value| read(wire, &body))
    {
        is_sound(&said);
    }
    is_of_the_shape(&input::text(sent));
}

fn split<'b>(mut rest: &'b [u8], widths: &[u8]) -> Vec<&'b [u8]> {
    let mut pieces = Vec::new();
    for width in widths.iter().copied().chain(std::iter::repeat(7)) {
        let (piece, later) = rest.split_at(usize::from(width).min(rest.len()));
        pieces.push(piece);
        rest = later;
        if rest.is_empty() {
            break;
        }
    }
    pieces
}

fn is_sound(said: &Said) {
    if let Some(usage) = said.usage {
        assert!(usage.cached <= usage.input && usage.cache_write <= usage.input - usage.cached, "{usage:?}");
        assert!(usage.reasoning <= usage.output && !usage.estimated, "{usage:?}");
    }
    is_of_the_shape(&said.text);
}

fn is_of_the_shape(text: &str) {
    for rung in [Rung::Schema, Rung::Object, Rung::Text] {
        for local in [false, true] {
            if let Ok(value) = answer(text, &SCHEMA, rung, local) {
                assert!(fits(&SCHEMA, &value) && value["summary"].is_string(), "{value}");
                assert!(value["summary"].as_str().is_some_and(|summary| summary.chars().count() <= 40), "{value}");
            }
        }
    }
}
