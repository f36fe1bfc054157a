//! Showing a change of several files to its user before it is applied: in the editor's own preview where it has one, else as a diff behind a
//! question.

use assist::{ReviewPolicy, Settings};
use refactor::{Outcome, Step};
use tower_lsp::gen_lsp_types as proto;

use crate::jobs::{count, plain, show_document};
use crate::outbox::HUMAN_PATIENCE;
use crate::session::Session;

const APPLY: &str = "Apply";
const SHOW: &str = "Show diff";
const CANCEL: &str = "Cancel";

/// How a change comes to be applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Review {
    /// At once.
    None,
    /// The editor shows it, and its user ticks what is to be applied.
    InEditor,
    /// Its user said yes.
    Approved,
    /// The user said no, or nothing.
    Refused,
}

/// Whether a change is shown first, by the settings: one file is what an undo is for. What builds run is shown whatever they say.
pub(crate) fn is_wanted(settings: &Settings, outcome: &Outcome) -> bool {
    let by_models = || outcome.plan.steps.iter().any(|step: &Step| step.tier().is_some());
    changes_what_builds_run(outcome)
        || outcome.changes.files().len() > 1
            && match settings.review {
                ReviewPolicy::Never => false,
                ReviewPolicy::Models => by_models(),
                ReviewPolicy::Always => true,
            }
}

fn changes_what_builds_run(outcome: &Outcome) -> bool {
    outcome.changes.files().iter().any(|change| refactor::is_sensitive(&change.path))
}

/// Has the user look at a change, in the way that the editor has for it.
pub(crate) async fn review(session: &Session, outcome: &Outcome) -> Review {
    if session.profile().previews_edits {
        return Review::InEditor;
    }
    let files = count(outcome.changes.files().len());
    let question = format!("{} in {files} ({}). Apply it?", outcome.instruction, outcome.receipt.in_short());
    let mut buttons = vec![APPLY, SHOW, CANCEL];
    loop {
        let answer = session.outbox.ask(proto::MessageType::Info, &question, &buttons, Some(HUMAN_PATIENCE)).await;
        let chosen = match answer {
            Ok(chosen) => chosen,
            Err(error) => {
                let way = if changes_what_builds_run(outcome) {
                    "`tierline refactor` in a terminal shows and applies what builds run"
                } else {
                    "with `review = \"never\"` under `[refactor]` in your own configuration it is applied unasked"
                };
                let text = format!("Tierline: your editor cannot ask whether to apply the change ({error}); {way}");
                session.outbox.show(proto::MessageType::Warning, text);
                None
            }
        };
        match chosen.as_deref() {
            Some(APPLY) => return Review::Approved,
            Some(SHOW) => {
                show_document(session, &format!("diff of {}", outcome.instruction), &as_document(outcome)).await;
                buttons.retain(|button| *button != SHOW);
            }
            _ => return Review::Refused,
        }
    }
}

/// The change as a document: what it is, what it cost, and a diff that nothing in it can break out of.
fn as_document(outcome: &Outcome) -> String {
    let diff = outcome.changes.diff();
    let longest = diff.split(|character| character != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    let checks: Vec<&str> = outcome.checks.iter().map(|check| check.name).collect();
    format!(
        "# {}\n\n{}; nothing is applied yet. Checks passed: {}. {}\n\n{fence}diff\n{diff}{fence}\n",
        plain(&outcome.instruction),
        count(outcome.changes.files().len()),
        checks.join(", "),
        outcome.receipt.in_short(),
    )
}

/// The annotation under which an editor shows every part of a change. All of it is to be confirmed, because an editor ticks what is not
/// by itself, and would then apply the rest without it.
pub(crate) fn annotation(label: &str) -> proto::ChangeAnnotation {
    proto::ChangeAnnotation {
        label: plain(label),
        needs_confirmation: Some(true),
        description: Some("checked as a whole: tick all of it or none".to_owned()),
    }
}
