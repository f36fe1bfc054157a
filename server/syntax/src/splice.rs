//! Listing a file again after a change inside of one function: the function is listed, the rest is moved.
//!
//! A keystroke changes one function of a file that may hold thousands. Where nothing outside of the function can mean anything else
//! for it, only the function and what it stands in are walked; whatever cannot be shown to be so is left to a whole walk.

mod outside;
mod shift;

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};
use text::{AppliedChange, Span};

use crate::{
    FileSymbols, Import, Language, Symbol, SymbolKind,
    deadline::Deadline,
    frame,
    grammar::Grammar,
    references::{NONE, Packed, References},
    values::{self, Binding, Values},
    walk::{self, Source},
};

use outside::{Outside, is_broken_alike};
pub(crate) use shift::{is_in_comment, shift};

/// After so many splices a file is listed as a whole, so that names that nobody uses any more do not gather.
const MAX_SPLICES: u32 = 2_000;

/// What was listed of a tree, and what has changed in its text since.
#[derive(Clone, Debug)]
pub(crate) struct Listed {
    file: Arc<FileSymbols>,
    touched: Option<Touched>,
    splices: u32,
    /// What stands outside of the function that was listed alone.
    outside: Option<Arc<Outside>>,
}

/// The one stretch of the text that holds all changes.
#[derive(Clone, Copy, Debug)]
struct Touched {
    start: u32,
    /// Where it ended when the file was listed.
    old_end: u32,
    /// Where it ends now.
    new_end: u32,
    /// Whether each change lay inside of a comment.
    in_comment: bool,
}

impl Listed {
    pub(crate) fn new(file: Arc<FileSymbols>) -> Self {
        Self { file, touched: None, splices: 0, outside: None }
    }

    /// The list of a text after the one before.
    fn after(file: FileSymbols, before: &Self, outside: Option<Outside>) -> Self {
        Self { file: Arc::new(file), touched: None, splices: before.splices + 1, outside: outside.map(Arc::new) }
    }

    /// What was listed.
    pub(crate) fn file(&self) -> &Arc<FileSymbols> {
        &self.file
    }

    /// Takes in a change of the text, which lies in a comment or not.
    pub(crate) fn edit(&mut self, change: &AppliedChange, in_comment: bool) {
        let (start, old_end, new_end) = (walk::narrow(change.start), walk::narrow(change.old_end), walk::narrow(change.new_end));
        let before = self.touched.unwrap_or(Touched { start, old_end: start, new_end: start, in_comment: true });
        // What lies behind all changes so far is as far from the end of the stretch as it was.
        let end = before.new_end.max(old_end);
        self.touched = Some(Touched {
            start: before.start.min(start),
            old_end: before.old_end + (end - before.new_end),
            new_end: end - old_end + new_end,
            in_comment: before.in_comment && in_comment,
        });
    }
}

/// What is not looked into where a stretch of a text is listed alone.
pub(crate) struct Cuts {
    /// What is listed.
    pub(crate) stretch: Span,
    /// Where the definitions are that are not.
    pub(crate) spans: FxHashSet<Span>,
    /// What leads up to each of them, in the order of the text.
    leads: Vec<Span>,
    /// The paths of what is made once, and was made before the stretch.
    pub(crate) made: Vec<String>,
}

impl Cuts {
    /// Whether a comment leads up to what is not looked into.
    pub(crate) fn leads_up(&self, comment: Span) -> bool {
        let next = self.leads.partition_point(|lead| lead.end < comment.end);
        self.leads.get(next).is_some_and(|lead| lead.contains(comment))
    }
}

/// Lists `new`, the tree of `text`, by what was listed of `old`, which was told of all changes. `None` where the whole must be walked.
pub(crate) fn splice(
    (language, grammar): (Language, &Grammar),
    (old, listed): (&tree_sitter::Tree, &Listed),
    new: &tree_sitter::Tree,
    source: Source<'_>,
    max_depth: usize,
    deadline: Deadline,
) -> Option<Listed> {
    let before = &*listed.file;
    let touched = listed.touched?;
    if listed.splices >= MAX_SPLICES || grammar.rules.captures.has_clauses() || grammar.rules.rest.is_some() {
        return None;
    }
    let function = Function::around(before, touched)?;
    let inside = |range: tree_sitter::Range| {
        walk::narrow(range.start_byte) >= function.old.start && walk::narrow(range.end_byte) <= function.new_end
    };
    let known = listed.outside.as_ref().filter(|known| known.function == function.old.start);
    if known.is_none() && !old.changed_ranges(new).all(inside) {
        return None;
    }
    if !is_broken_alike(old, new, Span { start: function.old.start, end: function.new_end }) {
        return None;
    }
    let cuts = function.cuts(before, &grammar.rules.made_once);
    let (part, nodes) = walk::walk_but((language, grammar), new, source, Some(&cuts), max_depth, deadline)?;
    let outside = Outside::new(function.old.start, &nodes);
    if known.is_some_and(|known| !known.is_still(&outside, |span| function.moved_span(span))) {
        return None;
    }
    let file = function.put_in((language, grammar), before, part, source.text)?;
    Some(Listed::after(file, listed, Some(outside)))
}

/// The function that holds the change.
struct Function {
    /// The position of its symbol, and one past those of the symbols in it.
    symbols: (usize, usize),
    /// Where it was.
    old: Span,
    /// Where it ends now.
    new_end: u32,
    /// The positions of the symbols that it stands in, innermost first.
    around: Vec<usize>,
}

impl Function {
    fn around(file: &FileSymbols, touched: Touched) -> Option<Self> {
        let holds = |symbol: &&Symbol| symbol.span.start < touched.start && touched.old_end < symbol.span.end;
        let around: Vec<usize> = file.symbols.iter().enumerate().filter(|(_, symbol)| holds(symbol)).map(|(at, _)| at).collect();
        let at = *around.iter().find(|&&at| is_function(file.symbols[at].kind))?;
        let symbol = &file.symbols[at];
        let mut parents = Vec::new();
        let mut parent = symbol.parent;
        while let Some(next) = parent {
            let next_at = next as usize;
            parents.push(next_at);
            parent = file.symbols.get(next_at)?.parent;
        }
        // All that is around the function is what it is a member of, one symbol for each.
        let outside: Vec<usize> = around.into_iter().take_while(|&other| other != at).collect();
        let expected: Vec<usize> = parents.iter().rev().copied().collect();
        let members = parents.iter().all(|&parent| file.symbols[parent].kind.has_members());
        if outside != expected || !members {
            return None;
        }
        let behind = &file.symbols[at + 1..];
        let end = at + 1 + behind.iter().position(|other| other.span.start >= symbol.span.end).unwrap_or(behind.len());
        // A method may make fields of its class.
        let own = |other: &Symbol| {
            other.parent.is_some_and(|parent| parent as usize >= at || parents.contains(&(parent as usize)))
                && other.span != symbol.span
                && symbol.span.contains(other.span)
        };
        // In broken texts what leads up to the next may begin in the function.
        let apart = |other: &Symbol| other.full_span.start <= symbol.span.start || other.full_span.start >= symbol.span.end;
        if !file.symbols[at + 1..end].iter().all(own) || !file.symbols[end..].iter().all(apart) {
            return None;
        }
        let new_end = symbol.span.end - touched.old_end + touched.new_end;
        Some(Self { symbols: (at, end), old: symbol.span, new_end, around: parents })
    }

    /// Where an offset behind the function is now.
    fn moved(&self, offset: u32) -> u32 {
        if offset >= self.old.end { offset - self.old.end + self.new_end } else { offset }
    }

    fn moved_span(&self, span: Span) -> Span {
        Span { start: self.moved(span.start), end: self.moved(span.end) }
    }

    /// Cuts the definitions that hold none of the change and stand where the function stands, or around it.
    fn cuts(&self, file: &FileSymbols, made_once: &[SymbolKind]) -> Cuts {
        let (at, end) = self.symbols;
        let stretch = Span { start: self.old.start, end: self.new_end };
        let made = file.symbols[..at].iter().filter(|symbol| made_once.contains(&symbol.kind)).map(Symbol::path);
        let mut cuts = Cuts { stretch, spans: FxHashSet::default(), leads: Vec::new(), made: made.collect() };
        for (other, symbol) in file.symbols.iter().enumerate() {
            let is_beside = (other < at || other >= end)
                && !self.around.contains(&other)
                && symbol.parent.is_none_or(|parent| self.around.contains(&(parent as usize)));
            if is_beside {
                let span = self.moved_span(symbol.span);
                cuts.spans.insert(span);
                let lead = Span { start: self.moved(symbol.full_span.start), end: span.start };
                // Of definitions in one statement each has what leads up to it.
                if lead.start < lead.end && cuts.leads.last().is_none_or(|last| last.end <= lead.start) {
                    cuts.leads.push(lead);
                }
            }
        }
        cuts
    }

    /// The whole file, with the function as `part` has it.
    fn put_in(
        &self,
        (language, grammar): (Language, &Grammar),
        before: &FileSymbols,
        mut part: FileSymbols,
        text: &str,
    ) -> Option<FileSymbols> {
        let (at, end) = self.symbols;
        let now = Span { start: self.old.start, end: self.new_end };
        let mut found = (0..part.symbols.len()).filter(|&place| part.symbols[place].span == now);
        let place = found.next().filter(|_| found.next().is_none())?;
        let (was, is) = (&before.symbols[at], &part.symbols[place]);
        let behind = &part.symbols[place + 1..];
        let place_end = place + 1 + behind.iter().position(|other| other.span.start >= now.end).unwrap_or(behind.len());
        // Another name may be one that is defined once, and was defined before.
        let alike = was.path() == is.path() && is_function(is.kind) && was.full_span.start == is.full_span.start;
        let around = self.around_in(before, &part, place).filter(|_| alike)?;
        let outer = |parent: u32| around.iter().position(|&around| around == parent as usize);
        let own = |other: &Symbol| other.parent.is_some_and(|parent| parent as usize >= place || outer(parent).is_some());
        let inner = &part.symbols[place + 1..place_end];
        let made_once = &grammar.rules.made_once;
        let were_shared = shared(&before.symbols[at + 1..end], &self.around, made_once);
        if !inner.iter().all(own) || were_shared != shared(inner, &around, made_once) {
            return None;
        }
        let imports = self.imports(before, &part, now)?;
        let (was_hash, is_hash) = (was.body_hash, is.body_hash);
        // An import may stand in a definition that was not looked into: `const fs = require("fs")`.
        let modules: FxHashSet<&str> = match language {
            Language::Rust => FxHashSet::default(),
            _ => imports.iter().map(|import| import.alias.as_str()).collect(),
        };
        let references = self.references((before, &part), &modules, now, (place, place_end), text);
        let values = self.values(&before.values, &part.values, now);
        let lines = (line_of(&before.references.lines, self.old.end), line_of(&references.lines, now.end));
        let columns = (column_of(&before.references.lines, self.old.end), column_of(&references.lines, now.end));
        let count = place_end - place;
        let mut symbols = Vec::with_capacity(before.symbols.len() - (end - at) + count);
        symbols.extend(before.symbols[..at].iter().cloned());
        symbols.extend(part.symbols.drain(place..place_end).map(|symbol| {
            let inner = |parent: u32| match outer(parent) {
                Some(depth) => walk::narrow(self.around[depth]),
                None => parent - walk::narrow(place) + walk::narrow(at),
            };
            let parent = if symbol.span == now { was.parent } else { symbol.parent.map(inner) };
            Symbol { parent, ..symbol }
        }));
        symbols.extend(before.symbols[end..].iter().map(|symbol| {
            let behind =
                |parent: u32| if parent as usize >= end { parent - walk::narrow(end) + walk::narrow(at + count) } else { parent };
            let column = if symbol.line == lines.0 { symbol.column - columns.0 + columns.1 } else { symbol.column };
            Symbol {
                parent: symbol.parent.map(behind),
                span: self.moved_span(symbol.span),
                full_span: self.moved_span(symbol.full_span),
                name_span: self.moved_span(symbol.name_span),
                line: symbol.line - lines.0 + lines.1,
                column,
                end_line: symbol.end_line - lines.0 + lines.1,
                ..symbol.clone()
            }
        }));
        let mut change = (was_hash, is_hash);
        for &around in &self.around {
            let symbol = &mut symbols[around];
            let hash = frame::with_another_inside(symbol.body_hash, change.0, change.1);
            change = (symbol.body_hash, hash);
            symbol.body_hash = hash;
            symbol.span = self.moved_span(symbol.span);
            symbol.full_span = self.moved_span(symbol.full_span);
            symbol.end_line = symbol.end_line - lines.0 + lines.1;
        }
        Some(FileSymbols { symbols, imports, error_count: part.error_count, references, values })
    }

    /// The positions in `part` of what the function stands in, innermost first; `None` where that is not what it was, as far as a head
    /// and a name tell.
    fn around_in(&self, before: &FileSymbols, part: &FileSymbols, place: usize) -> Option<Vec<usize>> {
        let mut parent = part.symbols[place].parent;
        let mut positions = Vec::with_capacity(self.around.len());
        for &around in &self.around {
            let was = &before.symbols[around];
            let position = parent? as usize;
            let is = part.symbols.get(position)?;
            if (was.name != is.name) || was.span.start != is.span.start || was.signature != is.signature || was.doc != is.doc {
                return None;
            }
            positions.push(position);
            parent = is.parent;
        }
        parent.is_none().then_some(positions)
    }

    /// The imports of the file; `None` where the function brings in others than before.
    fn imports(&self, before: &FileSymbols, part: &FileSymbols, now: Span) -> Option<Vec<Import>> {
        let alike = |a: &Import, b: &Import| (&a.from, &a.name, &a.alias) == (&b.from, &b.name, &b.alias);
        let was: Vec<&Import> = before.imports.iter().filter(|import| self.old.contains(import.span)).collect();
        let mut is = part.imports.iter().filter(|import| now.contains(import.span));
        let same = was.iter().all(|was| is.next().is_some_and(|is| alike(was, is))) && is.next().is_none();
        if !same {
            return None;
        }
        let mut fresh = part.imports.iter().filter(|import| now.contains(import.span));
        let moved = before.imports.iter().map(|import| match self.old.contains(import.span) {
            true => fresh.next().unwrap_or(import).clone(),
            false => Import { span: self.moved_span(import.span), ..import.clone() },
        });
        Some(moved.collect())
    }

    fn references(
        &self,
        (before, part): (&FileSymbols, &FileSymbols),
        modules: &FxHashSet<&str>,
        now: Span,
        symbols: (usize, usize),
        text: &str,
    ) -> References {
        let (at, end) = self.symbols;
        let old = &before.references;
        let mut names = Names::new(old);
        let inside = before.references_in(self.old);
        let (from, to) = (inside.start as usize, inside.end as usize);
        let mut packed = Vec::with_capacity(old.packed.len() + 16);
        packed.extend_from_slice(&old.packed[..from]);
        let fresh = part.references_in(now);
        for one in &part.references.packed[fresh.start as usize..fresh.end as usize] {
            let name = names.number(part.references.name(one.number()));
            let written = part.references.name(one.qualifier);
            let qualifier = names.number(written);
            let through_module = !written.is_empty() && modules.contains(written);
            let flags = if through_module { one.flags_through_module() } else { one.flags() };
            let enclosing = match one.enclosing {
                NONE => NONE,
                inner => inner - walk::narrow(symbols.0) + walk::narrow(at),
            };
            let one = Packed { name, qualifier, start: one.start, enclosing }.with_flags(flags);
            packed.extend(one);
        }
        let count = symbols.1 - symbols.0;
        packed.extend(old.packed[to..].iter().map(|one| {
            let enclosing = match one.enclosing {
                NONE => NONE,
                behind if behind as usize >= end => behind - walk::narrow(end) + walk::narrow(at + count),
                around => around,
            };
            Packed { start: self.moved(one.start), enclosing, ..*one }
        }));
        let Names { text: names, ends, .. } = names;
        let (lines, wide) = (References::lines_of(text), References::wide_of(text));
        References { names: names.into(), ends: ends.into(), packed: packed.into(), lines, wide }
    }
}

impl Function {
    /// What is said of values: in the function by `part`, elsewhere by `before`.
    fn values(&self, before: &Values, part: &Values, now: Span) -> Values {
        let mut builder = values::Builder::after(before);
        let of_old = |start: u32| start >= self.old.start && start < self.old.end;
        let of_new = |start: u32| start >= now.start && start < now.end;
        let bindings = before.bindings.iter().filter(|binding| !of_old(binding.start));
        let bindings = bindings.map(|binding| Binding {
            start: self.moved(binding.start),
            end: if binding.end == 0 { 0 } else { self.moved(binding.end) },
            ..*binding
        });
        let receivers = before.receivers.iter().filter(|receiver| !of_old(receiver.0));
        let receivers = receivers.map(|&(start, value)| (self.moved(start), value));
        builder.extend(bindings, receivers);
        let fresh: Vec<Binding> = part
            .bindings
            .iter()
            .filter(|binding| of_new(binding.start))
            .map(|binding| Binding {
                name: builder.number(part.text(binding.name)),
                value: builder.number(part.text(binding.value)),
                ..*binding
            })
            .collect();
        let received: Vec<(u32, u32)> = part
            .receivers
            .iter()
            .filter(|receiver| of_new(receiver.0))
            .map(|&(start, value)| (start, builder.number(part.text(value))))
            .collect();
        builder.extend(fresh.into_iter(), received.into_iter());
        builder.finish()
    }
}

/// The names of a file, to which others are added.
struct Names<'old> {
    numbers: FxHashMap<&'old str, u32>,
    added: FxHashMap<String, u32>,
    text: String,
    ends: Vec<u32>,
}

impl<'old> Names<'old> {
    fn new(old: &'old References) -> Self {
        let numbers = (0..walk::narrow(old.name_count())).map(|number| (old.name(number), number)).collect();
        Self { numbers, added: FxHashMap::default(), text: old.names.to_string(), ends: old.ends.to_vec() }
    }

    fn number(&mut self, name: &str) -> u32 {
        if let Some(&number) = self.numbers.get(name).or_else(|| self.added.get(name)) {
            return number;
        }
        let number = walk::narrow(self.ends.len());
        self.text.push_str(name);
        self.ends.push(walk::narrow(self.text.len()));
        self.added.insert(name.to_owned(), number);
        number
    }
}

/// What is made in a function that others may make too: members of what it stands in, and what is made once.
fn shared<'file>(
    symbols: &'file [Symbol],
    around: &[usize],
    made_once: &[SymbolKind],
) -> Vec<(SymbolKind, &'file str, &'file str)> {
    let is_member = |symbol: &Symbol| symbol.parent.is_some_and(|parent| around.contains(&(parent as usize)));
    let shared = symbols.iter().filter(|symbol| is_member(symbol) || made_once.contains(&symbol.kind));
    shared.map(|symbol| (symbol.kind, symbol.container.as_str(), symbol.name.as_str())).collect()
}

fn is_function(kind: SymbolKind) -> bool {
    matches!(kind, SymbolKind::Function | SymbolKind::Method | SymbolKind::Constructor)
}

fn line_of(lines: &[u32], offset: u32) -> u32 {
    walk::narrow(lines.partition_point(|&start| start <= offset))
}

fn column_of(lines: &[u32], offset: u32) -> u32 {
    let line = lines.partition_point(|&start| start <= offset);
    offset - line.checked_sub(1).and_then(|line| lines.get(line)).copied().unwrap_or(0)
}

#[cfg(test)]
mod tests;
