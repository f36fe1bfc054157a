//! Swift.

use super::kotlin::without_backticks;
use crate::{
    Visibility,
    docs::STARRED_OR_SLASHED,
    spec::{Comments, Head, Kinds, Manners, Paths, Spec, Words, grammar, query},
};

pub(super) const SPEC: Spec = Spec {
    name: "swift",
    aliases: &[],
    extensions: &["swift"],
    file_names: &[],
    programs: &["swift"],
    fence: "swift",
    comments: Comments { line: "//", docs: STARRED_OR_SLASHED },
    words: Words { keywords: &[KEYWORDS], letters: "", prefixes: &[], suffixes: "", raw: None, name_in: Some(without_backticks) },
    kinds: Kinds {
        names: &["simple_identifier"],
        types: &["type_identifier"],
        comments: &["comment", "multiline_comment"],
        strings: &["line_string_literal", "multi_line_string_literal", "raw_string_literal", "regex_literal"],
        holes: &["interpolated_expression", "raw_str_interpolation"],
        blanks: &[],
    },
    paths: Paths { members: &["?.", "!.", "."], modules: &[] },
    manners: Manners { overloads: true, ..Manners::PLAIN },
    visibility,
    queries: &[query!("swift/tags.scm")],
    grammar: grammar!("lang-swift", "tree-sitter-swift", tree_sitter_swift::LANGUAGE),
};

fn visibility(head: &Head<'_>) -> Visibility {
    if head.has("public") || head.has("open") {
        Visibility::Public
    } else if head.has("private") || head.has("fileprivate") {
        Visibility::Private
    } else {
        Visibility::Unstated
    }
}

const KEYWORDS: &str = "Any Self as associatedtype break case catch class continue default defer deinit do else enum extension \
    fallthrough false fileprivate for func guard if import in init inout internal is let nil open operator precedencegroup private \
    protocol public repeat rethrows return self static struct subscript super switch throw throws true try typealias var where while";
