//! Who uses a symbol, and what a symbol uses.

use std::cmp::Reverse;

use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::SmolStr;
use syntax::{Certainty, Language, Reference, ReferenceKind};

use crate::base::{FileId, Place};
use crate::imports::Lead;
use crate::modules::common_parts;
use crate::overloads::{self, Given};
use crate::resolve::{Found, Keep, Resolver, Way, is_common_member, knows_values};
use crate::{FileRecord, Hit, Index, SymbolRef};

/// Says of uses in one file what they mean; what it finds out for one helps with the next.
struct Reader<'a> {
    index: &'a Index,
    file: FileId,
    resolvers: FxHashMap<SmolStr, Resolver<'a>>,
    /// The files that this one imports, once somebody had to know.
    imported: Option<FxHashSet<FileId>>,
}

impl<'a> Reader<'a> {
    fn new(index: &'a Index, file: FileId) -> Self {
        Self { index, file, resolvers: FxHashMap::default(), imported: None }
    }

    /// What a use may mean, as [`Index::definitions_of`] says it.
    fn read(&mut self, reference: &Reference<'_>) -> Vec<(SymbolRef, Certainty)> {
        let (index, file) = (self.index, self.file);
        let name = index.meant(file, reference);
        let resolver = self.resolvers.entry(name).or_insert_with_key(|name| Resolver::new(index, name));
        index.ranked(file, reference, resolver.resolve(file, reference), &mut self.imported)
    }
}

/// Of what a use may mean: what is surest comes first; of one thing what is a type where a type stands, what takes its arguments best and
/// what is no mere declaration, then what is nearest.
struct Ranking<'a> {
    index: &'a Index,
    file: FileId,
    kind: ReferenceKind,
    given: Option<Given<'a>>,
    /// The files that the file of the use imports.
    imported: &'a FxHashSet<FileId>,
}

impl<'a> Ranking<'a> {
    fn of(index: &'a Index, file: FileId, reference: &Reference<'_>, imported: &'a mut Option<FxHashSet<FileId>>) -> Self {
        let imported = imported.get_or_insert_with(|| index.leads(file).iter().flat_map(Lead::files).collect());
        Self { index, file, kind: reference.kind, given: Given::to(index, file, reference), imported }
    }

    /// The less, the better.
    fn key(&self, (place, certainty): (Place, Certainty)) -> impl Ord + use<> {
        let (record, importance) = (self.index.record(place.0), self.index.prominence(place).to_bits());
        let symbol = &record.file().symbols[place.1 as usize];
        let closeness = self.index.closeness(self.file, place.0, self.imported);
        let is_sure = certainty > Certainty::SameName;
        let distance = Reverse(overloads::distance(symbol, self.given.as_ref()));
        let defines = !(is_sure && crate::resolve::may_only_declare(record, symbol));
        // A function of C is declared above its definition.
        let order = if crate::resolve::is_declared_apart(record, symbol) { u32::MAX - place.1 } else { place.1 };
        let suits = crate::resolve::suits(record.language, self.kind, symbol.kind);
        let best = Reverse((certainty, suits, distance, defines, closeness, importance));
        (best, record.path.clone(), crate::resolve::is_set(symbol), order)
    }

    /// Whether the best of what was found is one of these places. Of a name that many define most are soon seen not to be.
    fn is_best(&self, found: &[(Place, Certainty)], places: &FxHashSet<Place>) -> bool {
        let (own, others): (Found, Found) = found.iter().partition(|(place, _)| places.contains(place));
        let best = own.into_iter().map(|found| self.key(found)).min();
        best.is_some_and(|best| others.into_iter().all(|other| self.key(other) > best))
    }
}

impl Index {
    /// What a use of a name may mean, surest first, and of what is equally sure the nearest first; empty for local variables and for what lies outside the workspace.
    #[must_use]
    pub fn definitions_of(&self, record: &FileRecord, reference: &Reference<'_>) -> Vec<(SymbolRef, Certainty)> {
        self.id(&record.path).map_or_else(Vec::new, |file| Reader::new(self, file).read(reference))
    }

    /// What a use in `file` was found to mean, best first by [`Ranking`]. `imported` is what the file imports, once it is known.
    fn ranked(
        &self,
        file: FileId,
        reference: &Reference<'_>,
        mut found: Found,
        imported: &mut Option<FxHashSet<FileId>>,
    ) -> Vec<(SymbolRef, Certainty)> {
        if found.len() > 1 {
            let ranking = Ranking::of(self, file, reference, imported);
            found.sort_by_cached_key(|&found| ranking.key(found));
        }
        found.into_iter().map(|(place, certainty)| (self.symbol(place), certainty)).collect()
    }

    /// Every use that may mean this symbol or another definition of the same thing, by path and place.
    #[must_use]
    pub fn references_of(&self, symbol: &SymbolRef) -> Vec<Hit> {
        self.hits(symbol, |_| true)
    }

    /// The uses that a reader would list, by path and place: those that surely mean this symbol or another definition of the same
    /// thing, and those of which it is the first answer of several. This is the operating point that `docs/accuracy.md` measures
    /// against precision and recall; a rename goes by the sure ones alone.
    ///
    /// Where the type is a union, the members of all its parts are listed. Where nothing says the type, a key of an object is left
    /// out, a name that the language's own values have too, and in JavaScript, which writes no types, every member: that one has
    /// the same name tells nothing there. In Go and Java, members of a value are left out whose declared type the workspace does not
    /// have. Uses under another name that an import gives it are listed as well.
    #[must_use]
    pub fn likely_references_of(&self, symbol: &SymbolRef) -> Vec<Hit> {
        let Some(own) = self.id(symbol.path()) else { return Vec::new() };
        let name = &symbol.get().name;
        let mut resolver = Resolver::new(self, name);
        let family = resolver.family((own, symbol.symbol));
        let all: Vec<SymbolRef> = family.iter().map(|&place| self.symbol(place)).collect();
        let mut imported = (None, None);
        let mut hits = self.references_of(symbol);
        hits.retain(|hit| {
            let reference = hit.get();
            let Some(file) = self.id(&hit.record.path) else { return false };
            let given = || Given::to(self, file, &reference);
            if all.len() > 1 && given().is_some_and(|given| overloads::is_of_another(symbol, &all, &given)) {
                return false;
            }
            if hit.certainty > Certainty::SameName {
                return true;
            }
            if matches!(hit.record.language, Language::Go | Language::Java) && resolver.is_foreign(file, &reference) {
                return false;
            }
            let own = self.meant(file, &reference) == *name;
            if own && knows_values(hit.record.language) && (reference.member || reference.shorthand) {
                if resolver.is_told(file, &reference) {
                    return true;
                }
                let common = hit.record.language != Language::Python && is_common_member(hit.record.language, name);
                if reference.label || reference.shorthand || common || hit.record.language == Language::JavaScript {
                    return false;
                }
            }
            if own {
                if imported.0 != Some(file) {
                    imported = (Some(file), None);
                }
                return Ranking::of(self, file, &reference, &mut imported.1)
                    .is_best(&resolver.resolve(file, &reference), &family);
            }
            let ranked = self.definitions_of(&hit.record, &reference);
            let first = ranked.first().and_then(|(first, _)| Some((self.id(first.path())?, first.symbol)));
            first.is_some_and(|first| family.contains(&first))
        });
        hits.extend(self.uses_by_alias(symbol));
        hits.sort_by(|a, b| (&a.record.path, a.reference).cmp(&(&b.record.path, b.reference)));
        hits
    }

    /// The uses that surely mean this symbol by another name, in files that import it under that name.
    fn uses_by_alias(&self, symbol: &SymbolRef) -> Vec<Hit> {
        let Some(own) = self.id(symbol.path()) else { return Vec::new() };
        let name = &symbol.get().name;
        let mut resolver = Resolver::new(self, name);
        let family = resolver.family((own, symbol.symbol));
        resolver = resolver.keeping(Keep::Only(family));
        let mut files: Vec<FileId> = self.references(name).into_iter().map(|place| place.0).collect();
        files.dedup();
        let mut hits = Vec::new();
        for file in files {
            let record = self.record(file);
            let renamed = record.file().imports.iter().filter(|import| import.name == *name && import.alias != *name);
            let aliases: FxHashSet<&str> = renamed.map(|import| import.alias.as_str()).collect();
            if aliases.is_empty() || !resolver.speaks(record.language) {
                continue;
            }
            for (place, reference) in (0_u32..).zip(record.file().references()) {
                if !aliases.contains(reference.name) || reference.local || reference.member {
                    continue;
                }
                let certainty = resolver.resolve(file, &reference).into_iter().map(|(_, certainty)| certainty).max();
                if let Some(certainty) = certainty.filter(|&certainty| certainty > Certainty::SameName) {
                    hits.push(Hit { record: record.clone(), reference: place, certainty });
                }
            }
        }
        hits
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
        let Some(id) = self.id(symbol.path()) else { return callees };
        let mut reader = Reader::new(self, id);
        let inside = file.references_in(span).filter_map(|place| file.reference(place));
        let calls = inside.filter(|reference| reference.kind == ReferenceKind::Call && span.contains(reference.span));
        let mut known: FxHashSet<(&str, Way<'_>)> = FxHashSet::default();
        for call in calls {
            let way = Way::of(id, &symbol.record, &call);
            if way.is_some_and(|way| !known.insert((call.name, way))) {
                continue;
            }
            let found = reader.read(&call);
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

    /// How near a file is to another that uses a name of it: the same, one that it imports, one of the same or a near folder.
    fn closeness(&self, from: FileId, to: FileId, imported: &FxHashSet<FileId>) -> (u8, u32) {
        let step = if to == from { 2 } else { u8::from(imported.contains(&to)) };
        (step, common_parts(&self.record(to).path, &self.record(from).path))
    }

    fn hits(&self, symbol: &SymbolRef, wanted: impl Fn(&Reference<'_>) -> bool) -> Vec<Hit> {
        let Some(file) = self.id(symbol.path()) else { return Vec::new() };
        let name = &symbol.get().name;
        self.import_leads();
        let mut resolver = Resolver::new(self, name);
        let family = resolver.family((file, symbol.symbol));
        // The name of a function in an object is a use of what the object is wanted as, but none of the function.
        let own = |&(file, symbol): &Place| (file, self.record(file).file().symbols[symbol as usize].name_span.start);
        let own: FxHashSet<(FileId, u32)> = family.iter().map(own).collect();
        resolver = resolver.keeping(Keep::Only(family));
        let mut hits = Vec::new();
        // Tests call `toBe` thousands of times.
        let mut known: FxHashMap<Way<'_>, Option<Certainty>> = FxHashMap::default();
        for (file, place) in self.references(name) {
            let record = self.record(file);
            let Some(reference) = record.file().reference(place) else { continue };
            if !wanted(&reference) || !resolver.speaks(record.language) || own.contains(&(file, reference.span.start)) {
                continue;
            }
            let mut look = || resolver.resolve(file, &reference).into_iter().map(|(_, certainty)| certainty).max();
            let certainty = match Way::of(file, record, &reference) {
                Some(way) => *known.entry(way).or_insert_with(look),
                None => look(),
            };
            hits.extend(certainty.map(|certainty| Hit { record: record.clone(), reference: place, certainty }));
        }
        hits.sort_by(|a, b| (&a.record.path, a.reference).cmp(&(&b.record.path, b.reference)));
        hits
    }
}
