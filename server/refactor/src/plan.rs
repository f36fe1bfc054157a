//! The plan: what the flagship answers, read into types and checked against the index before any worker starts.

use std::collections::{BTreeMap, BTreeSet};

use assist::{Prompt, Snapshot, may_leave};
use index::SymbolRef;
use models::{ActionId, Job, Part, Schema, Tally, Tier};
use serde_json::{Value, json};

use crate::protected;

const PROMPT: Prompt = Prompt::new(include_str!("prompt/plan.md"));

/// How many bytes of outline a planner reads at most.
const OUTLINE_BYTES: usize = 24_000;

/// How many steps a plan may have.
const MOST_STEPS: usize = 50;

/// What a step does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepKind {
    /// The index renames a symbol.
    Rename,
    /// The index moves a symbol to another file, with what it imports and whoever imports it.
    Move,
    /// The index deletes a symbol that nothing uses.
    Delete,
    /// The index gives a file another path.
    RenameFile,
    /// A worker changes symbols of one file.
    Edit,
    /// A worker writes a new file.
    Create,
}

impl StepKind {
    /// Its name in plans: `rename`, `move`, `delete`, `rename_file`, `edit` or `create`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Rename => "rename",
            Self::Move => "move",
            Self::Delete => "delete",
            Self::RenameFile => "rename_file",
            Self::Edit => "edit",
            Self::Create => "create",
        }
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
    /// The symbols it may change.
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
}

impl Step {
    /// The tier that carries it out: `None` where the index does.
    #[must_use]
    pub fn tier(&self) -> Option<Tier> {
        match self.kind {
            StepKind::Rename | StepKind::Move | StepKind::Delete | StepKind::RenameFile => None,
            StepKind::Edit | StepKind::Create => Some(Tier::Mini),
        }
    }
}

/// A plan that passed its static checks.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// What it is to achieve, in the planner's words.
    pub summary: String,
    /// The steps; each depends only on steps before it.
    pub steps: Vec<Step>,
}

/// The outline that a planner is shown, and what its ids mean.
#[derive(Debug)]
pub(crate) struct Outline {
    files: Vec<String>,
    symbols: Vec<SymbolRef>,
    text: String,
}

impl Outline {
    /// The symbols that matter for `request`, best first until the budget is used, printed by file.
    pub(crate) fn for_request(snapshot: &Snapshot, request: &str) -> Self {
        let index = snapshot.index();
        let mut focus: Vec<SymbolRef> = index.rank(request, 12).into_iter().map(|ranked| ranked.symbol).collect();
        // A symbol that the request names outright is in focus whatever its rank, and so is whatever uses it.
        for word in request.split(|character: char| !(character.is_alphanumeric() || character == '_')) {
            focus.extend(index.named(word).into_iter().take(3));
        }
        let users: Vec<SymbolRef> =
            focus.iter().take(6).flat_map(|symbol| index.references_of(symbol)).filter_map(|hit| hit.enclosing()).collect();
        focus.extend(users.into_iter().take(60));
        let mut by_file: BTreeMap<String, Vec<SymbolRef>> = BTreeMap::new();
        for symbol in index.map(&focus, OUTLINE_BYTES) {
            if may_leave(snapshot, symbol.path()) && protected::refusal(symbol.path()).is_none() {
                by_file.entry(symbol.path().to_owned()).or_default().push(symbol);
            }
        }
        let mut outline = Self { files: Vec::new(), symbols: Vec::new(), text: String::new() };
        for (path, mut symbols) in by_file {
            symbols.sort_by_key(|symbol| symbol.get().span);
            outline.files.push(path.clone());
            outline.text.push_str(&format!("f{} {path}\n", outline.files.len()));
            for symbol in symbols {
                outline.symbols.push(symbol.clone());
                let n = outline.symbols.len();
                outline.text.push_str(&format!("  s{n} {}: {}\n", symbol.symbol_path(), symbol.get().signature));
            }
        }
        outline
    }

    fn file(&self, id: &str) -> Option<&str> {
        let number: usize = id.strip_prefix('f')?.parse().ok()?;
        self.files.get(number.checked_sub(1)?).map(String::as_str)
    }

    fn symbol(&self, id: &str) -> Option<&SymbolRef> {
        let number: usize = id.strip_prefix('s')?.parse().ok()?;
        self.symbols.get(number.checked_sub(1)?)
    }
}

/// The job that asks the flagship for a plan.
pub(crate) fn job(snapshot: &Snapshot, request: &str, outline: &Outline, action: &ActionId) -> Job {
    let strings = || json!({"type": "array", "items": {"type": "string"}});
    Job {
        kind: "plan",
        tier: Tier::Flagship,
        prompt_version: PROMPT.version(),
        instructions: PROMPT.instructions(),
        input: vec![Part::text(PROMPT.render(&[("outline", &outline.text), ("request", request)]))],
        schema: Schema {
            name: "plan_v1",
            json: json!({
                "type": "object",
                "properties": {
                    "summary": {"type": "string"},
                    "steps": {"type": "array", "items": {
                        "type": "object",
                        "properties": {
                            "id": {"type": "string"},
                            "kind": {"type": "string", "enum": ["rename", "move", "delete", "rename_file", "edit", "create"]},
                            "file": {"type": "string"},
                            "new_path": {"type": "string"},
                            "symbols": strings(),
                            "may_delete": strings(),
                            "new_name": {"type": "string"},
                            "goal": {"type": "string"},
                            "interface": strings(),
                            "depends_on": strings(),
                        },
                        "required": ["id", "kind", "file", "new_path", "symbols", "may_delete", "new_name", "goal",
                            "interface", "depends_on"],
                        "additionalProperties": false,
                    }},
                },
                "required": ["summary", "steps"],
                "additionalProperties": false,
            }),
        },
        max_output_tokens: 8_000,
        deadline: std::time::Duration::from_secs(snapshot.settings().refactor_deadline_seconds),
        action: action.clone(),
        workspace: snapshot.workspace_id(),
        escalated_from: None,
        // It reads an outline, which a single call over whole files would not need.
        whole_bytes: 0,
        tally: Tally::default(),
    }
}

/// Reads a plan: every id must be one that was printed, every path one that may be written, every dependency a step before.
///
/// # Errors
/// Says all that is wrong, so that it could be mended at once.
pub(crate) fn read(snapshot: &Snapshot, outline: &Outline, answer: &Value) -> Result<Plan, String> {
    let mut faults = Vec::new();
    let summary = answer.get("summary").and_then(Value::as_str).unwrap_or_default().to_owned();
    let raw: Vec<&Value> = answer.get("steps").and_then(Value::as_array).map(|steps| steps.iter().collect()).unwrap_or_default();
    if raw.is_empty() {
        return Err(format!("the plan has no steps: {summary}"));
    }
    if raw.len() > MOST_STEPS {
        return Err(format!("the plan has {} steps, more than {MOST_STEPS}", raw.len()));
    }
    let mut steps: Vec<Step> = Vec::new();
    for value in raw {
        match read_step(snapshot, outline, value, &steps) {
            Ok(step) => steps.push(step),
            Err(fault) => faults.push(fault),
        }
    }
    let mut edited: BTreeSet<&str> = BTreeSet::new();
    for step in steps.iter().filter(|step| step.tier().is_some()) {
        if !edited.insert(&step.file) {
            faults.push(format!("{}: another step changes {} already", step.id, step.file));
        }
    }
    if faults.is_empty() { Ok(Plan { summary, steps }) } else { Err(faults.join("; ")) }
}

fn read_step(snapshot: &Snapshot, outline: &Outline, value: &Value, before: &[Step]) -> Result<Step, String> {
    let string = |key: &str| value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let list = |key: &str| -> Vec<String> {
        let items = value.get(key).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        items.iter().filter_map(Value::as_str).map(str::to_owned).collect()
    };
    let id = string("id");
    let fault = |what: String| format!("step {id}: {what}");
    if id.is_empty() || before.iter().any(|step| step.id == id) {
        return Err(fault("its id is empty or taken".to_owned()));
    }
    let symbols_of = |key: &str| -> Result<Vec<SymbolRef>, String> {
        let resolve = |id: String| outline.symbol(&id).cloned().ok_or_else(|| fault(format!("there is no symbol {id}")));
        list(key).into_iter().map(resolve).collect()
    };
    let symbols = symbols_of("symbols")?;
    let may_delete = symbols_of("may_delete")?;
    let depends_on = list("depends_on");
    if let Some(unknown) = depends_on.iter().find(|id| before.iter().all(|step| step.id != **id)) {
        return Err(fault(format!("it depends on {unknown}, which is no step before it")));
    }
    let (kind, file) = match string("kind").as_str() {
        kind @ ("rename" | "move" | "delete") => {
            let [symbol] = symbols.as_slice() else {
                return Err(fault(format!("a {kind} names one symbol")));
            };
            if kind == "move"
                && let Some(reason) = protected::refusal(&string("new_path"))
            {
                return Err(fault(format!("{:?} may not be written: {reason}", string("new_path"))));
            }
            let kind = match kind {
                "rename" => StepKind::Rename,
                "move" => StepKind::Move,
                _ => StepKind::Delete,
            };
            (kind, symbol.path().to_owned())
        }
        "rename_file" => {
            let file = string("file");
            let path = outline.file(&file).ok_or_else(|| fault(format!("there is no file {file}")))?;
            if let Some(reason) = protected::refusal(&string("new_path")) {
                return Err(fault(format!("{:?} may not be written: {reason}", string("new_path"))));
            }
            (StepKind::RenameFile, path.to_owned())
        }
        "edit" => {
            let file = string("file");
            let path = outline.file(&file).ok_or_else(|| fault(format!("there is no file {file}")))?;
            if let Some(stranger) = symbols.iter().chain(&may_delete).find(|symbol| symbol.path() != path) {
                return Err(fault(format!("{} is not in {path}", stranger.symbol_path())));
            }
            (StepKind::Edit, path.to_owned())
        }
        "create" => {
            let path = string("new_path");
            if let Some(reason) = protected::refusal(&path) {
                return Err(fault(format!("{path:?} may not be created: {reason}")));
            }
            if snapshot.text(&path).is_some() || snapshot.index().absolute(&path).symlink_metadata().is_ok() {
                return Err(fault(format!("{path} exists already")));
            }
            if !snapshot.index().admits(&path) {
                return Err(fault(format!("{path} is ignored in this workspace")));
            }
            (StepKind::Create, path)
        }
        other => return Err(fault(format!("there is no kind {other:?}"))),
    };
    Ok(Step {
        kind,
        file,
        symbols,
        may_delete,
        new_name: string("new_name"),
        new_path: string("new_path"),
        goal: string("goal"),
        interface: list("interface"),
        depends_on,
        id,
    })
}
