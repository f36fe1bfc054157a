//! Handlers: parse, call, render. Each takes its snapshot before its first await and decides nothing that is not the protocol's.

pub(crate) mod code_action;
pub(crate) mod document_symbol;
pub(crate) mod execute_command;
pub(crate) mod hover;
pub(crate) mod lifecycle;
pub(crate) mod look_up;
pub(crate) mod navigation;
pub(crate) mod summary;
pub(crate) mod sync;
pub(crate) mod workspace_symbol;

use tokio::sync::Semaphore;
use tower_lsp::jsonrpc::{Error, Result};

use crate::transport::turn;

/// Runs what may take more than a millisecond on a thread that may block.
///
/// # Errors
/// Fails where the work panicked.
pub(crate) async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(|error| {
        tracing::error!("a handler failed: {error}");
        Error::internal_error()
    })
}

/// Runs what is asked for all the time and takes well under a millisecond, on the very thread that took the request: to hand it to another
/// and back takes longer than the work. What stands behind it goes on elsewhere meanwhile, as long as it may last.
pub(crate) async fn brief<T>(work: impl FnOnce() -> T) -> T {
    /// One thread of the runtime, which has two at least, can be held without a word; the next must first hand its tasks to another.
    static HOLDS_A_THREAD: Semaphore = Semaphore::const_new(1);

    turn::end().await;
    match HOLDS_A_THREAD.try_acquire() {
        Ok(_held) => work(),
        Err(_) => tokio::task::block_in_place(work),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;
    use std::time::Duration;

    use super::brief;

    #[test]
    fn what_lasts_against_expectation_holds_up_nobody() {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_time().build().unwrap();
        let (begun, begins) = channel();
        let releases: Vec<_> = (0..4)
            .map(|_| {
                let (release, released) = channel::<()>();
                let begun = begun.clone();
                runtime.spawn(brief(move || {
                    begun.send(()).unwrap();
                    let _ = released.recv();
                }));
                release
            })
            .collect();
        for _ in &releases {
            begins.recv_timeout(Duration::from_secs(20)).unwrap();
        }
        let (done, ends) = channel();
        runtime.spawn(async move { done.send(()).unwrap() });
        ends.recv_timeout(Duration::from_secs(20)).unwrap();
        drop(releases);
    }
}
