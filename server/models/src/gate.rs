//! How many requests of a tier are under way, and how fast they follow each other. Who waits is let in by priority, then in turn.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use parking_lot::Mutex;
use tokio::sync::{Notify, watch};

use crate::{Limits, Priority};

type Ticket = (Priority, u64);

/// The gate of one tier.
#[derive(Debug)]
pub(crate) struct Gate {
    at_once: usize,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    inside: usize,
    tickets: u64,
    waiting: BTreeMap<Ticket, Arc<Notify>>,
    requests: Option<Bucket>,
    tokens: Option<Bucket>,
}

/// A token bucket: it holds what a minute allows and fills evenly.
#[derive(Debug)]
struct Bucket {
    size: f64,
    level: f64,
    filled: Instant,
}

/// A request under way. Dropping it lets the next one in.
#[derive(Debug)]
pub(crate) struct Pass(Arc<Gate>);

/// Who waits for a request: it only ever becomes more urgent.
#[derive(Debug, Clone)]
pub(crate) struct Rank(watch::Receiver<Priority>);

impl Rank {
    /// A rank, and what lifts it.
    pub(crate) fn new(priority: Priority) -> (watch::Sender<Priority>, Rank) {
        let (lift, rank) = watch::channel(priority);
        (lift, Rank(rank))
    }

    /// Waits until somebody waits for the request; for ever where nobody ever does.
    async fn lifted(&self) {
        if self.0.clone().wait_for(|priority| *priority == Priority::Interactive).await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

struct Waiting<'a> {
    gate: &'a Gate,
    ticket: Ticket,
    bell: Arc<Notify>,
}

impl Waiting<'_> {
    /// Goes to where those stand whom somebody waits for, by the number that it has.
    fn lift(&mut self) {
        let mut state = self.gate.state.lock();
        state.waiting.remove(&self.ticket);
        self.ticket.0 = Priority::Interactive;
        state.waiting.insert(self.ticket, Arc::clone(&self.bell));
    }
}

impl Gate {
    pub(crate) fn new(limits: Limits) -> Self {
        let bucket = |size: Option<u32>| size.map(|size| Bucket::new(f64::from(size.max(1))));
        let state = State {
            inside: 0,
            tickets: 0,
            waiting: BTreeMap::new(),
            requests: bucket(limits.requests_per_minute),
            tokens: bucket(limits.tokens_per_minute),
        };
        Gate { at_once: limits.requests_at_once.max(1), state: Mutex::new(state) }
    }

    /// Waits for its turn, which comes earlier once the rank is lifted. Dropping the future gives the turn up.
    pub(crate) async fn enter(gate: &Arc<Gate>, rank: &Rank, tokens: u64) -> Pass {
        let bell = Arc::new(Notify::new());
        let ticket = {
            let mut state = gate.state.lock();
            state.tickets += 1;
            let ticket = (*rank.0.borrow(), state.tickets);
            state.waiting.insert(ticket, Arc::clone(&bell));
            ticket
        };
        let mut waiting = Waiting { gate, ticket, bell: Arc::clone(&bell) };
        loop {
            let wait = match gate.try_enter(waiting.ticket, tokens) {
                Ok(()) => return Pass(Arc::clone(gate)),
                Err(wait) => wait,
            };
            tokio::select! {
                () = bell.notified() => {}
                () = tokio::time::sleep(wait.unwrap_or_default()), if wait.is_some() => {}
                () = rank.lifted(), if waiting.ticket.0 != Priority::Interactive => waiting.lift(),
            }
        }
    }

    /// Enters, or says how long until the buckets allow it; nothing when others are before it.
    fn try_enter(&self, ticket: Ticket, tokens: u64) -> Result<(), Option<Duration>> {
        let state = &mut *self.state.lock();
        if state.inside >= self.at_once || state.waiting.keys().next() != Some(&ticket) {
            return Err(None);
        }
        let now = Instant::now();
        let mut wait = Duration::ZERO;
        for (bucket, amount) in [(&mut state.requests, 1.0), (&mut state.tokens, tokens as f64)] {
            wait = bucket.as_mut().map_or(wait, |bucket| wait.max(bucket.wait(amount, now)));
        }
        if !wait.is_zero() {
            return Err(Some(wait));
        }
        for (bucket, amount) in [(&mut state.requests, 1.0), (&mut state.tokens, tokens as f64)] {
            if let Some(bucket) = bucket {
                bucket.level -= amount.min(bucket.size);
            }
        }
        state.inside += 1;
        Ok(())
    }

    fn wake_first(state: &State) {
        if let Some(bell) = state.waiting.values().next() {
            bell.notify_one();
        }
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        let mut state = self.gate.state.lock();
        state.waiting.remove(&self.ticket);
        Gate::wake_first(&state);
    }
}

impl Drop for Pass {
    fn drop(&mut self) {
        let mut state = self.0.state.lock();
        state.inside -= 1;
        Gate::wake_first(&state);
    }
}

impl Bucket {
    fn new(size: f64) -> Self {
        Bucket { size, level: size, filled: Instant::now() }
    }

    /// How long until so much can be taken. More than the bucket holds is taken from a full one.
    fn wait(&mut self, amount: f64, now: Instant) -> Duration {
        let passed = now.saturating_duration_since(self.filled).as_secs_f64();
        self.level = (self.level + passed * self.size / 60.0).min(self.size);
        self.filled = now;
        let missing = amount.min(self.size) - self.level;
        if missing <= 0.0 { Duration::ZERO } else { Duration::from_secs_f64(missing * 60.0 / self.size) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gate(at_once: usize) -> Arc<Gate> {
        Arc::new(Gate::new(Limits { requests_at_once: at_once, ..Limits::default() }))
    }

    fn rank(priority: Priority) -> Rank {
        Rank::new(priority).1
    }

    /// Who entered, by number, after the one that was inside has left.
    async fn entered(ranks: Vec<Rank>, lift: Option<watch::Sender<Priority>>) -> Vec<usize> {
        let gate = gate(1);
        let first = Gate::enter(&gate, &rank(Priority::Background), 0).await;
        let order = Arc::new(Mutex::new(Vec::new()));
        let mut tasks = Vec::new();
        for (number, rank) in ranks.into_iter().enumerate() {
            let (theirs, order) = (Arc::clone(&gate), Arc::clone(&order));
            tasks.push(tokio::spawn(async move {
                let _pass = Gate::enter(&theirs, &rank, 0).await;
                order.lock().push(number);
            }));
            while gate.state.lock().waiting.len() <= number {
                tokio::task::yield_now().await;
            }
        }
        if let Some(lift) = lift {
            let interactive = || gate.state.lock().waiting.keys().filter(|ticket| ticket.0 == Priority::Interactive).count();
            let before = interactive();
            lift.send_replace(Priority::Interactive);
            while interactive() == before {
                tokio::task::yield_now().await;
            }
        }
        drop(first);
        for task in tasks {
            task.await.unwrap();
        }
        order.lock().clone()
    }

    #[tokio::test]
    async fn who_is_interactive_goes_before_the_background_and_the_rest_in_turn() {
        let ranks = [Priority::Background, Priority::Background, Priority::Interactive, Priority::Interactive].map(rank);
        assert_eq!(entered(ranks.into(), None).await, [2, 3, 0, 1]);
    }

    #[tokio::test]
    async fn who_is_lifted_goes_before_the_background_it_stood_in() {
        let (lift, lifted) = Rank::new(Priority::Background);
        let ranks = vec![rank(Priority::Background), lifted, rank(Priority::Interactive), rank(Priority::Background)];
        let order = entered(ranks, Some(lift)).await;
        // By its number it had asked before the other that somebody waits for.
        assert_eq!(order, [1, 2, 0, 3]);
    }

    #[tokio::test]
    async fn a_turn_that_is_given_up_holds_up_nobody() {
        let gate = gate(1);
        let first = Gate::enter(&gate, &rank(Priority::Interactive), 0).await;
        let leaver = rank(Priority::Interactive);
        let mut leaving = Box::pin(Gate::enter(&gate, &leaver, 0));
        assert!(waits(leaving.as_mut()).await);
        drop(leaving);
        drop(first);
        drop(Gate::enter(&gate, &rank(Priority::Background), 0).await);
        let state = gate.state.lock();
        assert_eq!((state.inside, state.waiting.len()), (0, 0));
    }

    /// Polls once and says whether it waits.
    async fn waits<F: Future>(mut future: std::pin::Pin<&mut F>) -> bool {
        std::future::poll_fn(|context| std::task::Poll::Ready(future.as_mut().poll(context).is_pending())).await
    }

    #[test]
    fn a_bucket_allows_a_minutes_worth_and_then_evenly_more() {
        let mut bucket = Bucket::new(60.0);
        let now = bucket.filled;
        assert_eq!(bucket.wait(60.0, now), Duration::ZERO);
        bucket.level = 0.0;
        assert_eq!(bucket.wait(5.0, now), Duration::from_secs(5));
        assert_eq!(bucket.wait(5.0, now + Duration::from_secs(5)), Duration::ZERO);
        bucket.level = 0.0;
        assert_eq!(bucket.wait(1_000.0, bucket.filled), Duration::from_secs(60));
    }
}
