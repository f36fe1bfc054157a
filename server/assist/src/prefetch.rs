//! Which summaries could be made ahead of the first hover, and what they may cost.

use index::SymbolRef;
use models::{Cost, Tier};

use crate::delegate::worst;
use crate::summary::{is_summarised, job};
use crate::{Snapshot, may_leave};

/// The summaries that are to be made.
#[derive(Clone, Debug, Default)]
pub struct Prefetch {
    /// The symbols without a summary, the most important first.
    pub symbols: Vec<SymbolRef>,
    /// How many have one already.
    pub kept: usize,
    /// How many stand in files that may not leave this machine.
    pub withheld: usize,
    /// The prompts' tokens at most, by the first tier that is asked.
    pub input_tokens: u64,
    /// The replies' tokens at most, by that tier.
    pub output_tokens: u64,
    /// What everything costs at worst: every reply as long as it may be, and every one refused, asked for again, and asked for one
    /// tier up.
    pub worst: Cost,
}

/// What is to be summarised below a folder, or in a file, relative to the root; everywhere without one. Asks no model.
#[must_use]
pub fn prefetch(snapshot: &Snapshot, below: &str) -> Prefetch {
    let mut found = Prefetch::default();
    let Some(gateway) = snapshot.gateway() else { return found };
    let is_below =
        |path: &str| path.strip_prefix(below).is_some_and(|rest| below.is_empty() || rest.is_empty() || rest.starts_with('/'));
    for symbol in snapshot.index().prominent(usize::MAX) {
        if !is_below(symbol.path()) {
            continue;
        }
        if !may_leave(snapshot, symbol.path()) {
            found.withheld += 1;
            continue;
        }
        if is_summarised(snapshot, &symbol) {
            found.kept += 1;
            continue;
        }
        let (mut job, _) = job(snapshot, &symbol);
        found.worst += worst(gateway, &job, Tier::Mini);
        if let Some(first) = [Tier::Nano, Tier::Mini].into_iter().find(|tier| gateway.has(*tier)) {
            job.tier = first;
            if let Ok(estimate) = gateway.estimate(&job) {
                found.input_tokens += estimate.input_tokens;
                found.output_tokens += estimate.output_tokens;
            }
        }
        found.symbols.push(symbol);
    }
    found
}
