//! Text: documents, positions, edits and edit sets.
//!
//! Everything inside Tierline counts in **bytes of UTF-8** from the start of a text ([`Span`]). Editors count in lines and
//! characters of an encoding they negotiate ([`Position`], [`PositionEncoding`]); this crate holds the one conversion between
//! the two. It knows nothing of files on disk, syntax, the index or the protocol.

mod diff;
mod document;
mod edit;
mod escape;
mod lines;
mod position;
mod words;

pub use diff::{edits_between, unified_diff};
pub use document::{AppliedChange, ContentChange, Document, Point};
pub use edit::{Edit, EditError, EditSet, apply_edits};
pub use escape::escaped;
pub use lines::{LineIndex, line_end, line_indent, line_start};
pub use position::{Position, PositionEncoding, PositionRange};
pub use words::whole_words;

/// A half-open range of byte offsets into a UTF-8 text, zero-based.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The first byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The span from `start` up to, but without, `end`.
    #[must_use]
    pub fn new(start: usize, end: usize) -> Self {
        debug_assert!(start <= end);
        let narrow = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        Self { start: narrow(start), end: narrow(end) }
    }

    /// The same bytes as a range that slices a `str`.
    #[must_use]
    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }

    /// How many bytes it covers.
    #[must_use]
    pub fn len(self) -> usize {
        (self.end - self.start) as usize
    }

    /// Whether it covers no byte.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// Whether `offset` lies in it. The end counts too: a cursor just behind a name is still on that name.
    #[must_use]
    pub fn touches(self, offset: usize) -> bool {
        (self.start as usize..=self.end as usize).contains(&offset)
    }

    /// Whether `inner` lies wholly in it.
    #[must_use]
    pub fn contains(self, inner: Self) -> bool {
        self.start <= inner.start && inner.end <= self.end
    }

    /// Whether the two share at least one byte.
    #[must_use]
    pub fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// The bytes of `text` that it covers; empty where it does not fit that text.
    #[must_use]
    pub fn of(self, text: &str) -> &str {
        text.get(self.range()).unwrap_or_default()
    }
}
