//! `scope`: only planned files are touched, only planned files go, and none that gives orders to tools.

use super::Allowance;
use crate::overlay::Overlay;
use crate::protected;

/// Only planned files are touched, only planned files go, and none that gives orders to tools.
pub(super) fn faults(overlay: &Overlay, allowance: &Allowance) -> Vec<String> {
    let changes = overlay.changes();
    changes
        .files()
        .iter()
        .filter_map(|change| {
            let path = change.path.as_str();
            let refusal = if change.before.is_none() { protected::refusal_of_new } else { protected::refusal };
            if let Some(reason) = refusal(path) {
                return Some(format!("{path} may not be written: {reason}"));
            }
            if change.after.is_none() && !allowance.deleted.contains(path) {
                return Some(format!("{path} would be deleted, which is not part of the plan"));
            }
            (!allowance.files.contains(path)).then(|| format!("{path} is not part of the plan"))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::faults;
    use crate::checks::Allowance;
    use crate::checks::fixture::overlay;

    #[test]
    fn a_file_that_is_not_planned_is_not_touched() {
        let allowance = Allowance { files: ["src/a.rs".into()].into(), ..Allowance::default() };
        let touched = |path: &str, after: Option<&str>| {
            let (_folder, overlay) = overlay(&[(path, "fn a() {}\n")], &[(path, after)]);
            faults(&overlay, &allowance).join("; ")
        };
        assert_eq!(touched("src/a.rs", Some("fn b() {}\n")), "");
        assert_eq!(touched("src/b.rs", Some("fn b() {}\n")), "src/b.rs is not part of the plan");
        assert_eq!(touched("src/a.rs", None), "src/a.rs would be deleted, which is not part of the plan");
        assert!(touched(".github/a.rs", Some("fn b() {}\n")).contains("take orders from it"));
    }
}
