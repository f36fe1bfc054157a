//! The ledger's lines, summed up.

use std::collections::BTreeMap;

use clap::ValueEnum;
use models::{Cost, LedgerEntry};
use serde_json::{Value, json};

/// What lines are put together by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum By {
    /// The kind of job.
    Job,
    /// The tier.
    Tier,
    /// The day in UTC.
    Day,
    /// The workspace, by the hash that names it.
    Workspace,
}

impl By {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            By::Job => "job",
            By::Tier => "tier",
            By::Day => "day",
            By::Workspace => "workspace",
        }
    }

    fn name(self, entry: &LedgerEntry) -> String {
        match self {
            By::Job => entry.kind.clone(),
            By::Tier => entry.tier.clone(),
            By::Day => jiff::Timestamp::from_millisecond(entry.ts_ms)
                .map(|time| time.to_zoned(jiff::tz::TimeZone::UTC).date().to_string())
                .unwrap_or_default(),
            By::Workspace => entry.workspace.clone(),
        }
    }
}

/// What several requests came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Sum {
    pub(super) requests: usize,
    /// Tokens.
    pub(super) input: u64,
    /// Tokens of the input that the server had cached.
    cached: u64,
    /// Tokens.
    pub(super) output: u64,
    pub(super) cost: Cost,
    /// What they would have cost on the flagship; `None` where that is not known of any.
    pub(super) flagship: Option<Cost>,
    /// How many jobs were resolved whose files' sizes are known.
    pub(super) whole: usize,
    /// What one call to the flagship over the whole files of each of those jobs would have cost; an estimate.
    pub(super) whole_files: Cost,
}

impl Sum {
    pub(super) fn of(entries: &[LedgerEntry]) -> Self {
        entries.iter().fold(Sum::default(), |mut sum, entry| {
            sum.add(entry);
            sum
        })
    }

    fn add(&mut self, entry: &LedgerEntry) {
        self.requests += 1;
        self.input += entry.usage.input;
        self.cached += entry.usage.cached;
        self.output += entry.usage.output;
        self.cost += entry.cost;
        if let Some(flagship) = entry.flagship_cost {
            self.flagship = Some(self.flagship.unwrap_or_default() + flagship);
        }
        // A job counts once, however many requests it took.
        if let (Some(true), Some(cost)) = (entry.resolved, entry.whole_files_cost) {
            self.whole += 1;
            self.whole_files += cost;
        }
    }

    pub(super) fn json(&self, name: &str) -> Value {
        json!({
            "name": name,
            "requests": self.requests,
            "input_tokens": self.input,
            "cached_tokens": self.cached,
            "output_tokens": self.output,
            "cost_micro_usd": self.cost.micro_usd(),
            "same_calls_on_flagship_micro_usd": self.flagship.map(Cost::micro_usd),
            "whole_files_jobs": self.whole,
            "whole_files_on_flagship_micro_usd": self.whole_files.micro_usd(),
        })
    }
}

/// The sums: days in their order, everything else with the dearest first.
pub(super) fn sums(entries: &[LedgerEntry], by: By) -> Vec<(String, Sum)> {
    let mut groups: BTreeMap<String, Sum> = BTreeMap::new();
    for entry in entries {
        groups.entry(by.name(entry)).or_default().add(entry);
    }
    let mut groups: Vec<_> = groups.into_iter().collect();
    if by != By::Day {
        groups.sort_by_key(|(_, sum)| std::cmp::Reverse(sum.cost));
    }
    groups
}
