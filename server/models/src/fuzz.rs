//! Doors for fuzzers, only with the feature `fuzz`: what a server may send, without a server.

use serde_json::Value;

use crate::stream::{Heard, Hearing, Unheard};
use crate::wire::{Reply, adapter};
use crate::{Rung, Schema, Usage, Wire, answer, shape};

/// What came of a reply.
#[derive(Debug, Clone, PartialEq)]
pub struct Said {
    /// The words.
    pub text: String,
    /// Why there are none.
    pub refusal: Option<String>,
    /// Why it ended, as it is debugged.
    pub stop: String,
    /// What it used, as the ledger takes it.
    pub usage: Option<Usage>,
    /// Which model spoke, and what it was asked through.
    pub names: (Option<String>, Option<String>),
}

impl From<Reply> for Said {
    fn from(reply: Reply) -> Self {
        Self {
            text: reply.text,
            refusal: reply.refusal,
            stop: format!("{:?}", reply.stop),
            usage: reply.usage.map(Usage::bounded),
            names: (reply.model, reply.service_tier),
        }
    }
}

/// Reads a stream whose bytes come in these pieces, until it ends or breaks. No event may be longer than so many bytes.
///
/// # Errors
/// Says why there is no reply.
pub fn hear<'b>(wire: Wire, longest: usize, pieces: impl Iterator<Item = &'b [u8]>) -> Result<Said, String> {
    let mut hearing = Hearing::within(adapter(wire).assembly(), longest);
    for piece in pieces {
        if matches!(hearing.hear(piece), Heard::Ended | Heard::Broken) {
            break;
        }
    }
    hearing.reply().map(Said::from).map_err(|unheard| match unheard {
        Unheard::Cut => "cut".to_owned(),
        Unheard::Malformed(message) => message,
    })
}

/// Reads a reply that came in one piece.
///
/// # Errors
/// Says why there is none.
pub fn read(wire: Wire, body: &Value) -> Result<Said, String> {
    adapter(wire).read(body).map(Said::from)
}

/// Reads an answer from the words of a reply.
///
/// # Errors
/// Says why they are none of the asked shape.
pub fn answer(text: &str, schema: &Schema, rung: Rung, local: bool) -> Result<Value, String> {
    answer::read(text, schema, rung, local)
}

/// Whether a value is of a shape.
#[must_use]
pub fn fits(schema: &Schema, value: &Value) -> bool {
    shape::check(&schema.json, value).is_ok()
}
