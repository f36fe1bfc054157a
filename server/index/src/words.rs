//! Words: how names and sentences are taken apart, so that `parseHttpRequest`, `parse_http_request` and "parses HTTP requests"
//! meet.

use rustc_hash::FxHashSet;
use smol_str::SmolStr;

/// Words too common to tell one symbol from another: the little words of questions, and of doc comments.
const STOP: &[&str] = &[
    "a",
    "about",
    "after",
    "all",
    "an",
    "and",
    "any",
    "are",
    "as",
    "at",
    "be",
    "been",
    "before",
    "but",
    "by",
    "can",
    "code",
    "could",
    "did",
    "do",
    "does",
    "done",
    "each",
    "every",
    "find",
    "for",
    "from",
    "function",
    "get",
    "give",
    "given",
    "happen",
    "has",
    "have",
    "here",
    "how",
    "i",
    "if",
    "implemented",
    "in",
    "into",
    "is",
    "it",
    "its",
    "let",
    "made",
    "may",
    "me",
    "my",
    "no",
    "not",
    "of",
    "on",
    "or",
    "our",
    "place",
    "return",
    "returns",
    "self",
    "should",
    "show",
    "so",
    "than",
    "that",
    "the",
    "their",
    "then",
    "there",
    "these",
    "they",
    "this",
    "those",
    "to",
    "used",
    "uses",
    "was",
    "we",
    "were",
    "what",
    "when",
    "where",
    "whether",
    "which",
    "while",
    "who",
    "whose",
    "why",
    "will",
    "with",
    "would",
    "you",
    "your",
];

/// No word of [`STOP`] is longer, in bytes.
const LONGEST_STOP: usize = 11;

/// The parts of a name or of a sentence, lower-cased: `readHTTPBody2` is `read`, `http`, `body`, `2`. Each may be changed.
pub(crate) fn each_part(text: &str, mut part: impl FnMut(&mut String)) {
    let mut word = String::new();
    let mut take = |word: &mut String| {
        if !word.is_empty() {
            part(word);
            word.clear();
        }
    };
    let mut previous = ' ';
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        if character.is_alphanumeric() {
            let next = characters.peek().copied().unwrap_or(' ');
            let hump = character.is_uppercase() && (previous.is_lowercase() || (previous.is_uppercase() && next.is_lowercase()));
            if hump || (character.is_numeric() != previous.is_numeric()) {
                take(&mut word);
            }
            if character.is_ascii() {
                word.push(character.to_ascii_lowercase());
            } else {
                word.extend(character.to_lowercase());
            }
        } else {
            take(&mut word);
        }
        previous = character;
    }
    take(&mut word);
}

/// The parts of a name or of a sentence.
pub(crate) fn split(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    each_part(text, |word| words.push(word.clone()));
    words
}

/// Whether a text in lower case is a single part.
pub(crate) fn is_one_part(lower: &str) -> bool {
    let is_numeric = lower.starts_with(char::is_numeric);
    lower.chars().all(|character| character.is_alphanumeric() && character.is_numeric() == is_numeric)
}

/// Calls `term` with each word to look for or to be found by: split, stemmed, without the stop words; in order, with repeats.
pub(crate) fn each_term(text: &str, mut term: impl FnMut(&str)) {
    each_part(text, |word| {
        if !is_stop(word) && (word.len() > 1 || word.chars().any(char::is_numeric)) {
            stem(word);
            term(word);
        }
    });
}

/// The same as a list.
pub(crate) fn terms(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    each_term(text, |word| words.push(word.to_owned()));
    words
}

/// The words of a question that say something, as they are written, in lower case.
pub(crate) fn content(text: &str) -> Vec<SmolStr> {
    let mut words = Vec::new();
    each_part(text, |word| words.extend((!is_stop(word)).then(|| SmolStr::from(word.as_str()))));
    words
}

/// The first bytes of a text, cut at a character.
pub(crate) fn head(text: &str, bytes: usize) -> &str {
    &text[..text.floor_char_boundary(bytes)]
}

/// The terms of a question. One that is made of stop words only is taken as it is.
pub(crate) fn question(text: &str) -> Vec<String> {
    let mut found = terms(text);
    if found.is_empty() {
        found = split(text);
        found.iter_mut().for_each(stem);
    }
    let mut seen = FxHashSet::default();
    found.retain(|term| seen.insert(term.clone()));
    found
}

fn is_stop(word: &str) -> bool {
    word.len() <= LONGEST_STOP && STOP.binary_search(&word).is_ok()
}

/// Takes the commonest English endings off, in place: plural -s, -es, -ies, then -ing and -ed with the doubled letter before
/// them, then a last -e. Two words with one stem need not be one word; they only meet in a search.
fn stem(word: &mut String) {
    if word.len() < 4 || !word.is_ascii() {
        return;
    }
    if word.ends_with("ies") && word.len() > 4 {
        word.truncate(word.len() - 3);
        word.push('y');
    } else if word.ends_with("sses") || word.ends_with("xes") || word.ends_with("ches") || word.ends_with("shes") {
        word.truncate(word.len() - 2);
    } else if word.ends_with('s') && !word.ends_with("ss") && !word.ends_with("us") && !word.ends_with("is") {
        word.truncate(word.len() - 1);
    }
    for ending in ["ing", "ed"] {
        let Some(head) = word.strip_suffix(ending) else { continue };
        if head.len() < 3 || !head.bytes().any(|byte| b"aeiouy".contains(&byte)) {
            continue;
        }
        word.truncate(head.len());
        let bytes = word.as_bytes();
        let last = bytes[bytes.len() - 1];
        if bytes[bytes.len() - 2] == last && !b"lsz".contains(&last) {
            word.truncate(word.len() - 1);
        }
        break;
    }
    if word.len() > 3 && word.ends_with('e') {
        word.truncate(word.len() - 1);
    }
}

#[cfg(test)]
mod tests {
    use super::{LONGEST_STOP, STOP, is_one_part, question, split, terms};

    #[test]
    fn names_split_at_humps_underscores_and_digits() {
        assert_eq!(split("parseHTTPRequest2_fast"), ["parse", "http", "request", "2", "fast"]);
        assert_eq!(split("XMLHttpRequest"), ["xml", "http", "request"]);
        assert_eq!(split("größeÄndern"), ["größe", "ändern"]);
    }

    #[test]
    fn a_text_of_one_part_is_what_splitting_leaves_whole() {
        for text in ["retry", "größe", "2024", "read_http", "utf8", "8bit", "a.b", "i\u{307}", "_"] {
            assert_eq!(is_one_part(text), split(text) == [text], "{text}");
        }
    }

    #[test]
    fn endings_meet() {
        for (one, other) in [
            ("retries", "retry"),
            ("parsing", "parse"),
            ("parsed", "parses"),
            ("stopped", "stop"),
            ("indexes", "index"),
            ("classes", "class"),
            ("calling", "call"),
        ] {
            assert_eq!(terms(one), terms(other), "{one} {other}");
        }
        assert_eq!(terms("string"), ["string"]);
        assert_eq!(terms("status"), ["status"]);
    }

    #[test]
    fn little_words_are_left_out_unless_there_are_no_others() {
        assert!(STOP.is_sorted());
        assert!(STOP.iter().all(|word| word.len() <= LONGEST_STOP));
        assert_eq!(question("Where are retries decided?"), ["retry", "decid"]);
        assert_eq!(question("what is it"), ["what", "is", "it"]);
    }
}
