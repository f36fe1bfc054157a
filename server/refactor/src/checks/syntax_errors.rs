//! `syntax`: no file has more syntax errors than before.

use index::Index;

use crate::overlay::Overlay;

/// No file has more syntax errors than before.
pub(super) fn faults(overlay: &Overlay) -> Vec<String> {
    let errors = |index: &Index, path: &str| index.file(path).map_or(0, |record| record.file().error_count);
    let mut faults = Vec::new();
    for change in overlay.changes().files() {
        let path = change.path.as_str();
        let (before, after) = (errors(overlay.base().index(), path), errors(overlay.now().index(), path));
        let known_before = overlay.base().index().file(path).is_some();
        if known_before && change.after.is_some() && overlay.now().index().file(path).is_none() {
            faults.push(format!("{path} can no longer be parsed"));
        } else if after > before {
            faults.push(format!("{path} would have {after} syntax errors where it had {before}"));
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::faults;
    use crate::checks::fixture::overlay;

    #[test]
    fn a_new_error_is_found_and_an_old_one_may_stay() {
        let after = |before: &str, after: &str| {
            let (_folder, overlay) = overlay(&[("a.rs", before)], &[("a.rs", Some(after))]);
            faults(&overlay)
        };
        assert_eq!(after("fn a() {}\n", "fn a() { 1 }\n"), Vec::<String>::new());
        assert_eq!(after("fn a() {}\n", "fn a() { 1 +\n}\n").len(), 1);
        assert_eq!(after("fn a() { 1 +\n}\n", "fn b() { 1 +\n}\n"), Vec::<String>::new());
    }
}
