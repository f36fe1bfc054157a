//! The menu of a plan document.

use serde_json::{Value, json};
use tower_lsp::gen_lsp_types as proto;

use super::Action;
use crate::capabilities::{command, kind};
use crate::plans::Opened;
use crate::session::Session;
use models::Tier;
use refactor::{PlanDocument, WrittenStep};

/// What can be done with a plan, with the cursor on this zero-based line.
pub(super) fn all(session: &Session, plan: &Opened, uri: &proto::Uri, line: usize) -> Vec<Action> {
    let read = plan.read();
    let fault = read.as_ref().err().and_then(|faults| faults.first()).map(|fault| format!("{fault}"));
    let action = |title: String, verb: &str, step: Option<&str>| {
        let mut argument = json!({"v": 1, "uri": uri, "do": verb});
        if let Some(step) = step {
            argument["step"] = Value::from(step);
        }
        Action { title, kind: kind::PLAN, command: command::PLAN, argument, is_by_model: true, disabled: None, diagnostic: None }
    };
    let snapshot = plan.host.snapshot();
    let needs = |tier: Tier| {
        let has = snapshot.gateway().is_some_and(|gateway| gateway.has(tier));
        (!has).then(|| format!("No {tier} model is configured; `tierline doctor` says how to configure one"))
    };
    let mut actions = Vec::new();
    // What cannot be carried out may still be read.
    let document = read.ok().or_else(|| PlanDocument::parse(&plan.text).ok());
    let all = document.as_ref().map_or(0, |document| document.steps.len());
    let ticked = document.as_ref().map_or(0, |document| document.steps.iter().filter(|step| step.is_ticked).count());
    let title = format!("Apply the ticked steps ({ticked} of {all})");
    let cannot_apply = (!session.profile().apply_edit).then(|| "Your editor does not apply edits that a server sends".to_owned());
    actions.push(Action { disabled: fault.or(cannot_apply), ..action(title, "apply", None) });
    let is_here = |step: &&WrittenStep| step.line <= line;
    let step = document.as_ref().and_then(|document| document.steps.iter().take_while(is_here).last());
    if let Some(step) = step {
        let again = action(format!("Plan step {} anew", step.id), "again", Some(&step.id));
        actions.push(Action { disabled: needs(Tier::Flagship), ..again });
        if step.tier == Some(Tier::Mini) {
            let raise = action(format!("Have the flagship do step {}", step.id), "raise", Some(&step.id));
            actions.push(Action { disabled: needs(Tier::Flagship), ..raise });
        }
    }
    actions.push(Action { is_by_model: false, ..action("Discard this plan".to_owned(), "discard", None) });
    actions
}
