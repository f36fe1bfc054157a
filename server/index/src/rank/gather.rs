//! What the words of a question find, each symbol with its lexical score.

use rustc_hash::FxHashMap;

use crate::Index;
use crate::base::{FileId, Place};
use crate::rank::postings::{Entry, FIELDS, FileWords, PATH, Weight, Words};

const K1: f64 = 1.2;
const B: f64 = 0.75;

/// More words of one question than this are not looked at.
pub(super) const MOST_TERMS: usize = 16;
/// A word of more symbols than this raises those that other words have found, once these are enough, and finds none. Of no more symbols
/// than this is it reckoned how much they matter.
const COMMON: usize = 10_000;
const ENOUGH: usize = 500;

/// What one symbol has gathered.
#[derive(Clone, Copy, Default)]
pub(super) struct Gathered {
    pub(super) score: f64,
    /// For each word of the question the fields it was found in.
    pub(super) fields: [u8; MOST_TERMS],
}

/// What was found so far.
#[derive(Default)]
struct Gathering {
    /// By the number of the symbol among all of the base, in order, as the lists of words are.
    of_base: Vec<(u32, Gathered)>,
    of_changed: FxHashMap<Place, Gathered>,
}

impl Gathering {
    fn len(&self) -> usize {
        self.of_base.len() + self.of_changed.len()
    }
}

/// One word of a question.
struct Term<'i> {
    position: usize,
    text: &'i str,
    rarity: f64,
    symbols: &'i [Entry],
    paths: &'i [FileId],
}

impl Term<'_> {
    /// Adds what it says of a symbol of this length, where 1 is the mean length.
    fn add(&self, found: &mut Gathered, weight: Weight, length: f64) {
        found.score += self.rarity * saturated(f64::from(weight.tenths()) / 10.0, length);
        found.fields[self.position] |= weight.fields();
    }
}

impl Index {
    /// What the symbols of the workspace have to do with these words, the rarest word first. The symbols of a file follow one another.
    pub(super) fn gather_all(&self, terms: &[String]) -> Vec<(Place, Gathered)> {
        let words = self.base.words.get_or_init(|| Words::new(&self.base));
        let total = words.symbol_count().max(1) as f64;
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
        let mut gathering = Gathering::default();
        for term in &ordered {
            if term.symbols.len() > COMMON && gathering.len() >= ENOUGH {
                raise(&mut gathering.of_base, term, words);
            } else {
                self.join(&mut gathering.of_base, term, words);
            }
            self.gather_changed(&mut gathering.of_changed, term, words);
        }
        let mut gathered = self.placed(gathering);
        if gathered.is_empty() {
            // Nothing but folders and files is called so: what stands in them answers.
            let files = ordered.iter().flat_map(|term| term.paths).copied().filter(|&file| !self.overlay.hides(file));
            let places = files.flat_map(|file| (0..self.base.files[file as usize].counts.0).map(move |symbol| (file, symbol)));
            gathered.extend(places.take(COMMON).map(|place| (place, Gathered::default())));
            gathered.sort_unstable_by_key(|(place, _)| *place);
            gathered.dedup_by_key(|(place, _)| *place);
        }
        if gathered.len() > COMMON {
            // What their paths and their importance add does not make up for the rest.
            gathered.select_nth_unstable_by(COMMON, |a, b| b.1.score.total_cmp(&a.1.score).then_with(|| a.0.cmp(&b.0)));
            gathered.truncate(COMMON);
            gathered.sort_unstable_by_key(|(place, _)| *place);
        }
        self.raise_by_path(words, &ordered, &mut gathered);
        gathered
    }

    /// Adds a word to what other words have found, and what it finds itself.
    fn join(&self, found: &mut Vec<(u32, Gathered)>, term: &Term<'_>, words: &Words) {
        let mut joined = Vec::with_capacity(found.len() + term.symbols.len());
        let mut before = found.iter().copied().peekable();
        for entry in term.symbols {
            let node = entry.node();
            while let Some(other) = before.next_if(|(other, _)| *other < node) {
                joined.push(other);
            }
            if self.overlay.hides_any() && self.overlay.hides(self.base.place(node).0) {
                continue;
            }
            let (_, mut gathered) = before.next_if(|(other, _)| *other == node).unwrap_or_default();
            term.add(&mut gathered, entry.weight(), words.length(node));
            joined.push((node, gathered));
        }
        joined.extend(before);
        *found = joined;
    }

    fn gather_changed(&self, found: &mut FxHashMap<Place, Gathered>, term: &Term<'_>, words: &Words) {
        for (position, record) in self.overlay.records() {
            let of_file = self.overlay.changed()[position as usize].words.get_or_init(|| FileWords::new(record));
            for (symbol, of_symbol) in (0_u32..).zip(of_file.symbols()) {
                if let Some(weight) = of_symbol.get(term.text) {
                    let gathered = found.entry((self.base.len() + position, symbol)).or_default();
                    term.add(gathered, weight, words.length_of(of_symbol));
                }
            }
        }
    }

    /// What was found by where it stands, in order.
    fn placed(&self, gathering: Gathering) -> Vec<(Place, Gathered)> {
        let mut of_changed: Vec<(Place, Gathered)> = gathering.of_changed.into_iter().collect();
        of_changed.sort_unstable_by_key(|(place, _)| *place);
        let of_base = gathering.of_base.into_iter().map(|(node, found)| (self.base.place(node), found));
        of_base.chain(of_changed).collect()
    }

    /// Raises what was found by the words that stand in the path of its file.
    fn raise_by_path(&self, words: &Words, terms: &[Term<'_>], gathered: &mut [(Place, Gathered)]) {
        for of_file in gathered.chunk_by_mut(|a, b| a.0.0 == b.0.0) {
            let file = of_file[0].0.0;
            let of_changed = file.checked_sub(self.base.len()).and_then(|at| self.overlay.changed()[at as usize].words.get());
            let in_path = |term: &&Term<'_>| match of_changed {
                Some(of_file) => of_file.has_in_path(term.text),
                None => term.paths.binary_search(&file).is_ok(),
            };
            for term in terms.iter().filter(in_path) {
                for ((_, symbol), found) in &mut *of_file {
                    let of_symbol = of_changed.and_then(|of_file| of_file.symbols().get(*symbol as usize));
                    let length =
                        of_symbol.map_or_else(|| words.length(self.base.node((file, *symbol))), |own| words.length_of(own));
                    // What the word says of the symbol itself has counted already, and saturates what its path says.
                    let share = if found.fields[term.position] == 0 { 1.0 } else { 0.25 };
                    found.score += share * term.rarity * saturated(f64::from(FIELDS[PATH].1) / 10.0, length);
                    found.fields[term.position] |= 1 << PATH;
                }
            }
        }
    }
}

/// Adds a word to what other words have found.
fn raise(found: &mut [(u32, Gathered)], term: &Term<'_>, words: &Words) {
    let mut rest = term.symbols;
    for (node, gathered) in found {
        rest = &rest[before(rest, *node)..];
        if let Some(entry) = rest.first().filter(|entry| entry.node() == *node) {
            term.add(gathered, entry.weight(), words.length(*node));
        }
    }
}

/// How many entries come before a symbol. What is sought is near the beginning more often than not: the step doubles.
fn before(entries: &[Entry], node: u32) -> usize {
    let mut end = 1;
    while entries.get(end - 1).is_some_and(|entry| entry.node() < node) {
        end *= 2;
    }
    let start = end / 2;
    start + entries[start..end.min(entries.len())].partition_point(|entry| entry.node() < node)
}

/// BM25's saturation of a count in a text of this length, where 1 is the mean length.
fn saturated(count: f64, length: f64) -> f64 {
    count * (K1 + 1.0) / (count + K1 * (1.0 - B + B * length))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn as_many_come_before_as_are_less(nodes in prop::collection::btree_set(0_u32..200, 0..40), node in 0_u32..220) {
            let entries: Vec<Entry> = nodes.iter().map(|&node| Entry::new(node, Weight::default())).collect();
            prop_assert_eq!(before(&entries, node), nodes.iter().filter(|known| **known < node).count());
        }
    }
}
