//! Modules: how each language spells a file.

mod c;
mod go;
mod java;
pub(crate) mod named;
mod python;
pub(crate) mod rust;
mod script;

use syntax::{Import, Language};

use crate::Index;
use crate::base::{FileId, narrow};
use crate::imports::Lead;

/// The files that an import of a file leads to.
pub(crate) fn lead(index: &Index, file: FileId, import: &Import) -> Lead {
    let mut lead = match index.record(file).language {
        Language::C | Language::Cpp => c::lead(index, file, import),
        Language::Go => go::lead(index, import),
        Language::Java => java::lead(index, import),
        Language::JavaScript | Language::TypeScript | Language::Tsx => script::lead(index, file, import),
        Language::Python => python::lead(index, file, import),
        Language::Rust => rust::lead(index, file, import),
        Language::Bash
        | Language::Dart
        | Language::Elixir
        | Language::Haskell
        | Language::Julia
        | Language::Lua
        | Language::OCaml
        | Language::OCamlInterface
        | Language::Php
        | Language::R
        | Language::Ruby
        | Language::Zig => named::lead(index, file, import),
        _ => Lead::default(),
    };
    // A glob of the file itself (`use self::Kind::*`) would lead in a circle, but a circle is followed only once.
    lead.foreign &= lead.from.is_empty() && lead.module.is_empty();
    lead
}

impl Index {
    /// The files whose names up to the first dot are `stem`.
    pub(crate) fn with_stem(&self, stem: &str) -> Vec<FileId> {
        self.live(self.base.with_stem(stem), |path| crate::paths::stem(path) == stem)
    }

    /// The files that stand in a folder themselves.
    pub(crate) fn in_folder(&self, folder: &str) -> Vec<FileId> {
        self.live(self.base.in_folder(folder), |path| crate::paths::folder(path) == folder)
    }

    fn live(&self, of_base: &[FileId], wanted: impl Fn(&str) -> bool) -> Vec<FileId> {
        let of_base = of_base.iter().copied().filter(|&id| !self.overlay.hides(id));
        let changed = self.overlay.records().filter(|(_, record)| wanted(&record.path));
        let mut ids: Vec<FileId> = of_base.chain(changed.map(|(position, _)| self.base.len() + position)).collect();
        if !self.overlay.is_empty() {
            ids.sort_by(|&a, &b| self.record(a).path.cmp(&self.record(b).path));
        }
        ids
    }

    /// The files among `paths` that are there.
    fn existing<'p>(&self, paths: impl IntoIterator<Item = &'p str>) -> Vec<FileId> {
        paths.into_iter().filter_map(|path| self.id(path)).collect()
    }
}

/// How many parts two paths have in common at their beginnings.
pub(crate) fn common_parts(a: &str, b: &str) -> u32 {
    narrow(a.split('/').zip(b.split('/')).take_while(|(a, b)| a == b).count())
}

/// Whether `path` is `end`, or ends with `/end`.
fn ends_with_path(path: &str, end: &str) -> bool {
    path.strip_suffix(end).is_some_and(|head| head.is_empty() || head.ends_with('/'))
}

/// Of several files those that share the most folders with the file at `near`.
fn nearest(index: &Index, mut files: Vec<FileId>, near: &str) -> Vec<FileId> {
    let closeness = |file: &FileId| common_parts(&index.record(*file).path, near);
    let best = files.iter().map(closeness).max();
    files.retain(|file| Some(closeness(file)) == best);
    files
}
