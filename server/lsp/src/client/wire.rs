//! What passes between client and server, and the half that sends it.

use std::io::Write;
use std::sync::Arc;

use parking_lot::Mutex;
use serde_json::{Value, json};

use super::state::State;
use crate::framing;

/// An error that the server answered with.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{message} ({code})")]
pub struct ResponseError {
    /// The error code of JSON-RPC or of the protocol.
    pub code: i64,
    /// What went wrong.
    pub message: String,
    /// What else the server says.
    pub data: Option<Value>,
}

impl ResponseError {
    /// An error without data.
    pub fn new(code: i64, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), data: None }
    }
}

/// Why a request has no result.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Error {
    /// The server answered with an error.
    #[error(transparent)]
    Answered(#[from] ResponseError),
    /// The answer did not come in time.
    #[error("the server did not answer in time")]
    Deadline,
    /// The connection is closed.
    #[error("the connection to the server is closed: {0}")]
    Closed(String),
}

impl Error {
    /// The code that the server answered with, where it did.
    #[must_use]
    pub fn code(&self) -> Option<i64> {
        match self {
            Self::Answered(error) => Some(error.code),
            _ => None,
        }
    }
}

/// Who sent a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// We.
    Client,
    /// They.
    Server,
}

/// A message that passed.
#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    /// Who sent it.
    pub from: Side,
    /// What it was.
    pub content: Value,
}

/// Every message that passed, in order; a shared handle.
#[derive(Clone, Debug, Default)]
pub struct Recording(Arc<Mutex<Vec<Message>>>);

impl Recording {
    /// What has passed up to now.
    #[must_use]
    pub fn messages(&self) -> Vec<Message> {
        self.0.lock().clone()
    }

    pub(super) fn push(&self, from: Side, content: &Value) {
        self.0.lock().push(Message { from, content: content.clone() });
    }
}

/// A request that the server made.
#[derive(Clone, Debug, PartialEq)]
pub struct ServerRequest {
    /// What an answer must carry.
    pub id: Value,
    /// What is asked.
    pub method: String,
    /// With which params; null where there are none.
    pub params: Value,
}

/// What a handler makes of a request of the server.
#[derive(Clone, Debug, PartialEq)]
pub enum Reply {
    /// The answer.
    Now(Result<Value, ResponseError>),
    /// Somebody will call [`Wire::respond`], or nobody will.
    Later,
    /// What the client answers where nobody says otherwise.
    Default,
}

/// The sending half of a connection.
#[derive(Clone)]
pub struct Wire {
    pub(super) stream: Arc<Mutex<Option<Box<dyn Write + Send>>>>,
    pub(super) state: Arc<State>,
    pub(super) recording: Option<Recording>,
}

impl Wire {
    /// Notifies. Null params are left out.
    ///
    /// # Errors
    /// Fails where the connection is closed.
    pub fn notify(&self, method: &str, params: Value) -> Result<(), Error> {
        let mut message = json!({ "jsonrpc": "2.0", "method": method });
        if !params.is_null() {
            message["params"] = params;
        }
        self.send(message)
    }

    /// Answers a request of the server.
    ///
    /// # Errors
    /// Fails where the connection is closed.
    pub fn respond(&self, id: &Value, answer: Result<Value, ResponseError>) -> Result<(), Error> {
        self.send(match answer {
            Ok(result) => json!({ "jsonrpc": "2.0", "id": id, "result": result }),
            Err(ResponseError { code, message, data: None }) => {
                json!({ "jsonrpc": "2.0", "id": id, "error": { "code": code, "message": message } })
            }
            Err(ResponseError { code, message, data }) => {
                json!({ "jsonrpc": "2.0", "id": id, "error": { "code": code, "message": message, "data": data } })
            }
        })
    }

    /// Sends one message as it is.
    ///
    /// # Errors
    /// Fails where the connection is closed.
    pub fn send(&self, message: Value) -> Result<(), Error> {
        let body = message.to_string();
        let mut stream = self.stream.lock();
        if message.get("method").is_some()
            && let Some(id) = message.get("id")
        {
            self.state.opened(id);
        }
        if let Some(recording) = &self.recording {
            recording.push(Side::Client, &message);
        }
        write_to(stream.as_mut(), |stream| framing::write(stream, body.as_bytes()))
    }

    /// Sends bytes that need not even be a frame.
    ///
    /// # Errors
    /// Fails where the connection is closed.
    pub fn send_raw(&self, bytes: &[u8]) -> Result<(), Error> {
        write_to(self.stream.lock().as_mut(), |stream| stream.write_all(bytes))
    }

    /// Closes the server's input.
    pub fn close(&self) {
        self.stream.lock().take();
    }
}

fn write_to(
    stream: Option<&mut Box<dyn Write + Send>>,
    write: impl FnOnce(&mut Box<dyn Write + Send>) -> std::io::Result<()>,
) -> Result<(), Error> {
    let stream = stream.ok_or_else(|| Error::Closed("we closed it".to_owned()))?;
    write(stream).and_then(|()| stream.flush()).map_err(|error| Error::Closed(error.to_string()))
}

impl std::fmt::Debug for Wire {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Wire").finish_non_exhaustive()
    }
}
