//! Dart.

use crate::{
    Visibility,
    docs::STARRED_OR_SLASHED,
    spec::{Comments, Head, Kinds, Manners, Paths, Spec, Words, grammar, query},
};

pub(super) const SPEC: Spec = Spec {
    name: "dart",
    aliases: &[],
    extensions: &["dart"],
    file_names: &[],
    programs: &["dart"],
    fence: "dart",
    comments: Comments { line: "//", docs: STARRED_OR_SLASHED },
    words: Words { keywords: &[KEYWORDS], letters: "$", prefixes: &[], suffixes: "", raw: None, name_in: None },
    kinds: Kinds {
        names: &["identifier", "identifier_dollar_escaped"],
        types: &["type_identifier"],
        comments: &["comment", "block_comment", "documentation_comment", "documentation_block_comment"],
        strings: &["string_literal", "symbol_literal"],
        holes: &["template_substitution"],
        blanks: &[],
    },
    paths: Paths { members: &["?..", "..", "?.", "."], modules: &[] },
    manners: Manners::PLAIN,
    visibility,
    queries: &[query!("dart/tags.scm")],
    grammar: grammar!("lang-dart", "tree-sitter-dart", tree_sitter_dart::LANGUAGE),
};

/// An underscore in front makes a name its library's own.
fn visibility(head: &Head<'_>) -> Visibility {
    if head.name.starts_with('_') { Visibility::Private } else { Visibility::Public }
}

const KEYWORDS: &str = "assert await break case catch class const continue default do else enum extends false final finally for if in is \
    new null rethrow return super switch this throw true try var void while with yield";
