//! The protocols of model servers, one file each. An adapter turns a request into a body and a body into a reply; it sends nothing,
//! retries nothing and believes nothing.

mod chat;
mod messages;
mod responses;

use serde_json::Value;

use crate::abilities::Abilities;
use crate::{Profile, Rung, Schema, Usage, Wire};

/// What an adapter needs to know of a request.
#[derive(Debug)]
pub(crate) struct Request<'a> {
    pub(crate) profile: &'a Profile,
    pub(crate) instructions: &'a str,
    pub(crate) input: &'a [String],
    pub(crate) schema: &'a Schema,
    pub(crate) max_output_tokens: u32,
    pub(crate) abilities: Abilities,
    /// Names the fixed prefix to the server's prompt cache; holds no path and no secret.
    pub(crate) cache_key: &'a str,
}

impl Request<'_> {
    /// The instructions, with the schema in words where the server does not enforce it.
    fn system_text(&self) -> String {
        match self.abilities.rung {
            Rung::Schema => self.instructions.to_owned(),
            Rung::Object | Rung::Text => format!(
                "{}\n\nAnswer with one JSON object and nothing else. It must satisfy this JSON schema:\n{}",
                self.instructions, self.schema.json
            ),
        }
    }

    /// Whether OpenAI's own fields are sent.
    fn extras(&self) -> bool {
        self.abilities.extras && self.profile.endpoint.openai_fields
    }

    /// The service tier that is asked for by name where there are several: what was reserved is at its prices, and a project of OpenAI's may
    /// have set a dearer one for requests that name none.
    fn service_tier(&self) -> Option<&'static str> {
        (self.abilities.service_tier && self.profile.endpoint.openai_fields).then_some("default")
    }

    fn effort_text(&self) -> Option<&str> {
        if self.abilities.effort { self.profile.effort.as_deref() } else { None }
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
    /// What puts a reply together from its events.
    fn assembly(&self) -> Box<dyn Assembly>;
}

/// What an event was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// Nothing of the answer.
    Quiet,
    /// A part of the answer.
    Begun,
    /// The terminal event.
    End,
}

/// A reply that is put together from events. What it does not know it passes over.
pub(crate) trait Assembly: Send {
    /// The next event.
    fn event(&mut self, event: &Value) -> Step;
    /// `[DONE]`, which some protocols end with.
    fn done(&mut self) -> Step;
    /// The reply: after the terminal event, or after the server closed the stream in an orderly way without one. Nothing when the
    /// reply is not whole.
    fn reply(&mut self, ended: bool) -> Option<Reply>;
}

/// An error inside a stream that began well.
fn failed(event: &Value) -> Option<Stop> {
    let error = event.get("error").filter(|error| !error.is_null());
    let error = error.or_else(|| (event.get("type")?.as_str() == Some("error")).then_some(event))?;
    let word = |name: &str| match error.get(name) {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(number)) => number.to_string(),
        _ => String::new(),
    };
    let kind = if word("type") == "error" { String::new() } else { word("type") };
    let code = [word("code"), kind].into_iter().find(|word| !word.is_empty()).unwrap_or_default();
    Some(Stop::Failed { code, message: error.as_str().map_or_else(|| word("message"), str::to_owned) })
}

/// The adapter of a protocol.
pub(crate) fn adapter(wire: Wire) -> &'static dyn Adapter {
    match wire {
        Wire::Responses => &responses::Responses,
        Wire::Chat => &chat::Chat,
        Wire::Messages => &messages::Messages,
    }
}

/// A count in a usage report; absent, negative or broken counts are absent.
fn count(usage: &Value, pointer: &str) -> Option<u64> {
    usage.pointer(pointer).and_then(Value::as_u64)
}

fn owned(value: &Value, name: &str) -> Option<String> {
    value.get(name).and_then(Value::as_str).map(str::to_owned)
}
