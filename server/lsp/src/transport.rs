//! The transport: bytes in, calls on the service, bytes out.
//!
//! It stands where tower-lsp's own `Server` would, over the same `LspService` and `ClientSocket`, and keeps these promises:
//!
//! - Messages are taken in the order in which they arrive. A notification is awaited to its end before anything behind it
//!   begins; a request is polled once in its turn, in which it takes its snapshot, and then goes its own way.
//! - Nothing that a handler does delays `$/cancelRequest`, the client's answers, `exit` or the end of the input.
//! - A panic costs the one request that it happened in: the answer is -32603 with `data: {"bug": true}`.
//! - A message that is no JSON, or no JSON-RPC, is answered with an error; a stream that is no stream of frames ends the
//!   server with a sentence.
//!
//! It refuses to know what any method means but `initialize`, `shutdown`, `exit` and `$/cancelRequest`, and it has no
//! back-pressure: whoever does expensive work limits it there.
//!
//! Methods that the `LanguageServer` trait lacks are registered where the service is built. That includes the notification
//! with which the user cancels a work-done progress, which then arrives in order like any other:
//!
//! ```ignore
//! LspService::build(Backend::new)
//!     .custom_method("window/workDoneProgress/cancel", Backend::cancel_progress) // async fn(&self, WorkDoneProgressCancelParams)
//!     .finish()
//! ```

mod dispatch;
mod input;
mod outcome;
mod output;
mod parent;
mod stdio;
pub(crate) mod turn;

use std::io::{Read, Write};
use std::time::Duration;

use futures::{SinkExt, StreamExt};
use serde_json::json;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio_util::sync::CancellationToken;
use tower::Service;
use tower_lsp::jsonrpc::Request;
use tower_lsp::{ClientSocket, LanguageServer, LspService};

use self::dispatch::{Job, guard};
use self::input::Input;
pub use self::outcome::{End, Outcome};
use self::output::{Output, Patient, Writer};
pub use self::stdio::serve_stdio;

/// How long requests that still run may take to end once the input has ended. It can pass twice, and all must be over within
/// two seconds: once for `initialize` or `shutdown`, once for all others.
const DRAIN: Duration = Duration::from_millis(700);
/// How long the output may take to swallow what is queued once the client has said `exit`.
const FLUSH: Duration = Duration::from_millis(500);

/// Serves one client until it says `exit`, its streams end, or its process is gone, and says how that came.
///
/// It never waits longer than about a second for handlers that still run, and not at all for the thread that reads `input`,
/// which may be blocked for ever. The caller ends the process with [`Outcome::exit_code`] right away; dropping the runtime
/// instead would wait for what blocks. Needs a multi-threaded runtime with at least two workers, one of which a handler may hold.
pub async fn serve<S, I, O>(service: LspService<S>, socket: ClientSocket, input: I, output: O) -> Outcome
where
    S: LanguageServer,
    I: Read + Send + 'static,
    O: Write + Send + 'static,
{
    serve_over(service, socket, input, Patient(output)).await
}

async fn serve_over<S: LanguageServer>(
    service: LspService<S>,
    socket: ClientSocket,
    input: impl Read + Send + 'static,
    output: impl Output,
) -> Outcome {
    // On a worker of the runtime, where what the router wakes runs next: from the thread of the caller it would be a switch of threads away.
    match tokio::spawn(serve_here(service, socket, input, output)).await {
        Ok(outcome) => outcome,
        Err(error) => match error.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(_) => Outcome { end: End::InputClosed, shut_down: false },
        },
    }
}

async fn serve_here<S: LanguageServer>(
    mut service: LspService<S>,
    socket: ClientSocket,
    input: impl Read + Send + 'static,
    output: impl Output,
) -> Outcome {
    let (inbox, mut messages) = unbounded_channel();
    let ended = CancellationToken::new();
    input::spawn(input, inbox.clone(), ended.clone());
    let (writer, written) = output::spawn(output, inbox.clone());
    let (mut requests, mut answers) = socket.split();
    let to_client = writer.clone();
    let pump = tokio::spawn(async move {
        while let Some(request) = requests.next().await {
            to_client.request(request);
        }
    });
    let (dispatcher, jobs) = unbounded_channel();
    tokio::spawn(dispatch::run(jobs, writer.clone(), inbox.clone()));

    let mut router = Router { service: &mut service, writer, inbox, ended, dispatcher, shut_down: false, parent: None };
    let end = router.run(&mut messages, &mut answers).await;
    let shut_down = router.shut_down;

    let Router { writer, dispatcher, .. } = router;
    drop(dispatcher);
    pump.abort();
    let patience = match end {
        End::Exit => {
            writer.close();
            FLUSH
        }
        _ => DRAIN,
    };
    // The writer ends when the last handler that could still answer has let go of it.
    drop(writer);
    let _ = tokio::task::block_in_place(|| written.recv_timeout(patience));
    Outcome { end, shut_down }
}

struct Router<'a, S> {
    service: &'a mut LspService<S>,
    writer: Writer,
    inbox: UnboundedSender<Input>,
    ended: CancellationToken,
    dispatcher: UnboundedSender<Job>,
    shut_down: bool,
    parent: Option<parent::Watch>,
}

impl<S: LanguageServer> Router<'_, S> {
    async fn run<A>(&mut self, messages: &mut UnboundedReceiver<Input>, answers: &mut A) -> End
    where
        A: futures::Sink<tower_lsp::jsonrpc::Response> + Unpin,
    {
        while let Some(message) = messages.recv().await {
            match message {
                Input::Request(request) => {
                    if let Some(end) = self.request(request).await {
                        return end;
                    }
                }
                Input::Answer(answer) => {
                    let _ = answers.send(answer).await;
                }
                Input::Fault(response) => self.writer.respond(&response),
                Input::Forget(id) => {
                    let cancel = Request::build("$/cancelRequest").params(json!({ "id": id })).finish();
                    let _ = self.service.call(cancel).await;
                }
                Input::End(end) => return end,
            }
        }
        End::InputClosed
    }

    /// `LspService` is always ready before it has exited, and registers a request for cancellation in `call`, before the
    /// first poll; so `call` is made here, in order, and only the polling is left to others.
    async fn request(&mut self, request: Request) -> Option<End> {
        match request.method() {
            "exit" => {
                let _ = self.service.call(request).await;
                return Some(End::Exit);
            }
            "$/cancelRequest" => {
                let _ = self.service.call(request).await;
            }
            "initialize" => {
                let editor = request.params().and_then(|params| params.get("processId")).and_then(serde_json::Value::as_u64);
                // Looked at before the answer, after which the editor may be gone at any time.
                let editor = editor.and_then(parent::visible);
                if self.in_place(request).await {
                    self.parent = editor.and_then(|id| parent::watch(id, self.inbox.clone()));
                }
            }
            "shutdown" => {
                let answered = self.in_place(request).await;
                self.shut_down |= answered;
            }
            _ => {
                let job = Job::new(self.service, request);
                let _ = self.dispatcher.send(job);
            }
        }
        None
    }

    /// Answers a request before anything behind it is looked at, and says whether it succeeded. Only the end of the input
    /// makes an answer that does not come be given up.
    async fn in_place(&mut self, request: Request) -> bool {
        let method = request.method().to_owned();
        let id = request.id().cloned();
        let answer = guard(self.service.call(request), method, id, self.inbox.clone());
        let given_up = async {
            self.ended.cancelled().await;
            tokio::time::sleep(DRAIN).await;
        };
        let response = tokio::select! {
            biased;
            response = answer => response,
            () = given_up => None,
        };
        let succeeded = response.as_ref().is_some_and(tower_lsp::jsonrpc::Response::is_ok);
        if let Some(response) = response {
            self.writer.respond(&response);
        }
        succeeded
    }
}
