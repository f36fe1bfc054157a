//! Search by name: as it is, by its beginning, by its parts, by its letters.

use nucleo_matcher::{Config, Matcher, Utf32Str};
use rustc_hash::FxHashSet;
use smol_str::SmolStr;

use crate::base::Place;
use crate::recency::RECENT;
use crate::search::pattern::{Match, Pattern};
pub(crate) use crate::search::signatures::Signatures;
use crate::search::signatures::Wanted;
use crate::{Index, SymbolRef};

mod pattern;
mod positions;
mod signatures;

/// Of names that match by their letters only so many are scored, first those in which most of the query stands together.
const MOST_SCORED: usize = 2_000;

impl Index {
    /// Every definition with exactly this name, the most important first.
    #[must_use]
    pub fn named(&self, name: &str) -> Vec<SymbolRef> {
        let mut places = self.definitions(name);
        self.by_importance(&mut places);
        places.into_iter().map(|place| self.symbol(place)).collect()
    }

    /// Definitions whose names match a query, best first. What stands before the last `::`, `.` or `/` of the query must be found
    /// in the container or in the path of the file.
    #[must_use]
    pub fn search(&self, query: &str, limit: usize) -> Vec<SymbolRef> {
        let query = query.trim().trim_end_matches("()");
        let (around, name) = query.rsplit_once(['.', ':', '/', '#']).unwrap_or(("", query));
        if name.is_empty() || limit == 0 {
            return Vec::new();
        }
        let around: Vec<String> =
            around.split([':', '.', '/', '#']).filter(|part| !part.is_empty()).map(str::to_lowercase).collect();
        let mut matched = self.match_names(name, if around.is_empty() { limit } else { usize::MAX });
        matched.sort_by_key(|matched| std::cmp::Reverse(matched.0));
        let mut found = Vec::new();
        for same in matched.chunk_by(|a, b| a.0 == b.0) {
            let mut places: Vec<Place> = same.iter().flat_map(|(_, name)| self.named_so(name)).collect();
            if !around.is_empty() {
                places.retain(|&place| self.stands_in(place, &around));
            }
            let left = limit - found.len();
            if places.len() > left {
                // Only what can be shown is put in its final order.
                let mut shares: Vec<(f64, Place)> = places.iter().map(|&place| (self.standing(place), place)).collect();
                shares.select_nth_unstable_by(left - 1, |a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
                places = shares[..left].iter().map(|(_, place)| *place).collect();
            }
            self.by_importance(&mut places);
            found.extend(places.into_iter().map(|place| self.symbol(place)));
            if found.len() >= limit {
                break;
            }
        }
        found
    }

    /// The names that match, each with how. What is worse than `enough` others is left out.
    fn match_names(&self, query: &str, enough: usize) -> Vec<(Match, Name<'_>)> {
        let pattern = Pattern::new(query);
        let mut seen: FxHashSet<&str> = FxHashSet::default();
        let changed = self.overlay.records().flat_map(|(_, record)| record.file().symbols.iter().map(|symbol| &symbol.name));
        let changed: Vec<&SmolStr> = changed.filter(|name| seen.insert(name.as_str())).collect();
        let names = &self.base.names;
        let open = |number: u32| Some(names.get(number as usize)).filter(|name| !seen.contains(name));

        let mut matched = Vec::new();
        for number in names.beginning_with(query) {
            let begins = open(number).and_then(|name| pattern.compare_beginning(name));
            matched.extend(begins.map(|how| (how, Name::OfBase(number))));
        }
        matched.extend(changed.iter().filter_map(|name| Some((pattern.compare(name)?, Name::Changed(name)))));
        let better = |matched: &[(Match, Name<'_>)], than: Match| matched.iter().filter(|(how, _)| *how > than).count();
        if better(&matched, Match::Parts) >= enough {
            return matched;
        }
        let signatures = self.base.signatures();
        let is_made_of_parts = |number: u32| {
            open(number).is_some_and(|name| pattern.is_made_of_parts(name) && pattern.compare_beginning(name).is_none())
        };
        let made_of_parts = signatures.made_of_parts(names, &Wanted::new(&pattern.alphanumeric), is_made_of_parts);
        matched.extend(made_of_parts.into_iter().map(|number| (Match::Parts, Name::OfBase(number))));
        if better(&matched, Match::Inside) >= enough {
            return matched;
        }
        let holds = |number: u32| open(number).and_then(|name| pattern.compare(name)) == Some(Match::Inside);
        let holding = signatures.holding(names, &Wanted::new(&pattern.lower), holds);
        matched.extend(holding.into_iter().map(|number| (Match::Inside, Name::OfBase(number))));
        if better(&matched, Match::Letters(u16::MAX)) < enough {
            self.match_letters(&pattern, &seen, &changed, &mut matched);
        }
        matched
    }

    /// Adds the names that hold the letters of the query in their order.
    fn match_letters<'i>(
        &'i self,
        pattern: &Pattern<'_>,
        seen: &FxHashSet<&str>,
        changed: &[&'i SmolStr],
        matched: &mut Vec<(Match, Name<'i>)>,
    ) {
        let mut matcher = Matcher::new(Config::DEFAULT);
        let (mut buffer, mut needle_buffer) = (Vec::new(), Vec::new());
        let needle = Utf32Str::new(&pattern.lower, &mut needle_buffer);
        if needle.len() < 3 {
            return;
        }
        let mut score = |name: &str| {
            let score = matcher.fuzzy_match(Utf32Str::new(name, &mut buffer), needle)?;
            // Letters strewn over a long name are no match.
            (usize::from(score) >= needle.len() * 14).then_some(Match::Letters(score))
        };
        let known: FxHashSet<&str> = matched.iter().map(|(_, name)| self.text_of(name)).collect();
        let names = &self.base.names;
        let is_open = |number: &u32| {
            let name = names.get(*number as usize);
            !known.contains(name) && !seen.contains(name)
        };
        let of_base = self.by_distance(pattern).into_iter().flatten().filter(is_open).take(MOST_SCORED);
        let of_base: Vec<_> =
            of_base.filter_map(|number| Some((score(names.get(number as usize))?, Name::OfBase(number)))).collect();
        let of_changed = changed.iter().filter(|name| !known.contains(name.as_str()));
        let of_changed: Vec<_> = of_changed.filter_map(|name| Some((score(name)?, Name::Changed(name)))).collect();
        matched.extend(of_base.into_iter().chain(of_changed));
    }

    /// The numbers of the names that hold the characters of a query in their order, the nearer the fewer of these stand apart, and the
    /// shorter the names are.
    fn by_distance(&self, pattern: &Pattern<'_>) -> Vec<Vec<u32>> {
        /// Names of about one length are alike near, and so are all long ones.
        const BYTES: usize = 4;
        const LENGTHS: usize = 32;
        let mut by_distance = vec![Vec::new(); (Signatures::MOST_LACKING + 1) * LENGTHS];
        let names = &self.base.names;
        let is_strewn = |number: u32| pattern.may_be_strewn(names.get(number as usize));
        for (number, lacking) in self.base.signatures().strewn(names, &Wanted::new(&pattern.lower), is_strewn) {
            let length = names.get(number as usize).len() / BYTES;
            by_distance[lacking * LENGTHS + length.min(LENGTHS - 1)].push(number);
        }
        by_distance
    }

    fn text_of<'n>(&'n self, name: &Name<'n>) -> &'n str {
        match *name {
            Name::OfBase(number) => self.base.names.get(number as usize),
            Name::Changed(name) => name,
        }
    }

    /// The definitions of a name that matched.
    fn named_so(&self, name: &Name<'_>) -> Vec<Place> {
        match *name {
            Name::OfBase(number) => {
                let places = self.base.definitions_of(number).iter().copied();
                places.filter(|(file, _)| !self.overlay.hides(*file)).collect()
            }
            Name::Changed(name) => self.definitions(name),
        }
    }

    fn stands_in(&self, (file, symbol): Place, around: &[String]) -> bool {
        let record = self.record(file);
        let container = record.file().symbols[symbol as usize].container.to_lowercase();
        let path = record.path.to_lowercase();
        around.iter().all(|part| container.contains(part.as_str()) || path.contains(part.as_str()))
    }

    /// What puts matches of one kind in their order: importance, and how lately the file was written. Never negative.
    fn standing(&self, place: Place) -> f64 {
        self.prominence(place) + RECENT * self.recency(place.0)
    }

    pub(crate) fn by_importance(&self, places: &mut [Place]) {
        let key = |&place: &Place| (self.standing(place), place);
        places.sort_by_cached_key(|place| {
            let (importance, (file, symbol)) = key(place);
            (std::cmp::Reverse(importance.to_bits()), self.record(file).path.clone(), symbol)
        });
    }
}

/// A name that matched.
#[derive(Clone, Copy)]
enum Name<'i> {
    /// Its number in the base; no changed file defines it.
    OfBase(u32),
    /// A name that a changed file defines.
    Changed(&'i SmolStr),
}
