//! `completeness`: no new comment stands where code was left out.

use crate::overlay::Overlay;

/// What models write where they leave code out.
const ELISIONS: &[&str] = &[
    "existing code",
    "rest unchanged",
    "rest of the code",
    "rest of the file",
    "rest of the function",
    "remains unchanged",
    "unchanged ...",
    "... unchanged",
    "same as before",
    "code omitted",
    "omitted for brevity",
    "todo: implement",
    "your code here",
];

/// No new comment stands where code was left out.
pub(super) fn faults(overlay: &Overlay) -> Vec<String> {
    let mut faults = Vec::new();
    for change in overlay.changes().files() {
        let before = overlay.text_before(change).to_lowercase();
        for (at, line) in change.after.as_deref().unwrap_or_default().lines().enumerate() {
            let lower = line.to_lowercase();
            let comment = ["//", "#", "/*", "*", "--", "\"\"\""].iter().any(|marker| lower.trim_start().starts_with(marker))
                || lower.contains("//");
            let bare = lower.trim().trim_matches(['/', '#', '*', '-', ' ']);
            let elided = comment && (ELISIONS.iter().any(|elision| lower.contains(elision)) || matches!(bare, "..." | "…"));
            if elided && !before.contains(lower.trim()) {
                faults.push(format!("{}:{} leaves code out", change.path, at + 1));
            }
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::faults;
    use crate::checks::fixture::overlay;

    #[test]
    fn a_comment_in_place_of_code_is_found_unless_it_was_there() {
        let after = |before: &str, after: &str| {
            let (_folder, overlay) = overlay(&[("a.rs", before)], &[("a.rs", Some(after))]);
            faults(&overlay)
        };
        for lazy in ["// ... existing code ...", "/* rest unchanged */", "// ...", "let x = 1; // same as before"] {
            let text = format!("fn a() {{\n    {lazy}\n}}\n");
            assert_eq!(after("fn a() {}\n", &text), ["a.rs:2 leaves code out"], "{lazy}");
            assert_eq!(after(&text, &format!("{text}fn b() {{}}\n")), Vec::<String>::new(), "{lazy}");
        }
        assert_eq!(after("fn a() {}\n", "fn a() {\n    // existing users keep their names\n}\n"), Vec::<String>::new());
    }
}
