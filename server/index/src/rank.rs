//! Ranking: a question in words, symbols in the order in which they are likely to answer it.
//!
//! The lexical score is BM25 (Robertson, Walker, Jones, Hancock-Beaulieu, Gatford, "Okapi at TREC-3", 1994; Robertson and Spärck
//! Jones, "Relevance weighting of search terms", 1976) with the usual k1 = 1.2 and b = 0.75. A symbol is a document of several
//! fields, each with a weight, in the simple way of BM25F (Robertson, Zaragoza, Taylor, CIKM 2004): the weighted counts are added
//! before they are saturated. The score is then raised by the symbol's importance in the graph of references.

use rayon::prelude::*;
use rustc_hash::FxHashMap;
use syntax::{Symbol, SymbolKind};

use crate::base::{Base, Place, Postings};
use crate::{FileRecord, Index, SymbolRef, words};

const K1: f64 = 1.2;
const B: f64 = 0.75;
/// How much the most important symbol gains over an unimportant one with the same words.
const PRIOR: f64 = 0.35;
/// Doc comments are read up to this many bytes: what a symbol is for stands at their beginning.
const DOC_BYTES: usize = 800;
const SIGNATURE_BYTES: usize = 300;

/// Where a word was found, with what it counts there.
const FIELDS: [(&str, f32); 5] = [("name", 5.0), ("container", 2.0), ("doc", 1.5), ("path", 1.0), ("signature", 0.8)];

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

/// A word of a symbol: its weighted count, and the fields it stands in as bits.
#[derive(Clone, Copy, Debug, Default)]
struct Weight {
    count: f32,
    fields: u8,
}

/// The words of one symbol.
struct SymbolWords {
    terms: FxHashMap<String, Weight>,
    length: f32,
}

/// The words of each symbol of a file.
pub(crate) struct FileWords(Vec<SymbolWords>);

impl FileWords {
    pub(crate) fn new(record: &FileRecord) -> Self {
        let path = words::terms(record.path.rsplit_once('.').map_or(&record.path, |(head, _)| head));
        Self(record.file().symbols.iter().map(|symbol| SymbolWords::new(symbol, &path)).collect())
    }
}

impl SymbolWords {
    fn new(symbol: &Symbol, path: &[String]) -> Self {
        let mut this = Self { terms: FxHashMap::default(), length: 0.0 };
        words::each_term(&symbol.name, |term| this.add(0, term));
        // The name in one piece, for whoever asks by it.
        this.add(0, &symbol.name.to_lowercase());
        words::each_term(&symbol.container, |term| this.add(1, term));
        words::each_term(head(&symbol.doc, DOC_BYTES), |term| this.add(2, term));
        path.iter().for_each(|term| this.add(3, term));
        words::each_term(head(&symbol.signature, SIGNATURE_BYTES), |term| this.add(4, term));
        this
    }

    fn add(&mut self, field: usize, term: &str) {
        let weight = FIELDS[field].1;
        let entry = match self.terms.get_mut(term) {
            Some(entry) => entry,
            None => self.terms.entry(term.to_owned()).or_default(),
        };
        entry.count += weight;
        entry.fields |= 1 << field;
        self.length += weight;
    }
}

/// Which symbols of a base hold which words.
pub(crate) struct Words {
    numbers: FxHashMap<String, u32>,
    /// For each word: the symbols by number, each with a position in `weights`.
    postings: Postings,
    weights: Vec<Weight>,
    lengths: Vec<f32>,
    mean_length: f64,
}

impl Words {
    pub(crate) fn new(base: &Base) -> Self {
        let files: Vec<FileWords> = base.files.par_iter().map(|record| FileWords::new(record)).collect();
        let mut numbers: FxHashMap<String, u32> = FxHashMap::default();
        let (mut pairs, mut weights, mut lengths) = (Vec::new(), Vec::new(), Vec::with_capacity(base.symbol_count()));
        for words in files.into_iter().flat_map(|file| file.0) {
            let node = crate::base::narrow(lengths.len());
            lengths.push(words.length);
            for (term, weight) in words.terms {
                let fresh = crate::base::narrow(numbers.len());
                let number = *numbers.entry(term).or_insert(fresh);
                pairs.push((number, (node, crate::base::narrow(weights.len()))));
                weights.push(weight);
            }
        }
        let total: f64 = lengths.iter().copied().map(f64::from).sum();
        let mean_length = (total / lengths.len().max(1) as f64).max(1.0);
        let postings = Postings::new(numbers.len(), pairs.iter().copied());
        Self { numbers, postings, weights, lengths, mean_length }
    }

    fn list(&self, term: &str) -> &[Place] {
        self.numbers.get(term).map_or(&[], |&number| self.postings.list(number))
    }
}

/// What one symbol has gathered.
#[derive(Default)]
struct Gathered {
    score: f64,
    /// For each word of the question the fields it was found in.
    fields: Vec<(usize, u8)>,
}

impl Index {
    /// The symbols that are likely to answer a question, best first.
    #[must_use]
    pub fn rank(&self, question: &str, limit: usize) -> Vec<Ranked> {
        let terms = words::question(question);
        self.ranks();
        let mut gathered: FxHashMap<Place, Gathered> = FxHashMap::default();
        for (position, term) in terms.iter().enumerate() {
            self.gather(position, term, &mut gathered);
        }
        let mut ranked: Vec<(Place, Gathered)> = gathered.into_iter().collect();
        for ((file, symbol), found) in &mut ranked {
            let record = self.record(*file);
            let covered = found.fields.len() as f64 / terms.len().max(1) as f64;
            found.score *= (0.5 + 0.5 * covered) * kind_weight(&record.file().symbols[*symbol as usize]);
            found.score *= 1.0 + PRIOR * self.prominence((*file, *symbol));
            if is_test(&record.path) && !terms.iter().any(|term| term == "test") {
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
        let answer = |(place, found): (Place, Gathered)| Ranked {
            symbol: self.symbol(place),
            score: found.score,
            why: why(&terms, &found.fields),
        };
        ranked.into_iter().map(answer).collect()
    }

    fn gather(&self, position: usize, term: &str, gathered: &mut FxHashMap<Place, Gathered>) {
        let words = self.base.words.get_or_init(|| Words::new(&self.base));
        let list = words.list(term);
        let total = words.lengths.len().max(1) as f64;
        let rarity = (1.0 + (total - list.len() as f64 + 0.5).max(0.5) / (list.len() as f64 + 0.5)).ln();
        let mut add = |place: Place, weight: Weight, length: f32| {
            let count = f64::from(weight.count);
            let length = 1.0 - B + B * f64::from(length) / words.mean_length;
            let found = gathered.entry(place).or_default();
            found.score += rarity * count * (K1 + 1.0) / (count + K1 * length);
            found.fields.push((position, weight.fields));
        };
        for &(node, weight) in list {
            let place = self.base.place(node);
            if !self.overlay.hides(place.0) {
                add(place, words.weights[weight as usize], words.lengths[node as usize]);
            }
        }
        for (position, record) in self.overlay.records() {
            let changed = &self.overlay.changed()[position as usize];
            let of_file = changed.words.get_or_init(|| FileWords::new(record));
            for (symbol, words) in (0_u32..).zip(&of_file.0) {
                if let Some(&weight) = words.terms.get(term) {
                    add((self.base.len() + position, symbol), weight, words.length);
                }
            }
        }
    }
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

fn kind_weight(symbol: &Symbol) -> f64 {
    match symbol.kind {
        SymbolKind::Field | SymbolKind::Property | SymbolKind::EnumMember => 0.6,
        SymbolKind::Variable | SymbolKind::TypeParameter => 0.5,
        SymbolKind::Module | SymbolKind::Namespace | SymbolKind::Package => 0.7,
        _ => 1.0,
    }
}

fn why(terms: &[String], found: &[(usize, u8)]) -> String {
    let part = |&(term, fields): &(usize, u8)| {
        let places = FIELDS.iter().enumerate().filter(|(bit, _)| fields & (1 << bit) != 0).map(|(_, (name, _))| *name);
        format!("{} in {}", terms[term], places.collect::<Vec<_>>().join(", "))
    };
    found.iter().map(part).collect::<Vec<_>>().join("; ")
}

fn head(text: &str, bytes: usize) -> &str {
    let end = (0..=bytes.min(text.len())).rev().find(|&end| text.is_char_boundary(end));
    &text[..end.unwrap_or(0)]
}
