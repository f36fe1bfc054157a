//! The picture itself: what is in it, and how it changes into the next.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use syntax::{FileSymbols, Language};

use crate::base::{Base, FileId, Place};
use crate::generated::is_generated;
use crate::keeper::{Hints, Keeper};
use crate::overlay::Overlay;
use crate::paths::Root;
use crate::walk::{Case, Rules};
use crate::{FileRecord, Options, SymbolRef, load};

/// More changed files than this are better made part of the base: every question looks through all of them.
pub(crate) const FOLD_AT: usize = 64;

/// A folder of source files as it was at one moment.
///
/// Cloning shares everything. Nothing in it ever changes: an edit gives the next picture.
#[derive(Clone)]
pub struct Index {
    pub(crate) workspace: Arc<Workspace>,
    pub(crate) base: Arc<Base>,
    pub(crate) overlay: Arc<Overlay>,
}

/// What stays the same from picture to picture.
pub(crate) struct Workspace {
    pub(crate) root: Root,
    pub(crate) options: Options,
    pub(crate) headers_are_cpp: bool,
    /// Files that were left out for what is in them, or for their size.
    pub(crate) left: Hints,
    pub(crate) keeper: Option<Arc<Keeper>>,
}

/// How much is in an index.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Files.
    pub files: usize,
    /// Definitions.
    pub symbols: usize,
    /// Uses of names, local variables among them.
    pub references: usize,
}

impl Index {
    /// The picture of a folder in which nothing has been read yet.
    #[must_use]
    pub fn empty(root: &Path) -> Self {
        let (root, options) = (Root::new(root), Options::default());
        let workspace = Workspace { root, options, headers_are_cpp: false, left: Hints::default(), keeper: None };
        Self { workspace: Arc::new(workspace), base: Arc::new(Base::new(Vec::new())), overlay: Arc::default() }
    }

    pub(crate) fn with_keeper(self, keeper: Arc<Keeper>) -> Self {
        let (root, options) = (Root::new(self.root()), self.workspace.options.clone());
        let workspace = Workspace { root, options, headers_are_cpp: false, left: Hints::default(), keeper: Some(keeper) };
        Self { workspace: Arc::new(workspace), ..self }
    }

    /// The root of the workspace, absolute.
    #[must_use]
    pub fn root(&self) -> &Path {
        self.workspace.root.path()
    }

    /// The options that it was built with.
    #[must_use]
    pub fn options(&self) -> &Options {
        &self.workspace.options
    }

    /// A path on disk as the index names it: relative to the root, with `/` between its parts. `None` for what lies outside.
    #[must_use]
    pub fn relative(&self, absolute: &Path) -> Option<String> {
        self.workspace.root.relative(absolute)
    }

    /// Where a relative path lies on disk.
    #[must_use]
    pub fn absolute(&self, relative: &str) -> PathBuf {
        self.workspace.root.absolute(relative)
    }

    /// Whether the ignore rules let this path into the workspace, be it there or not. Reads the ignore files that apply.
    #[must_use]
    pub fn admits(&self, relative: &str) -> bool {
        self.is_admitted(relative, Case::Counts)
    }

    /// Whether they let a new file of this path in on any file system: where capitals and small letters are one, a path leads into an
    /// ignored folder that is written otherwise. Reads the ignore files that apply.
    #[must_use]
    pub fn admits_new(&self, relative: &str) -> bool {
        self.is_admitted(relative, Case::Folded)
    }

    fn is_admitted(&self, relative: &str, case: Case) -> bool {
        Rules::new(&self.workspace.root, &self.workspace.options, case).is_some_and(|mut rules| rules.admit(relative))
    }

    /// What a file is written in, by its path and how its text begins.
    #[must_use]
    pub fn language(&self, relative: &str, head: &str) -> Option<Language> {
        load::language(relative, head, self.workspace.headers_are_cpp)
    }

    /// Every file, in no promised order.
    pub fn files(&self) -> impl Iterator<Item = &Arc<FileRecord>> {
        self.ids().map(|id| self.record(id))
    }

    /// The file of that path.
    #[must_use]
    pub fn file(&self, path: &str) -> Option<&Arc<FileRecord>> {
        self.id(path).map(|id| self.record(id))
    }

    /// How much is in it. Looks at every file.
    #[must_use]
    pub fn counts(&self) -> Counts {
        self.files().fold(Counts::default(), |sum, record| Counts {
            files: sum.files + 1,
            symbols: sum.symbols + record.counts.0 as usize,
            references: sum.references + record.counts.1 as usize,
        })
    }

    /// The picture in which a file has this text, of which `symbols` is what [`syntax::parse`] says. Takes microseconds, however
    /// large the workspace is. A file in no known language changes nothing, and neither does one that has this text already.
    #[must_use]
    pub fn with_text(&self, path: &str, text: &str, symbols: impl Into<Arc<FileSymbols>>) -> Self {
        let Some(language) = self.language(path, text) else { return self.clone() };
        let hash = *blake3::hash(text.as_bytes()).as_bytes();
        // What is opened and not edited stays part of the base, whose tables answer fastest.
        if self.file(path).is_some_and(|record| record.hash == hash && record.language == language) {
            return self.clone();
        }
        let size = text.len() as u64;
        let mut record = FileRecord::new(path.into(), (language, hash), size, symbols.into());
        record.is_generated = is_generated(path, text);
        self.with_record(path, Some(Arc::new(record)))
    }

    /// The picture in which a file is not there.
    #[must_use]
    pub fn without(&self, path: &str) -> Self {
        self.with_record(path, None)
    }

    pub(crate) fn with_record(&self, path: &str, record: Option<Arc<FileRecord>>) -> Self {
        Self { overlay: Arc::new(self.overlay.with(&self.base, path, record)), ..self.clone() }
    }

    /// Whether so many files have changed that [`Index::fold`] would make every answer faster.
    #[must_use]
    pub fn needs_fold(&self) -> bool {
        self.overlay.len() > FOLD_AT
    }

    /// The same picture with all changed files in the base. Takes as long as the last part of a build: not for a keystroke.
    #[must_use]
    pub fn fold(&self) -> Self {
        if self.overlay.is_empty() { self.clone() } else { self.rebased(self.files().cloned().collect()) }
    }

    /// The file of an identifier that this picture handed out.
    pub(crate) fn record(&self, id: FileId) -> &Arc<FileRecord> {
        let of_overlay = id.checked_sub(self.base.len());
        let changed = of_overlay.and_then(|position| self.overlay.changed()[position as usize].record.as_ref());
        changed.unwrap_or_else(|| &self.base.files[id as usize])
    }

    pub(crate) fn id(&self, path: &str) -> Option<FileId> {
        match self.overlay.position(path) {
            Some(position) => {
                self.overlay.changed()[position].record.as_ref()?;
                Some(self.base.len() + crate::base::narrow(position))
            }
            None => self.base.id(path),
        }
    }

    /// A file of the base as it is now.
    pub(crate) fn current(&self, base: FileId) -> Option<FileId> {
        if self.overlay.hides(base) { self.id(&self.base.files[base as usize].path) } else { Some(base) }
    }

    pub(crate) fn ids(&self) -> impl Iterator<Item = FileId> {
        let of_base = (0..self.base.len()).filter(|&id| !self.overlay.hides(id));
        of_base.chain(self.overlay.records().map(|(position, _)| self.base.len() + position))
    }

    pub(crate) fn symbol(&self, (file, symbol): Place) -> SymbolRef {
        SymbolRef { record: Arc::clone(self.record(file)), symbol }
    }

    /// Every definition of a name: those of the base first.
    pub(crate) fn definitions(&self, name: &str) -> Vec<Place> {
        let of_base = self.base.definitions(name).iter().filter(|(file, _)| !self.overlay.hides(*file)).copied();
        let of_overlay = self.overlay.records().flat_map(|(position, record)| {
            let named = (0_u32..).zip(&record.file().symbols).filter(move |(_, symbol)| symbol.name == name);
            named.map(move |(place, _)| (self.base.len() + position, place))
        });
        of_base.chain(of_overlay).collect()
    }

    /// Every use of a name that is not a local variable.
    pub(crate) fn references(&self, name: &str) -> Vec<Place> {
        let of_base = self.base.references(name).iter().filter(|(file, _)| !self.overlay.hides(*file)).copied();
        of_base.chain(self.changed_references(name)).collect()
    }

    /// Those of them that stand in changed files.
    pub(crate) fn changed_references(&self, name: &str) -> impl Iterator<Item = Place> {
        self.overlay.records().flat_map(move |(position, record)| {
            let number = record.file().names().position(|used| used == name).map(crate::base::narrow);
            let uses = number.into_iter().flat_map(|number| record.file().named_uses().filter(move |usage| usage.1 == number));
            uses.map(move |(place, _)| (self.base.len() + position, place))
        })
    }
}

impl std::fmt::Debug for Index {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (base, changed) = (self.base.files.len(), self.overlay.len());
        formatter.debug_struct("Index").field("root", &self.root()).field("base", &base).field("changed", &changed).finish()
    }
}
