//! Workers: one task, one file, one job on mini; the answer is operations on symbols, never on line numbers.

mod answer;
mod documentation;
#[cfg(feature = "fuzz")]
pub(crate) mod fuzz;
mod task;

use std::sync::{Mutex, PoisonError};

use assist::{Delegated, Flaw, Prompt, Snapshot, Unanswered, delegate_repairing};
use index::SymbolRef;
use models::{ActionId, Gateway, Job, Part, Schema, Tally, Tier};
use serde_json::{Value, json};
use text::{Edit, Span};
use tokio_util::sync::CancellationToken;

pub(crate) use self::task::{EDIT, Rules, Shown, Task, speaks_of_less};
use crate::checks;
use crate::plan::LONGEST_FILE;

const PROMPT: Prompt = Prompt::new(include_str!("prompt/edit.md"));
/// Writes the documentation of one symbol.
pub(crate) const DOCUMENT: Prompt = documentation::PROMPT;
const MEND: Prompt = Prompt::new(include_str!("prompt/mend.md"));

/// In a file of more symbols than this a worker is shown the heads of those only that its source may speak of.
const MOST_OF_SHORT_FILE: usize = 24;

/// How many symbols of its file a worker is shown the heads of at most.
const LISTED_SYMBOLS: usize = 80;

/// How the mark begins that stands in a long file for lines that its worker is not shown.
pub(crate) const LEFT_OUT: &str = "«left out: ";

/// So many lines of a symbol are shown in a long file whose symbols do not matter.
const SHOWN_INSIDE: usize = 4;

/// The longest answer that is shown again to whoever is to mend it, in bytes.
const LONGEST_ANSWER: usize = 20_000;

/// Has a task carried out: the edits to its file as that file is in `snapshot`, which passed the checks of one file. An answer that
/// does not goes back to the same tier once with what is wrong with it, then one tier up. Beside the result: why answers were refused.
pub(crate) async fn work(
    snapshot: &Snapshot,
    gateway: &Gateway,
    task: &Task,
    action: &ActionId,
    cancel: &CancellationToken,
) -> (Result<Delegated<Vec<Edit>>, Unanswered>, Vec<String>) {
    let refused = Mutex::new(Vec::new());
    let target = Target::of(snapshot, task);
    let job = job(snapshot, task, &target, action);
    let asked = job.clone();
    let check = |answer: &Value| -> Result<Vec<Edit>, Flaw> {
        // A secret that was taken out of what was sent comes back to the byte where the answer holds its placeholder.
        let answer = models::egress::restore(&asked, answer)?;
        let words = documentation::symbol(task, &target).map(|number| documentation::as_operations(number, &answer));
        let edits = answer::read(&target, task, &words.unwrap_or(answer))?;
        checks::one_file(snapshot, task, &edits)?;
        Ok(edits)
    };
    let again = |job: &Job, answer: &Value, reason: &str| {
        refused.lock().unwrap_or_else(PoisonError::into_inner).push(reason.to_owned());
        repair(job, answer, reason)
    };
    let worked = delegate_repairing(gateway, job, Tier::Flagship, cancel, check, again).await;
    (worked, refused.into_inner().unwrap_or_else(PoisonError::into_inner))
}

/// The job of a task, as it would be asked first.
pub(crate) fn job_of(snapshot: &Snapshot, task: &Task, action: &ActionId) -> Job {
    job(snapshot, task, &Target::of(snapshot, task), action)
}

/// What a worker is told when a command complains of what came of a step.
pub(crate) fn mending(goal: &str, command: &str, said: &str) -> String {
    MEND.render(&[("goal", goal), ("command", command), ("said", said)])
}

/// The same job with the answer that was refused, and why.
pub(crate) fn repair(job: &Job, answer: &Value, reason: &str) -> Option<Job> {
    Some(Job { kind: "repair", ..assist::repair(job, answer, reason, LONGEST_ANSWER) })
}

/// The file of a task and the ids of its symbols.
struct Target {
    text: String,
    /// The same as it is shown where all of it may change.
    outside: String,
    language: Option<syntax::Language>,
    /// Every symbol of the file, in source order: `s1` is the first.
    symbols: Vec<SymbolRef>,
    /// Which of them may be changed, and which removed.
    may_change: Vec<bool>,
    may_delete: Vec<bool>,
    /// Which are shown beside those, because something is inserted there.
    beside: Vec<bool>,
}

impl Target {
    fn of(snapshot: &Snapshot, task: &Task) -> Self {
        let record = snapshot.index().file(&task.file);
        let symbols: Vec<SymbolRef> = checks::symbols(snapshot.index(), &task.file).collect();
        let may_delete = marked(&symbols, &task.may_delete);
        let beside = marked(&symbols, &task.beside);
        let mut may_change = marked(&symbols, &task.may_change);
        for (at, symbol) in symbols.iter().enumerate() {
            let parent = symbol.get().parent.and_then(|parent| may_change.get(parent as usize)).copied();
            may_change[at] |= may_delete[at] || task.rules.whole_file || parent.unwrap_or(false);
        }
        let text = snapshot.text(&task.file).unwrap_or_default().to_string();
        let language = record.map(|record| record.language).or_else(|| snapshot.index().language(&task.file, &text));
        let outside = outside(&text, &symbols);
        Self { text, outside, language, symbols, may_change, may_delete, beside }
    }

    fn number(&self, id: &str) -> Result<usize, String> {
        let number =
            id.strip_prefix('s').and_then(|number| number.parse::<usize>().ok()).and_then(|number| number.checked_sub(1));
        number.filter(|number| *number < self.symbols.len()).ok_or_else(|| format!("there is no symbol {id:?} in this file"))
    }

    /// The symbol's whole text in the file, whole lines where nothing else stands on them.
    fn span(&self, number: usize) -> Span {
        self.symbols[number].get().full_span
    }

    /// The heads of the symbols with their ids: all of them, or in a long file those that the source may speak of.
    fn list(&self, source: &str) -> String {
        let is_long = self.symbols.len() > MOST_OF_SHORT_FILE;
        let is_near = |at: usize| self.may_change[at] || self.beside[at] || source.contains(self.symbols[at].get().name.as_str());
        let listed = self.symbols.iter().enumerate().filter(|(at, _)| !is_long || is_near(*at)).take(LISTED_SYMBOLS);
        let lines: Vec<String> = listed
            .map(|(at, symbol)| {
                let note = match (self.may_delete[at], self.may_change[at]) {
                    (true, _) => " (may be changed or deleted)",
                    (_, true) => " (may be changed)",
                    _ => "",
                };
                format!("s{} {}: {}{note}", at + 1, symbol.symbol_path(), symbol.get().signature)
            })
            .collect();
        lines.join("\n")
    }

    /// The text of what may be changed, and of what something is inserted beside.
    fn source(&self, task: &Task) -> String {
        if task.rules.whole_file {
            return format!("[file]\n{}", self.outside);
        }
        let is_inside = |at: usize| {
            let parent = self.symbols[at].get().parent;
            parent.is_some_and(|parent| self.may_change.get(parent as usize).copied().unwrap_or(false))
        };
        let is_shown = |at: usize| (self.may_change[at] && !is_inside(at)) || self.beside[at];
        let shown = self.symbols.iter().enumerate().filter(|(at, _)| is_shown(*at));
        let shown: Vec<String> = shown.map(|(at, _)| format!("[s{}]\n{}", at + 1, self.span(at).of(&self.text))).collect();
        shown.join("\n\n")
    }
}

/// What a worker is shown of a file that it may change outside of its symbols, in bytes.
pub(crate) fn shown_length(snapshot: &Snapshot, path: &str) -> usize {
    let symbols: Vec<SymbolRef> = checks::symbols(snapshot.index(), path).collect();
    outside(&snapshot.text(path).unwrap_or_default(), &symbols).len()
}

/// A file as a worker is shown it: whole, or where it is long without the insides of its outermost symbols.
fn outside(text: &str, symbols: &[SymbolRef]) -> String {
    if text.len() <= LONGEST_FILE {
        return text.to_owned();
    }
    let (mut shown, mut at) = (String::new(), 0);
    for symbol in symbols.iter().map(SymbolRef::get).filter(|symbol| symbol.parent.is_none()) {
        let inside = text::line_end(text, symbol.span.start as usize)..text::line_start(text, symbol.full_span.end as usize);
        let count = if inside.start < at || inside.is_empty() { 0 } else { text[inside.clone()].lines().count() };
        if count > SHOWN_INSIDE {
            shown.push_str(&text[at..inside.start]);
            shown.push_str(&format!("{LEFT_OUT}{count} lines of {}»\n", symbol.name));
            at = inside.end;
        }
    }
    shown + &text[at..]
}

/// Which of a file's symbols are in a list. They are known by their ids, or by their paths where other steps have moved them.
fn marked(symbols: &[SymbolRef], list: &[SymbolRef]) -> Vec<bool> {
    let mut marked = vec![false; symbols.len()];
    for wanted in list {
        let same_id = symbols.iter().position(|symbol| symbol.id() == wanted.id() && symbol.get().kind == wanted.get().kind);
        let same_path =
            |symbol: &SymbolRef| symbol.symbol_path() == wanted.symbol_path() && symbol.get().kind == wanted.get().kind;
        match same_id {
            Some(at) => marked[at] = true,
            None => symbols.iter().enumerate().filter(|(_, symbol)| same_path(symbol)).for_each(|(at, _)| marked[at] = true),
        }
    }
    marked
}

fn job(snapshot: &Snapshot, task: &Task, target: &Target, action: &ActionId) -> Job {
    let source = target.source(task);
    let documented = documentation::symbol(task, target);
    let prompt = if documented.is_some() { DOCUMENT } else { PROMPT };
    let rendered = prompt.render(&[
        ("goal", if task.summary.is_empty() { "the step alone" } else { &task.summary }),
        ("step", &task.goal),
        ("symbol", &documented.map_or_else(String::new, |number| target.symbols[number].symbol_path())),
        ("interface", &task.interface.join("\n")),
        ("operations", &task.rules.operations.join(", ")),
        ("file", &task.file),
        ("language", target.language.map_or("text", syntax::Language::name)),
        ("symbols", &target.list(&source)),
        ("source", &source),
    ]);
    let mut input: Vec<Part> = task.shown.iter().map(|shown| Part::from_file(shown.path.clone(), shown.text.clone())).collect();
    input.push(Part::from_file(task.file.clone(), rendered));
    // Room for the new text at the size of the old one and half as much again; a token is about three bytes of code.
    let room = match documented {
        Some(_) => documentation::LONGEST,
        None => u32::try_from(source.len() / 2).unwrap_or(u32::MAX).saturating_add(1_500).min(32_000),
    };
    Job {
        kind: "edit",
        tier: if task.is_raised { Tier::Flagship } else { Tier::Mini },
        prompt_version: prompt.version() * 100 + task.goal_version,
        instructions: prompt.instructions(),
        input,
        schema: if documented.is_some() { documentation::schema() } else { schema(task) },
        max_output_tokens: room,
        deadline: std::time::Duration::from_secs(snapshot.settings().refactor_deadline_seconds),
        action: action.clone(),
        workspace: snapshot.workspace_id(),
        escalated_from: None,
        whole_bytes: target.text.len() as u64,
        tally: Tally::default(),
    }
}

/// Operations on symbols.
fn schema(task: &Task) -> Schema {
    Schema {
        name: "edit_v1",
        json: json!({
            "type": "object",
            "properties": {
                "status": {"type": "string", "enum": ["done", "cannot"]},
                "note": {"type": "string"},
                "ops": {"type": "array", "items": {
                    "type": "object",
                    "properties": {
                        "op": {"type": "string", "enum": task.rules.operations},
                        "symbol": {"type": "string"},
                        "find": {"type": "string"},
                        "text": {"type": "string"},
                    },
                    "required": ["op", "symbol", "find", "text"],
                    "additionalProperties": false,
                }},
            },
            "required": ["status", "note", "ops"],
            "additionalProperties": false,
        }),
    }
}
