//! `tierline refactor`: plans a change, shows it verified, or applies it.

use std::path::Path;

use assist::{Host, Places, Settings};
use refactor::{
    ApplyError, By, Check, CheckCommand, Journal, JournalError, Outcome, Plan, PlanDocument, Recovered, RefactorError, Run,
    Unfinished, apply_to_disk, carry_out_plan, plan_only, refactor,
};
use serde_json::{Value, json};
use text::EditSet;
use tokio_util::sync::CancellationToken;

use crate::arguments::{Options, Refactor};
use crate::commands::block_on;
use crate::failure::Failure;
use crate::output::Output;
use crate::terminal::{self, dim};
use crate::workspace::{Workspace, root};

/// What the arguments mean.
enum Wanted {
    /// The plan for an instruction.
    Plan(String),
    /// The change for an instruction.
    Change(String),
    /// The change that a plan describes.
    CarryOut(PlanDocument),
}

pub(crate) fn run(options: &Options, output: &Output, arguments: Refactor) -> Result<(), Failure> {
    let (apply, check) = (arguments.apply, arguments.check.clone());
    let wanted = Wanted::of(arguments)?;
    recover(&root(options, None)?, output)?;
    let workspace = Workspace::open(options, output, None)?;
    let snapshot = workspace.host.snapshot();
    let unfinished = Unfinished::new(&workspace.places.state, &snapshot.workspace_id());
    for (_, request) in unfinished.cut_off() {
        let instruction = assist::markdown::plain(request["instruction"].as_str().unwrap_or_default());
        output.remark(&format!("“{instruction}” was cut off before; what it has paid for is used again when you give it again"));
    }
    let _under_way = unfinished.begin(&json!({"instruction": wanted.instruction()}));
    let cancel = CancellationToken::new();
    let say = |message: &str, _: u32| tracing::info!("{message}");
    let check = match &check {
        None => CheckCommand::configured(&snapshot, &workspace.places.cache),
        Some(line) => {
            let written = CheckCommand::written(line, &snapshot, &workspace.places.cache);
            Some(written.ok_or_else(|| Failure::usage("--check takes a command, such as \"cargo check\""))?)
        }
    };
    let how = Run { snapshot: &snapshot, initial: EditSet::default(), check, peer: None, progress: &say, cancel: &cancel };
    let outcome = match wanted {
        Wanted::Plan(instruction) => {
            let planned = block_on(plan_only(&snapshot, &instruction, &say, &cancel))?;
            let (plan, receipt) = planned.map_err(|error| failure(&error))?;
            let markdown = PlanDocument::of(&snapshot, &instruction, &plan).to_markdown();
            output.json(&json!({
                "status": "planned",
                "plan": plan_json(&plan),
                "markdown": markdown,
                "edits": [],
                "checks": [],
                "receipt": receipt.to_json(),
            }));
            output.line(markdown.trim_end());
            output.remark(&format!("planned: {}", receipt.bill()));
            return Ok(());
        }
        Wanted::Change(instruction) => block_on(refactor(&how, &instruction))?,
        Wanted::CarryOut(document) => block_on(carry_out_plan(&how, &document))?,
    };
    let outcome = outcome.map_err(|error| failure(&error))?;
    if apply {
        let journal = Journal::new(&workspace.places.state, &snapshot.workspace_id());
        let unusable = |error: JournalError| Failure::new("journal", error.to_string());
        let applying = journal.begin(&outcome.instruction, &outcome.changes, &outcome.receipt, By::Us).map_err(unusable)?;
        if let Err(error) = apply_to_disk(snapshot.root(), &outcome.changes) {
            // Where it could not all be taken back, `undo` must know of it.
            let noted = if matches!(error, ApplyError::HalfApplied { .. }) { applying.applied() } else { applying.forget() };
            tracing::debug!(?noted, "the change was not applied");
            return Err(Failure::new("not_applied", error.to_string()));
        }
        applying.applied().map_err(unusable)?;
    }
    output.json(&outcome_json(&outcome, if apply { "applied" } else { "verified" }));
    print_outcome(output, &outcome, apply);
    Ok(())
}

impl Wanted {
    fn instruction(&self) -> &str {
        match self {
            Self::Plan(instruction) | Self::Change(instruction) => instruction,
            Self::CarryOut(document) => &document.instruction,
        }
    }

    fn of(arguments: Refactor) -> Result<Self, Failure> {
        let carries_out = arguments.apply || arguments.diff;
        let instruction = arguments.instruction.filter(|instruction| !instruction.trim().is_empty());
        match (arguments.plan, instruction) {
            (Some(Some(file)), None) if carries_out => read(&file).map(Self::CarryOut),
            (Some(Some(_)), Some(_)) if carries_out => {
                Err(Failure::usage("the plan says what to do; give either a plan or an instruction"))
            }
            (Some(None), _) if carries_out => Err(Failure::usage("--plan with --diff or --apply names the file of the plan")),
            // `--plan "…"`, with the instruction behind it.
            (Some(Some(instruction)), None) => Ok(Self::Plan(instruction.to_string_lossy().into_owned())),
            (Some(None), Some(instruction)) => Ok(Self::Plan(instruction)),
            (Some(Some(_)), Some(_)) => Err(Failure::usage(
                "--plan FILE is carried out with --diff or --apply; to make a plan, give the instruction alone",
            )),
            (None, Some(instruction)) => Ok(Self::Change(instruction)),
            (_, None) => Err(Failure::usage("the instruction is empty; write something like \"rename Store to Depot\"")),
        }
    }
}

/// Reads a plan document.
fn read(file: &Path) -> Result<PlanDocument, Failure> {
    let text = std::fs::read_to_string(file)
        .map_err(|error| Failure::new("unreadable", format!("{} cannot be read: {error}", file.display())))?;
    PlanDocument::parse(&text).map_err(|faults| {
        let faults: Vec<String> =
            faults.iter().map(|fault| format!("{}:{}: {}", file.display(), fault.line + 1, fault.message)).collect();
        Failure::new("plan_unreadable", faults.join("\n"))
    })
}

/// Takes back what was cut off while its files were written.
pub(crate) fn recover(root: &Path, output: &Output) -> Result<(), Failure> {
    let places = Places::of_user();
    let host = Host::new(root, Settings::default(), None);
    let journal = Journal::new(&places.state, &host.snapshot().workspace_id());
    match journal.recover(root).map_err(|error| Failure::new("journal", error.to_string()))? {
        None => {}
        Some(Recovered::TakenBack(files)) => {
            output.remark(&format!("a refactor was cut off while it wrote; taken back in: {}", files.join(", ")));
        }
        Some(Recovered::Edited(files)) => {
            let files = files.join(", ");
            output.remark(&format!("a refactor was cut off while it wrote, and these files were edited since: {files}"));
        }
    }
    Ok(())
}

fn failure(error: &RefactorError) -> Failure {
    let spent = error.receipt().filter(|receipt| receipt.cost() > models::Cost::ZERO);
    let spent = spent.map(|receipt| format!(" (spent {})", receipt.cost())).unwrap_or_default();
    Failure::new(error.code(), format!("{error}{spent}"))
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
    output.line(&dim(&outcome.receipt.in_short()));
    if applied && outcome.receipt.account.is_some() {
        output.line(&dim("`tierline receipt` says who did what, for how much"));
    }
}

fn outcome_json(outcome: &Outcome, status: &str) -> Value {
    json!({
        "status": status,
        "plan": plan_json(&outcome.plan),
        "edits": outcome.changes.files().iter().map(|change| json!({"file": change.path, "diff": change.diff()})).collect::<Vec<_>>(),
        "checks": outcome.checks.iter().map(check_json).collect::<Vec<_>>(),
        "receipt": outcome.receipt.to_json(),
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
    json!({"goal": plan.summary, "invariants": plan.invariants, "steps": steps.collect::<Vec<_>>()})
}

fn check_json(check: &Check) -> Value {
    json!({"name": check.name, "passed": check.passed(), "faults": check.faults})
}
