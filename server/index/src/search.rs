//! Search by name: as it is, by its beginning, by its parts, by its letters.

use nucleo_matcher::{Config, Matcher, Utf32Str};
use rustc_hash::FxHashSet;
use smol_str::SmolStr;

use crate::base::Place;
use crate::recency::RECENT;
use crate::spellings::{bit, letters};
use crate::{Index, SymbolRef, words};

/// How a name matches a query, the better the greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Match {
    /// The letters in their order, with others between them; scored.
    Letters(u16),
    /// Within the name.
    Inside,
    /// The beginnings of its parts, in order: `pHR` or `parreq` for `parseHttpRequest`.
    Parts,
    /// The beginning, upper and lower case alike.
    Prefix,
    /// All of it, upper and lower case alike.
    AnyCase,
    /// As it is.
    Exact,
}

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
        let lower = query.to_lowercase();
        let forms = Query { text: query, lower: &lower, first: lower.chars().next() };
        let mut seen: FxHashSet<&str> = FxHashSet::default();
        let changed = self.overlay.records().flat_map(|(_, record)| record.file().symbols.iter().map(|symbol| &symbol.name));
        let changed: Vec<&SmolStr> = changed.filter(|name| seen.insert(name.as_str())).collect();
        let spellings = self.base.spellings();
        let names = &self.base.names;
        let of_base = |number: u32| Some(names.get(number as usize)).filter(|name| !seen.contains(name));

        let mut matched = Vec::new();
        for number in spellings.beginning_with(&lower) {
            // What is no beginning after all, by a letter whose case is not that of ASCII, is found below.
            let how = of_base(number).and_then(|name| compare(name, &forms)).filter(|how| *how > Match::Parts);
            matched.extend(how.map(|how| (how, Name::OfBase(number))));
        }
        matched.extend(changed.iter().filter_map(|name| Some((compare(name, &forms)?, Name::Changed(name)))));
        let better = |matched: &[(Match, Name<'_>)], than: Match| matched.iter().filter(|(how, _)| *how > than).count();
        if better(&matched, Match::Parts) >= enough {
            return matched;
        }
        let wanted = letters(&lower);
        let first = lower.bytes().next().map_or(0, bit);
        let mut unlike = Vec::new();
        for (number, begins) in spellings.with_letters(wanted, first) {
            let Some(name) = of_base(number) else { continue };
            // What is typed begins where a part of the name begins; what only stands inside is found below.
            if !begins || !may_be_strewn(&lower, spellings.lower(number)) {
                continue;
            }
            match compare(name, &forms) {
                Some(Match::Parts) => matched.push((Match::Parts, Name::OfBase(number))),
                None => unlike.push(number),
                Some(_) => {}
            }
        }
        if better(&matched, Match::Inside) >= enough {
            return matched;
        }
        for number in spellings.holding(&lower) {
            let inside = of_base(number).filter(|name| matches!(compare(name, &forms), Some(Match::Inside)));
            matched.extend(inside.map(|_| (Match::Inside, Name::OfBase(number))));
        }
        if better(&matched, Match::Letters(u16::MAX)) < enough {
            self.match_letters(&lower, &unlike, &changed, &mut matched);
        }
        matched
    }

    /// Adds the names that hold the letters of the query in their order.
    fn match_letters<'i>(&'i self, lower: &str, of_base: &[u32], changed: &[&'i SmolStr], matched: &mut Vec<(Match, Name<'i>)>) {
        let mut matcher = Matcher::new(Config::DEFAULT);
        let (mut buffer, mut needle_buffer) = (Vec::new(), Vec::new());
        let needle = Utf32Str::new(lower, &mut needle_buffer);
        let mut score = |name: &str| {
            let score = matcher.fuzzy_match(Utf32Str::new(name, &mut buffer), needle)?;
            // Letters strewn over a long name are no match.
            (needle.len() > 2 && usize::from(score) >= needle.len() * 14).then_some(Match::Letters(score))
        };
        for &number in of_base {
            let how = score(self.base.names.get(number as usize));
            matched.extend(how.map(|how| (how, Name::OfBase(number))));
        }
        let known: FxHashSet<&str> = matched.iter().filter_map(|(_, name)| name.changed()).collect();
        for name in changed.iter().filter(|name| !known.contains(name.as_str())) {
            let how = score(name);
            matched.extend(how.map(|how| (how, Name::Changed(name))));
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

impl<'i> Name<'i> {
    fn changed(self) -> Option<&'i str> {
        match self {
            Self::OfBase(_) => None,
            Self::Changed(name) => Some(name),
        }
    }
}

/// A query in the forms that names are compared with.
struct Query<'a> {
    text: &'a str,
    lower: &'a str,
    first: Option<char>,
}

fn compare(name: &str, query: &Query<'_>) -> Option<Match> {
    let head = name.get(..query.text.len()).is_some_and(|head| head.eq_ignore_ascii_case(query.text));
    if name == query.text {
        return Some(Match::Exact);
    }
    if head {
        return Some(if name.len() == query.text.len() { Match::AnyCase } else { Match::Prefix });
    }
    // Taking a name apart is dear, so a part must at least begin with what the query begins with.
    let begins = name.char_indices().any(|(at, character)| {
        character.to_lowercase().next() == query.first
            && (at == 0 || !character.is_lowercase() || !name[..at].ends_with(char::is_alphabetic))
    });
    if begins && begins_parts(&words::split(name), query.lower) {
        return Some(Match::Parts);
    }
    name.to_lowercase().contains(query.lower).then_some(Match::Inside)
}

/// Whether the letters and digits of a query stand in a name in their order, both in lower case; whoever is not of ASCII may be anything.
fn may_be_strewn(lower: &str, name: &str) -> bool {
    if !lower.is_ascii() || !name.is_ascii() {
        return true;
    }
    let mut left = name.bytes();
    lower.bytes().filter(u8::is_ascii_alphanumeric).all(|wanted| left.any(|byte| byte == wanted))
}

/// Whether what is wanted is made of beginnings of parts, in the order of the parts.
fn begins_parts(parts: &[String], wanted: &str) -> bool {
    let wanted: Vec<char> = wanted.chars().filter(|character| character.is_alphanumeric()).collect();
    fits(parts, &wanted, 0)
}

fn fits(parts: &[String], wanted: &[char], skipped: usize) -> bool {
    if wanted.is_empty() {
        return true;
    }
    let Some((part, rest)) = parts.split_first() else { return false };
    // Names of more parts than this are not typed by their parts.
    if parts.len() + skipped > 12 {
        return false;
    }
    let common = part.chars().zip(wanted).take_while(|(a, b)| a == *b).count();
    (1..=common).rev().any(|taken| fits(rest, &wanted[taken..], skipped)) || fits(rest, wanted, skipped)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn a_name_that_matches_by_its_parts_or_its_letters_may_hold_them_in_order(name in "[a-cA-C_2é]{1,10}", text in "[a-cA-C_2é]{1,4}") {
            let lower = text.to_lowercase();
            let query = Query { text: &text, lower: &lower, first: lower.chars().next() };
            let (mut buffer, mut needle) = (Vec::new(), Vec::new());
            let needle = Utf32Str::new(&lower, &mut needle);
            let by_letters = Matcher::new(Config::DEFAULT).fuzzy_match(Utf32Str::new(&name, &mut buffer), needle);
            if by_letters.is_some() || compare(&name, &query) == Some(Match::Parts) {
                let in_lower = if name.is_ascii() { name.to_lowercase() } else { name.clone() };
                prop_assert!(may_be_strewn(&lower, &in_lower), "{text} in {name}");
            }
        }
    }
}
