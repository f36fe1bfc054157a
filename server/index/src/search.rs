//! Search by name: as it is, by its beginning, by its parts, by its letters.

use nucleo_matcher::{Config, Matcher, Utf32Str};
use rustc_hash::FxHashSet;
use smol_str::SmolStr;

use crate::base::Place;
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
        let mut matched = self.match_names(name);
        matched.sort_unstable_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.len().cmp(&b.1.len())).then_with(|| a.1.cmp(&b.1)));
        let mut found = Vec::new();
        for same in matched.chunk_by(|a, b| a.0 == b.0) {
            let mut places: Vec<Place> = same.iter().flat_map(|(_, name)| self.definitions(name)).collect();
            places.retain(|&place| self.stands_in(place, &around));
            let left = limit - found.len();
            if places.len() > 4 * left {
                // Only what can be shown is put in its final order.
                let cut = 2 * left;
                places.select_nth_unstable_by(cut, |&a, &b| self.prominence(b).total_cmp(&self.prominence(a)).then(a.cmp(&b)));
                let least = self.prominence(places[cut]);
                places.retain(|&place| self.prominence(place) >= least);
            }
            self.by_importance(&mut places);
            found.extend(places.into_iter().take(limit - found.len()).map(|place| self.symbol(place)));
            if found.len() >= limit {
                break;
            }
        }
        found
    }

    fn match_names(&self, query: &str) -> Vec<(Match, SmolStr)> {
        let lower = query.to_lowercase();
        let letters = letters(&lower);
        let forms = Query { text: query, lower: &lower, first: lower.chars().next() };
        let mut matcher = Matcher::new(Config::DEFAULT);
        let mut buffer = Vec::new();
        let mut needle_buffer = Vec::new();
        let needle = Utf32Str::new(&lower, &mut needle_buffer);
        let mut seen: FxHashSet<&SmolStr> = FxHashSet::default();
        let changed = self.overlay.records().flat_map(|(_, record)| record.file().symbols.iter().map(|symbol| &symbol.name));
        let changed: Vec<&SmolStr> = changed.filter(|name| seen.insert(name)).collect();
        let of_base = self.base.names.iter().filter(|name| !seen.contains(*name));
        let mut matched = Vec::new();
        for name in of_base.chain(changed.iter().copied()) {
            if letters & !crate::search::letters(name) != 0 {
                continue;
            }
            let fuzzy = |matcher: &mut Matcher, buffer: &mut Vec<char>| {
                let score = matcher.fuzzy_match(Utf32Str::new(name, buffer), needle)?;
                // Letters strewn over a long name are no match.
                (needle.len() > 2 && usize::from(score) >= needle.len() * 14).then_some(Match::Letters(score))
            };
            let how = compare(name, &forms).or_else(|| fuzzy(&mut matcher, &mut buffer));
            matched.extend(how.map(|how| (how, name.clone())));
        }
        matched
    }

    fn stands_in(&self, (file, symbol): Place, around: &[String]) -> bool {
        let record = self.record(file);
        let container = record.file().symbols[symbol as usize].container.to_lowercase();
        let path = record.path.to_lowercase();
        around.iter().all(|part| container.contains(part.as_str()) || path.contains(part.as_str()))
    }

    pub(crate) fn by_importance(&self, places: &mut [Place]) {
        let key = |&place: &Place| (self.prominence(place), place);
        places.sort_by_cached_key(|place| {
            let (importance, (file, symbol)) = key(place);
            (std::cmp::Reverse(importance.to_bits()), self.record(file).path.clone(), symbol)
        });
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

/// Which letters and digits a name holds, as bits: a name without one of the query's letters cannot match.
fn letters(name: &str) -> u64 {
    let bit = |character: char| match character.to_ascii_lowercase() {
        letter @ 'a'..='z' => 1 << (letter as u64 - 'a' as u64),
        digit @ '0'..='9' => 1 << (26 + digit as u64 - '0' as u64),
        '_' => 1 << 36,
        _ => 0,
    };
    name.chars().fold(0_u64, |bits, character| bits | bit(character))
}
