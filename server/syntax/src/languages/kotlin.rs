//! Kotlin.

use std::ops::Range;

use crate::{
    Visibility,
    docs::STARRED,
    mask,
    spec::{Comments, Head, Kinds, Manners, Paths, Spec, Words, grammar, query},
};

pub(super) const SPEC: Spec = Spec {
    name: "kotlin",
    aliases: &["kt"],
    extensions: &["kt", "kts"],
    file_names: &[],
    programs: &["kotlin", "kscript"],
    fence: "kotlin",
    comments: Comments { line: "//", docs: STARRED },
    words: Words { keywords: &[KEYWORDS], letters: "", prefixes: &[], suffixes: "", raw: None, name_in: Some(without_backticks) },
    kinds: Kinds {
        names: &["identifier"],
        types: &[],
        comments: &["line_comment", "block_comment"],
        strings: &["string_literal", "multiline_string_literal", "character_literal"],
        holes: &["interpolation"],
        blanks: &[],
    },
    paths: Paths { members: &["?.", "!!.", "."], modules: &["::"] },
    manners: Manners { masks: mask::in_kotlin, overloads: true, ..Manners::PLAIN },
    visibility,
    queries: &[query!("kotlin/tags.scm")],
    grammar: grammar!("lang-kotlin", "tree-sitter-kotlin-ng", tree_sitter_kotlin_ng::LANGUAGE),
};

/// A name in backticks may be any word, and is the same without them.
pub(super) fn without_backticks(token: &str) -> Range<usize> {
    let bare = token.len() > 2 && token.starts_with('`') && token.ends_with('`');
    if bare { 1..token.len() - 1 } else { 0..token.len() }
}

/// What says nothing else is public.
pub(super) fn visibility(head: &Head<'_>) -> Visibility {
    if head.has("private") {
        Visibility::Private
    } else if head.has("protected") || head.has("internal") {
        Visibility::Unstated
    } else {
        Visibility::Public
    }
}

const KEYWORDS: &str = "as break class continue do else false for fun if in interface is null object package return super this throw \
    true try typealias typeof val var when while";
