//! Go.

use crate::{
    Visibility,
    docs::Comment,
    spec::{Comments, Head, Kinds, Manners, Paths, Spec, Words, grammar, query},
    values::Style,
};

pub(super) const SPEC: Spec = Spec {
    name: "go",
    aliases: &["golang"],
    extensions: &["go"],
    file_names: &[],
    programs: &[],
    fence: "go",
    comments: Comments {
        line: "//",
        docs: &[("//go:", Comment::Plain), ("// +build", Comment::Plain), ("", Comment::Adjacent)],
    },
    words: Words { keywords: &[KEYWORDS], letters: "", prefixes: &[], suffixes: "", raw: None, name_in: None },
    kinds: Kinds {
        names: &["identifier", "field_identifier", "package_identifier"],
        types: &["type_identifier"],
        comments: &["comment"],
        strings: &["raw_string_literal", "interpreted_string_literal", "rune_literal"],
        holes: &[],
        blanks: &[],
    },
    paths: Paths { members: &["."], modules: &[] },
    manners: Manners { literals: &["composite_literal"], local_types: Some(Style::NameFirst), ..Manners::PLAIN },
    visibility,
    queries: &[query!("go/tags.scm")],
    grammar: grammar!("lang-go", "tree-sitter-go", tree_sitter_go::LANGUAGE),
};

/// What begins with a capital letter is exported.
fn visibility(head: &Head<'_>) -> Visibility {
    if head.name.starts_with(char::is_uppercase) { Visibility::Public } else { Visibility::Private }
}

const KEYWORDS: &str = "break case chan const continue default defer else fallthrough for func go goto if import interface map package \
    range return select struct switch type var";
