//! Rust.

use crate::{
    SymbolKind, Visibility,
    docs::STARRED_OR_SLASHED,
    spec::{Comments, Head, Kinds, Manners, Paths, Raw, Spec, Words, grammar, query},
    values::Style,
};

pub(super) const SPEC: Spec = Spec {
    name: "rust",
    aliases: &["rs"],
    extensions: &["rs"],
    file_names: &[],
    programs: &["rust-script"],
    fence: "rust",
    comments: Comments { line: "//", docs: STARRED_OR_SLASHED },
    words: Words {
        keywords: &[KEYWORDS],
        letters: "",
        prefixes: &["r#"],
        suffixes: "",
        raw: Some(Raw { prefix: "r#", never: "self Self super crate _" }),
        name_in: None,
    },
    kinds: Kinds {
        names: &["identifier", "field_identifier", "shorthand_field_identifier"],
        types: &["type_identifier"],
        comments: &["line_comment", "block_comment"],
        strings: &["string_literal", "raw_string_literal", "char_literal"],
        holes: &[],
        blanks: &[],
    },
    paths: Paths { members: &["?.", "."], modules: &["::"] },
    manners: Manners { literals: &["struct_expression", "struct_pattern"], local_types: Some(Style::Let), ..Manners::PLAIN },
    visibility,
    queries: &[query!("rust/tags.scm")],
    grammar: grammar!("lang-rust", "tree-sitter-rust", tree_sitter_rust::LANGUAGE),
};

fn visibility(head: &Head<'_>) -> Visibility {
    if head.signature.starts_with("pub ") {
        Visibility::Public
    } else if head.signature.starts_with("pub(") || matches!(head.kind, SymbolKind::EnumMember | SymbolKind::Macro) {
        Visibility::Unstated
    } else {
        Visibility::Private
    }
}

const KEYWORDS: &str = "as async await break const continue crate dyn else enum extern false fn for if impl in let loop match mod \
    move mut pub ref return self Self static struct super trait true type unsafe use where while abstract become box do final gen \
    macro override priv try typeof unsized virtual yield";
