//! One name in an import statement that lists several.

use index::FileRecord;
use syntax::{Import, ReferenceKind};
use text::{Edit, Span};

use super::lines;

/// One name of an import statement: `b as c` in `from a import (b as c, d)`.
#[derive(Debug)]
pub(super) struct Clause {
    /// The whole statement.
    pub(super) statement: Span,
    /// The name with its alias, and with `type` before it.
    pub(super) span: Span,
    /// The name alone.
    pub(super) name: Span,
    /// Whether the statement brings in nothing else.
    pub(super) is_alone: bool,
}

impl Clause {
    /// Where the name of an import stands in its statement.
    pub(super) fn of(record: &FileRecord, text: &str, import: &Import) -> Option<Self> {
        let file = record.file();
        let of_name = |name: Span| {
            let behind = &text[name.end as usize..import.span.end as usize];
            let alias = behind.trim_start().strip_prefix("as").filter(|rest| rest.starts_with(char::is_whitespace));
            let Some(alias) = alias else { return (import.alias == import.name).then_some(name) };
            let word = alias.trim_start();
            let length = word
                .find(|character: char| !(character.is_alphanumeric() || matches!(character, '_' | '$')))
                .unwrap_or(word.len());
            let end = import.span.end as usize - word.len() + length;
            (word[..length] == import.alias).then(|| Span::new(name.start as usize, end))
        };
        let names = file.references().filter(|reference| {
            reference.kind == ReferenceKind::Import && reference.name == import.name && import.span.contains(reference.span)
        });
        // The last of the same name, because a module before it may bear the name too.
        let (name, span) = names.filter_map(|reference| Some((reference.span, of_name(reference.span)?))).last()?;
        let before = &text[import.span.start as usize..span.start as usize];
        let start = match before.strip_suffix("type ") {
            Some(rest) if rest.trim_end().ends_with(['{', ',']) => span.start as usize - 5,
            _ => span.start as usize,
        };
        let is_alone = file.imports.iter().filter(|other| other.span == import.span).count() == 1;
        Some(Self { statement: import.span, span: Span::new(start, span.end as usize), name, is_alone })
    }

    /// Takes the name out of its statement, with the comma that parts it from the next.
    pub(super) fn removal(&self, text: &str) -> Edit {
        let (start, end) = (self.span.start as usize, self.span.end as usize);
        let behind = &text[end..self.statement.end as usize];
        let spaces = behind.len() - behind.trim_start().len();
        if behind.trim_start().starts_with(',') {
            let mut to = end + spaces + 1;
            let from = text::line_start(text, start);
            let rest = &text[to..text::line_end(text, to)];
            if text[from..start].trim().is_empty() && rest.trim().is_empty() {
                return Edit::replace(Span::new(from, text::line_end(text, to)), "");
            }
            to += rest.len() - rest.trim_start_matches([' ', '\t']).len();
            return Edit::replace(Span::new(start, to), "");
        }
        let before = text[..start].trim_end();
        let from = if before.ends_with(',') { before.len() - 1 } else { start };
        Edit::replace(Span::new(from.max(self.statement.start as usize), end), "")
    }
}

/// Edits that take these imports out: whole statements where nothing else is in them, else the one name, if `may_part` says so.
pub(super) fn without(record: &FileRecord, text: &str, idle: &[&Import], may_part: impl Fn(&Clause) -> bool) -> Vec<Edit> {
    let mut edits = Vec::new();
    let mut seen: Vec<Span> = Vec::new();
    for import in idle {
        let statement = import.span;
        if seen.contains(&statement) {
            continue;
        }
        seen.push(statement);
        let all = record.file().imports.iter().filter(|other| other.span == statement).count();
        let there = idle.iter().filter(|other| other.span == statement).count();
        if there == all {
            edits.extend(lines::whole_lines(text, statement).map(|lines| Edit::replace(lines, "")));
        } else if there == 1 {
            let clause = Clause::of(record, text, import).filter(|clause| may_part(clause));
            edits.extend(clause.map(|clause| clause.removal(text)));
        }
    }
    edits
}
