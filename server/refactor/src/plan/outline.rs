//! What a planner is shown: files and symbols with ids that we print, so that no name of a repository comes back as an address.

use std::collections::BTreeMap;

use assist::{Snapshot, may_leave};
use index::SymbolRef;

use crate::protected;

/// How many bytes of outline a planner reads at first. What is not in it can be looked up.
const OUTLINE_BYTES: usize = 8_000;

/// The same where the request names symbols: they are shown with all of their users beside it.
const OUTLINE_BESIDE_NAMED: usize = 3_000;

/// How many symbols that a request names are shown with all of their users, and how many users.
const MOST_NAMED: usize = 12;
const MOST_USERS: usize = 60;

/// The outline, and what its ids mean.
#[derive(Debug, Default)]
pub(super) struct Outline {
    files: Vec<String>,
    symbols: Vec<SymbolRef>,
}

impl Outline {
    /// The symbols that matter for `request`, best first until the budget is used, and how they are printed. A symbol that the request
    /// names outright is shown whatever its rank, and so is whatever uses it: the first thing that a planner would look up.
    pub(super) fn for_request(snapshot: &Snapshot, request: &str) -> (Self, String) {
        let index = snapshot.index();
        let words = request.split(|character: char| !(character.is_alphanumeric() || character == '_'));
        let mut named: Vec<SymbolRef> = Vec::new();
        for symbol in words.filter(|word| word.len() > 2).flat_map(|word| index.named(word).into_iter().take(3)) {
            if named.len() < MOST_NAMED && !named.contains(&symbol) {
                named.push(symbol);
            }
        }
        let uses: Vec<(SymbolRef, Vec<index::Hit>)> =
            named.iter().map(|symbol| (symbol.clone(), index.references_of(symbol))).collect();
        let ranked = index.rank(request, 12).into_iter().map(|ranked| ranked.symbol);
        let focus: Vec<SymbolRef> = named.iter().cloned().chain(ranked).collect();
        let users: Vec<SymbolRef> =
            uses.iter().flat_map(|(_, hits)| hits).filter_map(index::Hit::enclosing).take(MOST_USERS).collect();
        let mut outline = Self::default();
        // The first ids are theirs, whatever else is shown.
        for symbol in named.iter().filter(|symbol| may_show(snapshot, symbol.path())) {
            outline.id_of(symbol);
        }
        let budget = if uses.iter().any(|(_, hits)| !hits.is_empty()) { OUTLINE_BESIDE_NAMED } else { OUTLINE_BYTES };
        let shown = index.map(&focus, budget).into_iter().chain(named).chain(users);
        let mut text = outline.print(snapshot, shown);
        for (symbol, hits) in &uses {
            text.push_str(&outline.used_by(snapshot, symbol, hits));
        }
        (outline, text)
    }

    /// A line that says which of the symbols that have ids use one.
    fn used_by(&mut self, snapshot: &Snapshot, symbol: &SymbolRef, hits: &[index::Hit]) -> String {
        if !may_show(snapshot, symbol.path()) {
            return String::new();
        }
        let mut users: Vec<String> = Vec::new();
        for user in hits.iter().filter_map(index::Hit::enclosing) {
            let id = self.symbols.iter().position(|known| *known == user).map(|at| format!("s{}", at + 1));
            users.extend(id.filter(|id| !users.contains(id)));
        }
        let certain = hits.iter().filter(|hit| hit.certainty > syntax::Certainty::SameName).count();
        let by_name = match hits.len() - certain {
            0 => String::new(),
            more => format!(", and {more} that may mean another of that name"),
        };
        let users = if users.is_empty() { "none of the symbols above".to_owned() } else { users.join(", ") };
        format!("{} has {certain} uses{by_name}, in: {users}\n", self.id_of(symbol))
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
        if !may_show(snapshot, path) {
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

/// Whether a planner may hear of a file: it may leave, and a plan may change it.
fn may_show(snapshot: &Snapshot, path: &str) -> bool {
    may_leave(snapshot, path) && protected::refusal(path).is_none()
}
