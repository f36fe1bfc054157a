//! A minimal blocking client of the protocol, for whoever drives the server without an editor: the tour and the tests.
//!
//! It is synchronous: one thread reads, callers wait with a deadline. It judges nothing that passes through it; answers to
//! nothing and second answers are kept in [`Client::strays`] for those who want to know.

mod builder;
mod state;
mod wire;

use std::io;
use std::process::{Child, ExitStatus};
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

pub use self::builder::Builder;
use self::state::State;
pub use self::wire::{Error, Message, Recording, Reply, ResponseError, ServerRequest, Side, Wire};

/// A connection to a server.
pub struct Client {
    wire: Wire,
    state: Arc<State>,
    deadline: Duration,
    child: Option<Child>,
}

impl Client {
    /// A builder, for more than the defaults.
    #[must_use]
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// A client over two streams: what the server writes, and what it reads.
    ///
    /// # Errors
    /// Fails where no thread can be started.
    pub fn connect(from_server: impl io::Read + Send + 'static, to_server: impl io::Write + Send + 'static) -> io::Result<Self> {
        Self::builder().connect(from_server, to_server)
    }

    /// A client of a child process, over its stdin and stdout.
    ///
    /// # Errors
    /// Fails where the process cannot be started.
    pub fn spawn(command: std::process::Command) -> io::Result<Self> {
        Self::builder().spawn(command)
    }

    /// The sending half, which can be cloned and used from anywhere.
    #[must_use]
    pub fn wire(&self) -> &Wire {
        &self.wire
    }

    /// The `initialize` request, followed by `initialized`; what the server can do.
    ///
    /// # Errors
    /// As [`Self::request`].
    pub fn initialize(&self, params: Value) -> Result<Value, Error> {
        let result = self.request("initialize", params)?;
        self.notify("initialized", json!({}))?;
        Ok(result)
    }

    /// Asks and waits for the answer.
    ///
    /// # Errors
    /// Fails where the server answers with an error, not before the deadline, or not at all any more.
    pub fn request(&self, method: &str, params: Value) -> Result<Value, Error> {
        let id = self.start_request(method, params)?;
        self.wait(id)
    }

    /// Asks without waiting; the id serves [`Self::wait`] and [`Self::cancel`].
    ///
    /// # Errors
    /// Fails where the connection is closed.
    pub fn start_request(&self, method: &str, params: Value) -> Result<i64, Error> {
        let id = self.state.next_id();
        let mut message = json!({ "jsonrpc": "2.0", "id": id, "method": method });
        if !params.is_null() {
            message["params"] = params;
        }
        self.wire.send(message)?;
        Ok(id)
    }

    /// Waits for the answer to a request that was started. Each answer is handed out once.
    ///
    /// # Errors
    /// As [`Self::request`].
    pub fn wait(&self, id: i64) -> Result<Value, Error> {
        self.wait_until(id, Instant::now() + self.deadline)
    }

    /// Waits for an answer no longer than until `deadline`.
    ///
    /// # Errors
    /// As [`Self::request`].
    pub fn wait_until(&self, id: i64, deadline: Instant) -> Result<Value, Error> {
        let answer = self.state.wait_for(deadline, |inbox| inbox.answers.remove(&id))?;
        answer.map_err(Error::Answered)
    }

    /// Notifies. Null params are left out.
    ///
    /// # Errors
    /// Fails where the connection is closed.
    pub fn notify(&self, method: &str, params: Value) -> Result<(), Error> {
        self.wire.notify(method, params)
    }

    /// Asks the server to give up a request; the answer still comes.
    ///
    /// # Errors
    /// Fails where the connection is closed.
    pub fn cancel(&self, id: i64) -> Result<(), Error> {
        self.notify("$/cancelRequest", json!({ "id": id }))
    }

    /// Waits for a notification of this method for which `wanted` holds, and takes it out of the queue.
    ///
    /// # Errors
    /// Fails at the deadline, or where the connection closes before.
    pub fn wait_for_notification(&self, method: &str, wanted: impl Fn(&Value) -> bool) -> Result<Value, Error> {
        self.state.wait_for(Instant::now() + self.deadline, |inbox| {
            let found = inbox.notifications.iter().position(|(name, params)| name == method && wanted(params))?;
            inbox.notifications.remove(found).map(|(_, params)| params)
        })
    }

    /// Waits for a request of the server that the handler left for [later](Reply::Later), and takes it.
    ///
    /// # Errors
    /// Fails at the deadline, or where the connection closes before.
    pub fn wait_for_server_request(&self, method: &str) -> Result<ServerRequest, Error> {
        self.state.wait_for(Instant::now() + self.deadline, |inbox| {
            let found = inbox.open_requests.iter().position(|request| request.method == method)?;
            inbox.open_requests.remove(found)
        })
    }

    /// Waits for a message that answers no open request: an error with a null id, or a second answer.
    ///
    /// # Errors
    /// Fails at the deadline, or where the connection closes before.
    pub fn wait_for_stray(&self) -> Result<Value, Error> {
        self.state.wait_for(Instant::now() + self.deadline, |inbox| inbox.strays.pop_front())
    }

    /// The notifications that nobody has taken yet, as pairs of method and params, oldest first; the queue is empty afterwards.
    #[must_use]
    pub fn take_notifications(&self) -> Vec<(String, Value)> {
        self.state.with(|inbox| inbox.notifications.drain(..).collect())
    }

    /// The messages that answered no open request.
    #[must_use]
    pub fn strays(&self) -> Vec<Value> {
        self.state.with(|inbox| inbox.strays.iter().cloned().collect())
    }

    /// How many requests were sent that have no answer yet.
    #[must_use]
    pub fn unanswered(&self) -> usize {
        self.state.with(|inbox| inbox.open.len())
    }

    /// Waits until the server closes its output.
    ///
    /// # Errors
    /// Fails at the deadline.
    pub fn wait_closed(&self) -> Result<(), Error> {
        self.state.wait_closed(Instant::now() + self.deadline)
    }

    /// Closes the server's input, as an editor that goes away does.
    pub fn close(&self) {
        self.wire.close();
    }

    /// Asks for `shutdown`, says `exit`, and waits until the server is gone; a child process's exit status.
    ///
    /// # Errors
    /// As [`Self::request`].
    pub fn shutdown(&mut self) -> Result<Option<ExitStatus>, Error> {
        self.request("shutdown", Value::Null)?;
        self.notify("exit", Value::Null)?;
        self.wait_closed()?;
        self.wait_exit()
    }

    /// Waits until a child process has ended, to be called after its output has closed; `None` where there is no child.
    ///
    /// # Errors
    /// Fails where the process cannot be waited for.
    pub fn wait_exit(&mut self) -> Result<Option<ExitStatus>, Error> {
        self.child.as_mut().map(Child::wait).transpose().map_err(|error| Error::Closed(error.to_string()))
    }

    /// The child process, where there is one.
    #[must_use]
    pub fn child(&mut self) -> Option<&mut Child> {
        self.child.as_mut()
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        self.wire.close();
        if let Some(child) = &mut self.child {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

impl std::fmt::Debug for Client {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Client").field("child", &self.child).finish_non_exhaustive()
    }
}
