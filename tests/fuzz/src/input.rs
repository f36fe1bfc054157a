//! How bytes become what a target takes: parts between bytes that no text holds, so that what is kept is nearly plain text.

use std::borrow::Cow;

use syntax::Language;
use text::{ContentChange, Position, PositionRange};

/// What stands between two parts.
const BETWEEN: u8 = 0xff;

/// From this byte on a coordinate is near the largest that the protocol can write.
const HUGE: u8 = 0xf0;

/// The languages of the targets that parse, each known by a letter.
const LANGUAGES: [(u8, Language); 6] = [
    (b'c', Language::C),
    (b'g', Language::Go),
    (b'j', Language::JavaScript),
    (b'l', Language::Lua),
    (b'p', Language::Python),
    (b'r', Language::Rust),
];

/// The parts of an input; there is always a first one.
pub(crate) fn parts(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    bytes.split(|byte| *byte == BETWEEN)
}

/// The first byte, or nought, and what follows it.
pub(crate) fn first(bytes: &[u8]) -> (u8, &[u8]) {
    bytes.split_first().map_or((0, bytes), |(first, rest)| (*first, rest))
}

/// The text in some bytes, with what is no UTF-8 replaced.
pub(crate) fn text(bytes: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(bytes)
}

/// The language of a letter; any other byte means one of them, too.
pub(crate) fn language(letter: u8) -> Language {
    let known = LANGUAGES.iter().find(|(known, _)| *known == letter);
    known.unwrap_or(&LANGUAGES[usize::from(letter) % LANGUAGES.len()]).1
}

/// A change of a document: `=` and a text that replaces everything, or four coordinates and a text.
pub(crate) fn change(bytes: &[u8]) -> ContentChange {
    let whole = |bytes| ContentChange { range: None, text: text(bytes).into_owned() };
    match bytes {
        [b'=', rest @ ..] => whole(rest),
        [line, character, end_line, end_character, rest @ ..] => {
            let position = |line, character| Position { line: coordinate(line), character: coordinate(character) };
            let range = PositionRange { start: position(*line, *character), end: position(*end_line, *end_character) };
            ContentChange { range: Some(range), text: text(rest).into_owned() }
        }
        few => whole(few),
    }
}

fn coordinate(byte: u8) -> u32 {
    if byte < HUGE { u32::from(byte) } else { u32::MAX - u32::from(byte - HUGE) }
}
