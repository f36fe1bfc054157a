//! One step of a plan document, planned anew for the workspace as it is now.

use std::time::Instant;

use assist::{Bill, Prompt, Snapshot};
use models::{ActionId, Tier};
use tokio_util::sync::CancellationToken;

use super::{PlanDocument, WrittenStep, ask};
use crate::engine::milliseconds;
use crate::{Progress, Receipt, RefactorError};

const PROMPT: Prompt = Prompt::new(include_str!("../prompt/again.md"));

/// Has a flagship plan one step anew. What comes of it stands in its place, and whatever waited for it waits for all of that.
///
/// # Errors
/// Fails as [`RefactorError`] says; the document stays as it was.
pub async fn replan_step(
    snapshot: &Snapshot,
    document: &PlanDocument,
    id: &str,
    progress: Progress<'_>,
    cancel: &CancellationToken,
) -> Result<(PlanDocument, Receipt), RefactorError> {
    let started = Instant::now();
    let Some(step) = document.step(id) else { return Err(RefactorError::Nothing) };
    let gateway = snapshot.gateway().filter(|gateway| gateway.has(Tier::Flagship));
    let gateway = gateway.ok_or(RefactorError::NeedsModel(Tier::Flagship))?;
    progress("planning", 5);
    let others: Vec<String> = document.steps.iter().filter(|other| other.id != id).map(described).collect();
    let request = PROMPT.render(&[
        ("instruction", &document.instruction),
        ("plan", &format!("{}\n{}", document.summary, others.join("\n"))),
        ("step", &described(step)),
    ]);
    let mut receipt = Receipt::default();
    match ask(snapshot, gateway, (&request, &document.instruction), &ActionId::new(), cancel).await {
        Ok(asked) => {
            receipt.looked_up.extend(asked.looked_up);
            receipt.add_after("plan", format!("planned {id} anew"), asked.bill, milliseconds(started), asked.refused);
            Ok((document.replaced(id, PlanDocument::of(snapshot, &document.instruction, &asked.plan)), receipt))
        }
        Err(_) if cancel.is_cancelled() => Err(RefactorError::Cancelled),
        Err(error) => {
            if error.bill != Bill::index() {
                receipt.add("plan", "refused plan", error.bill, milliseconds(started));
            }
            Err(RefactorError::NoPlan { why: error.why, receipt: Box::new(receipt) })
        }
    }
}

/// A step in a few lines, for whoever plans beside it.
fn described(step: &WrittenStep) -> String {
    let target = if step.target.is_empty() { String::new() } else { format!(" to {}", step.target) };
    let interface = step.interface.iter().map(|signature| format!("\n  {signature}")).collect::<String>();
    let goal = if step.goal.is_empty() { String::new() } else { format!("\n  {}", step.goal.replace('\n', "\n  ")) };
    format!("{} {} {} in {}{target}{goal}{interface}", step.id, step.kind.as_str(), step.symbols.join(", "), step.file)
}

impl PlanDocument {
    /// The same document with the steps of another one in place of a step.
    fn replaced(&self, id: &str, new: Self) -> Self {
        let name = |at: usize| if at == 0 { id.to_owned() } else { format!("{id}-{}", at + 1) };
        let names: Vec<String> = (0..new.steps.len()).map(name).collect();
        let position = |id: &String| new.steps.iter().position(|step| step.id == *id);
        let old = self.step(id).map(|step| step.depends_on.clone()).unwrap_or_default();
        let mut steps = Vec::new();
        for step in &self.steps {
            if step.id != id {
                let waits = step.depends_on.iter().any(|needed| needed == id);
                let mut step = step.clone();
                step.depends_on.extend(names.iter().skip(1).filter(|_| waits).cloned());
                steps.push(step);
                continue;
            }
            for (at, made) in new.steps.iter().enumerate() {
                let within = made.depends_on.iter().filter_map(position).map(|at| names[at].clone());
                let depends_on = old.iter().cloned().chain(within).collect();
                steps.push(WrittenStep { id: names[at].clone(), depends_on, is_ticked: step.is_ticked, ..made.clone() });
            }
        }
        let others = self.steps.iter().filter(|step| step.id != id);
        let anchors = self.anchors.only(others).with(&new.anchors);
        Self { steps, anchors, ..self.clone() }
    }
}
