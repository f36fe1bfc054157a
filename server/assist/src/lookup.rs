//! Look-up: a question in plain words, answered by symbols.

use std::time::{Duration, Instant};

use index::Ranked;
use models::{ActionId, Job, Part, Schema, Tally, Tier};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use crate::delegate::delegate;
use crate::expand::expand;
use crate::{Bill, Prompt, Snapshot, check, may_leave};

const PROMPT: Prompt = Prompt::new(include_str!("prompt/lookup.md"));

/// The longest reason that is shown, in characters.
const LONGEST_REASON: usize = 160;

/// How many candidates a model chooses from.
const CANDIDATES: usize = 20;

/// One answer to a question.
#[derive(Clone, Debug)]
pub struct LookupHit {
    /// The symbol, its score by the index, and why it was found: in the model's words where a model chose it.
    pub ranked: Ranked,
}

/// The answers, the best first.
#[derive(Clone, Debug)]
pub struct LookupResult {
    /// What was found.
    pub hits: Vec<LookupHit>,
    /// Who chose, and for how much.
    pub bill: Bill,
    /// Why the index answered although a model is configured, as a sentence for the user.
    pub note: Option<String>,
}

/// Finds at most `limit` symbols for a question. Where a model is configured, nano gives the question other words, the index ranks by
/// all of them, and nano chooses among the ranked candidates by number, so that it cannot invent one; mini where nano's choice does not
/// stand twice. When no model's choice can be had the index's own order is the answer, with a note that says why.
pub async fn lookup(snapshot: &Snapshot, question: &str, limit: usize, cancel: &CancellationToken) -> LookupResult {
    let index = snapshot.index();
    let by_index = |bill, note| LookupResult { hits: hits(index.rank(question, limit)), bill, note };
    let Some(gateway) = snapshot.gateway().filter(|gateway| gateway.has(Tier::Nano) || gateway.has(Tier::Mini)) else {
        return by_index(Bill::index(), None);
    };
    let begun = Instant::now();
    let deadline = Duration::from_secs(snapshot.settings().lookup_deadline_seconds);
    let template = job(snapshot, question, &[], deadline).0;
    let action = template.action.clone();
    let (mut words, mut spent) = (Vec::new(), Bill::index());
    if gateway.has(Tier::Nano) {
        match expand(gateway, question, Job { deadline: deadline / 3, ..template }, cancel).await {
            Ok(expanded) => (words, spent) = (expanded.value, expanded.bill),
            // The question's own words are still there.
            Err(error) => {
                tracing::info!("no other words for a question: {error}");
                spent = error.bill;
            }
        }
    }
    let ranked = index.rank_expanded(question, &words, CANDIDATES);
    let candidates: Vec<Ranked> = ranked.into_iter().filter(|candidate| may_leave(snapshot, candidate.symbol.path())).collect();
    if candidates.is_empty() {
        return by_index(Bill { cost: spent.cost, ..Bill::index() }, None);
    }
    let (job, shown) = job(snapshot, question, &candidates, deadline.saturating_sub(begun.elapsed()));
    let job = Job { action, ..job };
    match delegate(gateway, job, Tier::Mini, cancel, |answer| read(answer, candidates.len())).await {
        Ok(chosen) if chosen.value.is_empty() => {
            let note = "The model found that none of the candidates answers the question; this is the index's order";
            by_index(spent.and(chosen.bill), Some(note.to_owned()))
        }
        Ok(chosen) => {
            let ranked = chosen.value.into_iter().take(limit).map(|(number, why)| {
                let candidate = &candidates[number - 1];
                // A reason that names what does not exist is no reason; the index has one of its own.
                let stands = check::prose(index, &shown, &why, LONGEST_REASON).is_ok();
                Ranked { why: if stands { why } else { candidate.why.clone() }, ..candidate.clone() }
            });
            LookupResult { hits: hits(ranked.collect()), bill: spent.and(chosen.bill), note: None }
        }
        Err(error) => {
            let bill = Bill { cost: spent.cost + error.bill.cost, ..Bill::index() };
            by_index(bill, Some(format!("The index answered alone: {error}")))
        }
    }
}

fn hits(ranked: Vec<Ranked>) -> Vec<LookupHit> {
    ranked.into_iter().map(|ranked| LookupHit { ranked }).collect()
}

/// The job and all that it shows to the model.
fn job(snapshot: &Snapshot, question: &str, candidates: &[Ranked], deadline: Duration) -> (Job, String) {
    let lines: Vec<String> = candidates
        .iter()
        .enumerate()
        .map(|(at, candidate)| {
            let symbol = candidate.symbol.get();
            let doc: String = symbol.doc.chars().take(160).collect();
            format!("{}. {} in {}: {} — {doc}", at + 1, candidate.symbol.symbol_path(), candidate.symbol.path(), symbol.signature)
        })
        .collect();
    let shown = PROMPT.render(&[("candidates", &lines.join("\n")), ("question", question)]);
    let job = Job {
        kind: "lookup",
        tier: Tier::Nano,
        prompt_version: PROMPT.version(),
        instructions: PROMPT.instructions(),
        input: vec![Part::text(shown.clone())],
        schema: Schema {
            name: "lookup_v1",
            json: json!({
                "type": "object",
                "properties": {
                    "choices": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "properties": {"number": {"type": "integer"}, "why": {"type": "string"}},
                            "required": ["number", "why"],
                            "additionalProperties": false,
                        },
                    },
                },
                "required": ["choices"],
                "additionalProperties": false,
            }),
        },
        max_output_tokens: 400,
        deadline,
        action: ActionId::new(),
        workspace: snapshot.workspace_id(),
        escalated_from: None,
        whole_bytes: snapshot.whole_bytes(candidates.iter().map(|candidate| candidate.symbol.path())),
        tally: Tally::default(),
    };
    (job, shown)
}

/// The chosen numbers with their reasons, or what is wrong with the answer: a number that was not offered or came twice.
fn read(answer: &Value, n_candidates: usize) -> Result<Vec<(usize, String)>, String> {
    let choices = answer.get("choices").and_then(Value::as_array).ok_or("there is no list of choices")?;
    let mut chosen: Vec<(usize, String)> = Vec::new();
    for choice in choices {
        let number = choice.get("number").and_then(Value::as_u64).and_then(|number| usize::try_from(number).ok()).unwrap_or(0);
        if number == 0 || number > n_candidates {
            return Err(format!("number {number} is not among the {n_candidates} candidates"));
        }
        if chosen.iter().any(|(other, _)| *other == number) {
            return Err(format!("number {number} was chosen twice"));
        }
        let why = choice.get("why").and_then(Value::as_str).unwrap_or_default();
        chosen.push((number, crate::markdown::plain(why)));
    }
    Ok(chosen)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    #[test]
    fn only_offered_numbers_stand() {
        let read = |answer| super::read(&answer, 3);
        assert_eq!(read(json!({"choices": [{"number": 3, "why": "x"}]})), Ok(vec![(3, "x".into())]));
        assert!(read(json!({"choices": [{"number": 4, "why": "x"}]})).is_err());
        assert!(read(json!({"choices": [{"number": 0, "why": "x"}]})).is_err());
        assert!(read(json!({"choices": [{"number": 1, "why": ""}, {"number": 1, "why": ""}]})).is_err());
        assert_eq!(read(json!({"choices": []})), Ok(vec![]));
    }
}
