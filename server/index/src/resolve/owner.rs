//! Members by what they belong to: the enclosing type, the types it inherits from, the declared type of a receiver.

use rustc_hash::FxHashSet;
use smol_str::SmolStr;
use syntax::{Certainty, Reference, ReferenceKind, Symbol};

use super::{Candidate, Found, Resolver};
use crate::Index;
use crate::base::{FileId, Place};
use crate::family::family;
use crate::imports::last;

/// How many steps of inheritance are followed.
const DEPTH: usize = 6;

impl Resolver<'_> {
    /// A member of the type that the use stands in: its own, else one that it inherits.
    pub(super) fn own_member(&self, file: FileId, reference: &Reference<'_>) -> Found {
        let language = self.index.record(file).language;
        let path = self.around(file, reference);
        let mut owner = path.as_str();
        while !owner.is_empty() {
            let own: Vec<&Candidate<'_>> =
                self.of_file(file).iter().filter(|own| own.symbol.container == owner && self.can_mean(own)).collect();
            if !own.is_empty() {
                return self.graded(own.iter().map(|candidate| candidate.place).collect(), language, Certainty::Exact);
            }
            let found = self.member_of(&[last(owner).into()], file);
            if !found.is_empty() {
                return found;
            }
            owner = owner.rsplit_once("::").map_or("", |(outer, _)| outer);
        }
        Vec::new()
    }

    /// A member of one of these types, else of what they inherit from, step by step.
    pub(super) fn member_of(&self, types: &[SmolStr], file: FileId) -> Found {
        let language = self.index.record(file).language;
        let mut seen: FxHashSet<SmolStr> = FxHashSet::default();
        let mut layer: Vec<SmolStr> = types.to_vec();
        for _ in 0..DEPTH {
            layer.retain(|name| seen.insert(name.clone()));
            if layer.is_empty() {
                break;
            }
            let members: Vec<&Candidate<'_>> = layer
                .iter()
                .flat_map(|name| self.owned_by(name))
                .filter(|candidate| family(candidate.language) == family(language))
                .collect();
            let here: Vec<&Candidate<'_>> = members.iter().copied().filter(|candidate| candidate.place.0 == file).collect();
            let chosen = if here.is_empty() { members } else { here };
            if !chosen.is_empty() {
                return self.unless_ambiguous(&chosen, language, Certainty::Exact);
            }
            layer = layer.iter().flat_map(|name| self.index.supertypes(name, family(language))).collect();
        }
        Vec::new()
    }

    /// The names in the declared type of a receiver: a parameter of the functions around the use, or a field of the own type.
    pub(super) fn declared_types(&self, file: FileId, reference: &Reference<'_>, receiver: &[&str]) -> Vec<SmolStr> {
        let symbols = &self.index.record(file).file().symbols;
        let mut next = reference.enclosing;
        match receiver {
            [name] => {
                while let Some(symbol) = next.and_then(|place| symbols.get(place as usize)) {
                    let words = declared(&symbol.signature, name);
                    if !words.is_empty() {
                        let own = |word: SmolStr| if word == "Self" { last(&symbol.container).into() } else { word };
                        return words.into_iter().map(own).collect();
                    }
                    next = symbol.parent;
                }
                Vec::new()
            }
            ["self" | "this", field] => {
                let path = self.around(file, reference);
                let is_field = |symbol: &&Symbol| {
                    symbol.name == *field
                        && symbol.kind != syntax::SymbolKind::Method
                        && super::bare::is_around(&symbol.container, &path)
                        && !symbol.container.is_empty()
                };
                let words = |symbol: &Symbol| type_names(&symbol.signature, field);
                symbols.iter().find(is_field).map_or_else(Vec::new, words)
            }
            _ => Vec::new(),
        }
    }
}

impl Index {
    /// The names of what the types of that name inherit from or implement.
    fn supertypes(&self, name: &str, of: u8) -> Vec<SmolStr> {
        let places = self.definitions(name).into_iter().filter(|place| family(self.record(place.0).language) == of);
        let types = places.filter(|&(file, symbol)| super::is_type(self.record(file).file().symbols[symbol as usize].kind));
        types.take(8).flat_map(|place| self.supers_of(place)).collect()
    }

    fn supers_of(&self, (file, symbol): Place) -> Vec<SmolStr> {
        let record = self.record(file);
        let span = record.file().symbols[symbol as usize].span;
        let inside = record.file().references_in(span).filter_map(|place| record.file().reference(place));
        let supers =
            inside.filter(|reference| reference.kind == ReferenceKind::Implementation && reference.enclosing == Some(symbol));
        supers.map(|reference| reference.name.into()).collect()
    }
}

/// The names in the type that a signature declares for `name`.
fn declared(signature: &str, name: &str) -> Vec<SmolStr> {
    let Some((_, parameters)) = signature.split_once('(') else { return Vec::new() };
    let declares = |piece: &&str| words(piece).any(|word| word == name);
    let piece = parameters.split([',', '(', ')', '=']).find(declares);
    piece.map_or_else(Vec::new, |piece| type_names(piece, name))
}

/// The names in a declaration of `name` that a value of its type may be called by: not those of what a list or a map holds.
fn type_names(declaration: &str, name: &str) -> Vec<SmolStr> {
    let mut names = Vec::new();
    // The depth below which what is written does not count.
    let (mut depth, mut shut) = (0_u32, u32::MAX);
    let mut before = "";
    let mut rest = declaration;
    while let Some(first) = rest.chars().next() {
        let end = rest.find(|character: char| !is_word(character)).unwrap_or(rest.len());
        if end > 0 {
            before = &rest[..end];
            if depth < shut && before != name {
                names.push(before.into());
            }
            rest = &rest[end..];
            continue;
        }
        match first {
            '[' if before.is_empty() || before == name || rest[1..].trim_start().starts_with(']') => return Vec::new(),
            '<' | '[' => {
                if depth < shut && !is_transparent(before) {
                    shut = depth + 1;
                }
                depth += 1;
            }
            '>' | ']' => {
                depth = depth.saturating_sub(1);
                if depth < shut {
                    shut = u32::MAX;
                }
            }
            _ => {}
        }
        rest = &rest[first.len_utf8()..];
    }
    names
}

/// Whether a value of the type behaves like what it holds.
fn is_transparent(type_name: &str) -> bool {
    let held = [
        "Arc",
        "Box",
        "Cow",
        "MutexGuard",
        "Pin",
        "Rc",
        "Ref",
        "RefMut",
        "RwLockReadGuard",
        "RwLockWriteGuard",
        "Annotated",
        "ClassVar",
        "Final",
        "Optional",
        "Union",
        "Partial",
        "Readonly",
        "Required",
        "shared_ptr",
        "unique_ptr",
        "weak_ptr",
    ];
    held.contains(&type_name)
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|character: char| !is_word(character)).filter(|word| !word.is_empty())
}

fn is_word(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}
