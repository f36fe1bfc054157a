//! Documents under edits, positions there and back: each against a model that is a plain string.

use proptest::prelude::*;
use text::{ContentChange, Document, Edit, LineIndex, Point, Position, PositionEncoding, PositionRange, Span, apply_edits};

const ENCODINGS: [PositionEncoding; 3] = [PositionEncoding::Utf8, PositionEncoding::Utf16, PositionEncoding::Utf32];

fn encoding() -> impl Strategy<Value = PositionEncoding> {
    prop::sample::select(ENCODINGS.to_vec())
}

/// Texts of all that counts differently: one to four bytes, one and two code units, three line ends, and halves of them.
fn sample() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec!["a", "é", "€", "𝒳", "\u{301}", "\t", " ", "\n", "\r\n", "\r", "\n\r", "fn"]);
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

fn position() -> impl Strategy<Value = Position> {
    (0_u32..14, 0_u32..16).prop_map(|(line, character)| Position { line, character })
}

/// The lines of a text with where each begins, as the protocol counts them: written without any cleverness.
fn model_lines(text: &str) -> Vec<(usize, String)> {
    let mut lines = vec![(0, String::new())];
    let mut characters = text.char_indices().peekable();
    while let Some((offset, character)) = characters.next() {
        let next = offset + character.len_utf8();
        match (character, characters.peek()) {
            ('\r', Some((_, '\n'))) => {}
            ('\r' | '\n', _) => lines.push((next, String::new())),
            (character, _) => lines.last_mut().expect("there is a line").1.push(character),
        }
    }
    lines
}

fn units(encoding: PositionEncoding, character: char) -> u32 {
    let units = match encoding {
        PositionEncoding::Utf8 => character.len_utf8(),
        PositionEncoding::Utf16 => character.len_utf16(),
        PositionEncoding::Utf32 => 1,
    };
    u32::try_from(units).expect("a character is short")
}

fn model_offset(text: &str, position: Position, encoding: PositionEncoding) -> usize {
    let lines = model_lines(text);
    let Some((start, line)) = lines.get(position.line as usize) else { return text.len() };
    let mut left = position.character;
    let mut offset = *start;
    for character in line.chars() {
        let width = units(encoding, character);
        if width > left {
            break;
        }
        left -= width;
        offset += character.len_utf8();
    }
    offset
}

/// The point of a byte as tree-sitter counts: rows end at `\n` only, columns are bytes.
fn model_point(text: &str, offset: usize) -> Point {
    let before = &text[..offset];
    Point { row: before.matches('\n').count(), column: offset - before.rfind('\n').map_or(0, |newline| newline + 1) }
}

proptest! {
    #[test]
    fn a_position_becomes_the_offset_that_the_model_finds(text in sample(), position in position(), encoding in encoding()) {
        let offset = LineIndex::new(&text).offset(&text, position, encoding);
        prop_assert_eq!(offset, model_offset(&text, position, encoding));
        prop_assert!(text.is_char_boundary(offset));
    }

    #[test]
    fn an_offset_survives_the_way_there_and_back(text in sample(), encoding in encoding()) {
        let lines = LineIndex::new(&text);
        for offset in (0..=text.len()).filter(|offset| text.is_char_boundary(*offset)) {
            let back = lines.offset(&text, lines.position(&text, offset, encoding), encoding);
            // Between `\r` and `\n` there is no position: it is taken for the one before both.
            let inside = text[..offset].ends_with('\r') && text[offset..].starts_with('\n');
            prop_assert_eq!(back, offset - usize::from(inside));
        }
    }

    #[test]
    fn any_offset_gives_a_position_in_the_text(text in sample(), offset in 0_usize..200, encoding in encoding()) {
        let lines = LineIndex::new(&text);
        let position = lines.position(&text, offset, encoding);
        prop_assert!((position.line as usize) < lines.line_count());
        prop_assert_eq!(lines.position(&text, lines.offset(&text, position, encoding), encoding), position);
    }

    #[test]
    fn lines_are_those_of_the_model(text in sample()) {
        let lines = LineIndex::new(&text);
        let model = model_lines(&text);
        prop_assert_eq!(lines.line_count(), model.len());
        for (number, (start, content)) in model.iter().enumerate() {
            let span = lines.line_span(&text, number);
            prop_assert_eq!((span.start as usize, span.of(&text)), (*start, content.as_str()));
            prop_assert_eq!(lines.line_of(*start), number);
        }
    }

    #[test]
    fn a_document_follows_its_changes(
        text in sample(),
        changes in prop::collection::vec((prop::option::weighted(0.9, (position(), position())), sample()), 0..6),
        encoding in encoding(),
    ) {
        let mut model = text.clone();
        let mut expected = Vec::new();
        let changes: Vec<ContentChange> = changes
            .into_iter()
            .map(|(range, text)| ContentChange { range: range.map(|(start, end)| PositionRange { start, end }), text })
            .collect();
        for change in &changes {
            let (start, end) = match change.range {
                Some(range) => (model_offset(&model, range.start, encoding), model_offset(&model, range.end, encoding)),
                None => (0, model.len()),
            };
            let (start, end) = (start.min(end), start.max(end));
            let next = [&model[..start], &change.text, &model[end..]].concat();
            let new_end = start + change.text.len();
            let points = (model_point(&model, start), model_point(&model, end), model_point(&next, new_end));
            expected.push((start, end, new_end, points));
            model = next;
        }
        let (document, applied) = Document::new(text, 1).apply(&changes, encoding, 2);
        prop_assert_eq!(&*document.text, model.as_str());
        prop_assert_eq!(document.version, 2);
        prop_assert_eq!(&*document.lines, &LineIndex::new(&model));
        let applied: Vec<_> = applied
            .iter()
            .map(|change| {
                let points = (change.start_point, change.old_end_point, change.new_end_point);
                (change.start, change.old_end, change.new_end, points)
            })
            .collect();
        prop_assert_eq!(applied, expected);
    }

    #[test]
    fn edits_of_one_text_apply_at_once(text in sample(), cuts in prop::collection::btree_set(0_usize..40, 0..8), new in sample()) {
        let cuts: Vec<usize> = cuts.into_iter().filter(|cut| text.is_char_boundary(*cut) && *cut <= text.len()).collect();
        let spans: Vec<Span> = cuts.chunks_exact(2).map(|pair| Span::new(pair[0], pair[1])).collect();
        let edits: Vec<Edit> = spans.iter().rev().map(|span| Edit::replace(*span, new.as_str())).collect();
        let mut model = text.clone();
        for span in spans.iter().rev() {
            model.replace_range(span.range(), &new);
        }
        prop_assert_eq!(apply_edits(&text, &edits).expect("nothing overlaps"), model);
    }
}

#[test]
fn a_character_of_two_code_units_is_never_cut() {
    let text = "a𝒳b";
    let lines = LineIndex::new(text);
    for (character, offset) in [(0, 0), (1, 1), (2, 1), (3, 5), (4, 6), (9, 6)] {
        let position = Position { line: 0, character };
        assert_eq!(lines.offset(text, position, PositionEncoding::Utf16), offset, "{character}");
    }
}

#[test]
fn edits_that_overlap_or_do_not_fit_are_refused() {
    let overlap = [Edit::replace(Span::new(0, 2), "x"), Edit::replace(Span::new(1, 3), "y")];
    assert!(apply_edits("abc", &overlap).is_err());
    assert!(apply_edits("é", &[Edit::replace(Span::new(0, 1), "x")]).is_err());
    assert!(apply_edits("a", &[Edit::insert(2, "x")]).is_err());
    let inserts = [Edit::insert(1, "1"), Edit::insert(1, "2")];
    assert_eq!(apply_edits("ab", &inserts).as_deref(), Ok("a12b"));
}
