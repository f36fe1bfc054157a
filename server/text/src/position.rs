//! Positions as editors count them.

/// The unit in which an editor counts the characters of a line (LSP `PositionEncodingKind`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum PositionEncoding {
    /// Bytes.
    Utf8,
    /// Code units of UTF-16, the protocol's default.
    #[default]
    Utf16,
    /// Unicode scalar values.
    Utf32,
}

impl PositionEncoding {
    /// How many units of this encoding `text` takes.
    #[must_use]
    pub fn measure(self, text: &str) -> usize {
        match self {
            Self::Utf8 => text.len(),
            Self::Utf16 => text.chars().map(char::len_utf16).sum(),
            Self::Utf32 => text.chars().count(),
        }
    }

    /// The byte offset in `line` at which `units` of this encoding have passed. Beyond the end it is the end; inside a
    /// character it is that character's start.
    #[must_use]
    pub fn byte_offset(self, line: &str, units: u32) -> usize {
        let units = units as usize;
        let mut passed = 0;
        for (offset, character) in line.char_indices() {
            let width = match self {
                Self::Utf8 => character.len_utf8(),
                Self::Utf16 => character.len_utf16(),
                Self::Utf32 => 1,
            };
            if passed + width > units {
                return offset;
            }
            passed += width;
        }
        line.len()
    }
}

/// A place between two characters, as an editor names it: zero-based line and zero-based character, the latter in units of
/// the negotiated [`PositionEncoding`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// The line, zero-based.
    pub line: u32,
    /// The character in the line, zero-based.
    pub character: u32,
}

/// A half-open range of [`Position`]s.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PositionRange {
    /// The first place.
    pub start: Position,
    /// The place behind the last character.
    pub end: Position,
}
