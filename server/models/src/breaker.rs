//! A server that fails again and again is left alone for a while. After it one request tries whether it has recovered; the others
//! wait for what becomes of it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use dashmap::DashMap;

use crate::ModelError;

/// So many failures in a row open the breaker.
const FAILURES: u32 = 5;
/// The longest rest; each one in a row is twice as long as the one before.
const LONGEST: Duration = Duration::from_secs(300);

#[derive(Debug, Default)]
struct State {
    failures: u32,
    rests: u32,
    open_until: Option<Instant>,
    trying: bool,
    reason: String,
}

/// The breakers, by address.
#[derive(Debug, Default)]
pub(crate) struct Breakers {
    table: DashMap<String, State>,
}

/// How a request ended, as far as its server is to blame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// The server works.
    Well,
    /// The server failed.
    Ill,
    /// The server will fail until somebody does something about it.
    Hopeless,
}

/// Leave to send one request. Dropped without a verdict, it says nothing of the server.
#[derive(Debug)]
pub(crate) struct Leave {
    breakers: Arc<Breakers>,
    address: String,
    tries: bool,
}

impl Breakers {
    /// Leave to send a request, or when the server is tried again.
    pub(crate) fn leave(breakers: &Arc<Breakers>, address: &str) -> Result<Leave, ModelError> {
        let mut state = breakers.table.entry(address.to_owned()).or_default();
        let mut tries = false;
        if let Some(until) = state.open_until {
            let left = until.saturating_duration_since(Instant::now());
            if state.trying || !left.is_zero() {
                let host = address.split("://").last().unwrap_or(address).split('/').next().unwrap_or_default();
                return Err(ModelError::Resting { host: host.to_owned(), again_in: left, reason: state.reason.clone() });
            }
            state.trying = true;
            tries = true;
        }
        Ok(Leave { breakers: Arc::clone(breakers), address: address.to_owned(), tries })
    }
}

impl Leave {
    /// Says how it went. `rest` is the length of the first rest.
    pub(crate) fn tell(self, verdict: Verdict, reason: &str, rest: Duration) {
        let mut state = self.breakers.table.entry(self.address.clone()).or_default();
        if verdict == Verdict::Well {
            *state = State::default();
            return;
        }
        state.failures += 1;
        if self.tries || verdict == Verdict::Hopeless || state.failures >= FAILURES {
            let length = rest.saturating_mul(1 << state.rests.min(16)).min(LONGEST);
            // Those that were on their way when it opened do not lengthen the rest.
            if self.tries || state.open_until.is_none() {
                state.rests += 1;
                state.open_until = Some(Instant::now() + length);
                tracing::warn!(address = self.address, reason, seconds = length.as_secs_f64(), "a model server is left alone");
            }
            state.reason = reason.to_owned();
        }
    }
}

impl Drop for Leave {
    fn drop(&mut self) {
        if self.tries
            && let Some(mut state) = self.breakers.table.get_mut(&self.address)
        {
            state.trying = false;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: Duration = Duration::from_secs(60);

    fn tell(breakers: &Arc<Breakers>, verdict: Verdict, rest: Duration) {
        Breakers::leave(breakers, "https://a.example/v1").unwrap().tell(verdict, "it broke", rest);
    }

    #[test]
    fn five_failures_in_a_row_open_it_and_it_says_so() {
        let breakers = Arc::default();
        (0..4).for_each(|_| tell(&breakers, Verdict::Ill, HOUR));
        tell(&breakers, Verdict::Well, HOUR);
        (0..5).for_each(|_| tell(&breakers, Verdict::Ill, HOUR));
        let error = Breakers::leave(&breakers, "https://a.example/v1").unwrap_err();
        assert!(error.to_string().contains("a.example") && error.to_string().contains("it broke"), "{error}");
        assert!(Breakers::leave(&breakers, "https://b.example/v1").is_ok());
    }

    #[test]
    fn after_the_rest_one_tries_and_the_others_wait_for_it() {
        let breakers = Arc::default();
        tell(&breakers, Verdict::Hopeless, Duration::ZERO);
        let leave = |breakers| Breakers::leave(breakers, "https://a.example/v1");
        let first = leave(&breakers).unwrap();
        assert!(leave(&breakers).is_err());
        drop(first);
        let second = leave(&breakers).unwrap();
        second.tell(Verdict::Well, "", HOUR);
        assert!(leave(&breakers).is_ok() && leave(&breakers).is_ok());
        tell(&breakers, Verdict::Hopeless, Duration::ZERO);
        tell(&breakers, Verdict::Ill, HOUR);
        assert!(leave(&breakers).is_err(), "the try failed");
    }
}
