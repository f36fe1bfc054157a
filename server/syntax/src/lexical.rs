//! Identifiers as the bare text shows them, without a tree.

use text::Span;

use crate::Language;

impl Language {
    /// Whether `name` could be the name of something new: spelt as an identifier and no keyword.
    #[must_use]
    pub fn is_identifier(self, name: &str) -> bool {
        let words = &self.spec().words;
        let bare = words.prefixes.iter().find_map(|prefix| name.strip_prefix(prefix)).unwrap_or(name);
        let stem = bare.strip_suffix(|last: char| words.suffixes.contains(last)).unwrap_or(bare);
        let raw = words
            .raw
            .as_ref()
            .is_some_and(|raw| name.starts_with(raw.prefix) && !raw.never.split_ascii_whitespace().any(|never| never == bare));
        let mut characters = stem.chars();
        let starts = characters.next().is_some_and(|first| self.is_word(first) && !first.is_numeric());
        starts && characters.all(|character| self.is_word(character)) && (raw || !self.is_keyword(bare)) && bare != "_"
    }

    /// Where the name stands in a token.
    pub(crate) fn name_in(self, text: &str, token: Span) -> Span {
        let Some(name_in) = self.spec().words.name_in else { return token };
        let name = name_in(token.of(text));
        // A broken text makes tokens of which nothing is left.
        let start = token.start as usize;
        Span::new(start + name.start, start + name.end.max(name.start))
    }

    /// Whether a character can stand inside an identifier.
    fn is_word(self, character: char) -> bool {
        character == '_' || character.is_alphanumeric() || self.spec().words.letters.contains(character)
    }

    /// Whether the language keeps a word for itself.
    pub(crate) fn is_keyword(self, word: &str) -> bool {
        let lists = self.spec().words.keywords;
        lists.iter().any(|list| list.split_ascii_whitespace().any(|keyword| keyword == word))
    }
}

/// The identifier that touches the byte at `offset` (a cursor just behind it counts), where there is one.
#[must_use]
pub fn identifier_at(language: Language, text: &str, offset: usize) -> Option<Span> {
    let words = &language.spec().words;
    let offset = text.floor_char_boundary(offset.min(text.len()));
    let before = text[..offset].char_indices().rev().take_while(|(_, character)| language.is_word(*character)).last();
    let after = text[offset..].char_indices().find(|(_, character)| !language.is_word(*character));
    let mut start = before.map_or(offset, |(start, _)| start);
    let mut end = after.map_or(text.len(), |(length, _)| offset + length);
    if let Some(prefix) = words.prefixes.iter().find(|prefix| text[..start].ends_with(**prefix)) {
        start -= prefix.len();
    }
    if end > start
        && let Some(last) = text[end..].chars().next().filter(|last| words.suffixes.contains(*last))
        && !text[end + last.len_utf8()..].starts_with('=')
    {
        end += last.len_utf8();
    }
    let span = Span::new(start, end);
    language.is_identifier(span.of(text)).then_some(span)
}
