//! The writing side: an OS thread behind an unbounded queue, so that a client that reads slowly delays nobody. What the stream takes
//! without waiting, while nothing stands in the queue, is written by whoever sends it: waking the thread costs more than a short answer.

use std::io::{self, BufWriter, Write};
use std::sync::mpsc::{Receiver, Sender, TryRecvError, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

use serde::Serialize;
use tokio::sync::mpsc::UnboundedSender;
use tower_lsp::jsonrpc::{Request, Response};

use super::input::Input;
use super::outcome::End;
use crate::framing;

/// Where the bytes for the client go.
pub(super) trait Output: Write + Send + 'static {
    /// A second way into the same stream, for what it takes without waiting; `None` where there is none.
    fn prompt(&self) -> Option<Box<dyn Prompt>> {
        None
    }
}

/// Writes what a stream takes at once.
pub(super) trait Prompt: Send {
    /// The number of bytes of `frame`, from its first, that were written; none where the stream takes nothing at the moment, or has
    /// failed, which the next who waits for it learns.
    fn write_now(&mut self, frame: &[u8]) -> usize;
}

/// A stream of which nobody knows what it takes without waiting.
pub(super) struct Patient<W>(pub(super) W);

impl<W: Write> Write for Patient<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

impl<W: Write + Send + 'static> Output for Patient<W> {}

/// The way to the client. What is sent after the output has closed is dropped.
#[derive(Clone)]
pub(super) struct Writer {
    queue: Sender<Queued>,
    way: Arc<Mutex<Way>>,
}

enum Queued {
    /// A frame, or the end of one.
    Bytes(Vec<u8>),
    Close,
}

struct Way {
    prompt: Option<Box<dyn Prompt>>,
    /// How many of the queue are not written yet: nothing may overtake them.
    queued: usize,
    is_closed: bool,
}

impl Writer {
    /// Sends a request or notification of ours.
    pub(super) fn request(&self, request: Request) {
        self.send(&without_null(request));
    }

    /// Sends an answer of ours.
    pub(super) fn respond(&self, response: &Response) {
        self.send(response);
    }

    /// Nothing goes out any more, whoever else may still want to write.
    pub(super) fn close(&self) {
        lock(&self.way).is_closed = true;
        let _ = self.queue.send(Queued::Close);
    }

    fn send(&self, message: &impl Serialize) {
        let mut frame = Vec::new();
        let framed = serde_json::to_vec(message).map_err(io::Error::from).and_then(|body| framing::write(&mut frame, &body));
        if let Err(error) = framed {
            tracing::error!(%error, "a message cannot be written");
            return;
        }
        let mut way = lock(&self.way);
        if way.is_closed {
            return;
        }
        if way.queued == 0
            && let Some(prompt) = &mut way.prompt
        {
            let written = prompt.write_now(&frame);
            frame.drain(..written);
        }
        if !frame.is_empty() {
            way.queued += 1;
            let _ = self.queue.send(Queued::Bytes(frame));
        }
    }
}

/// Nothing that is done under the lock leaves it half done.
fn lock(way: &Mutex<Way>) -> MutexGuard<'_, Way> {
    way.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Starts the thread. The receiver is told (by losing its sender) when everything is written and nobody can add to it.
pub(super) fn spawn(stream: impl Output, inbox: UnboundedSender<Input>) -> (Writer, Receiver<()>) {
    let (queue, taken) = channel();
    let (done, written) = channel();
    let failed = inbox.clone();
    let way = Arc::new(Mutex::new(Way { prompt: stream.prompt(), queued: 0, is_closed: false }));
    let seen = Arc::clone(&way);
    let write = move || {
        let _done: Sender<()> = done;
        if let Err(error) = drain(&taken, BufWriter::new(stream), &seen) {
            let _ = inbox.send(Input::End(End::OutputClosed(error)));
        }
    };
    if let Err(error) = thread::Builder::new().name("lsp-output".into()).spawn(write) {
        let _ = failed.send(Input::End(End::OutputClosed(error)));
    }
    (Writer { queue, way }, written)
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

fn drain(queue: &Receiver<Queued>, mut stream: impl Write, way: &Mutex<Way>) -> io::Result<()> {
    let mut unflushed = 0;
    let mut next = queue.recv().ok();
    while let Some(Queued::Bytes(bytes)) = next {
        stream.write_all(&bytes)?;
        unflushed += 1;
        next = match queue.try_recv() {
            Ok(queued) => Some(queued),
            Err(TryRecvError::Empty) => {
                stream.flush()?;
                lock(way).queued -= unflushed;
                unflushed = 0;
                queue.recv().ok()
            }
            Err(TryRecvError::Disconnected) => None,
        };
    }
    stream.flush()
}

#[cfg(test)]
mod tests;
