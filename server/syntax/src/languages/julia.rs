//! Julia.

use tree_sitter::Node;

use crate::{
    Visibility,
    spec::{Comments, Head, Kinds, Manners, Paths, Spec, Words, grammar, query},
};

pub(super) const SPEC: Spec = Spec {
    name: "julia",
    aliases: &["jl"],
    extensions: &["jl"],
    file_names: &[],
    programs: &["julia"],
    fence: "julia",
    comments: Comments { line: "#", docs: &[] },
    words: Words { keywords: &[KEYWORDS], letters: "", prefixes: &[], suffixes: "!", raw: None, name_in: None },
    kinds: Kinds {
        names: &["identifier"],
        types: &[],
        comments: &["line_comment", "block_comment"],
        strings: &["string_literal", "command_literal", "prefixed_string_literal", "character_literal"],
        holes: &["string_interpolation"],
        blanks: &[],
    },
    paths: Paths { members: &["."], modules: &[] },
    manners: Manners { capitals: true, open_patterns: true, last_part: true, head_end: Some(head_end), ..Manners::PLAIN },
    visibility,
    queries: &[query!("julia/tags.scm")],
    grammar: grammar!("lang-julia", "tree-sitter-julia", tree_sitter_julia::LANGUAGE),
};

/// A head ends with what the grammar calls one.
fn head_end(node: Node<'_>) -> Option<usize> {
    let mut cursor = node.walk();
    let head = node.named_children(&mut cursor).find(|child| matches!(child.kind(), "signature" | "type_head"))?;
    Some(head.end_byte())
}

/// By convention: an underscore in front makes a name private.
fn visibility(head: &Head<'_>) -> Visibility {
    if head.name.starts_with('_') { Visibility::Private } else { Visibility::Unstated }
}

const KEYWORDS: &str = "baremodule begin break catch const continue do else elseif end export false finally for function global if import \
    let local macro module quote return struct true try using while";
