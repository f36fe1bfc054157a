//! Summaries: one or two sentences on a symbol, from a small model, checked against the index.

use std::time::Duration;

use index::SymbolRef;
use models::{ActionId, Job, Priority, Schema, Tally, Tier};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use crate::delegate::{Flaw, Unanswered, delegate_at, remembered};
use crate::facts::Facts;
use crate::{Bill, Prompt, Snapshot, check, claims, egress};

const PROMPT: Prompt = Prompt::new(include_str!("prompt/summary.md"));

/// The longest summary that is shown, in characters: what the prompt asks for and some slack.
const LONGEST_SUMMARY: usize = 400;

/// No sentence has fewer words.
const FEWEST_WORDS: usize = 3;

/// A summary that passed its check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// The text, as the model wrote it: to be escaped before it is shown.
    pub text: String,
    /// Who wrote it, and what this showing of it cost.
    pub bill: Bill,
    /// How long ago it was written; `None` where nobody noted that.
    pub age: Option<Duration>,
}

/// The summary of a symbol as it is now, where one was made and kept; asks no model.
#[must_use]
pub fn summary_if_known(snapshot: &Snapshot, symbol: &SymbolRef) -> Option<Summary> {
    known(snapshot, &Facts::of(snapshot, symbol))
}

/// The same for a symbol of which all is known.
pub(crate) fn known(snapshot: &Snapshot, facts: &Facts) -> Option<Summary> {
    let gateway = snapshot.gateway()?;
    let symbol = &facts.symbol;
    let (job, shown) = job_of(snapshot, facts);
    let kept = remembered(|job| gateway.recall(job), job, Tier::Mini, |answer| read(snapshot, symbol, &shown, answer))?;
    Some(Summary { text: kept.value, bill: kept.bill, age: kept.age })
}

/// Whether a summary is kept that nobody has asked for just now.
pub(crate) fn is_summarised(snapshot: &Snapshot, symbol: &SymbolRef) -> bool {
    let Some(gateway) = snapshot.gateway() else { return false };
    let (job, shown) = job(snapshot, symbol);
    remembered(|job| gateway.peek(job), job, Tier::Mini, |answer| read(snapshot, symbol, &shown, answer)).is_some()
}

/// Forgets the summary that is kept of a symbol as it is now, so that the next one is made anew.
pub fn forget_summary(snapshot: &Snapshot, symbol: &SymbolRef) {
    let Some(gateway) = snapshot.gateway() else { return };
    let (mut job, _) = job(snapshot, symbol);
    for tier in [Tier::Nano, Tier::Mini] {
        job.tier = tier;
        if let Some(answer) = gateway.peek(&job) {
            gateway.reject(&job, &answer, "the user asked for another");
        }
    }
}

/// Has a summary made: by nano, or by mini where nano's does not pass its check twice, or nano does not know.
///
/// # Errors
/// Fails as [`Unanswered`] says; the hover does without a summary then.
pub async fn summarise(snapshot: &Snapshot, symbol: &SymbolRef, cancel: &CancellationToken) -> Result<Summary, Unanswered> {
    summarise_at(snapshot, symbol, Priority::Interactive, cancel).await
}

/// The same ahead of any hover: whoever waits for an answer goes first.
///
/// # Errors
/// Fails as [`Unanswered`] says.
pub async fn summarise_ahead(snapshot: &Snapshot, symbol: &SymbolRef, cancel: &CancellationToken) -> Result<Summary, Unanswered> {
    summarise_at(snapshot, symbol, Priority::Background, cancel).await
}

async fn summarise_at(
    snapshot: &Snapshot,
    symbol: &SymbolRef,
    priority: Priority,
    cancel: &CancellationToken,
) -> Result<Summary, Unanswered> {
    let gateway = snapshot.gateway().ok_or_else(|| Unanswered::not_configured(None, Tier::Nano))?;
    egress::check(snapshot, symbol.path())?;
    let (job, shown) = job(snapshot, symbol);
    let made = delegate_at(gateway, job, Tier::Mini, priority, cancel, |answer| read(snapshot, symbol, &shown, answer)).await?;
    Ok(Summary { text: made.value, bill: made.bill, age: made.age })
}

/// The job and all that it shows to the model.
pub(crate) fn job(snapshot: &Snapshot, symbol: &SymbolRef) -> (Job, String) {
    job_of(snapshot, &Facts::of(snapshot, symbol))
}

fn job_of(snapshot: &Snapshot, facts: &Facts) -> (Job, String) {
    let symbol = &facts.symbol;
    let shown = PROMPT.render(&[
        ("symbol", &symbol.symbol_path()),
        ("kind", symbol.get().kind.as_str()),
        ("file", symbol.path()),
        ("signature", &symbol.get().signature),
        ("source", &facts.source(snapshot)),
        ("facts", &facts.for_prompt()),
    ]);
    let job = Job {
        kind: "summary",
        tier: Tier::Nano,
        prompt_version: PROMPT.version(),
        instructions: PROMPT.instructions(),
        input: vec![facts.part(&shown)],
        schema: Schema {
            name: "summary_v1",
            json: json!({
                "type": "object",
                "properties": {"summary": {"type": "string"}},
                "required": ["summary"],
                "additionalProperties": false,
            }),
        },
        max_output_tokens: 400,
        deadline: snapshot.settings().hover.deadline(),
        action: ActionId::new(),
        workspace: snapshot.workspace_id(),
        escalated_from: None,
        whole_bytes: snapshot.whole_bytes([symbol.path()]),
        tally: Tally::default(),
    };
    (job, shown)
}

/// The summary that an answer holds, or what is wrong with it.
pub(crate) fn read(snapshot: &Snapshot, symbol: &SymbolRef, shown: &str, answer: &Value) -> Result<String, Flaw> {
    let text = answer.get("summary").and_then(Value::as_str).unwrap_or_default().trim();
    if text.trim_end_matches('.').eq_ignore_ascii_case("unknown") {
        return Err(Flaw::Unable("the model does not know".to_owned()));
    }
    check::prose(snapshot.index(), shown, text, LONGEST_SUMMARY).map_err(|rejection| rejection.to_string())?;
    if text.split_whitespace().filter(|word| word.contains(char::is_alphabetic)).count() < FEWEST_WORDS {
        return Err(Flaw::Wrong("the answer is no sentence".to_owned()));
    }
    // Small models say the head of the question again.
    if shown.split("-----").next().is_some_and(|head| head.contains(text)) {
        return Err(Flaw::Wrong("the answer repeats the question".to_owned()));
    }
    claims::untrue(snapshot, symbol, text).map_or(Ok(text.to_owned()), |untrue| Err(Flaw::Wrong(untrue)))
}
