//! The plan as a document: Markdown that a user reads, ticks, trims and edits as text, and that is read back to the letter.
//!
//! Whatever a model or a repository wrote stands in code spans and fences, so that a preview renders none of it.

mod anchor;
mod parse;
mod span;
mod write;

use std::collections::{BTreeMap, BTreeSet};

use assist::Snapshot;
use models::{ActionId, Cost, Tier};

use self::anchor::Anchors;
use super::{Plan, Step, StepKind, admit};
use crate::worker::{self, Task};

/// A plan as it is written down.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PlanDocument {
    /// What was asked for.
    pub instruction: String,
    /// What it is to achieve, in the planner's words.
    pub summary: String,
    /// What stays true throughout, a sentence each.
    pub invariants: Vec<String>,
    /// The steps as they are written.
    pub steps: Vec<WrittenStep>,
    /// The file that holds the instruction as a comment, which goes when the plan is carried out.
    pub comment: Option<String>,
    /// What the plan was made for.
    pub(crate) anchors: Anchors,
}

/// Tokens, and money where the price is known.
pub type Estimate = (u64, Option<Cost>);

/// A step as it is written: names instead of symbols.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrittenStep {
    /// Whether its box is ticked.
    pub is_ticked: bool,
    /// Its id in the plan.
    pub id: String,
    /// What it does.
    pub kind: StepKind,
    /// The file, relative to the root.
    pub file: String,
    /// The symbols, as in `Store::open`, with `:2` behind the second of that name in the file.
    pub symbols: Vec<String>,
    /// The symbols that may go.
    pub may_delete: Vec<String>,
    /// The new name or the new path, where the kind has one.
    pub target: String,
    /// The tier that carries it out; `None` for the index.
    pub tier: Option<Tier>,
    /// What it needs about: tokens, and money where the price is known.
    pub estimate: Option<Estimate>,
    /// Signatures that other steps rely on.
    pub interface: Vec<String>,
    /// Steps that come before it.
    pub depends_on: Vec<String>,
    /// What to do.
    pub goal: String,
    /// The zero-based line of its box in the document that it was read from.
    pub line: usize,
}

/// Something in a plan document that cannot be meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanFault {
    /// The zero-based line.
    pub line: usize,
    /// What is wrong.
    pub message: String,
}

impl std::fmt::Display for PlanFault {
    /// `line 12: there is no kind "edt"`.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "line {}: {}", self.line + 1, self.message)
    }
}

impl PlanDocument {
    /// Writes down a plan that was made for `snapshot`, every step ticked. With models configured each step says what it needs about,
    /// counted as it would be for a reservation.
    #[must_use]
    pub fn of(snapshot: &Snapshot, instruction: &str, plan: &Plan) -> Self {
        let steps = plan.steps.iter().map(|step| WrittenStep {
            is_ticked: true,
            id: step.id.clone(),
            kind: step.kind,
            file: step.file.clone(),
            symbols: step.symbols.iter().map(anchor::name).collect(),
            may_delete: step.may_delete.iter().map(anchor::name).collect(),
            target: if step.kind == StepKind::Rename { step.new_name.clone() } else { step.new_path.clone() },
            tier: step.tier(),
            estimate: estimate(snapshot, plan, step),
            interface: step.interface.clone(),
            depends_on: step.depends_on.clone(),
            goal: if step.kind.is_exact() { String::new() } else { step.goal.clone() },
            line: 0,
        });
        Self {
            instruction: super::lines(instruction),
            summary: plan.summary.clone(),
            invariants: plan.invariants.clone(),
            steps: steps.collect(),
            comment: None,
            anchors: Anchors::of(snapshot, plan),
        }
    }

    /// The document as Markdown.
    #[must_use]
    pub fn to_markdown(&self) -> String {
        write::markdown(self)
    }

    /// Reads a document.
    ///
    /// # Errors
    /// Says everything that cannot be read, each with its line.
    pub fn parse(markdown: &str) -> Result<Self, Vec<PlanFault>> {
        parse::document(markdown)
    }

    /// The step of an id.
    #[must_use]
    pub fn step(&self, id: &str) -> Option<&WrittenStep> {
        self.steps.iter().find(|step| step.id == id)
    }

    /// The ticked steps as a plan for the workspace as it is now. A symbol that has moved since but kept its text is found where it is.
    ///
    /// # Errors
    /// Says, each with the line of its step, which steps name what is not there or changed since, depend on what is not ticked, or may not
    /// be carried out.
    pub fn resolve(&self, snapshot: &Snapshot) -> Result<Plan, Vec<PlanFault>> {
        let ticked: BTreeSet<&str> = self.ticked().map(|step| step.id.as_str()).collect();
        let mut faults = Vec::new();
        let mut steps = Vec::new();
        for step in self.ticked() {
            let mut fault = |message: String| faults.push(PlanFault { line: step.line, message });
            for needed in step.depends_on.iter().filter(|id| !ticked.contains(id.as_str())) {
                fault(match self.step(needed) {
                    Some(_) => format!("{} needs {needed}, which is not ticked", step.id),
                    None => format!("{} needs {needed}, which is no step of this plan", step.id),
                });
            }
            match self.anchors.resolve(snapshot, step) {
                Ok(resolved) => steps.push(resolved),
                Err(message) => fault(format!("{}: {message}", step.id)),
            }
        }
        if steps.is_empty() && faults.is_empty() {
            faults.push(PlanFault { line: 0, message: "no step is ticked".to_owned() });
        }
        let plan = Plan { summary: self.summary.clone(), invariants: self.invariants.clone(), steps };
        if faults.is_empty()
            && let Err(more) = admit(snapshot, &plan, &self.instruction)
        {
            let line = |id: &str| self.step(id).map_or(0, |step| step.line);
            faults.extend(more.into_iter().map(|(id, what)| PlanFault { line: line(&id), message: format!("{id}: {what}") }));
        }
        if faults.is_empty() { Ok(plan) } else { Err(faults) }
    }

    /// The same plan with a worker's step given to another tier.
    #[must_use]
    pub fn raised(&self, snapshot: &Snapshot, id: &str, tier: Tier) -> Self {
        let mut raised = self.clone();
        let Some(step) = raised.steps.iter_mut().find(|step| step.id == id && !step.kind.is_exact()) else { return raised };
        step.tier = Some(tier);
        let plan = Plan { summary: self.summary.clone(), invariants: self.invariants.clone(), steps: Vec::new() };
        step.estimate = self.anchors.resolve(snapshot, step).ok().and_then(|step| estimate(snapshot, &plan, &step));
        raised
    }

    fn ticked(&self) -> impl Iterator<Item = &WrittenStep> {
        self.steps.iter().filter(|step| step.is_ticked)
    }

    /// What the ticked steps need together: tokens, and money where every price is known.
    #[must_use]
    pub fn total(&self) -> (u64, Option<Cost>) {
        let estimates = self.ticked().filter_map(|step| step.estimate);
        estimates.fold((0, Some(Cost::ZERO)), |(tokens, cost), (more, dollars)| {
            (tokens.saturating_add(more), cost.zip(dollars).map(|(cost, dollars)| cost + dollars))
        })
    }

    /// The steps that come before a step, directly or through others.
    #[must_use]
    pub fn needed_by(&self, id: &str) -> BTreeSet<String> {
        let by_id: BTreeMap<&str, &WrittenStep> = self.steps.iter().map(|step| (step.id.as_str(), step)).collect();
        let mut needed = BTreeSet::new();
        let mut next = vec![id.to_owned()];
        while let Some(id) = next.pop() {
            let before = by_id.get(id.as_str()).map(|step| step.depends_on.as_slice()).unwrap_or_default();
            next.extend(before.iter().filter(|id| needed.insert((*id).clone())).cloned());
        }
        needed
    }
}

/// What a worker's first request would need.
fn estimate(snapshot: &Snapshot, plan: &Plan, step: &Step) -> Option<Estimate> {
    step.tier()?;
    let gateway = snapshot.gateway()?;
    let job = worker::job_of(snapshot, &Task::of_step(plan, step, ""), &ActionId::new());
    let estimate = gateway.estimate(&job).ok()?;
    // As it is written: to the millionth of a dollar.
    let cost = estimate.cost.map(|cost| Cost::from_micro_usd(cost.micro_usd()));
    Some((estimate.input_tokens + estimate.output_tokens, cost))
}

#[cfg(test)]
mod tests;
