//! The journal: what was applied to a workspace, so that it can be undone as a whole.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use assist::Snapshot;
use serde::{Deserialize, Serialize};

use crate::change_set::{ChangeSet, FileChange, ending_as, is_same_text};

/// How many entries a workspace keeps.
const KEPT: usize = 20;

/// The journal of one workspace: a folder of files in the user's state directory, the name of each its number.
#[derive(Clone, Debug)]
pub struct Journal {
    folder: PathBuf,
}

/// One refactor that was applied.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
pub struct JournalEntry {
    /// What was asked for.
    pub instruction: String,
    /// When, in seconds since 1970 UTC.
    pub applied_at: u64,
    /// The files with both texts.
    files: Vec<JournalFile>,
}

#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
struct JournalFile {
    path: String,
    before: Option<String>,
    after: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    renamed_from: Option<String>,
}

/// The journal cannot be read or written.
#[derive(Debug, thiserror::Error)]
#[error("the journal in {} cannot be used: {error}", .folder.display())]
pub struct JournalError {
    folder: PathBuf,
    error: std::io::Error,
}

/// Files that were edited after the refactor, so that undoing it would lose that.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not undone, because these files were edited since: {}", .0.join(", "))]
pub struct UndoConflict(pub Vec<String>);

impl Journal {
    /// The journal of the workspace called `workspace_id` below the user's state directory. Nothing is made yet.
    #[must_use]
    pub fn new(state: &Path, workspace_id: &str) -> Self {
        Self { folder: state.join("journal").join(workspace_id) }
    }

    /// Notes a change set before it is applied.
    ///
    /// # Errors
    /// Fails where the state directory cannot be written: what cannot be undone is not applied.
    pub fn push(&self, instruction: &str, changes: &ChangeSet) -> Result<(), JournalError> {
        let files = changes.files().iter().map(|change| JournalFile {
            path: change.path.clone(),
            before: change.before.as_deref().map(str::to_owned),
            after: change.after.as_deref().map(str::to_owned),
            renamed_from: change.renamed_from.clone(),
        });
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |elapsed| elapsed.as_secs());
        let entry = JournalEntry { instruction: instruction.to_owned(), applied_at: now, files: files.collect() };
        self.write(&entry).map_err(|error| self.error(error))
    }

    /// The newest entry; `None` where nothing can be undone.
    ///
    /// # Errors
    /// Fails where the state directory cannot be read.
    pub fn last(&self) -> Result<Option<JournalEntry>, JournalError> {
        let numbers = self.numbers().map_err(|error| self.error(error))?;
        let Some(number) = numbers.last() else { return Ok(None) };
        let text = std::fs::read(self.file(*number)).map_err(|error| self.error(error))?;
        serde_json::from_slice(&text).map(Some).map_err(|error| self.error(error.into()))
    }

    /// Forgets the newest entry, because it was undone or never applied.
    ///
    /// # Errors
    /// Fails where the state directory cannot be written.
    pub fn pop(&self) -> Result<(), JournalError> {
        match self.numbers().map_err(|error| self.error(error))?.last() {
            Some(number) => std::fs::remove_file(self.file(*number)).map_err(|error| self.error(error)),
            None => Ok(()),
        }
    }

    fn write(&self, entry: &JournalEntry) -> std::io::Result<()> {
        make_private_folder(&self.folder)?;
        let numbers = self.numbers()?;
        let next = numbers.last().map_or(1, |last| last + 1);
        let mut file = tempfile::NamedTempFile::new_in(&self.folder)?;
        file.write_all(&serde_json::to_vec(entry)?)?;
        file.as_file().sync_all()?;
        file.persist(self.file(next)).map_err(|error| error.error)?;
        for old in numbers.iter().rev().skip(KEPT - 1) {
            std::fs::remove_file(self.file(*old))?;
        }
        Ok(())
    }

    fn numbers(&self) -> std::io::Result<Vec<u64>> {
        let entries = match std::fs::read_dir(&self.folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        let mut numbers: Vec<u64> =
            entries.filter_map(|entry| entry.ok()?.file_name().to_str()?.strip_suffix(".json")?.parse().ok()).collect();
        numbers.sort_unstable();
        Ok(numbers)
    }

    fn file(&self, number: u64) -> PathBuf {
        self.folder.join(format!("{number}.json"))
    }

    fn error(&self, error: std::io::Error) -> JournalError {
        JournalError { folder: self.folder.clone(), error }
    }
}

impl JournalEntry {
    /// How many files it changed.
    #[must_use]
    pub fn file_count(&self) -> usize {
        self.files.len()
    }

    /// The change that leads back from the workspace as it is now.
    ///
    /// # Errors
    /// Fails where a file is not as the refactor left it.
    pub fn inverse(&self, now: &Snapshot) -> Result<ChangeSet, UndoConflict> {
        let mut changes = ChangeSet::default();
        let mut edited = Vec::new();
        let renamed = |path: &str| self.files.iter().find(|file| file.renamed_from.as_deref() == Some(path));
        for file in &self.files {
            let text = now.text(&file.path);
            let is_left_so = match (&text, &file.after) {
                (Some(text), Some(after)) => is_same_text(text, after),
                (text, after) => text.is_none() && after.is_none(),
            };
            if !is_left_so {
                edited.push(file.path.clone());
                continue;
            }
            // An editor may keep line ends of its own: what comes back has those too.
            let ends_alike = text.as_deref() == file.after.as_deref();
            let before = file.before.as_deref().map(|before| match &text {
                Some(held) if !ends_alike => ending_as(before, held).into(),
                _ => before.into(),
            });
            changes.push(FileChange {
                path: file.path.clone(),
                before: text,
                after: before,
                renamed_from: renamed(&file.path).map(|renamed| renamed.path.clone()),
                version: now.version(&file.path),
            });
        }
        if edited.is_empty() { Ok(changes) } else { Err(UndoConflict(edited)) }
    }
}

/// Makes a folder, and those above it, that only its user may read.
///
/// # Errors
/// Fails where the system refuses.
#[cfg(unix)]
pub fn make_private_folder(folder: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

/// Makes a folder and those above it.
///
/// # Errors
/// Fails where the system refuses.
#[cfg(not(unix))]
pub fn make_private_folder(folder: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)
}

#[cfg(test)]
mod tests {
    use assist::{Host, Settings};

    use super::Journal;
    use crate::{ChangeSet, FileChange};

    fn changes(after: &str) -> ChangeSet {
        let mut changes = ChangeSet::default();
        changes.push(FileChange {
            path: "a.rs".into(),
            before: Some("old".into()),
            after: Some(after.into()),
            ..FileChange::default()
        });
        changes
    }

    #[test]
    fn the_newest_entry_comes_back_first() {
        let folder = tempfile::tempdir().unwrap();
        let journal = Journal::new(folder.path(), "w");
        assert_eq!(journal.last().unwrap(), None);
        journal.push("first", &changes("1")).unwrap();
        journal.push("second", &changes("2")).unwrap();
        assert_eq!(journal.last().unwrap().unwrap().instruction, "second");
        journal.pop().unwrap();
        assert_eq!(journal.last().unwrap().unwrap().instruction, "first");
    }

    #[test]
    fn an_undo_leads_back_or_says_what_was_edited() {
        let folder = tempfile::tempdir().unwrap();
        let journal = Journal::new(folder.path(), "w");
        journal.push("x", &changes("new")).unwrap();
        let entry = journal.last().unwrap().unwrap();
        let host = Host::new(folder.path(), Settings::default(), None);
        host.open("a.rs", "new", 3);
        let inverse = entry.inverse(&host.snapshot()).unwrap();
        assert_eq!((inverse.files()[0].after.as_deref(), inverse.files()[0].version), (Some("old"), Some(3)));
        host.open("a.rs", "edited", 4);
        assert_eq!(entry.inverse(&host.snapshot()).unwrap_err().0, ["a.rs"]);
    }

    #[test]
    fn an_undo_keeps_the_line_ends_of_the_editor() {
        let folder = tempfile::tempdir().unwrap();
        let journal = Journal::new(folder.path(), "w");
        let mut changes = ChangeSet::default();
        let (before, after) = (Some("a\r\nold\r\n".into()), Some("a\r\nnew\r\n".into()));
        changes.push(FileChange { path: "a.rs".into(), before, after, ..FileChange::default() });
        journal.push("x", &changes).unwrap();
        let entry = journal.last().unwrap().unwrap();
        let host = Host::new(folder.path(), Settings::default(), None);
        for (held, undone) in [("a\r\nnew\r\n", "a\r\nold\r\n"), ("a\nnew\n", "a\nold\n")] {
            host.open("a.rs", held, 3);
            assert_eq!(entry.inverse(&host.snapshot()).unwrap().files()[0].after.as_deref(), Some(undone));
        }
    }

    #[test]
    fn only_the_newest_are_kept() {
        let folder = tempfile::tempdir().unwrap();
        let journal = Journal::new(folder.path(), "w");
        for n in 0..25 {
            journal.push(&n.to_string(), &changes("x")).unwrap();
        }
        assert_eq!(journal.numbers().unwrap(), (6..=25).collect::<Vec<u64>>());
    }
}
