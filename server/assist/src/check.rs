//! Whether what a model wrote agrees with the index. No answer is believed because it sounds sure.

use index::Index;

use crate::markdown::is_code;

/// Why an answer is not shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Rejection {
    /// It says nothing.
    Empty,
    /// It is longer than was asked for, in characters.
    TooLong(usize),
    /// It holds markup, an address or a code block.
    Markup,
    /// It speaks of the form that it was asked for, and not of the code.
    OfTheRequest,
    /// It speaks of names that neither what it was shown nor the index has.
    UnknownNames(Vec<String>),
}

impl std::fmt::Display for Rejection {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Empty => write!(formatter, "the answer is empty"),
            Self::TooLong(characters) => write!(formatter, "the answer is too long ({characters} characters)"),
            Self::Markup => write!(formatter, "the answer holds markup or an address"),
            Self::OfTheRequest => write!(formatter, "the answer speaks of the request, not of the code"),
            Self::UnknownNames(names) => write!(formatter, "the answer names what does not exist: {}", names.join(", ")),
        }
    }
}

/// Checks prose of a model: not empty, at most `limit` characters, no markup, and every name in it is known.
pub(crate) fn prose(index: &Index, shown: &str, said: &str, limit: usize) -> Result<(), Rejection> {
    let said = said.trim();
    if said.is_empty() || said.eq_ignore_ascii_case("unknown") {
        return Err(Rejection::Empty);
    }
    let characters = said.chars().count();
    if characters > limit {
        return Err(Rejection::TooLong(characters));
    }
    if said.contains("```") || said.contains("](") || said.contains("://") || said.contains("<img") {
        return Err(Rejection::Markup);
    }
    // Small models say again what they were told.
    let names_form = |text: &str| text.to_ascii_lowercase().contains("json");
    if names_form(said) && !names_form(shown) {
        return Err(Rejection::OfTheRequest);
    }
    let unknown = unknown_names(index, shown, said);
    if unknown.is_empty() { Ok(()) } else { Err(Rejection::UnknownNames(unknown)) }
}

/// What is wrong with prose of a model that is shown or written as documentation: `None` where it is not empty, at most `limit`
/// characters long, without markup or addresses, and every name in it stands in `shown` or in the index.
#[must_use]
pub fn prose_fault(index: &Index, shown: &str, said: &str, limit: usize) -> Option<String> {
    prose(index, shown, said, limit).err().map(|rejection| rejection.to_string())
}

/// The identifiers in `said` that stand neither in `shown` nor in the index.
fn unknown_names(index: &Index, shown: &str, said: &str) -> Vec<String> {
    let known: std::collections::HashSet<&str> = words(shown).collect();
    let mut unknown: Vec<String> = Vec::new();
    for (position, chunk) in said.split('`').enumerate() {
        let quoted = position % 2 == 1;
        for word in words(chunk) {
            let is_name = quoted && word.chars().any(char::is_alphabetic) || is_code(word);
            if is_name && !known.contains(word) && index.named(word).is_empty() && !unknown.iter().any(|name| name == word) {
                unknown.push(word.to_owned());
            }
        }
    }
    unknown
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|character: char| !(character.is_alphanumeric() || character == '_')).filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{Rejection, prose};
    use index::Index;

    fn check(said: &str) -> Result<(), Rejection> {
        prose(&Index::empty(Path::new("/nowhere")), "fn open(path: &Path) -> Store { read_all(path) }", said, 80)
    }

    #[test]
    fn true_prose_stands() {
        assert_eq!(check("Opens a `Store` from a path by `read_all`."), Ok(()));
    }

    #[test]
    fn invented_names_are_refused() {
        assert_eq!(check("Calls `write_all`."), Err(Rejection::UnknownNames(vec!["write_all".into()])));
        assert_eq!(check("Calls StoreBuilder."), Err(Rejection::UnknownNames(vec!["StoreBuilder".into()])));
    }

    #[test]
    fn what_speaks_of_the_request_is_refused() {
        assert_eq!(check("The documentation is provided as JSON."), Err(Rejection::OfTheRequest));
        let index = Index::empty(Path::new("/nowhere"));
        assert_eq!(prose(&index, "fn to_json() {}", "Writes it as JSON.", 80), Ok(()));
    }

    #[test]
    fn markup_and_length_are_refused() {
        assert_eq!(check("See [x](y)."), Err(Rejection::Markup));
        assert_eq!(check(" "), Err(Rejection::Empty));
        assert_eq!(check(&"a ".repeat(50)), Err(Rejection::TooLong(99)));
    }
}
