//! Delegation: a job goes to the cheapest tier that is configured for it, and one tier up only when a check says so.

use models::{Answer, Cost, Gateway, Job, ModelError, Priority, Tier};
use serde_json::Value;
use tokio_util::sync::CancellationToken;

use crate::{Bill, Source};

/// Why no answer stands.
#[derive(Debug, thiserror::Error)]
pub enum Unanswered {
    /// The gateway could not ask, or the server could not answer.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// Every tier up to the ceiling answered, and no answer passed its check; the last reason.
    #[error("no model's answer passed its check: {reason}")]
    Rejected {
        /// What the check said of the last answer.
        reason: String,
        /// What the refused answers cost.
        cost: Cost,
    },
}

impl Unanswered {
    /// The tier is not configured, or why it cannot be asked.
    pub(crate) fn not_configured(gateway: Option<&Gateway>, tier: Tier) -> Self {
        let reason = gateway.and_then(|gateway| gateway.unavailable(tier)).map(str::to_owned);
        Self::Model(ModelError::NotConfigured { tier, reason })
    }

    /// A short stable name for programs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Model(error) => error.code(),
            Self::Rejected { .. } => "answer_rejected",
        }
    }
}

/// An answer that passed its check.
#[derive(Clone, Debug)]
pub struct Delegated<T> {
    /// What the check made of the answer.
    pub value: T,
    /// Who answered, and the cost of all attempts together.
    pub bill: Bill,
}

/// Asks `job.tier`, checks the answer by `check`, and goes one tier up as far as `ceiling` when it does not stand. A tier that
/// is not configured is passed over. Faults of transport, money or keys end it at once: a dearer model mends none of them.
///
/// # Errors
/// Fails as [`Unanswered`] says.
pub async fn delegate<T>(
    gateway: &Gateway,
    job: Job,
    ceiling: Tier,
    cancel: &CancellationToken,
    check: impl Fn(&Value) -> Result<T, String>,
) -> Result<Delegated<T>, Unanswered> {
    delegate_at(gateway, job, ceiling, Priority::Interactive, cancel, check).await
}

/// The same for work that others go before.
pub(crate) async fn delegate_at<T>(
    gateway: &Gateway,
    mut job: Job,
    ceiling: Tier,
    priority: Priority,
    cancel: &CancellationToken,
    check: impl Fn(&Value) -> Result<T, String>,
) -> Result<Delegated<T>, Unanswered> {
    let mut spent = Cost::ZERO;
    let mut last = Unanswered::not_configured(Some(gateway), job.tier);
    loop {
        if gateway.has(job.tier) {
            match gateway.ask_at(&job, priority, cancel).await {
                Ok(answer) => match check(&answer.json) {
                    Ok(value) => {
                        gateway.keep(&job, &answer);
                        let bill = Bill { cost: spent + answer.cost, ..Bill::of(&answer) };
                        return Ok(Delegated { value, bill });
                    }
                    Err(reason) => {
                        gateway.reject(&job, &answer, &reason);
                        spent += answer.cost;
                        last = Unanswered::Rejected { reason, cost: spent };
                    }
                },
                Err(error) if error.is_answer_fault() => last = error.into(),
                Err(error) => return Err(error.into()),
            }
            job.escalated_from = Some(job.tier);
        }
        match job.tier.next().filter(|next| *next <= ceiling) {
            Some(next) => job.tier = next,
            None => return Err(last),
        }
    }
}

/// What a check makes of an answer that was kept before; `None` where none is kept or it no longer stands.
pub(crate) fn remembered<T>(
    look: impl Fn(&Job) -> Option<Answer>,
    mut job: Job,
    ceiling: Tier,
    check: impl Fn(&Value) -> Result<T, String>,
) -> Option<Delegated<T>> {
    loop {
        if let Some(answer) = look(&job)
            && let Ok(value) = check(&answer.json)
        {
            return Some(Delegated { value, bill: cached_bill(&answer) });
        }
        job.tier = job.tier.next().filter(|next| *next <= ceiling)?;
    }
}

fn cached_bill(answer: &Answer) -> Bill {
    Bill { source: Source::Model(answer.tier), cost: Cost::ZERO, cached: true }
}
