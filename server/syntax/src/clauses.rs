//! What is told of a definition behind it: its further clauses, and comments that look back.

use text::Span;

use crate::{
    Symbol,
    docs::{self, Comment},
    walk::{Walker, narrow},
};

/// So many symbols are asked whether a comment speaks of them.
const LOOK_BACK: usize = 64;

impl Walker<'_, '_> {
    /// Adds a further clause to the definition that it belongs to. Where other definitions stand between the two, the first stays
    /// as long as it was.
    pub(crate) fn add_clause(&mut self, first: u32, span: Span, hash: u64) {
        let position = first as usize;
        let Some((symbol, later)) = self.file.symbols.get_mut(position..).and_then(<[Symbol]>::split_first_mut) else { return };
        symbol.body_hash = symbol.body_hash.rotate_left(5) ^ hash;
        let end = symbol.span.end;
        if later.iter().any(|other| other.span.start >= end && other.span.end <= span.start) {
            return;
        }
        let lines = self.text.get(end as usize..span.end as usize).unwrap_or_default().matches('\n').count();
        symbol.end_line += narrow(lines);
        symbol.span.end = span.end;
        symbol.full_span.end = symbol.full_span.end.max(span.end);
    }

    /// Documents what stands right before a comment that looks back; whether it does.
    pub(crate) fn document_before(&mut self, comment: Span, what: Comment) -> bool {
        if !matches!(what, Comment::Behind | Comment::Beside) {
            return false;
        }
        // The innermost definition that ends in the comment's line, else the outermost that ends right above it.
        let mut found: Option<(usize, usize)> = None;
        for (position, symbol) in self.file.symbols.iter().enumerate().rev().take(LOOK_BACK) {
            if let Some(lines) = lines_between(self.text, symbol.span.end, comment.start)
                && (found.is_none() || lines > 0)
            {
                found = Some((position, lines));
            }
        }
        let Some((position, lines)) = found else { return false };
        if what == Comment::Beside && !(lines == 0 || (lines == 1 && closes(self.text, comment.end))) {
            return false;
        }
        if let Some(symbol) = self.file.symbols.get_mut(position).filter(|symbol| symbol.doc.is_empty()) {
            let mut doc = String::new();
            docs::push_comment(&mut doc, comment.of(self.text));
            symbol.doc = doc.trim_end().into();
        }
        true
    }
}

/// How many lines end between two places, if nothing but separators stands there.
fn lines_between(text: &str, from: u32, to: u32) -> Option<usize> {
    let between = text.get(from as usize..to as usize)?;
    let plain = between.chars().all(|character| character.is_whitespace() || matches!(character, ';' | ',' | '|'));
    plain.then(|| between.matches('\n').count())
}

/// Whether a blank line or the end of what is around it follows.
fn closes(text: &str, end: u32) -> bool {
    let after = text.get(end as usize..).unwrap_or_default();
    let rest = after.trim_start();
    rest.is_empty() || rest.starts_with("end") || after[..after.len() - rest.len()].matches('\n').count() > 1
}
