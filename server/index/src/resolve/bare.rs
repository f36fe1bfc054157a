//! Names that stand alone.

use syntax::{Certainty, Language, Reference, ReferenceKind, SymbolKind};

use super::{Candidate, Found, Resolver, known};
use crate::base::FileId;
use crate::family::family;
use crate::imports::{last, target};
use crate::paths;

impl Resolver<'_> {
    pub(super) fn bare(&mut self, file: FileId, reference: &Reference<'_>) -> Found {
        let index = self.index;
        let language = index.record(file).language;
        if reference.name != self.name {
            return self.by_alias(file, reference, language);
        }
        let found = self.in_scope(file, reference, language);
        if !found.is_empty() {
            return if language == Language::JavaScript { self.required(file, found, language) } else { found };
        }
        if has_implicit_this(language) {
            let found = self.own_member(file, reference);
            if !found.is_empty() {
                return found;
            }
        }
        let reach = self.reach(file);
        if reach.bound {
            let found = self.graded(reach.named.clone(), language, Certainty::Imported);
            return if found.is_empty() && !reach.foreign { self.same_name(language, false) } else { found };
        }
        let found = self.in_package(file, language);
        if !found.is_empty() {
            return found;
        }
        if !reach.glob.is_empty() {
            let places = reach.glob.clone();
            let found = self.graded(places, language, Certainty::Imported);
            let found: Found = found.into_iter().filter(|(place, _)| self.bare_can_mean(*place, language)).collect();
            if !found.is_empty() {
                return found;
            }
        }
        if known::is_prelude(language, &self.name) {
            return Vec::new();
        }
        self.elsewhere(file, reference, language)
    }

    /// What `require` brings in, where a constant of the file only keeps it; else the constant.
    fn required(&mut self, file: FileId, found: Found, language: Language) -> Found {
        let index = self.index;
        let record = index.record(file);
        let keeps = |&(place, _): &(crate::base::Place, Certainty)| {
            let name = (place.0 == file).then(|| record.file().symbols[place.1 as usize].name_span);
            name.is_some_and(|name| {
                record.file().imports.iter().any(|import| import.alias == self.name && import.span.contains(name))
            })
        };
        if !found.iter().all(keeps) {
            return found;
        }
        let reach = self.reach(file);
        let imported = self.graded(reach.named.clone(), language, Certainty::Imported);
        if imported.is_empty() { found } else { imported }
    }

    /// What an import brings in under another name.
    fn by_alias(&self, file: FileId, reference: &Reference<'_>, language: Language) -> Found {
        let index = self.index;
        let leads = index.leads(file);
        let imports = index.record(file).file().imports.iter().zip(&*leads);
        let aliased = imports.filter(|(import, _)| import.alias == reference.name);
        let places = aliased.flat_map(|(import, lead)| index.exported(lead.files(), last(&import.from), target(import)));
        self.graded(places.collect(), language, Certainty::Imported)
    }

    /// The definitions of the same file whose scope is around the use: those of the innermost scope.
    fn in_scope(&self, file: FileId, reference: &Reference<'_>, language: Language) -> Found {
        let own = self.of_file(file);
        if own.is_empty() {
            return Vec::new();
        }
        let around = self.around(file, reference);
        let in_body = |candidate: &Candidate<'_>| candidate.scope == around;
        let visible = own.iter().filter(|candidate| {
            is_around(candidate.scope, &around)
                && self.can_mean(candidate)
                && (!candidate.is_member() || has_implicit_this(language) || (in_body(candidate) && scopes_bodies(language)))
        });
        let visible: Vec<&Candidate<'_>> = visible.collect();
        let depth = visible.iter().map(|candidate| candidate.scope.len()).max();
        let innermost = visible.iter().filter(|candidate| Some(candidate.scope.len()) == depth);
        self.graded(innermost.map(|candidate| candidate.place).collect(), language, Certainty::Exact)
    }

    /// The definitions of the same package, in languages where a folder is one.
    fn in_package(&self, file: FileId, language: Language) -> Found {
        if !is_folder_a_package(language) {
            return Vec::new();
        }
        let folder = paths::folder(&self.index.record(file).path);
        let beside = |candidate: &&Candidate<'_>| {
            let record = self.index.record(candidate.place.0);
            let is_beside = record.language == language && paths::folder(&record.path) == folder;
            candidate.scope.is_empty() && is_beside && self.can_mean(candidate)
        };
        let places = self.candidates.iter().filter(beside).map(|candidate| candidate.place).collect();
        self.graded(places, language, Certainty::Exact)
    }

    fn bare_can_mean(&self, place: crate::base::Place, language: Language) -> bool {
        let found = self.candidates.binary_search_by_key(&place, |candidate| candidate.place);
        found.is_ok_and(|position| !self.candidates[position].is_member() || has_implicit_this(language))
    }

    /// The definitions that nothing leads to.
    fn elsewhere(&mut self, file: FileId, reference: &Reference<'_>, language: Language) -> Found {
        let is_macro = |candidate: &&Candidate<'_>| candidate.symbol.kind == SymbolKind::Macro;
        let macros: Vec<&Candidate<'_>> = self.candidates.iter().filter(is_macro).collect();
        if language == Language::Rust && reference.kind == ReferenceKind::Call && !macros.is_empty() {
            return self.unless_ambiguous(&macros, language, Certainty::Exact);
        }
        if family(language) != 0 {
            return self.same_name(language, false);
        }
        let mut found = self.sharing_name(language, false, true);
        let own = self.of_file(file).iter().filter(|own| !own.is_member() && self.is_hidden(own) && self.can_mean(own));
        found.extend(own.map(|own| (own.place, Certainty::SameName)));
        found
    }

    /// The path of the symbol that a use stands in.
    pub(super) fn around(&self, file: FileId, reference: &Reference<'_>) -> String {
        let symbols = &self.index.record(file).file().symbols;
        reference.enclosing.and_then(|place| symbols.get(place as usize)).map_or_else(String::new, syntax::Symbol::path)
    }
}

/// Whether what stands in `scope` can be seen from within `path`.
pub(super) fn is_around(scope: &str, path: &str) -> bool {
    scope.is_empty() || path.strip_prefix(scope).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
}

/// Whether the files of a folder see each other's names.
fn is_folder_a_package(language: Language) -> bool {
    matches!(
        language,
        Language::Go
            | Language::Java
            | Language::Julia
            | Language::R
            | Language::CSharp
            | Language::Php
            | Language::Kotlin
            | Language::Scala
    )
}

/// Whether a bare name can mean a member of the enclosing class.
pub(super) fn has_implicit_this(language: Language) -> bool {
    matches!(
        language,
        Language::Cpp
            | Language::Java
            | Language::CSharp
            | Language::Ruby
            | Language::Kotlin
            | Language::Swift
            | Language::Scala
            | Language::Dart
    )
}

/// Whether a name in the body of a class can mean a member that stands in the same body.
fn scopes_bodies(language: Language) -> bool {
    language == Language::Python
}
