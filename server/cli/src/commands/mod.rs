//! One file for each command.

pub(crate) mod cache;
pub(crate) mod config;
pub(crate) mod doctor;
pub(crate) mod egress;
pub(crate) mod eval;
pub(crate) mod hover;
pub(crate) mod index;
pub(crate) mod init;
pub(crate) mod key;
pub(crate) mod languages;
pub(crate) mod lookup;
pub(crate) mod lsp;
pub(crate) mod models;
pub(crate) mod prefetch;
pub(crate) mod receipt;
pub(crate) mod refactor;
pub(crate) mod references;
pub(crate) mod report;
pub(crate) mod resolve;
pub(crate) mod shell;
pub(crate) mod symbols;
pub(crate) mod trust;
pub(crate) mod undo;

use std::sync::OnceLock;

use tokio::runtime::{Builder, Runtime};

use crate::failure::Failure;

/// Runs what waits for a model, always on the same runtime: a connection that the gateway keeps for the next call is
/// driven by the runtime that opened it and dies with it.
///
/// The runtime is never dropped, so that a blocked thread does not keep the command from ending.
pub(crate) fn block_on<T>(work: impl Future<Output = T>) -> Result<T, Failure> {
    static RUNTIME: OnceLock<Runtime> = OnceLock::new();
    let runtime = match RUNTIME.get() {
        Some(runtime) => runtime,
        None => {
            let made = Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
            RUNTIME.get_or_init(|| made)
        }
    };
    Ok(runtime.block_on(work))
}
