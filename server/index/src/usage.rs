//! Who uses a symbol, in numbers and by name: what a hover shows.

use std::cmp::Reverse;

use rustc_hash::FxHashMap;
use syntax::{Certainty, Import, ReferenceKind, Symbol};

use crate::answers::NOWHERE;
use crate::base::{FileId, Place};
use crate::prominent::{is_test_container, is_test_file};
use crate::resolve::{Keep, Resolver, Way};
use crate::{FileRecord, Index, SymbolRef};

/// Who uses a symbol.
#[derive(Clone, Debug, Default)]
pub struct Usage {
    /// How many uses of it are certain, tests included.
    pub certain: usize,
    /// How many share only the name.
    pub by_name: usize,
    /// How many of the certain uses call it.
    pub calls: usize,
    /// How many files have a certain use.
    pub files: usize,
    /// How many symbols use it, tests left out.
    pub user_count: usize,
    /// The most important of them, that one first.
    pub users: Vec<SymbolRef>,
    /// How many tests use it.
    pub test_count: usize,
    /// The first of them by path and place.
    pub tests: Vec<SymbolRef>,
}

/// A use of a symbol.
#[derive(Clone, Copy)]
struct Used {
    file: FileId,
    enclosing: u32,
    certainty: Certainty,
    is_call: bool,
}

impl Index {
    /// As [`Index::usage`]; `None` where the tables that it needs are still being made, which [`Index::link`] does. Does not wait.
    #[must_use]
    pub fn usage_if_known(&self, symbol: &SymbolRef, limit: usize) -> Option<Usage> {
        self.base.knows_uses().then(|| self.usage(symbol, limit))
    }

    /// Who uses a symbol or another definition of the same thing; of users and of tests at most `limit` are named.
    #[must_use]
    pub fn usage(&self, symbol: &SymbolRef, limit: usize) -> Usage {
        let Some(file) = self.id(symbol.path()) else { return Usage::default() };
        let place = (file, symbol.symbol);
        let (mut usage, mut places) = (Usage::default(), Vec::<Place>::new());
        self.each_use(place, symbol.get(), |used| {
            if used.certainty == Certainty::SameName {
                usage.by_name += 1;
                return;
            }
            usage.certain += 1;
            usage.calls += usize::from(used.is_call);
            // What uses it once mostly uses it again right away.
            let user = (used.file, used.enclosing);
            if places.last() != Some(&user) {
                places.push(user);
            }
        });
        // They come file by file, nearly in order: what sorts runs is faster than what does not.
        places.sort();
        places.dedup();
        let (mut users, mut tests) = (Vec::new(), Vec::new());
        for of_file in places.chunk_by(|a, b| a.0 == b.0) {
            usage.files += 1;
            let record = self.record(of_file[0].0);
            let in_test = is_test_file(&record.path);
            let mut container = ("", false);
            for &user in of_file.iter().filter(|&&user| user != place && user.1 != NOWHERE) {
                let Some(symbol) = record.file().symbols.get(user.1 as usize) else { continue };
                if symbol.container != container.0 {
                    container = (&symbol.container, is_test_container(&symbol.container));
                }
                let list = if in_test || container.1 { &mut tests } else { &mut users };
                list.push(user);
            }
        }
        (usage.user_count, usage.test_count) = (users.len(), tests.len());
        // Never negative, so that its bits are in its order.
        let mut ordered: Vec<_> = users.into_iter().map(|user| (Reverse(self.share(user).to_bits()), user)).collect();
        let by_path = |a: &Place, b: &Place| {
            // Only files of the base are in the order of their paths.
            if self.overlay.is_empty() { a.cmp(b) } else { (&self.record(a.0).path, a.1).cmp(&(&self.record(b.0).path, b.1)) }
        };
        let order = |a: &(Reverse<u32>, Place), b: &(Reverse<u32>, Place)| a.0.cmp(&b.0).then_with(|| by_path(&a.1, &b.1));
        if ordered.len() > limit {
            ordered.select_nth_unstable_by(limit, order);
            ordered.truncate(limit);
        }
        ordered.sort_unstable_by(order);
        usage.users = ordered.into_iter().map(|(_, user)| self.symbol(user)).collect();
        if !self.overlay.is_empty() {
            tests.sort_by(by_path);
        }
        usage.tests = tests.into_iter().take(limit).map(|test| self.symbol(test)).collect();
        usage
    }

    /// Takes every use that may mean a symbol.
    fn each_use(&self, place: Place, symbol: &Symbol, mut take: impl FnMut(Used)) {
        self.import_leads();
        let answers = self.in_base(place).and_then(|place| Some((place, self.of_base().answers(&symbol.name)?)));
        let Some((base_place, answers)) = answers else {
            self.each_resolved(place, &symbol.name, self.references(&symbol.name).into_iter(), take);
            return;
        };
        let places = self.base.references(&symbol.name).iter();
        for (&(file, _), (answered, certainty)) in places.zip(answers.meaning(base_place)) {
            let Some(certainty) = certainty.filter(|_| !self.overlay.hides(file)) else { continue };
            take(Used { file, enclosing: answered.enclosing, certainty, is_call: answered.is_call() });
        }
        let mut changed = self.changed_references(&symbol.name).peekable();
        if changed.peek().is_some() {
            self.each_resolved(place, &symbol.name, changed, take);
        }
    }

    /// Takes those of these uses of a name that may mean a symbol.
    fn each_resolved(&self, place: Place, name: &str, uses: impl Iterator<Item = Place>, mut take: impl FnMut(Used)) {
        let resolver = Resolver::new(self, name);
        let family = resolver.family(place);
        let mut resolver = resolver.keeping(Keep::Only(family));
        let mut known: FxHashMap<Way<'_>, Option<Certainty>> = FxHashMap::default();
        for (file, place) in uses {
            let record = self.record(file);
            let Some(reference) = record.file().reference(place).filter(|_| resolver.speaks(record.language)) else { continue };
            let mut look = || resolver.resolve(file, &reference).into_iter().map(|(_, certainty)| certainty).max();
            let certainty = match Way::of(file, record, &reference) {
                Some(way) => *known.entry(way).or_insert_with(look),
                None => look(),
            };
            let Some(certainty) = certainty else { continue };
            let (enclosing, is_call) = (reference.enclosing.unwrap_or(NOWHERE), reference.kind == ReferenceKind::Call);
            take(Used { file, enclosing, certainty, is_call });
        }
    }

    /// Where the base has a symbol, if what the base says of uses in files that did not change still holds: nothing came or went, and
    /// what others can see of the changed files is as it was.
    fn in_base(&self, (file, symbol): Place) -> Option<Place> {
        if self.overlay.is_empty() {
            return Some((file, symbol));
        }
        if self.overlay.moved() {
            return None;
        }
        for changed in self.overlay.changed() {
            let before = self.base.files.get(changed.base? as usize)?;
            let after = changed.record.as_ref()?;
            if !*changed.is_alike.get_or_init(|| is_alike(before, after)) {
                return None;
            }
        }
        let changed = file.checked_sub(self.base.len()).map(|position| &self.overlay.changed()[position as usize]);
        Some((changed.map_or(Some(file), |changed| changed.base)?, symbol))
    }
}

/// Whether two states of a file are the same to whoever uses it from another file.
fn is_alike(before: &FileRecord, after: &FileRecord) -> bool {
    let (before_file, after_file) = (before.file(), after.file());
    let same_symbol = |(a, b): (&Symbol, &Symbol)| {
        (&a.name, a.kind, &a.container, a.parent, &a.signature) == (&b.name, b.kind, &b.container, b.parent, &b.signature)
    };
    let same_import = |(a, b): (&Import, &Import)| (&a.from, &a.name, &a.alias) == (&b.from, &b.name, &b.alias);
    let same_value = |(a, b): (&Symbol, &Symbol)| before_file.value_of(a) == after_file.value_of(b);
    let supers = |record: &FileRecord| -> Vec<(String, Option<u32>)> {
        let uses = record.file().references().filter(|reference| reference.kind == ReferenceKind::Implementation);
        uses.map(|reference| (reference.name.to_owned(), reference.enclosing)).collect()
    };
    before.language == after.language
        && before_file.symbols.len() == after_file.symbols.len()
        && before_file.imports.len() == after_file.imports.len()
        && before_file.symbols.iter().zip(&after_file.symbols).all(same_symbol)
        && before_file.imports.iter().zip(&after_file.imports).all(same_import)
        && supers(before) == supers(after)
        && before_file.symbols.iter().zip(&after_file.symbols).all(same_value)
}
