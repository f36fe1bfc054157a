//! Equal jobs at once are one request. The first asker starts it, the others wait for it, and it is given up when the last of them
//! goes away. Whoever waits at a keyboard lifts a flight that was begun for the background. A finished answer stays here until the caller's check has spoken, so that nobody asks again in between.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use parking_lot::Mutex;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::cache::Key;
use crate::gate::Rank;
use crate::{Answer, ModelError, Priority};

/// An answer that no check has spoken on is offered for so long.
const UNJUDGED: Duration = Duration::from_secs(10);

type Landed = Result<Answer, ModelError>;

#[derive(Debug)]
struct Flight {
    waiters: usize,
    number: u64,
    cancel: CancellationToken,
    lift: watch::Sender<Priority>,
    landed: watch::Receiver<Option<Landed>>,
    landed_at: Option<Instant>,
}

/// The flights of a gateway.
#[derive(Debug, Default)]
pub(crate) struct Flights {
    table: Mutex<Table>,
}

#[derive(Debug, Default)]
struct Table {
    flights: HashMap<Key, Flight>,
    started: u64,
}

/// One asker's seat. Dropping it is going away.
#[derive(Debug)]
pub(crate) struct Seat {
    flights: Arc<Flights>,
    key: Key,
    number: u64,
    landed: watch::Receiver<Option<Landed>>,
    /// Whether another asker had started the flight.
    pub(crate) joined: bool,
}

/// What the one who flies needs.
#[derive(Debug)]
pub(crate) struct Pilot {
    flights: Arc<Flights>,
    key: Key,
    number: u64,
    land: watch::Sender<Option<Landed>>,
    pub(crate) cancel: CancellationToken,
    /// The most urgent of those who wait for it.
    pub(crate) rank: Rank,
}

impl Flights {
    /// Takes a seat. Who starts the flight also gets the pilot, and must fly.
    pub(crate) fn board(flights: &Arc<Flights>, key: Key, priority: Priority) -> (Seat, Option<Pilot>) {
        let mut table = flights.table.lock();
        table.flights.retain(|_, flight| flight.landed_at.is_none_or(|at| at.elapsed() < UNJUDGED));
        let seat = |number, landed, joined| Seat { flights: Arc::clone(flights), key, number, landed, joined };
        if let Some(flight) = table.flights.get_mut(&key) {
            flight.waiters += 1;
            flight.lift.send_if_modified(|rank| {
                let is_more_urgent = priority < *rank;
                *rank = priority.min(*rank);
                is_more_urgent
            });
            return (seat(flight.number, flight.landed.clone(), true), None);
        }
        table.started += 1;
        let number = table.started;
        let (land, landed) = watch::channel(None);
        let cancel = CancellationToken::new();
        let (lift, rank) = Rank::new(priority);
        let flight = Flight { waiters: 1, number, cancel: cancel.clone(), lift, landed: landed.clone(), landed_at: None };
        table.flights.insert(key, flight);
        (seat(number, landed, false), Some(Pilot { flights: Arc::clone(flights), key, number, land, cancel, rank }))
    }

    /// The caller's check has spoken: the next asker looks into the cache or asks anew.
    pub(crate) fn forget(&self, key: &Key) {
        let mut table = self.table.lock();
        if table.flights.get(key).is_some_and(|flight| flight.landed_at.is_some()) {
            table.flights.remove(key);
        }
    }
}

impl Seat {
    /// Waits for the landing.
    pub(crate) async fn landing(&mut self) -> Landed {
        match self.landed.wait_for(Option::is_some).await {
            Ok(landed) => landed.clone().unwrap_or(Err(ModelError::Cancelled)),
            Err(_) => Err(ModelError::Transport("the request was dropped".into())),
        }
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut table = self.flights.table.lock();
        let Some(flight) = table.flights.get_mut(&self.key).filter(|flight| flight.number == self.number) else { return };
        flight.waiters -= 1;
        if flight.waiters == 0 && flight.landed_at.is_none() {
            flight.cancel.cancel();
            table.flights.remove(&self.key);
        }
    }
}

impl Pilot {
    /// Hands the result to everyone who waits. An error is not offered to later askers.
    pub(crate) fn land(self, landed: Landed) {
        let mut table = self.flights.table.lock();
        if let Some(flight) = table.flights.get_mut(&self.key).filter(|flight| flight.number == self.number) {
            if landed.is_ok() {
                flight.landed_at = Some(Instant::now());
            } else {
                table.flights.remove(&self.key);
            }
        }
        self.land.send_replace(Some(landed));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Limits;
    use crate::gate::Gate;

    #[tokio::test]
    async fn who_waits_at_a_keyboard_lifts_a_flight_that_waits_in_the_background() {
        let flights = Arc::default();
        let gate = Arc::new(Gate::new(Limits { requests_at_once: 1, ..Limits::default() }));
        let inside = Gate::enter(&gate, &Rank::new(Priority::Background).1, 0).await;
        let (_one, first) = Flights::board(&flights, Key::numbered(1), Priority::Background);
        let (_two, second) = Flights::board(&flights, Key::numbered(2), Priority::Background);
        let (first, second) = (first.unwrap(), second.unwrap());
        let mut in_turn = Box::pin(Gate::enter(&gate, &first.rank, 0));
        let mut lifted = Box::pin(Gate::enter(&gate, &second.rank, 0));
        assert!(futures::poll!(in_turn.as_mut()).is_pending() && futures::poll!(lifted.as_mut()).is_pending());
        let (joined, pilot) = Flights::board(&flights, Key::numbered(2), Priority::Interactive);
        assert!(joined.joined && pilot.is_none());
        // Whoever comes later and waits for nothing does not put it back.
        let _third = Flights::board(&flights, Key::numbered(2), Priority::Background);
        assert!(futures::poll!(lifted.as_mut()).is_pending());
        drop(inside);
        assert!(futures::poll!(in_turn.as_mut()).is_pending());
        assert!(futures::poll!(lifted.as_mut()).is_ready());
    }
}
