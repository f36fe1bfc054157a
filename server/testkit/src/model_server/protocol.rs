//! The protocols in which a reply is told: as one body, or as the events of a stream.

use serde_json::{Value, json};

use super::Reply;
use super::reply::Said;

/// A protocol, named by the path that is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Protocol {
    Chat,
    Responses,
    Messages,
}

pub(super) fn of(path: &str) -> Protocol {
    match path.rsplit('/').next() {
        Some("responses") => Protocol::Responses,
        Some("messages") => Protocol::Messages,
        _ => Protocol::Chat,
    }
}

impl Protocol {
    /// The whole reply.
    pub(super) fn body(self, reply: &Reply, model: &str) -> Value {
        match self {
            Protocol::Chat => chat(reply, model),
            Protocol::Responses => responses(reply, model),
            Protocol::Messages => messages(reply, model),
        }
    }

    /// The same reply as events, the first of which holds nothing of the answer.
    pub(super) fn events(self, reply: &Reply, body: &Value) -> Vec<String> {
        let pieces = pieces(reply);
        let refused = matches!(reply.said, Said::Refusal(_));
        match self {
            Protocol::Chat => chat_events(body, pieces, refused),
            Protocol::Responses => responses_events(body, pieces, refused),
            Protocol::Messages => messages_events(body, pieces),
        }
    }
}

/// The text of a reply in three pieces.
fn pieces(reply: &Reply) -> Vec<String> {
    let text = match &reply.said {
        Said::Text(text) | Said::Refusal(text) | Said::Incomplete { text, .. } => text.as_str(),
        Said::Raw { .. } => "",
    };
    let third = text.len().div_ceil(3).max(1);
    let mut ends: Vec<usize> = (1..3).map(|part| (part * third).min(text.len())).collect();
    ends.iter_mut().for_each(|end| *end = (0..=*end).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0));
    vec![text[..ends[0]].into(), text[ends[0]..ends[1]].into(), text[ends[1]..].into()]
}

fn named(event: &Value) -> String {
    format!("event: {}\ndata: {event}\n\n", event["type"].as_str().unwrap_or_default())
}

fn chat_events(body: &Value, pieces: Vec<String>, refused: bool) -> Vec<String> {
    let chunk = |choices: Value, usage: Value| {
        format!(
            "data: {}\n\n",
            json!({"id": "chatcmpl-1", "object": "chat.completion.chunk", "model": body["model"], "choices": choices, "usage": usage})
        )
    };
    let field = if refused { "refusal" } else { "content" };
    let choice = |delta: Value, finish: &Value| json!([{"index": 0, "delta": delta, "finish_reason": finish}]);
    let mut events = vec![format!(": keep alive\n\n{}", chunk(json!([]), Value::Null))];
    events.extend(pieces.into_iter().map(|piece| chunk(choice(json!({field: piece}), &Value::Null), Value::Null)));
    events.push(chunk(choice(json!({}), &body["choices"][0]["finish_reason"]), Value::Null));
    events.push(chunk(json!([]), body["usage"].clone()));
    events.push("data: [DONE]\n\n".into());
    events
}

fn responses_events(body: &Value, pieces: Vec<String>, refused: bool) -> Vec<String> {
    let kind = if refused { "response.refusal.delta" } else { "response.output_text.delta" };
    let mut events = vec![named(&json!({"type": "response.created", "response": {"id": "resp_1", "status": "in_progress"}}))];
    events.extend(pieces.into_iter().map(|piece| named(&json!({"type": kind, "delta": piece, "output_index": 1}))));
    events.push(named(&json!({"type": "response.output_item.done", "item": {}})));
    let last = format!("response.{}", body["status"].as_str().unwrap_or("failed"));
    events.push(named(&json!({"type": last, "response": body})));
    events
}

fn messages_events(body: &Value, pieces: Vec<String>) -> Vec<String> {
    let usage = |key: &str| body["usage"][key].clone();
    let start = json!({"model": body["model"], "usage": {"input_tokens": usage("input_tokens"),
        "cache_read_input_tokens": usage("cache_read_input_tokens"), "output_tokens": 1}});
    let mut events = vec![named(&json!({"type": "message_start", "message": start}))];
    events.push(named(&json!({"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}})));
    events.extend(
        pieces.into_iter().map(|piece| {
            named(&json!({"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": piece}}))
        }),
    );
    events.push(named(&json!({"type": "content_block_stop", "index": 0})));
    let delta = json!({"stop_reason": body["stop_reason"]});
    let used = if body["usage"].is_null() { Value::Null } else { json!({"output_tokens": usage("output_tokens")}) };
    events.push(named(&json!({"type": "message_delta", "delta": delta, "usage": used})));
    events.push(named(&json!({"type": "message_stop"})));
    events
}

fn messages(reply: &Reply, model: &str) -> Value {
    let (text, stop) = match &reply.said {
        Said::Refusal(text) => (text.as_str(), "refusal"),
        Said::Incomplete { text, reason } => (text.as_str(), if *reason == "content_filter" { "refusal" } else { "max_tokens" }),
        Said::Text(text) => (text.as_str(), "end_turn"),
        Said::Raw { .. } => ("", "end_turn"),
    };
    let usage = reply.usage.map(|usage| {
        json!({
            "input_tokens": usage.input - usage.cached, "cache_read_input_tokens": usage.cached,
            "cache_creation_input_tokens": 0, "output_tokens": usage.output,
        })
    });
    json!({
        "id": "msg_1", "type": "message", "role": "assistant", "model": model, "stop_reason": stop,
        "content": [{"type": "text", "text": text}], "usage": usage,
    })
}

fn chat(reply: &Reply, model: &str) -> Value {
    let (message, finish) = match &reply.said {
        Said::Refusal(text) => (json!({"role": "assistant", "content": null, "refusal": text}), "stop"),
        Said::Incomplete { text, reason } => {
            (json!({"role": "assistant", "content": text}), if *reason == "content_filter" { "content_filter" } else { "length" })
        }
        Said::Text(text) => (json!({"role": "assistant", "content": text}), "stop"),
        Said::Raw { .. } => (Value::Null, "stop"),
    };
    let usage = reply.usage.map(|usage| {
        json!({
            "prompt_tokens": usage.input, "completion_tokens": usage.output, "total_tokens": usage.input + usage.output,
            "prompt_tokens_details": {"cached_tokens": usage.cached},
            "completion_tokens_details": {"reasoning_tokens": usage.reasoning},
        })
    });
    json!({
        "id": "chatcmpl-1", "object": "chat.completion", "created": 0, "model": model,
        "choices": [{"index": 0, "message": message, "finish_reason": finish}],
        "usage": usage,
    })
}

fn responses(reply: &Reply, model: &str) -> Value {
    let (part, status, details) = match &reply.said {
        Said::Refusal(text) => (json!({"type": "refusal", "refusal": text}), "completed", Value::Null),
        Said::Incomplete { text, reason } => {
            (json!({"type": "output_text", "text": text, "annotations": []}), "incomplete", json!({"reason": reason}))
        }
        Said::Text(text) => (json!({"type": "output_text", "text": text, "annotations": []}), "completed", Value::Null),
        Said::Raw { .. } => (Value::Null, "failed", Value::Null),
    };
    let usage = reply.usage.map(|usage| {
        json!({
            "input_tokens": usage.input, "output_tokens": usage.output, "total_tokens": usage.input + usage.output,
            "input_tokens_details": {"cached_tokens": usage.cached},
            "output_tokens_details": {"reasoning_tokens": usage.reasoning},
        })
    });
    json!({
        "id": "resp_1", "object": "response", "created_at": 0, "status": status, "model": model, "error": null,
        "incomplete_details": details,
        "output": [
            {"type": "reasoning", "id": "rs_1", "summary": []},
            {"type": "message", "id": "msg_1", "role": "assistant", "status": status, "content": [part]},
        ],
        "usage": usage,
    })
}
