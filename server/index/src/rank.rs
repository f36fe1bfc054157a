//! Ranking: a question in words, symbols in the order in which they are likely to answer it.
//!
//! The lexical score is BM25 (Robertson, Walker, Jones, Hancock-Beaulieu, Gatford, "Okapi at TREC-3", 1994; Robertson and Spärck
//! Jones, "Relevance weighting of search terms", 1976) with the usual k1 = 1.2 and b = 0.75. A symbol is a document of several
//! fields, each with a weight, in the simple way of BM25F (Robertson, Zaragoza, Taylor, CIKM 2004): the weighted counts are added
//! before they are saturated. The score is then raised by the symbol's importance in the graph of references, and by how lately its
//! file was written:
//!
//! `score = BM25F × (½ + ½ covered) × kind × (1 + 0.35 importance) × (1 + 0.15 recency) × ½ for tests × ½ for generated files`

mod gather;
mod postings;

use syntax::{Symbol, SymbolKind};

use crate::base::{FileId, Place};
use crate::rank::gather::{Gathered, MOST_TERMS};
use crate::rank::postings::FIELDS;
pub(crate) use crate::rank::postings::{FileWords, Words};
use crate::recency::RECENT;
use crate::{Index, SymbolRef, words};

/// How much the most important symbol gains over an unimportant one with the same words.
const PRIOR: f64 = 0.35;
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

impl Index {
    /// The symbols that the words of a question find, best first.
    pub(crate) fn rank_words(&self, question: &str, limit: usize) -> Vec<(Place, Ranked)> {
        self.ranks();
        let mut words = words::question(question);
        words.truncate(MOST_TERMS);
        let mut ranked = self.gather_all(&words);
        let asks_for_tests = words.iter().any(|term| term == "test");
        // Symbols of one file follow one another.
        let mut of_file = (FileId::MAX, 1.0);
        for ((file, symbol), found) in &mut ranked {
            if of_file.0 != *file {
                of_file = (*file, self.file_weight(*file, asks_for_tests));
            }
            let covered = found.fields.iter().filter(|fields| **fields != 0).count() as f64 / words.len().max(1) as f64;
            found.score *= (0.5 + 0.5 * covered) * kind_weight(&self.record(*file).file().symbols[*symbol as usize]);
            found.score *= (1.0 + PRIOR * self.prominence((*file, *symbol))) * of_file.1;
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

    /// How much the symbols of a file count, by when and by whom it was written.
    fn file_weight(&self, file: FileId, asks_for_tests: bool) -> f64 {
        let record = self.record(file);
        let mut weight = 1.0 + RECENT * self.recency(file);
        if record.is_generated {
            weight *= 0.5;
        }
        if !asks_for_tests && is_test(&record.path) {
            weight *= 0.5;
        }
        weight
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
