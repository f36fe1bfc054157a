//! Where the characters of a name stand, as bits.
//!
//! A name is short enough for a number to have a bit for each of its bytes, so that a question about all of them takes a few
//! operations on numbers: the way of Baeza-Yates and Gonnet, "A New Approach to Text Searching" (CACM 35:10, 1992).

use wide::u8x16;

/// Names of more bytes than this are looked at in another way.
const MOST_BYTES: usize = u128::BITS as usize;

/// So many bytes are looked at at once.
const LANES: usize = 16;

/// The bytes of a name of ASCII.
pub(super) struct Positions<'n> {
    name: &'n str,
    /// In lower case.
    lower: [u8x16; MOST_BYTES / LANES],
    /// How many of these hold bytes of the name.
    vectors: usize,
}

impl<'n> Positions<'n> {
    /// `None` where the name is not of ASCII, or very long.
    #[inline]
    pub(super) fn new(name: &'n str) -> Option<Self> {
        if !name.is_ascii() || name.len() > MOST_BYTES {
            return None;
        }
        let mut this = Self { name, lower: [u8x16::ZERO; MOST_BYTES / LANES], vectors: 0 };
        for (lower, bytes) in this.lower.iter_mut().zip(vectors_of(name)) {
            // The two cases of a letter differ in one bit.
            *lower = bytes | (within(bytes, b'A', b'Z') & u8x16::splat(b'a' - b'A'));
            this.vectors += 1;
        }
        Some(this)
    }

    /// Where a byte stands; letters are in lower case.
    #[inline]
    fn of(&self, byte: u8) -> u128 {
        let wanted = u8x16::splat(byte);
        self.each(|bytes| bytes.simd_eq(wanted))
    }

    /// Where a byte of this range stands.
    fn between(&self, first: u8, last: u8) -> u128 {
        self.each(|bytes| within(bytes, first, last))
    }

    #[inline]
    fn each(&self, marked: impl Fn(u8x16) -> u8x16) -> u128 {
        let vectors = self.lower[..self.vectors].iter().rev();
        vectors.fold(0, |bits, &bytes| bits << LANES | u128::from(marked(bytes).to_bitmask()))
    }

    /// Where parts of the name begin, as `words::each_part` takes it apart.
    pub(super) fn part_starts(&self) -> u128 {
        let letters = self.between(b'a', b'z');
        let digits = self.between(b'0', b'9');
        let upper = vectors_of(self.name).zip((0..).step_by(LANES));
        let upper = upper.fold(0, |bits, (bytes, at)| bits | u128::from(within(bytes, b'A', b'Z').to_bitmask()) << at);
        let lower = letters & !upper;
        let hump = upper & (lower << 1 | upper << 1 & lower >> 1);
        let (all, digit_or_not) = (letters | digits, digits << 1 ^ digits);
        all & (!(all << 1) | hump | digit_or_not)
    }

    /// Whether these bytes, which are in lower case, stand in the name in their order.
    pub(super) fn hold_in_order(&self, wanted: &[u8]) -> bool {
        let mut left = u128::MAX;
        wanted.iter().all(|&byte| {
            let found = self.of(byte) & left;
            left = behind_first(found);
            found != 0
        })
    }

    /// Whether these letters and digits, which are in lower case, are made of beginnings of parts, in the order of the parts.
    pub(super) fn begin_parts(&self, starts: u128, wanted: &[u8]) -> bool {
        let Some((&first, rest)) = wanted.split_first() else { return true };
        // Where the last byte may stand that was taken: behind the one before it, or where any later part begins.
        let mut taken = starts & self.of(first);
        for &byte in rest {
            if taken == 0 {
                return false;
            }
            taken = (taken << 1 | starts & behind_first(taken)) & self.of(byte);
        }
        taken != 0
    }
}

/// The positions behind the first of these; none where there is no first.
fn behind_first(positions: u128) -> u128 {
    if positions == 0 { 0 } else { !(positions ^ (positions - 1)) }
}

/// The bytes of a text, with zeros behind the last.
#[inline]
fn vectors_of(text: &str) -> impl Iterator<Item = u8x16> {
    let (whole, rest) = text.as_bytes().as_chunks();
    let mut last = [0; LANES];
    last[..rest.len()].copy_from_slice(rest);
    whole.iter().copied().chain((!rest.is_empty()).then_some(last)).map(u8x16::new)
}

/// All bits of each byte that is of this range.
#[inline]
fn within(bytes: u8x16, first: u8, last: u8) -> u8x16 {
    // What is less comes out as more than any.
    let above_first = bytes - u8x16::splat(first);
    above_first.min(u8x16::splat(last - first)).simd_eq(above_first)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::words;

    #[test]
    fn longer_names_and_those_of_other_scripts_have_none() {
        assert!(Positions::new(&"a".repeat(128)).is_some());
        assert!(Positions::new(&"a".repeat(129)).is_none());
        assert!(Positions::new("größe").is_none());
        assert!(!Positions::new("").unwrap().hold_in_order(b"a"));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn a_bit_for_each_byte(name in "[ -~]{0,128}", byte in b' '..=b'~') {
            let positions = Positions::new(&name).unwrap();
            let lower = name.to_ascii_lowercase();
            let expected = lower.bytes().rev().fold(0, |bits, here| bits << 1 | u128::from(here == byte));
            prop_assert_eq!(positions.of(byte), expected, "{} in {}", byte, name);
        }

        #[test]
        fn parts_begin_where_names_are_split(name in "[a-cA-C_2.]{0,70}") {
            let starts = Positions::new(&name).unwrap().part_starts();
            let bounds: Vec<usize> = (0..=name.len()).filter(|&at| at == name.len() || starts & 1 << at != 0).collect();
            let parts = bounds.windows(2).map(|part| name[part[0]..part[1]].trim_end_matches(['_', '.']).to_ascii_lowercase());
            prop_assert_eq!(parts.collect::<Vec<_>>(), words::split(&name), "{}", name);
        }

        #[test]
        fn bytes_are_held_in_order_where_each_is_behind_the_last(name in "[a-cA-C_]{0,80}", wanted in "[a-c_é]{1,4}") {
            let lower = name.to_ascii_lowercase();
            let mut left = lower.bytes();
            let expected = wanted.bytes().all(|byte| left.any(|here| here == byte));
            prop_assert_eq!(Positions::new(&name).unwrap().hold_in_order(wanted.as_bytes()), expected, "{} in {}", wanted, name);
        }
    }
}
