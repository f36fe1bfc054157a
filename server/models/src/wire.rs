//! The protocols of model servers, one file each. An adapter turns a request into a body and a body into a reply; it sends nothing,
//! retries nothing and believes nothing.

mod chat;
mod responses;

use serde_json::Value;

use crate::{Profile, Schema, Usage, Wire};

/// How the shape of the answer is asked for. A server that refuses one rung is asked on the next, and that is remembered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Rung {
    /// A strict JSON schema, which the server enforces.
    Schema,
    /// Any JSON object, with the schema in the prompt.
    Object,
    /// Text, with the schema in the prompt.
    Text,
}

impl Rung {
    pub(crate) fn next(self) -> Option<Rung> {
        match self {
            Rung::Schema => Some(Rung::Object),
            Rung::Object => Some(Rung::Text),
            Rung::Text => None,
        }
    }
}

/// What an adapter needs to know of a request.
#[derive(Debug)]
pub(crate) struct Request<'a> {
    pub(crate) profile: &'a Profile,
    pub(crate) instructions: &'a str,
    pub(crate) input: &'a [String],
    pub(crate) schema: &'a Schema,
    pub(crate) max_output_tokens: u32,
    pub(crate) rung: Rung,
    /// Whether the reasoning effort is sent; some servers refuse it.
    pub(crate) effort: bool,
    /// Names the fixed prefix to the server's prompt cache; holds no path and no secret.
    pub(crate) cache_key: &'a str,
}

impl Request<'_> {
    /// The instructions, with the schema in words where the server does not enforce it.
    fn system_text(&self) -> String {
        match self.rung {
            Rung::Schema => self.instructions.to_owned(),
            Rung::Object | Rung::Text => format!(
                "{}\n\nAnswer with one JSON object and nothing else. It must satisfy this JSON schema:\n{}",
                self.instructions, self.schema.json
            ),
        }
    }

    fn effort_text(&self) -> Option<&str> {
        if self.effort { self.profile.effort.as_deref() } else { None }
    }
}

/// Why a reply ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Stop {
    /// The model was done.
    Done,
    /// The token limit cut it.
    Length,
    /// A content filter cut it.
    Filter,
    /// The server gave up, in its own words.
    Failed { code: String, message: String },
}

/// What a server replied.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Reply {
    pub(crate) text: String,
    pub(crate) refusal: Option<String>,
    pub(crate) stop: Stop,
    pub(crate) usage: Option<Usage>,
    pub(crate) model: Option<String>,
    pub(crate) service_tier: Option<String>,
}

/// One protocol.
pub(crate) trait Adapter: Send + Sync {
    /// What follows the base address.
    fn path(&self) -> &'static str;
    /// The body of a request.
    fn body(&self, request: &Request<'_>) -> Value;
    /// The reply in a body, or a sentence that says why there is none.
    fn read(&self, body: &Value) -> Result<Reply, String>;
}

/// The adapter of a protocol.
pub(crate) fn adapter(wire: Wire) -> &'static dyn Adapter {
    match wire {
        Wire::Responses => &responses::Responses,
        Wire::Chat => &chat::Chat,
    }
}

/// A count in a usage report; absent, negative or broken counts are absent.
fn count(usage: &Value, pointer: &str) -> Option<u64> {
    usage.pointer(pointer).and_then(Value::as_u64)
}

fn owned(value: &Value, name: &str) -> Option<String> {
    value.get(name).and_then(Value::as_str).map(str::to_owned)
}
