//! What shares only the name, as lists that are made once for each way of using it.

use std::rc::Rc;

use rustc_hash::FxHashSet;
use syntax::{Certainty, Language};

use super::{Candidate, Found, Resolver, is_file_local, is_header};
use crate::base::{FileId, Place, narrow};
use crate::family::family;

/// Which answers are wanted where only the name agrees.
pub(crate) enum Keep {
    /// All.
    All,
    /// All, if there are not more than this.
    AtMost(usize),
    /// Those among these places.
    Only(FxHashSet<Place>),
    /// All, but each list of them under one place that stands for it: [`Resolver::spelled_out`] says for which.
    Listed,
}

/// The file of places that stand for lists.
const LIST: FileId = FileId::MAX;

impl Resolver<'_> {
    /// All members of the name, or all definitions that are none, as far as they are wanted.
    pub(super) fn same_name(&mut self, language: Language, members: bool) -> Found {
        self.sharing_name(language, members, false)
    }

    /// As [`Resolver::same_name`]; `seen` leaves out what cannot be seen from other files.
    pub(super) fn sharing_name(&mut self, language: Language, members: bool, seen: bool) -> Found {
        let key = (family(language), members, seen, self.access);
        if !self.same_name.contains_key(&key) {
            let fits = |candidate: &&Candidate<'_>| {
                family(candidate.language) == key.0
                    && candidate.is_member() == members
                    && self.can_mean(candidate)
                    && !(seen && self.is_hidden(candidate))
            };
            let mut places: Vec<Place> = self.candidates.iter().filter(fits).map(|candidate| candidate.place).collect();
            match &self.keep {
                Keep::All => {}
                Keep::AtMost(count) if places.len() <= *count => {}
                Keep::AtMost(_) => places.clear(),
                Keep::Only(wanted) => places.retain(|place| wanted.contains(place)),
                Keep::Listed => {
                    if !places.is_empty() {
                        let list = (LIST, narrow(self.lists.len()));
                        self.lists.push(std::mem::replace(&mut places, vec![list]).into());
                    }
                }
            }
            self.same_name.insert(key, places.into());
        }
        let places = self.same_name.get(&key).map(Rc::clone).unwrap_or_default();
        places.iter().map(|&place| (place, Certainty::SameName)).collect()
    }

    /// Whether only its own file can see a definition.
    pub(super) fn is_hidden(&self, candidate: &Candidate<'_>) -> bool {
        let record = self.index.record(candidate.place.0);
        is_file_local(record, candidate.symbol) && !is_header(&record.path)
    }

    /// An answer with each list in it spelled out.
    pub(crate) fn spelled_out(&self, found: Found) -> Found {
        let spell = |(place, certainty): (Place, Certainty)| {
            let list = if place.0 == LIST { &*self.lists[place.1 as usize] } else { std::slice::from_ref(&place) };
            list.iter().map(|&place| (place, certainty)).collect::<Found>()
        };
        found.into_iter().flat_map(spell).collect()
    }
}
