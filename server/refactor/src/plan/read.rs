//! A planner's answer, read into a plan or into look-ups, or into all that is wrong with it.

use assist::Snapshot;
use index::SymbolRef;
use serde_json::Value;

use super::look_up::LookUp;
use super::outline::Outline;
use super::{MOST_STEPS, Plan, Step, StepKind, admit, line, lines};

/// What a planner wants.
#[derive(Debug)]
pub(super) enum Planned {
    /// That this is carried out.
    Plan(Plan),
    /// To see more first.
    LookUps(Vec<LookUp>),
}

/// Reads an answer: every id must be one that was printed, every path one that may be written, every dependency a step before.
///
/// # Errors
/// Says all that is wrong, so that it could be mended at once.
pub(super) fn read(
    snapshot: &Snapshot,
    outline: &Outline,
    answer: &Value,
    said: &str,
    may_look_up: bool,
) -> Result<Planned, String> {
    let summary = lines(answer.get("summary").and_then(Value::as_str).unwrap_or_default());
    let raw = answer.get("steps").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let look_ups = LookUp::read(answer);
    match (raw.is_empty(), look_ups.is_empty(), may_look_up) {
        (true, false, true) => return Ok(Planned::LookUps(look_ups)),
        (true, false, false) => {
            return Err("there are no more look-ups: give the steps, or none and say why in summary".to_owned());
        }
        (true, true, _) => return Err(format!("the plan has no steps: {summary}")),
        (false, _, _) => {}
    }
    if raw.len() > MOST_STEPS {
        return Err(format!("the plan has {} steps, more than {MOST_STEPS}", raw.len()));
    }
    let invariants: Vec<String> = strings(answer, "invariants").iter().map(|text| line(text)).collect();
    let invariants = invariants.into_iter().filter(|text| !text.is_empty()).collect();
    let (mut steps, mut faults) = (Vec::new(), Vec::new());
    for value in raw {
        match read_step(outline, value) {
            Ok(step) => steps.push(step),
            Err(fault) => faults.push(fault),
        }
    }
    let plan = Plan { summary, invariants, steps };
    // A step that could not be read is missed by those that depend on it: only the first is said.
    if faults.is_empty()
        && let Err(more) = admit(snapshot, &plan, said)
    {
        faults.extend(more.into_iter().map(|(id, what)| format!("step {id}: {what}")));
    }
    if faults.is_empty() { Ok(Planned::Plan(plan)) } else { Err(faults.join("; ")) }
}

fn strings(value: &Value, key: &str) -> Vec<String> {
    let items = value.get(key).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    items.iter().filter_map(Value::as_str).map(str::to_owned).collect()
}

fn read_step(outline: &Outline, value: &Value) -> Result<Step, String> {
    let string = |key: &str| value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let id = string("id");
    let fault = |what: String| format!("step {id}: {what}");
    let Some(kind) = StepKind::named(&string("kind")) else {
        return Err(fault(format!("there is no kind {:?}", string("kind"))));
    };
    let symbols_of = |key: &str| -> Result<Vec<SymbolRef>, String> {
        let resolve = |id: String| outline.symbol(&id).cloned().ok_or_else(|| fault(format!("there is no symbol {id}")));
        strings(value, key).into_iter().map(resolve).collect()
    };
    let symbols = symbols_of("symbols")?;
    let file = match (kind, symbols.first()) {
        (StepKind::CreateFile, _) => string("new_path"),
        (StepKind::Rename | StepKind::Move | StepKind::Delete, Some(symbol)) => symbol.path().to_owned(),
        (StepKind::Rename | StepKind::Move | StepKind::Delete, None) => {
            return Err(fault(format!("a {} names one symbol", kind.as_str())));
        }
        _ => {
            let file = string("file");
            outline.file(&file).ok_or_else(|| fault(format!("there is no file {file}")))?.to_owned()
        }
    };
    Ok(Step {
        kind,
        file,
        symbols,
        may_delete: if kind == StepKind::Delete { Vec::new() } else { symbols_of("may_delete")? },
        new_name: if kind == StepKind::Rename { string("new_name") } else { String::new() },
        new_path: if matches!(kind, StepKind::Move | StepKind::RenameFile) { string("new_path") } else { String::new() },
        goal: lines(&string("goal")),
        interface: strings(value, "interface").iter().map(|text| line(text)).filter(|text| !text.is_empty()).collect(),
        depends_on: strings(value, "depends_on"),
        is_raised: false,
        id,
    })
}
