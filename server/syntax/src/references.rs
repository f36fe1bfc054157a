//! The uses of a file, packed: sixteen bytes for each, and every name once.
//!
//! A repository has ten uses for one definition, so what one use costs is what an index costs.

use std::collections::HashMap;

use rustc_hash::FxBuildHasher;
use text::Span;

use crate::{Arguments, Reference, ReferenceKind, symbol::Use};

/// No symbol.
pub(crate) const NONE: u32 = u32::MAX;
/// The bits of [`Packed::name`] that are not the name's number.
const FLAG_BITS: u32 = 10;
/// More distinct names than fit are more than a file of the largest size can hold.
const MAX_NAMES: u32 = 1 << (u32::BITS - FLAG_BITS);

const MEMBER: u32 = 1 << 3;
const LOCAL: u32 = 1 << 4;
const SHORTHAND: u32 = 1 << 5;
const LABEL: u32 = 1 << 6;
/// Where the three bits begin that say what stands between the parentheses of a call.
const ARGUMENTS_SHIFT: u32 = 7;

/// One use as it is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Packed {
    /// The name's number, above [`FLAG_BITS`] bits that say what kind of use it is.
    pub(crate) name: u32,
    pub(crate) qualifier: u32,
    pub(crate) start: u32,
    pub(crate) enclosing: u32,
}

impl Packed {
    /// The number of the name.
    pub(crate) fn number(self) -> u32 {
        self.name >> FLAG_BITS
    }

    /// What kind of use it is, below 2 to the power of [`FLAG_BITS`].
    pub(crate) fn flags(self) -> u32 {
        self.name & ((1 << FLAG_BITS) - 1)
    }

    /// Whether something inherits from it or implements it.
    pub(crate) fn is_inherited(self) -> bool {
        kind(self.name & 7) == ReferenceKind::Implementation
    }

    /// What kind of use it is where what it is reached through is a module, and so no value.
    pub(crate) fn flags_through_module(self) -> u32 {
        self.flags() & !MEMBER
    }

    /// The same with flags, where so far only the number stands in place of the name; `None` where one is too large.
    pub(crate) fn with_flags(self, flags: u32) -> Option<Self> {
        (self.name < MAX_NAMES && flags < 1 << FLAG_BITS).then_some(Self { name: self.name << FLAG_BITS | flags, ..self })
    }
}

/// The uses of a file in source order.
#[derive(Clone, Debug, Default)]
pub(crate) struct References {
    /// The distinct names one after the other; number 0 is the empty one.
    pub(crate) names: Box<str>,
    /// Where each name ends in `names`.
    pub(crate) ends: Box<[u32]>,
    pub(crate) packed: Box<[Packed]>,
    /// Where each line but the first begins, in bytes.
    pub(crate) lines: Box<[u32]>,
    /// The zero-based lines, in order, in which a column is not the same in every encoding.
    pub(crate) wide: Box<[u32]>,
}

impl References {
    pub(crate) fn name(&self, number: u32) -> &str {
        let number = number as usize;
        let start = number.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        let end = self.ends.get(number).copied().unwrap_or(0);
        self.names.get(start as usize..end as usize).unwrap_or_default()
    }

    /// The uses that are not of local variables alone, each with the number of its name.
    pub(crate) fn named_uses(&self) -> impl Iterator<Item = (u32, u32)> + Clone {
        let named = (0_u32..).zip(&self.packed).filter(|(_, packed)| packed.name & (LOCAL | SHORTHAND) != LOCAL);
        named.map(|(place, packed)| (place, packed.name >> FLAG_BITS))
    }

    pub(crate) fn get(&self, place: usize) -> Option<Reference<'_>> {
        self.packed.get(place).map(|packed| self.view(*packed))
    }

    pub(crate) fn view(&self, packed: Packed) -> Reference<'_> {
        let name = self.name(packed.name >> FLAG_BITS);
        let has = |flag: u32| packed.name & flag != 0;
        let length = u32::try_from(name.len()).unwrap_or(u32::MAX);
        Reference {
            name,
            kind: kind(packed.name & 7),
            span: Span { start: packed.start, end: packed.start.saturating_add(length) },
            enclosing: (packed.enclosing != NONE).then_some(packed.enclosing),
            qualifier: self.name(packed.qualifier),
            member: has(MEMBER),
            local: has(LOCAL),
            shorthand: has(SHORTHAND),
            label: has(LABEL),
            arguments: arguments(packed.name >> ARGUMENTS_SHIFT & 7),
            lines: &self.lines,
        }
    }

    /// Where the lines of a text begin, but for the first.
    pub(crate) fn lines_of(text: &str) -> Box<[u32]> {
        let newlines = memchr::memchr_iter(b'\n', text.as_bytes());
        newlines.map(|at| u32::try_from(at + 1).unwrap_or(u32::MAX)).collect()
    }

    /// The lines of a text that are not ASCII, or that the protocol counts otherwise: from a lone `\r` on all are.
    pub(crate) fn wide_of(text: &str) -> Box<[u32]> {
        if memchr::memchr(b'\r', text.as_bytes()).is_none() {
            return if text.is_ascii() { Box::default() } else { Self::not_ascii(text.as_bytes()) };
        }
        let mut is_odd = false;
        let is_wide = |line: &str| {
            let ending = ["\r\n", "\n"].into_iter().find_map(|ending| line.strip_suffix(ending));
            is_odd |= ending.unwrap_or(line).contains('\r');
            is_odd || !line.is_ascii()
        };
        (0_u32..).zip(text.split_inclusive('\n').map(is_wide)).filter_map(|(line, is_wide)| is_wide.then_some(line)).collect()
    }

    /// The lines that are not ASCII.
    fn not_ascii(text: &[u8]) -> Box<[u32]> {
        let ends = memchr::memchr_iter(b'\n', text).chain([text.len()]);
        let mut start = 0;
        let is_wide = |end: usize| !text[std::mem::replace(&mut start, end)..end].is_ascii();
        (0_u32..).zip(ends.map(is_wide)).filter_map(|(line, is_wide)| is_wide.then_some(line)).collect()
    }

    /// How many names are distinct, the empty one among them.
    pub(crate) fn name_count(&self) -> usize {
        self.ends.len()
    }

    /// The bytes that it takes on the heap.
    pub(crate) fn heap_bytes(&self) -> usize {
        self.names.len()
            + size_of_val(&*self.ends)
            + size_of_val(&*self.packed)
            + size_of_val(&*self.lines)
            + size_of_val(&*self.wide)
    }
}

/// Equal where the uses are, in whatever order their names are kept.
impl PartialEq for References {
    fn eq(&self, other: &Self) -> bool {
        let alike = |a: Packed, b: Packed| {
            (self.name(a.number()), self.name(a.qualifier)) == (other.name(b.number()), other.name(b.qualifier))
                && (a.flags(), a.start, a.enclosing) == (b.flags(), b.start, b.enclosing)
        };
        self.lines == other.lines
            && self.wide == other.wide
            && self.packed.len() == other.packed.len()
            && self.packed.iter().zip(&other.packed).all(|(a, b)| alike(*a, *b))
    }
}

impl Eq for References {}

/// Collects the uses of a file in source order.
pub(crate) struct Builder<'text> {
    numbers: HashMap<&'text str, u32, FxBuildHasher>,
    /// The numbers of names that do not stand in the text as they are.
    made: HashMap<Box<str>, u32, FxBuildHasher>,
    names: String,
    ends: Vec<u32>,
    packed: Vec<Packed>,
}

impl<'text> Builder<'text> {
    pub(crate) fn new() -> Self {
        let numbers = std::iter::once(("", 0)).collect();
        Self { numbers, made: HashMap::default(), names: String::new(), ends: vec![0], packed: Vec::new() }
    }

    /// The number of a name in this file.
    pub(crate) fn intern(&mut self, name: &'text str) -> u32 {
        if let Some(&number) = self.numbers.get(name) {
            return number;
        }
        let number = self.made.get(name).copied().unwrap_or_else(|| self.add_name(name));
        self.numbers.insert(name, number);
        number
    }

    /// The number of a name that does not stand in the text as it is.
    fn intern_made(&mut self, name: &str) -> u32 {
        if let Some(&number) = self.numbers.get(name).or_else(|| self.made.get(name)) {
            return number;
        }
        let number = self.add_name(name);
        self.made.insert(name.into(), number);
        number
    }

    fn add_name(&mut self, name: &str) -> u32 {
        let number = u32::try_from(self.ends.len()).unwrap_or(MAX_NAMES);
        self.names.push_str(name);
        self.ends.push(u32::try_from(self.names.len()).unwrap_or(u32::MAX));
        number
    }

    /// Adds a use. Its name and what qualifies it were given a number before.
    pub(crate) fn push(&mut self, name: u32, qualifier: u32, start: u32, enclosing: Option<u32>, usage: Use) {
        if name >= MAX_NAMES || qualifier >= MAX_NAMES {
            return;
        }
        self.packed.push(Packed {
            name: name << FLAG_BITS | flags(usage),
            qualifier,
            start,
            enclosing: enclosing.unwrap_or(NONE),
        });
    }

    /// As [`push`](Self::push), qualified by what was put together and does not stand in the text.
    pub(crate) fn push_made(&mut self, name: u32, qualifier: &str, start: u32, enclosing: Option<u32>, usage: Use) {
        let qualifier = self.intern_made(qualifier);
        self.push(name, qualifier, start, enclosing, usage);
    }

    /// What is reached through one of these modules is reached through no value.
    pub(crate) fn of_modules<'m>(&mut self, modules: impl Iterator<Item = &'m str>) {
        let numbers: Vec<u32> =
            modules.filter_map(|module| self.numbers.get(module).copied()).filter(|&number| number != 0).collect();
        if numbers.is_empty() {
            return;
        }
        for packed in self.packed.iter_mut().filter(|packed| packed.name & MEMBER != 0) {
            if numbers.contains(&packed.qualifier) {
                packed.name &= !MEMBER;
            }
        }
    }

    pub(crate) fn finish(self, text: &str) -> References {
        let (lines, wide) = (References::lines_of(text), References::wide_of(text));
        References { names: self.names.into(), ends: self.ends.into(), packed: self.packed.into(), lines, wide }
    }
}

fn flags(usage: Use) -> u32 {
    let flag = |set: bool, flag: u32| if set { flag } else { 0 };
    number(usage.kind)
        | flag(usage.member, MEMBER)
        | flag(usage.local, LOCAL)
        | flag(usage.shorthand, SHORTHAND)
        | flag(usage.label, LABEL)
        | arguments_number(usage.arguments) << ARGUMENTS_SHIFT
}

fn arguments_number(arguments: Option<Arguments>) -> u32 {
    match arguments {
        None => 0,
        Some(Arguments::None) => 1,
        Some(Arguments::Some) => 2,
        Some(Arguments::Counted(count)) => 2 + u32::from(count.clamp(1, Arguments::MANY)),
    }
}

fn arguments(number: u32) -> Option<Arguments> {
    match number {
        0 => None,
        1 => Some(Arguments::None),
        2 => Some(Arguments::Some),
        count => u8::try_from(count - 2).ok().map(Arguments::Counted),
    }
}

fn number(kind: ReferenceKind) -> u32 {
    match kind {
        ReferenceKind::Call => 0,
        ReferenceKind::Type => 1,
        ReferenceKind::Import => 2,
        ReferenceKind::Implementation => 3,
        ReferenceKind::Other => 4,
    }
}

fn kind(number: u32) -> ReferenceKind {
    match number {
        0 => ReferenceKind::Call,
        1 => ReferenceKind::Type,
        2 => ReferenceKind::Import,
        3 => ReferenceKind::Implementation,
        _ => ReferenceKind::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::References;

    #[test]
    fn wide_lines_are_those_that_are_not_ascii_and_all_behind_a_lone_return() {
        let wide = |text| References::wide_of(text).to_vec();
        assert_eq!(wide("a\nb\n"), []);
        assert_eq!(wide("é\nb\n\nü"), [0, 3]);
        assert_eq!(wide("a\n\né\n"), [2]);
        assert_eq!(wide("é\r\nb\r\nü\r\n"), [0, 2]);
        assert_eq!(wide("a\nb\rc\nd\n"), [1, 2]);
    }
}
