//! Judging a result: the checks, and then the command of the user, whose complaints go back to the workers once on their own tier and
//! once one tier up.

use std::time::Instant;

use assist::Bill;
use models::{ActionId, Tier};
use text::EditSet;

use super::work::refused;
use super::{Run, milliseconds};
use crate::checks::{self, Allowance};
use crate::overlay::Overlay;
use crate::shadow::{self, Ended};
use crate::worker::{self, Task};
use crate::{Check, CheckCommand, Plan, Receipt, RefactorError, Step};

/// How much of what a command prints a worker is shown, in bytes.
const SHOWN_OUTPUT: usize = 6_000;

/// What a result is judged by.
pub(super) struct Judged<'a> {
    pub(super) plan: &'a Plan,
    pub(super) allowance: &'a Allowance,
    pub(super) action: &'a ActionId,
    pub(super) run: &'a Run<'a>,
}

impl Judged<'_> {
    /// Checks a result, has mended what the command complains of, and gives back what passed.
    pub(super) async fn judge(
        &self,
        mut overlay: Overlay,
        receipt: &mut Receipt,
    ) -> Result<(Overlay, Vec<Check>), RefactorError> {
        let mut checks = self.checks(&overlay, receipt)?;
        let Some(command) = &self.run.check else { return Ok((overlay, checks)) };
        for tier in [Some(Tier::Mini), Some(Tier::Flagship), None] {
            (self.run.progress)(&format!("running {command}"), 94);
            let Some(complaint) = self.complaint(&overlay, command, receipt).await? else {
                checks.push(Check { name: "command", faults: Vec::new() });
                return Ok((overlay, checks));
            };
            let steps: Vec<&Step> = self.plan.steps.iter().filter(|step| is_named(step, &complaint)).collect();
            let Some(tier) = tier.filter(|_| !steps.is_empty()) else {
                checks.push(Check { name: "command", faults: vec![format!("`{command}` says: {}", complaint.trim())] });
                return Err(RefactorError::Refused { checks, receipt: Box::new(receipt.clone()) });
            };
            (self.run.progress)("mending", 95);
            for step in steps {
                overlay = self.mend(overlay, step, command, &complaint, tier, receipt).await?;
            }
            checks = self.checks(&overlay, receipt)?;
        }
        Ok((overlay, checks))
    }

    fn checks(&self, overlay: &Overlay, receipt: &Receipt) -> Result<Vec<Check>, RefactorError> {
        if overlay.changes().is_empty() {
            return Err(RefactorError::Nothing);
        }
        let checks = checks::run(overlay, self.allowance);
        if checks.iter().any(|check| !check.passed()) {
            return Err(RefactorError::Refused { checks, receipt: Box::new(receipt.clone()) });
        }
        Ok(checks)
    }

    /// What the command complains of; `None` where it is content, or complains without the change, too.
    async fn complaint(
        &self,
        overlay: &Overlay,
        command: &CheckCommand,
        receipt: &mut Receipt,
    ) -> Result<Option<String>, RefactorError> {
        let started = Instant::now();
        let refused = |reason: String, receipt: &Receipt| {
            let checks = vec![Check { name: "command", faults: vec![reason] }];
            RefactorError::Refused { checks, receipt: Box::new(receipt.clone()) }
        };
        let run = shadow::check(self.run.snapshot, &overlay.changes(), command, self.run.cancel).await;
        let checked = run.map_err(|reason| refused(reason, receipt))?;
        let said = match checked.ended {
            Ended::Cancelled => return Err(RefactorError::Cancelled),
            Ended::Late => return Err(refused(format!("`{command}` did not end in time"), receipt)),
            Ended::Well => {
                receipt.add("check", format!("{command}: passed"), Bill::index(), milliseconds(started));
                return Ok(None);
            }
            Ended::Badly => checked.output,
        };
        receipt.add("check", format!("{command}: failed"), Bill::index(), milliseconds(started));
        // What was wrong before is not the change's to mend.
        let started = Instant::now();
        let without = shadow::check(self.run.snapshot, &crate::ChangeSet::default(), command, self.run.cancel).await;
        match without.map_err(|reason| refused(reason, receipt))?.ended {
            Ended::Cancelled => Err(RefactorError::Cancelled),
            Ended::Well => Ok(Some(said)),
            Ended::Badly | Ended::Late => {
                let what = format!("{command}: fails without the change, too, so that it says nothing of it");
                receipt.add("check", what, Bill::index(), milliseconds(started));
                Ok(None)
            }
        }
    }

    /// Has the worker of a step mend what the command says of its file.
    async fn mend(
        &self,
        overlay: Overlay,
        step: &Step,
        command: &CheckCommand,
        complaint: &str,
        tier: Tier,
        receipt: &mut Receipt,
    ) -> Result<Overlay, RefactorError> {
        let started = Instant::now();
        let gateway = overlay.now().gateway().cloned().ok_or(RefactorError::NeedsModel(tier))?;
        let said = &complaint[..complaint.floor_char_boundary(SHOWN_OUTPUT)];
        let mut task = Task::of_step(self.plan, step, &self.allowance.said);
        task.goal = worker::mending(&task.goal, &command.to_string(), said);
        // A file that was written whole is there now: it is changed as one.
        task.rules.operations = worker::EDIT;
        task.rules.whole_file |= step.symbols.is_empty();
        task.rules.changes_signatures = false;
        task.is_raised |= tier == Tier::Flagship && gateway.has(Tier::Flagship);
        let (answer, reasons) = worker::work(overlay.now(), &gateway, &task, self.action, self.run.cancel).await;
        let worked = match answer {
            Ok(worked) => worked,
            Err(_) if self.run.cancel.is_cancelled() => return Err(RefactorError::Cancelled),
            Err(error) => return Err(refused(step, error.to_string(), receipt)),
        };
        receipt.add_after(step.id.clone(), format!("mended {}", step.file), worked.bill, milliseconds(started), reasons);
        let mut edits = EditSet::default();
        worked.value.into_iter().for_each(|edit| edits.push(step.file.clone(), edit));
        overlay.edited(&edits).map_err(|error| refused(step, error.to_string(), receipt))
    }
}

/// Whether a worker's step is about a file that the command names.
fn is_named(step: &Step, complaint: &str) -> bool {
    !step.kind.is_exact() && complaint.contains(step.file.as_str())
}
