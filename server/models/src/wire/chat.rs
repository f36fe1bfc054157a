//! Chat Completions: `POST {base}/chat/completions`. Only `model`, `messages`, `response_format`, `stream` and one token limit are portable;
//! the rest is sent to OpenAI alone.

use serde_json::{Value, json};

use super::{Adapter, Assembly, Reply, Request, Step, Stop, count, failed, owned};
use crate::{Rung, TokenLimitField, Usage};

pub(super) struct Chat;

impl Adapter for Chat {
    fn path(&self) -> &'static str {
        "/chat/completions"
    }

    fn body(&self, request: &Request<'_>) -> Value {
        let mut body = json!({
            "model": request.profile.model,
            "messages": [
                {"role": "system", "content": request.system_text()},
                {"role": "user", "content": request.input.join("\n\n")},
            ],
            "stream": request.abilities.stream,
        });
        if request.abilities.stream && request.abilities.stream_usage {
            body["stream_options"] = json!({"include_usage": true});
        }
        let older = request.profile.endpoint.token_limit_field == TokenLimitField::MaxTokens;
        let limit = if older == request.abilities.other_token_limit { "max_completion_tokens" } else { "max_tokens" };
        body[limit] = json!(request.max_output_tokens);
        match request.abilities.rung {
            Rung::Schema => {
                let schema = json!({"name": request.schema.name, "strict": true, "schema": request.schema.json});
                body["response_format"] = json!({"type": "json_schema", "json_schema": schema});
            }
            Rung::Object => body["response_format"] = json!({"type": "json_object"}),
            Rung::Text => {}
        }
        if let Some(effort) = request.effort_text() {
            body["reasoning_effort"] = json!(effort);
        }
        if let Some(tier) = request.service_tier() {
            body["service_tier"] = json!(tier);
        }
        if request.extras() {
            if let Some(verbosity) = &request.profile.verbosity {
                body["verbosity"] = json!(verbosity);
            }
            body["store"] = json!(false);
            body["prompt_cache_key"] = json!(request.cache_key);
        }
        body
    }

    fn read(&self, body: &Value) -> Result<Reply, String> {
        let choice = body.pointer("/choices/0").ok_or("the reply has no choice")?;
        let message = choice.get("message").ok_or("the reply has no message")?;
        let stop = stop(choice.get("finish_reason").and_then(Value::as_str));
        Ok(Reply {
            text: owned(message, "content").unwrap_or_default(),
            refusal: owned(message, "refusal").filter(|text| !text.is_empty()),
            stop,
            usage: body.get("usage").and_then(usage),
            model: owned(body, "model"),
            service_tier: owned(body, "service_tier"),
        })
    }

    fn assembly(&self) -> Box<dyn Assembly> {
        Box::new(Chunks::default())
    }
}

/// Chunks of a stream. The last one with a choice says why the reply ended, the usage follows without one, `[DONE]` closes.
#[derive(Default)]
struct Chunks {
    text: String,
    refusal: String,
    finish: Option<String>,
    failed: Option<Stop>,
    usage: Option<Usage>,
    model: Option<String>,
    service_tier: Option<String>,
}

impl Assembly for Chunks {
    fn event(&mut self, event: &Value) -> Step {
        if let Some(stop) = failed(event) {
            self.failed = Some(stop);
            return Step::End;
        }
        self.usage = event.get("usage").and_then(usage).or(self.usage);
        self.model = owned(event, "model").or(self.model.take());
        self.service_tier = owned(event, "service_tier").or(self.service_tier.take());
        let Some(choice) = event.pointer("/choices/0") else { return Step::Quiet };
        let delta = |name| choice.pointer("/delta").and_then(|delta| delta.get(name)?.as_str()).unwrap_or_default();
        let reasons = !delta("reasoning_content").is_empty() || !delta("reasoning").is_empty();
        self.text.push_str(delta("content"));
        self.refusal.push_str(delta("refusal"));
        self.finish = owned(choice, "finish_reason").or(self.finish.take());
        let begun = reasons || self.finish.is_some() || !self.text.is_empty() || !self.refusal.is_empty();
        if begun { Step::Begun } else { Step::Quiet }
    }

    fn done(&mut self) -> Step {
        Step::End
    }

    fn reply(&mut self, ended: bool) -> Option<Reply> {
        if !ended && self.finish.is_none() {
            return None;
        }
        Some(Reply {
            text: std::mem::take(&mut self.text),
            refusal: Some(std::mem::take(&mut self.refusal)).filter(|text| !text.is_empty()),
            stop: self.failed.take().unwrap_or_else(|| stop(self.finish.as_deref())),
            usage: self.usage,
            model: self.model.take(),
            service_tier: self.service_tier.take(),
        })
    }
}

fn stop(reason: Option<&str>) -> Stop {
    match reason {
        Some("stop") => Stop::Done,
        Some("length") => Stop::Length,
        Some("content_filter") => Stop::Filter,
        other => {
            let message = format!("the reply ended by {}", other.unwrap_or("nothing"));
            Stop::Failed { code: "finish_reason".into(), message }
        }
    }
}

fn usage(usage: &Value) -> Option<Usage> {
    Some(Usage {
        input: count(usage, "/prompt_tokens")?,
        output: count(usage, "/completion_tokens")?,
        cached: count(usage, "/prompt_tokens_details/cached_tokens").unwrap_or(0),
        cache_write: count(usage, "/prompt_tokens_details/cache_write_tokens").unwrap_or(0),
        reasoning: count(usage, "/completion_tokens_details/reasoning_tokens").unwrap_or(0),
        estimated: false,
    })
}
