//! A change to several files, as whole texts before and after.

use std::sync::Arc;

use assist::Snapshot;
use text::{Edit, edits_between, unified_diff};

/// One file before and after.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileChange {
    /// The path relative to the root, with `/` between its parts.
    pub path: String,
    /// The text that the change was computed for; `None` for a file that is new.
    pub before: Option<Arc<str>>,
    /// The text afterwards; `None` for a file that goes.
    pub after: Option<Arc<str>>,
    /// The path that a new file had before it was renamed; the file there goes in the same change set.
    pub renamed_from: Option<String>,
    /// The version of the document where an editor has it open.
    pub version: Option<i32>,
}

impl FileChange {
    /// The smallest edits by lines that lead from before to after.
    #[must_use]
    pub fn edits(&self) -> Vec<Edit> {
        edits_between(self.before.as_deref().unwrap_or_default(), self.after.as_deref().unwrap_or_default())
    }

    /// The change as a unified diff.
    #[must_use]
    pub fn diff(&self) -> String {
        unified_diff(&self.path, self.before.as_deref().unwrap_or_default(), self.after.as_deref().unwrap_or_default())
    }
}

/// Whether two texts are the same but for how their lines end. Some editors, Emacs among them, hold every text with line feeds alone, and
/// write a file's own ends to disk.
#[must_use]
pub fn is_same_text(a: &str, b: &str) -> bool {
    a == b || without_returns(a) == without_returns(b)
}

/// A text with its lines ending as those of another do.
pub(crate) fn ending_as(text: &str, other: &str) -> String {
    if other.contains("\r\n") { text.to_owned() } else { without_returns(text) }
}

fn without_returns(text: &str) -> String {
    text.replace("\r\n", "\n")
}

/// Changes to several files that belong together, in the order of their paths.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChangeSet {
    files: Vec<FileChange>,
}

impl ChangeSet {
    /// Adds a file; each path once.
    pub fn push(&mut self, change: FileChange) {
        debug_assert!(self.files.iter().all(|other| other.path != change.path));
        self.files.push(change);
        self.files.sort_by(|a, b| a.path.cmp(&b.path));
    }

    /// The files.
    #[must_use]
    pub fn files(&self) -> &[FileChange] {
        &self.files
    }

    /// What of it stands in the workspace: the files that are no longer as before, with the texts that they have now.
    #[must_use]
    pub fn as_found(&self, now: &Snapshot) -> Self {
        let found = |change: &FileChange| {
            let after = now.text(&change.path);
            (after != change.before).then(|| FileChange { after, ..change.clone() })
        };
        Self { files: self.files.iter().filter_map(found).collect() }
    }

    /// The same with the versions that open documents have now.
    #[must_use]
    pub fn with_versions(&self, version: impl Fn(&str) -> Option<i32>) -> Self {
        let now = |change: &FileChange| FileChange { version: version(&change.path), ..change.clone() };
        Self { files: self.files.iter().map(now).collect() }
    }

    /// Whether nothing changes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// All diffs, one after the other.
    #[must_use]
    pub fn diff(&self) -> String {
        self.files.iter().map(FileChange::diff).collect()
    }
}
