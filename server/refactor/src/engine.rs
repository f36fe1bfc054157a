//! The engine: from an instruction to a change set that passed every check.

mod command;
mod work;

use std::time::Instant;

use assist::{Bill, Snapshot};
use index::Hit;
use models::{ActionId, Tier};
use text::EditSet;
use tokio_util::sync::CancellationToken;

use self::work::Work;
use crate::plan;
use crate::rename::find;
use crate::{ChangeSet, Check, CheckCommand, Instruction, Peer, Plan, PlanDocument, Receipt, RefactorError, Step, StepKind};

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

/// How a refactor is run.
pub struct Run<'a> {
    /// The workspace as it is.
    pub snapshot: &'a Snapshot,
    /// Edits that are part of the change from the start, such as taking out the comment that holds the instruction.
    pub initial: EditSet,
    /// The command that has the last word, in a copy of the workspace.
    pub check: Option<CheckCommand>,
    /// The language's own server in the user's editor, where that can be asked.
    pub peer: Option<&'a dyn Peer>,
    /// Told how far it is.
    pub progress: Progress<'a>,
    /// Calls it off.
    pub cancel: &'a CancellationToken,
}

/// Carries out `instruction` on an overlay and checks the result.
///
/// # Errors
/// Fails, with nothing changed, as [`RefactorError`] says.
pub async fn refactor(run: &Run<'_>, instruction: &str) -> Result<Outcome, RefactorError> {
    let mut work = Work::begin(run, instruction)?;
    let plan = work.plan(run).await?;
    work.carry_out(plan, run).await
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

/// Carries out the ticked steps of a plan document.
///
/// # Errors
/// Fails, with nothing changed, as [`RefactorError`] says.
pub async fn carry_out_plan(run: &Run<'_>, document: &PlanDocument) -> Result<Outcome, RefactorError> {
    let work = Work::begin(run, &document.instruction)?;
    let plan = document.resolve(run.snapshot).map_err(RefactorError::PlanUnfit)?;
    if let Some(tier) = missing_tier(run.snapshot, &plan) {
        return Err(RefactorError::NeedsModel(tier));
    }
    work.carry_out(plan, run).await
}

/// The first tier that a plan needs and that is not configured.
fn missing_tier(snapshot: &Snapshot, plan: &Plan) -> Option<Tier> {
    let has = |tier: &Tier| snapshot.gateway().is_some_and(|gateway| gateway.has(*tier));
    plan.steps.iter().filter_map(Step::tier).find(|tier| !has(tier))
}

async fn make_plan(
    snapshot: &Snapshot,
    instruction: &str,
    action: &ActionId,
    receipt: &mut Receipt,
    progress: Progress<'_>,
    cancel: &CancellationToken,
) -> Result<Plan, RefactorError> {
    crate::error::read_whole(snapshot)?;
    let started = Instant::now();
    let request = match Instruction::parse(instruction) {
        Instruction::Free(request) => request,
        exact => {
            let step = exact_step(snapshot, instruction, exact)?;
            receipt.add("plan", "read the instruction", Bill::index(), milliseconds(started));
            return Ok(Plan { summary: instruction.trim().to_owned(), steps: vec![step], ..Plan::default() });
        }
    };
    let gateway = snapshot.gateway().ok_or(RefactorError::NeedsModel(Tier::Flagship))?;
    for tier in [Tier::Flagship, Tier::Mini] {
        if !gateway.has(tier) {
            return Err(RefactorError::NeedsModel(tier));
        }
    }
    progress("planning", 5);
    match plan::ask(snapshot, gateway, (&request, &request), action, cancel).await {
        Ok(asked) => {
            receipt.looked_up.extend(asked.looked_up);
            receipt.add_after("plan", "made the plan", asked.bill, milliseconds(started), asked.refused);
            Ok(asked.plan)
        }
        Err(_) if cancel.is_cancelled() => Err(RefactorError::Cancelled),
        Err(error) => {
            if error.bill != Bill::index() {
                receipt.add("plan", "refused plan", error.bill, milliseconds(started));
            }
            Err(RefactorError::NoPlan { why: error.why, receipt: Box::new(receipt.clone()) })
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
        is_raised: false,
    })
}

pub(crate) fn milliseconds(since: Instant) -> u64 {
    u64::try_from(since.elapsed().as_millis()).unwrap_or(u64::MAX)
}
