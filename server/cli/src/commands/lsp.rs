//! `tierline lsp`: serves an editor.

use std::process::ExitCode;

use assist::Places;

use crate::arguments::Options;
use crate::failure::Failure;
use crate::workspace::gateways;

pub(crate) fn run(options: &Options) -> Result<ExitCode, Failure> {
    let places = Places { keeps_index: !options.no_store, ..Places::of_user() };
    for problem in super::languages::faults() {
        tracing::warn!("{problem}");
    }
    let workers = std::thread::available_parallelism().map_or(2, usize::from).max(2);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(workers).enable_all().build()?;
    let outcome = runtime.block_on(lsp::serve_stdio(places, gateways(options)));
    if outcome.is_fault() {
        tracing::error!("{outcome}");
    }
    // Dropping the runtime would wait for the thread that is blocked on stdin.
    std::process::exit(outcome.exit_code())
}
