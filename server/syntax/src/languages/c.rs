//! C.

use crate::{
    SymbolKind, Visibility,
    docs::Comment,
    mask,
    spec::{Comments, Head, Kinds, Manners, Paths, Spec, Words, grammar, query},
};

pub(super) const SPEC: Spec = Spec {
    name: "c",
    aliases: &[],
    extensions: &["c", "h"],
    file_names: &[],
    programs: &["tcc"],
    fence: "c",
    comments: Comments { line: "//", docs: &[("", Comment::Adjacent)] },
    words: Words { keywords: &[KEYWORDS], letters: "$", prefixes: &[], suffixes: "", raw: None, name_in: None },
    kinds: Kinds {
        names: &["identifier", "field_identifier"],
        types: &["type_identifier"],
        comments: &["comment"],
        strings: &["string_literal", "char_literal", "system_lib_string", "concatenated_string"],
        holes: &[],
        blanks: &[],
    },
    paths: Paths { members: &["->", "."], modules: &["::"] },
    manners: Manners { masks: mask::in_c, ..Manners::PLAIN },
    visibility,
    queries: &[query!("c/tags.scm")],
    grammar: grammar!("lang-c", "tree-sitter-c", tree_sitter_c::LANGUAGE),
};

/// A `static` function is its file's own.
pub(super) fn visibility(head: &Head<'_>) -> Visibility {
    if head.kind == SymbolKind::Function && head.has("static") { Visibility::Private } else { Visibility::Unstated }
}

pub(super) const KEYWORDS: &str = "auto break case char const continue default do double else enum extern float for goto if inline \
    int long register restrict return short signed sizeof static struct switch typedef union unsigned void volatile while _Alignas \
    _Alignof _Atomic _Bool _Complex _Generic _Imaginary _Noreturn _Static_assert _Thread_local";
