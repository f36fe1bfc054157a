//! The inverted index: which words stand in which symbols, how often and in which fields.

use rayon::prelude::*;
use rustc_hash::FxHashMap;
use smol_str::SmolStr;
use syntax::Symbol;

use crate::base::{Base, FileId, Lists, narrow};
use crate::words::head;
use crate::{FileRecord, words};

/// Doc comments are read up to this many bytes: what a symbol is for stands at their beginning.
const DOC_BYTES: usize = 800;
const SIGNATURE_BYTES: usize = 300;

/// Where a word was found, with what it counts there, in tenths. A path raises what other words have found.
pub(super) const FIELDS: [(&str, u16); 5] = [("name", 50), ("container", 20), ("doc", 15), ("path", 10), ("signature", 8)];
const NAME: usize = 0;
const CONTAINER: usize = 1;
const DOC: usize = 2;
pub(super) const PATH: usize = 3;
const SIGNATURE: usize = 4;

/// A word of a symbol: above [`Weight::FIELDS`] bits for the fields it stands in how often it stands there, weighted by field, in tenths.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Weight(u16);

impl Weight {
    const FIELDS: u32 = 5;
    /// More counts as this: long before it, the count has stopped to matter.
    const MOST: u16 = u16::MAX >> Self::FIELDS;

    fn new(tenths: u16, fields: u8) -> Self {
        Self(tenths.min(Self::MOST) << Self::FIELDS | u16::from(fields))
    }

    pub(super) fn tenths(self) -> u16 {
        self.0 >> Self::FIELDS
    }

    pub(super) fn fields(self) -> u8 {
        self.0.to_le_bytes()[0] & !(u8::MAX << Self::FIELDS)
    }

    /// Both together.
    fn and(self, other: Self) -> Self {
        Self::new(self.tenths() + other.tenths(), self.fields() | other.fields())
    }
}

/// A word of a symbol of the base. A large workspace has tens of millions: the symbol's number stands in halves, which leave no gap.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Entry {
    node: [u16; 2],
    weight: Weight,
}

impl Entry {
    pub(super) fn new(node: u32, weight: Weight) -> Self {
        let [a, b, c, d] = node.to_le_bytes();
        Self { node: [u16::from_le_bytes([a, b]), u16::from_le_bytes([c, d])], weight }
    }

    /// The number of the symbol among all of the base.
    pub(super) fn node(self) -> u32 {
        u32::from(self.node[0]) | u32::from(self.node[1]) << 16
    }

    pub(super) fn weight(self) -> Weight {
        self.weight
    }
}

const _: () = assert!(size_of::<Entry>() == 6 && FIELDS.len() == Weight::FIELDS as usize);

/// The words of one symbol.
pub(super) struct SymbolWords {
    terms: Vec<(SmolStr, Weight)>,
    tenths: u32,
}

/// The words of each symbol of a file, and those of its path.
pub(crate) struct FileWords {
    symbols: Vec<SymbolWords>,
    path: Vec<SmolStr>,
}

impl FileWords {
    pub(crate) fn new(record: &FileRecord) -> Self {
        let mut path: Vec<SmolStr> = Vec::new();
        words::each_term(record.path.rsplit_once('.').map_or(&record.path, |(head, _)| head), |term| path.push(term.into()));
        path.sort_unstable();
        path.dedup();
        Self { symbols: record.file().symbols.iter().map(SymbolWords::new).collect(), path }
    }

    pub(super) fn symbols(&self) -> &[SymbolWords] {
        &self.symbols
    }

    pub(super) fn has_in_path(&self, term: &str) -> bool {
        self.path.binary_search_by(|known| known.as_str().cmp(term)).is_ok()
    }
}

impl SymbolWords {
    fn new(symbol: &Symbol) -> Self {
        let mut this = Self { terms: Vec::new(), tenths: 0 };
        words::each_term(&symbol.name, |term| this.add(NAME, term));
        // The name in one piece, for whoever asks by it. One that a question is split at can be no word of it.
        let whole = symbol.name.to_lowercase();
        if words::is_one_part(&whole) {
            this.add(NAME, &whole);
        } else {
            this.tenths += u32::from(FIELDS[NAME].1);
        }
        words::each_term(&symbol.container, |term| this.add(CONTAINER, term));
        words::each_term(head(&symbol.doc, DOC_BYTES), |term| this.add(DOC, term));
        words::each_term(head(&symbol.signature, SIGNATURE_BYTES), |term| this.add(SIGNATURE, term));
        this.terms.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        this.terms.dedup_by(|again, first| {
            let same = again.0 == first.0;
            if same {
                first.1 = first.1.and(again.1);
            }
            same
        });
        this
    }

    fn add(&mut self, field: usize, term: &str) {
        let tenths = FIELDS[field].1;
        self.terms.push((term.into(), Weight::new(tenths, 1 << field)));
        self.tenths += u32::from(tenths);
    }

    pub(super) fn get(&self, term: &str) -> Option<Weight> {
        let found = self.terms.binary_search_by(|(known, _)| known.as_str().cmp(term)).ok()?;
        Some(self.terms[found].1)
    }
}

/// Which symbols of a base hold which words, and which files have them in their paths.
pub(crate) struct Words {
    numbers: FxHashMap<SmolStr, u32>,
    /// For each word the symbols that hold it, in order.
    symbols: Lists<Entry>,
    /// For each word the files in whose paths it stands, in order.
    paths: Lists<FileId>,
    /// The length of each symbol in words, weighted by field, in tenths.
    tenths: Vec<u16>,
    mean_tenths: f64,
}

/// How many symbols are taken apart, or one file more, before their words are put away: so that the words of all are never held as
/// text at once. Some files have as many symbols as a thousand others.
const SYMBOLS_AT_ONCE: usize = 1 << 14;

/// Words of symbols that follow one another, before they are put into lists: a third of the room of entries.
#[derive(Default)]
struct Piece {
    /// For each word how many symbols further it stands than the one before it, its number and its weight.
    bytes: Vec<u8>,
    last: u32,
}

impl Piece {
    fn push(&mut self, node: u32, number: u32, weight: Weight) {
        for value in [node - self.last, number, u32::from(weight.0)] {
            self.push_number(value);
        }
        self.last = node;
    }

    /// Seven bits in a byte, the lowest first; the eighth says that more follow.
    fn push_number(&mut self, mut value: u32) {
        while value > 0x7f {
            self.bytes.push(value.to_le_bytes()[0] | 0x80);
            value >>= 7;
        }
        self.bytes.push(value.to_le_bytes()[0]);
    }

    /// Each word's number, and its symbol with the weight.
    fn into_entries(self) -> impl Iterator<Item = (u32, Entry)> {
        let mut bytes = self.bytes.into_iter();
        let mut node = 0;
        std::iter::from_fn(move || {
            let mut next = || {
                let (mut value, mut shift) = (0_u32, 0);
                loop {
                    let byte = bytes.next()?;
                    value |= u32::from(byte & 0x7f) << shift;
                    shift += 7;
                    if byte < 0x80 {
                        return Some(value);
                    }
                }
            };
            node += next()?;
            let number = next()?;
            let weight = Weight(u16::try_from(next()?).unwrap_or(u16::MAX));
            Some((number, Entry::new(node, weight)))
        })
    }
}

impl Words {
    pub(crate) fn new(base: &Base) -> Self {
        let mut numbers: FxHashMap<SmolStr, u32> = FxHashMap::default();
        let mut number = |term: SmolStr| {
            let fresh = narrow(numbers.len());
            *numbers.entry(term).or_insert(fresh)
        };
        let mut lengths: Vec<u32> = Vec::new();
        // In pieces, because one list of all would be moved, and held twice, each time it outgrows its room.
        let mut pieces = Vec::new();
        let mut of_paths = Vec::new();
        let mut tenths = Vec::with_capacity(base.symbol_count());
        let mut rest = base.files.as_slice();
        while !rest.is_empty() {
            let mut symbols = 0;
            let within = rest.iter().take_while(|record| {
                let fits = symbols < SYMBOLS_AT_ONCE;
                symbols += record.counts.0 as usize;
                fits
            });
            let (records, left) = rest.split_at(within.count());
            let first = base.files.len() - rest.len();
            rest = left;
            let files: Vec<FileWords> = records.par_iter().map(|record| FileWords::new(record)).collect();
            let mut piece = Piece::default();
            for (file, words) in (narrow(first)..).zip(files) {
                of_paths.extend(words.path.into_iter().map(|term| (number(term), file)));
                for symbol in words.symbols {
                    let node = narrow(tenths.len());
                    tenths.push(u16::try_from(symbol.tenths).unwrap_or(u16::MAX));
                    for (term, weight) in symbol.terms {
                        let number = number(term);
                        lengths.resize(lengths.len().max(number as usize + 1), 0);
                        lengths[number as usize] += 1;
                        piece.push(node, number, weight);
                    }
                }
            }
            piece.bytes.shrink_to_fit();
            pieces.push(piece);
        }
        let total: f64 = tenths.iter().copied().map(f64::from).sum();
        let mean_tenths = (total / tenths.len().max(1) as f64).max(1.0);
        lengths.resize(numbers.len(), 0);
        // Each piece is freed when it is put away.
        let symbols = Lists::of_lengths(&lengths, pieces.into_iter().flat_map(Piece::into_entries));
        let paths = Lists::new(numbers.len(), of_paths.iter().copied());
        Self { numbers, symbols, paths, tenths, mean_tenths }
    }

    pub(super) fn symbol_count(&self) -> usize {
        self.tenths.len()
    }

    /// The length of a symbol of the base, where 1 is the mean length.
    pub(super) fn length(&self, node: u32) -> f64 {
        f64::from(self.tenths[node as usize]) / self.mean_tenths
    }

    /// The same of a symbol of a changed file.
    pub(super) fn length_of(&self, symbol: &SymbolWords) -> f64 {
        f64::from(symbol.tenths) / self.mean_tenths
    }

    /// The symbols that hold a word, and the files in whose paths it stands, in order.
    pub(super) fn lists(&self, term: &str) -> (&[Entry], &[FileId]) {
        self.numbers.get(term).map_or((&[], &[]), |&number| (self.symbols.list(number), self.paths.list(number)))
    }
}

#[cfg(test)]
mod tests {
    use super::{Piece, Weight};

    #[test]
    fn a_piece_gives_back_what_it_took() {
        let words = [(5, 0, 50, 1), (5, 127, 2_047, 0x1f), (300_000, 128, 8, 16), (4_000_000_000, u32::MAX, 0, 0)];
        let mut piece = Piece::default();
        for (node, number, tenths, fields) in words {
            piece.push(node, number, Weight::new(tenths, fields));
        }
        let back = piece.into_entries();
        let back = back.map(|(number, entry)| (entry.node(), number, entry.weight.tenths(), entry.weight.fields()));
        assert_eq!(back.collect::<Vec<_>>(), words);
    }

    #[test]
    fn weights_add_up_to_the_most() {
        let both = Weight::new(2_000, 1).and(Weight::new(50, 16));
        assert_eq!((both.tenths(), both.fields()), (2_047, 17));
    }
}
