//! A plan that is being carried out on an overlay, step by step, and checked.

use std::time::{Instant, SystemTime};

use assist::{Bill, Snapshot, Source};
use futures::future::join_all;
use models::{ActionId, Tier};
use text::EditSet;
use tokio_util::sync::CancellationToken;

use super::command::Judged;
use super::{Outcome, Run, make_plan, milliseconds};
use crate::checks::Allowance;
use crate::exact::{self, Exact};
use crate::overlay::{Overlay, OverlayError};
use crate::rename::{self, Asking, find};
use crate::worker::{self, Task};
use crate::{Account, Plan, Receipt, ReceiptLine, RefactorError, RenameError, Step, StepKind};

/// A refactor under way.
pub(super) struct Work {
    instruction: String,
    overlay: Overlay,
    allowance: Allowance,
    action: ActionId,
    receipt: Receipt,
    begun: SystemTime,
}

impl Work {
    /// Begins with edits that are part of the change whatever is planned.
    pub(super) fn begin(run: &Run<'_>, instruction: &str) -> Result<Self, RefactorError> {
        let overlay = Overlay::new(run.snapshot).edited(&run.initial).map_err(|_| RefactorError::Nothing)?;
        let mut allowance = Allowance { said: instruction.to_owned(), ..Allowance::default() };
        allowance.files.extend(run.initial.files().map(|(path, _)| path.to_owned()));
        let instruction = instruction.trim().to_owned();
        Ok(Self {
            instruction,
            overlay,
            allowance,
            action: ActionId::new(),
            receipt: Receipt::default(),
            begun: SystemTime::now(),
        })
    }

    /// Makes the plan for the instruction.
    pub(super) async fn plan(&mut self, run: &Run<'_>) -> Result<Plan, RefactorError> {
        make_plan(self.overlay.now(), &self.instruction, &self.action, &mut self.receipt, run.progress, run.cancel).await
    }

    /// Carries a plan out.
    pub(super) async fn carry_out(self, plan: Plan, run: &Run<'_>) -> Result<Outcome, RefactorError> {
        let Self { instruction, mut overlay, mut allowance, action, mut receipt, begun } = self;
        let (progress, cancel) = (run.progress, run.cancel);
        let planned = plan.steps.iter().map(|step| step.file.as_str());
        let stale =
            |error: OverlayError| RefactorError::NoEdit { what: "carry out the plan".to_owned(), reason: error.to_string() };
        overlay = overlay.keeping(planned).map_err(stale)?;
        let mut left = Vec::new();
        let mut done: Vec<&str> = Vec::new();
        while done.len() < plan.steps.len() {
            if cancel.is_cancelled() {
                return Err(RefactorError::Cancelled);
            }
            let part = u32::try_from(done.len() * 70 / plan.steps.len()).unwrap_or(0);
            // A plan's steps depend only on steps before them, so there is always one that is ready.
            let is_ready =
                |step: &&Step| !done.contains(&step.id.as_str()) && step.depends_on.iter().all(|id| done.contains(&id.as_str()));
            let ready: Vec<&Step> = plan.steps.iter().filter(is_ready).collect();
            if let Some(step) = ready.iter().find(|step| step.tier().is_none()) {
                progress(&format!("{} {}", step.kind.as_str(), step.file), 20 + part);
                let started = Instant::now();
                let asking = Asking { peer: run.peer, allowance: &allowance, cancel };
                let (next, exact) = carry_out_exactly(&overlay, step, &asking, &receipt).await?;
                overlay = next;
                allowance.files.extend(exact.files().map(str::to_owned));
                allowance.deleted.extend(exact.gone_files().map(str::to_owned));
                allowance.gone.extend(exact.gone);
                left.extend(exact.left);
                receipt.lines.push(ReceiptLine {
                    step: step.id.clone(),
                    what: exact.what,
                    by: exact.by,
                    bill: Bill::index(),
                    ms: milliseconds(started),
                    refused: exact.refused,
                });
                done.push(&step.id);
                continue;
            }
            progress(&format!("editing {}", files(&ready)), 20 + part);
            overlay = work_side_by_side(overlay, (&plan, &instruction), &ready, &action, &mut receipt, cancel).await?;
            for step in ready {
                allowance.files.insert(step.file.clone());
                let gone = step.may_delete.iter().map(|symbol| (symbol.path().to_owned(), symbol.symbol_path()));
                allowance.gone.extend(gone);
                done.push(&step.id);
            }
        }
        progress("checking", 92);
        let judged = Judged { plan: &plan, allowance: &allowance, action: &action, run };
        let (overlay, checks) = judged.judge(overlay, &mut receipt).await?;
        let changes = overlay.changes();
        if let Some(gateway) = run.snapshot.gateway().filter(|_| receipt.source() != Source::Index) {
            let account = Account::of_action(gateway, &action, begun);
            receipt.account = Some(account.compared(gateway, run.snapshot, &instruction, &plan, &changes));
        }
        Ok(Outcome { instruction, plan, changes, checks, receipt, left })
    }
}

/// Carries a step out that needs no model, on the workspace as the steps before it have left it.
async fn carry_out_exactly(
    overlay: &Overlay,
    step: &Step,
    asking: &Asking<'_>,
    receipt: &Receipt,
) -> Result<(Overlay, Exact), RefactorError> {
    let done = match step.kind {
        StepKind::Rename => {
            let symbol = current(overlay.now(), step)?;
            match exact::file_named_after(&symbol, &step.new_name) {
                Some(path) => exact::proven(overlay, |now| exact::rename_file(now, symbol.path(), &path)),
                None => return rename::carry_out(overlay, &symbol, &step.new_name, asking).await,
            }
        }
        StepKind::Move => {
            let symbol = current(overlay.now(), step)?;
            exact::proven(overlay, |now| exact::move_symbol(now, &symbol, &step.new_path))
        }
        StepKind::Delete => {
            let symbol = current(overlay.now(), step)?;
            exact::proven(overlay, |now| exact::delete(now, &symbol))
        }
        StepKind::RenameFile => exact::proven(overlay, |now| exact::rename_file(now, &step.file, &step.new_path)),
        StepKind::DeleteFile => exact::proven(overlay, |now| exact::delete_file(now, &step.file)),
        StepKind::ChangeSignature | StepKind::EditSymbol | StepKind::EditFile | StepKind::Insert | StepKind::CreateFile => {
            return Err(refused(step, "it needs a worker".to_owned(), receipt));
        }
    };
    done.map_err(RefactorError::from)
}

/// Has the steps carried out at once, each on the workspace as it is before any of them.
async fn work_side_by_side(
    overlay: Overlay,
    (plan, instruction): (&Plan, &str),
    steps: &[&Step],
    action: &ActionId,
    receipt: &mut Receipt,
    cancel: &CancellationToken,
) -> Result<Overlay, RefactorError> {
    let gateway = overlay.now().gateway().cloned().ok_or(RefactorError::NeedsModel(Tier::Mini))?;
    let started = Instant::now();
    // The first refusal ends the others: they would be paid for and thrown away.
    let others = cancel.child_token();
    let work = steps.iter().map(|step| {
        let (overlay, gateway, others) = (&overlay, &gateway, &others);
        async move {
            let task = Task::of_step(plan, step, instruction);
            let (answer, refused) = worker::work(overlay.now(), gateway, &task, action, others).await;
            if answer.is_err() {
                others.cancel();
            }
            (answer, refused, milliseconds(started))
        }
    });
    let answers = join_all(work).await;
    let mut next = overlay.clone();
    let mut refusal = None;
    for (step, (answer, reasons, ms)) in steps.iter().zip(answers) {
        match answer {
            Ok(worked) => {
                let what = format!("{} {}", step.kind.as_str(), step.file);
                receipt.add_after(step.id.clone(), what, worked.bill, ms, reasons);
                let mut edits = EditSet::default();
                for edit in worked.value {
                    edits.push(step.file.clone(), edit);
                }
                next = next.edited(&edits).map_err(|error| refused(step, error.to_string(), receipt))?;
            }
            Err(error) => {
                if error.bill != Bill::index() {
                    receipt.add_after(step.id.clone(), "refused edit", error.bill, ms, reasons);
                }
                // The others were called off by the one that was refused.
                if !error.is_cancelled() || refusal.is_none() && cancel.is_cancelled() {
                    refusal.get_or_insert((step, error.to_string()));
                }
            }
        }
    }
    if cancel.is_cancelled() {
        return Err(RefactorError::Cancelled);
    }
    match refusal {
        Some((step, reason)) => Err(refused(step, reason, receipt)),
        None => Ok(next),
    }
}

pub(super) fn refused(step: &Step, reason: String, receipt: &Receipt) -> RefactorError {
    RefactorError::StepRefused { step: step.id.clone(), file: step.file.clone(), reason, receipt: Box::new(receipt.clone()) }
}

/// The symbol of an exact step in the workspace as the steps before have left it.
fn current(snapshot: &Snapshot, step: &Step) -> Result<index::SymbolRef, RenameError> {
    let symbol = &step.symbols[0];
    find(snapshot.index(), &symbol.symbol_path(), Some(symbol.path()))
}

fn files(steps: &[&Step]) -> String {
    let files: Vec<&str> = steps.iter().map(|step| step.file.as_str()).collect();
    files.join(", ")
}
