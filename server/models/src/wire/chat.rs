//! Chat Completions: `POST {base}/chat/completions`. Only `model`, `messages`, `response_format`, `stream` and one token limit are portable;
//! the rest is sent to OpenAI alone.

use serde_json::{Value, json};

use super::{Adapter, Reply, Request, Rung, Stop, count, owned};
use crate::{TokenLimitField, Usage};

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
            "stream": false,
        });
        let limit = match request.profile.endpoint.token_limit_field {
            TokenLimitField::MaxTokens => "max_tokens",
            TokenLimitField::MaxCompletionTokens => "max_completion_tokens",
        };
        body[limit] = json!(request.max_output_tokens);
        match request.rung {
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
        if request.profile.endpoint.openai_fields {
            body["verbosity"] = json!("low");
            body["store"] = json!(false);
            body["prompt_cache_key"] = json!(request.cache_key);
        }
        body
    }

    fn read(&self, body: &Value) -> Result<Reply, String> {
        let choice = body.pointer("/choices/0").ok_or("the reply has no choice")?;
        let message = choice.get("message").ok_or("the reply has no message")?;
        let stop = match choice.get("finish_reason").and_then(Value::as_str) {
            Some("stop") => Stop::Done,
            Some("length") => Stop::Length,
            Some("content_filter") => Stop::Filter,
            other => Stop::Failed {
                code: "finish_reason".into(),
                message: format!("the reply ended by {}", other.unwrap_or("nothing")),
            },
        };
        Ok(Reply {
            text: owned(message, "content").unwrap_or_default(),
            refusal: owned(message, "refusal").filter(|text| !text.is_empty()),
            stop,
            usage: body.get("usage").and_then(usage),
            model: owned(body, "model"),
            service_tier: owned(body, "service_tier"),
        })
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
