//! Where imports lead: to which files, and there to which definitions.

use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::FxHashSet;
use syntax::{Import, Language};

use crate::base::{FileId, Leads, Place};
use crate::{Index, modules};

/// How many re-exports are followed in a row.
const DEPTH: usize = 6;

/// The files that an import leads to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Lead {
    /// Those of the place that is imported from.
    pub(crate) from: Arc<[FileId]>,
    /// Those of the imported thing itself, where it is a module.
    pub(crate) module: Box<[FileId]>,
    /// Whether it leads out of the workspace.
    pub(crate) foreign: bool,
}

impl Lead {
    pub(crate) fn files(&self) -> impl Iterator<Item = FileId> + '_ {
        self.from.iter().chain(&self.module).copied()
    }
}

impl Index {
    /// For each import of a file, in their order, the files of the workspace that it leads to. Empty for a file that is not there.
    #[must_use]
    pub fn imported_files(&self, path: &str) -> Vec<Vec<Arc<str>>> {
        let Some(file) = self.id(path) else { return Vec::new() };
        let paths = |lead: &Lead| lead.files().map(|file| Arc::clone(&self.record(file).path)).collect();
        self.leads(file).iter().map(paths).collect()
    }

    /// Where every import of every file of the base leads.
    pub(crate) fn link_imports(&self) -> Vec<Leads> {
        (0..self.base.len()).into_par_iter().map(|file| self.follow(file)).collect()
    }

    fn follow(&self, file: FileId) -> Leads {
        self.record(file).file().imports.iter().map(|import| modules::lead(self, file, import)).collect()
    }

    /// Where the imports of a file lead. What the base says still holds as long as no file came or went.
    pub(crate) fn leads(&self, file: FileId) -> Leads {
        let known = self.base.imports.get().and_then(|imports| imports.get(file as usize));
        match known {
            Some(leads) if self.overlay.is_empty() => Arc::clone(leads),
            Some(leads) if file < self.base.len() && !self.overlay.moved() => {
                let now = |files: &[FileId]| files.iter().filter_map(|&file| self.current(file)).collect::<Vec<_>>();
                let now =
                    |lead: &Lead| Lead { from: now(&lead.from).into(), module: now(&lead.module).into(), foreign: lead.foreign };
                self.overlay.leads(file, || leads.iter().map(now).collect())
            }
            _ => self.overlay.leads(file, || self.follow(file)),
        }
    }

    /// The definitions that `name` stands for when it is imported from one of these files: those in the files themselves, else
    /// those that they import from elsewhere under that name.
    pub(crate) fn exported(&self, files: impl Iterator<Item = FileId>, within: &str, name: &str) -> Vec<Place> {
        let mut seen = FxHashSet::default();
        let mut layer: Vec<(FileId, String)> = files.map(|file| (file, name.to_owned())).collect();
        for _ in 0..DEPTH {
            layer.retain(|step| seen.insert(step.clone()));
            let found: Vec<Place> = layer.iter().flat_map(|(file, name)| self.outer(*file, within, name)).collect();
            if !found.is_empty() || layer.is_empty() {
                return found;
            }
            layer = layer.iter().flat_map(|(file, name)| self.passed_on(*file, name)).collect();
        }
        Vec::new()
    }

    /// The definitions of a name in a file that can be imported from it: at its top level, in a module written in the file, or in
    /// what `within` names.
    fn outer(&self, file: FileId, within: &str, name: &str) -> Vec<Place> {
        let record = self.record(file);
        let symbols = &record.file().symbols;
        let named = (0_u32..).zip(symbols).filter(|(_, symbol)| symbol.name == name);
        let reachable = named.filter(|(_, symbol)| {
            let container = last(&symbol.container);
            container.is_empty()
                || container == within
                || hands_out(record.language, symbol)
                || symbol.parent.and_then(|parent| symbols.get(parent as usize)).is_some_and(|parent| {
                    matches!(
                        parent.kind,
                        syntax::SymbolKind::Module | syntax::SymbolKind::Namespace | syntax::SymbolKind::Package
                    )
                })
        });
        reachable.map(|(place, _)| (file, place)).collect()
    }

    /// Where a name goes on to that a file imports, and so hands on.
    fn passed_on(&self, file: FileId, name: &str) -> Vec<(FileId, String)> {
        let record = self.record(file);
        if matches!(record.language, Language::C | Language::Cpp | Language::Go | Language::Java) {
            return Vec::new();
        }
        let imports = &record.file().imports;
        // A namespace is handed on under its own name only.
        let is_open = |import: &Import| import.name == "*" && matches!(import.alias.as_str(), "" | "*");
        if !imports.iter().any(|import| import.alias == name || is_open(import)) {
            return Vec::new();
        }
        let mut next = Vec::new();
        for (import, lead) in imports.iter().zip(&*self.leads(file)) {
            if is_open(import) || import.alias == name {
                let target = if import.name == "*" { name } else { target(import) };
                next.extend(lead.files().map(|file| (file, target.to_owned())));
            }
        }
        next
    }
}

/// Whether what belongs to a table or a type can be imported as if it stood at the top: what a module of Lua hangs on the table that
/// it returns, the fields and constructors of Haskell and OCaml.
fn hands_out(language: Language, symbol: &syntax::Symbol) -> bool {
    match language {
        Language::Lua => symbol.parent.is_none() && !symbol.container.contains(':'),
        Language::Haskell | Language::OCaml | Language::OCamlInterface => {
            matches!(symbol.kind, syntax::SymbolKind::Field | syntax::SymbolKind::EnumMember | syntax::SymbolKind::Method)
        }
        _ => false,
    }
}

/// The name of what is imported, in the place that it comes from. A default export is called what the importer calls it.
pub(crate) fn target(import: &Import) -> &str {
    if matches!(import.name.as_str(), "" | "default") { &import.alias } else { &import.name }
}

/// The last part of a path with `::` or `.` between its parts.
pub(crate) fn last(path: &str) -> &str {
    path.rsplit([':', '.']).next().unwrap_or(path)
}
