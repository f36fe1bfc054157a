//! What a planner is shown: files and symbols with ids that we print, so that no name of a repository comes back as an address.

use std::collections::BTreeMap;

use assist::{Snapshot, may_leave};
use index::SymbolRef;

use crate::protected;

/// How many bytes of outline a planner reads at first.
const OUTLINE_BYTES: usize = 24_000;

/// The outline, and what its ids mean.
#[derive(Debug, Default)]
pub(super) struct Outline {
    files: Vec<String>,
    symbols: Vec<SymbolRef>,
}

impl Outline {
    /// The symbols that matter for `request`, best first until the budget is used, and how they are printed.
    pub(super) fn for_request(snapshot: &Snapshot, request: &str) -> (Self, String) {
        let index = snapshot.index();
        let mut focus: Vec<SymbolRef> = index.rank(request, 12).into_iter().map(|ranked| ranked.symbol).collect();
        // A symbol that the request names outright is in focus whatever its rank, and so is whatever uses it.
        for word in request.split(|character: char| !(character.is_alphanumeric() || character == '_')) {
            focus.extend(index.named(word).into_iter().take(3));
        }
        let users: Vec<SymbolRef> =
            focus.iter().take(6).flat_map(|symbol| index.references_of(symbol)).filter_map(|hit| hit.enclosing()).collect();
        focus.extend(users.into_iter().take(60));
        let mut outline = Self::default();
        let text = outline.print(snapshot, index.map(&focus, OUTLINE_BYTES));
        (outline, text)
    }

    /// Gives ids to symbols that have none yet, and prints all of them by file. What may not leave is left out.
    pub(super) fn print(&mut self, snapshot: &Snapshot, symbols: impl IntoIterator<Item = SymbolRef>) -> String {
        let mut by_file: BTreeMap<String, Vec<SymbolRef>> = BTreeMap::new();
        for symbol in symbols {
            let of_file = by_file.entry(symbol.path().to_owned()).or_default();
            if !of_file.contains(&symbol) {
                of_file.push(symbol);
            }
        }
        let mut text = String::new();
        for (path, mut symbols) in by_file {
            let Some(file) = self.file_line(snapshot, &path) else { continue };
            text.push_str(&file);
            symbols.sort_by_key(|symbol| symbol.get().span);
            for symbol in symbols {
                let id = self.id_of(&symbol);
                text.push_str(&format!("  {id} {}: {}\n", symbol.symbol_path(), symbol.get().signature));
            }
        }
        text
    }

    /// The line of a file, whose id is new where it had none; `None` where nothing of the file may leave.
    pub(super) fn file_line(&mut self, snapshot: &Snapshot, path: &str) -> Option<String> {
        if !may_leave(snapshot, path) || protected::refusal(path).is_some() {
            return None;
        }
        let at = self.files.iter().position(|known| known == path).unwrap_or_else(|| {
            self.files.push(path.to_owned());
            self.files.len() - 1
        });
        Some(format!("f{} {path}\n", at + 1))
    }

    /// The id of a symbol, new where it had none.
    pub(super) fn id_of(&mut self, symbol: &SymbolRef) -> String {
        let at = self.symbols.iter().position(|known| known == symbol).unwrap_or_else(|| {
            self.symbols.push(symbol.clone());
            self.symbols.len() - 1
        });
        format!("s{}", at + 1)
    }

    pub(super) fn file(&self, id: &str) -> Option<&str> {
        let number: usize = id.strip_prefix('f')?.parse().ok()?;
        self.files.get(number.checked_sub(1)?).map(String::as_str)
    }

    pub(super) fn symbol(&self, id: &str) -> Option<&SymbolRef> {
        let number: usize = id.strip_prefix('s')?.parse().ok()?;
        self.symbols.get(number.checked_sub(1)?)
    }
}
