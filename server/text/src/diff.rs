//! Diffs for people and for `patch`.

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
