//! The names of a base as a search sees them: in lower case, one after the other in one block of memory.
//!
//! Most names do not match most queries. What can be told from a block of bytes or from a few bits is told from them, so that a
//! search over a million names looks closely at a few thousand.

use std::sync::{Arc, OnceLock};

use memchr::memmem::Finder;
use rayon::prelude::*;

use crate::names::Names;

/// The defined names of a base, by number.
#[derive(Debug)]
pub(crate) struct Spellings {
    names: Arc<Names>,
    /// The text of the names in lower case; each begins where it begins there.
    lower: String,
    /// Which letters each name holds, and which of them begin a part of it. A search that finds enough without it needs none.
    bits: OnceLock<Vec<(u64, u64)>>,
}

impl Spellings {
    pub(crate) fn new(names: Arc<Names>) -> Self {
        let text = names.text();
        let lower = if text.is_ascii() { text.to_ascii_lowercase() } else { names_in_lower_case(&names) };
        Self { names, lower, bits: OnceLock::new() }
    }

    /// Makes what searches need that look at more than beginnings.
    pub(crate) fn bits(&self) -> &[(u64, u64)] {
        self.bits.get_or_init(|| self.names.par_iter().map(|name| (letters(name), initials(name))).collect())
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
            let starts = self.names.starts();
            if starts.get(number + 1).is_some_and(|&next| next <= place) {
                number += starts[number..].partition_point(|&start| start <= place) - 1;
            }
            numbers.push(crate::base::narrow(number));
        }
        numbers
    }

    /// The numbers of the names that hold all these letters, each with whether the first of them begins a part of the name.
    pub(crate) fn with_letters(&self, wanted: u64, first: u64) -> impl Iterator<Item = (u32, bool)> + '_ {
        let with = (0_u32..).zip(self.bits()).filter(move |(_, bits)| wanted & !bits.0 == 0);
        with.map(move |(number, bits)| (number, first & !bits.1 == 0))
    }
}

/// Each name in lower case where that takes as many bytes, so that it begins where it began.
fn names_in_lower_case(names: &Names) -> String {
    let mut lower = String::with_capacity(names.text().len());
    lower.push('\n');
    for name in names.iter() {
        let full = name.to_lowercase();
        lower.push_str(if full.len() == name.len() { &full } else { name });
        lower.push('\n');
    }
    lower
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
        let names = Names::new(["HttpRequest", "parseHttp", "reset", "Ünder", "http"].into_iter());
        let spellings = Spellings::new(Arc::new(names));
        assert_eq!(spellings.beginning_with("http"), [0, 4]);
        assert_eq!(spellings.beginning_with("ünd"), [3]);
        assert_eq!(spellings.holding("http"), [0, 1, 4]);
        assert_eq!(spellings.holding("se"), [1, 2]);
        assert_eq!(spellings.holding("e\nr"), [], "no match reaches over two names");
        let with: Vec<(u32, bool)> = spellings.with_letters(letters("hr"), bit(b'h')).collect();
        assert_eq!(with, [(0, true), (1, true)]);
    }
}
