//! The reading side: an OS thread that turns bytes into messages, since a blocked read of stdin can be neither polled nor
//! cancelled. It judges whether a message is JSON-RPC, and nothing beyond that.

use std::io::Read;
use std::thread;

use serde_json::Value;
use tokio::sync::mpsc::UnboundedSender;
use tokio_util::sync::CancellationToken;
use tower_lsp::jsonrpc::{Error, ErrorCode, Id, Request, Response};

use super::outcome::End;
use crate::framing::{FrameError, FrameReader};

/// What the router is told, in the order in which it happens.
pub(super) enum Input {
    /// The client asks or notifies.
    Request(Request),
    /// The client answers.
    Answer(Response),
    /// The client sent something that has no meaning; this is the answer.
    Fault(Response),
    /// A request ended without its service noticing: its id is free again.
    Forget(Id),
    /// Nothing follows.
    End(End),
}

/// Reads `stream` to its end on a thread of its own; `ended` is cancelled once there is nothing more to come.
pub(super) fn spawn(stream: impl Read + Send + 'static, inbox: UnboundedSender<Input>, ended: CancellationToken) {
    let failed = inbox.clone();
    let read = move || {
        let mut frames = FrameReader::new(stream);
        let end = loop {
            match frames.read() {
                Ok(Some(body)) => {
                    if let Some(input) = classify(&body)
                        && inbox.send(input).is_err()
                    {
                        return;
                    }
                }
                Ok(None) | Err(FrameError::Io(_) | FrameError::Truncated) => break End::InputClosed,
                Err(error) => break End::BadFrame(error),
            }
        };
        let _ = inbox.send(Input::End(end));
        ended.cancel();
    };
    if let Err(error) = thread::Builder::new().name("lsp-input".into()).spawn(read) {
        let _ = failed.send(Input::End(End::BadFrame(FrameError::Io(error))));
    }
}

/// What one body means; `None` for an answer to nothing.
fn classify(body: &[u8]) -> Option<Input> {
    let message = match serde_json::from_slice(body) {
        Ok(Value::Object(message)) => message,
        Ok(Value::Array(_)) => {
            return Some(fault(Id::Null, ErrorCode::InvalidRequest, "batches are no part of the protocol"));
        }
        Ok(_) => return Some(fault(Id::Null, ErrorCode::InvalidRequest, "a message is a JSON object")),
        Err(error) => return Some(fault(Id::Null, ErrorCode::ParseError, &format!("this is no JSON: {error}"))),
    };
    let id = message.get("id").cloned().map(serde_json::from_value::<Id>);
    if message.contains_key("method") {
        return Some(match serde_json::from_value(Value::Object(message)) {
            Ok(request) => Input::Request(request),
            Err(error) => {
                let id = id.and_then(Result::ok).unwrap_or_default();
                fault(id, ErrorCode::InvalidRequest, &format!("this is no JSON-RPC: {error}"))
            }
        });
    }
    match id {
        Some(Ok(Id::Null)) => {
            tracing::warn!(error = ?message.get("error"), "the client could not read a message of ours");
            None
        }
        Some(Ok(id)) => Some(Input::Answer(answer(id, message))),
        _ => Some(fault(Id::Null, ErrorCode::InvalidRequest, "a message has a method, or an id and a result or an error")),
    }
}

/// Clients differ in what they leave out: an absent result is null, and an error wins over a result.
fn answer(id: Id, mut message: serde_json::Map<String, Value>) -> Response {
    let Some(error) = message.remove("error").filter(|error| !error.is_null()) else {
        return Response::from_ok(id, message.remove("result").unwrap_or_default());
    };
    let code = error.get("code").and_then(Value::as_i64).map_or(ErrorCode::InternalError, ErrorCode::from);
    let text = error.get("message").and_then(Value::as_str).unwrap_or("the client gave no reason").to_owned();
    Response::from_error(id, Error { code, message: text.into(), data: error.get("data").cloned() })
}

fn fault(id: Id, code: ErrorCode, message: &str) -> Input {
    tracing::warn!(%id, message, "a message was refused");
    Input::Fault(Response::from_error(id, Error { code, message: message.to_owned().into(), data: None }))
}
