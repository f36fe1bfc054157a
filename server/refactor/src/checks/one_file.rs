//! The checks of one worker's edits to one file: what can be said before the others are done, and what its task allows.

use std::collections::BTreeSet;

use assist::Snapshot;
use index::SymbolRef;
use syntax::Limits;
use text::{Edit, EditSet, Span};

use super::{Allowance, Check, completeness, content, definitions, symbols, syntax_errors};
use crate::overlay::Overlay;
use crate::worker::Task;

/// The fewest tokens that a definition must have before it is noticed that most of them are gone.
const NOTICED_TOKENS: usize = 40;

/// The longest documentation of one symbol, in characters.
const LONGEST_DOC: usize = 1_500;

/// Checks the edits of a task.
///
/// # Errors
/// Says all that is wrong, in words that a model can mend it by.
pub(crate) fn one_file(snapshot: &Snapshot, task: &Task, edits: &[Edit]) -> Result<(), String> {
    let mut set = EditSet::default();
    edits.iter().for_each(|edit| set.push(task.file.clone(), edit.clone()));
    let overlay = Overlay::new(snapshot).edited(&set).map_err(|error| error.to_string())?;
    let mut allowance = Allowance { said: task.said.clone(), ..Allowance::default() };
    allowance.gone.extend(task.may_delete.iter().map(|symbol| (symbol.path().to_owned(), symbol.symbol_path())));
    let lost = definitions::lost(&overlay);
    let checks = [
        Check { name: "syntax", faults: syntax_errors::faults(&overlay) },
        Check { name: "definitions", faults: definitions::faults(&overlay, &allowance, &lost) },
        Check { name: "completeness", faults: completeness::faults(&overlay).into_iter().chain(cut(&overlay, task)).collect() },
        Check { name: "content", faults: content::faults(&overlay, &task.said) },
        Check { name: "task", faults: of_task(&overlay, task, edits) },
    ];
    let faults: Vec<String> =
        checks.iter().flat_map(|check| check.faults.iter().map(|fault| format!("{}: {fault}", check.name))).take(6).collect();
    if faults.is_empty() { Ok(()) } else { Err(faults.join("; ")) }
}

/// Definitions of which most is gone, though nobody asked for that.
fn cut(overlay: &Overlay, task: &Task) -> Vec<String> {
    if task.rules.may_shrink {
        return Vec::new();
    }
    let tokens = |snapshot: &Snapshot, symbol: &SymbolRef| {
        let text = snapshot.text(symbol.path())?;
        let tree = syntax::parse_only(symbol.record.language, &text, None, &Limits::default()).ok()?;
        Some(tree.token_count(symbol.get().span))
    };
    let mut faults = Vec::new();
    for before in &task.may_change {
        let Some(after) = same(overlay.now(), before) else { continue };
        let (Some(was), Some(is)) = (tokens(overlay.base(), before), tokens(overlay.now(), &after)) else { continue };
        if was >= NOTICED_TOKENS && is * 2 < was {
            faults.push(format!("{} would have {is} tokens where it had {was}; write all of it", before.symbol_path()));
        }
    }
    faults
}

/// The symbol of the same path in the same file.
fn same(now: &Snapshot, symbol: &SymbolRef) -> Option<SymbolRef> {
    let mut same = symbols(now.index(), symbol.path())
        .filter(|other| other.symbol_path() == symbol.symbol_path() && other.get().kind == symbol.get().kind);
    let first = same.next();
    same.find(|other| other.id() == symbol.id()).or(first)
}

fn of_task(overlay: &Overlay, task: &Task, edits: &[Edit]) -> Vec<String> {
    let mut faults = Vec::new();
    let (base, now) = (overlay.base(), overlay.now());
    let names = |snapshot: &Snapshot| -> BTreeSet<(String, _)> {
        symbols(snapshot.index(), &task.file).map(|symbol| (symbol.symbol_path(), symbol.get().kind)).collect()
    };
    if task.rules.keeps_definitions {
        let (before, after) = (names(base), names(now));
        faults.extend(after.difference(&before).map(|(name, _)| format!("{name} is new, and only what is there may change")));
        faults.extend(before.difference(&after).map(|(name, _)| format!("{name} would be lost")));
    }
    if let Some(container) = task.test.as_ref().and_then(crate::test_place::TestPlace::container) {
        let inside = format!("{container}::");
        let is_out = |name: &str| name != container && !name.starts_with(&inside);
        let (before, after) = (names(base), names(now));
        let out = after.difference(&before).filter(|(name, _)| is_out(name));
        faults.extend(out.map(|(name, _)| format!("{name} would stand outside of {container}")));
    }
    if task.rules.keeps_signatures {
        for symbol in &task.may_change {
            let after = same(now, symbol);
            if let Some(after) = after.filter(|after| after.get().signature != symbol.get().signature) {
                let (was, is) = (&symbol.get().signature, &after.get().signature);
                faults.push(format!("the head of {} must stay `{was}`, and would be `{is}`", symbol.symbol_path()));
            }
        }
    }
    if task.rules.changes_signatures {
        let is_kept =
            |symbol: &&SymbolRef| same(now, symbol).is_some_and(|after| after.get().signature == symbol.get().signature);
        let kept = task.may_change.iter().filter(is_kept);
        faults.extend(kept.map(|symbol| format!("the head of {} has to change, and did not", symbol.symbol_path())));
    }
    if task.rules.keeps_code {
        faults.extend(documentation(overlay, task, edits));
    }
    if let Some(name) = &task.must_use {
        let uses = |snapshot: &Snapshot| {
            let record = snapshot.index().file(&task.file);
            record.map_or(0, |record| record.file().references().filter(|reference| reference.name == name.as_str()).count())
        };
        if uses(now) <= uses(base) {
            faults.push(format!("the new text does not use {name}"));
        }
    }
    faults
}

/// Whether only documentation came: the tokens of the program stay as they are, the index reads the new text as the documentation
/// of the symbol, and what it says is true as far as the index can tell.
fn documentation(overlay: &Overlay, task: &Task, edits: &[Edit]) -> Vec<String> {
    let texts = (overlay.base().text(&task.file), overlay.now().text(&task.file));
    let language = overlay.now().index().file(&task.file).map(|record| record.language);
    let ((Some(before), Some(after)), Some(language)) = (texts, language) else {
        return vec![format!("{} cannot be read", task.file)];
    };
    let parse = |text: &str| syntax::parse_only(language, text, None, &Limits::default());
    let (Ok(tree), Ok(new_tree)) = (parse(&before), parse(&after)) else {
        return vec![format!("{} can no longer be parsed", task.file)];
    };
    let mut faults = Vec::new();
    let old: Vec<Span> = edits.iter().map(|edit| edit.span).collect();
    let new = spans_after(edits);
    if !syntax::is_same_code((&tree, &before, &old), (&new_tree, &after, &new))
        || new.iter().any(|span| !new_tree.is_only_prose(&after, *span))
    {
        faults.push("something else than documentation would change".to_owned());
    }
    for symbol in &task.may_change {
        let doc = same(overlay.now(), symbol).map(|symbol| symbol.get().doc.to_string()).unwrap_or_default();
        if doc.trim().is_empty() {
            faults.push(format!("the text would not be read as the documentation of {}", symbol.symbol_path()));
            continue;
        }
        // Paragraphs of documentation are prose each; a name may stand in any text of the file.
        if let Some(fault) = assist::prose_fault(overlay.base().index(), &before, &doc, LONGEST_DOC) {
            faults.push(fault);
        }
    }
    faults
}

/// Where the texts of edits stand after all of them were made.
fn spans_after(edits: &[Edit]) -> Vec<Span> {
    let mut ordered: Vec<&Edit> = edits.iter().collect();
    ordered.sort_by_key(|edit| edit.span);
    let (mut grown, mut shrunk) = (0_usize, 0_usize);
    let mut spans = Vec::new();
    for edit in ordered {
        let start = edit.span.start as usize + grown - shrunk;
        spans.push(Span::new(start, start + edit.new_text.len()));
        grown += edit.new_text.len();
        shrunk += edit.span.len();
    }
    spans
}
