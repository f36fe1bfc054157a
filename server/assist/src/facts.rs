//! What the index knows of one symbol: the material of hovers, explanations and prompts.

use std::collections::BTreeSet;

use index::{Hit, SymbolRef};
use syntax::ReferenceKind;

use crate::Snapshot;

/// How many bytes of a symbol's text a prompt shows at most.
const SHOWN_SOURCE_BYTES: usize = 6_000;

/// One symbol and its place among the others.
#[derive(Clone, Debug)]
pub(crate) struct Facts {
    pub(crate) symbol: SymbolRef,
    /// Every use of it that is certain, tests included.
    pub(crate) uses: Vec<Hit>,
    /// How many uses share only the name.
    pub(crate) n_by_name: usize,
    /// The uses that call it.
    pub(crate) n_calls: usize,
    /// How many files use it.
    pub(crate) n_files: usize,
    /// The symbols that use it, tests left out, each once, most important first.
    pub(crate) users: Vec<SymbolRef>,
    /// The tests that use it, each once.
    pub(crate) tests: Vec<SymbolRef>,
    /// What it calls and can be told apart, each once.
    pub(crate) callees: Vec<SymbolRef>,
}

impl Facts {
    pub(crate) fn of(snapshot: &Snapshot, symbol: &SymbolRef) -> Self {
        let index = snapshot.index();
        // A use by name alone says nothing that may be shown as a fact.
        let (uses, by_name): (Vec<Hit>, Vec<Hit>) =
            index.references_of(symbol).into_iter().partition(|hit| hit.certainty > syntax::Certainty::SameName);
        let n_calls = uses.iter().filter(|hit| hit.get().kind == ReferenceKind::Call).count();
        let n_files = uses.iter().map(Hit::path).collect::<BTreeSet<_>>().len();
        let mut users: Vec<SymbolRef> = Vec::new();
        let mut tests: Vec<SymbolRef> = Vec::new();
        for user in uses.iter().filter_map(Hit::enclosing).filter(|user| user != symbol) {
            let list = if user.is_test() { &mut tests } else { &mut users };
            if !list.contains(&user) {
                list.push(user);
            }
        }
        users.sort_by(|a, b| index.importance(b).total_cmp(&index.importance(a)));
        let callees = index.callees(symbol);
        Self { symbol: symbol.clone(), uses, n_by_name: by_name.len(), n_calls, n_files, users, tests, callees }
    }

    /// The symbol's own text, cut at a character where it is long.
    pub(crate) fn source(&self, snapshot: &Snapshot) -> String {
        let Some(text) = snapshot.text(self.symbol.path()) else {
            return String::new();
        };
        let source = self.symbol.get().full_span.of(&text);
        if source.len() <= SHOWN_SOURCE_BYTES {
            return source.to_owned();
        }
        let end = source.floor_char_boundary(SHOWN_SOURCE_BYTES);
        format!("{}\n[{} more bytes are not shown]", &source[..end], source.len() - end)
    }

    /// The facts as lines for a prompt.
    pub(crate) fn for_prompt(&self) -> String {
        let list = |symbols: &[SymbolRef]| {
            let lines: Vec<String> =
                symbols.iter().take(12).map(|other| format!("- {}: {}", other.symbol_path(), other.get().signature)).collect();
            if lines.is_empty() { "- (none known)".to_owned() } else { lines.join("\n") }
        };
        format!("used by:\n{}\ntested by:\n{}\ncalls:\n{}", list(&self.users), list(&self.tests), list(&self.callees))
    }
}
