//! The names of a base as a search sees them: in lower case, one after the other in one block of memory.
//!
//! Most names do not match most queries. What can be told from a block of bytes or from a few bits is told from them, so that a
//! search over a million names looks closely at a few thousand.

use memchr::memmem::Finder;
use rayon::prelude::*;
use smol_str::SmolStr;

/// How many names one thread lowers in a row.
const PIECE: usize = 16_384;

/// The defined names of a base, by number.
#[derive(Debug, Default)]
pub(crate) struct Spellings {
    /// Each name in lower case, with a line feed before it and behind the last.
    lower: String,
    /// Where each name begins in `lower`; one more than there are names.
    starts: Vec<u32>,
    /// Which letters each name holds, and which of them begin a part of it.
    bits: Vec<(u64, u64)>,
}

impl Spellings {
    pub(crate) fn new(names: &[SmolStr]) -> Self {
        let pieces: Vec<Self> = names.par_chunks(PIECE).map(Self::piece).collect();
        let mut all = Self { lower: "\n".to_owned(), ..Self::default() };
        for piece in pieces {
            let offset = crate::base::narrow(all.lower.len());
            all.lower.push_str(&piece.lower);
            all.starts.extend(piece.starts.iter().map(|start| start + offset));
            all.bits.extend(piece.bits);
        }
        all.starts.push(crate::base::narrow(all.lower.len()));
        all
    }

    fn piece(names: &[SmolStr]) -> Self {
        let mut piece = Self::default();
        for name in names {
            piece.starts.push(crate::base::narrow(piece.lower.len()));
            if name.is_ascii() {
                piece.lower.extend(name.bytes().map(|byte| char::from(byte.to_ascii_lowercase())));
            } else {
                piece.lower.extend(
                    name.chars().flat_map(char::to_lowercase).map(|character| if character == '\n' { ' ' } else { character }),
                );
            }
            piece.lower.push('\n');
            piece.bits.push((letters(name), initials(name)));
        }
        piece
    }

    /// The numbers of the names that begin with this, which is in lower case.
    pub(crate) fn beginning_with(&self, lower: &str) -> Vec<u32> {
        let needle = format!("\n{lower}");
        let found = memchr::memmem::find_iter(self.lower.as_bytes(), needle.as_bytes());
        // The line feed is the last byte of the name before.
        self.numbers(found.map(|at| at + 1))
    }

    /// The numbers of the names that hold this somewhere; it is in lower case.
    pub(crate) fn holding(&self, lower: &str) -> Vec<u32> {
        let finder = Finder::new(lower);
        let found = finder.find_iter(self.lower.as_bytes());
        let mut numbers = self.numbers(found);
        numbers.dedup();
        numbers
    }

    fn numbers(&self, places: impl Iterator<Item = usize>) -> Vec<u32> {
        let mut numbers = Vec::new();
        let mut number = 0_usize;
        for place in places {
            let place = crate::base::narrow(place);
            // Most matches lie far apart: a search by halves over what is left.
            if self.starts.get(number + 1).is_some_and(|&next| next <= place) {
                number += self.starts[number..].partition_point(|&start| start <= place) - 1;
            }
            numbers.push(crate::base::narrow(number));
        }
        numbers
    }

    /// The numbers of the names that hold all these letters, each with whether the first of them begins a part of the name.
    pub(crate) fn with_letters(&self, wanted: u64, first: u64) -> impl Iterator<Item = (u32, bool)> + '_ {
        let with = (0_u32..).zip(&self.bits).filter(move |(_, bits)| wanted & !bits.0 == 0);
        with.map(move |(number, bits)| (number, first & !bits.1 == 0))
    }
}

/// Which letters and digits a name holds, as bits: a name without one of the query's letters cannot match.
pub(crate) fn letters(name: &str) -> u64 {
    name.bytes().fold(0_u64, |bits, byte| bits | bit(byte))
}

/// Which letters and digits begin a part of a name. Whoever begins with a letter of another script begins with any.
fn initials(name: &str) -> u64 {
    if !name.is_ascii() {
        return u64::MAX;
    }
    let mut before = b'_';
    let mut bits = 0;
    for byte in name.bytes() {
        let begins =
            !before.is_ascii_alphabetic() || byte.is_ascii_uppercase() || (byte.is_ascii_digit() && !before.is_ascii_digit());
        if begins {
            bits |= bit(byte);
        }
        before = byte;
    }
    bits
}

/// The bit of one byte; none for what is no ASCII letter or digit.
pub(crate) fn bit(byte: u8) -> u64 {
    match byte.to_ascii_lowercase() {
        letter @ b'a'..=b'z' => 1 << (letter - b'a'),
        digit @ b'0'..=b'9' => 1 << (26 + digit - b'0'),
        b'_' => 1 << 36,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_by_their_beginning_by_what_they_hold_and_by_their_letters() {
        let names: Vec<SmolStr> = ["HttpRequest", "parseHttp", "reset", "Ünder", "http"].map(SmolStr::from).into();
        let spellings = Spellings::new(&names);
        assert_eq!(spellings.beginning_with("http"), [0, 4]);
        assert_eq!(spellings.beginning_with("ünd"), [3]);
        assert_eq!(spellings.holding("http"), [0, 1, 4]);
        assert_eq!(spellings.holding("se"), [1, 2]);
        assert_eq!(spellings.holding("e\nr"), [], "no match reaches over two names");
        let with: Vec<(u32, bool)> = spellings.with_letters(letters("hr"), bit(b'h')).collect();
        assert_eq!(with, [(0, true), (1, true)]);
    }
}
