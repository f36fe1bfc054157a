//! What the index knows of one symbol: the material of hovers, explanations and prompts.

use index::{SymbolRef, Usage};
use models::Part;
use syntax::SymbolKind;

use crate::Snapshot;

/// How many bytes of a symbol's text a prompt shows at most.
const SHOWN_SOURCE_BYTES: usize = 6_000;

/// How many symbols a list of users or tests names at most.
const NAMED: usize = 16;

/// One symbol and its place among the others.
#[derive(Clone, Debug)]
pub(crate) struct Facts {
    pub(crate) symbol: SymbolRef,
    /// Who uses it; `None` while nobody knows.
    pub(crate) usage: Option<Usage>,
    /// What it calls and can be told apart, each once.
    pub(crate) callees: Vec<SymbolRef>,
}

impl Facts {
    /// All that is known, and what has yet to be reckoned.
    pub(crate) fn of(snapshot: &Snapshot, symbol: &SymbolRef) -> Self {
        let index = snapshot.index();
        Self { symbol: symbol.clone(), usage: Some(index.usage(symbol, NAMED)), callees: index.callees(symbol) }
    }

    /// What is known now: until a workspace is read, and for a while after a large one was, nobody knows who uses what.
    pub(crate) fn at_once(snapshot: &Snapshot, symbol: &SymbolRef) -> Self {
        let index = snapshot.index();
        // A module calls nothing itself, and what stands in it may be all that there is.
        let callees = if is_module(symbol) { Vec::new() } else { index.callees(symbol) };
        let usage = if snapshot.is_read() { index.usage_if_known(symbol, NAMED) } else { None };
        Self { symbol: symbol.clone(), usage, callees }
    }

    /// What prompts are made from, where this may be less than that; `None` where not all is known yet.
    pub(crate) fn whole(&self, snapshot: &Snapshot) -> Option<Self> {
        self.usage.as_ref()?;
        Some(if is_module(&self.symbol) { Self::of(snapshot, &self.symbol) } else { self.clone() })
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
        let (users, tests) = self.usage.as_ref().map_or((&[][..], &[][..]), |usage| (&usage.users, &usage.tests));
        format!("used by:\n{}\ntested by:\n{}\ncalls:\n{}", list(users), list(tests), list(&self.callees))
    }

    /// What a prompt that shows the symbol and its facts means: the tokens of its text, without white space and comments, and the
    /// signatures that are shown beside it. `None` where the text has no hash.
    fn meaning(&self) -> Option<String> {
        let symbol = self.symbol.get();
        let mut hasher = blake3::Hasher::new_derive_key("tierline 2026-11 the meaning of a symbol in a prompt");
        let name = self.symbol.symbol_path();
        let hash = Some(symbol.body_hash).filter(|hash| *hash != 0)?.to_le_bytes();
        let facts = self.for_prompt();
        let fields = [name.as_bytes(), symbol.kind.as_str().as_bytes(), self.symbol.path().as_bytes(), &hash];
        for field in fields.into_iter().chain([symbol.signature.as_bytes(), facts.as_bytes()]) {
            hasher.update(&(field.len() as u64).to_le_bytes());
            hasher.update(field);
        }
        Some(hasher.finalize().to_hex().to_string())
    }

    /// A prompt's part with all that is known of the symbol, which another layout of its text does not make another one.
    pub(crate) fn part(&self, shown: &str) -> Part {
        let part = Part::from_file(self.symbol.path(), shown);
        match self.meaning() {
            Some(meaning) => part.meaning(meaning),
            None => part,
        }
    }
}

fn is_module(symbol: &SymbolRef) -> bool {
    matches!(symbol.get().kind, SymbolKind::Module | SymbolKind::Namespace | SymbolKind::Package)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::sync::atomic::AtomicBool;

    use super::Facts;
    use crate::{Host, Settings};

    /// The meaning of `sell` in a shop of two files.
    fn meaning(shop: &str, store: &str) -> String {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("shop.rs"), shop).unwrap();
        fs::write(folder.path().join("store.rs"), store).unwrap();
        let host = Host::new(folder.path(), Settings::default(), None);
        host.index_folder(&|_| {}, &AtomicBool::new(false));
        host.settle();
        let snapshot = host.snapshot();
        let sell = snapshot.index().named("sell").remove(0);
        Facts::of(&snapshot, &sell).meaning().unwrap()
    }

    #[test]
    fn layout_and_comments_mean_nothing_and_the_signature_of_a_callee_does() {
        let store = "pub fn take(stock: u32) -> u32 { stock - 1 }\n";
        let shop = "use crate::store::take;\n/// Sells one.\npub fn sell(stock: u32) -> u32 {\n    take(stock)\n}\n";
        let before = meaning(shop, store);
        let laid_out = "use crate::store::take;\n\n/// Sells one of them.\npub fn sell(stock: u32) -> u32 {\n\n  // One is enough.\n  take( stock )\n}\n";
        assert_eq!(meaning(laid_out, store), before);
        assert_eq!(meaning(shop, "pub fn take(stock: u32) -> u32 { let one = 1; stock - one }\n"), before);
        assert_ne!(meaning(shop, "pub fn take(stock: u32) -> Option<u32> { stock - 1 }\n"), before);
        assert_ne!(meaning(&shop.replace("take(stock)", "take(stock + 1)"), store), before);
    }
}
