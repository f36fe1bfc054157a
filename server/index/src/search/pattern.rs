//! How one name matches a query.

use crate::search::positions::Positions;
use crate::words;

/// How a name matches a query, the better the greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Match {
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

/// Names of more parts than this are not typed by their parts.
const MOST_PARTS: usize = 12;

/// A query in the forms that names are compared with.
pub(super) struct Pattern<'q> {
    pub(super) text: &'q str,
    /// In lower case.
    pub(super) lower: String,
    /// The letters and digits of `lower`.
    pub(super) alphanumeric: String,
    /// The other characters, such as an underscore: a name that is matched by its parts holds them somewhere.
    others: Vec<char>,
}

impl<'q> Pattern<'q> {
    pub(super) fn new(text: &'q str) -> Self {
        let lower = text.to_lowercase();
        let (alphanumeric, others) = lower.chars().partition::<String, _>(|character| character.is_alphanumeric());
        Self { text, lower, alphanumeric, others: others.chars().collect() }
    }

    /// How a name matches, unless it is by its letters only.
    pub(super) fn compare(&self, name: &str) -> Option<Match> {
        let otherwise = || {
            if self.is_made_of_parts(name) {
                return Some(Match::Parts);
            }
            name.to_lowercase().contains(&self.lower).then_some(Match::Inside)
        };
        self.compare_beginning(name).or_else(otherwise)
    }

    /// How a name matches that begins with the query.
    pub(super) fn compare_beginning(&self, name: &str) -> Option<Match> {
        if name == self.text {
            return Some(Match::Exact);
        }
        name.get(..self.text.len()).filter(|head| head.eq_ignore_ascii_case(self.text))?;
        Some(if name.len() == self.text.len() { Match::AnyCase } else { Match::Prefix })
    }

    /// Whether a name holds the characters of the query in their order, so far as that is told in an instant.
    pub(super) fn may_be_strewn(&self, name: &str) -> bool {
        Positions::new(name).is_none_or(|positions| positions.hold_in_order(self.lower.as_bytes()))
    }

    /// Whether the query is made of beginnings of parts of the name, in the order of the parts; so is what begins a name.
    pub(super) fn is_made_of_parts(&self, name: &str) -> bool {
        if self.alphanumeric.is_empty() || !self.others.iter().all(|&other| name.contains(other)) {
            return false;
        }
        match Positions::new(name).filter(|_| self.alphanumeric.is_ascii()) {
            Some(positions) => {
                let wanted = self.alphanumeric.as_bytes();
                // Most names fall at the cheaper question.
                positions.hold_in_order(wanted) && {
                    let starts = positions.part_starts();
                    starts.count_ones() as usize <= MOST_PARTS && positions.begin_parts(starts, wanted)
                }
            }
            None => {
                let parts = words::split(name);
                parts.len() <= MOST_PARTS && fits(&parts, &self.alphanumeric)
            }
        }
    }
}

/// Whether what is wanted is made of beginnings of these parts, in their order.
fn fits(parts: &[String], wanted: &str) -> bool {
    if wanted.is_empty() {
        return true;
    }
    let Some((part, rest)) = parts.split_first() else { return false };
    let common = part.chars().zip(wanted.char_indices()).take_while(|(a, (_, b))| a == b);
    let mut ends: Vec<usize> = common.map(|(_, (at, character))| at + character.len_utf8()).collect();
    ends.reverse();
    ends.into_iter().any(|end| fits(rest, &wanted[end..])) || fits(rest, wanted)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn compare(name: &str, text: &str) -> Option<Match> {
        Pattern::new(text).compare(name)
    }

    #[test]
    fn the_better_the_more_of_the_name_was_typed() {
        assert_eq!(compare("parseHttpRequest", "parseHttpRequest"), Some(Match::Exact));
        assert_eq!(compare("parseHttpRequest", "parsehttprequest"), Some(Match::AnyCase));
        assert_eq!(compare("parseHttpRequest", "PARSE"), Some(Match::Prefix));
        assert_eq!(compare("parseHttpRequest", "pHR"), Some(Match::Parts));
        assert_eq!(compare("parseHttpRequest", "parreq"), Some(Match::Parts));
        assert_eq!(compare("parseHttpRequest", "quest"), Some(Match::Inside));
        assert_eq!(compare("parseHttpRequest", "pqt"), None);
        assert_eq!(compare("größeÄndern", "gä"), Some(Match::Parts));
    }

    #[test]
    fn what_is_typed_besides_letters_and_digits_stands_in_a_name_matched_by_its_parts() {
        assert_eq!(compare("read_cache_page", "r_page"), Some(Match::Parts));
        assert_eq!(compare("readCachePage", "r_page"), None);
        assert_eq!(compare("readCachePage", "_"), None);
    }

    #[test]
    fn names_of_very_many_parts_are_not_typed_by_them() {
        assert_eq!(compare("a_b_c_d_e_f_g_h_i_j_k_l", "al"), Some(Match::Parts));
        assert_eq!(compare("a_b_c_d_e_f_g_h_i_j_k_l_m", "al"), None);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4_000))]

        #[test]
        fn parts_are_found_by_positions_as_by_taking_the_name_apart(name in "[a-cA-C_2.]{1,30}", text in "[a-c2]{1,4}") {
            let parts = words::split(&name);
            let apart = parts.len() <= MOST_PARTS && fits(&parts, &text);
            prop_assert_eq!(Pattern::new(&text).is_made_of_parts(&name), apart, "{} in {}", text, name);
        }
    }
}
