//! A workspace as it would be: the snapshot with new texts laid over it, never the user's own files.

use std::collections::BTreeMap;

use assist::Snapshot;
use text::{EditError, EditSet, apply_edits};

use crate::exact::Exact;
use crate::{ChangeSet, FileChange};

/// New texts over a snapshot.
#[derive(Clone, Debug)]
pub(crate) struct Overlay {
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
        Self { base: base.clone(), texts: BTreeMap::new(), renamed: BTreeMap::new(), now: base.clone() }
    }

    /// The workspace as it was.
    pub(crate) fn base(&self) -> &Snapshot {
        &self.base
    }

    /// The workspace as it would be.
    pub(crate) fn now(&self) -> &Snapshot {
        &self.now
    }

    /// The same overlay with `edits` made to the texts as they would be.
    pub(crate) fn edited(&self, edits: &EditSet) -> Result<Self, EditError> {
        let mut texts = self.texts.clone();
        for (path, edits) in edits.files() {
            let before = self.now.text(path).unwrap_or_default();
            texts.insert(path.to_owned(), Some(apply_edits(&before, edits)?));
        }
        Ok(self.with_texts(texts, self.renamed.clone()))
    }

    /// The same overlay after an exact change: edits first, then files that change their path, then files that go.
    pub(crate) fn carried_out(&self, exact: &Exact) -> Result<Self, EditError> {
        let edited = self.edited(&exact.edits)?;
        let (mut texts, mut renamed) = (edited.texts, edited.renamed);
        for (from, to) in &exact.renamed {
            texts.insert(to.clone(), edited.now.text(from).map(|text| text.to_string()));
            texts.insert(from.clone(), None);
            let first = renamed.remove(from).unwrap_or_else(|| from.clone());
            renamed.insert(to.clone(), first);
        }
        texts.extend(exact.deleted.iter().map(|path| (path.clone(), None)));
        Ok(self.with_texts(texts, renamed))
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
                    version: self.base.version(path),
                });
            }
        }
        changes
    }

    fn with_texts(&self, texts: BTreeMap<String, Option<String>>, renamed: BTreeMap<String, String>) -> Self {
        let now = self.base.overlaid(texts.iter().map(|(path, text)| (path.as_str(), text.as_deref())));
        Self { base: self.base.clone(), texts, renamed, now }
    }
}
