//! The writing side: an OS thread behind an unbounded queue, so that a client that reads slowly delays nobody.

use std::io::{self, BufWriter, Write};
use std::sync::mpsc::{Receiver, Sender, TryRecvError, channel};
use std::thread;

use tokio::sync::mpsc::UnboundedSender;
use tower_lsp::jsonrpc::{Request, Response};

use super::input::Input;
use super::outcome::End;
use crate::framing;

/// What goes to the client.
pub(super) enum Outgoing {
    /// A request or notification of ours.
    Request(Request),
    /// An answer of ours.
    Response(Response),
    /// Nothing any more, whoever else may still want to write.
    Close,
}

/// The way to the client. What is sent after the output has closed is dropped.
#[derive(Clone)]
pub(super) struct Writer(Sender<Outgoing>);

impl Writer {
    pub(super) fn send(&self, message: Outgoing) {
        let _ = self.0.send(message);
    }
}

/// Starts the thread. The receiver is told (by losing its sender) when everything is written and nobody can add to it.
pub(super) fn spawn(stream: impl Write + Send + 'static, inbox: UnboundedSender<Input>) -> (Writer, Receiver<()>) {
    let (sender, queue) = channel();
    let (done, written) = channel();
    let failed = inbox.clone();
    let write = move || {
        let _done: Sender<()> = done;
        if let Err(error) = drain(&queue, BufWriter::new(stream)) {
            let _ = inbox.send(Input::End(End::OutputClosed(error)));
        }
    };
    if let Err(error) = thread::Builder::new().name("lsp-output".into()).spawn(write) {
        let _ = failed.send(Input::End(End::OutputClosed(error)));
    }
    (Writer(sender), written)
}

/// A message without params has no `params` at all; the service writes them as null.
fn without_null(request: Request) -> Request {
    let (method, id, params) = request.into_parts();
    let mut bare = Request::build(method);
    if let Some(params) = params.filter(|params| !params.is_null()) {
        bare = bare.params(params);
    }
    if let Some(id) = id {
        bare = bare.id(id);
    }
    bare.finish()
}

fn drain(queue: &Receiver<Outgoing>, mut stream: impl Write) -> io::Result<()> {
    let mut next = queue.recv().ok();
    while let Some(message) = next {
        let body = match message {
            Outgoing::Request(request) => serde_json::to_vec(&without_null(request))?,
            Outgoing::Response(response) => serde_json::to_vec(&response)?,
            Outgoing::Close => break,
        };
        framing::write(&mut stream, &body)?;
        next = match queue.try_recv() {
            Ok(message) => Some(message),
            Err(TryRecvError::Empty) => {
                stream.flush()?;
                queue.recv().ok()
            }
            Err(TryRecvError::Disconnected) => None,
        };
    }
    stream.flush()
}
