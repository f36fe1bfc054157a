//! What lies near a question in meaning, whether or not it shares a word with it.
//!
//! Each symbol worth finding has a vector made of the words of its name, its place, its signature, the first sentence of its
//! documentation, and the names that it uses; a question has one made of its own words. The vectors belong to the record of their
//! file, so that a file is looked at once however many pictures it is part of, and a changed file costs itself alone.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use embed::{Nearest, Sum, Table, Vector};
use rayon::prelude::*;
use smol_str::SmolStr;
use syntax::{Symbol, SymbolKind};

use crate::base::{FileId, Place, narrow};
use crate::rank::{is_test, kind_weight};
use crate::{FileRecord, Index, words};

/// How much the parts of a symbol count, whatever their length. Learned together with the table.
const NAME: f32 = 0.80;
const PLACE: f32 = 0.63;
const SIGNATURE: f32 = 0.76;
const USES: f32 = 0.45;
const DOC: f32 = 1.0;

const DOC_BYTES: usize = 240;
const SIGNATURE_BYTES: usize = 200;
/// So many different names that a symbol uses are looked at.
const MOST_USES: usize = 40;
/// A workspace has no more vectors than this: they take 128 bytes each.
const MOST_VECTORS: usize = 1 << 20;

/// The vectors of so many files are looked at by one thread at least.
const FILES_AT_ONCE: usize = 256;

/// What is less alike than this has nothing to do with a question.
const LEAST: f32 = 0.3;
/// What of its likeness a test keeps.
const TEST: f64 = 0.8;
/// How much the most important symbol gains over an unimportant one that lies as near.
const IMPORTANCE: f64 = 0.1;

/// The vectors of so many symbols are made before anybody sees that they were not there.
const AN_INSTANT: usize = 5_000;

/// The vectors of the symbols of a file.
#[derive(Clone, Debug, Default)]
pub(crate) struct FileVectors(Box<[(u32, Vector)]>);

impl FileVectors {
    pub(crate) fn new(record: &FileRecord) -> Self {
        let file = record.file();
        let wanted = |symbol: &Symbol| is_worth_finding(symbol.kind);
        if !file.symbols.iter().any(wanted) {
            return Self::default();
        }
        let names: Vec<&str> = file.names().collect();
        let mut uses: Vec<Vec<u32>> = vec![Vec::new(); file.symbols.len()];
        for (place, name) in file.named_uses() {
            let enclosing = file.reference(place).and_then(|reference| reference.enclosing);
            if let Some(uses) = enclosing.and_then(|symbol| uses.get_mut(symbol as usize))
                && uses.len() < MOST_USES
                && !uses.contains(&name)
            {
                uses.push(name);
            }
        }
        let of = |(number, (symbol, uses)): (u32, (&Symbol, &Vec<u32>))| {
            let used = uses.iter().filter_map(|&name| names.get(name as usize)).copied();
            Some((number, vector(&record.path, symbol, used)?))
        };
        let symbols = (0_u32..).zip(file.symbols.iter().zip(&uses)).filter(|(_, (symbol, _))| wanted(symbol));
        Self(symbols.filter_map(of).collect())
    }
}

fn vector<'a>(path: &str, symbol: &Symbol, uses: impl Iterator<Item = &'a str>) -> Option<Vector> {
    let table = Table::embedded();
    let add = |sum: &mut Sum, text: &str| words::each_part(text, |word| table.add(sum, word));
    let mut whole = Sum::default();
    let mut put = |weight: f32, texts: &mut dyn Iterator<Item = &str>| {
        let mut part = Sum::default();
        texts.for_each(|text| add(&mut part, text));
        whole.add(&part, weight);
    };
    let container = symbol.container.rsplit("::").next().unwrap_or_default();
    put(NAME, &mut [symbol.name.as_str()].into_iter());
    put(PLACE, &mut [container, crate::paths::stem(path)].into_iter());
    put(SIGNATURE, &mut [words::head(&symbol.signature, SIGNATURE_BYTES)].into_iter());
    put(DOC, &mut [words::head(first_sentence(&symbol.doc), DOC_BYTES)].into_iter());
    let mut uses = uses;
    put(USES, &mut uses);
    whole.direction()
}

/// What a symbol is for stands in the first sentence of its documentation.
fn first_sentence(doc: &str) -> &str {
    let paragraph = doc.split("\n\n").next().unwrap_or_default();
    paragraph.split_once(". ").map_or(paragraph, |(first, _)| first)
}

/// Whether a question asks for such things. What is left out here is still found by its words.
fn is_worth_finding(kind: SymbolKind) -> bool {
    use SymbolKind::{EnumMember, Field, Property, TypeParameter, Variable};
    !matches!(kind, EnumMember | Field | Property | TypeParameter | Variable)
}

/// Looks at the vectors of one more file.
fn look<'q>(mut nearest: Nearest<'q>, file: FileId, vectors: &FileVectors) -> Nearest<'q> {
    for (symbol, vector) in &vectors.0 {
        nearest.look(u64::from(file) << 32 | u64::from(*symbol), vector);
    }
    nearest
}

impl FileRecord {
    pub(crate) fn vectors(&self) -> &FileVectors {
        self.vectors.get_or_init(|| FileVectors::new(self))
    }
}

impl Index {
    /// Makes the vectors that are not there yet. On the threads of whoever calls.
    pub(crate) fn make_vectors(&self) {
        let made = AtomicUsize::new(0);
        self.base.files.par_iter().with_max_len(8).for_each(|record| {
            if made.load(Ordering::Relaxed) < MOST_VECTORS {
                made.fetch_add(record.vectors().0.len(), Ordering::Relaxed);
            }
        });
        let _ = self.base.has_vectors.set(());
    }

    /// The symbols that lie nearest to a question, the nearest first; none while the vectors are still being made.
    pub(crate) fn near(&self, question: &str, limit: usize, prior: bool) -> Vec<Place> {
        let small = self.base.symbol_count() < AN_INSTANT;
        if self.base.has_vectors.get().is_none() && !small {
            return Vec::new();
        }
        let table = Table::embedded();
        let mut sum = Sum::default();
        let content: Vec<SmolStr> = words::content(question);
        content.iter().for_each(|word| table.add(&mut sum, word));
        let Some(query) = sum.direction() else { return Vec::new() };
        let nobody = || Nearest::new(&query, limit);
        let look_at_base = |nearest, (file, record): (usize, &Arc<FileRecord>)| {
            let file = narrow(file);
            let vectors = if small { Some(record.vectors()) } else { record.vectors.get() };
            match vectors.filter(|_| !self.overlay.hides(file)) {
                Some(vectors) => look(nearest, file, vectors),
                None => nearest,
            }
        };
        let files = self.base.files.par_iter().enumerate().with_min_len(FILES_AT_ONCE);
        let mut nearest = files.fold(nobody, look_at_base).reduce(nobody, Nearest::and);
        for (position, record) in self.overlay.records() {
            nearest = look(nearest, self.base.len() + position, record.vectors());
        }
        let place = |number: u64| (narrow((number >> 32) as usize), narrow((number & 0xffff_ffff) as usize));
        let found = nearest.into_numbers().into_iter().map(|(number, likeness)| (place(number), likeness));
        let found = found.take_while(|(_, likeness)| *likeness >= LEAST);
        if !prior {
            return found.map(|(place, _)| place).collect();
        }
        let asks_for_tests = content.iter().any(|word| word.starts_with("test"));
        let mut weighted: Vec<(Place, f64)> = found
            .map(|((file, symbol), likeness)| {
                let record = self.record(file);
                let aside = if is_test(&record.path) && !asks_for_tests { TEST } else { 1.0 };
                let kind = kind_weight(&record.file().symbols[symbol as usize]);
                let importance = 1.0 + IMPORTANCE * self.prominence((file, symbol));
                ((file, symbol), f64::from(likeness) * aside * kind * importance)
            })
            .collect();
        weighted.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| self.by_path(a.0, b.0)));
        weighted.into_iter().map(|(place, _)| place).collect()
    }
}
