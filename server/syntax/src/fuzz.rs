//! Doors for fuzzers, only with the feature `fuzz`: a process brings its queries once, and a tree is nobody else's business.

use std::time::{Duration, Instant};

use crate::{FileSymbols, Language, Limits, QueryFault, Skip, Tree, UserQuery, grammar::Grammar, parse::parse_with};

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
        let deadline = Instant::now() + Duration::from_millis(limits.parse_ms);
        parse_with((self.language, &self.grammar), text, limits, deadline)
    }
}

/// Every node of a tree in the order of the text, one line each: how deep it lies, its field and kind, where it stands, and whether it is
/// an error, missing, or changed since it was parsed.
#[must_use]
pub fn nodes(tree: &Tree) -> Vec<String> {
    let mut cursor = tree.inner.walk();
    let mut nodes = Vec::new();
    loop {
        let node = cursor.node();
        let field = cursor.field_name().unwrap_or_default();
        nodes.push(format!(
            "{} {field}:{} {:?} {} {} {}",
            cursor.depth(),
            node.kind(),
            node.range(),
            node.is_error(),
            node.is_missing(),
            node.has_changes()
        ));
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
