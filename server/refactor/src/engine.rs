//! The engine: from an instruction to a change set that passed every check.

use std::time::Instant;

use assist::{Bill, Snapshot, Why, delegate_repairing};
use futures::future::join_all;
use index::Hit;
use models::{ActionId, Tier};
use serde_json::Value;
use text::EditSet;
use tokio_util::sync::CancellationToken;

use crate::checks::{self, Allowance};
use crate::exact::{self, Exact, ExactError};
use crate::overlay::Overlay;
use crate::plan::{self, Outline};
use crate::rename::{find, rename};
use crate::worker::Task;
use crate::{ChangeSet, Check, Instruction, Plan, Receipt, RenameError, Step, StepKind, worker};

/// Says how far it is: a few words and the part done, in per cent.
pub type Progress<'a> = &'a (dyn Fn(&str, u32) + Send + Sync);

/// A refactor that passed every check and was not applied yet.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// What was asked for.
    pub instruction: String,
    /// What was planned.
    pub plan: Plan,
    /// The files before and after.
    pub changes: ChangeSet,
    /// The checks, all passed.
    pub checks: Vec<Check>,
    /// Who did what, for how much.
    pub receipt: Receipt,
    /// Uses that have the name of a renamed symbol and were left alone because nothing proves that they mean it.
    pub left: Vec<Hit>,
}

/// Why a refactor ended without a change. Nothing was applied.
#[derive(Debug, thiserror::Error)]
pub enum RefactorError {
    /// The rename cannot be carried out.
    #[error(transparent)]
    Rename(#[from] RenameError),
    /// An exact step is refused.
    #[error(transparent)]
    Exact(ExactError),
    /// The instruction needs models and none is configured for it.
    #[error(
        "this instruction needs a {0} model, and none is configured; `tierline doctor` says how to configure one, and `rename OLD to NEW` needs none"
    )]
    NeedsModel(Tier),
    /// The planner could not be asked, or its plan was rejected.
    #[error("no plan: {why}")]
    NoPlan {
        /// Why.
        why: Why,
        /// What was spent.
        receipt: Receipt,
    },
    /// A worker could not be asked, or its answer was refused.
    #[error("step {step} ({file}) was refused: {reason}")]
    StepRefused {
        /// The step's id.
        step: String,
        /// Its file.
        file: String,
        /// Why.
        reason: String,
        /// What was spent.
        receipt: Receipt,
    },
    /// The result did not pass its checks.
    #[error("the result was refused: {}", faults(.checks))]
    Refused {
        /// All checks.
        checks: Vec<Check>,
        /// What was spent.
        receipt: Receipt,
    },
    /// There is nothing that the edit could be made to.
    #[error("cannot {what}: {reason}")]
    NoEdit {
        /// What was to be done.
        what: String,
        /// Why it cannot be.
        reason: String,
    },
    /// A model could not be asked for an edit, or its answers were refused.
    #[error("{what}: nothing was changed, because {reason}")]
    EditRefused {
        /// What was to be done.
        what: String,
        /// Why.
        reason: String,
        /// What was spent.
        receipt: Receipt,
    },
    /// The user called it off.
    #[error("cancelled; nothing was changed")]
    Cancelled,
    /// It would change nothing.
    #[error("there is nothing to change")]
    Nothing,
}

impl RefactorError {
    /// A short stable name for programs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Rename(RenameError::Unknown(..)) => "unknown_symbol",
            Self::Rename(RenameError::Ambiguous { .. }) => "ambiguous_symbol",
            Self::Rename(_) => "rename_refused",
            Self::Exact(_) => "not_exact",
            Self::NeedsModel(_) => "needs_model",
            Self::NoPlan { why, .. } => match why {
                Why::Model(error) => error.code(),
                Why::Rejected(_) => "plan_rejected",
            },
            Self::StepRefused { .. } => "step_refused",
            Self::Refused { .. } => "check_failed",
            Self::NoEdit { .. } => "no_edit",
            Self::EditRefused { .. } => "edit_refused",
            Self::Cancelled => "cancelled",
            Self::Nothing => "nothing_to_change",
        }
    }

    /// What was spent before it ended.
    #[must_use]
    pub fn receipt(&self) -> Option<&Receipt> {
        match self {
            Self::NoPlan { receipt, .. }
            | Self::StepRefused { receipt, .. }
            | Self::Refused { receipt, .. }
            | Self::EditRefused { receipt, .. } => Some(receipt),
            _ => None,
        }
    }
}

fn faults(checks: &[Check]) -> String {
    let faults: Vec<String> =
        checks.iter().flat_map(|check| check.faults.iter().map(|fault| format!("{}: {fault}", check.name))).take(6).collect();
    faults.join("; ")
}

/// Carries out `instruction` on an overlay of `snapshot` and checks the result. The `initial` edits are part of the change from the
/// start, such as taking out the comment that holds the instruction.
///
/// # Errors
/// Fails, with nothing changed, as [`RefactorError`] says.
pub async fn refactor(
    snapshot: &Snapshot,
    instruction: &str,
    initial: EditSet,
    progress: Progress<'_>,
    cancel: &CancellationToken,
) -> Result<Outcome, RefactorError> {
    let mut receipt = Receipt::default();
    let action = ActionId::new();
    let overlay = Overlay::new(snapshot).edited(&initial).map_err(|_| RefactorError::Nothing)?;
    let mut allowance = Allowance::default();
    allowance.files.extend(initial.files().map(|(path, _)| path.to_owned()));
    instruction.clone_into(&mut allowance.said);
    let plan = make_plan(overlay.now(), instruction, &action, &mut receipt, progress, cancel).await?;
    let work = Work { overlay, allowance, plan, action, receipt };
    work.carry_out(instruction, progress, cancel).await
}

/// Plans and stops there.
///
/// # Errors
/// Fails as [`RefactorError`] says.
pub async fn plan_only(
    snapshot: &Snapshot,
    instruction: &str,
    progress: Progress<'_>,
    cancel: &CancellationToken,
) -> Result<(Plan, Receipt), RefactorError> {
    let mut receipt = Receipt::default();
    let plan = make_plan(snapshot, instruction, &ActionId::new(), &mut receipt, progress, cancel).await?;
    Ok((plan, receipt))
}

async fn make_plan(
    snapshot: &Snapshot,
    instruction: &str,
    action: &ActionId,
    receipt: &mut Receipt,
    progress: Progress<'_>,
    cancel: &CancellationToken,
) -> Result<Plan, RefactorError> {
    let started = Instant::now();
    match Instruction::parse(instruction) {
        exact if exact.is_exact() => {
            let step = exact_step(snapshot, instruction, exact)?;
            receipt.add("plan", "read the instruction", Bill::index(), milliseconds(started));
            Ok(Plan { summary: instruction.trim().to_owned(), steps: vec![step] })
        }
        free => {
            let request = if let Instruction::Free(request) = free { request } else { String::new() };
            let gateway = snapshot.gateway().ok_or(RefactorError::NeedsModel(Tier::Flagship))?;
            for tier in [Tier::Flagship, Tier::Mini] {
                if !gateway.has(tier) {
                    return Err(RefactorError::NeedsModel(tier));
                }
            }
            progress("planning", 5);
            let outline = Outline::for_request(snapshot, &request);
            let job = plan::job(snapshot, &request, &outline, action);
            let check = |answer: &Value| plan::read(snapshot, &outline, answer);
            // A plan that does not stand goes to the user, who may have to say more, and not back to the dearest model.
            match delegate_repairing(gateway, job, Tier::Flagship, cancel, check, |_, _, _| None).await {
                Ok(planned) => {
                    receipt.add("plan", "made the plan", planned.bill, milliseconds(started));
                    Ok(planned.value)
                }
                Err(_) if cancel.is_cancelled() => Err(RefactorError::Cancelled),
                Err(error) => {
                    if error.bill != Bill::index() {
                        receipt.add("plan", "refused plan", error.bill, milliseconds(started));
                    }
                    Err(RefactorError::NoPlan { why: error.why, receipt: receipt.clone() })
                }
            }
        }
    }
}

/// The one step of an instruction that the index carries out.
fn exact_step(snapshot: &Snapshot, words: &str, instruction: Instruction) -> Result<Step, RefactorError> {
    let known = |name: &str, file: Option<&str>| find(snapshot.index(), name, file);
    let (kind, symbol, file, new_name, new_path) = match instruction {
        Instruction::Rename { old, new, file } => {
            (StepKind::Rename, Some(known(&old, file.as_deref())?), String::new(), new, None)
        }
        Instruction::Move { symbol, file, to } => {
            (StepKind::Move, Some(known(&symbol, file.as_deref())?), String::new(), String::new(), Some(to))
        }
        Instruction::Delete { symbol, file } => {
            (StepKind::Delete, Some(known(&symbol, file.as_deref())?), String::new(), String::new(), None)
        }
        Instruction::RenameFile { from, to } => (StepKind::RenameFile, None, from, String::new(), Some(to)),
        Instruction::Free(_) => return Err(RefactorError::Nothing),
    };
    Ok(Step {
        id: "e1".to_owned(),
        kind,
        file: symbol.as_ref().map_or(file, |symbol| symbol.path().to_owned()),
        symbols: symbol.into_iter().collect(),
        may_delete: Vec::new(),
        new_name,
        new_path: new_path.unwrap_or_default(),
        goal: words.to_owned(),
        interface: Vec::new(),
        depends_on: Vec::new(),
    })
}

/// A plan that is being carried out.
struct Work {
    overlay: Overlay,
    allowance: Allowance,
    plan: Plan,
    action: ActionId,
    receipt: Receipt,
}

impl Work {
    async fn carry_out(
        self,
        instruction: &str,
        progress: Progress<'_>,
        cancel: &CancellationToken,
    ) -> Result<Outcome, RefactorError> {
        let Self { mut overlay, mut allowance, plan, action, mut receipt } = self;
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
                let (next, exact) = carry_out_exactly(&overlay, step, &receipt)?;
                overlay = next;
                allowance.files.extend(exact.files().map(str::to_owned));
                allowance.deleted.extend(exact.gone_files().map(str::to_owned));
                allowance.gone.extend(exact.gone);
                left.extend(exact.left);
                receipt.add(step.id.clone(), exact.what, Bill::index(), milliseconds(started));
                done.push(&step.id);
                continue;
            }
            progress(&format!("editing {}", files(&ready)), 20 + part);
            overlay = work_side_by_side(overlay, &plan, &ready, &action, &mut receipt, cancel).await?;
            for step in ready {
                allowance.files.insert(step.file.clone());
                let gone = step.may_delete.iter().map(|symbol| (symbol.path().to_owned(), symbol.symbol_path()));
                allowance.gone.extend(gone);
                done.push(&step.id);
            }
        }
        progress("checking", 92);
        let changes = overlay.changes();
        if changes.is_empty() {
            return Err(RefactorError::Nothing);
        }
        let checks = checks::run(&overlay, &allowance);
        if checks.iter().any(|check| !check.passed()) {
            return Err(RefactorError::Refused { checks, receipt });
        }
        Ok(Outcome { instruction: instruction.trim().to_owned(), plan, changes, checks, receipt, left })
    }
}

/// Carries a step out that needs no model, on the workspace as the steps before it have left it.
fn carry_out_exactly(overlay: &Overlay, step: &Step, receipt: &Receipt) -> Result<(Overlay, Exact), RefactorError> {
    let done = match step.kind {
        StepKind::Rename => {
            let symbol = current(overlay.now(), step)?;
            if let Some(path) = exact::file_named_after(&symbol, &step.new_name) {
                let done = exact::proven(overlay, |now| exact::rename_file(now, symbol.path(), &path));
                return done.map_err(RefactorError::from);
            }
            let renamed = rename(overlay.now(), &symbol, &step.new_name)?;
            let exact = Exact {
                edits: renamed.edits,
                gone: vec![(symbol.path().to_owned(), symbol.symbol_path())],
                left: renamed.left,
                what: format!("renamed {} to {}", symbol.symbol_path(), step.new_name),
                ..Exact::default()
            };
            let next = overlay.carried_out(&exact).map_err(|error| refused(step, error.to_string(), receipt))?;
            return Ok((next, exact));
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
        StepKind::Edit | StepKind::Create => return Err(refused(step, "it needs a worker".to_owned(), receipt)),
    };
    done.map_err(RefactorError::from)
}

impl From<ExactError> for RefactorError {
    fn from(error: ExactError) -> Self {
        match error {
            ExactError::Symbol(error) => Self::Rename(error),
            unproven => Self::Exact(unproven),
        }
    }
}

/// Has the steps carried out at once, each on the workspace as it is before any of them.
async fn work_side_by_side(
    overlay: Overlay,
    plan: &Plan,
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
            let answer = worker::work(overlay.now(), gateway, &Task::of_step(plan, step), action, others).await;
            if answer.is_err() {
                others.cancel();
            }
            (answer, milliseconds(started))
        }
    });
    let answers = join_all(work).await;
    let mut next = overlay.clone();
    let mut refusal = None;
    for (step, (answer, ms)) in steps.iter().zip(answers) {
        match answer {
            Ok(worked) => {
                receipt.add(step.id.clone(), format!("{} {}", step.kind.as_str(), step.file), worked.bill, ms);
                let mut edits = EditSet::default();
                for edit in worked.value {
                    edits.push(step.file.clone(), edit);
                }
                next = next.edited(&edits).map_err(|error| refused(step, error.to_string(), receipt))?;
            }
            Err(error) => {
                if error.bill != Bill::index() {
                    receipt.add(step.id.clone(), "refused edit", error.bill, ms);
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

fn refused(step: &Step, reason: String, receipt: &Receipt) -> RefactorError {
    RefactorError::StepRefused { step: step.id.clone(), file: step.file.clone(), reason, receipt: receipt.clone() }
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

fn milliseconds(since: Instant) -> u64 {
    u64::try_from(since.elapsed().as_millis()).unwrap_or(u64::MAX)
}
