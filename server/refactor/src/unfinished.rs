//! Refactors under way: what was asked is written down before the first model is, so that one that is cut off can be gone on with. Its
//! answers are kept by the gateway, and what is asked again is answered from there.

use std::fs::{File, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::{Path, PathBuf};

use serde_json::Value;

/// The refactors under way in one workspace: a folder of files in the user's state directory, each locked by the process that works on
/// it. A lock ends with its process, however that ends.
#[derive(Clone, Debug)]
pub struct Unfinished {
    folder: PathBuf,
}

/// A refactor under way. Its record goes when this is dropped, whatever came of it; a process that is killed leaves it.
#[derive(Debug)]
pub struct UnderWay {
    path: PathBuf,
    _lock: File,
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_file(&self.path) {
            tracing::debug!(%error, "the record of a refactor stays");
        }
    }
}

impl Unfinished {
    /// Those of the workspace called `workspace_id` below the user's state directory. Nothing is made yet.
    #[must_use]
    pub fn new(state: &Path, workspace_id: &str) -> Self {
        Self { folder: state.join("unfinished").join(workspace_id) }
    }

    /// Writes down what was asked. `None` where that cannot be kept: the refactor is then not gone on with, and is carried out all the
    /// same.
    #[must_use]
    pub fn begin(&self, request: &Value) -> Option<UnderWay> {
        let begun = || -> std::io::Result<UnderWay> {
            models::private_directory(&self.folder)?;
            for number in 1_u32.. {
                let path = self.folder.join(format!("{number}.json"));
                let mut file = match File::create_new(&path) {
                    Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => continue,
                    file => file?,
                };
                file.lock()?;
                file.write_all(request.to_string().as_bytes())?;
                file.sync_all()?;
                return Ok(UnderWay { path, _lock: file });
            }
            Err(std::io::Error::other("there is no number left"))
        };
        begun().inspect_err(|error| tracing::warn!(%error, "a refactor that is cut off cannot be gone on with")).ok()
    }

    /// What was cut off: each with what was asked. They are taken over, so that nobody else offers them, and go when they are dropped.
    #[must_use]
    pub fn cut_off(&self) -> Vec<(UnderWay, Value)> {
        let Ok(entries) = std::fs::read_dir(&self.folder) else { return Vec::new() };
        let mut found = Vec::new();
        for path in entries.flatten().map(|entry| entry.path()).filter(|path| path.extension().is_some_and(|end| end == "json")) {
            let Ok(mut file) = File::options().read(true).write(true).open(&path) else { continue };
            match file.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock | TryLockError::Error(_)) => continue,
            }
            let mut text = String::new();
            let read = file.rewind().and_then(|()| file.read_to_string(&mut text));
            let under_way = UnderWay { path, _lock: file };
            // One that was cut off while it was written says nothing, and goes.
            if let (Ok(_), Ok(request)) = (read, serde_json::from_str(&text)) {
                found.push((under_way, request));
            }
        }
        found.sort_by(|(a, _), (b, _)| a.path.cmp(&b.path));
        found
    }
}

impl UnderWay {
    /// Leaves the record to be offered again.
    pub fn leave(self) {
        std::mem::forget(self);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Unfinished;

    #[test]
    fn what_is_under_way_is_not_offered_and_what_was_cut_off_is_once() {
        let folder = tempfile::tempdir().unwrap();
        let unfinished = Unfinished::new(folder.path(), "w");
        assert!(unfinished.cut_off().is_empty());
        let under_way = unfinished.begin(&json!({"instruction": "x"})).unwrap();
        assert!(unfinished.cut_off().is_empty(), "somebody works on it");
        let path = under_way.path.clone();
        let text = std::fs::read(&path).unwrap();
        drop(under_way);
        assert!(!path.exists(), "what has ended is forgotten");
        // As a process that is killed leaves it: the record without its lock.
        std::fs::write(&path, &text).unwrap();
        let found = unfinished.cut_off();
        assert_eq!(found[0].1, json!({"instruction": "x"}));
        assert!(unfinished.cut_off().is_empty(), "it was taken over");
        drop(found);
        assert!(!path.exists());
    }
}
