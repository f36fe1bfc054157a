//! The names of a base as a search sees them: in lower case, one after the other in one block of memory.
//!
//! Most names do not match most queries. What can be told from a block of bytes or from a few bits is told from them, so that a
//! search over a million names looks closely at a few thousand.

use std::ops::Range;
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
    /// A search that finds enough without it needs none.
    bits: OnceLock<Bits>,
}

/// Bits of each name, by number.
#[derive(Debug)]
struct Bits {
    /// Which letters it holds.
    letters: Vec<u64>,
    /// Which of them begin a part of it.
    initials: Vec<u64>,
}

impl Spellings {
    pub(crate) fn new(names: Arc<Names>) -> Self {
        let text = names.text();
        let lower = if text.is_ascii() { text.to_ascii_lowercase() } else { names_in_lower_case(&names) };
        Self { names, lower, bits: OnceLock::new() }
    }

    /// Makes what searches need that look at more than beginnings.
    pub(crate) fn find_bits(&self) {
        self.bits();
    }

    fn bits(&self) -> &Bits {
        self.bits.get_or_init(|| {
            let (letters, initials) = self.names.par_iter().map(|name| (letters(name), initials(name))).unzip();
            Bits { letters, initials }
        })
    }

    /// The numbers of the names that begin with this, which is in lower case.
    pub(crate) fn beginning_with(&self, lower: &str) -> Vec<u32> {
        if lower.is_ascii() {
            // The names are in their order, and few of the ways to write a beginning in upper and lower case are there.
            let mut alike: Vec<Range<usize>> = std::iter::once(0..self.names.len()).collect();
            for (at, byte) in lower.bytes().enumerate() {
                let upper = Some(byte.to_ascii_uppercase()).filter(|&upper| upper != byte);
                let ways: Vec<u8> = upper.into_iter().chain([byte]).collect();
                let narrowed = alike.iter().flat_map(|range| ways.iter().map(|&way| self.with_byte(range, at, way)));
                alike = narrowed.filter(|range| !range.is_empty()).collect();
            }
            let mut numbers: Vec<u32> = alike.into_iter().flatten().map(crate::base::narrow).collect();
            numbers.sort_unstable();
            return numbers;
        }
        let needle = format!("\n{lower}");
        let found = memchr::memmem::find_iter(self.lower.as_bytes(), needle.as_bytes());
        // The line feed is the last byte of the name before.
        self.numbers(found.map(|at| at + 1))
    }

    /// Those of names that are alike in the bytes before `at` which have this byte of ASCII there.
    fn with_byte(&self, names: &Range<usize>, at: usize, byte: u8) -> Range<usize> {
        let first = |least: u8| {
            let (mut low, mut high) = (names.start, names.end);
            while low < high {
                let middle = low.midpoint(high);
                if self.names.get(middle).as_bytes().get(at).copied() < Some(least) {
                    low = middle + 1;
                } else {
                    high = middle;
                }
            }
            low
        };
        first(byte)..first(byte + 1)
    }

    /// The name of a number in lower case, where that takes as many bytes.
    pub(crate) fn lower(&self, number: u32) -> &str {
        let starts = self.names.starts();
        let bounds = starts.get(number as usize).zip(starts.get(number as usize + 1));
        bounds.and_then(|(&start, &next)| self.lower.get(start as usize..next as usize - 1)).unwrap_or_default()
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
        let Bits { letters, initials } = self.bits();
        let with = (0_u32..).zip(letters).filter(move |(_, letters)| wanted & !**letters == 0);
        with.map(move |(number, _)| (number, first & !initials[number as usize] == 0))
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
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_are_found_by_their_beginning_by_what_they_hold_and_by_their_letters() {
        let names = Names::new(["HTTP", "HttpRequest", "http", "http_2", "parseHttp", "reset", "Ünder"].into_iter());
        let spellings = Spellings::new(Arc::new(names));
        assert_eq!(spellings.beginning_with("http"), [0, 1, 2, 3]);
        assert_eq!(spellings.beginning_with("http_"), [3]);
        assert_eq!(spellings.beginning_with("httpx"), []);
        assert_eq!(spellings.beginning_with("ünd"), [6]);
        assert_eq!(spellings.holding("http"), [0, 1, 2, 3, 4]);
        assert_eq!(spellings.holding("se"), [4, 5]);
        assert_eq!(spellings.lower(1), "httprequest");
        assert_eq!(spellings.holding("e\nr"), [], "no match reaches over two names");
        let with: Vec<(u32, bool)> = spellings.with_letters(letters("hr"), bit(b'h')).collect();
        assert_eq!(with, [(1, true), (4, true)]);
    }

    proptest! {
        #[test]
        fn what_begins_so_is_found_whatever_its_case(names in prop::collection::btree_set("[abAB_é]{1,5}", 0..30), lower in "[ab_]{1,3}") {
            let spellings = Spellings::new(Arc::new(Names::new(names.iter().map(String::as_str))));
            let begins = |name: &&String| name.get(..lower.len()).is_some_and(|head| head.eq_ignore_ascii_case(&lower));
            let found = spellings.beginning_with(&lower);
            let expected: Vec<&String> = names.iter().filter(begins).collect();
            prop_assert_eq!(found.iter().map(|&number| spellings.names.get(number as usize)).collect::<Vec<_>>(), expected);
        }
    }
}
