//! Delegation: a job goes to the cheapest tier that is configured for it. An answer that does not stand goes back there once, with what
//! is wrong with it, and only then one tier up.

use std::time::{Duration, Instant};

use models::{Answer, Cost, Gateway, Job, ModelError, Part, Priority, Tier, egress};
use serde_json::Value;
use tokio_util::sync::CancellationToken;

use crate::{Bill, Prompt, Source};

const REPAIR: Prompt = Prompt::new(include_str!("prompt/repair.md"));

/// The longest refused answer that is shown again to whoever is to mend it, and the longest reason, in bytes: a small job's answer is
/// a sentence or a few numbers.
const LONGEST_ANSWER: usize = 1_000;
const LONGEST_REASON: usize = 300;

/// What is wrong with an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// It does not pass its check, which says why.
    Wrong(String),
    /// The model says that it does not know or cannot: asking it again would be paying for the same words.
    Unable(String),
}

impl Flaw {
    pub(crate) fn reason(&self) -> &str {
        match self {
            Self::Wrong(reason) | Self::Unable(reason) => reason,
        }
    }

    /// The same without the job's secrets, which the check may have seen put back: the reason goes to a server again.
    fn concealed(self, job: &Job) -> Self {
        match self {
            Self::Wrong(reason) => Self::Wrong(egress::conceal(job, &reason)),
            Self::Unable(reason) => Self::Unable(egress::conceal(job, &reason)),
        }
    }
}

impl From<String> for Flaw {
    fn from(reason: String) -> Self {
        Self::Wrong(reason)
    }
}

/// Why no answer stands.
#[derive(Debug, thiserror::Error)]
pub enum Why {
    /// The gateway could not ask, or the server could not answer.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// Every tier up to the ceiling answered, and no answer stands; the last reason.
    #[error("no model's answer passed its check: {0}")]
    Rejected(String),
}

/// No answer stands.
#[derive(Debug, thiserror::Error)]
#[error("{why}")]
pub struct Unanswered {
    /// Why.
    pub why: Why,
    /// The highest tier that was asked, and what all requests cost; the index for nothing where none was sent.
    pub bill: Bill,
}

impl Unanswered {
    /// The tier is not configured, or why it cannot be asked.
    pub(crate) fn not_configured(gateway: Option<&Gateway>, tier: Tier) -> Self {
        let reason = gateway.and_then(|gateway| gateway.unavailable(tier)).map(str::to_owned);
        ModelError::NotConfigured { tier, reason }.into()
    }

    /// A short stable name for programs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match &self.why {
            Why::Model(error) => error.code(),
            Why::Rejected(_) => "answer_rejected",
        }
    }

    /// Whether models answered and nothing that they said stood: asking again is in vain as long as the question stays the same.
    #[must_use]
    pub fn is_refusal(&self) -> bool {
        matches!(self.why, Why::Rejected(_))
    }

    /// Whether whoever asked went away.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        matches!(self.why, Why::Model(ModelError::Cancelled))
    }
}

impl From<ModelError> for Unanswered {
    /// Nothing was sent.
    fn from(error: ModelError) -> Self {
        Self { why: error.into(), bill: Bill::index() }
    }
}

/// An answer that passed its check.
#[derive(Clone, Debug)]
pub struct Delegated<T> {
    /// What the check made of the answer.
    pub value: T,
    /// Who answered, and the cost of all requests together.
    pub bill: Bill,
    /// How long ago; `None` where nobody noted that.
    pub age: Option<Duration>,
}

/// Asks `job.tier` and checks the answer by `check`. An answer that does not stand goes back to the tier that gave it, once, with what is
/// wrong with it, and then one tier up as far as `ceiling`; a model that declines, or says that it does not know, is not asked twice.
/// A tier that is not configured is passed over. Faults of transport, money or keys end it at once: a dearer model mends none of them.
/// The job's deadline is for all of it. What stands is kept as the answer of the job, so that it costs nothing the next time.
///
/// # Errors
/// Fails as [`Unanswered`] says.
pub async fn delegate<T, F: Into<Flaw>>(
    gateway: &Gateway,
    job: Job,
    ceiling: Tier,
    cancel: &CancellationToken,
    check: impl Fn(&Value) -> Result<T, F>,
) -> Result<Delegated<T>, Unanswered> {
    delegate_at(gateway, job, ceiling, Priority::Interactive, cancel, check).await
}

/// The same for work that others go before.
pub(crate) async fn delegate_at<T, F: Into<Flaw>>(
    gateway: &Gateway,
    job: Job,
    ceiling: Tier,
    priority: Priority,
    cancel: &CancellationToken,
    check: impl Fn(&Value) -> Result<T, F>,
) -> Result<Delegated<T>, Unanswered> {
    let repair = |job: &Job, answer: &Value, reason: &str| Some(repair(job, answer, reason, LONGEST_ANSWER));
    run(gateway, job, ceiling, priority, cancel, check, repair).await
}

/// The same, but what goes back is the job that `repair` makes of the job, the answer (null where it had not even the asked shape) and
/// what is wrong with it; nothing goes back where it makes none.
///
/// # Errors
/// Fails as [`Unanswered`] says.
pub async fn delegate_repairing<T, F: Into<Flaw>>(
    gateway: &Gateway,
    job: Job,
    ceiling: Tier,
    cancel: &CancellationToken,
    check: impl Fn(&Value) -> Result<T, F>,
    repair: impl Fn(&Job, &Value, &str) -> Option<Job>,
) -> Result<Delegated<T>, Unanswered> {
    run(gateway, job, ceiling, Priority::Interactive, cancel, check, repair).await
}

async fn run<T, F: Into<Flaw>>(
    gateway: &Gateway,
    mut job: Job,
    ceiling: Tier,
    priority: Priority,
    cancel: &CancellationToken,
    check: impl Fn(&Value) -> Result<T, F>,
    repair: impl Fn(&Job, &Value, &str) -> Option<Job>,
) -> Result<Delegated<T>, Unanswered> {
    if let Some(known) = recalled(gateway, job.clone(), ceiling, &check) {
        return Ok(known);
    }
    let end = Instant::now() + job.deadline;
    let mut last = Unanswered::not_configured(Some(gateway), job.tier);
    loop {
        let is_configured = gateway.has(job.tier);
        let mut next = is_configured.then(|| job.clone());
        let mut is_repair = false;
        while let Some(mut asked) = next.take() {
            asked.deadline = end.saturating_duration_since(Instant::now());
            if asked.deadline == Duration::ZERO {
                return Err(last);
            }
            let bill = |job: &Job| Bill { source: Source::Model(job.tier), cost: job.tally.cost(), cached: false };
            let (flaw, said) = match gateway.ask_at(&asked, priority, cancel).await {
                Ok(answer) => match check(&answer.json) {
                    Ok(value) => {
                        gateway.keep(&asked, &answer);
                        if is_repair {
                            gateway.keep(&job, &answer);
                        }
                        let cost = job.tally.cost();
                        let cached = answer.cached && cost == Cost::ZERO;
                        return Ok(Delegated { value, bill: Bill { cached, ..bill(&job) }, age: answer.age });
                    }
                    Err(flaw) => {
                        let flaw = flaw.into().concealed(&asked);
                        gateway.reject(&asked, &answer, flaw.reason());
                        (flaw, answer.json)
                    }
                },
                Err(error) if error.is_answer_fault() => (flaw(&error), Value::Null),
                Err(error) => {
                    let is_spent = job.tally.cost() > Cost::ZERO;
                    let bill = if is_spent { bill(&job) } else { Bill::index() };
                    return Err(Unanswered { why: error.into(), bill });
                }
            };
            if let (Flaw::Wrong(reason), false) = (&flaw, is_repair) {
                next = repair(&job, &said, reason);
                is_repair = true;
            }
            last = Unanswered { why: Why::Rejected(flaw.reason().to_owned()), bill: bill(&job) };
        }
        if is_configured {
            job.escalated_from = Some(job.tier);
        }
        match job.tier.next().filter(|next| *next <= ceiling) {
            Some(next) => job.tier = next,
            None => return Err(last),
        }
    }
}

/// What is wrong with a reply that did not even become an answer. A model that declined declines again.
fn flaw(error: &ModelError) -> Flaw {
    match error {
        ModelError::Refused(_) => Flaw::Unable(error.to_string()),
        _ => Flaw::Wrong(error.to_string()),
    }
}

/// The job with an answer of it that was refused, at most `longest` bytes of that, and why. It is asked like the job itself.
#[must_use]
pub fn repair(job: &Job, answer: &Value, reason: &str, longest: usize) -> Job {
    let mut given = if answer.is_null() { "(it could not be read)".to_owned() } else { answer.to_string() };
    given.truncate(given.floor_char_boundary(longest));
    let reason = &reason[..reason.floor_char_boundary(LONGEST_REASON)];
    let mut repair = job.clone();
    repair.prompt_version = job.prompt_version * 100 + REPAIR.version();
    repair.input.push(Part::quoting_answer(REPAIR.render(&[("answer", &given), ("reason", reason)])));
    repair
}

/// What a small job can cost at most: every tier up to the ceiling is asked, and asked again with the longest answer that is shown to
/// it, and every reply is as long as it may be. Tiers that cannot be asked cost nothing.
pub(crate) fn worst(gateway: &Gateway, job: &Job, ceiling: Tier) -> Cost {
    // A quotation mark becomes two signs in a request, as no other character that is printed does.
    let (answer, reason) = (Value::String("\"".repeat(LONGEST_ANSWER)), "\"".repeat(LONGEST_REASON));
    let tiers = Tier::ALL.into_iter().filter(|tier| (job.tier..=ceiling).contains(tier));
    let jobs = tiers.flat_map(|tier| {
        let job = Job { tier, ..job.clone() };
        [repair(&job, &answer, &reason, LONGEST_ANSWER), job]
    });
    jobs.filter_map(|job| gateway.estimate(&job).ok()?.cost).sum()
}

/// What stands of the answers that were kept before. One that no longer stands is forgotten, so that it is asked for anew.
fn recalled<T, F: Into<Flaw>>(
    gateway: &Gateway,
    mut job: Job,
    ceiling: Tier,
    check: impl Fn(&Value) -> Result<T, F>,
) -> Option<Delegated<T>> {
    loop {
        if let Some(answer) = gateway.recall(&job) {
            match check(&answer.json) {
                Ok(value) => return Some(Delegated { value, bill: cached_bill(&answer), age: answer.age }),
                Err(flaw) => gateway.reject(&job, &answer, flaw.into().concealed(&job).reason()),
            }
        }
        job.tier = job.tier.next().filter(|next| *next <= ceiling)?;
    }
}

/// What a check makes of an answer that was kept before; `None` where none is kept or it no longer stands.
pub(crate) fn remembered<T, F>(
    look: impl Fn(&Job) -> Option<Answer>,
    mut job: Job,
    ceiling: Tier,
    check: impl Fn(&Value) -> Result<T, F>,
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
