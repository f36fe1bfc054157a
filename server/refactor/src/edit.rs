//! One edit by a model of one symbol or one file: no plan, no flagship unless mini fails, the same worker, checks and journal.

use std::time::Instant;

use assist::{Bill, Prompt, Snapshot};
use index::SymbolRef;
use models::{ActionId, Tier};
use syntax::SymbolKind;
use text::{EditSet, Span};
use tokio_util::sync::CancellationToken;

use crate::checks::{self, Allowance};
use crate::engine::{Outcome, Progress};
use crate::overlay::Overlay;
use crate::plan::LONGEST_FILE;
use crate::test_place::{self, TestPlace};
use crate::worker::{self, DOCUMENT, EDIT, Rules, Shown, Task, speaks_of_less};
use crate::{Plan, Receipt, RefactorError};

const SIMPLIFY: Prompt = Prompt::new(include_str!("prompt/simplify.md"));
const TEST: Prompt = Prompt::new(include_str!("prompt/test.md"));
const REWRITE: Prompt = Prompt::new(include_str!("prompt/rewrite.md"));
const FIX: Prompt = Prompt::new(include_str!("prompt/fix.md"));
const INSTRUCTION: Prompt = Prompt::new(include_str!("prompt/instruction.md"));

/// How many signatures of what a symbol calls its worker is shown.
const SHOWN_CALLEES: usize = 12;

/// What an edit is to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EditKind {
    /// Write the documentation of a symbol, and nothing else.
    Document,
    /// Say the same with less, behind the same head.
    Simplify,
    /// Write a test of a symbol where the tests of its language live.
    Test,
    /// Change what is selected by an instruction.
    Rewrite {
        /// The selected bytes.
        selection: Span,
        /// What to do with them.
        instruction: String,
    },
    /// Mend what a tool complains of.
    Fix {
        /// The bytes that it complains of.
        place: Span,
        /// What it says.
        message: String,
    },
    /// Carry out an instruction on a symbol.
    Symbol {
        /// What to do.
        instruction: String,
    },
    /// Carry out an instruction on a file.
    File {
        /// What to do.
        instruction: String,
    },
}

/// One edit of one file.
#[derive(Clone, Debug)]
pub struct EditRequest {
    /// The file, relative to the root.
    pub path: String,
    /// A byte of the symbol that is meant.
    pub offset: usize,
    /// What to do.
    pub kind: EditKind,
    /// Part of the change from the start, such as taking out the comment that holds the instruction; `path` and `offset` speak of
    /// the file before it.
    pub initial: EditSet,
}

impl EditRequest {
    /// The symbol that an edit at a byte of a file would change; `None` where no definition is.
    #[must_use]
    pub fn symbol(snapshot: &Snapshot, path: &str, offset: usize) -> Option<SymbolRef> {
        let index = snapshot.index();
        index.symbol_at(path, offset).or_else(|| {
            let mut symbol = index.enclosing_symbol(path, offset);
            // A field, a variable or a parameter inside of a function is no unit of work.
            while symbol.as_ref().is_some_and(|symbol| !is_unit(symbol.get().kind)) {
                symbol = symbol.and_then(|symbol| symbol.parent());
            }
            symbol
        })
    }

    /// The same, or else the symbol that begins right behind that byte: what a comment in front of a definition speaks of.
    #[must_use]
    pub fn symbol_at_or_behind(snapshot: &Snapshot, path: &str, offset: usize) -> Option<SymbolRef> {
        let text = snapshot.text(path)?;
        let behind = text.get(offset..).map_or(offset, |rest| offset + rest.find('\n').map_or(rest.len(), |end| end + 1));
        Self::symbol(snapshot, path, offset).or_else(|| next_symbol(snapshot, path, &text, behind))
    }

    /// Whether a symbol has a body that can be simplified and tested: a function, a method or a constructor.
    #[must_use]
    pub fn is_function(symbol: &SymbolRef) -> bool {
        matches!(symbol.get().kind, SymbolKind::Function | SymbolKind::Method | SymbolKind::Constructor)
    }

    /// Whether the documentation of a symbol can be written by itself.
    #[must_use]
    pub fn can_document(snapshot: &Snapshot, symbol: &SymbolRef) -> bool {
        let Some(text) = snapshot.text(symbol.path()) else { return false };
        let tree = match snapshot.document(symbol.path()).and_then(|document| document.parsed()) {
            Some(parsed) => parsed.tree.clone(),
            None => match syntax::parse_only(symbol.record.language, &text, None, &syntax::Limits::default()) {
                Ok(tree) => tree,
                Err(_) => return false,
            },
        };
        tree.doc_place(&text, symbol.get()).is_some()
    }

    /// The file that a test of a symbol would be written to; `None` where its language has no convention for that and the symbol no
    /// tests to stand beside. With `new` where the file does not exist yet.
    #[must_use]
    pub fn test_file(snapshot: &Snapshot, symbol: &SymbolRef) -> Option<(String, bool)> {
        test_place::find(snapshot, symbol).map(|file| (file.path, file.place.is_none()))
    }
}

fn is_unit(kind: SymbolKind) -> bool {
    kind.has_members()
        || matches!(
            kind,
            SymbolKind::Function | SymbolKind::Method | SymbolKind::Constructor | SymbolKind::Macro | SymbolKind::TypeAlias
        )
}

/// Has one edit made and checked. Mini is asked; an answer that does not stand goes back to it once, then to the flagship where there
/// is one.
///
/// # Errors
/// Fails, with nothing changed, as [`RefactorError`] says.
pub async fn edit(
    snapshot: &Snapshot,
    request: &EditRequest,
    action: &ActionId,
    progress: Progress<'_>,
    cancel: &CancellationToken,
) -> Result<Outcome, RefactorError> {
    crate::error::read_whole(snapshot)?;
    let started = Instant::now();
    let overlay = Overlay::new(snapshot).edited(&request.initial).map_err(|_| RefactorError::Nothing)?;
    let (what, task) =
        task(overlay.now(), request).map_err(|reason| RefactorError::NoEdit { what: request.kind.verb(), reason })?;
    let overlay = overlay
        .keeping(std::iter::once(task.file.as_str()))
        .map_err(|error| RefactorError::NoEdit { what: what.clone(), reason: error.to_string() })?;
    let now = overlay.now();
    let gateway = now.gateway().ok_or(RefactorError::NeedsModel(Tier::Mini))?;
    if !gateway.has(Tier::Mini) {
        return Err(RefactorError::NeedsModel(Tier::Mini));
    }
    for path in task.shown.iter().map(|shown| &shown.path).chain([&task.file]) {
        assist::verdict(now, path).map_err(|denied| RefactorError::NoEdit { what: what.clone(), reason: denied.to_string() })?;
    }
    progress(&format!("editing {}", task.file), 20);
    let mut receipt = Receipt::default();
    let milliseconds = || u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    let (worked, refused) = worker::work(now, gateway, &task, action, cancel).await;
    let worked = match worked {
        Ok(worked) => worked,
        Err(_) if cancel.is_cancelled() => return Err(RefactorError::Cancelled),
        Err(error) => {
            if error.bill != Bill::index() {
                receipt.add_after("edit", "refused edit", error.bill, milliseconds(), refused);
            }
            return Err(RefactorError::EditRefused { what, reason: error.to_string(), receipt: Box::new(receipt) });
        }
    };
    receipt.add_after("edit", what.clone(), worked.bill, milliseconds(), refused);
    progress("checking", 92);
    let mut edits = EditSet::default();
    worked.value.into_iter().for_each(|edit| edits.push(task.file.clone(), edit));
    let overlay = overlay.edited(&edits).map_err(|error| RefactorError::EditRefused {
        what: what.clone(),
        reason: error.to_string(),
        receipt: Box::new(receipt.clone()),
    })?;
    let mut allowance = Allowance { said: task.said.clone(), ..Allowance::default() };
    allowance.files.extend(request.initial.files().map(|(path, _)| path.to_owned()).chain([task.file.clone()]));
    allowance.gone.extend(task.may_delete.iter().map(|symbol| (symbol.path().to_owned(), symbol.symbol_path())));
    let checks = checks::run(&overlay, &allowance);
    if checks.iter().any(|check| !check.passed()) {
        return Err(RefactorError::Refused { checks, receipt: Box::new(receipt) });
    }
    let changes = overlay.changes();
    if changes.is_empty() {
        return Err(RefactorError::Nothing);
    }
    let plan = Plan { summary: what.clone(), ..Plan::default() };
    Ok(Outcome { instruction: what, plan, changes, checks, receipt, left: Vec::new() })
}

/// The job that would ask mini for an edit, for whoever wants to see it first. Sends nothing; `None` where there is nothing to edit.
#[must_use]
pub fn edit_job(snapshot: &Snapshot, request: &EditRequest) -> Option<models::Job> {
    let (_, task) = task(snapshot, request).ok()?;
    Some(worker::job_of(snapshot, &task, &ActionId::new()))
}

impl EditKind {
    /// What it is called where no symbol is known.
    fn verb(&self) -> String {
        match self {
            Self::Document => "document",
            Self::Simplify => "simplify",
            Self::Test => "generate a test",
            Self::Rewrite { .. } => "rewrite the selection",
            Self::Fix { .. } => "fix the diagnostic",
            Self::Symbol { .. } | Self::File { .. } => "carry out the comment",
        }
        .to_owned()
    }
}

/// What is done, for titles and the journal, and the task; or why there is nothing to do it to.
fn task(now: &Snapshot, request: &EditRequest) -> Result<(String, Task), String> {
    let path = request.path.as_str();
    let text = now.text(path).ok_or_else(|| format!("{path} cannot be read"))?;
    let at = moved(request.offset, &request.initial, path);
    let symbol = || {
        let symbol = EditRequest::symbol(now, path, at.min(text.len())).or_else(|| next_symbol(now, path, &text, at));
        symbol.ok_or_else(|| "no definition stands there".to_owned())
    };
    let on = |symbol: &SymbolRef, prompt: Prompt, goal: String, rules: Rules| Task {
        file: symbol.path().to_owned(),
        goal,
        goal_version: prompt.version(),
        interface: interface(now, symbol),
        may_change: vec![symbol.clone()],
        rules,
        ..Task::default()
    };
    match &request.kind {
        EditKind::Document => {
            let symbol = symbol()?;
            let goal = format!("document {}", symbol.get().name);
            let rules = Rules { operations: &["document"], keeps_code: true, keeps_definitions: true, ..Rules::default() };
            Ok((goal.clone(), on(&symbol, DOCUMENT, goal, rules)))
        }
        EditKind::Simplify => {
            let symbol = symbol()?;
            let goal = SIMPLIFY.render(&[("symbol", &symbol.symbol_path())]);
            let operations = &["replace_symbol", "replace_text"];
            let rules =
                Rules { operations, keeps_definitions: true, keeps_signatures: true, may_shrink: true, ..Rules::default() };
            Ok((format!("simplify {}", symbol.get().name), on(&symbol, SIMPLIFY, goal, rules)))
        }
        EditKind::Test => test_task(now, &symbol()?),
        EditKind::Rewrite { selection, instruction } => {
            let selected = selection.of(&text);
            let goal = REWRITE.render(&[("instruction", instruction), ("selection", selected)]);
            Ok((title("rewrite", instruction), on_place(now, path, *selection, REWRITE, goal, instruction)))
        }
        EditKind::Fix { place, message } => {
            let line = text.lines().nth(text[..(place.start as usize).min(text.len())].matches('\n').count()).unwrap_or_default();
            let goal = FIX.render(&[("message", message), ("line", line.trim())]);
            let mut task = on_place(now, path, *place, FIX, goal, "");
            task.rules.operations = &["replace_symbol", "replace_text", "insert_before", "insert_after", "add_import"];
            Ok((title("fix", message), task))
        }
        EditKind::Symbol { instruction } => {
            let symbol = symbol()?;
            let goal = INSTRUCTION.render(&[("instruction", instruction), ("place", &symbol.symbol_path())]);
            let mut rules = Rules { may_shrink: speaks_of_less(instruction), ..Rules::default() };
            // What others rely on is not changed without them.
            rules.keeps_signatures = crate::classify::is_used_elsewhere(now, &symbol);
            let mut task = on(&symbol, INSTRUCTION, goal, rules);
            task.may_delete = to_delete(now, path, instruction);
            task.said.clone_from(instruction);
            Ok((instruction.clone(), task))
        }
        EditKind::File { instruction } => {
            let goal = INSTRUCTION.render(&[("instruction", instruction), ("place", path)]);
            let mut task = Task {
                file: path.to_owned(),
                goal,
                goal_version: INSTRUCTION.version(),
                said: instruction.clone(),
                rules: Rules {
                    operations: EDIT,
                    inserts_anywhere: true,
                    whole_file: text.len() <= LONGEST_FILE,
                    may_shrink: speaks_of_less(instruction),
                    ..Rules::default()
                },
                ..Task::default()
            };
            task.may_delete = to_delete(now, path, instruction);
            if !task.rules.whole_file {
                task.may_change = named_in(now, path, instruction).into_iter().chain(symbol().ok()).collect();
                if task.may_change.is_empty() {
                    return Err(format!("{path} is too long to be shown whole; name what is to change"));
                }
            }
            Ok((instruction.clone(), task))
        }
    }
}

/// A task on what a place stands in: a symbol, or a file that is short enough.
fn on_place(now: &Snapshot, path: &str, place: Span, prompt: Prompt, goal: String, said: &str) -> Task {
    let mut task = Task {
        file: path.to_owned(),
        goal,
        goal_version: prompt.version(),
        said: said.to_owned(),
        rules: Rules { may_shrink: prompt.version() != 0 && (said.is_empty() || speaks_of_less(said)), ..Rules::default() },
        ..Task::default()
    };
    let overlapping = symbols_at(now, path, place);
    if overlapping.is_empty() {
        task.rules.whole_file = now.text(path).is_some_and(|text| text.len() <= LONGEST_FILE);
    } else {
        // What others rely on is not changed without them.
        task.rules.keeps_signatures = overlapping.iter().any(|symbol| crate::classify::is_used_elsewhere(now, symbol));
        task.interface = overlapping.first().map(|symbol| interface(now, symbol)).unwrap_or_default();
        task.may_change = overlapping;
    }
    task
}

/// The innermost unit that holds the whole place; else all outermost ones that it touches.
fn symbols_at(now: &Snapshot, path: &str, place: Span) -> Vec<SymbolRef> {
    let Some(record) = now.index().file(path) else { return Vec::new() };
    let count = u32::try_from(record.file().symbols.len()).unwrap_or(u32::MAX);
    let all = || (0..count).filter_map(|symbol| SymbolRef::new(record, symbol)).filter(|symbol| is_unit(symbol.get().kind));
    let around = all().filter(|symbol| symbol.get().full_span.contains(place)).min_by_key(|symbol| symbol.get().full_span.len());
    match around {
        Some(symbol) => vec![symbol],
        None => all().filter(|symbol| symbol.get().parent.is_none() && symbol.get().full_span.overlaps(place)).collect(),
    }
}

fn test_task(now: &Snapshot, symbol: &SymbolRef) -> Result<(String, Task), String> {
    let name = symbol.get().name.to_string();
    let file = test_place::find(now, symbol).ok_or_else(|| {
        format!(
            "where tests live is not known for {}; write the first test of {name}, and the next goes beside it",
            symbol.record.language.name()
        )
    })?;
    let text = now.text(symbol.path()).unwrap_or_default();
    let source = symbol.get().full_span.of(&text);
    let shown = Shown { path: symbol.path().to_owned(), text: format!("{}:\n-----\n{source}\n-----", symbol.path()) };
    let is_new = file.place.is_none();
    let existing = now.text(&file.path).map(|text| head(&text).to_owned()).unwrap_or_default();
    let place = match &file.place {
        Some(TestPlace::Inside(path)) => format!("in {path} of {}", file.path),
        Some(TestPlace::NewModule) => format!("in a new module of tests in {}, which begins with `use super::*;`", file.path),
        Some(TestPlace::End { .. }) => format!("at the end of {}", file.path),
        None => format!("in the new file {}", file.path),
    };
    let goal =
        TEST.render(&[("symbol", &symbol.symbol_path()), ("file", symbol.path()), ("place", &place), ("tests", &existing)]);
    let in_module = matches!(&file.place, Some(TestPlace::Inside(_) | TestPlace::NewModule)) && file.path == symbol.path();
    let operations: &[&str] = match (is_new, in_module) {
        (true, _) => &["write_file"],
        // What a module of tests imports stands in it.
        (_, true) => &["add_test"],
        _ => &["add_test", "add_import"],
    };
    let task = Task {
        file: file.path,
        goal,
        goal_version: TEST.version(),
        interface: interface(now, symbol),
        test: file.place,
        must_use: Some(name.clone()),
        shown: vec![shown],
        rules: Rules { operations, ..Rules::default() },
        ..Task::default()
    };
    Ok((format!("generate a test for {name}"), task))
}

/// The first lines of a file of tests: enough to see how tests are written there.
fn head(text: &str) -> &str {
    const SHOWN: usize = 3_000;
    let end = text.floor_char_boundary(SHOWN.min(text.len()));
    &text[..end]
}

/// The heads of what a symbol calls in files that may be shown.
fn interface(now: &Snapshot, symbol: &SymbolRef) -> Vec<String> {
    let callees = now.index().callees(symbol).into_iter();
    let elsewhere = callees.filter(|callee| callee.path() != symbol.path() && assist::may_leave(now, callee.path()));
    elsewhere.take(SHOWN_CALLEES).map(|callee| callee.get().signature.to_string()).collect()
}

/// The symbols of a file whose names stand in a text.
fn named_in(now: &Snapshot, path: &str, said: &str) -> Vec<SymbolRef> {
    let words: Vec<&str> = said.split(|character: char| !(character.is_alphanumeric() || character == '_')).collect();
    let all = words.iter().filter(|word| word.len() > 2).flat_map(|word| now.index().named(word));
    all.filter(|symbol| symbol.path() == path).collect()
}

/// The symbols that an instruction to remove something names.
fn to_delete(now: &Snapshot, path: &str, instruction: &str) -> Vec<SymbolRef> {
    let lower = instruction.to_lowercase();
    let removes = ["remove", "delete", "drop"].iter().any(|word| lower.contains(word));
    if removes { named_in(now, path, instruction) } else { Vec::new() }
}

/// The symbol that begins right behind a byte, with nothing but white space between.
fn next_symbol(now: &Snapshot, path: &str, text: &str, at: usize) -> Option<SymbolRef> {
    let record = now.index().file(path)?;
    let begins = |symbol: &SymbolRef| {
        let start = symbol.get().full_span.start as usize;
        start >= at && text.get(at..start).is_some_and(|between| between.trim().is_empty())
    };
    let count = u32::try_from(record.file().symbols.len()).unwrap_or(u32::MAX);
    (0..count).filter_map(|symbol| SymbolRef::new(record, symbol)).find(begins)
}

/// Where a byte of a file lies after edits in front of it.
fn moved(offset: usize, edits: &EditSet, path: &str) -> usize {
    let of_file = edits.files().filter(|(file, _)| *file == path).flat_map(|(_, edits)| edits);
    of_file.filter(|edit| edit.span.start as usize <= offset).fold(offset, |moved, edit| {
        let gone = edit.span.len().min(offset - edit.span.start as usize);
        moved - gone + edit.new_text.len()
    })
}

fn title(verb: &str, said: &str) -> String {
    const LONGEST: usize = 60;
    let line = said.lines().next().unwrap_or_default();
    let cut: String = line.chars().take(LONGEST).collect();
    format!("{verb}: {cut}{}", if cut.len() < line.len() { "…" } else { "" })
}
