//! What a refactor used of each tier, and two ways to say what a flagship alone would have cost.

use std::collections::{BTreeMap, BTreeSet};
use std::time::SystemTime;

use assist::Snapshot;
use models::{ActionId, Cost, Gateway, Tier, Usage};

use crate::{ChangeSet, Plan};

/// A token is about four bytes of code.
const BYTES_PER_TOKEN: u64 = 4;

/// What one tier was used for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TierUse {
    /// The tier's name.
    pub tier: String,
    /// How many requests were sent, those included whose answers were refused.
    pub requests: u64,
    /// Tokens that were sent, those included that the server had cached.
    pub input: u64,
    /// Tokens that were answered, reasoning included.
    pub output: u64,
    /// What they cost.
    pub cost: Cost,
}

/// What a refactor used, by the lines of the ledger, and what it is compared with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Account {
    /// Each tier that was asked, the cheapest first.
    pub tiers: Vec<TierUse>,
    /// The same requests at the flagship's prices; `None` where those are not known.
    pub same_calls: Option<Cost>,
    /// One call to the flagship that reads every file of the plan whole and writes all of the new text: an estimate.
    pub one_agent: Option<OneAgent>,
}

/// What one flagship agent would have used: an estimate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OneAgent {
    /// Tokens sent.
    pub input: u64,
    /// Tokens answered: the new text, and as much reasoning as there was.
    pub output: u64,
    /// What they cost; `None` where the flagship's prices are not known.
    pub cost: Option<Cost>,
}

impl Account {
    /// What an action has used since it began.
    pub(crate) fn of_action(gateway: &Gateway, action: &ActionId, since: SystemTime) -> Self {
        let entries = gateway.ledger().entries_since(since).unwrap_or_else(|error| {
            tracing::debug!(%error, "what the refactor used is not known");
            Vec::new()
        });
        let mut tiers: BTreeMap<Tier, TierUse> = BTreeMap::new();
        let mut same_calls = Some(Cost::ZERO);
        for entry in entries.iter().filter(|entry| entry.action == action.as_str() && entry.state == "settled") {
            let Ok(tier) = entry.tier.parse::<Tier>() else { continue };
            let of_tier = tiers.entry(tier).or_insert_with(|| TierUse { tier: entry.tier.clone(), ..TierUse::default() });
            of_tier.requests += 1;
            of_tier.input += entry.usage.input;
            of_tier.output += entry.usage.output;
            of_tier.cost += entry.cost;
            same_calls = same_calls.zip(entry.flagship_cost).map(|(sum, cost)| sum + cost);
        }
        let reasoning = entries.iter().filter(|entry| entry.action == action.as_str()).map(|entry| entry.usage.reasoning).sum();
        let one_agent = Some(OneAgent { input: 0, output: reasoning, cost: None });
        Self { tiers: tiers.into_values().collect(), same_calls, one_agent }
    }

    /// The same with what one agent would have read and written.
    pub(crate) fn compared(
        mut self,
        gateway: &Gateway,
        snapshot: &Snapshot,
        request: &str,
        plan: &Plan,
        changes: &ChangeSet,
    ) -> Self {
        let planned = plan.steps.iter().map(|step| step.file.as_str());
        let paths: BTreeSet<&str> = planned.chain(changes.files().iter().map(|change| change.path.as_str())).collect();
        let read: usize = paths.iter().filter_map(|path| snapshot.text(path)).map(|text| text.len()).sum();
        let written: usize = changes.files().iter().flat_map(crate::FileChange::edits).map(|edit| edit.new_text.len()).sum();
        let told = crate::plan::instructions().len() + request.len();
        let tokens = |bytes: usize| (bytes as u64).div_ceil(BYTES_PER_TOKEN);
        let reasoning = self.one_agent.map_or(0, |agent| agent.output);
        let (input, output) = (tokens(read + told), tokens(written) + reasoning);
        let usage = Usage { input, output, reasoning, estimated: true, ..Usage::default() };
        self.one_agent = Some(OneAgent { input, output, cost: gateway.price(Tier::Flagship, &usage) });
        self
    }

    /// All tiers together.
    #[must_use]
    pub fn cost(&self) -> Cost {
        self.tiers.iter().map(|used| used.cost).sum()
    }
}
