//! `tierline refactor`: plans a change, shows it verified, or applies it.

use refactor::{Check, Journal, Outcome, Plan, Receipt, RefactorError, apply_to_disk, plan_only, refactor};
use serde_json::{Value, json};
use text::EditSet;
use tokio_util::sync::CancellationToken;

use crate::arguments::Options;
use crate::commands::block_on;
use crate::failure::Failure;
use crate::output::Output;
use crate::terminal::{self, bold, dim};
use crate::workspace::Workspace;

pub(crate) fn run(options: &Options, output: &Output, instruction: &str, plan: bool, apply: bool) -> Result<(), Failure> {
    if instruction.trim().is_empty() {
        return Err(Failure::usage("the instruction is empty; write something like \"rename Store to Depot\""));
    }
    let workspace = Workspace::open(options, output, None)?;
    let snapshot = workspace.host.snapshot();
    let cancel = CancellationToken::new();
    let say = |message: &str, _: u32| tracing::info!("{message}");
    if plan {
        let (plan, receipt) = block_on(plan_only(&snapshot, instruction, &say, &cancel))?.map_err(|error| failure(&error))?;
        output.json(&json!({
            "status": "planned",
            "plan": plan_json(&plan),
            "edits": [],
            "checks": [],
            "receipt": receipt_json(&receipt),
        }));
        print_plan(output, &plan);
        output.line(&dim(&receipt.bill().to_string()));
        return Ok(());
    }
    let outcome = block_on(refactor(&snapshot, instruction, EditSet::default(), &say, &cancel))?;
    let outcome = outcome.map_err(|error| failure(&error))?;
    if apply {
        let journal = Journal::new(&workspace.places.state, &snapshot.workspace_id());
        journal.push(&outcome.instruction, &outcome.changes).map_err(|error| Failure::new("journal", error.to_string()))?;
        if let Err(error) = apply_to_disk(snapshot.root(), &outcome.changes) {
            let forgotten = journal.pop();
            tracing::debug!(?forgotten, "the change was not applied");
            return Err(Failure::new("not_applied", error.to_string()));
        }
    }
    output.json(&outcome_json(&outcome, if apply { "applied" } else { "verified" }));
    print_outcome(output, &outcome, apply);
    Ok(())
}

fn failure(error: &RefactorError) -> Failure {
    let spent = error.receipt().filter(|receipt| receipt.cost() > models::Cost::ZERO);
    let spent = spent.map(|receipt| format!(" (spent {})", receipt.cost())).unwrap_or_default();
    Failure::new(error.code(), format!("{error}{spent}"))
}

fn print_plan(output: &Output, plan: &Plan) {
    output.line(&bold(&assist::markdown::plain(&plan.summary)));
    for step in &plan.steps {
        let tier = step.tier().map_or("index", models::Tier::as_str);
        let goal = assist::markdown::plain(&step.goal);
        output.line(&format!("  {} {} {} {}  {goal}", step.id, step.kind.as_str(), step.file, dim(tier)));
    }
}

fn print_outcome(output: &Output, outcome: &Outcome, applied: bool) {
    output.line(&terminal::diff(&outcome.changes.diff()));
    output.line("");
    for hit in &outcome.left {
        let reference = hit.get();
        let at = format!("{}:{}:{}", hit.path(), reference.line() + 1, reference.column() + 1);
        output.line(&dim(&format!("left alone, same name only: {}", assist::markdown::plain(&at))));
    }
    let checks: Vec<&str> = outcome.checks.iter().map(|check| check.name).collect();
    let files = outcome.changes.files().len();
    let done = if applied { "applied to" } else { "would change" };
    output.line(&format!("{done} {files} {}; checks passed: {}", if files == 1 { "file" } else { "files" }, checks.join(", ")));
    if applied {
        output.line(&dim("`tierline undo` takes it back"));
    }
    output.line(&dim(&outcome.receipt.bill().to_string()));
}

fn outcome_json(outcome: &Outcome, status: &str) -> Value {
    json!({
        "status": status,
        "plan": plan_json(&outcome.plan),
        "edits": outcome.changes.files().iter().map(|change| json!({"file": change.path, "diff": change.diff()})).collect::<Vec<_>>(),
        "checks": outcome.checks.iter().map(check_json).collect::<Vec<_>>(),
        "receipt": receipt_json(&outcome.receipt),
        "left": outcome.left.iter().map(|hit| json!({
            "file": hit.path(),
            "line": hit.get().line() + 1,
            "column": hit.get().column() + 1,
            "certainty": hit.certainty.as_str(),
        })).collect::<Vec<_>>(),
    })
}

fn plan_json(plan: &Plan) -> Value {
    let steps = plan.steps.iter().map(|step| {
        json!({
            "id": step.id,
            "kind": step.kind.as_str(),
            "file": step.file,
            "symbols": step.symbols.iter().map(index::SymbolRef::symbol_path).collect::<Vec<_>>(),
            "new_name": step.new_name,
            "new_path": step.new_path,
            "intent": step.goal,
            "interface": step.interface,
            "depends_on": step.depends_on,
            "tier": step.tier().map_or("index", models::Tier::as_str),
        })
    });
    json!({"goal": plan.summary, "steps": steps.collect::<Vec<_>>()})
}

fn check_json(check: &Check) -> Value {
    json!({"name": check.name, "passed": check.passed(), "faults": check.faults})
}

fn receipt_json(receipt: &Receipt) -> Value {
    let lines = receipt.lines.iter().map(|line| {
        json!({
            "step": line.step,
            "what": line.what,
            "tier": line.bill.source.as_str(),
            "cost_micro_usd": line.bill.cost.micro_usd(),
            "cached": line.bill.cached,
            "ms": line.ms,
        })
    });
    json!({
        "tier": receipt.source().as_str(),
        "cost_micro_usd": receipt.cost().micro_usd(),
        "lines": lines.collect::<Vec<_>>(),
    })
}
