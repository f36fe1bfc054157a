//! Model traffic as files that a person can read: what is recorded here can be replayed without a server, a key or a cent.

mod exchange;
mod player;
mod recorder;
#[cfg(test)]
mod tests;

use std::path::PathBuf;

use reqwest::header::HeaderMap;

use crate::Endpoint;
use player::Player;
use recorder::Recorder;

/// Where requests go.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Traffic {
    /// To the servers that are configured.
    #[default]
    Live,
    /// To the servers, and each exchange into a file of this directory. What is cached is asked again, so that nothing is missing.
    Record(PathBuf),
    /// Nowhere: the answers are those that were recorded in this directory. A request that is not among them fails.
    Replay(PathBuf),
}

/// What stands between a request and the network.
#[derive(Debug)]
pub(crate) enum Tap {
    Live,
    Record(Recorder),
    Replay(Player),
}

/// A reply as it was recorded.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Recorded {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Tap {
    pub(crate) fn new(traffic: &Traffic) -> Tap {
        match traffic {
            Traffic::Live => Tap::Live,
            Traffic::Record(directory) => Tap::Record(Recorder::new(directory)),
            Traffic::Replay(directory) => Tap::Replay(Player::new(directory)),
        }
    }

    /// The recorded reply, or why there is none; `None` where the network is to be asked.
    pub(crate) fn replayed(&self, path: &str, body: &[u8]) -> Option<Result<Recorded, String>> {
        match self {
            Tap::Replay(player) => Some(player.answer(path, body)),
            Tap::Live | Tap::Record(_) => None,
        }
    }

    /// Whether exchanges are recorded.
    pub(crate) fn records(&self) -> bool {
        matches!(self, Tap::Record(_))
    }

    /// Records an exchange, where exchanges are recorded.
    pub(crate) fn record(&self, endpoint: &Endpoint, path: &str, body: &[u8], reply: &Recorded) {
        if let Tap::Record(recorder) = self
            && let Err(error) = recorder.record(endpoint, path, body, reply)
        {
            tracing::error!(%error, "an exchange is not recorded");
        }
    }
}
