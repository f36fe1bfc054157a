//! The static checks of a plan: what can be said against a step before anybody works on it.

use std::collections::BTreeSet;

use assist::Snapshot;

use super::{LONGEST_SHOWN, Plan, Step, StepKind};
use crate::{FileChange, protected, worker, write_refusal};

/// Checks a plan whose addresses are resolved and that was made for what the user `said`.
///
/// # Errors
/// Says all that is wrong, each with the id of its step.
pub(crate) fn admit(snapshot: &Snapshot, plan: &Plan, said: &str) -> Result<(), Vec<(String, String)>> {
    let mut faults: Vec<(String, String)> = Vec::new();
    let mut before: BTreeSet<&str> = BTreeSet::new();
    for step in &plan.steps {
        let mut fault = |what: String| faults.push((step.id.clone(), what));
        if step.id.is_empty() || !step.id.chars().all(|character| character.is_alphanumeric() || "._-".contains(character)) {
            fault("an id is letters and digits".to_owned());
        }
        if let Some(unknown) = step.depends_on.iter().find(|id| !before.contains(id.as_str())) {
            fault(format!("it depends on {unknown}, which is no step before it"));
        }
        if !before.insert(&step.id) {
            fault("its id is taken".to_owned());
        }
        if let Err(what) = admit_step(snapshot, step) {
            fault(what);
        }
        for path in [&step.file, &step.new_path] {
            if let Some(reason) = protected::unasked(path, said) {
                fault(format!("{path} may not be changed: {reason}"));
            }
        }
        if let Some(other) = same_file(plan, step) {
            fault(format!("step {} changes {} at the same time; one of them has to depend on the other", other.id, step.file));
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(faults) }
}

/// A step before this one that has a worker change the same file, without either waiting for the other.
fn same_file<'plan>(plan: &'plan Plan, step: &Step) -> Option<&'plan Step> {
    let by_id = plan.by_id();
    let mut waits_for: BTreeSet<&str> = BTreeSet::new();
    let mut next: Vec<&str> = step.depends_on.iter().map(String::as_str).collect();
    while let Some(id) = next.pop() {
        if waits_for.insert(id) {
            next.extend(by_id.get(id).into_iter().flat_map(|step| &step.depends_on).map(String::as_str));
        }
    }
    let before = plan.steps.iter().take_while(|other| other.id != step.id);
    let mut works = before.filter(|other| !other.kind.is_exact() && !step.kind.is_exact() && other.file == step.file);
    works.find(|other| !waits_for.contains(other.id.as_str()))
}

fn admit_step(snapshot: &Snapshot, step: &Step) -> Result<(), String> {
    let kind = step.kind.as_str();
    if step.kind.names_one_symbol() && step.symbols.len() != 1 {
        return Err(format!("a {kind} names one symbol"));
    }
    if step.kind.names_no_symbol() && !step.symbols.is_empty() {
        return Err(format!("a {kind} names no symbol"));
    }
    if step.kind == StepKind::EditSymbol && step.symbols.is_empty() && step.may_delete.is_empty() {
        return Err(format!("a {kind} names the symbols that may change"));
    }
    if step.kind == StepKind::Insert && (step.symbols.is_empty() || !step.may_delete.is_empty()) {
        return Err(format!("an {kind} names the symbols beside which it inserts, and deletes none"));
    }
    if step.kind.is_exact() && step.kind != StepKind::Delete && !step.may_delete.is_empty() {
        return Err(format!("a {kind} deletes nothing"));
    }
    if let Some(stranger) = step.symbols.iter().chain(&step.may_delete).find(|symbol| symbol.path() != step.file) {
        return Err(format!("{} is not in {}", stranger.symbol_path(), step.file));
    }
    if step.kind == StepKind::Rename && step.new_name.is_empty() {
        return Err("a rename says the new name".to_owned());
    }
    if step.kind == StepKind::Rename
        && let Some(symbol) = step.symbols.iter().find(|symbol| !symbol.record.language.is_identifier(&step.new_name))
    {
        return Err(format!("{:?} is no name in {}", step.new_name, symbol.record.language.name()));
    }
    if matches!(step.kind, StepKind::Move | StepKind::RenameFile)
        && let Some(reason) = refusal_on_disk(snapshot, &step.new_path, !snapshot.index().absolute(&step.new_path).exists())
    {
        return Err(format!("{:?} may not be written: {reason}", step.new_path));
    }
    if step.kind == StepKind::ChangeSignature && step.interface.is_empty() {
        return Err("a change_signature says the new signature in its interface".to_owned());
    }
    if !step.kind.is_exact() && step.goal.is_empty() {
        return Err("it does not say what to do".to_owned());
    }
    let file = step.file.as_str();
    if step.kind == StepKind::CreateFile {
        if let Some(reason) = refusal_on_disk(snapshot, file, true) {
            return Err(format!("{file:?} may not be created: {reason}"));
        }
        if snapshot.text(file).is_some() || snapshot.index().absolute(file).symlink_metadata().is_ok() {
            return Err(format!("{file} exists already"));
        }
        if !snapshot.index().admits_new(file) {
            return Err(format!("{file} is ignored in this workspace"));
        }
        return Ok(());
    }
    if let Some(reason) = refusal_on_disk(snapshot, file, false) {
        return Err(format!("{file:?} may not be written: {reason}"));
    }
    if snapshot.text(file).is_none() || !snapshot.index().admits(file) {
        return Err(format!("there is no file {file}"));
    }
    if !step.kind.is_exact()
        && let Err(denied) = assist::verdict(snapshot, file)
    {
        return Err(format!("no worker may see {file}: {denied}"));
    }
    if step.kind == StepKind::EditFile && worker::shown_length(snapshot, file) > LONGEST_SHOWN {
        return Err(format!("too much of {file} stands outside of its symbols to be shown; name the symbols that are to change"));
    }
    Ok(())
}

/// Why a path may not be written as the disk is now, so that nobody works on what could not be applied.
fn refusal_on_disk(snapshot: &Snapshot, path: &str, is_new: bool) -> Option<&'static str> {
    let text = || Some("".into());
    let change =
        FileChange { path: path.to_owned(), before: if is_new { None } else { text() }, after: text(), ..FileChange::default() };
    write_refusal(snapshot.root(), &change)
}
