//! Signatures of names, a bit of each next to the same bit of all others: which of millions of names a query may match is told
//! from a few rows of bits, 64 names at a time, and only those are looked at.
//!
//! Such bit-sliced signatures are those of Faloutsos and Chan, "Fast Text Access Methods for Optical and Large Magnetic Disks"
//! (VLDB 1988), and of Goodwin and others, "BitFunnel" (SIGIR 2017). A signature may say yes where the name does not match; it never
//! says no where it does.

use rayon::prelude::*;

use crate::names::Names;

/// Letters, digits and the underscore.
const SYMBOLS: usize = 37;
/// The last of them.
const UNDERSCORE: usize = SYMBOLS - 1;
/// A name is cut into so many pieces of one length, each with rows of its own for what stands in it.
const QUARTERS: usize = 4;
/// Pairs of neighbours share so many rows.
const PAIRS: usize = 64;

const INITIALS: usize = SYMBOLS * QUARTERS;
const NEIGHBOURS: usize = INITIALS + SYMBOLS;
const ROWS: usize = NEIGHBOURS + PAIRS;

/// Neighbours that are lacking are counted in so many bits.
const BITS_OF_LACK: usize = 3;

const WORDS: usize = 64;
/// How many names have their signatures in one sheet.
const NAMES: usize = WORDS * u64::BITS as usize;

/// A bit for each name of a sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Row([u64; WORDS]);

impl Row {
    const EMPTY: Self = Self([0; WORDS]);
    const FULL: Self = Self([u64::MAX; WORDS]);

    fn set(&mut self, name: usize) {
        self.0[name / u64::BITS as usize] |= 1 << (name % u64::BITS as usize);
    }

    fn is_empty(&self) -> bool {
        self.0.iter().fold(0, |all, word| all | word) == 0
    }

    fn has(&self, name: usize) -> bool {
        self.0[name / u64::BITS as usize] & 1 << (name % u64::BITS as usize) != 0
    }

    /// Keeps those that are set in one of two other rows too; says whether there are any.
    fn keep(&mut self, one: &Self, other: &Self) -> bool {
        let mut any = 0;
        for ((word, one), other) in self.0.iter_mut().zip(&one.0).zip(&other.0) {
            *word &= one | other;
            any |= *word;
        }
        any != 0
    }

    /// The names that are set, in order.
    fn names(&self) -> impl Iterator<Item = usize> + '_ {
        self.0.iter().enumerate().flat_map(|(word, &bits)| {
            let mut left = bits;
            std::iter::from_fn(move || {
                let bit = left.trailing_zeros();
                left &= left.checked_sub(1)?;
                Some(word * u64::BITS as usize + bit as usize)
            })
        })
    }
}

/// What the signatures are asked for.
pub(super) struct Wanted {
    symbols: Vec<usize>,
    /// The row of each byte with the one before it, from the second on.
    neighbours: Vec<usize>,
}

impl Wanted {
    /// What is wanted of a text in lower case.
    pub(super) fn new(lower: &str) -> Self {
        let neighbours = lower.as_bytes().windows(2).map(|both| pair(both[0], both[1]));
        Self { symbols: lower.bytes().filter_map(symbol).collect(), neighbours: neighbours.collect() }
    }
}

/// The signatures of some names that follow one another.
#[derive(Debug)]
struct Sheet {
    rows: Vec<Row>,
}

impl Sheet {
    fn new<'n>(names: impl Iterator<Item = &'n str>) -> Self {
        let mut rows = vec![Row::EMPTY; ROWS];
        for (number, name) in names.enumerate() {
            if !name.is_ascii() {
                // What letters of other scripts are in lower case need not be told here.
                rows.iter_mut().for_each(|row| row.set(number));
                continue;
            }
            let mut before = b'_';
            for (at, byte) in name.bytes().enumerate() {
                if let Some(symbol) = symbol(byte) {
                    rows[symbol * QUARTERS + at * QUARTERS / name.len()].set(number);
                    if begins_part(before, byte) {
                        rows[INITIALS + symbol].set(number);
                    }
                }
                if at > 0 {
                    rows[NEIGHBOURS + pair(before.to_ascii_lowercase(), byte.to_ascii_lowercase())].set(number);
                }
                before = byte;
            }
        }
        Self { rows }
    }

    /// Of these names those that may hold all the symbols in their order.
    fn in_order(&self, symbols: &[usize], of: Row) -> Row {
        // For each quarter the names that hold what came so far up to its end.
        let mut reached = [of; QUARTERS];
        for &symbol in symbols {
            let mut so_far = Row::EMPTY;
            for (quarter, reached) in reached.iter_mut().enumerate() {
                let here = &self.rows[symbol * QUARTERS + quarter];
                for ((so_far, reached), here) in so_far.0.iter_mut().zip(&mut reached.0).zip(&here.0) {
                    *so_far |= *reached & here;
                    *reached = *so_far;
                }
            }
            if so_far.is_empty() {
                return so_far;
            }
        }
        reached[QUARTERS - 1]
    }

    /// The names that may be made of parts that begin so.
    fn made_of_parts(&self, wanted: &Wanted) -> Row {
        let Some((first, rest)) = wanted.symbols.split_first() else { return Row::FULL };
        let mut names = self.rows[INITIALS + first];
        // Each symbol begins a part, or stands behind the one before it.
        let mut others = rest.iter().zip(&wanted.neighbours);
        let any = others.all(|(symbol, pair)| names.keep(&self.rows[INITIALS + symbol], &self.rows[NEIGHBOURS + pair]));
        if any { self.in_order(&wanted.symbols, names) } else { Row::EMPTY }
    }

    /// The names that may hold the whole text somewhere.
    fn holding(&self, wanted: &Wanted) -> Row {
        let mut names = Row::FULL;
        let mut pairs = wanted.neighbours.iter().map(|pair| &self.rows[NEIGHBOURS + pair]);
        if pairs.all(|row| names.keep(row, row)) { self.in_order(&wanted.symbols, names) } else { Row::EMPTY }
    }

    /// The names that may hold the symbols in their order, the first where a part begins.
    fn strewn(&self, wanted: &Wanted) -> Row {
        let begin = wanted.symbols.first().filter(|&&first| first != UNDERSCORE);
        self.in_order(&wanted.symbols, begin.map_or(Row::FULL, |first| self.rows[INITIALS + first]))
    }

    /// For each name how many of the neighbours do not stand side by side in it, in binary from the lowest bit on; at most seven.
    fn lacking(&self, wanted: &Wanted) -> [Row; BITS_OF_LACK] {
        let mut count = [Row::EMPTY; BITS_OF_LACK];
        for pair in &wanted.neighbours {
            for (word, held) in self.rows[NEIGHBOURS + pair].0.iter().enumerate() {
                let is_full = count.iter().fold(u64::MAX, |full, bits| full & bits.0[word]);
                let mut carry = !held & !is_full;
                for bits in &mut count {
                    let before = bits.0[word];
                    bits.0[word] = before ^ carry;
                    carry &= before;
                }
            }
        }
        count
    }
}

/// The signatures of all names.
#[derive(Debug)]
pub(crate) struct Signatures {
    sheets: Vec<Sheet>,
    names: usize,
}

impl Signatures {
    /// As many neighbours that are lacking are counted.
    pub(super) const MOST_LACKING: usize = (1 << BITS_OF_LACK) - 1;

    pub(crate) fn new(names: &Names) -> Self {
        let sheet = |first| Sheet::new((first..names.len().min(first + NAMES)).map(|number| names.get(number)));
        let sheets = (0..names.len().div_ceil(NAMES)).into_par_iter().map(|number| sheet(number * NAMES)).collect();
        Self { sheets, names: names.len() }
    }

    /// The numbers of the names that may be made of parts that begin so and for which `is_so` says that they are, in order.
    pub(super) fn made_of_parts(&self, names: &Names, wanted: &Wanted, is_so: impl Fn(u32) -> bool + Sync) -> Vec<u32> {
        self.those(names, |sheet| sheet.made_of_parts(wanted), is_so)
    }

    /// The same of names that may hold the whole text somewhere.
    pub(super) fn holding(&self, names: &Names, wanted: &Wanted, is_so: impl Fn(u32) -> bool + Sync) -> Vec<u32> {
        self.those(names, |sheet| sheet.holding(wanted), is_so)
    }

    fn those(&self, names: &Names, may_be: impl Fn(&Sheet) -> Row + Sync, is_so: impl Fn(u32) -> bool + Sync) -> Vec<u32> {
        let those = self.sheets.par_iter().enumerate().map(|(number, sheet)| {
            let mut numbers: Vec<u32> = self.numbers(number, &may_be(sheet)).map(|(number, _)| number).collect();
            names.bring_near(numbers.iter().copied());
            numbers.retain(|&number| is_so(number));
            numbers
        });
        those.collect::<Vec<_>>().concat()
    }

    /// The numbers of the names that may hold the symbols in their order, the first where a part begins, each with how many of the
    /// neighbours do not stand side by side in it, at most seven; those for which `is_so` says that they do.
    pub(super) fn strewn(&self, names: &Names, wanted: &Wanted, is_so: impl Fn(u32) -> bool + Sync) -> Vec<(u32, usize)> {
        let strewn = self.sheets.par_iter().enumerate().map(|(number, sheet)| {
            let may_be = sheet.strewn(wanted);
            if may_be.is_empty() {
                return Vec::new();
            }
            let lacking = sheet.lacking(wanted);
            let lack = |name: usize| (0..BITS_OF_LACK).map(|bit| usize::from(lacking[bit].has(name)) << bit).sum();
            let mut found: Vec<(u32, usize)> = self.numbers(number, &may_be).map(|(number, name)| (number, lack(name))).collect();
            names.bring_near(found.iter().map(|(number, _)| *number));
            found.retain(|(number, _)| is_so(*number));
            found
        });
        strewn.collect::<Vec<_>>().concat()
    }

    /// The numbers of the names of a sheet that are set in a row, each with its number in the sheet.
    fn numbers<'r>(&self, sheet: usize, row: &'r Row) -> impl Iterator<Item = (u32, usize)> + use<'r> {
        let (first, names) = (sheet * NAMES, self.names);
        let in_sheet = row.names().take_while(move |name| first + name < names);
        in_sheet.map(move |name| (crate::base::narrow(first + name), name))
    }
}

/// The number of a letter, a digit or the underscore.
fn symbol(byte: u8) -> Option<usize> {
    match byte.to_ascii_lowercase() {
        letter @ b'a'..=b'z' => Some(usize::from(letter - b'a')),
        digit @ b'0'..=b'9' => Some(26 + usize::from(digit - b'0')),
        b'_' => Some(UNDERSCORE),
        _ => None,
    }
}

/// The row of two neighbours: the highest bits of a product with the golden ratio (Knuth, "The Art of Computer Programming", 6.4).
fn pair(one: u8, other: u8) -> usize {
    let both = u32::from(u16::from_be_bytes([one, other]));
    (both.wrapping_mul(0x9e37_79b1) >> (u32::BITS - PAIRS.ilog2())) as usize
}

/// Whether a byte begins a part of a name of ASCII, or may do so.
fn begins_part(before: u8, byte: u8) -> bool {
    !before.is_ascii_alphabetic() || byte.is_ascii_uppercase() || (byte.is_ascii_digit() && !before.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::search::pattern::{Match, Pattern};
    use crate::words;

    /// Names with their signatures.
    struct Signed(Names, Signatures);

    impl Signed {
        fn new<'n>(names: impl IntoIterator<Item = &'n str>) -> Self {
            let names: Vec<&str> = names.into_iter().collect();
            let names = Names::new(names.iter().copied());
            let signatures = Signatures::new(&names);
            Self(names, signatures)
        }

        fn made_of_parts(&self, lower: &str) -> Vec<u32> {
            self.1.made_of_parts(&self.0, &Wanted::new(lower), |_| true)
        }

        fn holding(&self, lower: &str) -> Vec<u32> {
            self.1.holding(&self.0, &Wanted::new(lower), |_| true)
        }

        fn strewn(&self, lower: &str) -> Vec<(u32, usize)> {
            self.1.strewn(&self.0, &Wanted::new(lower), |_| true)
        }
    }

    #[test]
    fn names_of_all_sheets_have_their_numbers() {
        let names: Vec<String> = (0..2 * NAMES + 3).map(|number| format!("name_{number:05}")).collect();
        let signed = Signed::new(names.iter().map(String::as_str));
        let is_so = |number: u32| names[number as usize].contains("08190");
        assert_eq!(signed.1.holding(&signed.0, &Wanted::new("08190"), is_so), [8190]);
        assert_eq!(signed.holding("na").len(), names.len());
    }

    #[test]
    fn few_other_names_are_let_through() {
        let signed = Signed::new(["parseHttpRequest", "reset", "read_cache_page", "PAGE_CACHE", "übermut"]);
        assert_eq!(signed.made_of_parts("phr"), [0, 4]);
        assert_eq!(signed.holding("cache_p"), [2, 4]);
        assert_eq!(signed.strewn("rcp"), [(2, 1), (4, 0)], "of the two neighbours one shares its row with one of the name");
        assert_eq!(signed.strewn("pagcche"), [(3, 2), (4, 0)]);
        assert_eq!(signed.strewn("pages"), [(4, 0)]);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1_000))]

        #[test]
        fn none_that_matches_is_kept_back(name in "[a-cA-C_2é.]{1,12}", text in "[a-cA-C_2é.]{1,5}") {
            let pattern = Pattern::new(&text);
            let signed = Signed::new([name.as_str()]);
            let how = pattern.compare(&name);
            if how == Some(Match::Parts) {
                prop_assert_eq!(signed.made_of_parts(&pattern.alphanumeric), [0]);
            }
            if name.to_lowercase().contains(&pattern.lower) {
                prop_assert_eq!(signed.holding(&pattern.lower), [0]);
            }
            let first = pattern.lower.chars().find(|&character| character == '_' || character.is_alphanumeric()).unwrap_or('_');
            let begins = first == '_' || words::split(&name).iter().any(|part| part.starts_with(first));
            if begins && pattern.may_be_strewn(&name) {
                prop_assert_eq!(signed.strewn(&pattern.lower).len(), 1, "{} in {}", text, name);
            }
        }

        #[test]
        fn neighbours_are_counted(name in "[a-d]{2,8}", text in "[a-d]{2,12}") {
            let sheet = Sheet::new(std::iter::once(name.as_str()));
            let lacking = sheet.lacking(&Wanted::new(&text));
            let count: usize = (0..BITS_OF_LACK).map(|bit| usize::from(lacking[bit].has(0)) << bit).sum();
            let rows = |text: &str| text.as_bytes().windows(2).map(|both| pair(both[0], both[1])).collect::<Vec<_>>();
            let held = rows(&name);
            let expected = rows(&text).iter().filter(|row| !held.contains(row)).count();
            prop_assert_eq!(count, expected.min(7), "{} in {}", text, name);
        }
    }
}
