//! A reply, in words that hold for every protocol, with the fault that it is sent with.

use serde_json::{Value, json};

use super::protocol;

/// The usage that a reply reports, or a sum of such.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Reported {
    /// How many replies.
    pub replies: u64,
    /// Prompt tokens, the cached ones included.
    pub input: u64,
    /// Cached prompt tokens.
    pub cached: u64,
    /// Reply tokens, reasoning included.
    pub output: u64,
    /// Reasoning tokens.
    pub reasoning: u64,
}

impl Reported {
    pub(super) fn add(&mut self, other: Reported) {
        self.replies += other.replies;
        self.input += other.input;
        self.cached += other.cached;
        self.output += other.output;
        self.reasoning += other.reasoning;
    }
}

#[derive(Debug, Clone)]
pub(super) enum Said {
    Text(String),
    Refusal(String),
    Incomplete { text: String, reason: &'static str },
    Raw { status: u16, body: Vec<u8> },
}

/// What goes wrong on the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// The connection is closed without a byte.
    CloseAtOnce,
    /// The first half of the body is sent, then the connection is closed.
    Cut,
    /// Nothing is sent until the server is released or the client goes away.
    Stall,
    /// The first half of the body is sent, then nothing until the server is released or the client goes away.
    StallInTheMiddle,
    /// The body has no end: blanks until the client goes away.
    Endless,
    /// Only what comes before the answer is sent, then nothing until the server is released or the client goes away.
    StallBeforeText,
    /// The stream ends in an orderly way, before its last event.
    EndEarly,
    /// One event of the stream is not JSON.
    Garble,
    /// All is well, and then the connection is closed though it was to stay open.
    CloseAfter,
}

/// What a request is answered with.
#[derive(Debug, Clone)]
pub struct Reply {
    pub(super) said: Said,
    pub(super) usage: Option<Reported>,
    headers: Vec<(String, String)>,
    model: Option<String>,
    service_tier: Option<String>,
    pub(super) fault: Option<Fault>,
}

impl Reply {
    fn new(said: Said, usage: Option<Reported>) -> Reply {
        Reply { said, usage, headers: Vec::new(), model: None, service_tier: None, fault: None }
    }

    fn spoken(said: Said) -> Reply {
        Reply::new(said, Some(Reported { replies: 1, input: 100, output: 20, ..Reported::default() }))
    }

    /// The model answers with this JSON. It reports 100 tokens in and 20 out unless told otherwise.
    pub fn json(answer: Value) -> Reply {
        Reply::spoken(Said::Text(answer.to_string()))
    }

    /// The model answers with this text, JSON or not.
    pub fn text(text: impl Into<String>) -> Reply {
        Reply::spoken(Said::Text(text.into()))
    }

    /// The model declines.
    pub fn refusal(text: impl Into<String>) -> Reply {
        Reply::spoken(Said::Refusal(text.into()))
    }

    /// The token limit cuts the reply after this text.
    pub fn incomplete(text: impl Into<String>) -> Reply {
        Reply::spoken(Said::Incomplete { text: text.into(), reason: "max_output_tokens" })
    }

    /// A content filter cuts the reply.
    pub fn filtered() -> Reply {
        Reply::spoken(Said::Incomplete { text: String::new(), reason: "content_filter" })
    }

    /// An error with a body.
    pub fn status(status: u16, body: Value) -> Reply {
        Reply::raw(status, body.to_string())
    }

    /// A body as it is, with a status.
    pub fn raw(status: u16, body: impl Into<Vec<u8>>) -> Reply {
        Reply::new(Said::Raw { status, body: body.into() }, None)
    }

    /// A reply whose body has so many bytes.
    pub fn huge(bytes: usize) -> Reply {
        Reply::raw(200, " ".repeat(bytes))
    }

    /// A body without an end.
    pub fn endless() -> Reply {
        Reply::raw(200, Vec::new()).with(Fault::Endless)
    }

    /// The connection is closed without a byte.
    pub fn close() -> Reply {
        Reply::raw(200, Vec::new()).with(Fault::CloseAtOnce)
    }

    /// Nothing comes until the client goes away.
    pub fn stall() -> Reply {
        Reply::raw(200, Vec::new()).with(Fault::Stall)
    }

    /// Only the first half of this reply's body is sent.
    pub fn cut(self) -> Reply {
        self.with(Fault::Cut)
    }

    /// Nothing of this reply is sent: the connection is closed without a byte.
    pub fn closed(self) -> Reply {
        self.with(Fault::CloseAtOnce)
    }

    /// This reply is held back until the server is released.
    pub fn held(self) -> Reply {
        self.with(Fault::Stall)
    }

    /// The second half of this reply's body is held back until the server is released.
    pub fn held_in_the_middle(self) -> Reply {
        self.with(Fault::StallInTheMiddle)
    }

    /// Only what comes before the answer is sent, and the rest is held back until the server is released.
    pub fn held_before_text(self) -> Reply {
        self.with(Fault::StallBeforeText)
    }

    /// A streamed reply ends in an orderly way, before its last event.
    pub fn ended_early(self) -> Reply {
        self.with(Fault::EndEarly)
    }

    /// One event of a streamed reply is not JSON.
    pub fn garbled(self) -> Reply {
        self.with(Fault::Garble)
    }

    /// After this reply the connection is closed, though nothing said that it would be.
    pub fn then_close(self) -> Reply {
        self.with(Fault::CloseAfter)
    }

    /// With a header.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Reply {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Reporting this usage.
    pub fn usage(mut self, input: u64, cached: u64, output: u64) -> Reply {
        self.usage = Some(Reported { replies: 1, input, cached, output, reasoning: 0 });
        self
    }

    /// Reporting that so many of the reply's tokens were reasoning.
    pub fn reasoning(mut self, tokens: u64) -> Reply {
        self.usage = self.usage.map(|usage| Reported { reasoning: tokens, ..usage });
        self
    }

    /// Reporting no usage at all.
    pub fn without_usage(mut self) -> Reply {
        self.usage = None;
        self
    }

    /// Reporting this model instead of the one that was asked.
    pub fn model(mut self, name: impl Into<String>) -> Reply {
        self.model = Some(name.into());
        self
    }

    /// Reporting this service tier.
    pub fn service_tier(mut self, name: impl Into<String>) -> Reply {
        self.service_tier = Some(name.into());
        self
    }

    fn with(mut self, fault: Fault) -> Reply {
        self.fault = Some(fault);
        self
    }

    pub(super) fn unmatched() -> Reply {
        let message = "no rule of the test matches this request";
        Reply::status(400, json!({"error": {"message": message, "type": "invalid_request_error", "code": "unmatched"}}))
    }

    pub(super) fn reported(&self) -> Option<Reported> {
        self.usage
    }

    pub(super) fn headers(&self) -> &[(String, String)] {
        &self.headers
    }

    /// Status and body, in the protocol that the path names; a stream of events if that was asked for.
    pub(super) fn render(&self, path: &str, asked_model: &str, stream: bool) -> Rendered {
        let model = self.model.as_deref().unwrap_or(asked_model);
        let protocol = protocol::of(path);
        let mut body = match &self.said {
            Said::Raw { status, body } => return Rendered::whole(*status, body.clone()),
            _ => protocol.body(self, model),
        };
        if let Some(tier) = &self.service_tier {
            body["service_tier"] = json!(tier);
        }
        if !stream {
            return Rendered::whole(200, body.to_string().into_bytes());
        }
        let mut events = protocol.events(self, &body);
        match self.fault {
            Some(Fault::EndEarly) => events.truncate(events.len() / 2),
            Some(Fault::Garble) => events.insert(events.len() / 2, "data: {\"type\": \"response.outp\n\n".into()),
            _ => {}
        }
        Rendered { status: 200, streamed: true, first: events.first().map_or(0, String::len), body: events.concat().into_bytes() }
    }
}

/// A reply as bytes.
pub(super) struct Rendered {
    pub(super) status: u16,
    pub(super) streamed: bool,
    /// So many bytes come before the answer.
    pub(super) first: usize,
    pub(super) body: Vec<u8>,
}

impl Rendered {
    fn whole(status: u16, body: Vec<u8>) -> Rendered {
        Rendered { status, streamed: false, first: 0, body }
    }
}
