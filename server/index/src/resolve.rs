//! What a name means where it stands.
//!
//! There is no type checker here. What can be told is told from four things, and each answer says from which:
//!
//! - **Exact**: scope or container leave no other. A definition in the same file whose scope is around the use; in Go and Java, one of
//!   the same package; a member of the enclosing type behind `self`, `this` or `Self`, or of a type that it inherits from; a member
//!   of the only container of that name in the workspace behind `Container::` or behind a receiver whose declared type names it (a
//!   parameter, a field, in Rust, Go, Java and C# a local variable, there also by the literal or the function that makes it); in
//!   TypeScript, JavaScript and Python a member of the type that the text tells of what stands before it, or a key of an object that
//!   is wanted as that type (`types`); the end of a written path (`crate::store::open`); a macro that is defined only once in the whole workspace; and a member that is
//!   defined only once, if its name has more than three letters, is none that the language's standard library gives to a member, and
//!   if the call has arguments where it takes some and none where it takes none.
//! - **Imported**: an import of the file leads there, by name, by glob, by include, or by the module it is qualified with;
//!   re-exports are followed.
//! - **Same name**: the name is all that agrees, or one of a union's types has the member.
//!
//! Left out altogether: local variables, names that an import takes from outside of the workspace, bare names that every file of
//! the language has from birth, members where no member can be meant (or the other way round), and what the way of writing rules
//! out: behind a `.`, Rust calls only functions that take `self` and reads only fields; Java calls methods and reads fields; C and
//! C++ reach fields and member functions; the label of a value (`Foo { bar: 1 }`) is a field.
//!
//! Several definitions with one path in one file, and a declaration in a C or C++ header with its definition, are one thing.

mod access;
mod bare;
mod known;
mod listed;
mod owner;
mod qualified;
mod typed;
mod types;

use std::cell::RefCell;
use std::rc::Rc;

use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::SmolStr;
use syntax::{Certainty, Language, Reference, ReferenceKind, Symbol, SymbolKind};

use crate::base::{FileId, Place};
use crate::family::family;
use crate::imports::{self, last};
use crate::{FileRecord, Index};
use access::Access;
pub(crate) use access::suits;
pub use known::is_common_member;
pub(crate) use listed::Keep;
use types::Types;
pub(crate) use types::{are_told as knows_values, is_set};

/// One definition of the name.
pub(crate) struct Candidate<'a> {
    pub(crate) place: Place,
    pub(crate) symbol: &'a Symbol,
    pub(crate) language: Language,
    /// What it stands in; for a constructor what its class stands in.
    pub(crate) scope: &'a str,
    /// Definitions of one thing have one number.
    group: u32,
    /// Whether it is a function of Rust that is called on a value.
    takes_self: bool,
    /// Whether it is a field that is called like a method.
    by_name: bool,
}

impl Candidate<'_> {
    /// Whether it is reached through a value or a type only.
    fn is_member(&self) -> bool {
        match self.symbol.kind {
            // Both are functions of their module.
            SymbolKind::Method | SymbolKind::Field if self.language == Language::Haskell => false,
            SymbolKind::Method | SymbolKind::Field | SymbolKind::Property => true,
            SymbolKind::EnumMember => !matches!(
                self.language,
                Language::C
                    | Language::Cpp
                    | Language::Java
                    | Language::Haskell
                    | Language::Julia
                    | Language::OCaml
                    | Language::OCamlInterface
            ),
            _ => false,
        }
    }
}

/// What a file imports under the name.
#[derive(Default)]
struct Reach {
    /// Whether an import binds the name.
    bound: bool,
    /// Whether that import leads out of the workspace.
    foreign: bool,
    /// The definitions that an import of the name leads to.
    named: Vec<Place>,
    /// The definitions that come with a glob or an include.
    glob: Vec<Place>,
}

/// Answers, one after another, for uses of one name.
pub(crate) struct Resolver<'a> {
    index: &'a Index,
    name: SmolStr,
    candidates: Vec<Candidate<'a>>,
    /// The families of languages that they are written in.
    families: FxHashSet<u8>,
    /// The candidates by the last part of their container.
    owners: FxHashMap<&'a str, Vec<u32>>,
    keep: Keep,
    reach: FxHashMap<FileId, Rc<Reach>>,
    same_name: FxHashMap<(u8, bool, bool, Access), Rc<[Place]>>,
    /// The only member of the name, where there is one only and the name tells enough.
    members: FxHashMap<(Language, Access), Option<Only>>,
    /// What the places stand for that stand for lists.
    lists: Vec<Rc<[Place]>>,
    /// The types of fields that were asked for.
    field_types: RefCell<FxHashMap<FieldOf, Vec<SmolStr>>>,
    /// How the name is used in the question that is being answered.
    access: Access,
    /// What values are.
    types: Types<'a>,
}

/// The only definition that a use can mean.
type Only = Rc<[(Place, Certainty)]>;

/// A field by the names of the types that may have it, its own, and the family of its language.
type FieldOf = (Vec<SmolStr>, SmolStr, u8);

/// Places, each with how sure it is.
pub(crate) type Found = Vec<(Place, Certainty)>;

impl<'a> Resolver<'a> {
    pub(crate) fn new(index: &'a Index, name: &str) -> Self {
        let mut groups = FxHashMap::default();
        let places = index.definitions(name);
        let symbol = |place: Place| &index.record(place.0).file().symbols[place.1 as usize];
        let in_header = places.iter().any(|place| is_header(&index.record(place.0).path));
        let candidate = |place: Place| {
            let (record, symbol) = (index.record(place.0), symbol(place));
            let scope = if spills(record, symbol) { around(&symbol.container) } else { scope(symbol) };
            let across = in_header && family(record.language) == 0 && !is_file_local(record, symbol);
            let key =
                ((!across).then_some(place.0), family(record.language), scope, nature(record.language, symbol.kind, across));
            let fresh = crate::base::narrow(groups.len());
            let group = *groups.entry(key).or_insert(fresh);
            let takes_self = record.language == Language::Rust && access::takes_self(symbol);
            let by_name = record.language == Language::Java && is_component(record, symbol);
            Candidate { place, symbol, language: record.language, scope, group, takes_self, by_name }
        };
        let mut candidates: Vec<Candidate<'a>> = places.into_iter().map(candidate).collect();
        candidates.sort_unstable_by_key(|candidate| candidate.place);
        let mut owners: FxHashMap<&'a str, Vec<u32>> = FxHashMap::default();
        for (position, candidate) in (0_u32..).zip(&candidates) {
            owners.entry(last(&candidate.symbol.container)).or_default().push(position);
        }
        let families = candidates.iter().map(|candidate| family(candidate.language)).collect();
        let (reach, same_name) = (FxHashMap::default(), FxHashMap::default());
        Self {
            index,
            name: name.into(),
            candidates,
            families,
            owners,
            keep: Keep::All,
            reach,
            same_name,
            members: FxHashMap::default(),
            lists: Vec::new(),
            field_types: RefCell::default(),
            access: Access::default(),
            types: Types::new(index),
        }
    }

    pub(crate) fn keeping(mut self, keep: Keep) -> Self {
        self.keep = keep;
        self
    }

    /// Whether a language can name any of the definitions.
    pub(crate) fn speaks(&self, language: Language) -> bool {
        self.families.contains(&family(language))
    }

    /// All definitions of the thing that one of them defines.
    pub(crate) fn family(&self, place: Place) -> FxHashSet<Place> {
        let group = self.candidates.iter().find(|candidate| candidate.place == place).map(|candidate| candidate.group);
        self.candidates.iter().filter(|candidate| Some(candidate.group) == group).map(|candidate| candidate.place).collect()
    }

    /// All definitions in the order of their places, each with the number of the thing that it defines.
    pub(crate) fn things(&self) -> Box<[(Place, u32)]> {
        self.candidates.iter().map(|candidate| (candidate.place, candidate.group)).collect()
    }

    /// What a use of the name in a file may mean.
    pub(crate) fn resolve(&mut self, file: FileId, reference: &Reference<'_>) -> Found {
        let language = self.index.record(file).language;
        // A name that is defined nowhere may still be another name, given by a re-export, of something that is.
        let spoken = self.candidates.is_empty() || self.speaks(language);
        if (reference.local && !reference.shorthand) || !spoken {
            return Vec::new();
        }
        self.access = Access::new(reference);
        let mut found = if reference.kind == ReferenceKind::Import {
            self.import(file, reference)
        } else if reference.shorthand {
            self.shorthand(file, reference)
        } else if reference.member || !reference.qualifier.is_empty() {
            self.qualified(file, reference)
        } else {
            self.bare(file, reference)
        };
        if !reference.shorthand {
            found.retain(|&(place, _)| self.candidate(place).is_none_or(|candidate| self.can_mean(candidate)));
        }
        if let Keep::Only(wanted) = &self.keep {
            found.retain(|(place, _)| wanted.contains(place));
        }
        found
    }

    /// A name that means a field and, where no local variable has it, something else besides.
    fn shorthand(&mut self, file: FileId, reference: &Reference<'_>) -> Found {
        let language = self.index.record(file).language;
        let mut found = match self.by_type(file, reference) {
            Some(found) => found,
            None if reference.qualifier.is_empty() => self.same_name(language, true),
            None => self.qualified(file, reference),
        };
        if !reference.local {
            self.access = Access::default();
            found.extend(self.bare(file, reference));
        }
        found
    }

    fn candidate(&self, place: Place) -> Option<&Candidate<'a>> {
        let position = self.candidates.binary_search_by_key(&place, |candidate| candidate.place).ok()?;
        self.candidates.get(position)
    }

    /// Whether the use in question can mean this, by the way it is written.
    fn can_mean(&self, candidate: &Candidate<'_>) -> bool {
        self.access.allows(candidate.language, candidate.symbol, candidate.takes_self, candidate.by_name)
    }

    /// A name in an import statement.
    fn import(&mut self, file: FileId, reference: &Reference<'_>) -> Found {
        let index = self.index;
        let record = index.record(file);
        let leads = index.leads(file);
        let around = record.file().imports.iter().zip(&*leads).filter(|(import, _)| import.span.contains(reference.span));
        let (mut places, mut unclear) = (Vec::new(), false);
        let mut around = around.peekable();
        if around.peek().is_none() && matches!(record.language, Language::JavaScript | Language::TypeScript | Language::Tsx) {
            // `export { name }` brings nothing in.
            return self.bare(file, reference);
        }
        for (import, lead) in around {
            if import.name == reference.name || (import.alias == reference.name && imports::target(import) == reference.name) {
                places.extend(index.exported(lead.files(), last(&import.from), &self.name));
                unclear |= !lead.foreign;
            }
        }
        let found = self.graded(places, record.language, Certainty::Imported);
        if found.is_empty() && unclear { self.same_name(record.language, false) } else { found }
    }

    /// What the imports of a file do with the name.
    fn reach(&mut self, file: FileId) -> Rc<Reach> {
        if let Some(known) = self.reach.get(&file) {
            return Rc::clone(known);
        }
        let index = self.index;
        let record = index.record(file);
        let mut reach = Reach::default();
        let leads = index.leads(file);
        let textual = family(record.language) == 0;
        for (import, lead) in record.file().imports.iter().zip(&*leads) {
            if textual {
                reach.glob.extend(self.within(&lead.from));
            } else if import.name == "*" && matches!(import.alias.as_str(), "" | "*") {
                reach.glob.extend(index.exported(lead.files(), last(&import.from), &self.name));
            } else if import.alias == self.name {
                reach.bound = true;
                reach.foreign |= lead.foreign;
                reach.named.extend(index.exported(lead.files(), last(&import.from), imports::target(import)));
            }
        }
        if textual {
            // Most headers bring in much of what others bring in too.
            reach.glob.sort_unstable();
            reach.glob.dedup();
        }
        let reach = Rc::new(reach);
        self.reach.insert(file, Rc::clone(&reach));
        reach
    }

    /// The definitions that stand in these files, which are in order.
    fn within(&self, files: &[FileId]) -> Vec<Place> {
        if files.len() < self.candidates.len() {
            return files.iter().flat_map(|&file| self.of_file(file)).map(|candidate| candidate.place).collect();
        }
        let stands = |candidate: &&Candidate<'_>| files.binary_search(&candidate.place.0).is_ok();
        self.candidates.iter().filter(stands).map(|candidate| candidate.place).collect()
    }

    /// The definitions that stand in something of that name and can be meant.
    fn owned_by(&self, owner: &str) -> impl Iterator<Item = &Candidate<'a>> {
        let owned = self.owners.get(owner).into_iter().flatten();
        owned.filter_map(|&position| self.candidates.get(position as usize)).filter(|candidate| self.can_mean(candidate))
    }

    /// The definitions of one file.
    fn of_file(&self, file: FileId) -> &[Candidate<'a>] {
        let start = self.candidates.partition_point(|candidate| candidate.place.0 < file);
        let count = self.candidates[start..].iter().take_while(|candidate| candidate.place.0 == file).count();
        &self.candidates[start..start + count]
    }

    /// These places and all definitions of the same things, with one certainty.
    fn graded(&self, places: Vec<Place>, language: Language, certainty: Certainty) -> Found {
        let mut groups: Vec<u32> = Vec::new();
        let mut others: Found = Vec::new();
        for place in places {
            match self.candidates.binary_search_by_key(&place, |candidate| candidate.place) {
                Ok(position) => groups.push(self.candidates[position].group),
                // An alias: what it stands for has another name.
                Err(_) => others.push((place, certainty)),
            }
        }
        if groups.is_empty() {
            return others;
        }
        groups.sort_unstable();
        groups.dedup();
        let speaks = |candidate: &&Candidate<'_>| family(candidate.language) == family(language);
        let same = self.candidates.iter().filter(speaks).filter(|candidate| groups.binary_search(&candidate.group).is_ok());
        others.extend(same.map(|candidate| (candidate.place, certainty)));
        others
    }

    /// Candidates as an answer: sure where they are one thing, by name only where they are several.
    fn unless_ambiguous(&self, chosen: &[&Candidate<'a>], language: Language, certainty: Certainty) -> Found {
        let one = chosen.windows(2).all(|pair| pair[0].group == pair[1].group);
        let places = chosen.iter().map(|candidate| candidate.place).collect();
        self.graded(places, language, if one { certainty } else { Certainty::SameName })
    }
}

impl Index {
    /// The name that a use goes by where it is defined: an alias of an import is undone.
    pub(crate) fn meant(&self, file: FileId, reference: &Reference<'_>) -> SmolStr {
        let bare = reference.qualifier.is_empty() && !reference.member && !reference.local;
        let imports = &self.record(file).file().imports;
        let alias = imports.iter().find(|import| bare && import.alias == reference.name && import.name != "*");
        match alias {
            Some(import) if !import.name.is_empty() && import.name != "default" => import.name.clone(),
            _ => reference.name.into(),
        }
    }
}

/// How a name is reached; what is reached in the same way means the same.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Way<'a> {
    file: FileId,
    enclosing: Enclosing<'a>,
    qualifier: &'a str,
    kind: ReferenceKind,
    member: bool,
    label: bool,
    arguments: Option<bool>,
    /// The receiver, and where the local name that it begins with was bound.
    reached: (&'a str, u32),
}

/// What a use stands in.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Enclosing<'a> {
    Symbol(Option<u32>),
    /// A variable or constant by its path and name: it declares nothing that its uses could mean, and may be given a value thousands of
    /// times.
    Variable(&'a str, &'a str),
}

impl<'a> Enclosing<'a> {
    fn of(record: &'a FileRecord, enclosing: Option<u32>) -> Self {
        let symbol = enclosing.and_then(|place| record.file().symbols.get(place as usize));
        match symbol.filter(|symbol| matches!(symbol.kind, SymbolKind::Variable | SymbolKind::Constant)) {
            Some(symbol) => Self::Variable(&symbol.container, &symbol.name),
            None => Self::Symbol(enclosing),
        }
    }
}

impl<'a> Way<'a> {
    /// The way of a use in a file; `None` where its place decides besides.
    pub(crate) fn of(file: FileId, record: &'a FileRecord, reference: &Reference<'a>) -> Option<Self> {
        let &Reference { qualifier, kind, member, label, .. } = reference;
        let enclosing = Enclosing::of(record, reference.enclosing);
        let arguments = reference.arguments.map(syntax::Arguments::any);
        // A statement of import is its own; a path of Rust begins in the module that is written around it; the key of a literal is
        // told by what stands around it.
        let by_place = kind == ReferenceKind::Import
            || reference.shorthand
            || (label && !member)
            || (record.language == Language::Rust && !member && !qualifier.is_empty());
        let reached = record.file().reached(reference);
        (!by_place).then_some(Self { file, enclosing, qualifier, kind, member, label, arguments, reached })
    }
}

fn scope(symbol: &Symbol) -> &str {
    if symbol.kind == SymbolKind::Constructor && last(&symbol.container) == symbol.name {
        return symbol.container.strip_suffix(symbol.name.as_str()).unwrap_or_default().trim_end_matches("::");
    }
    &symbol.container
}

/// Whether what belongs to a type can be named where the type can: the constructors of Haskell and OCaml, the members of Julia's
/// enums, the fields of Haskell and the methods of its classes.
fn spills(record: &crate::FileRecord, symbol: &Symbol) -> bool {
    let of_class = || {
        let parent = symbol.parent.and_then(|parent| record.file().symbols.get(parent as usize));
        parent.is_some_and(|parent| parent.kind == SymbolKind::Interface)
    };
    match (record.language, symbol.kind) {
        (Language::Haskell, SymbolKind::Method) => of_class(),
        (Language::Haskell, SymbolKind::Field) => true,
        (Language::Haskell | Language::Julia | Language::OCaml | Language::OCamlInterface, SymbolKind::EnumMember) => true,
        _ => false,
    }
}

/// A path without its last part.
fn around(path: &str) -> &str {
    path.rsplit_once("::").map_or("", |(around, _)| around)
}

pub(crate) fn is_type(kind: SymbolKind) -> bool {
    kind.has_members() || matches!(kind, SymbolKind::TypeAlias | SymbolKind::Constructor)
}

/// Names of different natures stand side by side in one scope and are two things: a field and the method that returns it, a module
/// and a function.
fn nature(language: Language, kind: SymbolKind, across: bool) -> u8 {
    match (language, kind) {
        (Language::Rust | Language::Java, SymbolKind::Field | SymbolKind::Property) => 2,
        (Language::Rust, SymbolKind::Macro) => 3,
        (Language::Java, SymbolKind::Constant | SymbolKind::EnumMember) => 2,
        (Language::Rust | Language::Java, kind) => u8::from(is_type(kind) || kind == SymbolKind::TypeParameter),
        (_, kind) => u8::from(across && is_type(kind)),
    }
}

/// Whether it is a component of a record of Java, which is read by a method of its name.
fn is_component(record: &crate::FileRecord, symbol: &Symbol) -> bool {
    let parent = symbol.parent.and_then(|parent| record.file().symbols.get(parent as usize));
    symbol.kind == SymbolKind::Field
        && parent.is_some_and(|parent| parent.signature.split([' ', '(', '<']).any(|word| word == "record"))
}

fn is_header(path: &str) -> bool {
    [".h", ".hpp", ".hh", ".hxx", ".inl"].iter().any(|ending| path.ends_with(ending))
}

/// Whether it is a function, or in C and C++ a variable, that may be declared in one place and defined in another.
pub(crate) fn is_declared_apart(record: &FileRecord, symbol: &Symbol) -> bool {
    let has_body = matches!(symbol.kind, SymbolKind::Function | SymbolKind::Method | SymbolKind::Constructor);
    matches!(record.language, Language::C | Language::Cpp) && (has_body || symbol.kind == SymbolKind::Variable)
}

/// Whether its definition is more likely another one of the same thing.
pub(crate) fn may_only_declare(record: &FileRecord, symbol: &Symbol) -> bool {
    is_declared_apart(record, symbol) && is_header(&record.path)
}

/// Whether a definition of C counts in its own file only.
fn is_file_local(record: &FileRecord, symbol: &Symbol) -> bool {
    let is_static = || symbol.container.is_empty() && symbol.signature.split_whitespace().take(3).any(|word| word == "static");
    (symbol.kind == SymbolKind::Macro && !is_header(&record.path)) || is_static()
}
