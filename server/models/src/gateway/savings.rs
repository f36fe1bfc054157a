//! What the cache saves is counted in memory and brought to the ledger now and then: a hover that the cache answers waits for no disk.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use dashmap::DashSet;
use parking_lot::Mutex;

use super::Gateway;
use crate::cache::Key;
use crate::ledger::Kind;
use crate::{Answer, Cost, Job, Ledger};

/// How long a count stays in memory only.
const PAUSE: Duration = Duration::from_secs(10);

/// What the cache saved and the ledger does not have yet.
#[derive(Debug, Default)]
pub(super) struct Savings {
    /// What this process asked or was answered: a question counts once, however often its answer is shown.
    seen: DashSet<Key>,
    counts: Mutex<Counts>,
}

#[derive(Debug, Default)]
struct Counts {
    kinds: BTreeMap<Kind, (u64, Cost)>,
    written: Option<Instant>,
}

impl Savings {
    /// This process paid for the answer.
    pub(super) fn paid(&self, key: Key) {
        self.seen.insert(key);
    }

    /// The cache, or somebody of the team, had the answer; says whether it is time to bring the counts to the ledger.
    pub(super) fn saved(&self, key: Key, job: &Job, cost: Cost) -> bool {
        if !self.seen.insert(key) {
            return false;
        }
        let mut counts = self.counts.lock();
        let kind = Kind { workspace: job.workspace.clone(), kind: job.kind, tier: job.tier };
        let entry = counts.kinds.entry(kind).or_default();
        entry.0 += 1;
        entry.1 += cost;
        let is_due = counts.written.is_some_and(|written| written.elapsed() >= PAUSE);
        if is_due || counts.written.is_none() {
            counts.written = Some(Instant::now());
        }
        is_due
    }

    /// Brings the counts to the ledger. Blocks.
    pub(super) fn write(&self, ledger: &Ledger) {
        let kinds = std::mem::take(&mut self.counts.lock().kinds);
        let kinds: Vec<_> = kinds.into_iter().map(|(kind, (answers, cost))| (kind, answers, cost)).collect();
        if kinds.is_empty() {
            return;
        }
        if let Err(error) = ledger.save(&kinds) {
            tracing::debug!(%error, "what the cache saved is not noted");
        }
    }
}

impl Gateway {
    /// The cached answer of a job that would be asked otherwise, if there is one. Sends nothing, costs nothing; the ledger notes, once
    /// for each question of this process, what the cache saved.
    pub fn recall(&self, job: &Job) -> Option<Answer> {
        let profile = self.inner.configuration.tiers.get(&job.tier)?;
        let (answer, cost) = self.kept(job)?;
        if self.inner.savings.saved(Key::of(job, profile), job, cost) {
            let inner = std::sync::Arc::clone(&self.inner);
            std::thread::spawn(move || inner.savings.write(&inner.ledger));
        }
        Some(answer)
    }
}
