//! What one worker is to do, and what it may do in doing so.

use index::SymbolRef;

use crate::test_place::TestPlace;
use crate::{Plan, Step, StepKind};

/// One change of one file, for one worker.
#[derive(Clone, Debug, Default)]
pub(crate) struct Task {
    /// The file, relative to the root.
    pub(crate) file: String,
    /// What the whole is to achieve.
    pub(crate) summary: String,
    /// What is to be done here.
    pub(crate) goal: String,
    /// Names the prompt that `goal` was made with, as a number that is part of the cache key; 0 where a plan or a user wrote it.
    pub(crate) goal_version: u32,
    /// Signatures to keep to.
    pub(crate) interface: Vec<String>,
    /// The symbols that may be changed.
    pub(crate) may_change: Vec<SymbolRef>,
    /// The symbols that may go.
    pub(crate) may_delete: Vec<SymbolRef>,
    /// The symbols beside which text is inserted; they are shown and stay as they are.
    pub(crate) beside: Vec<SymbolRef>,
    /// Whether a flagship is asked at once.
    pub(crate) is_raised: bool,
    /// Where `add_test` writes to.
    pub(crate) test: Option<TestPlace>,
    /// A name that the new text must use: what a test tests.
    pub(crate) must_use: Option<String>,
    /// Texts of other files that the worker must see.
    pub(crate) shown: Vec<Shown>,
    /// What the user asked for in their own words: an address that they wrote themselves may come back in a comment.
    pub(crate) said: String,
    /// How it may be done.
    pub(crate) rules: Rules,
}

/// Text of another file.
#[derive(Clone, Debug)]
pub(crate) struct Shown {
    /// The file, relative to the root.
    pub(crate) path: String,
    /// The text.
    pub(crate) text: String,
}

/// How a task may be done. What is not allowed sends the answer back.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rules {
    /// The operations that may be used.
    pub(crate) operations: &'static [&'static str],
    /// Text may be inserted beside every symbol of the file, not only beside those that may change.
    pub(crate) inserts_anywhere: bool,
    /// The whole file is shown, and text outside of all symbols may change.
    pub(crate) whole_file: bool,
    /// No definition may come or go.
    pub(crate) keeps_definitions: bool,
    /// The heads of the symbols stay as they are.
    pub(crate) keeps_signatures: bool,
    /// The head of each symbol that may change has to become another.
    pub(crate) changes_signatures: bool,
    /// Nothing but comments and docstrings may differ.
    pub(crate) keeps_code: bool,
    /// The result may be much shorter.
    pub(crate) may_shrink: bool,
}

/// For changes of symbols.
pub(crate) const EDIT: &[&str] =
    &["replace_symbol", "insert_before", "insert_after", "delete_symbol", "replace_text", "add_import", "document"];

impl Default for Rules {
    fn default() -> Self {
        Self {
            operations: EDIT,
            inserts_anywhere: false,
            whole_file: false,
            keeps_definitions: false,
            keeps_signatures: false,
            changes_signatures: false,
            keeps_code: false,
            may_shrink: false,
        }
    }
}

impl Task {
    /// The task of one step of a plan that was made for what the user `said`.
    pub(crate) fn of_step(plan: &Plan, step: &Step, said: &str) -> Self {
        let operations: &[&str] = match step.kind {
            StepKind::CreateFile => &["write_file"],
            StepKind::Insert => &["insert_before", "insert_after", "add_import"],
            _ => EDIT,
        };
        let inserts = step.kind == StepKind::Insert;
        Self {
            file: step.file.clone(),
            summary: plan.purpose(),
            goal: step.goal.clone(),
            interface: step.interface.clone(),
            may_change: if inserts { Vec::new() } else { step.symbols.clone() },
            may_delete: step.may_delete.clone(),
            beside: if inserts { step.symbols.clone() } else { Vec::new() },
            is_raised: step.is_raised,
            said: said.to_owned(),
            rules: Rules {
                operations,
                inserts_anywhere: true,
                whole_file: step.kind == StepKind::EditFile,
                changes_signatures: step.kind == StepKind::ChangeSignature,
                may_shrink: speaks_of_less(&step.goal),
                ..Rules::default()
            },
            ..Self::default()
        }
    }
}

/// Whether what is asked for may well leave less code than there was.
pub(crate) fn speaks_of_less(goal: &str) -> bool {
    const WORDS: &[&str] = &[
        "remov", "delet", "drop", "simplif", "shorten", "replac", "move", "moving", "inline", "extract", "delegat", "split",
        "dedup", "reus", "shrink", "clean", "strip", "without", "instead", "collaps", "merge", "rewrite", "call ", "use ",
    ];
    let goal = goal.to_lowercase();
    WORDS.iter().any(|word| goal.contains(word))
}
