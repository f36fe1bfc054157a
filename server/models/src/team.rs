//! A cache of answers that a team shares. It is asked when this machine has no answer, for a moment only, and given every answer
//! that passed its check, behind the asker's back. It is a help and never a need: a slow or dead one costs one moment and is then
//! left alone, and an entry that the team's key did not sign is no entry.

mod breaker;
#[cfg(feature = "team-cache")]
mod place;
mod seal;
#[cfg(test)]
mod tests;

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;

use crate::TeamCache;
use crate::cache::{Kept, Key};
use breaker::Breaker;
use seal::SigningKey;

/// So long an answer is waited for.
const READ_DEADLINE: Duration = Duration::from_millis(150);
/// So long giving an answer may take.
const WRITE_DEADLINE: Duration = Duration::from_secs(5);
/// So many answers may wait to be given; what comes on top is not shared.
const MAX_WAITING: u32 = 64;

/// Something that is to happen at the shared place.
type Doing<T> = Pin<Box<dyn Future<Output = Result<T, String>> + Send>>;

/// The shared place: bytes by name.
trait Shelf: std::fmt::Debug + Send + Sync {
    /// The bytes under a name, where there are any.
    fn read(&self, name: String) -> Doing<Option<Vec<u8>>>;
    /// Puts bytes under a name, replacing what was there.
    fn write(&self, name: String, bytes: Vec<u8>) -> Doing<()>;
}

/// The shared cache of this user's team.
#[derive(Debug)]
pub(crate) struct Team {
    shelf: Arc<dyn Shelf>,
    key: SigningKey,
    breaker: Arc<Breaker>,
    waiting: Arc<Semaphore>,
}

impl Team {
    /// The cache that is configured; `None` where none is, or where it cannot be used, which is logged.
    pub(crate) fn open(configured: Option<&TeamCache>) -> Option<Team> {
        let configured = configured?;
        match place::open(configured) {
            Ok(shelf) => Some(Team::on(shelf, SigningKey::new(&configured.key))),
            Err(problem) => {
                tracing::warn!("the team's cache is not used: {problem}");
                None
            }
        }
    }

    fn on(shelf: Arc<dyn Shelf>, key: SigningKey) -> Team {
        Team { shelf, key, breaker: Arc::default(), waiting: Arc::new(Semaphore::new(MAX_WAITING as usize)) }
    }

    /// The team's answer, if it comes in time and is signed.
    pub(crate) async fn get(&self, key: &Key) -> Option<Kept> {
        if !self.breaker.lets_through() {
            return None;
        }
        let read = tokio::time::timeout(READ_DEADLINE, self.shelf.read(name(key))).await;
        let bytes = self.heard(read.unwrap_or_else(|_| Err(format!("no answer within {} ms", READ_DEADLINE.as_millis()))))??;
        let kept = self.key.open(key, &bytes);
        if kept.is_none() {
            tracing::warn!(
                entry = key.hex(),
                "an entry of the team's cache is not signed by its key, or is damaged; it is not used"
            );
        }
        kept
    }

    /// Shares an answer, without waiting for it.
    pub(crate) fn put(&self, key: &Key, kept: &Kept) {
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        let (Ok(seat), Ok(bytes)) = (Arc::clone(&self.waiting).try_acquire_owned(), self.key.seal(key, kept)) else { return };
        if !self.breaker.lets_through() {
            return;
        }
        let (shelf, breaker, name) = (Arc::clone(&self.shelf), Arc::clone(&self.breaker), name(key));
        runtime.spawn(async move {
            let written = tokio::time::timeout(WRITE_DEADLINE, shelf.write(name, bytes)).await;
            heard(&breaker, written.unwrap_or_else(|_| Err("it takes too long to write".into())));
            drop(seat);
        });
    }

    /// Waits until every answer that was to be shared is shared or given up.
    pub(crate) async fn flush(&self) {
        drop(tokio::time::timeout(WRITE_DEADLINE, self.waiting.acquire_many(MAX_WAITING)).await);
    }

    fn heard<T>(&self, result: Result<T, String>) -> Option<T> {
        heard(&self.breaker, result)
    }
}

fn heard<T>(breaker: &Breaker, result: Result<T, String>) -> Option<T> {
    match result {
        Ok(value) => {
            breaker.worked();
            Some(value)
        }
        Err(error) => {
            if breaker.failed() {
                tracing::warn!(error, "the team's cache does not answer and is left alone for a while");
            }
            None
        }
    }
}

fn name(key: &Key) -> String {
    let hex = key.hex();
    format!("answers-2/{}/{hex}", &hex[..2])
}

#[cfg(not(feature = "team-cache"))]
mod place {
    use std::sync::Arc;

    use super::Shelf;
    use crate::TeamCache;

    pub(super) fn open(_: &TeamCache) -> Result<Arc<dyn Shelf>, String> {
        Err("this program was built without the feature `team-cache`".into())
    }
}
