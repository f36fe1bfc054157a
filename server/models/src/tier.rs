//! The names of the three tiers and of the wire protocols. Which model stands behind a tier is configuration's business.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A tier: what kind of model a job starts on. Ordered from the cheapest to the dearest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tier {
    /// One small fact or sentence.
    Nano,
    /// One symbol or one file.
    Mini,
    /// Plans across files.
    Flagship,
}

impl Tier {
    /// Every tier, the cheapest first.
    pub const ALL: [Tier; 3] = [Tier::Nano, Tier::Mini, Tier::Flagship];

    /// The tier's name, as it stands in configuration, in the ledger and in JSON output.
    pub fn as_str(self) -> &'static str {
        match self {
            Tier::Nano => "nano",
            Tier::Mini => "mini",
            Tier::Flagship => "flagship",
        }
    }

    /// The next dearer tier.
    pub fn next(self) -> Option<Tier> {
        match self {
            Tier::Nano => Some(Tier::Mini),
            Tier::Mini => Some(Tier::Flagship),
            Tier::Flagship => None,
        }
    }
}

impl fmt::Display for Tier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A name that is no tier.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no tier: write nano, mini or flagship")]
pub struct UnknownTier(pub String);

impl FromStr for Tier {
    type Err = UnknownTier;

    fn from_str(name: &str) -> Result<Self, UnknownTier> {
        Tier::ALL.into_iter().find(|tier| tier.as_str() == name).ok_or_else(|| UnknownTier(name.to_owned()))
    }
}

/// How a server is spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wire {
    /// `POST {base}/responses`: OpenAI and Azure.
    Responses,
    /// `POST {base}/chat/completions`: everything else.
    Chat,
    /// `POST {base}/messages`: Anthropic.
    Messages,
}

impl Wire {
    /// The protocol's name, as it stands in configuration.
    pub fn as_str(self) -> &'static str {
        match self {
            Wire::Responses => "responses",
            Wire::Chat => "chat",
            Wire::Messages => "messages",
        }
    }
}

impl fmt::Display for Wire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
