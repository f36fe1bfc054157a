//! `move X to FILE`: a definition goes to another file, with the imports that it needs; whoever uses it finds it there.

use std::collections::BTreeSet;
use std::sync::Arc;

use assist::Snapshot;
use index::{FileRecord, Hit, Index, SymbolRef};
use syntax::{Language, Symbol};
use text::Span;

use super::names::{Needs, needs};
use super::{Exact, ExactError, go, java, lines, python, refuse, rust, script};
use crate::protected;

/// A definition on its way.
pub(super) struct Move<'a> {
    pub(super) snapshot: &'a Snapshot,
    pub(super) symbol: &'a SymbolRef,
    pub(super) record: Arc<FileRecord>,
    /// The text of the file that it leaves.
    pub(super) text: Arc<str>,
    /// The path of the file that it goes to.
    pub(super) to: &'a str,
    /// That file, where it is there.
    pub(super) target: Option<(Arc<FileRecord>, Arc<str>)>,
    /// The lines that go: all definitions of the name, with their comments.
    pub(super) spans: Vec<Span>,
    /// What they use.
    pub(super) needs: Needs,
}

impl Move<'_> {
    pub(super) fn index(&self) -> &Index {
        self.snapshot.index()
    }

    pub(super) fn from(&self) -> &str {
        self.symbol.path()
    }

    pub(super) fn name(&self) -> &str {
        &self.symbol.get().name
    }

    /// The text of the target; empty for a new file.
    pub(super) fn target_text(&self) -> &str {
        self.target.as_ref().map_or("", |(_, text)| text)
    }

    /// What goes, one blank line between its parts.
    pub(super) fn moved_text(&self) -> String {
        let parts: Vec<&str> = self.spans.iter().map(|span| span.of(&self.text).trim_end()).collect();
        parts.join("\n\n")
    }

    /// The definitions of the file that what goes uses and that stay.
    pub(super) fn own(&self) -> impl Iterator<Item = &Symbol> {
        self.needs.own.iter().filter_map(|&at| self.record.file().symbols.get(at))
    }

    /// The uses of the definition outside of itself.
    pub(super) fn hits(&self) -> Vec<Hit> {
        let inside = |hit: &Hit| hit.path() == self.from() && self.spans.iter().any(|span| span.contains(hit.get().span));
        self.index().references_of(self.symbol).into_iter().filter(|hit| !inside(hit)).collect()
    }

    /// What is left to do in the same way in all languages: the name moves from one file's list of definitions to another's.
    pub(super) fn exact(&self) -> Exact {
        Exact {
            gone: vec![(self.from().to_owned(), self.symbol.symbol_path())],
            moved: Some((self.symbol.clone(), self.to.to_owned())),
            what: format!("moved {} to {}", self.name(), self.to),
            ..Exact::default()
        }
    }
}

/// Moves a definition to the file at `to`, which is made where it is not there.
///
/// # Errors
/// Says why it is not certain that the program would mean the same.
pub(crate) fn move_symbol(snapshot: &Snapshot, symbol: &SymbolRef, to: &str) -> Result<Exact, ExactError> {
    let index = snapshot.index();
    let (record, name) = (Arc::clone(&symbol.record), symbol.get().name.clone());
    let Some(text) = snapshot.text(symbol.path()) else { return refuse(format!("{} cannot be read", symbol.path())) };
    if to == symbol.path() {
        return refuse(format!("{name} is in {to} already"));
    }
    may_write(snapshot, to)?;
    if !symbol.get().container.is_empty() {
        return refuse(format!("{} stands in {}; only what stands at the top of a file is moved", name, symbol.get().container));
    }
    if index.language(to, "") != Some(record.language) {
        return refuse(format!("{to} is not a file of {}", record.language.name()));
    }
    let target = match snapshot.text(to) {
        None if index.absolute(to).symlink_metadata().is_ok() => return refuse(format!("{to} cannot be read")),
        None => None,
        Some(text) => match index.file(to) {
            Some(record) => Some((Arc::clone(record), text)),
            None => return refuse(format!("{to} is not in the index")),
        },
    };
    let broken = [Some(&record), target.as_ref().map(|(record, _)| record)]
        .into_iter()
        .flatten()
        .find(|record| record.file().error_count > 0);
    if let Some(broken) = broken {
        return refuse(format!("{} does not parse as a whole", broken.path));
    }
    if target.as_ref().is_some_and(|(_, target)| target.contains("\r\n") != text.contains("\r\n")) {
        return refuse(format!("{} and {to} end their lines differently", symbol.path()));
    }
    if record.language == Language::Java {
        return java::move_class(snapshot, symbol, to);
    }
    let spans = definition_lines(&record, &text, symbol)?;
    let mut whole = Move { snapshot, symbol, record, text, to, target, needs: Needs::default(), spans };
    if whole.record.language == Language::Rust {
        rust::take_implementations(&mut whole)?;
    }
    whole.needs = needs(&whole.record, &whole.spans);
    taken(&whole)?;
    match whole.record.language {
        Language::Python => python::move_definition(&whole),
        Language::JavaScript | Language::TypeScript | Language::Tsx => script::move_definition(&whole),
        Language::Go => go::move_definition(&whole),
        Language::Rust => rust::move_definition(&whole),
        other => refuse(format!("moving a definition is not known for {}", other.name())),
    }
}

/// Whether a file may be written or made there.
pub(super) fn may_write(snapshot: &Snapshot, path: &str) -> Result<(), ExactError> {
    if let Some(reason) = protected::refusal(path) {
        return refuse(format!("{path:?} may not be written: {reason}"));
    }
    if snapshot.index().file(path).is_none() && !snapshot.index().admits_new(path) {
        return refuse(format!("{path} is ignored in this workspace"));
    }
    Ok(())
}

/// The whole lines of every definition of the symbol's name in its file, in their order.
pub(super) fn definition_lines(record: &FileRecord, text: &str, symbol: &SymbolRef) -> Result<Vec<Span>, ExactError> {
    let this = symbol.get();
    let marker = record.language.line_comment();
    let mut spans = Vec::new();
    for same in record.file().symbols.iter().filter(|other| other.name == this.name && other.container == this.container) {
        let Some(lines) = lines::whole_lines(text, same.full_span) else {
            return refuse(format!("something else stands on the lines of {}", this.name));
        };
        let shares =
            |other: &&Symbol| other.container == this.container && other.name != this.name && other.full_span.overlaps(lines);
        if let Some(other) = record.file().symbols.iter().find(shares) {
            return refuse(format!("{} and {} are defined by one statement", this.name, other.name));
        }
        if !text::line_indent(text, same.full_span.start as usize).is_empty() {
            return refuse(format!("{} is defined in a group or under a condition", this.name));
        }
        spans.push(lines::with_comment_above(text, lines, marker));
    }
    spans.sort();
    spans.dedup();
    Ok(spans)
}

/// Refuses where the target binds a name that what comes would bind, or that it means otherwise.
fn taken(whole: &Move<'_>) -> Result<(), ExactError> {
    let Some((target, _)) = &whole.target else { return Ok(()) };
    let file = target.file();
    let mut names: BTreeSet<&str> = whole.own().map(|symbol| symbol.name.as_str()).collect();
    names.insert(whole.name());
    names.extend(whole.needs.free.iter().map(String::as_str));
    if let Some(symbol) = file.symbols.iter().find(|symbol| symbol.container.is_empty() && names.contains(symbol.name.as_str())) {
        // In Go, both files are one package.
        if whole.record.language != Language::Go {
            return refuse(format!("{} is something else in {}", symbol.name, whole.to));
        }
    }
    let leads = whole.index().imported_files(whole.to);
    for (import, files) in file.imports.iter().zip(&leads) {
        let alias = super::names::head(&import.alias);
        let is_from_source = files.iter().any(|path| **path == *whole.from());
        if names.contains(alias) && !is_from_source && import.name != "*" {
            return refuse(format!("{alias} is imported from {} in {}", import.from, whole.to));
        }
        let needed = whole.needs.imports.iter().filter_map(|&at| whole.record.file().imports.get(at));
        let clash = needed.filter(|other| super::names::head(&other.alias) == alias && import.name != "*");
        let own_leads = whole.index().imported_files(whole.from());
        for other in clash {
            let same_text = (&other.from, &other.name) == (&import.from, &import.name);
            let at = whole.record.file().imports.iter().position(|import| import == other);
            let same_lead = at
                .and_then(|at| own_leads.get(at))
                .is_some_and(|lead| !lead.is_empty() && lead == files && other.name == import.name);
            if !same_text && !same_lead {
                return refuse(format!("{alias} is something else in {}", whole.to));
            }
        }
    }
    // What the code imports must not be defined in the target under the same name.
    let imported = whole.needs.imports.iter().filter_map(|&at| whole.record.file().imports.get(at));
    for import in imported {
        let alias = super::names::head(&import.alias);
        let other = file.symbols.iter().find(|symbol| symbol.container.is_empty() && symbol.name == alias);
        if other.is_some() && whole.record.language != Language::Go && import.name != "*" {
            return refuse(format!("{alias} is something else in {}", whole.to));
        }
    }
    Ok(())
}
