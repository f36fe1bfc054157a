//! Diffs: for people, for `patch`, and as edits.

use crate::{Edit, Span};

/// A unified diff from `old` to `new` with three lines of context, headed `--- a/path` and `+++ b/path`; empty where the two
/// are the same.
#[must_use]
pub fn unified_diff(path: &str, old: &str, new: &str) -> String {
    similar::TextDiff::from_lines(old, new)
        .unified_diff()
        .context_radius(3)
        .header(&format!("a/{path}"), &format!("b/{path}"))
        .to_string()
}

/// Edits that lead from `old` to `new`: one for each run of changed lines, cut down to the characters that differ in it.
#[must_use]
pub fn edits_between(old: &str, new: &str) -> Vec<Edit> {
    let diff = similar::TextDiff::from_lines(old, new);
    let old_starts = line_starts(diff.iter_old_slices());
    let new_starts = line_starts(diff.iter_new_slices());
    let mut edits = Vec::new();
    for operation in diff.ops() {
        if operation.tag() == similar::DiffTag::Equal {
            continue;
        }
        let (old_lines, new_lines) = (operation.old_range(), operation.new_range());
        let old_span = old_starts[old_lines.start]..old_starts[old_lines.end];
        let new_span = new_starts[new_lines.start]..new_starts[new_lines.end];
        edits.push(trimmed(&old[old_span.clone()], &new[new_span], old_span.start));
    }
    edits
}

/// The start of each line and, last, the end of the text.
fn line_starts<'text>(lines: impl Iterator<Item = &'text str>) -> Vec<usize> {
    let mut starts = vec![0];
    for line in lines {
        starts.push(starts[starts.len() - 1] + line.len());
    }
    starts
}

/// The edit from `old`, which begins at the byte `start`, to `new` without what both begin and end with.
fn trimmed(old: &str, new: &str, start: usize) -> Edit {
    let prefix: usize = old.chars().zip(new.chars()).take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum();
    let (old, new) = (&old[prefix..], &new[prefix..]);
    let suffix: usize = old.chars().rev().zip(new.chars().rev()).take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum();
    let start = start + prefix;
    Edit::replace(Span::new(start, start + old.len() - suffix), &new[..new.len() - suffix])
}

#[cfg(test)]
mod tests {
    use super::edits_between;
    use crate::apply_edits;

    #[test]
    fn edits_lead_from_old_to_new() {
        let cases = [
            ("", ""),
            ("", "a\n"),
            ("a\n", ""),
            ("let store = 1;\nx\n", "let depot = 1;\nx\n"),
            ("a\r\nb\r\n", "a\r\nc\r\nb\r\n"),
            ("äöü", "äöß"),
            ("one\ntwo\nthree", "zero\none\nthree\n"),
        ];
        for (old, new) in cases {
            assert_eq!(apply_edits(old, &edits_between(old, new)).as_deref(), Ok(new), "{old:?} -> {new:?}");
        }
    }

    #[test]
    fn an_edit_is_as_small_as_the_change() {
        let edits = edits_between("fn a() {}\nfn store() {}\n", "fn a() {}\nfn depot() {}\n");
        assert_eq!(edits.len(), 1);
        assert_eq!((edits[0].span.range(), edits[0].new_text.as_str()), (13..18, "depot"));
    }
}
