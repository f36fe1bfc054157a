//! Implementations: blocks at the top of a file that give a type its methods and are no symbols themselves.

use text::Span;

use crate::Tree;

/// One `impl` block of Rust.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Implementation {
    /// The whole block, without the comments and attributes above it.
    pub span: Span,
    /// The name of the type that it is for, without its path and its arguments; empty where that is no plain name.
    pub of: String,
    /// Whether it implements a trait.
    pub has_trait: bool,
}

/// The implementations at the top of a file; none in languages that have no such blocks.
#[must_use]
pub fn implementations(tree: &Tree, text: &str) -> Vec<Implementation> {
    let mut cursor = tree.inner.walk();
    let mut found = Vec::new();
    if !cursor.goto_first_child() {
        return found;
    }
    loop {
        let node = cursor.node();
        if node.kind() == "impl_item" {
            let of = node.child_by_field_name("type").and_then(|node| text.get(node.byte_range())).unwrap_or_default();
            let plain = of.split('<').next().unwrap_or_default().rsplit("::").next().unwrap_or_default().trim();
            let is_plain = plain.chars().all(|character| character.is_alphanumeric() || character == '_');
            found.push(Implementation {
                span: Span::new(node.start_byte(), node.end_byte()),
                of: if is_plain { plain.to_owned() } else { String::new() },
                has_trait: node.child_by_field_name("trait").is_some(),
            });
        }
        if !cursor.goto_next_sibling() {
            return found;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::implementations;
    use crate::{Language, Limits, parse_only};

    #[test]
    #[cfg_attr(not(feature = "lang-rust"), ignore = "needs the grammar of Rust")]
    fn blocks_are_told_by_their_type() {
        let text = "impl<T> a::Store<T> { fn x() {} }\nimpl From<u8> for Store<u8> {}\nimpl A for &Store<u8> {}\nfn x() {}\n";
        let tree = parse_only(Language::Rust, text, None, &Limits::default()).unwrap();
        let found = implementations(&tree, text);
        let told: Vec<(&str, bool)> = found.iter().map(|one| (one.of.as_str(), one.has_trait)).collect();
        assert_eq!(told, [("Store", false), ("Store", true), ("", true)]);
        assert_eq!(found[0].span.of(text), "impl<T> a::Store<T> { fn x() {} }");
    }
}
