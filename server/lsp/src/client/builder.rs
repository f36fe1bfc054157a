//! Putting a client together, and the thread that reads for it.

use std::io::{self, Read, Write};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use parking_lot::Mutex;
use serde_json::{Value, json};

use super::Client;
use super::state::State;
use super::wire::{Recording, Reply, ResponseError, ServerRequest, Side, Wire};
use crate::framing::FrameReader;

/// Decides how a request of the server is answered. It runs on the reading thread: it may send, and must not wait.
type Handler = Box<dyn FnMut(&Wire, &ServerRequest) -> Reply + Send>;

/// What a client is made of.
pub struct Builder {
    deadline: Duration,
    handler: Handler,
    recording: Option<Recording>,
}

impl Default for Builder {
    fn default() -> Self {
        Self { deadline: Duration::from_secs(30), handler: Box::new(|_, _| Reply::Default), recording: None }
    }
}

impl Builder {
    /// How long one answer may take; 30 seconds where nothing is said.
    #[must_use]
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// Who decides how requests of the server are answered. It runs on the reading thread: it may send, and must not wait.
    #[must_use]
    pub fn on_request(mut self, handler: impl FnMut(&Wire, &ServerRequest) -> Reply + Send + 'static) -> Self {
        self.handler = Box::new(handler);
        self
    }

    /// Where every message of both sides is kept.
    #[must_use]
    pub fn record(mut self, recording: &Recording) -> Self {
        self.recording = Some(recording.clone());
        self
    }

    /// A client over two streams: what the server writes, and what it reads.
    ///
    /// # Errors
    /// Fails where no thread can be started.
    pub fn connect(self, from_server: impl Read + Send + 'static, to_server: impl Write + Send + 'static) -> io::Result<Client> {
        let state = Arc::new(State::default());
        let stream: Box<dyn Write + Send> = Box::new(to_server);
        let wire = Wire { stream: Arc::new(Mutex::new(Some(stream))), state: Arc::clone(&state), recording: self.recording };
        let mut reading = Reading { wire: wire.clone(), state: Arc::clone(&state), handler: self.handler };
        let read = move || {
            let reason = reading.run(from_server);
            reading.state.with(|inbox| inbox.closed = Some(reason));
        };
        thread::Builder::new().name("lsp-client".into()).spawn(read)?;
        Ok(Client { wire, state, deadline: self.deadline, child: None })
    }

    /// A client of a child process, over its stdin and stdout. Its stderr stays as `command` has it.
    ///
    /// # Errors
    /// Fails where the process cannot be started.
    pub fn spawn(self, mut command: Command) -> io::Result<Client> {
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let (Some(to_server), Some(from_server)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(io::Error::other("the child process has no pipes"));
        };
        let mut client = self.connect(from_server, to_server)?;
        client.child = Some(child);
        Ok(client)
    }
}

impl std::fmt::Debug for Builder {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Builder").field("deadline", &self.deadline).finish_non_exhaustive()
    }
}

struct Reading {
    wire: Wire,
    state: Arc<State>,
    handler: Handler,
}

impl Reading {
    /// Reads until the stream ends, and says why it did.
    fn run(&mut self, stream: impl Read) -> String {
        let mut frames = FrameReader::new(stream);
        loop {
            match frames.read() {
                Ok(Some(body)) => match serde_json::from_slice::<Value>(&body) {
                    Ok(message) => self.take(message),
                    Err(error) => return format!("the server sent what is no JSON: {error}"),
                },
                Ok(None) => return "the server closed it".to_owned(),
                Err(error) => return error.to_string(),
            }
        }
    }

    fn take(&mut self, mut message: Value) {
        if let Some(recording) = &self.wire.recording {
            recording.push(Side::Server, &message);
        }
        let method = message.get("method").and_then(Value::as_str).map(str::to_owned);
        let id = message.get("id").cloned();
        match (method, id) {
            (Some(method), Some(id)) => self.answer(ServerRequest { id, method, params: message["params"].take() }),
            (Some(method), None) => {
                let params = message.get_mut("params").map(Value::take).unwrap_or_default();
                self.state.with(|inbox| inbox.notifications.push_back((method, params)));
            }
            (None, id) => self.state.with(|inbox| {
                let id = id.unwrap_or_default();
                match (inbox.open.remove(&id.to_string()), id.as_i64()) {
                    (true, Some(id)) => drop(inbox.answers.insert(id, outcome(message))),
                    _ => inbox.strays.push_back(message),
                }
            }),
        }
    }

    fn answer(&mut self, request: ServerRequest) {
        let answer = match (self.handler)(&self.wire, &request) {
            Reply::Now(answer) => answer,
            Reply::Later => return self.state.with(|inbox| inbox.open_requests.push_back(request)),
            Reply::Default => default_answer(&request),
        };
        let _ = self.wire.respond(&request.id, answer);
    }
}

fn outcome(mut message: Value) -> Result<Value, ResponseError> {
    match message.get_mut("error").map(Value::take) {
        None => Ok(message["result"].take()),
        Some(error) => Err(ResponseError {
            code: error["code"].as_i64().unwrap_or_default(),
            message: error["message"].as_str().unwrap_or_default().to_owned(),
            data: error.get("data").cloned(),
        }),
    }
}

/// What a plain client says: yes to registrations and progress, nothing configured, no edit applied.
fn default_answer(request: &ServerRequest) -> Result<Value, ResponseError> {
    match request.method.as_str() {
        "window/workDoneProgress/create"
        | "client/registerCapability"
        | "client/unregisterCapability"
        | "window/showMessageRequest"
        | "workspace/workspaceFolders" => Ok(Value::Null),
        "workspace/configuration" => {
            let items = request.params["items"].as_array().map_or(0, Vec::len);
            Ok(Value::Array(vec![Value::Null; items]))
        }
        "workspace/applyEdit" => Ok(json!({ "applied": false, "failureReason": "this client applies no edits" })),
        "window/showDocument" => Ok(json!({ "success": false })),
        method if method.starts_with("workspace/") && method.ends_with("/refresh") => Ok(Value::Null),
        method => Err(ResponseError::new(-32601, format!("this client does not know {method}"))),
    }
}
