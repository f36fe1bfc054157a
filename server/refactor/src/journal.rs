//! The journal: what was applied to a workspace, so that it can be undone as a whole.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use assist::Snapshot;
use serde::{Deserialize, Serialize};

use crate::Receipt;
use crate::apply::{apply_to_disk, remove_unrenamed};
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
    /// Whether it was being applied when this was written: by whom, where it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    under_way: Option<By>,
    /// Who did what, for how much.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receipt: Option<KeptReceipt>,
    /// The files with both texts.
    files: Vec<JournalFile>,
    /// What its file is called, once it has one.
    #[serde(skip)]
    number: u64,
}

/// Who writes the files of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum By {
    /// This program writes them to disk.
    Us,
    /// An editor changes them, saved or not.
    Editor,
}

/// A receipt as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptReceipt {
    /// For people.
    pub markdown: String,
    /// For programs.
    pub json: serde_json::Value,
}

/// A change that is being applied. Nobody else applies one to that workspace meanwhile.
#[derive(Debug)]
pub struct Applying {
    journal: Journal,
    number: u64,
    entry: JournalEntry,
    _lock: File,
}

/// What became of a refactor that was cut off while its files were written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Recovered {
    /// The files that had been written are as they were before.
    TakenBack(Vec<String>),
    /// Some files hold it, and these hold neither text: the user says what becomes of it, by `undo`.
    Edited(Vec<String>),
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

impl JournalError {
    /// Whether another change of the workspace is being applied: it is over in a moment, unless somebody is looking at it.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        self.error.kind() == std::io::ErrorKind::WouldBlock
    }
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
    /// Fails where the state directory cannot be written, because what cannot be undone is not applied, and while another change is being
    /// applied to the workspace.
    pub fn begin(&self, instruction: &str, changes: &ChangeSet, receipt: &Receipt, by: By) -> Result<Applying, JournalError> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |elapsed| elapsed.as_secs());
        let receipt = KeptReceipt { markdown: receipt.to_markdown(instruction), json: receipt.to_json() };
        let entry = JournalEntry {
            instruction: instruction.to_owned(),
            applied_at: now,
            under_way: Some(by),
            receipt: Some(receipt),
            files: files_of(changes),
            number: 0,
        };
        let noted = self.lock().and_then(|lock| Ok((lock, self.write(&entry)?)));
        let (lock, number) = noted.map_err(|error| self.error(error))?;
        Ok(Applying { journal: self.clone(), number, entry, _lock: lock })
    }

    /// Looks whether the newest change was cut off while its files were being written, and takes it back where nobody has touched them
    /// since. What an editor was applying is in its hands, and may be undone there.
    ///
    /// # Errors
    /// Fails where the state directory cannot be used or a file cannot be put back.
    pub fn recover(&self, root: &Path) -> Result<Option<Recovered>, JournalError> {
        let numbers = self.numbers().map_err(|error| self.error(error))?;
        let (Some(number), Some(entry)) = (numbers.last(), self.last()?) else { return Ok(None) };
        let Some(by) = entry.under_way else { return Ok(None) };
        // Whoever is still at it holds the lock.
        let Ok(lock) = self.lock() else { return Ok(None) };
        let applying = Applying { journal: self.clone(), number: *number, entry: entry.clone(), _lock: lock };
        if by == By::Editor {
            applying.applied()?;
            return Ok(None);
        }
        let (mut back, mut written, mut edited) = (ChangeSet::default(), Vec::new(), Vec::new());
        for file in &entry.files {
            [&file.before, &file.after].into_iter().flatten().for_each(|text| remove_unrenamed(root, &file.path, text));
            let now = std::fs::read_to_string(root.join(&file.path)).ok();
            if now == file.after && now != file.before {
                written.push(file.path.clone());
                back.push(FileChange {
                    path: file.path.clone(),
                    before: file.after.as_deref().map(Into::into),
                    after: file.before.as_deref().map(Into::into),
                    ..FileChange::default()
                });
            } else if now != file.before {
                edited.push(file.path.clone());
            }
        }
        if written.len() == entry.files.len() {
            applying.applied()?;
            return Ok(None);
        }
        if !edited.is_empty() {
            applying.applied()?;
            return Ok(Some(Recovered::Edited(edited)));
        }
        apply_to_disk(root, &back).map_err(|error| self.error(std::io::Error::other(error)))?;
        applying.forget()?;
        Ok(Some(written).filter(|written| !written.is_empty()).map(Recovered::TakenBack))
    }

    /// Held while a change is applied.
    fn lock(&self) -> std::io::Result<File> {
        models::private_directory(&self.folder)?;
        let lock = File::create(self.folder.join("lock"))?;
        let busy = || std::io::Error::new(std::io::ErrorKind::WouldBlock, "another change of this workspace is being applied");
        lock.try_lock().map_err(|_| busy())?;
        Ok(lock)
    }

    /// The newest entry; `None` where nothing can be undone.
    ///
    /// # Errors
    /// Fails where the state directory cannot be read.
    pub fn last(&self) -> Result<Option<JournalEntry>, JournalError> {
        let numbers = self.numbers().map_err(|error| self.error(error))?;
        let Some(number) = numbers.last() else { return Ok(None) };
        let text = std::fs::read(self.file(*number)).map_err(|error| self.error(error))?;
        let entry: JournalEntry = serde_json::from_slice(&text).map_err(|error| self.error(error.into()))?;
        Ok(Some(JournalEntry { number: *number, ..entry }))
    }

    /// Forgets an entry that was undone: it need not be the newest any more.
    ///
    /// # Errors
    /// Fails where the state directory cannot be written.
    pub fn forget(&self, entry: &JournalEntry) -> Result<(), JournalError> {
        match std::fs::remove_file(self.file(entry.number)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(self.error(error)),
            _ => Ok(()),
        }
    }

    fn write(&self, entry: &JournalEntry) -> std::io::Result<u64> {
        let numbers = self.numbers()?;
        let next = numbers.last().map_or(1, |last| last + 1);
        self.put(next, entry)?;
        for old in numbers.iter().rev().skip(KEPT - 1) {
            std::fs::remove_file(self.file(*old))?;
        }
        Ok(next)
    }

    fn put(&self, number: u64, entry: &JournalEntry) -> std::io::Result<()> {
        let mut file = tempfile::NamedTempFile::new_in(&self.folder)?;
        file.write_all(&serde_json::to_vec(entry)?)?;
        file.as_file().sync_all()?;
        file.persist(self.file(number)).map_err(|error| error.error)?;
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

impl Applying {
    /// The change is in the files, as far as it ever will be: `undo` may take it back.
    ///
    /// # Errors
    /// Fails where the state directory cannot be written.
    pub fn applied(mut self) -> Result<(), JournalError> {
        self.entry.under_way = None;
        self.journal.put(self.number, &self.entry).map_err(|error| self.journal.error(error))
    }

    /// Of the change only this is in the files: `undo` may take that back.
    ///
    /// # Errors
    /// Fails where the state directory cannot be written.
    pub fn applied_in_part(mut self, part: &ChangeSet) -> Result<(), JournalError> {
        self.entry.files = files_of(part);
        self.applied()
    }

    /// No file holds the change: it is forgotten.
    ///
    /// # Errors
    /// Fails where the state directory cannot be written.
    pub fn forget(self) -> Result<(), JournalError> {
        std::fs::remove_file(self.journal.file(self.number)).map_err(|error| self.journal.error(error))
    }
}

fn files_of(changes: &ChangeSet) -> Vec<JournalFile> {
    let file = |change: &FileChange| JournalFile {
        path: change.path.clone(),
        before: change.before.as_deref().map(str::to_owned),
        after: change.after.as_deref().map(str::to_owned),
        renamed_from: change.renamed_from.clone(),
    };
    changes.files().iter().map(file).collect()
}

impl JournalEntry {
    /// How many files it changed.
    #[must_use]
    pub fn file_count(&self) -> usize {
        self.files.len()
    }

    /// The change that leads back from the workspace as it is now; files that are as they were already are left out.
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
            let is_back = match (&text, &file.before) {
                (Some(text), Some(before)) => is_same_text(text, before),
                (text, before) => text.is_none() && before.is_none(),
            };
            if is_back {
                continue;
            }
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

#[cfg(test)]
mod tests;
