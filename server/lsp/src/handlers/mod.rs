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

use tower_lsp::jsonrpc::{Error, Result};

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
    // The first poll happens in the order of the messages, and holds up those behind it.
    tokio::task::yield_now().await;
    tokio::task::block_in_place(work)
}
