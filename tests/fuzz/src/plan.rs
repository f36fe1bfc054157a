//! A planner's answer.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use assist::Snapshot;
use refactor::fuzz::Planner;
use refactor::{FileChange, Plan, PlanDocument, Step, StepKind, is_sensitive, write_refusal};

use crate::{input, workspace};

/// What the planner was asked for, where the input does not say it.
const REQUEST: &str = "let Store::fill take a note, and rename tax";

/// An answer as JSON, and what the user said if not the usual. Whatever it is, it is refused, asks to see more, or is a plan
/// - that may be carried out (`is_sound`),
/// - and that is the same after it was written as a document and read back.
pub fn plan(bytes: &[u8]) {
    static PLANNER: LazyLock<Planner> = LazyLock::new(|| Planner::asked(workspace::snapshot().clone(), REQUEST));
    let mut parts = input::parts(bytes);
    let Ok(answer) = serde_json::from_slice(parts.next().unwrap_or_default()) else { return };
    let said = parts.next().map_or_else(|| REQUEST.into(), input::text);
    match PLANNER.read(&answer, &said) {
        Ok(Some(plan)) => {
            let snapshot = workspace::snapshot();
            is_sound(snapshot, &plan, &said);
            comes_back(snapshot, &plan, &said);
        }
        Ok(None) => {}
        Err(reason) => assert!(!reason.is_empty()),
    }
}

fn comes_back(snapshot: &Snapshot, plan: &Plan, said: &str) {
    let document = PlanDocument::of(snapshot, said, plan);
    let markdown = document.to_markdown();
    let read = PlanDocument::parse(&markdown).unwrap_or_else(|faults| panic!("{faults:?}\n{markdown}"));
    assert_eq!(read.to_markdown(), markdown);
    let again = read.resolve(snapshot).unwrap_or_else(|faults| panic!("{faults:?}\n{markdown}"));
    assert_eq!((&again.summary, &again.invariants), (&plan.summary, &plan.invariants), "{markdown}");
    let steps = |plan: &Plan| plan.steps.iter().map(told).collect::<Vec<_>>();
    assert_eq!(steps(&again), steps(plan), "{markdown}");
}

/// All that a step says, without what it knows of the index.
fn told(step: &Step) -> String {
    let names = |symbols: &[index::SymbolRef]| symbols.iter().map(|symbol| symbol.id().as_str().to_owned()).collect::<Vec<_>>();
    let goal = if step.kind.is_exact() { "" } else { &step.goal };
    format!(
        "{:?}",
        (
            (&step.id, step.kind, &step.file, names(&step.symbols), names(&step.may_delete)),
            (&step.new_name, &step.new_path, goal, &step.interface, &step.depends_on, step.is_raised)
        )
    )
}

/// Panics unless a plan may be carried out that was made for what the user `said`: there are one to fifty steps, each waits only
/// for steps before it, their ids are apart; every path is a plain one inside of the workspace, none is protected, and what
/// builds run was asked for by name; symbols are those of the step's file; two workers never change one file side by side.
pub(crate) fn is_sound(snapshot: &Snapshot, plan: &Plan, said: &str) {
    assert!((1..=50).contains(&plan.steps.len()), "{}", plan.steps.len());
    let mut before: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut working: Vec<&Step> = Vec::new();
    for step in &plan.steps {
        let mut waits_for = BTreeSet::new();
        for id in &step.depends_on {
            let more = before.get(id.as_str()).unwrap_or_else(|| panic!("{step:?} waits for what is not before it"));
            waits_for.insert(id.as_str());
            waits_for.extend(more);
        }
        if !step.kind.is_exact() {
            let beside = working.iter().find(|other| other.file == step.file && !waits_for.contains(other.id.as_str()));
            assert!(beside.is_none(), "{step:?} and {beside:?} change one file side by side");
            working.push(step);
        }
        assert!(!step.id.is_empty() && before.insert(&step.id, waits_for).is_none(), "{step:?}");
        is_sound_step(snapshot, step, said);
    }
}

fn is_sound_step(snapshot: &Snapshot, step: &Step, said: &str) {
    assert!(step.symbols.iter().chain(&step.may_delete).all(|symbol| symbol.path() == step.file), "{step:?}");
    assert_eq!(step.kind.is_exact(), step.tier().is_none(), "{step:?}");
    assert!(step.kind.is_exact() || !step.goal.is_empty(), "{step:?}");
    assert!(step.kind != StepKind::Rename || !step.new_name.is_empty(), "{step:?}");
    let is_there = |path: &str| snapshot.text(path).is_some();
    assert_eq!(is_there(&step.file), step.kind != StepKind::CreateFile, "{step:?}");
    for path in [&step.file, &step.new_path].into_iter().filter(|path| !path.is_empty()) {
        let parts: Vec<String> = path.split('/').map(str::to_lowercase).collect();
        assert!(!parts.iter().any(|part| matches!(part.as_str(), "" | "." | ".." | ".git" | ".vscode" | ".github")), "{step:?}");
        assert!(!path.chars().any(|character| character.is_control() || matches!(character, '\\' | ':')), "{step:?}");
        assert!(parts[0] != "generated" || is_there(path), "{step:?} writes what the workspace ignores");
        let before = is_there(path).then(|| "".into());
        let change = FileChange { path: path.clone(), before, after: Some("".into()), ..FileChange::default() };
        assert_eq!(write_refusal(snapshot.root(), &change), None, "{step:?}");
        let name = &parts[parts.len() - 1];
        // What nobody can see parts no words.
        let said: String = assist::markdown::visible(said).collect();
        assert!(!is_sensitive(path) || said.to_lowercase().contains(name.as_str()), "{step:?} was not asked for by {said:?}");
    }
}
