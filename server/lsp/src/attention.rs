//! What the user is at: when something was asked or typed last, and in which files. Work that nobody waits for gives way to it.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use parking_lot::Mutex;
use tokio_util::sync::CancellationToken;

/// So many files are remembered.
const REMEMBERED: usize = 64;

impl Default for State {
    /// The session has just begun, and the user with it.
    fn default() -> Self {
        Self { last: Instant::now(), files: Vec::new(), ahead: None }
    }
}

/// The user's attention, as far as the protocol shows it. Locked for microseconds.
#[derive(Debug, Default)]
pub(crate) struct Attention {
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    last: Instant,
    /// The files that were asked about, opened or typed in, the latest first.
    files: Vec<PathBuf>,
    /// What is called off when something happens.
    ahead: Option<CancellationToken>,
}

impl Attention {
    /// The user did something.
    pub(crate) fn touched(&self) {
        let mut state = self.state.lock();
        state.last = Instant::now();
        if let Some(ahead) = state.ahead.take() {
            ahead.cancel();
        }
    }

    /// The user did something in a file.
    pub(crate) fn at(&self, path: &Path) {
        self.touched();
        let mut state = self.state.lock();
        if state.files.first().is_some_and(|first| first == path) {
            return;
        }
        state.files.retain(|other| other != path);
        state.files.insert(0, path.to_owned());
        state.files.truncate(REMEMBERED);
    }

    /// The files that had it, the latest first.
    pub(crate) fn files(&self) -> Vec<PathBuf> {
        self.state.lock().files.clone()
    }

    /// A token that is cancelled by whatever the user does next; `None` where something was done less than `pause` ago.
    pub(crate) fn idle(&self, pause: Duration) -> Option<CancellationToken> {
        let mut state = self.state.lock();
        if state.last.elapsed() < pause {
            return None;
        }
        Some(state.ahead.get_or_insert_default().clone())
    }
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};
    use std::time::Duration;

    use super::Attention;

    #[test]
    fn what_the_user_does_calls_off_what_nobody_waits_for() {
        let attention = Attention::default();
        let ahead = attention.idle(Duration::ZERO).unwrap();
        assert!(!ahead.is_cancelled());
        attention.touched();
        assert!(ahead.is_cancelled());
        assert!(attention.idle(Duration::from_secs(3_600)).is_none(), "something has just happened");
        assert!(!attention.idle(Duration::ZERO).unwrap().is_cancelled());
    }

    #[test]
    fn the_latest_file_comes_first() {
        let attention = Attention::default();
        ["a", "b", "a", "a"].iter().for_each(|path| attention.at(Path::new(path)));
        assert_eq!(attention.files(), [PathBuf::from("a"), PathBuf::from("b")]);
    }
}
