//! Everything that we say to the client without being asked, in the order in which it was said.
//!
//! One task owns the way to the client and alone waits for it, so that no handler ever does. What is said here is queued and
//! the caller goes on; where the client has to answer, the caller gets a receiver that it may await in a task of its own.
//!
//! Names of a repository and words of models are in what is said. Here everything becomes one line of plain text that no editor can make a
//! link of, behind everybody who says something.

mod board;
mod progress;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use assist::markdown;
use futures::future::BoxFuture;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, WeakUnboundedSender, unbounded_channel};
use tokio::sync::oneshot;
use tokio::time::{Instant, sleep_until, timeout};
use tokio_util::sync::CancellationToken;
use tower_lsp::Client;
use tower_lsp::gen_lsp_types::{
    ApplyWorkspaceEditParams, ApplyWorkspaceEditRequest, ApplyWorkspaceEditResult, ConfigurationItem, ConfigurationParams,
    ConfigurationRequest, LspAny, MessageActionItem, MessageType, Notification, ProgressNotification, ProgressParams,
    ProgressToken, Registration, Request, ShowMessageRequest, ShowMessageRequestParams, WorkDoneProgressCreateParams,
    WorkDoneProgressCreateRequest,
};
use tower_lsp::jsonrpc;

use self::board::{Action, Board};
pub use self::progress::Progress;
use self::progress::{Counter, Step};

/// How long the client may take for what needs no human.
const PATIENCE: Duration = Duration::from_secs(30);

/// How long a question may stand on which a job waits: longer is taken for an answer that never comes.
pub const HUMAN_PATIENCE: Duration = Duration::from_secs(600);

/// An answer of the client that may still be on its way. It fails to arrive only where the server is ending.
pub type Answer<T> = oneshot::Receiver<jsonrpc::Result<T>>;

type Call = Box<dyn FnOnce(Client) -> BoxFuture<'static, ()> + Send>;

enum Command {
    /// Say something else.
    Call(Call),
    /// A step of a job's progress.
    Progress(Step),
    /// Whether the client knows progress.
    Negotiated { progress: bool },
}

/// The way to the client; cheap to clone.
#[derive(Clone)]
pub struct Outbox {
    commands: UnboundedSender<Command>,
    counter: Arc<Counter>,
}

impl Outbox {
    /// Starts the task that owns `client`; it ends when the last clone of the outbox is gone. Needs a runtime.
    #[must_use]
    pub fn start(client: Client) -> Self {
        let (commands, queue) = unbounded_channel();
        let post = Post { client, board: Board::default(), commands: commands.downgrade() };
        tokio::spawn(post.run(queue));
        Self { commands, counter: Arc::default() }
    }

    /// Says what the client can do: whether it has `window.workDoneProgress`. Until then it is taken not to.
    pub fn negotiated(&self, progress: bool) {
        self.send(Command::Negotiated { progress });
    }

    /// A line for the client's log.
    pub fn log(&self, level: MessageType, text: impl AsRef<str>) {
        let text = markdown::notice(text.as_ref());
        self.call(move |client| Box::pin(async move { client.log_message(level, text).await }));
    }

    /// A message for the user.
    pub fn show(&self, level: MessageType, text: impl AsRef<str>) {
        let text = markdown::notice(text.as_ref());
        self.call(move |client| Box::pin(async move { client.show_message(level, text).await }));
    }

    /// Any other notification.
    pub fn notify<N: Notification + 'static>(&self, params: N::Params) {
        self.call(move |client| Box::pin(async move { client.send_notification::<N>(params).await }));
    }

    /// Any other request. With a deadline, an answer that does not come by then is an error; a question that a human has to
    /// answer has none.
    pub fn request<R: Request + 'static>(&self, params: R::Params, deadline: Option<Duration>) -> Answer<R::Result> {
        let (answer, receiver) = oneshot::channel();
        self.call(move |client| {
            Box::pin(async move {
                let request = client.send_request::<R>(params);
                let result = match deadline {
                    None => request.await,
                    Some(deadline) => timeout(deadline, request).await.unwrap_or_else(|_| Err(too_late(&R::METHOD))),
                };
                let _ = answer.send(result);
            })
        });
        receiver
    }

    /// Asks the client to apply an edit. The answer may take as long as the user looks at a preview.
    pub fn apply_edit(&self, params: ApplyWorkspaceEditParams) -> Answer<ApplyWorkspaceEditResult> {
        self.request::<ApplyWorkspaceEditRequest>(params, None)
    }

    /// Asks the user a question and gives the title of the button that was chosen; nothing where the question was closed, stood for
    /// longer than `patience`, or the server is ending.
    ///
    /// # Errors
    ///
    /// Where the client cannot ask.
    pub async fn ask(
        &self,
        kind: MessageType,
        question: &str,
        buttons: &[impl AsRef<str>],
        patience: Option<Duration>,
    ) -> jsonrpc::Result<Option<String>> {
        let button = |title: &str| MessageActionItem { title: title.to_owned(), properties: HashMap::new() };
        let params = ShowMessageRequestParams {
            kind,
            message: markdown::notice(&format!("Tierline: {question}")),
            actions: Some(buttons.iter().map(|title| button(title.as_ref())).collect()),
        };
        let answer = self.request::<ShowMessageRequest>(params, None);
        let answer = match patience {
            None => answer.await,
            Some(patience) => timeout(patience, answer).await.unwrap_or(Ok(Ok(None))),
        };
        Ok(answer.unwrap_or(Ok(None))?.map(|chosen| chosen.title))
    }

    /// Asks for the values of settings, one for each item.
    pub fn configuration(&self, items: Vec<ConfigurationItem>) -> Answer<Vec<LspAny>> {
        self.request::<ConfigurationRequest>(ConfigurationParams { items }, Some(PATIENCE))
    }

    /// Registers capabilities; a client that refuses is noted in our own log.
    pub fn register(&self, registrations: Vec<Registration>) {
        if registrations.is_empty() {
            return;
        }
        self.call(move |client| {
            Box::pin(async move {
                match timeout(PATIENCE, client.register_capability(registrations)).await {
                    Ok(Ok(())) => {}
                    Ok(Err(error)) => tracing::warn!(%error, "the client refuses a registration"),
                    Err(_) => tracing::warn!("the client does not answer a registration"),
                }
            })
        });
    }

    /// Shows a job's progress: at once under a `token` that the client gave, else under one of our own that is made only if
    /// the job lasts longer than 300 ms and the client knows progress. It ends when the handle goes.
    #[must_use]
    pub fn progress(&self, title: impl Into<String>, cancellable: bool, token: Option<ProgressToken>) -> Progress {
        Progress::begin(self.clone(), self.counter.next(), title.into(), CancellationToken::new(), cancellable, token)
    }

    /// The same for a job that ends when `cancel` is cancelled: cancelling the progress cancels it.
    #[must_use]
    pub fn progress_of(&self, title: impl Into<String>, cancel: &CancellationToken, token: Option<ProgressToken>) -> Progress {
        Progress::begin(self.clone(), self.counter.next(), title.into(), cancel.clone(), true, token)
    }

    /// The user has cancelled a progress (`window/workDoneProgress/cancel`).
    pub fn cancel_progress(&self, token: ProgressToken) {
        self.send(Command::Progress(Step::Cancel(token)));
    }

    fn call(&self, call: impl FnOnce(Client) -> BoxFuture<'static, ()> + Send + 'static) {
        self.send(Command::Call(Box::new(call)));
    }

    fn send(&self, command: Command) {
        let _ = self.commands.send(command);
    }
}

impl std::fmt::Debug for Outbox {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Outbox").finish_non_exhaustive()
    }
}

/// The task.
struct Post {
    client: Client,
    board: Board,
    commands: WeakUnboundedSender<Command>,
}

impl Post {
    async fn run(mut self, mut queue: UnboundedReceiver<Command>) {
        loop {
            let due = self.board.next_due();
            let actions = tokio::select! {
                command = queue.recv() => match command {
                    None => return,
                    Some(Command::Call(call)) => {
                        self.call(call);
                        continue;
                    }
                    Some(Command::Progress(step)) => self.board.step(step, Instant::now()),
                    Some(Command::Negotiated { progress }) => {
                        self.board.set_supported(progress);
                        continue;
                    }
                },
                () = sleep_until(due.unwrap_or_else(Instant::now)), if due.is_some() => self.board.due(Instant::now()),
            };
            for action in actions {
                self.act(action).await;
            }
        }
    }

    /// The first poll puts the message on its way, in order; waiting for the answer is another task's.
    fn call(&self, call: Call) {
        let mut call = call(self.client.clone());
        let waker = futures::task::noop_waker_ref();
        if call.as_mut().poll(&mut std::task::Context::from_waker(waker)).is_pending() {
            tokio::spawn(call);
        }
    }

    async fn act(&self, action: Action) {
        match action {
            Action::Send { token, value } => {
                self.client.send_notification::<ProgressNotification>(ProgressParams { token, value }).await;
            }
            Action::Create { job, token } => {
                let commands = self.commands.clone();
                self.call(Box::new(move |client| {
                    Box::pin(async move {
                        let create = client.send_request::<WorkDoneProgressCreateRequest>(WorkDoneProgressCreateParams { token });
                        let accepted = matches!(timeout(PATIENCE, create).await, Ok(Ok(_)));
                        if let Some(commands) = commands.upgrade() {
                            let _ = commands.send(Command::Progress(Step::Created { job, accepted }));
                        }
                    })
                }));
            }
        }
    }
}

fn too_late(method: &impl std::fmt::Debug) -> jsonrpc::Error {
    let mut error = jsonrpc::Error::internal_error();
    error.message = format!("the client did not answer {method:?} in time").into();
    error
}

#[cfg(test)]
mod tests;
