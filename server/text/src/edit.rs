//! Edits to one text, and sets of edits to several files.

use std::collections::BTreeMap;

use crate::Span;

/// Replaces one span of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// The bytes that go, in the text before any edit of the same set.
    pub span: Span,
    /// What stands there afterwards.
    pub new_text: String,
}

impl Edit {
    /// Replaces `span` by `new_text`.
    #[must_use]
    pub fn replace(span: Span, new_text: impl Into<String>) -> Self {
        Self { span, new_text: new_text.into() }
    }

    /// Inserts `new_text` before the byte at `offset`.
    #[must_use]
    pub fn insert(offset: usize, new_text: impl Into<String>) -> Self {
        Self { span: Span::new(offset, offset), new_text: new_text.into() }
    }
}

/// Why edits cannot be applied to a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    /// Two edits touch the same bytes.
    #[error("two edits overlap at bytes {}..{} and {}..{}", .0.start, .0.end, .1.start, .1.end)]
    Overlap(Span, Span),
    /// An edit reaches beyond the text or into the middle of a character.
    #[error("an edit of bytes {}..{} does not fit the text", .0.start, .0.end)]
    OutOfBounds(Span),
}

/// The text after `edits`, all of which name spans of `text` as it is given; several insertions at one place keep their order.
///
/// # Errors
/// Fails, with nothing applied, where edits overlap or do not fit the text.
pub fn apply_edits(text: &str, edits: &[Edit]) -> Result<String, EditError> {
    let mut ordered: Vec<&Edit> = edits.iter().collect();
    ordered.sort_by_key(|edit| edit.span);
    for pair in ordered.windows(2) {
        if pair[0].span.end > pair[1].span.start {
            return Err(EditError::Overlap(pair[0].span, pair[1].span));
        }
    }
    let mut result = String::with_capacity(text.len());
    let mut copied = 0;
    for edit in ordered {
        let (start, end) = (edit.span.start as usize, edit.span.end as usize);
        let kept = text.get(copied..start).ok_or(EditError::OutOfBounds(edit.span))?;
        if !text.is_char_boundary(end) {
            return Err(EditError::OutOfBounds(edit.span));
        }
        result.push_str(kept);
        result.push_str(&edit.new_text);
        copied = end;
    }
    result.push_str(text.get(copied..).unwrap_or_default());
    Ok(result)
}

/// Edits to several files, by path relative to the workspace root with `/` between its parts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EditSet {
    files: BTreeMap<String, Vec<Edit>>,
}

impl EditSet {
    /// Adds one edit to one file.
    pub fn push(&mut self, path: impl Into<String>, edit: Edit) {
        self.files.entry(path.into()).or_default().push(edit);
    }

    /// Each file with its edits, in the order of their paths.
    pub fn files(&self) -> impl Iterator<Item = (&str, &[Edit])> {
        self.files.iter().map(|(path, edits)| (path.as_str(), edits.as_slice()))
    }

    /// How many files it changes.
    #[must_use]
    pub fn file_count(&self) -> usize {
        self.files.len()
    }

    /// How many edits it holds in all.
    #[must_use]
    pub fn edit_count(&self) -> usize {
        self.files.values().map(Vec::len).sum()
    }

    /// Whether it changes nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }
}
