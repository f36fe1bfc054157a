//! What the languages' own lists, maps and promises lead to: nothing in the workspace declares their members.

use super::{Types, Value};

impl Types<'_> {
    /// What a member of something built in leads to with the steps behind its name, and how many bytes these take; `None` where it
    /// is none that is known.
    pub(super) fn of_built_in(&mut self, values: &[Value], name: &str, rest: &str) -> Option<(Vec<Value>, usize)> {
        // A function that is handed to it, and what that is handed.
        let handed = rest.starts_with("(0(0").then_some(4);
        let taken = rest.starts_with('(').then(|| 1 + rest[1..].bytes().take_while(u8::is_ascii_digit).count());
        let called = rest.starts_with("()").then_some(2);
        let (of_elements, steps) = match name {
            "forEach" | "map" | "filter" | "find" | "findIndex" | "findLast" | "some" | "every" | "flatMap" | "sort" => {
                match (handed, called) {
                    (Some(steps), _) => (true, steps),
                    (None, Some(steps)) if matches!(name, "find" | "findLast") => (true, steps),
                    (None, Some(steps)) if matches!(name, "filter" | "sort") => (false, steps),
                    _ => return None,
                }
            }
            "push" | "unshift" | "includes" | "indexOf" | "append" | "add" => (true, taken.filter(|&steps| steps > 1)?),
            "pop" | "shift" | "at" | "get" | "popleft" | "setdefault" => (true, called?),
            "slice" | "reverse" | "concat" | "values" | "copy" => (false, called?),
            "then" => (false, handed?),
            _ => return None,
        };
        let elements = self.each(values, Self::element);
        if name == "then" {
            return Some((values.to_vec(), steps));
        }
        if elements.is_empty() {
            return None;
        }
        Some((if of_elements { elements } else { values.to_vec() }, steps))
    }
}
