//! What Kotlin's grammar never comes back from: an annotation that the text ends in. Its scanner looks for the white space behind it, also
//! where there is none any more (tree-sitter-kotlin-ng 1.1.0, `while (!iswspace(lexer->lookahead))`).

use text::Span;

use super::{Form, Mask};

/// What is to be masked: from the first annotation that the scanner would not leave to the end of the text.
pub(crate) fn find(text: &str) -> Vec<Mask> {
    let start = text.rfind('\n').map_or(0, |newline| newline + 1);
    let line = &text[start..];
    let found = line.match_indices('@').map(|(at, _)| at).find(|&at| begins(&line[..at]) && ends_text(&line.as_bytes()[at..]));
    found.map(|at| Mask { span: Span::new(start + at, text.len()), form: Form::Hidden }).into_iter().collect()
}

/// Whether the scanner may stop at an annotation behind this part of a line: where nothing else stands there but annotations.
fn begins(before: &str) -> bool {
    let line = before.rsplit('\r').next().unwrap_or_default().trim_start();
    (line.is_empty() || line.starts_with('@')) && before.chars().next_back().is_none_or(char::is_whitespace)
}

/// Whether the scanner comes to the end of the text in an annotation, whose arguments it ends at a line's end alone or does not know of.
fn ends_text(annotation: &[u8]) -> bool {
    let mut inside = false;
    let ends = annotation.iter().any(|&byte| {
        inside = (inside || byte == b'(') && byte != b')';
        !inside && byte.is_ascii_whitespace()
    });
    !ends || !annotation.iter().any(u8::is_ascii_whitespace)
}

#[cfg(test)]
mod tests {
    use super::find;

    #[test]
    fn an_annotation_that_ends_the_text_is_masked() {
        for (text, start) in [
            ("class A\n@b", Some(8)),
            ("class A\n  @b.c(d", Some(10)),
            ("val a = 1\n@b(c d", Some(10)),
            ("val a = 1\r@b(c\rd", Some(10)),
            ("val a = 1\n@b(c) @d", Some(16)),
            ("@", Some(0)),
            ("class A\n\u{b}\u{2003}@b", Some(12)),
            ("class A\n@b\n", None),
            ("class A\n@b class C", None),
            ("val a = \"b @c\"", None),
            ("a@b", None),
            ("", None),
        ] {
            assert_eq!(find(text).first().map(|mask| mask.span.start), start, "{text:?}");
        }
    }
}
