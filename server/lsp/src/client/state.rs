//! What has arrived and not been taken yet.

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Instant;

use parking_lot::{Condvar, Mutex};
use serde_json::Value;

use super::wire::{Error, ResponseError, ServerRequest};

/// Shared by the thread that reads and those that wait.
#[derive(Default)]
pub(super) struct State {
    inbox: Mutex<Inbox>,
    changed: Condvar,
    last_id: AtomicI64,
}

/// The queues.
#[derive(Default)]
pub(super) struct Inbox {
    /// The ids, as JSON text, of requests without an answer.
    pub(super) open: BTreeSet<String>,
    pub(super) answers: HashMap<i64, Result<Value, ResponseError>>,
    pub(super) notifications: VecDeque<(String, Value)>,
    pub(super) open_requests: VecDeque<ServerRequest>,
    pub(super) strays: VecDeque<Value>,
    pub(super) closed: Option<String>,
}

impl State {
    pub(super) fn next_id(&self) -> i64 {
        self.last_id.fetch_add(1, Ordering::Relaxed) + 1
    }

    pub(super) fn opened(&self, id: &Value) {
        self.with(|inbox| inbox.open.insert(id.to_string()));
    }

    /// Looks at or changes the queues, and wakes whoever waits.
    pub(super) fn with<T>(&self, change: impl FnOnce(&mut Inbox) -> T) -> T {
        let result = change(&mut self.inbox.lock());
        self.changed.notify_all();
        result
    }

    /// Waits until `take` finds something.
    pub(super) fn wait_for<T>(&self, deadline: Instant, mut take: impl FnMut(&mut Inbox) -> Option<T>) -> Result<T, Error> {
        let mut inbox = self.inbox.lock();
        loop {
            if let Some(found) = take(&mut inbox) {
                return Ok(found);
            }
            if let Some(reason) = &inbox.closed {
                return Err(Error::Closed(reason.clone()));
            }
            if self.changed.wait_until(&mut inbox, deadline).timed_out() {
                return take(&mut inbox).ok_or(Error::Deadline);
            }
        }
    }

    pub(super) fn wait_closed(&self, deadline: Instant) -> Result<(), Error> {
        match self.wait_for(deadline, |inbox| inbox.closed.is_some().then_some(())) {
            Err(Error::Closed(_)) => Ok(()),
            other => other,
        }
    }
}
