//! Anthropic Messages: `POST {base}/messages`. The shape is asked for by a schema, then as the input of a tool that the model has to
//! call, then in words. Its schemas know no bounds of lengths and numbers, so those are left to the check here.

use serde_json::{Value, json};

use super::{Adapter, Assembly, Reply, Request, Step, Stop, count, failed, owned};
use crate::{Rung, Usage};

/// Words of a schema that the server refuses.
const BOUNDS: &[&str] = &["minLength", "maxLength", "minItems", "maxItems", "minimum", "maximum"];

pub(super) struct Messages;

impl Adapter for Messages {
    fn path(&self) -> &'static str {
        "/messages"
    }

    fn body(&self, request: &Request<'_>) -> Value {
        let parts: Vec<Value> = request.input.iter().map(|text| json!({"type": "text", "text": text})).collect();
        let mut body = json!({
            "model": request.profile.model,
            "max_tokens": request.max_output_tokens,
            "system": request.system_text(),
            "messages": [{"role": "user", "content": parts}],
            "stream": request.abilities.stream,
        });
        match request.abilities.rung {
            Rung::Schema => {
                body["output_config"] = json!({"format": {"type": "json_schema", "schema": unbounded(&request.schema.json)}});
            }
            Rung::Object => {
                let name = request.schema.name;
                body["tools"] = json!([{"name": name, "input_schema": request.schema.json}]);
                body["tool_choice"] = json!({"type": "tool", "name": name});
            }
            Rung::Text => {}
        }
        if let Some(effort) = request.effort_text() {
            // It knows no `none`, and without a word its newer models think at length.
            let effort = if effort == "none" { "low" } else { effort };
            body["output_config"]["effort"] = json!(effort);
        }
        body
    }

    fn read(&self, body: &Value) -> Result<Reply, String> {
        let blocks = body.get("content").and_then(Value::as_array).ok_or("the reply has no content")?;
        let mut text = String::new();
        for block in blocks {
            match block.get("type").and_then(Value::as_str) {
                Some("text") => text.push_str(block.get("text").and_then(Value::as_str).unwrap_or_default()),
                Some("tool_use") => text.push_str(&block.get("input").map(Value::to_string).unwrap_or_default()),
                _ => {}
            }
        }
        let usage = body.get("usage").and_then(|reported| usage(reported, count(reported, "/output_tokens")));
        Ok(whole(text, body.get("stop_reason").and_then(Value::as_str), usage, owned(body, "model")))
    }

    fn assembly(&self) -> Box<dyn Assembly> {
        Box::new(Blocks::default())
    }
}

/// Blocks of a stream. The first event reports what the prompt used, a late one the reply's tokens and why it ended.
#[derive(Default)]
struct Blocks {
    text: String,
    stop: Option<String>,
    failed: Option<Stop>,
    prompt: Value,
    output: Option<u64>,
    model: Option<String>,
}

impl Assembly for Blocks {
    fn event(&mut self, event: &Value) -> Step {
        match event.get("type").and_then(Value::as_str).unwrap_or_default() {
            "message_start" => {
                let message = event.get("message").unwrap_or(&Value::Null);
                self.prompt = message.get("usage").cloned().unwrap_or_default();
                self.model = owned(message, "model");
                Step::Quiet
            }
            "content_block_delta" => {
                let piece = |name: &str| event.pointer("/delta").and_then(|delta| delta.get(name)?.as_str());
                self.text.push_str(piece("text").or(piece("partial_json")).unwrap_or_default());
                Step::Begun
            }
            "message_delta" => {
                self.stop = event.pointer("/delta").and_then(|delta| owned(delta, "stop_reason")).or(self.stop.take());
                self.output = event.get("usage").and_then(|usage| count(usage, "/output_tokens")).or(self.output);
                Step::Begun
            }
            "message_stop" => Step::End,
            _ => {
                self.failed = failed(event);
                if self.failed.is_some() { Step::End } else { Step::Quiet }
            }
        }
    }

    fn done(&mut self) -> Step {
        Step::Quiet
    }

    fn reply(&mut self, ended: bool) -> Option<Reply> {
        if !ended {
            return None;
        }
        let text = std::mem::take(&mut self.text);
        let mut reply = whole(text, self.stop.as_deref(), usage(&self.prompt, self.output), self.model.take());
        if let Some(stop) = self.failed.take() {
            reply.stop = stop;
        }
        Some(reply)
    }
}

fn whole(text: String, reason: Option<&str>, usage: Option<Usage>, model: Option<String>) -> Reply {
    let stop = match reason {
        Some("end_turn" | "stop_sequence" | "tool_use" | "refusal") => Stop::Done,
        Some("max_tokens" | "model_context_window_exceeded") => Stop::Length,
        other => {
            let message = format!("the reply ended by {}", other.unwrap_or("nothing"));
            Stop::Failed { code: "stop_reason".into(), message }
        }
    };
    let declined = || if text.is_empty() { "it gave no reason".to_owned() } else { text.clone() };
    let refusal = (reason == Some("refusal")).then(declined);
    Reply { text, refusal, stop, usage, model, service_tier: None }
}

/// Unlike at OpenAI, cached tokens are not among the `input_tokens`; here they are added, so that a prompt's tokens are its tokens.
fn usage(reported: &Value, output: Option<u64>) -> Option<Usage> {
    let (cached, cache_write) =
        (count(reported, "/cache_read_input_tokens").unwrap_or(0), count(reported, "/cache_creation_input_tokens").unwrap_or(0));
    Some(Usage {
        input: count(reported, "/input_tokens")?.saturating_add(cached).saturating_add(cache_write),
        output: output?,
        cached,
        cache_write,
        reasoning: 0,
        estimated: false,
    })
}

/// A schema without its bounds.
fn unbounded(schema: &Value) -> Value {
    match schema {
        Value::Object(words) => {
            let bound = |word: &str, rule: &Value| BOUNDS.contains(&word) && rule.is_number();
            words.iter().filter(|(word, rule)| !bound(word, rule)).map(|(word, rule)| (word.clone(), unbounded(rule))).collect()
        }
        Value::Array(items) => items.iter().map(unbounded).collect(),
        plain => plain.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_go_and_properties_of_their_names_stay() {
        let schema = json!({"type": "string", "maxLength": 3, "properties": {"minimum": {"type": "integer", "minimum": 0}}});
        assert_eq!(unbounded(&schema), json!({"type": "string", "properties": {"minimum": {"type": "integer"}}}));
    }

    #[test]
    fn cached_tokens_are_part_of_the_prompt() {
        let body = json!({"content": [{"type": "thinking", "thinking": "hm"}, {"type": "tool_use", "input": {"a": 1}}],
            "stop_reason": "tool_use", "model": "m",
            "usage": {"input_tokens": 10, "cache_read_input_tokens": 5, "cache_creation_input_tokens": 2, "output_tokens": 3}});
        let reply = Messages.read(&body).unwrap();
        assert_eq!((reply.text.as_str(), &reply.stop), ("{\"a\":1}", &Stop::Done));
        let usage = reply.usage.unwrap();
        assert_eq!((usage.input, usage.cached, usage.cache_write, usage.output), (17, 5, 2, 3));
    }
}
