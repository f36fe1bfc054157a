//! A scripted model server on this machine. A test says which request gets which reply or fault; the server answers in the protocol
//! that it was asked in, records everything that reached it, and keeps its own sum of the tokens that it reported. A request that
//! no rule matches is answered with an error and remembered, so that a test can fail on it.
//!
//! It runs on threads of its own: tests without a runtime and child processes can use it. It knows the protocols, and nothing of
//! the gateway that it is used to test.

mod batches;
mod http;
mod protocol;
mod reply;
mod request;

use std::collections::HashMap;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use parking_lot::{Condvar, Mutex};
use serde_json::{Value, json};

pub use reply::{Reply, Reported};
pub use request::{Match, SeenRequest};

/// What never happens in a test that goes well happens after this long in one that does not.
const PATIENCE: Duration = Duration::from_secs(60);

/// The server. Dropping it closes every connection and ends its threads.
#[derive(Debug)]
pub struct ModelServer {
    address: SocketAddr,
    shared: Arc<Shared>,
    listener: Option<JoinHandle<()>>,
}

#[derive(Debug, Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    rules: Vec<Rule>,
    requests: Vec<SeenRequest>,
    reported: Reported,
    released: bool,
    stopped: bool,
    models: Option<Value>,
    batches: batches::Batches,
    connections: u64,
    open: HashMap<u64, TcpStream>,
}

#[derive(Debug)]
struct Rule {
    matching: Match,
    replies: std::collections::VecDeque<Reply>,
    always: Option<Reply>,
}

/// Says what a matched request is answered with.
#[derive(Debug)]
pub struct On<'a> {
    server: &'a ModelServer,
    rule: usize,
}

impl On<'_> {
    /// Answers one request with this; called again it adds the answer to the next one.
    pub fn reply(self, reply: Reply) -> Self {
        self.server.shared.state.lock().rules[self.rule].replies.push_back(reply);
        self
    }

    /// Answers every further request with this.
    pub fn always(self, reply: Reply) -> Self {
        self.server.shared.state.lock().rules[self.rule].always = Some(reply);
        self
    }
}

impl ModelServer {
    /// Starts a server on a free port of this machine.
    ///
    /// # Panics
    /// Panics when there is no free port.
    pub fn start() -> ModelServer {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port on this machine");
        let address = listener.local_addr().expect("the address of a bound port");
        let shared = Arc::<Shared>::default();
        let theirs = Arc::clone(&shared);
        let listener = std::thread::spawn(move || accept(&listener, &theirs));
        ModelServer { address, shared, listener: Some(listener) }
    }

    /// The address up to and including `/v1`, as it stands in a configuration.
    pub fn base_url(&self) -> String {
        format!("http://{}/v1", self.address)
    }

    /// Adds a rule. The first rule that matches and has a reply left answers.
    pub fn on(&self, matching: Match) -> On<'_> {
        let mut state = self.shared.state.lock();
        state.rules.push(Rule { matching, replies: Default::default(), always: None });
        On { server: self, rule: state.rules.len() - 1 }
    }

    /// Answers the question for its models with these, each with the day of its end or none.
    pub fn lists(&self, models: &[(&str, Option<&str>)]) {
        let entry = |(id, end): &(&str, Option<&str>)| json!({"id": id, "object": "model", "shutdown_date": end});
        let data: Vec<Value> = models.iter().map(entry).collect();
        self.shared.state.lock().models = Some(json!({"object": "list", "data": data}));
    }

    /// Every request that has arrived, the oldest first.
    pub fn requests(&self) -> Vec<SeenRequest> {
        self.shared.state.lock().requests.clone()
    }

    /// The sum of the usage in every reply that was sent in whole.
    pub fn reported(&self) -> Reported {
        self.shared.state.lock().reported
    }

    /// Lets every stalled reply go on, those of later requests too.
    pub fn release(&self) {
        self.shared.state.lock().released = true;
        self.shared.changed.notify_all();
    }

    /// Waits until so many requests have arrived.
    ///
    /// # Panics
    /// Panics when they do not arrive within a minute.
    pub fn wait_for_requests(&self, count: usize) -> Vec<SeenRequest> {
        self.wait(&format!("{count} requests"), |requests| requests.len() >= count)
    }

    /// Waits until the client has closed the connection of a request, counted from zero, before it was answered.
    ///
    /// # Panics
    /// Panics when the connection stays open for a minute.
    pub fn wait_until_closed(&self, request: usize) {
        self.wait(&format!("the end of request {request}"), |requests| {
            requests.get(request).is_some_and(|seen| seen.closed_by_client)
        });
    }

    /// Asserts that a rule matched every request.
    ///
    /// # Panics
    /// Panics when one was not matched.
    pub fn assert_all_matched(&self) {
        let strangers: Vec<_> = self.requests().into_iter().filter(|request| !request.matched).collect();
        assert!(strangers.is_empty(), "no rule matches these requests: {strangers:#?}");
    }

    fn wait(&self, what: &str, done: impl Fn(&[SeenRequest]) -> bool) -> Vec<SeenRequest> {
        let limit = Instant::now() + PATIENCE;
        let mut state = self.shared.state.lock();
        while !done(&state.requests) {
            let late = self.shared.changed.wait_until(&mut state, limit).timed_out();
            assert!(!late || done(&state.requests), "waited in vain for {what}; seen: {:#?}", state.requests);
        }
        state.requests.clone()
    }
}

impl Drop for ModelServer {
    fn drop(&mut self) {
        {
            let mut state = self.shared.state.lock();
            state.stopped = true;
            for (_, stream) in state.open.drain() {
                drop(stream.shutdown(std::net::Shutdown::Both));
            }
        }
        self.shared.changed.notify_all();
        // The listener waits in `accept`; a connection wakes it, and it sees that it is to stop.
        drop(TcpStream::connect(self.address));
        if let Some(listener) = self.listener.take() {
            drop(listener.join());
        }
    }
}

fn accept(listener: &TcpListener, shared: &Arc<Shared>) {
    for stream in listener.incoming() {
        let Ok(stream) = stream else { continue };
        let mut state = shared.state.lock();
        if state.stopped {
            return;
        }
        state.connections += 1;
        let connection = state.connections;
        if let Ok(copy) = stream.try_clone() {
            state.open.insert(connection, copy);
        }
        drop(state);
        let shared = Arc::clone(shared);
        std::thread::spawn(move || {
            http::serve(&stream, &shared);
            shared.state.lock().open.remove(&connection);
        });
    }
}

impl Shared {
    /// Records a request and finds its reply. The number is its place among the requests.
    fn take(&self, mut request: SeenRequest) -> (usize, Reply) {
        let mut state = self.state.lock();
        let mut fitting = state.rules.iter_mut().filter(|rule| rule.matching.fits(&request));
        let reply = fitting.find_map(|rule| rule.replies.pop_front().or_else(|| rule.always.clone()));
        request.matched = reply.is_some();
        request.billed = reply.as_ref().and_then(Reply::reported);
        state.requests.push(request);
        let number = state.requests.len() - 1;
        drop(state);
        self.changed.notify_all();
        (number, reply.unwrap_or_else(Reply::unmatched))
    }

    fn models(&self) -> Value {
        let scripted =
            || json!({"object": "list", "data": [{"id": "scripted", "object": "model", "created": 0, "owned_by": "test"}]});
        self.state.lock().models.clone().unwrap_or_else(scripted)
    }

    fn stopped(&self) -> bool {
        self.state.lock().stopped
    }

    /// Waits for a moment, and says whether stalled replies may go on.
    fn released_after_a_moment(&self) -> bool {
        let mut state = self.state.lock();
        if !state.released && !state.stopped {
            self.changed.wait_for(&mut state, Duration::from_millis(5));
        }
        state.released
    }

    fn client_closed(&self, number: usize) {
        if let Some(request) = self.state.lock().requests.get_mut(number) {
            request.closed_by_client = true;
        }
        self.changed.notify_all();
    }

    fn sent(&self, reported: Option<Reported>) {
        if let Some(reported) = reported {
            self.state.lock().reported.add(reported);
        }
    }
}
