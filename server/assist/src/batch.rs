//! Summaries of a whole workspace through a server's batches: sent now, collected by whoever comes after they are done.

use index::SymbolRef;
use models::{BatchState, BatchTicket, Cost, Gateway, Job, ModelError, Tier};

use crate::summary::{job, read};
use crate::{Prefetch, Snapshot, may_leave};

/// What a collected batch came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Collected {
    /// Summaries that passed their check and are kept.
    pub made: usize,
    /// Answers that did not pass it, or that were none.
    pub refused: usize,
    /// What all of it cost.
    pub cost: Cost,
}

/// Sends the summaries that are to be made as one batch, as many as the caps allow.
///
/// # Errors
/// Fails where no batch could be sent.
pub async fn send_batch(gateway: &Gateway, snapshot: &Snapshot, wanted: &Prefetch) -> Result<BatchTicket, ModelError> {
    let jobs: Vec<Job> = wanted.symbols.iter().map(|symbol| job(snapshot, symbol).0).collect();
    gateway.send_batch(&jobs).await
}

/// Collects a batch that has ended: its answers are checked against the workspace as it is now, and kept where they stand.
///
/// # Errors
/// Fails where the answers cannot be fetched; they can be fetched again.
pub async fn collect_batch(
    gateway: &Gateway,
    snapshot: &Snapshot,
    ticket: &BatchTicket,
    state: &BatchState,
) -> Result<Collected, ModelError> {
    let symbols = snapshot.index().prominent(usize::MAX).into_iter().filter(|symbol| may_leave(snapshot, symbol.path()));
    let symbols: Vec<SymbolRef> = symbols.collect();
    let (jobs, shown): (Vec<Job>, Vec<String>) = symbols.iter().map(|symbol| job(snapshot, symbol)).unzip();
    let mut collected = Collected::default();
    for (at, answer) in gateway.collect_batch(ticket, state, &jobs).await? {
        let Ok(answer) = answer else {
            collected.refused += 1;
            continue;
        };
        collected.cost += answer.cost;
        match read(snapshot, &symbols[at], &shown[at], &answer.json) {
            Ok(_) => {
                gateway.keep(&jobs[at], &answer);
                collected.made += 1;
            }
            Err(flaw) => {
                gateway.reject(&jobs[at], &answer, flaw.reason());
                collected.refused += 1;
            }
        }
    }
    gateway.flush().await;
    Ok(collected)
}

/// Whether the tier that makes summaries first takes batches, and what they cost, in per cent of single requests.
#[must_use]
pub fn batch_percent(gateway: &Gateway) -> Option<u8> {
    gateway.batch_percent(Tier::Nano)
}
