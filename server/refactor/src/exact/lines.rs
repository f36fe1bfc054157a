//! Whole lines of a text: what a definition takes with it when it goes, and where a new one is put.

use text::{Edit, Span, line_end, line_start};

/// The whole lines of a span; `None` where something else stands on them.
pub(super) fn whole_lines(text: &str, span: Span) -> Option<Span> {
    let (start, end) = (line_start(text, span.start as usize), line_end(text, span.end as usize));
    let before = &text[start..span.start as usize];
    let behind = text[span.end as usize..end].trim().trim_start_matches(';').trim();
    (before.trim().is_empty() && behind.is_empty()).then(|| Span::new(start, end))
}

/// The same with the comment lines right above it, as long as they begin as far in and are not the head of the file.
pub(super) fn with_comment_above(text: &str, lines: Span, marker: &str) -> Span {
    let mut start = lines.start as usize;
    while start > 0 {
        let above = line_start(text, start - 1);
        let line = &text[above..start];
        if above == 0 || !line.starts_with(marker) {
            break;
        }
        start = above;
    }
    let is_head = text[..start].trim().is_empty() && start != lines.start as usize;
    if is_head { lines } else { Span::new(start, lines.end as usize) }
}

/// Takes whole lines out, and the blank lines behind them where there are some before them too.
pub(super) fn removal(text: &str, lines: Span) -> Edit {
    let (start, mut end) = (lines.start as usize, lines.end as usize);
    let before = text[..start].trim_end_matches([' ', '\t']);
    if before.is_empty() || before.ends_with("\n\n") || before.ends_with("\n\r\n") {
        while end < text.len() && text[end..line_end(text, end)].trim().is_empty() {
            end = line_end(text, end);
        }
    }
    if end == text.len() {
        // At the end of the file the blank lines before it go instead.
        let kept = text[..start].trim_end().len();
        return Edit::replace(Span::new(line_end(text, kept).min(start), end), "");
    }
    Edit::replace(Span::new(start, end), "")
}

/// Puts a definition at the end of a text, so many blank lines below what is there.
pub(super) fn append(text: &str, definition: &str, blank: usize) -> Edit {
    let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let kept = text.trim_end();
    let gap = if kept.is_empty() { String::new() } else { end.repeat(blank + 1) };
    Edit::replace(Span::new(kept.len(), text.len()), format!("{gap}{}{end}", definition.trim_end()))
}

/// The places where a name stands in a text as a whole: in JavaScript and PHP `$` is part of one.
pub(super) fn words<'text>(text: &'text str, word: &'text str) -> impl Iterator<Item = usize> + 'text {
    text::whole_words(text, word, "$")
}

/// The one-based line of a byte.
pub(super) fn line_number(text: &str, offset: usize) -> usize {
    text[..offset].matches('\n').count() + 1
}

#[cfg(test)]
mod tests {
    use super::{append, removal, whole_lines, with_comment_above};
    use text::{Span, apply_edits};

    fn without(text: &str, part: &str) -> String {
        let start = text.find(part).unwrap();
        let lines = whole_lines(text, Span::new(start, start + part.len())).unwrap();
        apply_edits(text, &[removal(text, lines)]).unwrap()
    }

    #[test]
    fn blank_lines_go_with_what_goes() {
        assert_eq!(without("a\n\nb\n\nc\n", "b"), "a\n\nc\n");
        assert_eq!(without("a\nb\nc\n", "b"), "a\nc\n");
        assert_eq!(without("b\n\nc\n", "b"), "c\n");
        assert_eq!(without("a\n\n\nb\n", "b"), "a\n");
        assert_eq!(without("b\n", "b"), "");
    }

    #[test]
    fn what_is_put_at_the_end_keeps_its_distance() {
        let put = |text: &str| apply_edits(text, &[append(text, "b", 1)]).unwrap();
        assert_eq!((put("a\n"), put("a"), put("")), ("a\n\nb\n".to_owned(), "a\n\nb\n".to_owned(), "b\n".to_owned()));
    }

    #[test]
    fn comments_right_above_belong_to_it_but_not_the_head_of_the_file() {
        let text = "# licence\nx\n\n# about\ny\n";
        let of = |part: &str| whole_lines(text, Span::new(text.find(part).unwrap(), text.find(part).unwrap() + 1)).unwrap();
        assert_eq!(with_comment_above(text, of("y"), "#").of(text), "# about\ny\n");
        assert_eq!(with_comment_above(text, of("x"), "#").of(text), "x\n");
    }
}
