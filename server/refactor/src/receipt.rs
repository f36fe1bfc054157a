//! Who did what, on which tier, for how much.

mod account;
mod show;

use std::collections::BTreeSet;

use assist::{Bill, Source};
use models::Cost;

pub use self::account::{Account, OneAgent, TierUse};

/// One thing that was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceiptLine {
    /// The step's id, or `plan`.
    pub step: String,
    /// What was done, in a few words.
    pub what: String,
    /// The language's own server, by its name, where it said what to change; then no tier did, whatever the bill has.
    pub by: Option<String>,
    /// Who was asked, and for how much.
    pub bill: Bill,
    /// How long it took, in ms.
    pub ms: u64,
    /// Why answers were refused before this came of it: a model's went back to its tier once, then one tier up; in place of one of the
    /// language's own server the index did it.
    pub refused: Vec<String>,
}

/// Everything that one refactor did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Receipt {
    /// In the order in which it was done.
    pub lines: Vec<ReceiptLine>,
    /// What the planner looked up in the index before it planned.
    pub looked_up: Vec<String>,
    /// What was used of each tier, and what it is compared with; `None` where no model was asked.
    pub account: Option<Account>,
}

impl Receipt {
    /// Adds a line.
    pub fn add(&mut self, step: impl Into<String>, what: impl Into<String>, bill: Bill, ms: u64) {
        self.add_after(step, what, bill, ms, Vec::new());
    }

    /// Adds a line for what stood only after other answers had been refused.
    pub fn add_after(&mut self, step: impl Into<String>, what: impl Into<String>, bill: Bill, ms: u64, refused: Vec<String>) {
        self.lines.push(ReceiptLine { step: step.into(), what: what.into(), by: None, bill, ms, refused });
    }

    /// What it cost in all.
    #[must_use]
    pub fn cost(&self) -> Cost {
        self.lines.iter().fold(Cost::ZERO, |sum, line| sum + line.bill.cost)
    }

    /// The highest tier that was asked.
    #[must_use]
    pub fn source(&self) -> Source {
        self.lines.iter().map(|line| line.bill.source).max().unwrap_or(Source::Index)
    }

    /// The language's own server, by its name, where it said all that was changed and no model was asked.
    #[must_use]
    pub fn server(&self) -> Option<&str> {
        let done = self.lines.iter().filter(|line| line.step != "plan" && line.step != "check");
        let by: BTreeSet<Option<&str>> = done.map(|line| line.by.as_deref()).collect();
        by.first().copied().flatten().filter(|_| by.len() == 1 && self.source() == Source::Index)
    }

    /// Who did it and for how much, in a few words: `index · $0`, or a server's name in place of the index's.
    #[must_use]
    pub fn in_short(&self) -> String {
        self.server().map_or_else(|| self.bill().to_string(), |server| format!("{server} · {}", self.cost()))
    }

    /// The whole as one bill.
    #[must_use]
    pub fn bill(&self) -> Bill {
        let asked = || self.lines.iter().filter(|line| line.bill.source != Source::Index);
        let cached = asked().next().is_some() && asked().all(|line| line.bill.cached);
        Bill { source: self.source(), cost: self.cost(), cached }
    }
}
