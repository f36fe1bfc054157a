//! A document that an editor has open.

use std::sync::Arc;

use crate::{LineIndex, PositionEncoding, PositionRange, Span};

/// The text of an open file at one version. Immutable: an edit makes a new one, so that a request keeps what it began with.
#[derive(Clone, Debug)]
pub struct Document {
    /// The whole text.
    pub text: Arc<str>,
    /// The starts of its lines.
    pub lines: Arc<LineIndex>,
    /// The version that the editor gave it.
    pub version: i32,
}

/// One change of a `textDocument/didChange`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContentChange {
    /// What is replaced, in the text as the changes before this one left it; `None` replaces everything.
    pub range: Option<PositionRange>,
    /// What stands there afterwards.
    pub text: String,
}

/// A zero-based row and a zero-based column in bytes, as tree-sitter counts. Rows end at `\n` only.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Point {
    /// The row, zero-based.
    pub row: usize,
    /// The column in bytes, zero-based.
    pub column: usize,
}

/// What an incremental parser must know of a change that was applied, in byte offsets and [`Point`]s.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AppliedChange {
    /// Where it begins, before and after.
    pub start: usize,
    /// Where the replaced text ended.
    pub old_end: usize,
    /// Where the new text ends.
    pub new_end: usize,
    /// The point of `start`.
    pub start_point: Point,
    /// The point of `old_end` in the old text.
    pub old_end_point: Point,
    /// The point of `new_end` in the new text.
    pub new_end_point: Point,
}

impl Document {
    /// A document with this text and version.
    #[must_use]
    pub fn new(text: impl Into<Arc<str>>, version: i32) -> Self {
        let text = text.into();
        let lines = Arc::new(LineIndex::new(&text));
        Self { text, lines, version }
    }

    /// The document after `changes`, each relative to the one before it, and what a parser must know of each, in order.
    /// Ranges that do not fit are clamped, as the protocol asks.
    #[must_use]
    pub fn apply(&self, changes: &[ContentChange], encoding: PositionEncoding, version: i32) -> (Self, Vec<AppliedChange>) {
        let mut text = self.text.to_string();
        let mut lines = Arc::clone(&self.lines);
        let mut applied = Vec::with_capacity(changes.len());
        for change in changes {
            let span = match change.range {
                Some(range) => lines.span(&text, range, encoding),
                None => Span::new(0, text.len()),
            };
            let start_point = point_after(Point::default(), &text[..span.start as usize]);
            let old_end_point = point_after(start_point, span.of(&text));
            text.replace_range(span.range(), &change.text);
            let new_end = span.start as usize + change.text.len();
            applied.push(AppliedChange {
                start: span.start as usize,
                old_end: span.end as usize,
                new_end,
                start_point,
                old_end_point,
                new_end_point: point_after(start_point, &change.text),
            });
            lines = Arc::new(lines.after(&text, span.start as usize, span.end as usize, new_end));
        }
        (Self { text: text.into(), lines, version }, applied)
    }
}

fn point_after(start: Point, inserted: &str) -> Point {
    let newlines = memchr::memchr_iter(b'\n', inserted.as_bytes()).count();
    match inserted.rfind('\n') {
        Some(last) => Point { row: start.row + newlines, column: inserted.len() - last - 1 },
        None => Point { row: start.row, column: start.column + inserted.len() },
    }
}
