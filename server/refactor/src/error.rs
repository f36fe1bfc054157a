//! Why a refactor ended without a change.

use assist::{Snapshot, Why};
use models::Tier;

use crate::exact::ExactError;
use crate::{Check, PlanFault, Receipt, RenameError};

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
        receipt: Box<Receipt>,
    },
    /// A plan document does not fit the workspace, or ticks what it cannot.
    #[error("the plan cannot be carried out: {}", said(.0))]
    PlanUnfit(Vec<PlanFault>),
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
        receipt: Box<Receipt>,
    },
    /// The result did not pass its checks.
    #[error("the result was refused: {}", faults(.checks))]
    Refused {
        /// All checks.
        checks: Vec<Check>,
        /// What was spent.
        receipt: Box<Receipt>,
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
        receipt: Box<Receipt>,
    },
    /// The workspace was not read as a whole: what is not known to be used may be used all the same.
    #[error("nothing was changed, because the workspace is not indexed yet and uses would be missed; try again when it is")]
    NotIndexed,
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
            Self::PlanUnfit(_) => "plan_unfit",
            Self::StepRefused { .. } => "step_refused",
            Self::Refused { .. } => "check_failed",
            Self::NoEdit { .. } => "no_edit",
            Self::EditRefused { .. } => "edit_refused",
            Self::NotIndexed => "not_indexed",
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

    /// What is said of it to a user: why, and in brackets what was spent, where models were asked.
    #[must_use]
    pub fn with_bill(&self) -> String {
        self.receipt().map_or_else(|| self.to_string(), |receipt| format!("{self} ({})", receipt.bill()))
    }
}

/// Refuses to judge by an index that does not hold the whole workspace.
pub(crate) fn read_whole(snapshot: &Snapshot) -> Result<(), RefactorError> {
    if snapshot.is_read() { Ok(()) } else { Err(RefactorError::NotIndexed) }
}

fn said(faults: &[PlanFault]) -> String {
    let faults: Vec<String> = faults.iter().take(6).map(PlanFault::to_string).collect();
    faults.join("; ")
}

fn faults(checks: &[Check]) -> String {
    let faults: Vec<String> =
        checks.iter().flat_map(|check| check.faults.iter().map(|fault| format!("{}: {fault}", check.name))).take(6).collect();
    faults.join("; ")
}

impl From<ExactError> for RefactorError {
    fn from(error: ExactError) -> Self {
        match error {
            ExactError::Symbol(error) => Self::Rename(error),
            unproven => Self::Exact(unproven),
        }
    }
}
