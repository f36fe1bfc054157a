//! What the text says of values: what a local name is bound to, what a member is reached through, what an object is made for.
//!
//! Each is an *expression*, a short text in one form for all languages, which whoever knows the workspace can follow:
//!
//! | Written | Means |
//! |---|---|
//! | `a`, `this`, `self`, `super` | the value of that name |
//! | `<T>` | a value of the type `T` |
//! | `new A()` | a value of the class `A` |
//! | `E.m` | the member `m` of `E` |
//! | `E()` | what a call of `E` returns |
//! | `E()1` | the second value of what a call of `E` returns; the first is 0 |
//! | `E()?` | what is in the result of a call of `E` |
//! | `E[]` | an element of `E` |
//! | `E(2` | the third parameter of `E` |
//! | `E@` | what a `with` over `E` binds |
//! | `E{m:w}` | `E`, of whose type those parts whose member `m` is the word `w` |
//!
//! Arguments, white space and what else does not matter are left out.

mod kinds;
mod narrow;
mod read;
mod say;
mod written;

use std::hash::BuildHasher;

use hashbrown::HashTable;
use rustc_hash::{FxBuildHasher, FxHashMap};
use text::Span;

use crate::{Arguments, given};
pub(crate) use kinds::Vocabulary;
use read::Reading;
pub(crate) use written::Style;

/// A name that is bound, and to what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Binding {
    /// From where on it holds; for a symbol where its name begins.
    pub(crate) start: u32,
    /// Where its scope ends; 0 for what a symbol is.
    pub(crate) end: u32,
    pub(crate) name: u32,
    /// The expression; 0 where the text does not say.
    pub(crate) value: u32,
}

/// What a file says of its values, in source order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Values {
    /// The distinct texts one after the other; number 0 is the empty one.
    pub(crate) texts: Box<str>,
    /// Where each ends in `texts`.
    pub(crate) ends: Box<[u32]>,
    pub(crate) bindings: Box<[Binding]>,
    /// The uses that are reached through more than a plain path: where each begins, and the expression in front of it. For a call whose
    /// arguments count: where its name ends, and what it is given, with `|` between.
    pub(crate) receivers: Box<[(u32, u32)]>,
}

impl Values {
    pub(crate) fn text(&self, number: u32) -> &str {
        text_of(&self.texts, &self.ends, number)
    }

    /// What the use that begins at a byte is reached through.
    pub(crate) fn receiver(&self, start: u32) -> Option<&str> {
        let found = self.receivers.binary_search_by_key(&start, |receiver| receiver.0).ok()?;
        Some(self.text(self.receivers[found].1))
    }

    /// The innermost binding of a name at a byte.
    pub(crate) fn binding(&self, name: &str, at: u32) -> Option<Binding> {
        let before = self.bindings.partition_point(|binding| binding.start <= at);
        let holds = |binding: &&Binding| binding.end > at && self.text(binding.name) == name;
        self.bindings[..before].iter().rev().find(holds).copied()
    }

    /// What the symbol is whose name begins at a byte.
    pub(crate) fn of_symbol(&self, start: u32) -> Option<&str> {
        let from = self.bindings.partition_point(|binding| binding.start < start);
        let here = self.bindings[from..].iter().take_while(|binding| binding.start == start);
        let value = here.into_iter().find(|binding| binding.end == 0)?.value;
        (value != 0).then(|| self.text(value))
    }

    /// The first signature between two bytes by which something is called that is no function.
    pub(crate) fn call_in(&self, start: u32, end: u32) -> Option<&str> {
        let from = self.bindings.partition_point(|binding| binding.start < start);
        let mut inside = self.bindings[from..].iter().take_while(|binding| binding.start < end);
        inside.find(|binding| self.text(binding.name) == "()").map(|binding| self.text(binding.value))
    }

    /// The bytes that it takes on the heap.
    pub(crate) fn heap_bytes(&self) -> usize {
        self.texts.len() + size_of_val(&*self.ends) + size_of_val(&*self.bindings) + size_of_val(&*self.receivers)
    }
}

fn text_of<'t>(texts: &'t str, ends: &[u32], number: u32) -> &'t str {
    let number = number as usize;
    let start = number.checked_sub(1).and_then(|before| ends.get(before)).copied().unwrap_or(0);
    let end = ends.get(number).copied().unwrap_or(0);
    texts.get(start as usize..end as usize).unwrap_or_default()
}

/// Equal where the texts are, in whatever order they are kept.
impl PartialEq for Values {
    fn eq(&self, other: &Self) -> bool {
        let binding = |(a, b): (&Binding, &Binding)| {
            (a.start, a.end, self.text(a.name), self.text(a.value)) == (b.start, b.end, other.text(b.name), other.text(b.value))
        };
        let receiver = |(a, b): (&(u32, u32), &(u32, u32))| (a.0, self.text(a.1)) == (b.0, other.text(b.1));
        self.bindings.len() == other.bindings.len()
            && self.receivers.len() == other.receivers.len()
            && self.bindings.iter().zip(&other.bindings).all(binding)
            && self.receivers.iter().zip(&other.receivers).all(receiver)
    }
}

impl Eq for Values {}

/// Collects what a file says of its values.
pub(crate) struct Builder {
    /// The numbers of the texts, by their hashes.
    numbers: HashTable<u32>,
    texts: String,
    ends: Vec<u32>,
    bindings: Vec<Binding>,
    receivers: Vec<(u32, u32)>,
    /// What objects are wanted as, by their places.
    wanted: FxHashMap<u32, u32>,
    /// The bindings of the open scopes, and how many there were when each opened.
    open: Vec<u32>,
    scopes: Vec<usize>,
    /// Where an expression is written before it has a number.
    note: String,
}

impl Builder {
    pub(crate) fn new() -> Self {
        Self {
            numbers: HashTable::new(),
            texts: String::new(),
            ends: vec![0],
            bindings: Vec::new(),
            receivers: Vec::new(),
            wanted: FxHashMap::default(),
            open: Vec::new(),
            scopes: Vec::new(),
            note: String::new(),
        }
    }

    /// The same, with what is known already.
    pub(crate) fn after(values: &Values) -> Self {
        let mut this = Self::new();
        if !values.ends.is_empty() {
            (this.texts, this.ends) = (values.texts.to_string(), values.ends.to_vec());
            for number in 1..u32::try_from(values.ends.len()).unwrap_or(0) {
                let hash = FxBuildHasher.hash_one(values.text(number));
                this.numbers.insert_unique(hash, number, |&other| FxBuildHasher.hash_one(values.text(other)));
            }
        }
        this
    }

    /// The number of a text.
    pub(crate) fn number(&mut self, text: &str) -> u32 {
        if text.is_empty() {
            return 0;
        }
        let Self { numbers, texts, ends, .. } = self;
        let of = |number: u32| text_of(texts, ends, number);
        let hash = FxBuildHasher.hash_one(text);
        if let Some(&number) = numbers.find(hash, |&number| of(number) == text) {
            return number;
        }
        let number = u32::try_from(ends.len()).unwrap_or(0);
        numbers.insert_unique(hash, number, |&number| FxBuildHasher.hash_one(of(number)));
        texts.push_str(text);
        ends.push(u32::try_from(texts.len()).unwrap_or(u32::MAX));
        number
    }

    /// The number of what is written; 0 where it says that there is nothing.
    fn noted(&mut self, write: impl FnOnce(&mut String) -> Option<()>) -> u32 {
        let mut note = std::mem::take(&mut self.note);
        note.clear();
        let number = write(&mut note).map_or(0, |()| self.number(&note));
        self.note = note;
        number
    }

    /// What an object is wanted as; it is read once for all of its fields.
    fn wanted(&mut self, reading: Reading<'_, '_>, object: u32) -> u32 {
        if let Some(&known) = self.wanted.get(&object) {
            return known;
        }
        let found = self.noted(|out| reading.wanted(object, read::MAX_STEPS, out));
        self.wanted.insert(object, found);
        found
    }

    pub(crate) fn open(&mut self) {
        self.scopes.push(self.open.len());
    }

    /// Closes the innermost scope at a byte.
    pub(crate) fn close(&mut self, end: u32) {
        let kept = self.scopes.pop().unwrap_or_default();
        for binding in self.open.drain(kept..) {
            if let Some(binding) = self.bindings.get_mut(binding as usize) {
                binding.end = end;
            }
        }
    }

    /// Binds a name in the innermost scope to an expression, by its number.
    fn bind(&mut self, name: &str, start: u32, value: u32) {
        if self.scopes.is_empty() {
            return;
        }
        self.open.push(u32::try_from(self.bindings.len()).unwrap_or(u32::MAX));
        self.say(name, start, value);
    }

    /// Says what a name is known to be in a part of its scope.
    fn narrow(&mut self, name: &str, part: Span, value: &str) {
        let (name, value) = (self.number(name), self.number(value));
        self.bindings.push(Binding { start: part.start, end: part.end, name, value });
    }

    /// Says what a symbol is.
    fn say(&mut self, name: &str, start: u32, value: u32) {
        let name = self.number(name);
        self.bindings.push(Binding { start, end: 0, name, value });
    }

    /// Says what the call of a name that ends at a byte is given, where any argument tells what it is. `read` tells all of them, or
    /// does not count them.
    pub(crate) fn given(
        &mut self,
        name_end: u32,
        read: impl FnOnce(&mut dyn FnMut(&str)) -> Option<Arguments>,
    ) -> Option<Arguments> {
        let mut note = std::mem::take(&mut self.note);
        note.clear();
        let (mut is_told, mut is_first) = (false, true);
        let read = read(&mut |argument| {
            if !std::mem::take(&mut is_first) {
                note.push('|');
            }
            let before = note.len();
            given::write_expression(argument, &mut note);
            is_told |= note.len() > before;
        });
        if is_told && matches!(read, Some(Arguments::Counted(_))) {
            let value = self.number(&note);
            self.receive(name_end, value);
        }
        self.note = note;
        read
    }

    fn receive(&mut self, start: u32, value: u32) {
        self.receivers.push((start, value));
    }

    /// Takes in bindings and receivers as they are.
    pub(crate) fn extend(&mut self, bindings: impl Iterator<Item = Binding>, receivers: impl Iterator<Item = (u32, u32)>) {
        self.bindings.extend(bindings);
        self.receivers.extend(receivers);
    }

    pub(crate) fn finish(mut self) -> Values {
        if self.bindings.is_empty() && self.receivers.is_empty() {
            return Values::default();
        }
        // What is bound by the last words of its scope holds nowhere.
        self.bindings.retain(|binding| binding.end == 0 || binding.start < binding.end);
        self.bindings.sort_by_key(|binding| (binding.start, binding.end));
        self.receivers.sort_unstable();
        self.receivers.dedup_by_key(|receiver| receiver.0);
        Values {
            texts: self.texts.into(),
            ends: self.ends.into(),
            bindings: self.bindings.into(),
            receivers: self.receivers.into(),
        }
    }
}
