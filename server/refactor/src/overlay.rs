//! A workspace as it would be: the snapshot with new texts laid over it, never the user's own files.

use std::collections::BTreeMap;

use assist::Snapshot;
use text::{EditError, EditSet, apply_edits};

use crate::{ChangeSet, FileChange};

/// New texts over a snapshot.
#[derive(Clone, Debug)]
pub(crate) struct Overlay {
    base: Snapshot,
    /// The new text of each file that differs or is new.
    texts: BTreeMap<String, String>,
    /// The workspace with those texts.
    now: Snapshot,
}

impl Overlay {
    pub(crate) fn new(base: &Snapshot) -> Self {
        Self { base: base.clone(), texts: BTreeMap::new(), now: base.clone() }
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
            texts.insert(path.to_owned(), apply_edits(&before, edits)?);
        }
        Ok(self.with_texts(texts))
    }

    /// What changed, as whole files.
    pub(crate) fn changes(&self) -> ChangeSet {
        let mut changes = ChangeSet::default();
        for (path, after) in &self.texts {
            let before = self.base.text(path);
            if before.as_deref() != Some(after.as_str()) {
                changes.push(FileChange {
                    path: path.clone(),
                    before,
                    after: after.as_str().into(),
                    version: self.base.version(path),
                });
            }
        }
        changes
    }

    fn with_texts(&self, texts: BTreeMap<String, String>) -> Self {
        let now = self.base.overlaid(texts.iter().map(|(path, text)| (path.as_str(), text.as_str())));
        Self { base: self.base.clone(), texts, now }
    }
}
