//! Members by what they belong to: the enclosing type, the types it inherits from, the declared type of a receiver.

use rustc_hash::FxHashSet;
use smol_str::SmolStr;
use syntax::{Certainty, Language, Reference, Symbol, SymbolKind};

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

    /// The names in the declared type of a receiver: a local variable, a parameter of the functions around the use, a field of the own
    /// type, or a field of the type of one of these.
    pub(super) fn declared_types(&self, file: FileId, reference: &Reference<'_>, receiver: &[&str]) -> Vec<SmolStr> {
        let record = self.index.record(file);
        let symbols = &record.file().symbols;
        let mut next = reference.enclosing;
        match receiver {
            [name] => {
                if let Some((_, value)) = record.file().local_value(name, reference.span.start)
                    && !super::knows_values(record.language)
                {
                    return value.map_or_else(Vec::new, |value| self.types_of_value(file, value));
                }
                while let Some(symbol) = next.and_then(|place| symbols.get(place as usize)) {
                    let words = declared(&symbol.signature, name);
                    if !words.is_empty() {
                        let own = |word: SmolStr| if word == "Self" { last(&symbol.container).into() } else { word };
                        return words.into_iter().map(own).collect();
                    }
                    next = symbol.parent;
                }
                let may_be_field = record.language != Language::Ruby && super::bare::has_implicit_this(record.language);
                if may_be_field { self.declared_types(file, reference, &["this", name]) } else { Vec::new() }
            }
            ["self" | "this", field] => {
                let path = self.around(file, reference);
                let is_field = |symbol: &&Symbol| {
                    symbol.name == *field
                        && symbol.kind != SymbolKind::Method
                        && super::bare::is_around(&symbol.container, &path)
                        && !symbol.container.is_empty()
                };
                let words = |symbol: &Symbol| type_names(&symbol.signature, field);
                symbols.iter().find(is_field).map_or_else(Vec::new, words)
            }
            [inner @ .., field] if receiver.len() <= DEPTH && !super::knows_values(record.language) => {
                let types = self.declared_types(file, reference, inner);
                if types.is_empty() { types } else { self.types_of_field(&types, field, family(record.language)) }
            }
            _ => Vec::new(),
        }
    }

    /// The names in the declared type of a field of one of these types. Many uses reach a name through the same field, and many
    /// types have a field of that name.
    fn types_of_field(&self, types: &[SmolStr], field: &str, of: u8) -> Vec<SmolStr> {
        let asked = (types.to_vec(), SmolStr::from(field), of);
        if let Some(known) = self.field_types.borrow().get(&asked) {
            return known.clone();
        }
        let fields = self.index.definitions(field).into_iter().filter_map(|(file, symbol)| {
            let record = self.index.record(file);
            let symbol = &record.file().symbols[symbol as usize];
            let is_read = matches!(symbol.kind, SymbolKind::Field | SymbolKind::Property);
            let is_theirs = || types.iter().any(|name| name == last(&symbol.container));
            (is_read && family(record.language) == of && is_theirs()).then(|| type_names(&symbol.signature, field))
        });
        let found = the_same(fields);
        self.field_types.borrow_mut().insert(asked, found.clone());
        found
    }

    /// The names in the type of what a local variable is bound to, in the form that `syntax` gives it.
    fn types_of_value(&self, file: FileId, value: &str) -> Vec<SmolStr> {
        if let Some(written) = value.strip_prefix('<').and_then(|value| value.strip_suffix('>')) {
            return type_names(written, "");
        }
        let Some((path, rest)) = value.split_once("()") else { return Vec::new() };
        let (from, name) = path.rsplit_once("::").or_else(|| path.rsplit_once('.')).unwrap_or(("", path));
        let from = last(from);
        let record = self.index.record(file);
        let of = family(record.language);
        let functions = self.index.definitions(name).into_iter().filter(|&(other, symbol)| {
            let record = self.index.record(other);
            let kind = record.file().symbols[symbol as usize].kind;
            family(record.language) == of && matches!(kind, SymbolKind::Function | SymbolKind::Method)
        });
        let functions: Vec<Place> = functions.collect();
        let symbol = |(file, symbol): Place| &self.index.record(file).file().symbols[symbol as usize];
        let folder = |file: FileId| crate::paths::folder(&self.index.record(file).path);
        let near = |&place: &Place| match (record.language, from) {
            (Language::Rust, "") => place.0 == file,
            (Language::Rust, _) => last(&symbol(place).container) == from,
            // A package of Go is called like its folder; without one it is the package's own function.
            (_, "") => folder(place.0) == folder(file),
            _ => folder(place.0).rsplit('/').next() == Some(from),
        };
        let chosen: Vec<Place> = functions.iter().copied().filter(near).collect();
        let is_of_type = record.language == Language::Rust && from.starts_with(char::is_uppercase);
        let chosen = if chosen.is_empty() && !is_of_type { functions } else { chosen };
        the_same(chosen.into_iter().map(|place| {
            let symbol = symbol(place);
            let Some(written) = result(&symbol.signature, &symbol.name, rest.parse().unwrap_or(0)) else { return Vec::new() };
            let names = type_names(if rest == "?" { inside(written) } else { written }, "");
            let own = |word: SmolStr| if word == "Self" { last(&symbol.container).into() } else { word };
            names.into_iter().map(own).collect()
        }))
    }
}

/// What all of these agree on; nothing where two differ.
fn the_same(mut all: impl Iterator<Item = Vec<SmolStr>>) -> Vec<SmolStr> {
    let Some(first) = all.next() else { return Vec::new() };
    if all.all(|other| other == first) { first } else { Vec::new() }
}

/// The type of a function's result by its place among several, where the results stand behind the parameters.
fn result<'s>(signature: &'s str, name: &str, place: usize) -> Option<&'s str> {
    let behind = signature.match_indices(name).find_map(|(start, _)| {
        let rest = &signature[start + name.len()..];
        (!signature[..start].ends_with(is_word) && rest.starts_with(['(', '[', '<'])).then_some(rest)
    })?;
    let behind = &behind[behind.find('(')?..];
    let results = behind[in_parentheses(behind)?.len() + 2..].trim();
    let results = results.strip_prefix("->").map_or(results, |written| written.split(" where ").next().unwrap_or(written).trim());
    match in_parentheses(results) {
        Some(several) => several.split(',').nth(place).map(str::trim),
        None => (place == 0 && !results.is_empty()).then_some(results),
    }
}

/// What a result or an option holds.
fn inside(written: &str) -> &str {
    let (_, inside) = written.split_once('<').unwrap_or(("", written));
    let mut depth = 0_u32;
    let end = inside.find(|character| {
        match character {
            '<' | '(' | '[' => depth += 1,
            '>' | ',' if depth == 0 => return true,
            '>' | ')' | ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        false
    });
    &inside[..end.unwrap_or(inside.len())]
}

/// What stands between the parentheses that a text begins with.
fn in_parentheses(text: &str) -> Option<&str> {
    let mut depth = 0_u32;
    let end = text.strip_prefix('(')?.find(|character| {
        match character {
            '(' => depth += 1,
            ')' if depth == 0 => return true,
            ')' => depth -= 1,
            _ => {}
        }
        false
    })?;
    text.get(1..=end)
}

impl Index {
    /// The names of what the types of that name inherit from or implement.
    pub(crate) fn supertypes(&self, name: &str, of: u8) -> Vec<SmolStr> {
        let places = self.definitions(name).into_iter().filter(|place| family(self.record(place.0).language) == of);
        let types = places.filter(|&(file, symbol)| super::is_type(self.record(file).file().symbols[symbol as usize].kind));
        types.take(8).flat_map(|place| self.supers_of(place)).collect()
    }

    fn supers_of(&self, (file, symbol): Place) -> Vec<SmolStr> {
        self.record(file).file().inherited(symbol).map(|reference| reference.name.into()).collect()
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

#[cfg(test)]
mod tests {
    use super::{inside, result};

    #[test]
    fn results_stand_behind_the_parameters() {
        assert_eq!(result("func Open(name string) *Store", "Open", 0), Some("*Store"));
        assert_eq!(result("func Open(done func(int) bool) (store *Store, err error)", "Open", 0), Some("store *Store"));
        assert_eq!(result("func Open(name string) (*Store, error)", "Open", 1), Some("error"));
        assert_eq!(result("func (s *Shop) Open()", "Open", 0), None);
        assert_eq!(result("func Open[T any](from T) Store", "Open", 0), Some("Store"));
        assert_eq!(
            result("pub fn open(f: impl Fn(u8) -> u8) -> Result<Self, Error> where T: X", "open", 0),
            Some("Result<Self, Error>")
        );
        assert_eq!(inside("io::Result<Vec<Store>>"), "Vec<Store>");
        assert_eq!(inside("Result<Self, Error>"), "Self");
    }
}
