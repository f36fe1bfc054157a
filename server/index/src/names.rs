//! Many names in order, in one block of memory.

use std::cmp::Ordering;
use std::ops::Range;

use rayon::prelude::*;
use smol_str::SmolStr;

/// Names by number, each once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Names {
    /// Each name, with a line feed before it and behind the last.
    text: String,
    /// Where each name begins in `text`; one more than there are names.
    starts: Vec<u32>,
}

impl Names {
    /// The names, which are in their order.
    pub(crate) fn new<'n>(names: impl Iterator<Item = &'n str> + Clone) -> Self {
        let bytes: usize = names.clone().map(|name| name.len() + 1).sum();
        let mut this = Self { text: String::with_capacity(bytes + 1), starts: Vec::with_capacity(names.clone().count() + 1) };
        this.text.push('\n');
        for name in names {
            this.starts.push(crate::base::narrow(this.text.len()));
            this.text.push_str(name);
            this.text.push('\n');
        }
        this.starts.push(crate::base::narrow(this.text.len()));
        this
    }

    /// Names from their block of memory and where each begins; `None` where the two do not fit.
    pub(crate) fn of_parts(text: String, starts: Vec<u32>) -> Option<Self> {
        let fits = starts.last().is_some_and(|&end| end as usize == text.len()) && starts.is_sorted_by(|a, b| a < b);
        fits.then_some(Self { text, starts })
    }

    /// The block of memory, with a line feed before each name and behind the last.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Where each name begins in [`text`](Self::text); one more than there are names.
    pub(crate) fn starts(&self) -> &[u32] {
        &self.starts
    }

    pub(crate) fn len(&self) -> usize {
        self.starts.len().saturating_sub(1)
    }

    /// The name of a number; empty where there is none.
    pub(crate) fn get(&self, number: usize) -> &str {
        let bounds = self.starts.get(number).zip(self.starts.get(number + 1));
        bounds.and_then(|(&start, &next)| self.text.get(start as usize..next as usize - 1)).unwrap_or_default()
    }

    /// Has these names brought from memory near to the processor, all at once: one after the other, each would be waited for.
    pub(crate) fn bring_near(&self, numbers: impl Iterator<Item = u32>) {
        let first_byte = |number: u32| self.text.as_bytes().get(*self.starts.get(number as usize)? as usize);
        let sum = numbers.filter_map(first_byte).fold(0_u8, |sum, &byte| sum.wrapping_add(byte));
        std::hint::black_box(sum);
    }

    /// The number of a name.
    pub(crate) fn number(&self, name: &str) -> Option<u32> {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = low.midpoint(high);
            match self.get(middle).cmp(name) {
                Ordering::Less => low = middle + 1,
                Ordering::Equal => return Some(crate::base::narrow(middle)),
                Ordering::Greater => high = middle,
            }
        }
        None
    }

    /// The numbers of the names that begin with a text, upper and lower case of ASCII alike, in order.
    pub(crate) fn beginning_with(&self, text: &str) -> Vec<u32> {
        // The names are in their order, and few of the ways to write a beginning in upper and lower case are there.
        let mut alike: Vec<Range<usize>> = std::iter::once(0..self.len()).collect();
        for (at, byte) in text.bytes().enumerate() {
            let (upper, lower) = (byte.to_ascii_uppercase(), byte.to_ascii_lowercase());
            let ways = std::iter::once(upper).chain((lower != upper).then_some(lower));
            let narrowed = alike.iter().flat_map(|range| ways.clone().map(|way| self.with_byte(range, at, way)));
            alike = narrowed.filter(|range| !range.is_empty()).collect();
        }
        let mut numbers: Vec<u32> = alike.into_iter().flatten().map(crate::base::narrow).collect();
        numbers.sort_unstable();
        numbers
    }

    /// Those of names that are alike in the bytes before `at` which have this byte there.
    fn with_byte(&self, names: &Range<usize>, at: usize, byte: u8) -> Range<usize> {
        let first = |least: u8| {
            let (mut low, mut high) = (names.start, names.end);
            while low < high {
                let middle = low.midpoint(high);
                if self.get(middle).as_bytes().get(at).copied() < Some(least) {
                    low = middle + 1;
                } else {
                    high = middle;
                }
            }
            low
        };
        // No byte of UTF-8 is the greatest.
        first(byte)..first(byte + 1)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &str> + Clone {
        (0..self.len()).map(|number| self.get(number))
    }

    pub(crate) fn par_iter(&self) -> impl IndexedParallelIterator<Item = &str> {
        (0..self.len()).into_par_iter().map(|number| self.get(number))
    }
}

impl<'n> FromIterator<&'n SmolStr> for Names {
    fn from_iter<T: IntoIterator<Item = &'n SmolStr>>(names: T) -> Self {
        let names: Vec<&str> = names.into_iter().map(SmolStr::as_str).collect();
        Self::new(names.iter().copied())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Names;

    #[test]
    fn names_are_found_by_number_and_by_name() {
        let names = Names::new(["a", "bc", "ü"].into_iter());
        assert_eq!(names.iter().collect::<Vec<_>>(), ["a", "bc", "ü"]);
        assert_eq!(["a", "bc", "ü", "b"].map(|name| names.number(name)), [Some(0), Some(1), Some(2), None]);
        assert_eq!((names.len(), names.get(3), Names::default().len()), (3, "", 0));
        let (text, starts) = (names.text().to_owned(), names.starts().to_vec());
        assert_eq!(Names::of_parts(text.clone(), starts), Some(names));
        assert_eq!(Names::of_parts(text, vec![1, 99]), None);
    }
    proptest! {
        #[test]
        fn what_begins_so_is_found_whatever_its_case(names in prop::collection::btree_set("[abAB_é]{1,5}", 0..30), text in "[abA_é]{1,3}") {
            let all = Names::new(names.iter().map(String::as_str));
            let found = all.beginning_with(&text);
            let begins = |name: &&String| name.get(..text.len()).is_some_and(|head| head.eq_ignore_ascii_case(&text));
            let expected: Vec<&String> = names.iter().filter(begins).collect();
            prop_assert_eq!(found.iter().map(|&number| all.get(number as usize)).collect::<Vec<_>>(), expected);
        }
    }
}
