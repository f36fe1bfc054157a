//! Leaving alone what does not work. After a few failures in a row nothing is tried for a while, then one try decides.

use std::time::{Duration, Instant};

use parking_lot::Mutex;

/// So many failures in a row are enough.
const ENOUGH: u32 = 3;
/// So long nothing is tried then.
const REST: Duration = Duration::from_secs(30);

#[derive(Debug, Default)]
pub(super) struct Breaker {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    failures: u32,
    rests_until: Option<Instant>,
}

impl Breaker {
    /// Whether anything is to be tried now. After a rest only one is let through until it is known how it went.
    pub(super) fn lets_through(&self) -> bool {
        self.lets_through_at(Instant::now())
    }

    fn lets_through_at(&self, now: Instant) -> bool {
        let mut state = self.state.lock();
        match state.rests_until {
            Some(until) if now < until => false,
            Some(_) => {
                state.rests_until = Some(now + REST);
                true
            }
            None => true,
        }
    }

    pub(super) fn worked(&self) {
        *self.state.lock() = State::default();
    }

    /// Whether it is left alone from now on, and was not before.
    pub(super) fn failed(&self) -> bool {
        let mut state = self.state.lock();
        state.failures = state.failures.saturating_add(1);
        if state.failures >= ENOUGH {
            state.rests_until = Some(Instant::now() + REST);
        }
        state.failures == ENOUGH
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_let_through_after_a_rest() {
        let breaker = Breaker::default();
        assert_eq!([breaker.failed(), breaker.failed(), breaker.failed(), breaker.failed()], [false, false, true, false]);
        let later = Instant::now() + REST;
        assert!(!breaker.lets_through());
        assert!(breaker.lets_through_at(later));
        assert!(!breaker.lets_through_at(later));
        breaker.worked();
        assert!(breaker.lets_through() && breaker.lets_through());
    }
}
