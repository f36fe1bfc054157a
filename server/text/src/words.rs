//! Words in a text.

/// The byte offsets at which `word` stands in `text` as a whole word: neither the character before it nor the one behind is a letter, a
/// digit, `_`, or one of `more`, which a language counts to its names, such as `$`.
pub fn whole_words<'text>(text: &'text str, word: &'text str, more: &'static str) -> impl Iterator<Item = usize> + 'text {
    let is_part = move |character: char| character.is_alphanumeric() || character == '_' || more.contains(character);
    text.match_indices(word).map(|(at, _)| at).filter(move |&at| {
        let (before, behind) = (&text[..at], &text[at + word.len()..]);
        !before.chars().next_back().is_some_and(is_part) && !behind.chars().next().is_some_and(is_part)
    })
}

#[cfg(test)]
mod tests {
    use super::whole_words;

    #[test]
    fn words_are_whole() {
        assert_eq!(whole_words("ab b _b b1 b é-b bé", "b", "").collect::<Vec<_>>(), [3, 11, 16]);
        assert_eq!(whole_words("$b b", "b", "").collect::<Vec<_>>(), [1, 3]);
        assert_eq!(whole_words("$b b", "b", "$").collect::<Vec<_>>(), [3]);
    }
}
