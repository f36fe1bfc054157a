//! Giving way to whoever types.

use std::sync::LazyLock;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// For so long after a keystroke another one is likely, in ms.
const TYPING_MS: u64 = 300;
/// No work waits longer than this in one go, in ms.
const PATIENCE_MS: u64 = 1_000;
/// After it has waited that long, work goes on for this long whatever happens, in ms.
const TURN_MS: u64 = 200;

/// When somebody typed last, and whose turn it is.
#[derive(Debug, Default)]
pub(crate) struct Pace {
    /// In ms since the process began to measure; 0 for never.
    typed: AtomicU64,
    /// Until when work goes on even if somebody types.
    turn_ends: AtomicU64,
}

impl Pace {
    /// Somebody typed.
    pub(crate) fn typed(&self) {
        self.typed.store(now(), Ordering::Relaxed);
    }

    /// Waits while somebody types, but never for ever.
    pub(crate) fn give_way(&self, cancel: &AtomicBool) {
        let begin = now();
        while self.must_wait(begin, now()) && !cancel.load(Ordering::Relaxed) {
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    fn must_wait(&self, begin: u64, now: u64) -> bool {
        let typed = self.typed.load(Ordering::Relaxed);
        if typed == 0 || now >= typed + TYPING_MS || now < self.turn_ends.load(Ordering::Relaxed) {
            return false;
        }
        if now >= begin + PATIENCE_MS {
            self.turn_ends.store(now + TURN_MS, Ordering::Relaxed);
            return false;
        }
        true
    }
}

fn now() -> u64 {
    static BEGIN: LazyLock<Instant> = LazyLock::new(Instant::now);
    u64::try_from(BEGIN.elapsed().as_millis()).unwrap_or(u64::MAX).saturating_add(1)
}

#[cfg(test)]
mod tests {
    use super::{Ordering, PATIENCE_MS, Pace, TURN_MS, TYPING_MS};

    #[test]
    fn work_waits_for_whoever_types_and_gets_its_turn() {
        let pace = Pace::default();
        assert!(!pace.must_wait(1, 1), "nobody typed yet");
        pace.typed.store(1_000, Ordering::Relaxed);
        assert!(pace.must_wait(1_010, 1_010));
        assert!(!pace.must_wait(1_010, 1_000 + TYPING_MS), "the typing is over");
        let late = 1_010 + PATIENCE_MS;
        pace.typed.store(late, Ordering::Relaxed);
        assert!(pace.must_wait(1_010, late - 1));
        assert!(!pace.must_wait(1_010, late), "it waited long enough");
        pace.typed.store(late + 5, Ordering::Relaxed);
        assert!(!pace.must_wait(late + 5, late + TURN_MS - 1), "it is its turn");
        pace.typed.store(late + TURN_MS, Ordering::Relaxed);
        assert!(pace.must_wait(late + TURN_MS, late + TURN_MS));
    }
}
