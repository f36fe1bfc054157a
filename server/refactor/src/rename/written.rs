//! What steps before have written anew in a text, and where the rest of it stands now.

use text::{Span, edits_between};

/// The parts of a text that differ between two states of it, in the order of the text.
#[derive(Debug)]
pub(super) struct Written {
    /// Each part as it was and as it is.
    parts: Vec<(Span, Span)>,
}

impl Written {
    /// Compares a text as it was with how it is now.
    pub(super) fn between(was: &str, is: &str) -> Self {
        if was == is {
            return Self { parts: Vec::new() };
        }
        let (mut parts, mut behind_was, mut behind_is) = (Vec::new(), 0, 0);
        for edit in edits_between(was, is) {
            let (start, end) = (edit.span.start as usize, edit.span.end as usize);
            let start_now = behind_is + (start - behind_was);
            (behind_was, behind_is) = (end, start_now + edit.new_text.len());
            parts.push((edit.span, Span::new(start_now, behind_is)));
        }
        Self { parts }
    }

    /// Where a span of the text as it was stands now; `None` where any of it was written anew.
    pub(super) fn now(&self, span: Span) -> Option<Span> {
        moved(span, self.parts.iter().copied())
    }

    /// Where a span of the text as it is stood before; `None` where any of it was written anew.
    pub(super) fn before(&self, span: Span) -> Option<Span> {
        moved(span, self.parts.iter().map(|&(was, is)| (is, was)))
    }
}

/// Where a span stands in another state of its text, by the parts that differ: each as in the state of the span and as in the other.
fn moved(span: Span, parts: impl Iterator<Item = (Span, Span)>) -> Option<Span> {
    let (mut from, mut to) = (0, 0);
    for (here, there) in parts.take_while(|(here, _)| here.start < span.end) {
        if here.end > span.start {
            return None;
        }
        (from, to) = (here.end as usize, there.end as usize);
    }
    let place = |offset: u32| to + (offset as usize - from);
    Some(Span::new(place(span.start), place(span.end)))
}

#[cfg(test)]
mod tests {
    use text::Span;

    use super::Written;

    #[test]
    fn what_was_not_written_anew_is_found_in_both_states() {
        let (was, is) = ("# rename a\na = 1\nb = a\nc = a\n", "a = 1\nb = a + longer\nc = a\n");
        let written = Written::between(was, is);
        let places = |text: &str| text.match_indices("a\n").map(|(at, _)| at).collect::<Vec<_>>();
        let (before, now) = (*places(was).last().unwrap(), *places(is).last().unwrap());
        let (before, now) = (Span::new(before, before + 1), Span::new(now, now + 1));
        assert_eq!(written.now(before), Some(now));
        assert_eq!(written.before(now), Some(before));
        assert_eq!(written.now(Span::new(9, 10)), None, "it is gone");
        let new = is.find("longer").unwrap();
        assert_eq!(written.before(Span::new(new, new + 6)), None, "it is new");
        let first = was.find("a = 1").unwrap();
        assert_eq!(written.now(Span::new(first, first + 1)), Some(Span::new(0, 1)));
    }

    #[test]
    fn a_text_that_is_the_same_is_nowhere_new() {
        let written = Written::between("a b", "a b");
        assert_eq!(written.now(Span::new(2, 3)), Some(Span::new(2, 3)));
    }
}
