//! Java.

use crate::{
    Visibility,
    docs::STARRED,
    spec::{Comments, Head, Kinds, Manners, Paths, Spec, Words, grammar, query},
    values::Style,
};

pub(super) const SPEC: Spec = Spec {
    name: "java",
    aliases: &[],
    extensions: &["java"],
    file_names: &[],
    programs: &["java"],
    fence: "java",
    comments: Comments { line: "//", docs: STARRED },
    words: Words { keywords: &[KEYWORDS], letters: "$", prefixes: &[], suffixes: "", raw: None, name_in: None },
    kinds: Kinds {
        names: &["identifier"],
        types: &["type_identifier"],
        comments: &["line_comment", "block_comment"],
        strings: &["string_literal", "character_literal"],
        holes: &["string_interpolation"],
        blanks: &[],
    },
    paths: Paths { members: &["."], modules: &["::"] },
    manners: Manners { overloads: true, local_types: Some(Style::TypeFirst), ..Manners::PLAIN },
    visibility,
    queries: &[query!("java/tags.scm")],
    grammar: grammar!("lang-java", "tree-sitter-java", tree_sitter_java::LANGUAGE),
};

pub(super) fn visibility(head: &Head<'_>) -> Visibility {
    if head.has("public") {
        Visibility::Public
    } else if head.has("private") {
        Visibility::Private
    } else {
        Visibility::Unstated
    }
}

const KEYWORDS: &str = "abstract assert boolean break byte case catch char class const continue default do double else enum extends \
    final finally float for goto if implements import instanceof int interface long native new package private protected public \
    return short static strictfp super switch synchronized this throw throws transient try void volatile while true false null";
