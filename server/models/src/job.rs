//! What is asked and what comes back. A job knows nothing of symbols, editors or prompts: it is text, a schema and limits.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use serde_json::Value;

use crate::{Cost, Tier, Usage};

/// Groups the money of one action of the user: a hover, a look-up, a refactor with all of its steps.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ActionId(String);

impl ActionId {
    /// A new action, unlike any other.
    pub fn new() -> Self {
        ActionId(format!("{:016x}{:08x}", fastrand::u64(..), std::process::id()))
    }

    /// An action that goes on from an earlier process, by its text.
    pub fn from_text(text: impl Into<String>) -> Self {
        ActionId(text.into())
    }

    /// The action's text, as the ledger holds it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for ActionId {
    fn default() -> Self {
        ActionId::new()
    }
}

/// One part of a job's input. The stable parts come first, the question last, so that a server's prompt cache can hit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    pub(crate) path: Option<String>,
    pub(crate) text: String,
    pub(crate) meaning: Option<String>,
    pub(crate) quotes_answer: bool,
}

impl Part {
    /// Text that stands in no single file.
    pub fn text(text: impl Into<String>) -> Self {
        Part { path: None, text: text.into(), meaning: None, quotes_answer: false }
    }

    /// Text taken from a file. The gateway refuses the job when the path is on the deny list; the path itself is not sent.
    pub fn from_file(path: impl Into<String>, text: impl Into<String>) -> Self {
        Part { path: Some(path.into()), text: text.into(), meaning: None, quotes_answer: false }
    }

    /// Text that quotes an answer to the parts before it; it comes last. The placeholders in it stand for the secrets of those parts,
    /// which keep their numbers.
    pub fn quoting_answer(text: impl Into<String>) -> Self {
        Part { quotes_answer: true, ..Part::text(text) }
    }

    /// The text, as it was given: what leaves has passed through [`crate::egress::redact_all`].
    pub fn as_text(&self) -> &str {
        &self.text
    }

    /// What the text means, as a digest: a part with the same meaning is the same question to the cache, however it is laid out.
    /// The digest is not sent.
    #[must_use]
    pub fn meaning(self, digest: impl Into<String>) -> Self {
        Part { meaning: Some(digest.into()), ..self }
    }
}

/// The shape that the answer must have: the strict subset of JSON schema (every object closed, every property required).
#[derive(Debug, Clone, PartialEq)]
pub struct Schema {
    /// The name that is sent, with its version: `summary_v1`.
    pub name: &'static str,
    /// The schema.
    pub json: Value,
}

/// Who goes first where requests have to wait for each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Priority {
    /// Somebody waits for the answer.
    #[default]
    Interactive,
    /// Nobody waits: summaries of a whole repository.
    Background,
}

/// A unit of delegated work.
#[derive(Debug, Clone)]
pub struct Job {
    /// `summary`, `lookup`, `explain`, `document`, `plan`, `edit`, ...: it names the job in the ledger and sets how often it is retried.
    pub kind: &'static str,
    /// The tier that is asked. Escalation is the caller's decision.
    pub tier: Tier,
    /// The version of the prompt: another version is another cache entry.
    pub prompt_version: u32,
    /// The fixed text of this kind of job.
    pub instructions: String,
    /// What the job is about.
    pub input: Vec<Part>,
    /// The shape of the answer.
    pub schema: Schema,
    /// The most tokens that the reply may have, reasoning included.
    pub max_output_tokens: u32,
    /// The time for everything: waiting, retries, reading.
    pub deadline: Duration,
    /// The action of the user that this job belongs to.
    pub action: ActionId,
    /// A hash that names the workspace, never its path.
    pub workspace: String,
    /// The tier that failed before, when this job is an escalation.
    pub escalated_from: Option<Tier>,
    /// How many bytes the files that this is about have as a whole: what a single call to a flagship would have read instead. The
    /// ledger keeps it for the report; nothing is decided by it. Zero where it is about no file.
    pub whole_bytes: u64,
    /// What its requests have cost so far.
    pub tally: Tally,
}

/// What the requests of a job have cost so far: those that were tried again and those whose answer was refused included, as far as they
/// are settled. Clones of a job count together; a job that was answered by another's request, or by the cache, costs nothing.
#[derive(Debug, Clone, Default)]
pub struct Tally(Arc<AtomicU64>);

impl Tally {
    /// The sum.
    pub fn cost(&self) -> Cost {
        Cost::from_pico_usd(self.0.load(Ordering::Relaxed).into())
    }

    pub(crate) fn add(&self, cost: Cost) {
        // Eighteen million dollars are more than any cap lets through.
        let pico = u64::try_from(cost.pico_usd()).unwrap_or(u64::MAX);
        let added = self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |sum| Some(sum.saturating_add(pico)));
        debug_assert!(added.is_ok(), "the sum is always replaced");
    }
}

impl Job {
    /// Whether the answer only tells somebody something. Any other becomes code, and is held to more.
    pub fn only_informs(&self) -> bool {
        matches!(self.kind, "summary" | "summaries" | "hover" | "lookup" | "lookup_words" | "explain" | "classify")
    }

    /// Every text that is sent, the instructions first, before anything is taken out.
    pub(crate) fn texts(&self) -> Vec<String> {
        let parts = self.input.iter().map(|part| &part.text);
        std::iter::once(&self.instructions).chain(parts).map(|text| text.replace("\r\n", "\n")).collect()
    }

    /// How many texts at the end quote answers.
    pub(crate) fn quoted(&self) -> usize {
        self.input.iter().rev().take_while(|part| part.quotes_answer).count()
    }

    /// How often a failed request is sent again: a hover never waits for a retry.
    pub fn retries(&self) -> u32 {
        match self.kind {
            "summary" | "summaries" | "hover" => 0,
            "edit" | "plan" | "repair" => 2,
            _ => 1,
        }
    }
}

/// An answer whose JSON has the shape that was asked for. What it says is still the caller's to check.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// The answer.
    pub json: Value,
    /// The tier that answered.
    pub tier: Tier,
    /// The model that was asked.
    pub model: String,
    /// What the request used; the original request's, when the answer was cached.
    pub usage: Usage,
    /// What this answer cost now: zero when it was cached.
    pub cost: Cost,
    /// Whether the answer came from the cache.
    pub cached: bool,
    /// Milliseconds from asking to having.
    pub ms: u64,
    /// How many secrets were taken out of the text before it was sent.
    pub redacted: usize,
    /// How long ago the model gave it; `None` where it was kept by an earlier version.
    pub age: Option<Duration>,
    pub(crate) entry: Option<i64>,
}

impl Answer {
    /// One of `count` answers that came in one reply: its own JSON, and an equal share of what the reply used and cost.
    #[must_use]
    pub fn part(&self, json: Value, count: u64) -> Answer {
        let count = count.max(1);
        let usage = Usage {
            input: self.usage.input / count,
            cached: self.usage.cached / count,
            cache_write: self.usage.cache_write / count,
            output: self.usage.output / count,
            reasoning: self.usage.reasoning / count,
            estimated: self.usage.estimated,
        };
        let cost = Cost::from_pico_usd(self.cost.pico_usd() / u128::from(count));
        Answer { json, usage, cost, ..self.clone() }
    }
}
