//! Ranking: a question in words, symbols in the order in which they are likely to answer it.
//!
//! The lexical score is BM25 (Robertson, Walker, Jones, Hancock-Beaulieu, Gatford, "Okapi at TREC-3", 1994; Robertson and Spärck
//! Jones, "Relevance weighting of search terms", 1976) with the usual k1 = 1.2 and b = 0.75. A symbol is a document of several
//! fields, each with a weight, in the simple way of BM25F (Robertson, Zaragoza, Taylor, CIKM 2004): the weighted counts are added
//! before they are saturated. The score is then raised by the symbol's importance in the graph of references, and by how lately its
//! file was written:
//!
//! `score = BM25F × (½ + ½ covered) × kind × (1 + 0.35 importance) × (1 + 0.15 recency) × ½ for tests × ½ for generated files`

use rayon::prelude::*;
use rustc_hash::FxHashMap;
use smol_str::SmolStr;
use syntax::{Symbol, SymbolKind};

use crate::base::{Base, FileId, Lists, Place, narrow};
use crate::recency::RECENT;
use crate::words::head;
use crate::{FileRecord, Index, SymbolRef, words};

const K1: f64 = 1.2;
const B: f64 = 0.75;
/// How much the most important symbol gains over an unimportant one with the same words.
const PRIOR: f64 = 0.35;
/// Doc comments are read up to this many bytes: what a symbol is for stands at their beginning.
const DOC_BYTES: usize = 800;
const SIGNATURE_BYTES: usize = 300;

/// Where a word was found, with what it counts there, in tenths. A path raises what other words have found.
const FIELDS: [(&str, u16); 5] = [("name", 50), ("container", 20), ("doc", 15), ("path", 10), ("signature", 8)];
const NAME: usize = 0;
const CONTAINER: usize = 1;
const DOC: usize = 2;
const PATH: usize = 3;
const SIGNATURE: usize = 4;

/// A symbol that may answer a question.
#[derive(Clone, Debug)]
pub struct Ranked {
    /// The symbol.
    pub symbol: SymbolRef,
    /// Higher is better; only the order within one answer means anything.
    pub score: f64,
    /// Which words matched where: `retry in name, doc; delay in signature`.
    pub why: String,
}

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

    fn tenths(self) -> u16 {
        self.0 >> Self::FIELDS
    }

    fn fields(self) -> u8 {
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
    fn new(node: u32, weight: Weight) -> Self {
        let [a, b, c, d] = node.to_le_bytes();
        Self { node: [u16::from_le_bytes([a, b]), u16::from_le_bytes([c, d])], weight }
    }

    fn node(self) -> u32 {
        u32::from(self.node[0]) | u32::from(self.node[1]) << 16
    }
}

const _: () = assert!(size_of::<Entry>() == 6 && FIELDS.len() == Weight::FIELDS as usize);

/// The words of one symbol.
struct SymbolWords {
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

    fn get(&self, term: &str) -> Option<Weight> {
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

    fn lists(&self, term: &str) -> (&[Entry], &[FileId]) {
        self.numbers.get(term).map_or((&[], &[]), |&number| (self.symbols.list(number), self.paths.list(number)))
    }
}

/// More words of one question than this are not looked at.
const MOST_TERMS: usize = 16;
/// A word of more symbols than this raises those that other words have found, once these are enough, and finds none. Of no more symbols
/// than this is it reckoned how much they matter.
const COMMON: usize = 10_000;
const ENOUGH: usize = 500;

/// What one symbol has gathered.
#[derive(Clone, Copy, Default)]
struct Gathered {
    score: f64,
    /// For each word of the question the fields it was found in.
    fields: [u8; MOST_TERMS],
}

/// One word of a question.
struct Term<'i> {
    position: usize,
    text: &'i str,
    rarity: f64,
    symbols: &'i [Entry],
    paths: &'i [FileId],
}

impl Index {
    /// The symbols that the words of a question find, best first.
    pub(crate) fn rank_words(&self, question: &str, limit: usize) -> Vec<(Place, Ranked)> {
        self.ranks();
        let mut words = words::question(question);
        words.truncate(MOST_TERMS);
        let gathered = self.gather_all(&words);
        let mut ranked: Vec<(Place, Gathered)> = gathered.into_iter().collect();
        for ((file, symbol), found) in &mut ranked {
            let record = self.record(*file);
            let covered = found.fields.iter().filter(|fields| **fields != 0).count() as f64 / words.len().max(1) as f64;
            found.score *= (0.5 + 0.5 * covered) * kind_weight(&record.file().symbols[*symbol as usize]);
            found.score *= 1.0 + PRIOR * self.prominence((*file, *symbol));
            found.score *= 1.0 + RECENT * self.recency(*file);
            if record.is_generated {
                found.score *= 0.5;
            }
            if is_test(&record.path) && !words.iter().any(|term| term == "test") {
                found.score *= 0.5;
            }
        }
        let order = |a: &(Place, Gathered), b: &(Place, Gathered)| {
            let by_path = || (&self.record(a.0.0).path, a.0.1).cmp(&(&self.record(b.0.0).path, b.0.1));
            b.1.score.total_cmp(&a.1.score).then_with(by_path)
        };
        if ranked.len() > limit && limit > 0 {
            ranked.select_nth_unstable_by(limit - 1, order);
        }
        ranked.truncate(limit);
        ranked.sort_unstable_by(order);
        let answer = |(place, found): (Place, Gathered)| {
            (place, Ranked { symbol: self.symbol(place), score: found.score, why: why(&words, &found.fields) })
        };
        ranked.into_iter().map(answer).collect()
    }

    /// What the symbols of the workspace have to do with these words, the rarest word first.
    fn gather_all(&self, terms: &[String]) -> FxHashMap<Place, Gathered> {
        let words = self.base.words.get_or_init(|| Words::new(&self.base));
        let total = words.tenths.len().max(1) as f64;
        let term = |(position, text): (usize, &'_ String)| {
            let (symbols, paths) = words.lists(text);
            let below = paths.iter().map(|&file| self.base.files[file as usize].counts.0 as usize).sum::<usize>();
            let count = symbols.len().max(below) as f64;
            let rarity = (1.0 + (total - count + 0.5).max(0.5) / (count + 0.5)).ln();
            (position, rarity, symbols, paths)
        };
        let mut ordered: Vec<Term<'_>> = terms
            .iter()
            .enumerate()
            .map(|each| {
                let (position, rarity, symbols, paths) = term(each);
                Term { position, text: each.1, rarity, symbols, paths }
            })
            .collect();
        ordered.sort_by_key(|term| term.symbols.len());
        let mut gathered: FxHashMap<Place, Gathered> = FxHashMap::default();
        for term in &ordered {
            self.gather(words, term, &mut gathered);
        }
        if gathered.is_empty() {
            // Nothing but folders and files is called so: what stands in them answers.
            let files = ordered.iter().flat_map(|term| term.paths).copied().filter(|&file| !self.overlay.hides(file));
            let places = files.flat_map(|file| (0..self.base.files[file as usize].counts.0).map(move |symbol| (file, symbol)));
            gathered.extend(places.take(COMMON).map(|place| (place, Gathered::default())));
        }
        if gathered.len() > COMMON {
            gathered = most_alike(gathered);
        }
        self.raise_by_path(words, &ordered, &mut gathered);
        gathered
    }

    fn gather(&self, words: &Words, term: &Term<'_>, gathered: &mut FxHashMap<Place, Gathered>) {
        let add = |found: &mut Gathered, weight: Weight, tenths: u32| {
            found.score += term.rarity * saturated(f64::from(weight.tenths()) / 10.0, f64::from(tenths) / words.mean_tenths);
            found.fields[term.position] |= weight.fields();
        };
        if term.symbols.len() > COMMON && gathered.len() >= ENOUGH {
            for (&place, found) in gathered.iter_mut().filter(|(place, _)| place.0 < self.base.len()) {
                let node = self.base.node(place);
                if let Ok(at) = term.symbols.binary_search_by_key(&node, |entry| entry.node()) {
                    add(found, term.symbols[at].weight, u32::from(words.tenths[node as usize]));
                }
            }
        } else {
            for entry in term.symbols {
                let place = self.base.place(entry.node());
                if !self.overlay.hides(place.0) {
                    add(gathered.entry(place).or_default(), entry.weight, u32::from(words.tenths[entry.node() as usize]));
                }
            }
        }
        for (position, record) in self.overlay.records() {
            let of_file = self.overlay.changed()[position as usize].words.get_or_init(|| FileWords::new(record));
            for (symbol, words) in (0_u32..).zip(&of_file.symbols) {
                if let Some(weight) = words.get(term.text) {
                    add(gathered.entry((self.base.len() + position, symbol)).or_default(), weight, words.tenths);
                }
            }
        }
    }

    /// Raises what was found by the words that stand in the path of its file.
    fn raise_by_path(&self, words: &Words, terms: &[Term<'_>], gathered: &mut FxHashMap<Place, Gathered>) {
        for (&(file, symbol), found) in gathered.iter_mut() {
            for term in terms {
                let (in_path, tenths) = match file.checked_sub(self.base.len()) {
                    None => (
                        term.paths.binary_search(&file).is_ok(),
                        u32::from(words.tenths[self.base.node((file, symbol)) as usize]),
                    ),
                    Some(position) => {
                        let of_file = self.overlay.changed()[position as usize].words.get();
                        let has = |words: &FileWords| words.path.binary_search_by(|known| known.as_str().cmp(term.text)).is_ok();
                        let tenths = of_file.and_then(|words| words.symbols.get(symbol as usize)).map_or(0, |words| words.tenths);
                        (of_file.is_some_and(has), tenths)
                    }
                };
                if in_path {
                    let weight = f64::from(FIELDS[PATH].1) / 10.0;
                    // What the word says of the symbol itself has counted already, and saturates what its path says.
                    let share = if found.fields[term.position] == 0 { 1.0 } else { 0.25 };
                    found.score += share * term.rarity * saturated(weight, f64::from(tenths) / words.mean_tenths);
                    found.fields[term.position] |= 1 << PATH;
                }
            }
        }
    }
}

/// Of very many symbols those that say most of what was asked: what their paths and their importance add does not make up for the rest.
fn most_alike(gathered: FxHashMap<Place, Gathered>) -> FxHashMap<Place, Gathered> {
    let mut all: Vec<(Place, Gathered)> = gathered.into_iter().collect();
    let order = |a: &(Place, Gathered), b: &(Place, Gathered)| b.1.score.total_cmp(&a.1.score).then_with(|| a.0.cmp(&b.0));
    all.select_nth_unstable_by(COMMON, order);
    all.truncate(COMMON);
    all.into_iter().collect()
}

/// BM25's saturation of a count in a text of this length, where 1 is the mean length.
fn saturated(count: f64, length: f64) -> f64 {
    count * (K1 + 1.0) / (count + K1 * (1.0 - B + B * length))
}

/// Whether a path looks like tests, fixtures or examples, which repeat every word of what they exercise.
pub(crate) fn is_test(path: &str) -> bool {
    let aside = ["test", "tests", "testing", "__tests__", "spec", "fixtures", "testdata", "examples", "benches", "bench"];
    let name = crate::paths::stem(path);
    crate::paths::folder(path).split('/').any(|part| aside.contains(&part))
        || name.starts_with("test_")
        || ["_test", "_tests", "Test", "Tests"].iter().any(|ending| name.ends_with(ending))
        || [".test.", ".spec."].iter().any(|infix| crate::paths::file_name(path).contains(infix))
}

/// How likely a thing of this kind is what somebody asks for.
pub(crate) fn kind_weight(symbol: &Symbol) -> f64 {
    match symbol.kind {
        SymbolKind::Field | SymbolKind::Property | SymbolKind::EnumMember => 0.6,
        SymbolKind::Variable | SymbolKind::TypeParameter => 0.5,
        SymbolKind::Module | SymbolKind::Namespace | SymbolKind::Package => 0.7,
        _ => 1.0,
    }
}

fn why(terms: &[String], found: &[u8]) -> String {
    let part = |(term, &fields): (&String, &u8)| {
        let places = FIELDS.iter().enumerate().filter(|(bit, _)| fields & (1 << bit) != 0).map(|(_, (name, _))| *name);
        format!("{term} in {}", places.collect::<Vec<_>>().join(", "))
    };
    let said = terms.iter().zip(found).filter(|(_, fields)| **fields != 0);
    said.map(part).collect::<Vec<_>>().join("; ")
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
