//! Where the lines of a text begin.

use crate::{Position, PositionEncoding, PositionRange, Span};

/// The starts of a text's lines. `\n`, `\r\n` and a lone `\r` each end a line, as the protocol says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineIndex {
    /// Byte offset of each line's first byte; the first is always 0.
    starts: Box<[u32]>,
}

/// The offset of the first byte of the line that holds the byte `offset`, which lies on a character boundary of `text`. Only `\n` ends a
/// line here: what is asked is whole lines of one file, not positions of the protocol.
#[must_use]
pub fn line_start(text: &str, offset: usize) -> usize {
    text[..offset].rfind('\n').map_or(0, |at| at + 1)
}

/// The offset behind the line end of the line that holds the byte `offset`; the length of `text` in its last line.
#[must_use]
pub fn line_end(text: &str, offset: usize) -> usize {
    text[offset..].find('\n').map_or(text.len(), |at| offset + at + 1)
}

/// The blanks and tabs that begin the line of the byte `offset`.
#[must_use]
pub fn line_indent(text: &str, offset: usize) -> &str {
    let line = &text[line_start(text, offset)..];
    &line[..line.len() - line.trim_start_matches([' ', '\t']).len()]
}

/// The starts of the lines behind the line ends that lie in these bytes of a text.
fn starts_in(text: &str, from: usize, to: usize) -> impl Iterator<Item = u32> {
    let bytes = text.as_bytes();
    memchr::memchr2_iter(b'\n', b'\r', &bytes[from..to]).filter_map(move |at| {
        let at = from + at;
        (bytes[at] == b'\n' || bytes.get(at + 1) != Some(&b'\n')).then(|| Span::new(0, at + 1).end)
    })
}

impl LineIndex {
    /// Reads `text` once.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let mut starts = vec![0];
        starts.extend(starts_in(text, 0, text.len()));
        Self { starts: starts.into() }
    }

    /// The starts of the lines of `text`, in which `old_end - start` bytes of the text of these lines were replaced by `new_end - start`
    /// others. Only the lines of the change are read.
    pub(crate) fn after(&self, text: &str, start: usize, old_end: usize, new_end: usize) -> Self {
        // A `\r` right before the change ends a line or not by what follows it now.
        let first = self.line_of(start.saturating_sub(1));
        let behind = self.starts.partition_point(|&start| start as usize <= old_end);
        let moved = |start: &u32| Span::new(0, *start as usize - old_end + new_end).end;
        let mut starts = Vec::with_capacity(self.starts.len() + 1);
        starts.extend_from_slice(&self.starts[..=first]);
        starts.extend(starts_in(text, self.starts[first] as usize, new_end));
        starts.extend(self.starts[behind..].iter().map(moved));
        Self { starts: starts.into() }
    }

    /// The number of lines; a text that ends in a line end has an empty last line.
    #[must_use]
    pub fn line_count(&self) -> usize {
        self.starts.len()
    }

    /// The zero-based line of a byte offset; beyond the end it is the last line.
    #[must_use]
    pub fn line_of(&self, offset: usize) -> usize {
        self.starts.partition_point(|&start| start as usize <= offset) - 1
    }

    /// The bytes of a zero-based line without its line end; beyond the last line it is the empty span at the text's end.
    #[must_use]
    pub fn line_span(&self, text: &str, line: usize) -> Span {
        let Some(&start) = self.starts.get(line) else {
            return Span::new(text.len(), text.len());
        };
        let start = start as usize;
        let end = self.starts.get(line + 1).map_or(text.len(), |&next| next as usize);
        let content = text.get(start..end).unwrap_or_default();
        Span::new(start, start + content.trim_end_matches(['\r', '\n']).len())
    }

    /// The byte offset of a position, always on a character boundary. A line beyond the last is the text's end; a character
    /// beyond the line's end is the line's end (before its `\r\n`); inside a character it is that character's start.
    #[must_use]
    pub fn offset(&self, text: &str, position: Position, encoding: PositionEncoding) -> usize {
        let line = self.line_span(text, position.line as usize);
        line.start as usize + encoding.byte_offset(line.of(text), position.character)
    }

    /// The position of a byte offset, which is clamped to the text, moved back to a character boundary, and never between
    /// `\r` and `\n`.
    #[must_use]
    pub fn position(&self, text: &str, offset: usize, encoding: PositionEncoding) -> Position {
        let offset = text.floor_char_boundary(offset.min(text.len()));
        let line = self.line_of(offset);
        let span = self.line_span(text, line);
        let offset = offset.min(span.end as usize);
        let before = text.get(span.start as usize..offset).unwrap_or_default();
        let narrow = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        Position { line: narrow(line), character: narrow(encoding.measure(before)) }
    }

    /// Both ends of a span as positions.
    #[must_use]
    pub fn position_range(&self, text: &str, span: Span, encoding: PositionEncoding) -> PositionRange {
        PositionRange {
            start: self.position(text, span.start as usize, encoding),
            end: self.position(text, span.end as usize, encoding),
        }
    }

    /// The bytes between two positions; the ends are put in order where they are not.
    #[must_use]
    pub fn span(&self, text: &str, range: PositionRange, encoding: PositionEncoding) -> Span {
        let start = self.offset(text, range.start, encoding);
        let end = self.offset(text, range.end, encoding);
        Span::new(start.min(end), start.max(end))
    }
}
