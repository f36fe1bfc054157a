//! Elixir.

use std::ops::Range;

use tree_sitter::Node;

use crate::{
    SymbolKind,
    Visibility,
    spec::{Comments, Head, Kinds, Manners, Paths, Spec, Words, grammar, query},
};

pub(super) const SPEC: Spec = Spec {
    name: "elixir",
    aliases: &["eelixir"],
    extensions: &["ex", "exs"],
    file_names: &["mix.lock"],
    programs: &["elixir"],
    fence: "elixir",
    comments: Comments { line: "#", docs: &[] },
    words: Words { keywords: &[KEYWORDS], letters: "", prefixes: &[], suffixes: "?!", raw: None, name_in: Some(name_in) },
    kinds: Kinds {
        names: &["identifier", "alias"],
        types: &[],
        comments: &["comment"],
        strings: &["string", "charlist", "sigil", "quoted_atom"],
        holes: &["interpolation"],
        blanks: &[],
    },
    paths: Paths { members: &["."], modules: &[] },
    manners: Manners { capitals: true, last_part: true, head_end: Some(head_end), ..Manners::PLAIN },
    visibility,
    queries: &[query!("elixir/tags.scm")],
    grammar: grammar!("lang-elixir", "tree-sitter-elixir", tree_sitter_elixir::LANGUAGE),
};

/// The last part of `Plug.Conn`, and `name` of `:name` and `name: `.
fn name_in(token: &str) -> Range<usize> {
    let end = token.trim_end().trim_end_matches(':').len();
    let start = if token.starts_with(char::is_uppercase) { token.rfind('.').map_or(0, |dot| dot + 1) } else { 0 };
    let start = start.max(usize::from(token.starts_with(':')));
    start..end.max(start)
}

/// A head ends where its `do` begins, or what is written instead of one.
fn head_end(node: Node<'_>) -> Option<usize> {
    let mut cursor = node.walk();
    let children: Vec<Node<'_>> = node.named_children(&mut cursor).collect();
    let block = children.iter().find(|child| child.kind() == "do_block").copied();
    let body = block.or_else(|| {
        let arguments = children.iter().find(|child| child.kind() == "arguments")?;
        arguments.named_children(&mut cursor).find(|child| child.kind() == "keywords")
    });
    body.map(|body| body.start_byte())
}

/// What ends in `p` is private, and so are attributes.
fn visibility(head: &Head<'_>) -> Visibility {
    let word = head.signature.split(' ').next().unwrap_or_default();
    match word {
        "defp" | "defmacrop" | "defguardp" | "defnp" | "@typep" => Visibility::Private,
        _ if head.kind == SymbolKind::Constant => Visibility::Private,
        _ => Visibility::Public,
    }
}

const KEYWORDS: &str = "after and catch do else end false fn in nil not or rescue true when";
