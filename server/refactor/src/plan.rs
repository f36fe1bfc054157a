//! The plan: steps with every address resolved, however they were written down, and the static checks that each passes before any
//! worker starts.

mod admit;
mod again;
mod asked;
mod document;
#[cfg(feature = "fuzz")]
pub(crate) mod fuzz;
mod look_up;
mod outline;
mod read;

use std::collections::BTreeMap;

use index::SymbolRef;
use models::Tier;

pub(crate) use self::admit::admit;
pub use self::again::replan_step;
pub(crate) use self::asked::{ask, instructions};
pub use self::document::{Estimate, PlanDocument, PlanFault, WrittenStep};

/// How many steps a plan may have.
const MOST_STEPS: usize = 50;

/// Files longer than this are not shown to a worker whole, in bytes: the insides of their symbols are left out.
pub(crate) const LONGEST_FILE: usize = 24_000;

/// A worker is not shown more of a file than this, in bytes.
const LONGEST_SHOWN: usize = 2 * LONGEST_FILE;

/// What a step does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum StepKind {
    /// The index renames a symbol.
    Rename,
    /// The index moves a symbol to another file, with what it imports and whoever imports it.
    Move,
    /// The index deletes a symbol that nothing uses.
    Delete,
    /// The index gives a file another path.
    RenameFile,
    /// The index deletes a file that nothing uses.
    DeleteFile,
    /// A worker gives one symbol another signature; whoever uses it is the business of other steps.
    ChangeSignature,
    /// A worker changes symbols of one file.
    EditSymbol,
    /// A worker changes one file, text outside of all symbols included.
    EditFile,
    /// A worker writes new definitions beside symbols of one file, and changes none.
    Insert,
    /// A worker writes a new file.
    CreateFile,
}

impl StepKind {
    /// Every kind.
    pub const ALL: [Self; 10] = [
        Self::Rename,
        Self::Move,
        Self::Delete,
        Self::RenameFile,
        Self::DeleteFile,
        Self::ChangeSignature,
        Self::EditSymbol,
        Self::EditFile,
        Self::Insert,
        Self::CreateFile,
    ];

    /// Its name in plans, as in `edit_symbol`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Rename => "rename",
            Self::Move => "move",
            Self::Delete => "delete",
            Self::RenameFile => "rename_file",
            Self::DeleteFile => "delete_file",
            Self::ChangeSignature => "change_signature",
            Self::EditSymbol => "edit_symbol",
            Self::EditFile => "edit_file",
            Self::Insert => "insert",
            Self::CreateFile => "create_file",
        }
    }

    /// The kind of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }

    /// Whether the index carries it out alone.
    #[must_use]
    pub fn is_exact(self) -> bool {
        matches!(self, Self::Rename | Self::Move | Self::Delete | Self::RenameFile | Self::DeleteFile)
    }

    /// Whether it is about exactly one symbol.
    pub(crate) fn names_one_symbol(self) -> bool {
        matches!(self, Self::Rename | Self::Move | Self::Delete | Self::ChangeSignature)
    }

    /// Whether it is about a file as a whole, so that it names no symbol.
    pub(crate) fn names_no_symbol(self) -> bool {
        matches!(self, Self::RenameFile | Self::DeleteFile | Self::EditFile | Self::CreateFile)
    }

    /// Whether it leads somewhere: to a new name or to a new path.
    pub(crate) fn has_target(self) -> bool {
        matches!(self, Self::Rename | Self::Move | Self::RenameFile)
    }
}

/// One step of a plan, every address in it resolved.
#[derive(Clone, Debug)]
pub struct Step {
    /// Its id in the plan.
    pub id: String,
    /// What it does.
    pub kind: StepKind,
    /// The file it touches, relative to the root; for an exact step, the file of the definition.
    pub file: String,
    /// The symbols it may change, or beside which it inserts.
    pub symbols: Vec<SymbolRef>,
    /// The symbols it may remove.
    pub may_delete: Vec<SymbolRef>,
    /// The new name, for a rename.
    pub new_name: String,
    /// The path that the symbol or the file goes to, for a move or a renamed file.
    pub new_path: String,
    /// What to do, for the worker.
    pub goal: String,
    /// Signatures that other steps rely on.
    pub interface: Vec<String>,
    /// Steps that come before it.
    pub depends_on: Vec<String>,
    /// Whether a flagship is to do what a mini model does otherwise.
    pub is_raised: bool,
}

impl Step {
    /// The tier that carries it out: `None` where the index does.
    #[must_use]
    pub fn tier(&self) -> Option<Tier> {
        match (self.kind.is_exact(), self.is_raised) {
            (true, _) => None,
            (false, true) => Some(Tier::Flagship),
            (false, false) => Some(Tier::Mini),
        }
    }
}

/// A plan that passed its static checks.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// What it is to achieve, in the planner's words.
    pub summary: String,
    /// What stays true throughout, a sentence each.
    pub invariants: Vec<String>,
    /// The steps; each depends only on steps before it.
    pub steps: Vec<Step>,
}

impl Plan {
    /// What a worker is told of the whole.
    pub(crate) fn purpose(&self) -> String {
        let kept = self.invariants.iter().map(|invariant| format!("\n- {invariant}"));
        let kept: String = kept.collect();
        if kept.is_empty() { self.summary.clone() } else { format!("{}\nWhat must stay true:{kept}", self.summary) }
    }

    /// The steps by id.
    pub(crate) fn by_id(&self) -> BTreeMap<&str, &Step> {
        self.steps.iter().map(|step| (step.id.as_str(), step)).collect()
    }
}

/// One line of text that somebody else wrote, without anything invisible.
fn line(text: &str) -> String {
    let visible = assist::markdown::plain(text);
    visible.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Lines of text that somebody else wrote, without anything invisible.
fn lines(text: &str) -> String {
    let visible: String = assist::markdown::visible(text).collect();
    visible.lines().map(str::trim_end).collect::<Vec<_>>().join("\n").trim().to_owned()
}
