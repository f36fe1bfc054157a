//! Haskell.

use tree_sitter::Node;

use crate::{
    Visibility,
    docs::Comment,
    spec::{Comments, Kinds, Manners, Paths, Spec, Words, grammar, query},
};

pub(super) const SPEC: Spec = Spec {
    name: "haskell",
    aliases: &["hs"],
    extensions: &["hs", "hsc"],
    file_names: &[],
    programs: &["runhaskell", "runghc"],
    fence: "haskell",
    comments: Comments { line: "--", docs: &[
            ("-- |", Comment::Doc),
            ("--|", Comment::Doc),
            ("{-|", Comment::Doc),
            ("{- |", Comment::Doc),
            ("-- ^", Comment::Behind),
            ("{-^", Comment::Behind),
            ("{- ^", Comment::Behind),
        ] },
    words: Words { keywords: &[KEYWORDS], letters: "'", prefixes: &[], suffixes: "", raw: None, name_in: None },
    kinds: Kinds {
        names: &["variable", "constructor", "module_id"],
        types: &["name"],
        comments: &["comment", "haddock"],
        strings: &["string", "char"],
        holes: &[],
        blanks: &[],
    },
    paths: Paths { members: &[], modules: &["."] },
    manners: Manners {
        capitals: true,
        tight: true,
        open_patterns: true,
        wraps_first: true,
        head_end: Some(head_end),
        ..Manners::PLAIN
    },
    visibility: |_| Visibility::Unstated,
    queries: &[query!("haskell/tags.scm")],
    grammar: grammar!("lang-haskell", "tree-sitter-haskell", tree_sitter_haskell::LANGUAGE),
};

/// A head ends at the first equation, constructor or member.
fn head_end(node: Node<'_>) -> Option<usize> {
    if node.kind() == "data_constructor" {
        return None;
    }
    let fields = ["match", "constructors", "constructor", "declarations", "closed_family"];
    fields.iter().find_map(|field| node.child_by_field_name(field)).map(|body| body.start_byte())
}

const KEYWORDS: &str = "case class data default deriving do else foreign if import in infix infixl infixr instance let module newtype \
    of then type where";
