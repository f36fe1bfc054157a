//! When the time is up that one text may take.

use std::time::{Duration, Instant};

/// The end of what one text may take of the thread that works on it. Where the system tells the processor time of a thread that is what
/// counts: a machine that is busy with something else is no fault of the text. Holds on the thread that made it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Deadline {
    earliest: Instant,
    worked: Option<Duration>,
}

impl Deadline {
    /// So many milliseconds from now.
    pub(crate) fn after(ms: u64) -> Self {
        let left = Duration::from_millis(ms);
        Self { earliest: Instant::now() + left, worked: worked().map(|so_far| so_far + left) }
    }

    /// Whether the time is up.
    pub(crate) fn has_passed(self) -> bool {
        // No thread works longer than the clock runs, and the clock is read without a call into the system.
        Instant::now() > self.earliest && self.worked.is_none_or(|most| worked().is_none_or(|so_far| so_far > most))
    }
}

/// The processor time of this thread so far.
#[cfg(any(target_os = "linux", target_vendor = "apple"))]
fn worked() -> Option<Duration> {
    Duration::try_from(rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime)).ok()
}

#[cfg(not(any(target_os = "linux", target_vendor = "apple")))]
fn worked() -> Option<Duration> {
    None
}

#[cfg(test)]
mod tests {
    use std::{thread, time::Duration};

    use super::*;

    #[test]
    fn no_time_is_over_at_once() {
        let now = Deadline::after(0);
        thread::sleep(Duration::from_millis(1));
        assert!(now.has_passed());
        assert!(!Deadline::after(60_000).has_passed());
    }

    #[test]
    fn waiting_for_the_processor_does_not_count() {
        if worked().is_some() {
            let deadline = Deadline::after(20);
            thread::sleep(Duration::from_millis(40));
            assert!(!deadline.has_passed());
            while !deadline.has_passed() {}
        }
    }
}
