//! What the uses of one name mean, worked out once for all of them.
//!
//! A name that is used thousands of times has few different answers: most of its uses mean the same. So each use keeps the number of
//! its answer, and whoever asks for the uses of a symbol compares numbers instead of resolving each use again.

use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::FxHashMap;
use syntax::{Certainty, ReferenceKind};

use crate::Index;
use crate::base::{Base, Place, narrow};
use crate::resolve::{Found, Keep, Resolver, Way};

/// A name that is used more seldom than this is resolved use by use whenever somebody asks.
const OFTEN: usize = 128;
/// A name is also resolved use by use where it has less than one in so many of all uses: large workspaces keep answers only of what
/// would take long.
const SHARE: usize = 4_000;
/// No symbol.
pub(crate) const NOWHERE: u32 = u32::MAX;

/// One use of a name.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Answered {
    /// The number of its answer; above it a bit for a call.
    answer: u32,
    /// The symbol it stands in, or [`NOWHERE`].
    pub(crate) enclosing: u32,
}

const CALL: u32 = 1 << 31;

impl Answered {
    pub(crate) fn is_call(self) -> bool {
        self.answer & CALL != 0
    }

    fn number(self) -> usize {
        (self.answer & !CALL) as usize
    }
}

/// What the uses of one name in a base mean.
#[derive(Debug)]
pub(crate) struct Answers {
    /// The definitions of the name in their order, each with the number of the thing that it defines.
    things: Box<[(Place, u32)]>,
    /// For each use of the name, in the order of the base's list of them.
    of_uses: Box<[Answered]>,
    /// The answers that there are.
    distinct: Vec<Found>,
}

impl Answers {
    /// Resolves all uses of a name. `index` has no overlay.
    fn new(index: &Index, name: &str) -> Self {
        let mut resolver = Resolver::new(index, name).keeping(Keep::Listed);
        let things = resolver.things();
        let mut numbers: FxHashMap<Found, u32> = FxHashMap::default();
        let mut number = |found: Found| {
            let fresh = narrow(numbers.len());
            *numbers.entry(found).or_insert(fresh)
        };
        let mut known: FxHashMap<Way<'_>, u32> = FxHashMap::default();
        let mut answer = |&(file, place): &Place| {
            let record = index.record(file);
            let Some(reference) = record.file().reference(place).filter(|_| resolver.speaks(record.language)) else {
                return Answered { answer: number(Found::new()), enclosing: NOWHERE };
            };
            let mut look = || number(resolver.resolve(file, &reference));
            let answer = match Way::of(file, record, &reference) {
                Some(way) => *known.entry(way).or_insert_with(look),
                None => look(),
            };
            let call = if reference.kind == ReferenceKind::Call { CALL } else { 0 };
            Answered { answer: answer | call, enclosing: reference.enclosing.unwrap_or(NOWHERE) }
        };
        let of_uses = index.base.references(name).iter().map(&mut answer).collect();
        let mut distinct = vec![Found::new(); numbers.len()];
        for (found, number) in numbers {
            distinct[number as usize] = resolver.spelled_out(found);
        }
        Self { things, of_uses, distinct }
    }

    /// What each use means, with the symbol that it stands in.
    pub(crate) fn each(&self) -> impl Iterator<Item = (Answered, &[(Place, Certainty)])> {
        self.of_uses.iter().map(|&answered| (answered, self.distinct[answered.number()].as_slice()))
    }

    /// For each use how sure it is that it means what is defined at a place; `None` where it cannot.
    pub(crate) fn meaning(&self, place: Place) -> impl Iterator<Item = (Answered, Option<Certainty>)> {
        let thing_at =
            |place: Place| self.things.binary_search_by_key(&place, |thing| thing.0).ok().map(|position| self.things[position].1);
        let thing = thing_at(place);
        let means = |found: &Found| {
            let same = found.iter().filter(|(other, _)| thing.is_some() && thing_at(*other) == thing);
            same.map(|(_, certainty)| *certainty).max()
        };
        let meant: Vec<Option<Certainty>> = self.distinct.iter().map(means).collect();
        self.of_uses.iter().map(move |&answered| (answered, meant[answered.number()]))
    }
}

impl Base {
    /// Whether the answers of a name are worth keeping.
    fn is_used_often(&self, name: &str) -> bool {
        self.references(name).len() >= OFTEN.max(self.use_count() / SHARE)
    }
}

impl Index {
    /// Works out the answers of all names that are used often, so that nobody waits for them.
    pub(crate) fn answer_often(&self) {
        self.base.names.par_iter().for_each(|name| drop(self.answers(name)));
    }

    /// The answers of a name that is used often, kept for the next time; `None` for others. Not for a picture with an overlay.
    pub(crate) fn answers(&self, name: &str) -> Option<Arc<Answers>> {
        let number = self.base.number(name).filter(|_| self.base.is_used_often(name))?;
        if let Some(known) = self.base.answers.read().get(&number) {
            return Some(Arc::clone(known));
        }
        let answers = Arc::new(Answers::new(self, name));
        self.base.answers.write().insert(number, Arc::clone(&answers));
        Some(answers)
    }
}
