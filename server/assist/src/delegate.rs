//! Delegation: a job goes to the cheapest tier that is configured for it, and one tier up only when a check says so.

use std::time::Duration;

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

    /// Whether models answered and nothing that they said stood: asking again is in vain as long as the question stays the same.
    #[must_use]
    pub fn is_refusal(&self) -> bool {
        match self {
            Self::Rejected { .. } => true,
            Self::Model(error) => error.is_answer_fault(),
        }
    }

    /// What was spent in vain.
    #[must_use]
    pub fn bill(&self) -> Bill {
        match self {
            Self::Rejected { cost, .. } => Bill { source: Source::Model(Tier::Mini), cost: *cost, cached: false },
            Self::Model(_) => Bill::index(),
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
    /// How long ago; `None` where nobody noted that.
    pub age: Option<Duration>,
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
                        return Ok(Delegated { value, bill, age: answer.age });
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

/// The same, but an answer that does not stand goes back to the tier that gave it, once, as the job that `repair` makes of the job,
/// the answer and what is wrong with it; only then one tier up. What was mended is kept as the answer of the job itself, so that
/// the same job costs nothing the next time.
///
/// # Errors
/// Fails as [`Unanswered`] says.
pub async fn delegate_repairing<T>(
    gateway: &Gateway,
    mut job: Job,
    ceiling: Tier,
    cancel: &CancellationToken,
    check: impl Fn(&Value) -> Result<T, String>,
    repair: impl Fn(&Job, &Value, &str) -> Job,
) -> Result<Delegated<T>, Unanswered> {
    if let Some(known) = remembered(|job| gateway.recall(job), job.clone(), ceiling, &check) {
        return Ok(known);
    }
    let mut spent = Cost::ZERO;
    let mut last = Unanswered::not_configured(Some(gateway), job.tier);
    loop {
        let mut again = None;
        for is_repair in [false, true] {
            let Some(asked) = (if is_repair { again.take() } else { gateway.has(job.tier).then(|| job.clone()) }) else { break };
            match gateway.ask_at(&asked, Priority::Interactive, cancel).await {
                Ok(answer) => match check(&answer.json) {
                    Ok(value) => {
                        gateway.keep(&asked, &answer);
                        if is_repair {
                            gateway.keep(&job, &answer);
                        }
                        let bill = Bill { cost: spent + answer.cost, ..Bill::of(&answer) };
                        return Ok(Delegated { value, bill, age: answer.age });
                    }
                    Err(reason) => {
                        gateway.reject(&asked, &answer, &reason);
                        spent += answer.cost;
                        again = Some(repair(&job, &answer.json, &reason));
                        last = Unanswered::Rejected { reason, cost: spent };
                    }
                },
                Err(error) if error.is_answer_fault() => {
                    if let ModelError::Schema(reason) = &error {
                        again = Some(repair(&job, &Value::Null, reason));
                    }
                    last = match spent {
                        Cost::ZERO => error.into(),
                        cost => Unanswered::Rejected { reason: error.to_string(), cost },
                    };
                }
                Err(error) => return Err(error.into()),
            }
        }
        if gateway.has(job.tier) {
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
            return Some(Delegated { value, bill: cached_bill(&answer), age: answer.age });
        }
        job.tier = job.tier.next().filter(|next| *next <= ceiling)?;
    }
}

fn cached_bill(answer: &Answer) -> Bill {
    Bill { source: Source::Model(answer.tier), cost: Cost::ZERO, cached: true }
}
