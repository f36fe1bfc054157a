//! Refactor: a change over several files, planned, carried out, checked and only then shown.
//!
//! Whatever makes the new texts (the index alone for a rename, a flagship's plan and mini workers for the rest), they end as one
//! [`ChangeSet`] that passed every [`Check`]; it is applied completely or not at all, and a [`Journal`] entry undoes it.
//! This room reads and writes files of the workspace; it knows no protocol and no provider.

mod apply;
mod change_set;
mod checks;
mod classify;
mod edit;
mod engine;
mod error;
mod exact;
mod instruction;
mod journal;
mod name;
mod overlay;
mod peer;
mod plan;
mod protected;
mod rebase;
mod receipt;
mod rename;
mod shadow;
mod test_place;
mod unfinished;
mod worker;

pub use apply::{ApplyError, apply_to_disk, write_refusal};
pub use change_set::{ChangeSet, FileChange, is_same_text};
pub use checks::Check;
pub use classify::{Reach, classify, reach_by_index};
pub use edit::{EditKind, EditRequest, edit, edit_job};
pub use engine::{Outcome, Progress, Run, carry_out_plan, plan_only, refactor};
pub use error::RefactorError;
pub use exact::ExactError;
pub use instruction::Instruction;
pub use journal::{Applying, By, Journal, JournalEntry, JournalError, KeptReceipt, Recovered, UndoConflict};
pub use name::{rename_symbol, suggest_names};
pub use peer::{Answer, Answered, Peer, PeerEdit, PeerError, PeerPlace};
pub use plan::{Estimate, Plan, PlanDocument, PlanFault, Step, StepKind, WrittenStep, replan_step};
pub use protected::is_sensitive;
pub use rebase::rebase;
pub use receipt::{Account, OneAgent, Receipt, ReceiptLine, TierUse};
pub use rename::{RenameError, Renamed, rename};
pub use shadow::CheckCommand;
pub use unfinished::{UnderWay, Unfinished};

/// Doors for fuzzers, only with the feature `fuzz`: what models may answer, without models.
#[cfg(feature = "fuzz")]
pub mod fuzz {
    pub use crate::plan::fuzz::Planner;
    pub use crate::worker::fuzz::Worker;
}
