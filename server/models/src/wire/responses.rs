//! The Responses API: `POST {base}/responses`, at OpenAI and Azure. Nothing is stored there, and a prompt that is too long is an error
//! instead of losing its middle.

use serde_json::{Value, json};

use super::{Adapter, Assembly, Reply, Request, Step, Stop, count, failed, owned};
use crate::{Rung, Usage};

pub(super) struct Responses;

impl Adapter for Responses {
    fn path(&self) -> &'static str {
        "/responses"
    }

    fn body(&self, request: &Request<'_>) -> Value {
        let parts: Vec<Value> = request.input.iter().map(|text| json!({"type": "input_text", "text": text})).collect();
        let mut body = json!({
            "model": request.profile.model,
            "instructions": request.system_text(),
            "input": [{"role": "user", "content": parts}],
            "max_output_tokens": request.max_output_tokens,
            "stream": request.abilities.stream,
        });
        let mut text = match request.abilities.rung {
            Rung::Schema => {
                let (name, schema) = (request.schema.name, &request.schema.json);
                json!({"format": {"type": "json_schema", "name": name, "strict": true, "schema": schema}})
            }
            Rung::Object => json!({"format": {"type": "json_object"}}),
            Rung::Text => json!({}),
        };
        // Unlike other servers OpenAI stores what it is not told to forget, so this is sent on every rung but the last.
        if request.abilities.extras {
            body["store"] = json!(false);
        }
        if request.extras() {
            if let Some(verbosity) = &request.profile.verbosity {
                text["verbosity"] = json!(verbosity);
            }
            body["prompt_cache_key"] = json!(request.cache_key);
        }
        if let Some(tier) = request.service_tier() {
            body["service_tier"] = json!(tier);
        }
        body["text"] = text;
        if let Some(effort) = request.effort_text() {
            body["reasoning"] = json!({"effort": effort});
        }
        body
    }

    fn read(&self, body: &Value) -> Result<Reply, String> {
        let output = body.get("output").and_then(Value::as_array).ok_or("the reply has no output")?;
        let messages: Vec<&Value> =
            output.iter().filter(|item| item.get("type").and_then(Value::as_str) == Some("message")).collect();
        let phased = messages.iter().any(|message| message.get("phase").is_some_and(Value::is_string));
        let final_ones = |message: &&Value| !phased || message.get("phase").and_then(Value::as_str) == Some("final_answer");
        let (mut text, mut refusal) = (String::new(), None);
        for part in messages.into_iter().filter(final_ones).filter_map(|message| message.get("content")?.as_array()).flatten() {
            match part.get("type").and_then(Value::as_str) {
                Some("output_text") => text.push_str(part.get("text").and_then(Value::as_str).unwrap_or_default()),
                Some("refusal") => refusal = owned(part, "refusal"),
                _ => {}
            }
        }
        Ok(Reply {
            text,
            refusal,
            stop: stop(body),
            usage: body.get("usage").and_then(usage),
            model: owned(body, "model"),
            service_tier: owned(body, "service_tier"),
        })
    }

    fn assembly(&self) -> Box<dyn Assembly> {
        Box::new(Items::default())
    }
}

/// Events of a stream. The terminal one holds the whole response; the pieces matter only where a server leaves it empty.
#[derive(Default)]
struct Items {
    text: String,
    refusal: String,
    last: Option<Value>,
    failed: Option<Stop>,
}

impl Assembly for Items {
    fn event(&mut self, event: &Value) -> Step {
        let delta = || event.get("delta").and_then(Value::as_str).unwrap_or_default();
        match event.get("type").and_then(Value::as_str).unwrap_or_default() {
            "response.output_text.delta" => self.text.push_str(delta()),
            "response.refusal.delta" => self.refusal.push_str(delta()),
            "response.reasoning_summary_text.delta" | "response.reasoning_text.delta" => {}
            "response.completed" | "response.incomplete" | "response.failed" => {
                self.last = event.get("response").filter(|response| response.is_object()).cloned();
                return Step::End;
            }
            _ if event.get("response").is_some() => return Step::Quiet,
            _ => {
                self.failed = failed(event);
                return if self.failed.is_some() { Step::End } else { Step::Quiet };
            }
        }
        Step::Begun
    }

    fn done(&mut self) -> Step {
        Step::Quiet
    }

    fn reply(&mut self, ended: bool) -> Option<Reply> {
        if !ended {
            return None;
        }
        let pieces = (std::mem::take(&mut self.text), Some(std::mem::take(&mut self.refusal)).filter(|text| !text.is_empty()));
        if let Some(stop) = self.failed.take() {
            return Some(Reply { text: pieces.0, refusal: None, stop, usage: None, model: None, service_tier: None });
        }
        let mut last = self.last.take()?;
        if !last.get("output").is_some_and(Value::is_array) {
            last["output"] = json!([]);
        }
        let mut reply = Responses.read(&last).ok()?;
        if reply.text.is_empty() && reply.refusal.is_none() {
            (reply.text, reply.refusal) = pieces;
        }
        Some(reply)
    }
}

fn stop(body: &Value) -> Stop {
    let word = |pointer: &str| body.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
    match (word("/status"), word("/incomplete_details/reason")) {
        ("completed", _) => Stop::Done,
        ("incomplete", "max_output_tokens") => Stop::Length,
        ("incomplete", "content_filter") => Stop::Filter,
        ("failed", _) => Stop::Failed { code: word("/error/code").to_owned(), message: word("/error/message").to_owned() },
        (status, reason) => Stop::Failed { code: status.to_owned(), message: format!("the reply is {status} {reason}") },
    }
}

fn usage(usage: &Value) -> Option<Usage> {
    Some(Usage {
        input: count(usage, "/input_tokens")?,
        output: count(usage, "/output_tokens")?,
        cached: count(usage, "/input_tokens_details/cached_tokens").unwrap_or(0),
        cache_write: count(usage, "/input_tokens_details/cache_write_tokens").unwrap_or(0),
        reasoning: count(usage, "/output_tokens_details/reasoning_tokens").unwrap_or(0),
        estimated: false,
    })
}
