//! What a name means where it stands.
use syntax::{Certainty, Language, Reference};
use smol_str::SmolStr;
use crate::Index;
use crate::base::{FileId, Place};
use crate::family::family;

/// Answers for all uses of one name.
pub(crate) struct Resolver<'a> {
    index: &'a Index,
    candidates: Vec<Place>,
}

impl<'a> Resolver<'a> {
    pub(crate) fn new(index: &'a Index, name: &str) -> Self {
        Self { index, candidates: index.definitions(name) }
    }

    pub(crate) fn speaks(&self, language: Language) -> bool {
        self.candidates.iter().any(|&(file, _)| family(self.index.record(file).language) == family(language))
    }

    pub(crate) fn family(&self, place: Place) -> Vec<Place> {
        vec![place]
    }

    pub(crate) fn resolve(&mut self, file: FileId, reference: &Reference) -> Vec<(Place, Certainty)> {
        if reference.local {
            return Vec::new();
        }
        let grade = |place: Place| if place.0 == file { Certainty::Exact } else { Certainty::SameName };
        self.candidates.iter().map(|&place| (place, grade(place))).collect()
    }
}

impl Index {
    pub(crate) fn meant(&self, _file: FileId, reference: &Reference) -> SmolStr {
        reference.name.clone()
    }
}
