//! Doors for fuzzers, only with the feature `fuzz`: a process brings its queries once, and a tree is nobody else's business.

use std::num::NonZeroU16;

use crate::{
    FileSymbols, Language, Limits, QueryFault, Skip, Tree, UserQuery,
    deadline::Deadline,
    grammar::Grammar,
    parse::parse_with,
    walk::{Source, walk},
};

/// A query that a user brings, compiled as it is at a start.
pub struct Brought {
    language: Language,
    grammar: Grammar,
}

impl Brought {
    /// Compiles a query; `None` where its language is not built in.
    ///
    /// # Errors
    /// What the user is told of a query that does not compile.
    pub fn compile(query: &UserQuery) -> Option<Result<Self, QueryFault>> {
        let grammar = (query.language.spec().grammar.load?)();
        Some(Grammar::brought(&grammar, query).map(|grammar| Self { language: query.language, grammar }))
    }

    /// What a text defines, uses and imports by this query.
    ///
    /// # Errors
    /// Says why the text is skipped.
    pub fn list(&self, text: &str, limits: &Limits) -> Result<FileSymbols, Skip> {
        let deadline = Deadline::after(limits.parse_ms);
        parse_with((self.language, &self.grammar), text, limits, deadline)
    }
}

/// What a walk over the whole of a tree lists; `None` where it takes too long. The text is that of the tree.
#[must_use]
pub fn walked(tree: &Tree, text: &str, limits: &Limits) -> Option<FileSymbols> {
    let deadline = Deadline::after(limits.parse_ms);
    let source = Source { text, masks: tree.masks.as_slice() };
    walk(tree.language, Grammar::of(tree.language)?, &tree.inner, source, limits.max_depth, deadline)
}

/// A node of a tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node<'tree> {
    depth: u32,
    field: Option<NonZeroU16>,
    kind: &'tree str,
    range: tree_sitter::Range,
    is_error: bool,
    is_missing: bool,
    /// Whether the text was changed under it since it was parsed.
    has_changes: bool,
}

/// Every node of a tree in the order of the text.
#[must_use]
pub fn nodes(tree: &Tree) -> Vec<Node<'_>> {
    let mut cursor = tree.inner.walk();
    let mut nodes = Vec::new();
    loop {
        let node = cursor.node();
        nodes.push(Node {
            depth: cursor.depth(),
            field: cursor.field_id(),
            kind: node.kind(),
            range: node.range(),
            is_error: node.is_error(),
            is_missing: node.is_missing(),
            has_changes: node.has_changes(),
        });
        if cursor.goto_first_child() {
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return nodes;
            }
        }
    }
}
