//! Asking a flagship for a plan: bounded rounds of look-ups that the index answers, and one chance to mend a plan that does not stand.

use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::Duration;

use assist::{Bill, Prompt, Snapshot, Unanswered, Why, delegate_repairing};
use models::{ActionId, Gateway, Job, Part, Schema, Tally, Tier};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use super::look_up::{self, LookUp};
use super::outline::Outline;
use super::read::{Planned, read};
use super::{Plan, StepKind};
use crate::worker::repair;

const PROMPT: Prompt = Prompt::new(include_str!("../prompt/plan.md"));
const LOOKED_UP: Prompt = Prompt::new(include_str!("../prompt/looked_up.md"));

/// How often a planner may look something up before it has to plan.
const MOST_ROUNDS: usize = 3;

/// A plan, and how it came about.
#[derive(Debug)]
pub(crate) struct Asked {
    /// The plan.
    pub(crate) plan: Plan,
    /// What all rounds together cost.
    pub(crate) bill: Bill,
    /// What was looked up, as in `references s4`.
    pub(crate) looked_up: Vec<String>,
    /// Why answers were refused before this one stood.
    pub(crate) refused: Vec<String>,
}

/// Asks for a plan for a request that was made of what the user `said`. An answer that does not stand goes back once with all that is wrong with it, and is refused the second time.
///
/// # Errors
/// Fails with why no plan stands, and what that cost.
pub(crate) async fn ask(
    snapshot: &Snapshot,
    gateway: &Gateway,
    (request, said): (&str, &str),
    action: &ActionId,
    cancel: &CancellationToken,
) -> Result<Asked, Unanswered> {
    let (mut outline, printed) = Outline::for_request(snapshot, request);
    let mut job = job(snapshot, request, &printed, action);
    let (mut bill, mut looked_up) = (Bill::index(), Vec::new());
    let refused = Mutex::new(Vec::new());
    for round in 0..=MOST_ROUNDS {
        let check = |answer: &Value| read(snapshot, &outline, answer, said, round < MOST_ROUNDS);
        let again = |job: &Job, answer: &Value, reason: &str| {
            refused.lock().unwrap_or_else(PoisonError::into_inner).push(reason.to_owned());
            repair(job, answer, reason)
        };
        let answer = match delegate_repairing(
            gateway,
            Job { tally: Tally::default(), ..job.clone() },
            Tier::Flagship,
            cancel,
            check,
            again,
        )
        .await
        {
            Ok(answer) => answer,
            Err(error) => {
                return Err(Unanswered { bill: bill.and(error.bill), ..error });
            }
        };
        bill = bill.and(answer.bill);
        match answer.value {
            Planned::Plan(plan) => {
                let refused = refused.into_inner().unwrap_or_else(PoisonError::into_inner);
                return Ok(Asked { plan, bill, looked_up, refused });
            }
            Planned::LookUps(look_ups) => {
                let answers: Vec<String> = look_ups.iter().map(|look_up| look_up.answer(snapshot, &mut outline)).collect();
                let rounds_left = (MOST_ROUNDS - round - 1).to_string();
                job.input.push(Part::text(LOOKED_UP.render(&[("answers", &answers.join("\n")), ("rounds", &rounds_left)])));
                looked_up.extend(look_ups.iter().map(LookUp::to_string));
            }
        }
    }
    let reason = "it looked things up until there were no more rounds".to_owned();
    Err(Unanswered { why: Why::Rejected(reason), bill })
}

/// What a planner is told before anything else.
pub(crate) fn instructions() -> String {
    PROMPT.instructions()
}

/// The job that asks for a plan.
fn job(snapshot: &Snapshot, request: &str, outline: &str, action: &ActionId) -> Job {
    let strings = || json!({"type": "array", "items": {"type": "string"}});
    Job {
        kind: "plan",
        tier: Tier::Flagship,
        prompt_version: PROMPT.version() * 100 + LOOKED_UP.version(),
        instructions: PROMPT.instructions(),
        input: vec![Part::text(PROMPT.render(&[("outline", outline), ("request", request)]))],
        schema: Schema {
            name: "plan_v2",
            json: json!({
                "type": "object",
                "properties": {
                    "summary": {"type": "string"},
                    "invariants": strings(),
                    "lookups": {"type": "array", "items": {
                        "type": "object",
                        "properties": {"kind": {"type": "string", "enum": look_up::KINDS}, "of": {"type": "string"}},
                        "required": ["kind", "of"],
                        "additionalProperties": false,
                    }},
                    "steps": {"type": "array", "items": {
                        "type": "object",
                        "properties": {
                            "id": {"type": "string"},
                            "kind": {"type": "string", "enum": StepKind::ALL.map(StepKind::as_str)},
                            "file": {"type": "string"},
                            "new_path": {"type": "string"},
                            "symbols": strings(),
                            "may_delete": strings(),
                            "new_name": {"type": "string"},
                            "goal": {"type": "string"},
                            "interface": strings(),
                            "depends_on": strings(),
                        },
                        "required": ["id", "kind", "file", "new_path", "symbols", "may_delete", "new_name", "goal",
                            "interface", "depends_on"],
                        "additionalProperties": false,
                    }},
                },
                "required": ["summary", "invariants", "lookups", "steps"],
                "additionalProperties": false,
            }),
        },
        max_output_tokens: 8_000,
        deadline: Duration::from_secs(snapshot.settings().refactor_deadline_seconds),
        action: action.clone(),
        workspace: snapshot.workspace_id(),
        escalated_from: None,
        // It reads an outline, which a single call over whole files would not need.
        whole_bytes: 0,
        tally: Tally::default(),
    }
}
