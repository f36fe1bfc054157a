//! Plain BM25 over name, documentation and code: what the look-up is measured beside.
//!
//! Robertson, Walker, Jones, Hancock-Beaulieu, Gatford, "Okapi at TREC-3", 1994, with the usual k1 = 1.2 and b = 0.75. Texts are taken
//! apart at everything but letters and digits, and at humps; nothing is stemmed, left out or weighted.

use std::collections::HashMap;

const K1: f64 = 1.2;
const B: f64 = 0.75;

pub(crate) struct Bm25 {
    postings: HashMap<String, Vec<(usize, f64)>>,
    lengths: Vec<f64>,
    mean: f64,
}

impl Bm25 {
    pub(crate) fn new(documents: impl Iterator<Item = String>) -> Self {
        let (mut postings, mut lengths) = (HashMap::<String, Vec<(usize, f64)>>::new(), Vec::new());
        for (number, document) in documents.enumerate() {
            let mut counts: HashMap<String, f64> = HashMap::new();
            let words = words(&document);
            lengths.push(words.len() as f64);
            words.into_iter().for_each(|word| *counts.entry(word).or_default() += 1.0);
            counts.into_iter().for_each(|(word, count)| postings.entry(word).or_default().push((number, count)));
        }
        let mean = (lengths.iter().sum::<f64>() / lengths.len().max(1) as f64).max(1.0);
        Self { postings, lengths, mean }
    }

    /// How many documents come before this one; `None` where it is not found at all. A tie goes to the earlier document.
    pub(crate) fn place(&self, question: &str, wanted: usize) -> Option<usize> {
        let mut scores: HashMap<usize, f64> = HashMap::new();
        let mut terms = words(question);
        terms.sort();
        terms.dedup();
        for postings in terms.iter().filter_map(|term| self.postings.get(term)) {
            let (total, holding) = (self.lengths.len() as f64, postings.len() as f64);
            let rarity = (1.0 + (total - holding + 0.5) / (holding + 0.5)).ln();
            for &(document, count) in postings {
                let length = 1.0 - B + B * self.lengths[document] / self.mean;
                *scores.entry(document).or_default() += rarity * count * (K1 + 1.0) / (count + K1 * length);
            }
        }
        let mine = *scores.get(&wanted)?;
        let before = |(document, score): (&usize, &f64)| *score > mine || (*score == mine && *document < wanted);
        Some(scores.iter().filter(|&each| before(each)).count())
    }
}

fn words(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut previous = ' ';
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        let next = characters.peek().copied().unwrap_or(' ');
        let hump = character.is_uppercase() && (previous.is_lowercase() || (previous.is_uppercase() && next.is_lowercase()));
        if hump || !character.is_alphanumeric() || character.is_numeric() != previous.is_numeric() {
            words.push(String::new());
        }
        if character.is_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.extend(character.to_lowercase());
        }
        previous = character;
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::{Bm25, words};

    #[test]
    fn texts_are_taken_apart_and_the_rarer_word_wins() {
        assert_eq!(words("readHTTPBody2(x)"), ["read", "http", "body", "2", "x"]);
        let bm25 = Bm25::new(["a lock", "a lock for reading", "a pool"].map(str::to_owned).into_iter());
        assert_eq!(bm25.place("a pool", 2), Some(0));
        assert_eq!(bm25.place("a pool", 0), Some(1));
        assert_eq!(bm25.place("reading", 0), None);
    }
}
