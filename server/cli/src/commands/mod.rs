//! One file for each command.

pub(crate) mod cache;
pub(crate) mod config;
pub(crate) mod doctor;
pub(crate) mod egress;
pub(crate) mod eval;
pub(crate) mod hover;
pub(crate) mod index;
pub(crate) mod init;
pub(crate) mod languages;
pub(crate) mod lookup;
pub(crate) mod lsp;
pub(crate) mod models;
pub(crate) mod prefetch;
pub(crate) mod refactor;
pub(crate) mod references;
pub(crate) mod report;
pub(crate) mod resolve;
pub(crate) mod symbols;
pub(crate) mod trust;
pub(crate) mod undo;

use crate::failure::Failure;

/// Runs what waits for a model.
pub(crate) fn block_on<T>(work: impl Future<Output = T>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let result = runtime.block_on(work);
    // A blocked thread must not keep the command from ending.
    runtime.shutdown_background();
    Ok(result)
}
