//! Scala, 2 and 3.

use tree_sitter::Node;

use super::kotlin::{self, without_backticks};
use crate::{
    Visibility,
    docs::STARRED,
    spec::{Comments, Head, Kinds, Manners, Paths, Spec, Words, grammar, query},
};

pub(super) const SPEC: Spec = Spec {
    name: "scala",
    aliases: &["sbt"],
    extensions: &["scala", "sc", "sbt"],
    file_names: &[],
    programs: &["scala", "scala-cli", "amm"],
    fence: "scala",
    comments: Comments { line: "//", docs: STARRED },
    words: Words { keywords: &[KEYWORDS], letters: "$", prefixes: &[], suffixes: "", raw: None, name_in: Some(without_backticks) },
    kinds: Kinds {
        names: &["identifier", "operator_identifier"],
        types: &["type_identifier"],
        comments: &["comment", "block_comment"],
        strings: &["string", "interpolated_string", "character_literal"],
        holes: &["interpolation"],
        blanks: &[],
    },
    paths: Paths { members: &["."], modules: &["#"] },
    manners: Manners { capitals: true, overloads: true, head_end: Some(head_end), ..Manners::PLAIN },
    visibility,
    queries: &[query!("scala/tags.scm")],
    grammar: grammar!("lang-scala", "tree-sitter-scala", tree_sitter_scala::LANGUAGE),
};

/// A head ends where the body begins, be it in parentheses or not.
fn head_end(node: Node<'_>) -> Option<usize> {
    node.child_by_field_name("body").map(|body| body.start_byte())
}

/// `private[shop]` is seen in the package.
fn visibility(head: &Head<'_>) -> Visibility {
    if head.signature.contains("private[") { Visibility::Unstated } else { kotlin::visibility(head) }
}

const KEYWORDS: &str = "abstract case catch class def do else enum export extends false final finally for forSome given if implicit \
    import lazy macro match new null object override package private protected return sealed super then this throw trait true try \
    type val var while with yield";
