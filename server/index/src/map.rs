//! The map of a repository: the symbols that somebody who plans a change should know of, within so many bytes.

use rustc_hash::FxHashSet;
use syntax::SymbolKind;

use crate::{Index, SymbolRef};

/// Fewer rounds than for the whole: near the focus the order is settled soon.
const ROUNDS: usize = 12;

impl Index {
    /// The symbols nearest to `focus` by who refers to whom (or, without a focus, those that matter most), best first, as many as
    /// fit `max_bytes` when each is written as its signature on a line and each file as its path on a line.
    #[must_use]
    pub fn map(&self, focus: &[SymbolRef], max_bytes: usize) -> Vec<SymbolRef> {
        let nodes = self.base.symbol_count();
        let place = |symbol: &SymbolRef| Some((self.id(symbol.path())?, symbol.symbol));
        let starts: Vec<u32> = focus.iter().filter_map(place).filter_map(|place| self.base_node(place)).collect();
        let shares = if starts.is_empty() {
            self.ranks().shares.to_vec()
        } else {
            let mut home = vec![0.0; nodes];
            starts.iter().for_each(|&node| home[node as usize] += 1.0 / starts.len() as f32);
            self.graph().walk_both(&home, ROUNDS)
        };
        let mut order: Vec<u32> = (0..crate::base::narrow(nodes)).filter(|&node| shares[node as usize] > 0.0).collect();
        order.sort_unstable_by(|&a, &b| shares[b as usize].total_cmp(&shares[a as usize]).then(a.cmp(&b)));
        let ranked = order.into_iter().filter_map(|node| self.now(node));
        let mut left = max_bytes;
        let mut files = FxHashSet::default();
        let mut seen = FxHashSet::default();
        let mut map = Vec::new();
        let mut misses = 0;
        for symbol in focus.iter().cloned().chain(ranked) {
            if !belongs(symbol.get().kind) || !seen.insert((symbol.record.path.clone(), symbol.symbol)) {
                continue;
            }
            let file_line = if files.contains(&symbol.record.path) { 0 } else { symbol.path().len() + 1 };
            let cost = symbol.get().signature.len() + 3 + file_line;
            if cost > left {
                // A long signature may stand in the way of several short ones, but not for ever.
                misses += 1;
                if misses > 20 {
                    break;
                }
                continue;
            }
            left -= cost;
            files.insert(symbol.record.path.clone());
            map.push(symbol);
        }
        map
    }

    /// A symbol of the base as it is now.
    fn now(&self, node: u32) -> Option<SymbolRef> {
        let (file, symbol) = self.base.place(node);
        let now = self.current(file)?;
        if now == file {
            return Some(self.symbol((file, symbol)));
        }
        let before = &self.base.files[file as usize].file().symbols[symbol as usize];
        let record = self.record(now);
        let same = |other: &syntax::Symbol| other.name == before.name && other.container == before.container;
        SymbolRef::new(record, crate::base::narrow(record.file().symbols.iter().position(same)?))
    }
}

/// Fields and the like are told by what they stand in.
fn belongs(kind: SymbolKind) -> bool {
    !matches!(
        kind,
        SymbolKind::Field | SymbolKind::Property | SymbolKind::EnumMember | SymbolKind::TypeParameter | SymbolKind::Variable
    )
}
