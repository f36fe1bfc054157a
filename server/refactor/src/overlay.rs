//! A workspace as it would be: the snapshot with new texts laid over it, never the user's own files.
//!
//! A snapshot reads files that no editor has open when somebody asks for them. What a change is computed for is therefore read once, held
//! to what the index read, and kept: whatever happens to the file meanwhile is seen when the change is to be applied.

use std::collections::BTreeMap;
use std::sync::Arc;

use assist::Snapshot;
use text::{EditError, EditSet, apply_edits};

use crate::exact::Exact;
use crate::{ChangeSet, FileChange};

/// Why edits cannot be laid over a workspace.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum OverlayError {
    /// The edits do not fit the text or each other.
    #[error(transparent)]
    Edit(#[from] EditError),
    /// A file is not what the index has read.
    #[error("{0} changed meanwhile")]
    Stale(String),
}

/// New texts over a snapshot.
#[derive(Clone, Debug)]
pub(crate) struct Overlay {
    /// The workspace as its user has it.
    origin: Snapshot,
    /// The same, with the texts that are kept.
    base: Snapshot,
    /// The new text of each file that differs or is new; `None` for one that goes.
    texts: BTreeMap<String, Option<String>>,
    /// The path that a new file had before, by the path that it has now.
    renamed: BTreeMap<String, String>,
    /// The workspace with those texts.
    now: Snapshot,
}

impl Overlay {
    pub(crate) fn new(base: &Snapshot) -> Self {
        Self { origin: base.clone(), base: base.clone(), texts: BTreeMap::new(), renamed: BTreeMap::new(), now: base.clone() }
    }

    /// The workspace as it was.
    pub(crate) fn base(&self) -> &Snapshot {
        &self.base
    }

    /// The workspace as it would be.
    pub(crate) fn now(&self) -> &Snapshot {
        &self.now
    }

    /// The version of a document that the user's editor has open.
    pub(crate) fn version(&self, path: &str) -> Option<i32> {
        self.origin.version(path)
    }

    /// The same overlay with the texts of these files kept as they are now.
    pub(crate) fn keeping<'path>(&self, paths: impl Iterator<Item = &'path str>) -> Result<Self, OverlayError> {
        let mut kept: BTreeMap<&str, Arc<str>> = BTreeMap::new();
        for path in paths.filter(|path| self.base.document(path).is_none()) {
            let Some(text) = self.origin.text(path) else { continue };
            let is_same = |hash: [u8; 32]| *blake3::hash(text.as_bytes()).as_bytes() == hash;
            if self.origin.index().file(path).is_some_and(|record| !is_same(record.hash)) {
                return Err(OverlayError::Stale(path.to_owned()));
            }
            kept.insert(path, text);
        }
        if kept.is_empty() {
            return Ok(self.clone());
        }
        let base = self.base.overlaid(kept.iter().map(|(path, text)| (*path, Some(&**text))));
        Ok(Self { base, ..self.clone() }.with_texts(self.texts.clone(), self.renamed.clone()))
    }

    /// The same overlay with `edits` made to the texts as they would be.
    pub(crate) fn edited(&self, edits: &EditSet) -> Result<Self, OverlayError> {
        let kept = self.keeping(edits.files().map(|(path, _)| path))?;
        let mut texts = kept.texts.clone();
        for (path, edits) in edits.files() {
            let before = kept.now.text(path).unwrap_or_default();
            texts.insert(path.to_owned(), Some(apply_edits(&before, edits)?));
        }
        Ok(kept.with_texts(texts, kept.renamed.clone()))
    }

    /// The same overlay after an exact change: edits first, then files that change their path, then files that go.
    pub(crate) fn carried_out(&self, exact: &Exact) -> Result<Self, OverlayError> {
        let kept = self.keeping(exact.files())?;
        let edited = kept.edited(&exact.edits)?;
        let (mut texts, mut renamed) = (edited.texts, edited.renamed);
        for (from, to) in &exact.renamed {
            texts.insert(to.clone(), edited.now.text(from).map(|text| text.to_string()));
            texts.insert(from.clone(), None);
            let first = renamed.remove(from).unwrap_or_else(|| from.clone());
            renamed.insert(to.clone(), first);
        }
        texts.extend(exact.deleted.iter().map(|path| (path.clone(), None)));
        Ok(kept.with_texts(texts, renamed))
    }

    /// What changed, as whole files.
    pub(crate) fn changes(&self) -> ChangeSet {
        let mut changes = ChangeSet::default();
        for (path, after) in &self.texts {
            let before = self.base.text(path);
            if before.as_deref() != after.as_deref() {
                changes.push(FileChange {
                    path: path.clone(),
                    before,
                    after: after.as_deref().map(Into::into),
                    renamed_from: self.renamed.get(path).cloned(),
                    version: self.origin.version(path),
                });
            }
        }
        changes
    }

    /// The text that a changed file had before, at another path where it was renamed; empty for a file that is new.
    pub(crate) fn text_before(&self, change: &FileChange) -> Arc<str> {
        let earlier = || self.base.text(change.renamed_from.as_deref()?);
        change.before.clone().or_else(earlier).unwrap_or_default()
    }

    fn with_texts(&self, texts: BTreeMap<String, Option<String>>, renamed: BTreeMap<String, String>) -> Self {
        let now = self.base.overlaid(texts.iter().map(|(path, text)| (path.as_str(), text.as_deref())));
        Self { origin: self.origin.clone(), base: self.base.clone(), texts, renamed, now }
    }
}
