//! Equal jobs at once are one request. The first asker starts it, the others wait for it, and it is given up when the last of them
//! goes away. A finished answer stays here until the caller's check has spoken, so that nobody asks again in between.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use parking_lot::Mutex;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::cache::Key;
use crate::{Answer, ModelError};

/// An answer that no check has spoken on is offered for so long.
const UNJUDGED: Duration = Duration::from_secs(10);

type Landed = Result<Answer, ModelError>;

#[derive(Debug)]
struct Flight {
    waiters: usize,
    number: u64,
    cancel: CancellationToken,
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
}

impl Flights {
    /// Takes a seat. Who starts the flight also gets the pilot, and must fly.
    pub(crate) fn board(flights: &Arc<Flights>, key: Key) -> (Seat, Option<Pilot>) {
        let mut table = flights.table.lock();
        table.flights.retain(|_, flight| flight.landed_at.is_none_or(|at| at.elapsed() < UNJUDGED));
        let seat = |number, landed, joined| Seat { flights: Arc::clone(flights), key, number, landed, joined };
        if let Some(flight) = table.flights.get_mut(&key) {
            flight.waiters += 1;
            return (seat(flight.number, flight.landed.clone(), true), None);
        }
        table.started += 1;
        let number = table.started;
        let (land, landed) = watch::channel(None);
        let cancel = CancellationToken::new();
        let flight = Flight { waiters: 1, number, cancel: cancel.clone(), landed: landed.clone(), landed_at: None };
        table.flights.insert(key, flight);
        (seat(number, landed, false), Some(Pilot { flights: Arc::clone(flights), key, number, land, cancel }))
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
