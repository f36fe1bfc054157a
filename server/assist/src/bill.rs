//! Who answered, and for how much.

use models::{Cost, Tier};

/// Where an answer comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    /// The index alone; no model was asked.
    Index,
    /// A model of this tier.
    Model(Tier),
}

impl Source {
    /// `index`, `nano`, `mini` or `flagship`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Index => "index",
            Self::Model(tier) => tier.as_str(),
        }
    }
}

/// The tier and the cost of one answer; every answer carries one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bill {
    /// Who answered.
    pub source: Source,
    /// What this answer cost now; nothing for the index and for a cached answer.
    pub cost: Cost,
    /// Whether a model's earlier answer was used again.
    pub cached: bool,
}

impl Bill {
    /// The index answered, for nothing.
    #[must_use]
    pub fn index() -> Self {
        Self { source: Source::Index, cost: Cost::ZERO, cached: false }
    }

    /// A model's answer, as the gateway accounts for it.
    #[must_use]
    pub fn of(answer: &models::Answer) -> Self {
        Self { source: Source::Model(answer.tier), cost: answer.cost, cached: answer.cached }
    }

    /// One answer that `other` also contributed to: the higher tier, both costs. It was used again where all models' parts of it were.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        let cached = match (self.source, other.source) {
            (Source::Index, _) => other.cached,
            (_, Source::Index) => self.cached,
            _ => self.cached && other.cached,
        };
        Self { source: self.source.max(other.source), cost: self.cost + other.cost, cached }
    }
}

impl std::fmt::Display for Bill {
    /// `index · $0`, `nano · $0.00025`, `nano · $0 (cached)`.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{} · {}", self.source.as_str(), self.cost)?;
        if self.cached { write!(formatter, " (cached)") } else { Ok(()) }
    }
}
