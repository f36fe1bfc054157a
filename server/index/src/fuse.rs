//! The answer to a question: what its words find and what lies near it in meaning, as one list.
//!
//! The two scores have nothing in common, so that only the places in the two lists are added up: reciprocal rank fusion (Cormack,
//! Clarke, Büttcher, "Reciprocal rank fusion outperforms Condorcet and individual rank learning methods", SIGIR 2009) with the k of
//! that paper.

use rustc_hash::FxHashMap;

use crate::base::Place;
use crate::{Index, Ranked};

const K: f64 = 60.0;
/// How much other words for a question count beside its own: they are a guess.
const EXPANDED: f64 = 0.5;
/// How long the lists are that are put together.
const LISTED: usize = 300;

/// What an answer is made of. For measuring what each part is worth; all of it is the default.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ingredients {
    /// How much the words of names, documentation, signatures and paths count.
    pub words: f64,
    /// How much nearness in meaning counts.
    pub meaning: f64,
    /// Whether importance, kind and being a test count for what lies near.
    pub prior: bool,
}

impl Default for Ingredients {
    fn default() -> Self {
        Self { words: 1.0, meaning: 1.0, prior: true }
    }
}

impl Index {
    /// The symbols that are likely to answer a question, best first: by its words, and by what lies near it in meaning. While the
    /// vectors of a large workspace are still being made the words answer alone.
    #[must_use]
    pub fn rank(&self, question: &str, limit: usize) -> Vec<Ranked> {
        self.rank_with(question, limit, Ingredients::default())
    }

    /// The same, with other words for the question: what they find counts half as much as what the question's own words find.
    #[must_use]
    pub fn rank_expanded(&self, question: &str, words: &[String], limit: usize) -> Vec<Ranked> {
        let depth = LISTED.max(limit);
        let others = if words.is_empty() { Vec::new() } else { self.rank_words(&words.join(" "), depth) };
        self.fused(question, others, limit, Ingredients::default())
    }

    /// The same with some parts left out.
    #[must_use]
    pub fn rank_with(&self, question: &str, limit: usize, ingredients: Ingredients) -> Vec<Ranked> {
        self.fused(question, Vec::new(), limit, ingredients)
    }

    fn fused(&self, question: &str, others: Vec<(Place, Ranked)>, limit: usize, ingredients: Ingredients) -> Vec<Ranked> {
        let depth = LISTED.max(limit);
        let by_words = if ingredients.words > 0.0 { self.rank_words(question, depth) } else { Vec::new() };
        let near = if ingredients.meaning > 0.0 { self.near(question, depth, ingredients.prior) } else { Vec::new() };
        if near.is_empty() && others.is_empty() {
            return by_words.into_iter().take(limit).map(|(_, ranked)| ranked).collect();
        }
        let mut fused: FxHashMap<Place, (f64, Option<Ranked>)> = FxHashMap::default();
        let share = |weight: f64, at: usize| weight / (K + 1.0 + at as f64);
        for (at, (place, ranked)) in by_words.into_iter().enumerate() {
            fused.insert(place, (share(ingredients.words, at), Some(ranked)));
        }
        for (at, (place, ranked)) in others.into_iter().enumerate() {
            let found = fused.entry(place).or_default();
            found.0 += share(ingredients.words * EXPANDED, at);
            found.1.get_or_insert(ranked);
        }
        for (at, place) in near.into_iter().enumerate() {
            fused.entry(place).or_default().0 += share(ingredients.meaning, at);
        }
        let mut order: Vec<(Place, (f64, Option<Ranked>))> = fused.into_iter().collect();
        order.sort_unstable_by(|a, b| b.1.0.total_cmp(&a.1.0).then_with(|| self.by_path(a.0, b.0)));
        order.truncate(limit);
        let answer = |(place, (score, ranked)): (Place, (f64, Option<Ranked>))| match ranked {
            Some(ranked) => Ranked { score, ..ranked },
            None => Ranked { symbol: self.symbol(place), score, why: "near in meaning".to_owned() },
        };
        order.into_iter().map(answer).collect()
    }

    /// The order of two places that does not depend on what was edited last.
    pub(crate) fn by_path(&self, (file, symbol): Place, (other, another): Place) -> std::cmp::Ordering {
        (&self.record(file).path, symbol).cmp(&(&self.record(other).path, another))
    }
}
