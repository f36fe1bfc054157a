//! Who uses a symbol, and what a symbol uses.

use syntax::{Certainty, Reference, ReferenceKind};

use crate::resolve::{Keep, Resolver};
use crate::{FileRecord, Hit, Index, SymbolRef};

impl Index {
    /// What a use of a name may mean, surest first; empty for local variables and for what lies outside the workspace.
    #[must_use]
    pub fn definitions_of(&self, record: &FileRecord, reference: &Reference<'_>) -> Vec<(SymbolRef, Certainty)> {
        let Some(file) = self.id(&record.path) else { return Vec::new() };
        let name = self.meant(file, reference);
        let mut found = Resolver::new(self, &name).resolve(file, reference);
        found.sort_by_cached_key(|&((file, symbol), certainty)| {
            let importance = self.prominence((file, symbol)).to_bits();
            (std::cmp::Reverse((certainty, importance)), self.record(file).path.clone(), symbol)
        });
        found.into_iter().map(|(place, certainty)| (self.symbol(place), certainty)).collect()
    }

    /// Every use that may mean this symbol or another definition of the same thing, by path and place.
    #[must_use]
    pub fn references_of(&self, symbol: &SymbolRef) -> Vec<Hit> {
        self.hits(symbol, |_| true)
    }

    /// Every call that may mean this symbol, by path and place.
    #[must_use]
    pub fn callers(&self, symbol: &SymbolRef) -> Vec<Hit> {
        self.hits(symbol, |reference| reference.kind == ReferenceKind::Call)
    }

    /// What a symbol calls, in the order of the first call: for each call the surest candidates, and nothing where only the name
    /// speaks for them.
    #[must_use]
    pub fn callees(&self, symbol: &SymbolRef) -> Vec<SymbolRef> {
        let span = symbol.get().span;
        let mut callees: Vec<SymbolRef> = Vec::new();
        let file = symbol.record.file();
        let inside = file.references_in(span).filter_map(|place| file.reference(place));
        let calls = inside.filter(|reference| reference.kind == ReferenceKind::Call && span.contains(reference.span));
        for call in calls {
            let found = self.definitions_of(&symbol.record, &call);
            let Some(&(_, surest)) = found.first() else { continue };
            let best: Vec<SymbolRef> = found.into_iter().filter(|found| found.1 == surest).map(|found| found.0).collect();
            // That a name is the same says nothing about what is called.
            if surest == Certainty::SameName {
                continue;
            }
            for callee in best {
                if !callees.contains(&callee) {
                    callees.push(callee);
                }
            }
        }
        callees
    }

    /// Every definition of the same thing, `symbol` among them: C's declarations, overloads, conditional definitions.
    #[must_use]
    pub fn same_symbol(&self, symbol: &SymbolRef) -> Vec<SymbolRef> {
        let Some(file) = self.id(symbol.path()) else { return vec![symbol.clone()] };
        let family = Resolver::new(self, &symbol.get().name).family((file, symbol.symbol));
        family.into_iter().map(|place| self.symbol(place)).collect()
    }

    fn hits(&self, symbol: &SymbolRef, wanted: impl Fn(&Reference<'_>) -> bool) -> Vec<Hit> {
        let Some(file) = self.id(symbol.path()) else { return Vec::new() };
        let name = &symbol.get().name;
        let mut resolver = Resolver::new(self, name);
        let family = resolver.family((file, symbol.symbol));
        resolver = resolver.keeping(Keep::Only(family));
        let mut hits = Vec::new();
        for (file, place) in self.references(name) {
            let record = self.record(file);
            let Some(reference) = record.file().reference(place) else { continue };
            if !wanted(&reference) || !resolver.speaks(record.language) {
                continue;
            }
            let found = resolver.resolve(file, &reference);
            let certainty = found.iter().map(|&(_, certainty)| certainty).max();
            hits.extend(certainty.map(|certainty| Hit { record: record.clone(), reference: place, certainty }));
        }
        hits.sort_by(|a, b| (&a.record.path, a.reference).cmp(&(&b.record.path, b.reference)));
        hits
    }
}
