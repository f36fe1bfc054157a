//! The table: a vector for each of some twenty thousand words and pieces of words.
//!
//! The file: `TLE1`, the number of rows and of dimensions and the length of the text as little-endian `u32`; the words, a line
//! each; for each row its scale as little-endian `f32`; the rows, a signed byte a dimension.

use std::sync::OnceLock;

use rustc_hash::FxHashMap;

use crate::vector::{DIMENSIONS, Sum};

/// The table that is built in.
static EMBEDDED: &[u8] = include_bytes!("../table.bin");

const HEAD: usize = 16;
/// No piece of a word is longer, in bytes.
const LONGEST: usize = 24;

/// Words and pieces of words with their vectors.
pub struct Table {
    numbers: FxHashMap<&'static str, u32>,
    scales: Vec<f32>,
    rows: &'static [u8],
}

impl Table {
    /// The table that is built in. The first call takes the words into memory, which takes a millisecond or two.
    ///
    /// # Panics
    /// Where the program was built with a broken table.
    #[must_use]
    pub fn embedded() -> &'static Self {
        static TABLE: OnceLock<Table> = OnceLock::new();
        TABLE.get_or_init(|| Self::read(EMBEDDED).expect("the table that is built in is whole"))
    }

    fn read(bytes: &'static [u8]) -> Option<Self> {
        let number = |at: usize| Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?) as usize);
        let (rows, dimensions, text) = (number(4)?, number(8)?, number(12)?);
        let words = std::str::from_utf8(bytes.get(HEAD..HEAD + text)?).ok()?;
        let scales = bytes.get(HEAD + text..HEAD + text + 4 * rows)?;
        let rest = bytes.get(HEAD + text + 4 * rows..)?;
        if !bytes.starts_with(b"TLE1") || dimensions != DIMENSIONS || rest.len() != rows * DIMENSIONS {
            return None;
        }
        let numbers: FxHashMap<&str, u32> = words.lines().zip(0..).collect();
        let scales = scales.as_chunks().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect();
        (numbers.len() == rows).then_some(Self { numbers, scales, rows: rest })
    }

    /// Adds a word in lower case to a sum: as it stands in the table, or else in the longest pieces that do, as WordPiece takes it
    /// apart (Wu et al., 2016). A word of which a piece is not known adds nothing.
    pub fn add(&self, sum: &mut Sum, word: &str) {
        if let Some(&number) = self.numbers.get(word) {
            return self.add_row(sum, number, 1.0);
        }
        let mut pieces = [0; 16];
        let mut n_pieces = 0;
        let mut rest = word;
        while !rest.is_empty() {
            let Some((number, length)) = self.piece(rest, n_pieces > 0) else { return };
            if n_pieces == pieces.len() {
                return;
            }
            pieces[n_pieces] = number;
            n_pieces += 1;
            rest = &rest[length..];
        }
        // However many pieces it falls into, it is one word.
        for &number in &pieces[..n_pieces] {
            self.add_row(sum, number, 1.0 / n_pieces as f32);
        }
    }

    /// The longest known piece that a text begins with, and its length in bytes.
    fn piece(&self, text: &str, inside: bool) -> Option<(u32, usize)> {
        let mut key = [b'#'; LONGEST + 2];
        let longest = text.len().min(LONGEST);
        key[2..2 + longest].copy_from_slice(&text.as_bytes()[..longest]);
        (1..=longest).rev().filter(|&length| text.is_char_boundary(length)).find_map(|length| {
            let piece = std::str::from_utf8(&key[if inside { 0 } else { 2 }..2 + length]).ok()?;
            self.numbers.get(piece).map(|&number| (number, length))
        })
    }

    fn add_row(&self, sum: &mut Sum, number: u32, weight: f32) {
        let at = number as usize;
        let row = &self.rows[at * DIMENSIONS..][..DIMENSIONS];
        let scale = self.scales[at] * weight;
        for (number, byte) in sum.0.iter_mut().zip(row) {
            *number += f32::from(byte.cast_signed()) * scale;
        }
    }
}

impl std::fmt::Debug for Table {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Table").field("rows", &self.scales.len()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::{EMBEDDED, Table};
    use crate::{Sum, Vector};

    fn of(words: &str) -> Option<Vector> {
        let mut sum = Sum::default();
        words.split(' ').for_each(|word| Table::embedded().add(&mut sum, word));
        sum.direction()
    }

    #[test]
    fn the_table_stays_within_its_size() {
        assert!(EMBEDDED.len() <= 8 << 20);
        assert!(Table::read(&EMBEDDED[..EMBEDDED.len() - 1]).is_none());
    }

    #[test]
    fn words_of_one_meaning_lie_nearer_than_others() {
        let near = |one: &str, two: &str| of(one).unwrap().likeness(&of(two).unwrap());
        for (word, same, other) in
            [("delete", "remove", "font"), ("mutex", "lock", "parse"), ("retry", "attempt", "color"), ("ctx", "context", "file")]
        {
            assert!(near(word, same) > near(word, other) + 0.1, "{word}: {same} {other}");
        }
        assert!(near("delete", "delete") > 0.98);
    }

    #[test]
    fn unknown_words_fall_into_pieces_and_rubbish_into_nothing() {
        assert!(of("deserializability").is_some());
        assert!(of("").is_none());
        assert!(of("\u{10ffff}").is_none());
        assert!(of(&"x".repeat(100_000)).is_none());
    }
}
