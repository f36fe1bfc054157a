//! Text under edits.

use text::{
    AppliedChange, ContentChange, Document, Edit, EditError, LineIndex, Point, Position, PositionEncoding, Span, apply_edits,
    edits_between, unified_diff,
};

use crate::input;

/// A letter for the encoding, a text, and changes of it. Whatever the coordinates:
/// - the document after each change is what a plain string gives, and what is told to the parser names the bytes that went and
///   came;
/// - the lines that were read again are those of the new text;
/// - all changes at once come to the same as one after the other;
/// - a place survives the way to a position and back;
/// - the edits between the first and the last text lead from one to the other, and there is a diff where they differ;
/// - a set of edits is applied as a plain string would be, or refused for the reason that there is.
pub fn edits(bytes: &[u8]) {
    let (letter, rest) = input::first(bytes);
    let encoding = match letter % 3 {
        0 => PositionEncoding::Utf8,
        1 => PositionEncoding::Utf16,
        _ => PositionEncoding::Utf32,
    };
    let mut parts = input::parts(rest);
    let first = Document::new(input::text(parts.next().unwrap_or_default()).into_owned(), 0);
    let changes: Vec<ContentChange> = parts.map(input::change).collect();
    let mut now = first.clone();
    let mut told = Vec::new();
    for change in &changes {
        let (next, applied) = now.apply(std::slice::from_ref(change), encoding, 1);
        is_as_in_a_string((&*now.text, &*next.text), change, encoding, applied[0]);
        assert_eq!(*next.lines, LineIndex::new(&next.text), "{change:?}");
        told.extend(applied);
        now = next;
    }
    let (at_once, applied) = first.apply(&changes, encoding, 1);
    assert_eq!((&at_once.text, &at_once.lines, &applied), (&now.text, &now.lines, &told));
    survives(&now, &told, encoding);
    let between = edits_between(&first.text, &now.text);
    assert_eq!(apply_edits(&first.text, &between).as_deref(), Ok(&*now.text), "{between:?}");
    assert_eq!(unified_diff("a", &first.text, &now.text).is_empty(), first.text == now.text);
    applies(&now.text, &changes);
}

fn is_as_in_a_string((before, after): (&str, &str), change: &ContentChange, encoding: PositionEncoding, applied: AppliedChange) {
    let (start, end) = match change.range {
        None => (0, before.len()),
        Some(range) => {
            let (start, end) = (offset(before, range.start, encoding), offset(before, range.end, encoding));
            (start.min(end), start.max(end))
        }
    };
    assert_eq!(after, [&before[..start], &change.text, &before[end..]].concat(), "{change:?}");
    let new_end = start + change.text.len();
    let wanted = AppliedChange {
        start,
        old_end: end,
        new_end,
        start_point: point(before, start),
        old_end_point: point(before, end),
        new_end_point: point(after, new_end),
    };
    assert_eq!(applied, wanted, "{change:?}");
}

/// The byte of a position, counted character by character.
fn offset(text: &str, position: Position, encoding: PositionEncoding) -> usize {
    let (mut line, mut passed) = (0, 0);
    for (at, character) in text.char_indices() {
        let ends_line = character == '\n' || (character == '\r' && !text[at + 1..].starts_with('\n'));
        if line == position.line {
            let width = encoding.measure(character.encode_utf8(&mut [0; 4]));
            if matches!(character, '\n' | '\r') || passed + width > position.character as usize {
                return at;
            }
            passed += width;
        }
        line += u32::from(ends_line);
    }
    text.len()
}

fn point(text: &str, offset: usize) -> Point {
    let rows: Vec<&str> = text[..offset].split('\n').collect();
    Point { row: rows.len() - 1, column: rows[rows.len() - 1].len() }
}

fn survives(document: &Document, told: &[AppliedChange], encoding: PositionEncoding) {
    for change in told {
        for at in [change.start, change.old_end, change.new_end] {
            let position = document.lines.position(&document.text, at, encoding);
            let back = document.lines.offset(&document.text, position, encoding);
            let at = document.text.floor_char_boundary(at.min(document.text.len()));
            // Between the two characters of one line end no editor can point.
            let within = document.text[..at].ends_with('\r') && document.text[at..].starts_with('\n');
            assert_eq!(back, at - usize::from(within), "{position:?}");
            assert_eq!(offset(&document.text, position, encoding), back);
        }
    }
}

/// The coordinates of the changes once more, as places of edits that are made all together.
fn applies(text: &str, changes: &[ContentChange]) {
    let edit = |change: &ContentChange| {
        let range = change.range.unwrap_or_default();
        let (a, b) = (range.start.character as usize % (text.len() + 4), range.end.character as usize % (text.len() + 4));
        Edit::replace(Span::new(a.min(b), a.max(b)), change.text.clone())
    };
    let mut edits: Vec<Edit> = changes.iter().map(edit).collect();
    let result = apply_edits(text, &edits);
    edits.sort_by_key(|edit| edit.span);
    let overlap = edits.windows(2).any(|pair| pair[0].span.end > pair[1].span.start);
    let fits = edits.iter().all(|edit| text.get(edit.span.range()).is_some());
    match result {
        Ok(result) => {
            let mut wanted = text.to_owned();
            edits.iter().rev().for_each(|edit| wanted.replace_range(edit.span.range(), &edit.new_text));
            assert!(!overlap && fits && result == wanted, "{edits:?}");
        }
        Err(EditError::Overlap(..)) => assert!(overlap, "{edits:?}"),
        Err(EditError::OutOfBounds(span)) => assert!(!overlap && text.get(span.range()).is_none(), "{edits:?}"),
    }
}
