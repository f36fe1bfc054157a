//! Names with something before them: a path, a type, a module, or a value.

use smol_str::SmolStr;
use syntax::{Certainty, Language, Reference, SymbolKind};

use super::{Candidate, Found, Only, Resolver, is_type, known, types};
use crate::base::FileId;
use crate::family::family;
use crate::imports::{self, last};
use crate::modules::{named, rust};
use crate::paths;

/// A name of no more letters than this does not tell what it belongs to.
const SHORT: usize = 3;

impl Resolver<'_> {
    pub(super) fn qualified(&mut self, file: FileId, reference: &Reference<'_>) -> Found {
        let language = self.index.record(file).language;
        if let Some(found) = self.by_type(file, reference) {
            return found;
        }
        let parts: Vec<&str> =
            reference.qualifier.split([':', '.', '>', '?']).map(|part| part.trim_end_matches(['-', '!'])).collect();
        let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        let Some((&first, &nearest)) = parts.first().zip(parts.last()) else { return self.by_member_name(language) };
        let mine = matches!(nearest, "self" | "this" | "Self" | "cls" | "super");
        if parts.len() == 1
            && mine
            && !(nearest == "super" && language == Language::Rust)
            && (reference.member || nearest == "Self")
        {
            let found = self.own_member(file, reference);
            return if found.is_empty() { self.by_member_name(language) } else { found };
        }
        if let Some(found) = self.through_import(file, &parts, language) {
            return found;
        }
        if matches!(language, Language::OCaml | Language::OCamlInterface) && !reference.member {
            // A file is a module that needs no import.
            let files = named::of_file_name(self.index, file, nearest);
            let places = self.index.exported(files.into_iter(), "", &self.name);
            if !places.is_empty() {
                return self.graded(places, language, Certainty::Imported);
            }
        }
        if language == Language::Rust
            && !reference.member
            && let Some(found) = self.along_path(file, reference, &parts)
        {
            return found;
        }
        let types = if reference.member { self.declared_types(file, reference, &parts) } else { Vec::new() };
        if !types.is_empty() {
            let found = self.member_of(&types, file);
            if !found.is_empty() {
                return found;
            }
            if self.are_foreign(&types, language) {
                return self.same_name(language, true);
            }
        }
        let found = self.of_container(file, nearest, language);
        if !found.is_empty() {
            return found;
        }
        if !reference.member {
            return self.of_unknown_path(nearest, language);
        }
        // `Math.max`: a class that the workspace does not have.
        let is_class = nearest.starts_with(char::is_uppercase) && nearest.chars().any(char::is_lowercase);
        if is_class && language != Language::Go && first == nearest && !self.is_defined(nearest, language) {
            return Vec::new();
        }
        self.by_member_name(language)
    }

    /// Whether a use is reached through a value whose declared type the workspace does not have.
    pub(crate) fn is_foreign(&self, file: FileId, reference: &Reference<'_>) -> bool {
        let parts: Vec<&str> = reference.qualifier.split('.').collect();
        reference.member && self.are_foreign(&self.declared_types(file, reference, &parts), self.index.record(file).language)
    }

    fn are_foreign(&self, types: &[SmolStr], language: Language) -> bool {
        let is_name = |word: &&SmolStr| word.len() > 2 && word.starts_with(char::is_uppercase);
        let mut names = types.iter().filter(is_name).peekable();
        names.peek().is_some() && !names.any(|name| self.is_defined(name, language))
    }

    /// By an import that the qualifier begins with. `None` where there is none.
    fn through_import(&mut self, file: FileId, parts: &[&str], language: Language) -> Option<Found> {
        let index = self.index;
        let whole = parts.join(".");
        let imports = &index.record(file).file().imports;
        let matches = |alias: &str| alias == parts[0] || (alias.contains('.') && alias == whole);
        let matching = |import: &syntax::Import| match language {
            // The package is called like the last part of its path unless the import says otherwise.
            Language::Go if import.alias.is_empty() => last_of_path(&import.from) == parts[0],
            _ => matches(&import.alias),
        };
        if !imports.iter().any(matching) {
            return None;
        }
        let leads = index.leads(file);
        let (mut found, mut foreign) = (Vec::new(), true);
        for (import, lead) in imports.iter().zip(&*leads).filter(|(import, _)| matching(import)) {
            foreign &= lead.foreign;
            let nearest = parts[parts.len() - 1];
            let inner = if parts.len() > 1 && import.alias != whole { nearest } else { "" };
            let module: Vec<FileId> = self.below_module(&lead.module, parts);
            let places = index.exported(module.into_iter(), inner, &self.name);
            if !places.is_empty() {
                found.extend(self.graded(places, language, Certainty::Imported));
                continue;
            }
            // A type: what belongs to it, wherever its `impl` stands.
            let type_name = if parts.len() == 1 { imports::target(import) } else { nearest };
            let types = index.exported(lead.files(), last(&import.from), type_name);
            let near: Vec<FileId> = types.iter().map(|place| place.0).collect();
            let members: Vec<&Candidate<'_>> = self.members_of(type_name, language).collect();
            let beside: Vec<&Candidate<'_>> =
                members.iter().copied().filter(|candidate| near.contains(&candidate.place.0)).collect();
            if !beside.is_empty() {
                found.extend(self.unless_ambiguous(&beside, language, Certainty::Exact));
            } else if !types.is_empty() {
                let inherited = self.member_of(&[type_name.into()], file);
                found.extend(inherited);
            }
        }
        if found.is_empty() && !foreign {
            // The import leads into the workspace, but the name is not where it should be: a macro may have made it.
            return Some(self.same_name_any(language));
        }
        found.sort_unstable();
        found.dedup_by_key(|found| found.0);
        Some(found)
    }

    /// The files of a module, or those of its submodules that the rest of the qualifier names.
    fn below_module(&self, module: &[FileId], parts: &[&str]) -> Vec<FileId> {
        if parts.len() < 2 {
            return module.to_vec();
        }
        let mut files = Vec::new();
        for &file in module {
            let path = &self.index.record(file).path;
            let is_index = matches!(paths::stem(path), "__init__" | "mod" | "lib" | "main" | "index");
            let folder = if is_index {
                paths::folder(path).to_owned()
            } else {
                path.rsplit_once('.').map_or("", |(head, _)| head).to_owned()
            };
            let inner = format!("{folder}/{}", parts[1..].join("/"));
            let endings = [".rs", "/mod.rs", ".py", "/__init__.py", ".ts", ".js"];
            files.extend(endings.iter().filter_map(|ending| self.index.id(&format!("{inner}{ending}"))));
        }
        if files.is_empty() { module.to_vec() } else { files }
    }

    /// By a path of Rust that is written out. `None` where it leads nowhere in the workspace.
    fn along_path(&mut self, file: FileId, reference: &Reference<'_>, parts: &[&str]) -> Option<Found> {
        let (files, rest) = rust::files(self.index, file, reference.span.start, parts)?;
        let within = if rest > 0 { parts[parts.len() - 1] } else { "" };
        let places = self.index.exported(files.iter().copied(), within, &self.name);
        let chosen: Vec<&Candidate<'_>> = self
            .candidates
            .iter()
            .filter(|candidate| places.contains(&candidate.place))
            .filter(|candidate| within.is_empty() || last(candidate.scope) == within || rest == 0)
            .collect();
        if !chosen.is_empty() {
            return Some(self.unless_ambiguous(&chosen, Language::Rust, Certainty::Exact));
        }
        None
    }

    /// By the name of the container alone.
    fn of_container(&self, file: FileId, container: &str, language: Language) -> Found {
        let members: Vec<&Candidate<'_>> = self.members_of(container, language).collect();
        let here: Vec<&Candidate<'_>> = members.iter().copied().filter(|candidate| candidate.place.0 == file).collect();
        if !here.is_empty() {
            return self.unless_ambiguous(&here, language, Certainty::Exact);
        }
        let folder = paths::folder(&self.index.record(file).path);
        let is_beside = |candidate: &&Candidate<'_>| paths::folder(&self.index.record(candidate.place.0).path) == folder;
        let beside: Vec<&Candidate<'_>> = members.iter().copied().filter(is_beside).collect();
        let by_folder = matches!(language, Language::Go | Language::Java) && !beside.is_empty();
        self.unless_ambiguous(if by_folder { &beside } else { &members }, language, Certainty::Exact)
    }

    fn members_of(&self, container: &str, language: Language) -> impl Iterator<Item = &Candidate<'_>> {
        self.owned_by(container).filter(move |candidate| family(candidate.language) == family(language))
    }

    /// Behind a path whose end is no container of the name: another type of the workspace may have it by a trait.
    fn of_unknown_path(&mut self, nearest: &str, language: Language) -> Found {
        let generic = nearest.len() <= 2 && nearest.starts_with(char::is_uppercase);
        if !generic && nearest != "Self" && !self.is_defined(nearest, language) {
            return Vec::new();
        }
        let found = self.member_of(&[SmolStr::new(nearest)], 0);
        if found.is_empty() { self.same_name(language, true) } else { found }
    }

    /// Whether the workspace defines a type or module of that name.
    fn is_defined(&self, name: &str, language: Language) -> bool {
        let definitions = self.index.definitions(name);
        definitions.iter().any(|&(file, symbol)| {
            let record = self.index.record(file);
            let kind = record.file().symbols[symbol as usize].kind;
            family(record.language) == family(language) && (is_type(kind) || kind == SymbolKind::TypeParameter)
        })
    }

    /// A member of a value of unknown type.
    fn by_member_name(&mut self, language: Language) -> Found {
        let key = (language, self.access);
        let known = self.members.get(&key).cloned().unwrap_or_else(|| {
            let only = self.only_member(language);
            self.members.insert(key, only.clone());
            only
        });
        known.map_or_else(|| self.same_name(language, true), |only| only.to_vec())
    }

    /// The member of the name, where there is one only and the name tells enough.
    fn only_member(&self, language: Language) -> Option<Only> {
        // A keyword argument is a parameter before it is a field.
        // So is the key of an object a word before it is one.
        let telling = !(self.access.label && types::are_told(language))
            && self.name.chars().count() > SHORT
            && !known::is_common_member(language, &self.name);
        if !telling {
            return None;
        }
        let can = |candidate: &&Candidate<'_>| {
            family(candidate.language) == family(language) && candidate.is_member() && self.can_mean(candidate)
        };
        let members: Vec<&Candidate<'_>> = self.candidates.iter().filter(can).collect();
        let single = members.windows(2).all(|pair| pair[0].group == pair[1].group);
        let fits = members.iter().any(|member| self.access.fits(member.language, member.symbol));
        (single && fits).then(|| self.unless_ambiguous(&members, language, Certainty::Exact).into())
    }

    fn same_name_any(&mut self, language: Language) -> Found {
        let mut found = self.same_name(language, false);
        found.extend(self.same_name(language, true));
        found
    }
}

/// The name of a Go package by its path: the last part, without a version and without what a part of a name may carry.
fn last_of_path(path: &str) -> &str {
    let path = path.trim_matches('"');
    let (head, name) = path.rsplit_once('/').unwrap_or(("", path));
    let is_version =
        name.strip_prefix('v').is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()));
    let name = if is_version && !head.is_empty() { head.rsplit_once('/').map_or(head, |(_, name)| name) } else { name };
    name.trim_start_matches("go-").split('.').next().unwrap_or(name)
}
