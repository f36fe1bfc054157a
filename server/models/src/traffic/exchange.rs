//! One exchange as a file: pretty JSON with the request's body, and the reply as JSON, as events or as text. Headers are left out
//! but for those that decide what is done next.

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Recorded;

/// The reply headers that are kept: none of them names a person, a key or a session.
const KEPT_HEADERS: [&str; 3] = ["content-type", "retry-after", "retry-after-ms"];
/// Headers that begin like this are kept too.
const RATE_LIMITS: [&str; 2] = ["x-ratelimit-", "anthropic-ratelimit-"];
/// Fields of a request that say who asks, not what is asked.
const WHO_ASKS: [&str; 4] = ["prompt_cache_key", "safety_identifier", "user", "metadata"];

/// A file of a recording.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Exchange {
    pub(super) request: Request,
    pub(super) response: Response,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Request {
    /// The path below the server's address: `/responses`.
    pub(super) path: String,
    pub(super) body: Value,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Response {
    status: u16,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    headers: Vec<(String, String)>,
    #[serde(flatten)]
    body: Body,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Body {
    Json(Value),
    Events(Vec<Event>),
    Text(String),
}

/// One server-sent event.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Event {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    event: Option<String>,
    data: Value,
}

impl Request {
    pub(super) fn new(path: &str, body: &[u8]) -> Request {
        let mut body = serde_json::from_slice(body).unwrap_or_else(|_| Value::String(String::from_utf8_lossy(body).into_owned()));
        if let Some(fields) = body.as_object_mut() {
            fields.retain(|name, _| !WHO_ASKS.contains(&name.as_str()));
        }
        Request { path: path.to_owned(), body }
    }

    /// The name of the schema that is asked for, or what else is asked.
    pub(super) fn name(&self) -> &str {
        let pointers = ["/text/format/name", "/response_format/json_schema/name", "/tools/0/name"];
        let named = pointers.iter().find_map(|pointer| self.body.pointer(pointer)?.as_str());
        named.unwrap_or_else(|| self.path.trim_start_matches('/'))
    }
}

impl Response {
    /// `scrub` takes keys out of what the server said.
    pub(super) fn new(reply: &Recorded, scrub: impl Fn(&str) -> String) -> Response {
        let text = scrub(&String::from_utf8_lossy(&reply.body));
        let is_kept = |name: &str| KEPT_HEADERS.contains(&name) || RATE_LIMITS.iter().any(|begin| name.starts_with(begin));
        let headers = reply.headers.iter().filter(|(name, _)| is_kept(name.as_str()));
        let headers = headers.filter_map(|(name, value)| Some((name.as_str().to_owned(), scrub(value.to_str().ok()?)))).collect();
        let body = match serde_json::from_str(&text) {
            Ok(json) => Body::Json(json),
            Err(_) => events(&text).map_or(Body::Text(text), Body::Events),
        };
        Response { status: reply.status, headers, body }
    }

    /// The reply as a server would send it.
    pub(super) fn reply(&self) -> Recorded {
        let mut headers = HeaderMap::new();
        for (name, value) in &self.headers {
            if let (Ok(name), Ok(value)) = (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_str(value)) {
                headers.append(name, value);
            }
        }
        let text = match &self.body {
            Body::Json(json) => json.to_string(),
            Body::Text(text) => text.clone(),
            Body::Events(events) => events.iter().map(Event::sent).collect(),
        };
        Recorded { status: self.status, headers, body: text.into_bytes() }
    }
}

impl Event {
    fn sent(&self) -> String {
        let name = self.event.as_ref().map(|name| format!("event: {name}\n")).unwrap_or_default();
        match &self.data {
            Value::String(text) => format!("{name}data: {text}\n\n"),
            json => format!("{name}data: {json}\n\n"),
        }
    }
}

/// The events of a stream; `None` where the text is no whole stream of events that one line of data makes.
fn events(text: &str) -> Option<Vec<Event>> {
    let text = text.replace("\r\n", "\n");
    let blocks = text.strip_suffix("\n\n")?.split("\n\n");
    blocks
        .map(|block| {
            let (mut event, mut data) = (None, None);
            for line in block.lines() {
                let (name, value) = line.split_once(':')?;
                let value = value.strip_prefix(' ').unwrap_or(value);
                match name {
                    "event" if event.is_none() => event = Some(value.to_owned()),
                    // A text that reads like JSON text would come back without its quotes.
                    "data" if data.is_none() && !value.starts_with('"') => {
                        data = Some(serde_json::from_str(value).unwrap_or_else(|_| Value::String(value.to_owned())));
                    }
                    _ => return None,
                }
            }
            Some(Event { event, data: data? })
        })
        .collect()
}
