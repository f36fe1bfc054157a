//! The order of things: notifications are awaited to their end, one after the other; requests are polled once in between and
//! then run side by side.

use std::any::Any;
use std::future::{Future, poll_fn};
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::task::Poll;
use std::time::{Duration, Instant};

use futures::FutureExt;
use serde_json::json;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender};
use tower::Service;
use tower_lsp::jsonrpc::{Error, ErrorCode, Id, Request, Response};
use tower_lsp::{ExitedError, LanguageServer, LspService};

use super::input::Input;
use super::output::Writer;
use super::turn;

/// A notification that takes longer than this is worth a line in the log: everything behind it waits.
const SLOW: Duration = Duration::from_millis(50);
/// A notification that takes longer than this is a bug.
const STUCK: Duration = Duration::from_secs(1);

type Handling = Pin<Box<dyn Future<Output = Result<Option<Response>, ExitedError>> + Send>>;

/// A call on the service that nobody has polled yet.
pub(super) struct Job {
    method: String,
    id: Option<Id>,
    handling: Handling,
}

impl Job {
    pub(super) fn new<S: LanguageServer>(service: &mut LspService<S>, request: Request) -> Self {
        Self { method: request.method().to_owned(), id: request.id().cloned(), handling: service.call(request) }
    }
}

/// Works off `jobs` until nobody can add to them.
pub(super) async fn run(mut jobs: UnboundedReceiver<Job>, writer: Writer, inbox: UnboundedSender<Input>) {
    while let Some(Job { method, id, handling }) = jobs.recv().await {
        let is_request = id.is_some();
        let mut answer = Box::pin(guard(handling, method.clone(), id, inbox.clone()));
        if !is_request {
            patiently(&method, answer).await;
            continue;
        }
        match poll_fn(|context| Poll::Ready(turn::poll(answer.as_mut(), context))).await {
            Poll::Ready(response) => send(&writer, response),
            Poll::Pending => {
                let writer = writer.clone();
                tokio::spawn(async move { send(&writer, answer.await) });
            }
        }
    }
}

/// What `handling` answers; a panic in it becomes an answer too, and frees the id for the service.
pub(super) async fn guard(handling: Handling, method: String, id: Option<Id>, inbox: UnboundedSender<Input>) -> Option<Response> {
    match AssertUnwindSafe(handling).catch_unwind().await {
        Ok(response) => response.ok().flatten(),
        Err(panic) => {
            let message = said(panic.as_ref());
            tracing::error!(method, message, "a handler panicked");
            let id = id?;
            let _ = inbox.send(Input::Forget(id.clone()));
            let message = format!("a bug in Tierline: {method} panicked: {message}").into();
            Some(Response::from_error(id, Error { code: ErrorCode::InternalError, message, data: Some(json!({ "bug": true })) }))
        }
    }
}

async fn patiently(method: &str, mut handling: Pin<Box<impl Future<Output = Option<Response>>>>) {
    let begun = Instant::now();
    if tokio::time::timeout(STUCK, &mut handling).await.is_err() {
        tracing::error!(method, "a notification holds up everything behind it");
        handling.await;
    }
    if begun.elapsed() > SLOW {
        tracing::warn!(method, ms = begun.elapsed().as_millis(), "a notification was slow");
    }
}

fn send(writer: &Writer, response: Option<Response>) {
    if let Some(response) = response {
        writer.respond(&response);
    }
}

fn said(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("no message")
}
