//! How counts and times are put into words.

use std::time::Duration;

/// A number with the word for one or for many behind it: `1 file`, `3 files`.
#[must_use]
pub fn plural(count: usize, one: &str, many: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{count} {many}") }
}

/// `just now`, `5 min ago`, `3 h ago`, `12 days ago`.
pub(crate) fn ago(age: Duration) -> String {
    match age.as_secs() {
        0..60 => "just now".to_owned(),
        seconds @ 60..3_600 => format!("{} min ago", seconds / 60),
        seconds @ 3_600..86_400 => format!("{} h ago", seconds / 3_600),
        seconds => format!("{} ago", plural(usize::try_from(seconds / 86_400).unwrap_or(usize::MAX), "day", "days")),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::ago;

    #[test]
    fn an_age_is_told_in_the_largest_whole_unit() {
        let told = [0, 59, 60, 3_599, 7_200, 86_400, 200_000].map(|seconds| ago(Duration::from_secs(seconds)));
        assert_eq!(told, ["just now", "just now", "1 min ago", "59 min ago", "2 h ago", "1 day ago", "2 days ago"]);
    }
}
