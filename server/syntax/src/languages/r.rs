//! R.

use std::ops::Range;

use crate::{
    Visibility,
    docs::Comment,
    spec::{Comments, Head, Kinds, Manners, Paths, Spec, Words, grammar, query},
};

pub(super) const SPEC: Spec = Spec {
    name: "r",
    aliases: &[],
    extensions: &["r", "R"],
    file_names: &[".Rprofile"],
    programs: &["Rscript"],
    fence: "r",
    comments: Comments { line: "#", docs: &[("#'", Comment::Adjacent)] },
    words: Words { keywords: &[KEYWORDS], letters: ".", prefixes: &[], suffixes: "", raw: None, name_in: Some(name_in) },
    kinds: Kinds {
        names: &["identifier"],
        types: &[],
        comments: &["comment"],
        strings: &["string"],
        holes: &[],
        blanks: &[],
    },
    paths: Paths { members: &["$", "@"], modules: &[":::", "::"] },
    manners: Manners::PLAIN,
    visibility,
    queries: &[query!("r/tags.scm")],
    grammar: grammar!("lang-r", "tree-sitter-r", tree_sitter_r::LANGUAGE),
};

/// What stands between backticks.
fn name_in(token: &str) -> Range<usize> {
    if token.len() > 2 && token.starts_with('`') && token.ends_with('`') { 1..token.len() - 1 } else { 0..token.len() }
}

/// By convention: a point in front makes a name private.
fn visibility(head: &Head<'_>) -> Visibility {
    if head.name.starts_with('.') { Visibility::Private } else { Visibility::Unstated }
}

const KEYWORDS: &str = "FALSE Inf NA NA_character_ NA_complex_ NA_integer_ NA_real_ NULL NaN TRUE break else for function if in next repeat \
    while";
