//! A request as it arrived, and how a rule finds it.

use serde_json::Value;

use super::Reported;

/// A request as it arrived.
#[derive(Debug, Clone, PartialEq)]
pub struct SeenRequest {
    /// `POST` or `GET`.
    pub method: String,
    /// The path: `/v1/chat/completions`.
    pub path: String,
    /// The headers, with lower-case names, in their order. The key is among them.
    pub headers: Vec<(String, String)>,
    /// The body; null when it is no JSON.
    pub body: Value,
    /// Whether a rule matched.
    pub matched: bool,
    /// Whether the client closed the connection before it had the reply.
    pub closed_by_client: bool,
    /// What the server bills for it, whether or not the client stays until the end of the reply.
    pub billed: Option<Reported>,
}

impl SeenRequest {
    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The name of the schema that is asked for.
    pub fn schema_name(&self) -> Option<&str> {
        let pointers = ["/response_format/json_schema/name", "/text/format/name"];
        pointers.iter().find_map(|pointer| self.body.pointer(pointer)?.as_str())
    }

    /// The model that is asked.
    pub fn model(&self) -> Option<&str> {
        self.body.get("model")?.as_str()
    }

    /// Every text that the model would read: instructions, messages, parts.
    pub fn prompt(&self) -> String {
        let mut texts = Vec::new();
        for name in ["instructions", "system", "input", "messages"] {
            collect(self.body.get(name).unwrap_or(&Value::Null), &mut texts);
        }
        texts.join("\n")
    }
}

fn collect<'a>(value: &'a Value, texts: &mut Vec<&'a str>) {
    match value {
        Value::String(text) => texts.push(text),
        Value::Array(items) => items.iter().for_each(|item| collect(item, texts)),
        Value::Object(fields) => {
            ["content", "text"].iter().filter_map(|name| fields.get(*name)).for_each(|field| collect(field, texts))
        }
        _ => {}
    }
}

/// Which requests a rule is for.
#[derive(Debug, Clone, Default)]
pub struct Match {
    schema: Option<String>,
    contains: Vec<String>,
    path: Option<String>,
    model: Option<String>,
}

impl Match {
    /// Every request.
    pub fn any() -> Match {
        Match::default()
    }

    /// Requests that ask for the schema of this name: `summary_v1`.
    pub fn schema(name: impl Into<String>) -> Match {
        Match { schema: Some(name.into()), ..Match::default() }
    }

    /// Only requests whose prompt contains this text.
    pub fn containing(mut self, text: impl Into<String>) -> Match {
        self.contains.push(text.into());
        self
    }

    /// Only requests whose path ends in this: `/responses`.
    pub fn path(mut self, ending: impl Into<String>) -> Match {
        self.path = Some(ending.into());
        self
    }

    /// Only requests to this model.
    pub fn model(mut self, name: impl Into<String>) -> Match {
        self.model = Some(name.into());
        self
    }

    pub(super) fn fits(&self, request: &SeenRequest) -> bool {
        let prompt = if self.contains.is_empty() { String::new() } else { request.prompt() };
        self.schema.as_deref().is_none_or(|name| request.schema_name() == Some(name))
            && self.path.as_deref().is_none_or(|ending| request.path.ends_with(ending))
            && self.model.as_deref().is_none_or(|name| request.model() == Some(name))
            && self.contains.iter().all(|text| prompt.contains(text))
    }
}
