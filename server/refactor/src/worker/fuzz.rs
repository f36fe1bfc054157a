//! A worker's answer without a worker.

use assist::{Flaw, Snapshot};
use serde_json::Value;
use text::{Edit, Span};

use super::{Target, Task, answer};
use crate::{Plan, Step, checks};

/// A worker that was given a step of a plan.
pub struct Worker {
    snapshot: Snapshot,
    task: Task,
    target: Target,
}

impl Worker {
    /// One that is given a step of a plan that was made for what the user `said`.
    #[must_use]
    pub fn given(snapshot: Snapshot, plan: &Plan, step: &Step, said: &str) -> Self {
        let task = Task::of_step(plan, step, said);
        let target = Target::of(&snapshot, &task);
        Self { snapshot, task, target }
    }

    /// The text of its file.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.target.text
    }

    /// Where the symbols stand that it may change or delete.
    pub fn may_change(&self) -> impl Iterator<Item = Span> {
        let allowed = self.target.may_change.iter().enumerate().filter(|(_, may_change)| **may_change);
        allowed.map(|(number, _)| self.target.span(number))
    }

    /// Reads its answer.
    ///
    /// # Errors
    /// Says what is wrong with it, or that it declined.
    pub fn read(&self, answer: &Value) -> Result<Vec<Edit>, String> {
        answer::read(&self.target, &self.task, answer).map_err(|flaw| match flaw {
            Flaw::Wrong(reason) | Flaw::Unable(reason) => reason,
        })
    }

    /// Checks what it did to its file.
    ///
    /// # Errors
    /// Says all that is wrong with it.
    pub fn check(&self, edits: &[Edit]) -> Result<(), String> {
        checks::one_file(&self.snapshot, &self.task, edits)
    }
}
