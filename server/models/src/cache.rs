//! Answers by content. The key is everything that could change the answer; an entry is one small file that is written beside its
//! place and renamed into it, so that any number of processes may share the directory without a lock. A file that is not exactly
//! what was written is a miss.

mod directory;
mod entry;
mod key;
#[cfg(test)]
mod tests;

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use dashmap::DashMap;

use crate::files;

pub use directory::{CacheDirectory, CacheStats, Collected, Verified};
pub(crate) use entry::{Kept, decode, encode};
pub(crate) use key::Key;

/// So many answers are held in memory; beyond it memory is emptied, the files stay.
const MAX_IN_MEMORY: usize = 4_096;
/// No entry is longer, in bytes.
const MAX_FILE: u64 = 4 << 20;
/// That an entry was used is written down at most so often.
const USE_NOTED: Duration = Duration::from_secs(3_600);
/// How the name of an answer ends that no check has spoken on.
const UNJUDGED: &str = "-unjudged";
/// One in so many answers that are kept has the directory looked through.
const COLLECT_ONE_IN: u32 = 256;

/// The cache of one directory.
#[derive(Debug)]
pub(crate) struct Cache {
    /// `None` where nothing is kept beyond this process.
    directory: Option<PathBuf>,
    memory: DashMap<Key, Arc<Kept>>,
}

impl Cache {
    pub(crate) fn new(cache_dir: &Path) -> Self {
        Cache { directory: Some(directory::below(cache_dir)), memory: DashMap::new() }
    }

    /// A cache that ends with this process.
    pub(crate) fn in_memory() -> Self {
        Cache { directory: None, memory: DashMap::new() }
    }

    /// The answer under a key: from memory, else from its file.
    pub(crate) fn get(&self, key: &Key) -> Option<Arc<Kept>> {
        if let Some(kept) = self.memory.get(key) {
            return Some(Arc::clone(&kept));
        }
        let path = self.path(key)?;
        let metadata = fs::metadata(&path).ok()?;
        if metadata.len() > MAX_FILE {
            return None;
        }
        let bytes = fs::read(&path).ok()?;
        let Some(kept) = decode(key, &bytes) else {
            // The entry is damaged. It is only a cache: gone is as good as never written.
            drop(fs::remove_file(&path));
            return None;
        };
        note_use(&path, &metadata);
        let kept = Arc::new(kept);
        self.remember(*key, Arc::clone(&kept));
        Some(kept)
    }

    /// Keeps an answer in memory and, if the disk allows, in a file.
    pub(crate) fn put(&self, key: Key, kept: Kept) -> io::Result<()> {
        let bytes = encode(&key, &kept)?;
        self.remember(key, Arc::new(kept));
        let (Some(path), Some(directory)) = (self.path(&key), &self.directory) else {
            return Ok(());
        };
        let placed = write(&path, directory, &bytes);
        if fastrand::u32(..COLLECT_ONE_IN) == 0 {
            let directory = CacheDirectory::at(directory.clone());
            std::thread::spawn(move || directory.collect(CacheDirectory::MAX_BYTES, CacheDirectory::MAX_AGE));
        }
        placed
    }

    /// Lays an answer that no check has spoken on beside those that are kept, for a process that comes after this one was killed. A disk
    /// that refuses costs that process the price of the answer and nothing else.
    pub(crate) fn put_unjudged(&self, key: &Key, kept: &Kept) {
        let (Some(path), Some(directory), Ok(bytes)) = (self.unjudged(key), &self.directory, encode(key, kept)) else { return };
        if let Err(error) = write(&path, directory, &bytes) {
            tracing::debug!(%error, "an answer is lost if this process is killed before it was checked");
        }
    }

    /// The answer that was left without a check; it is gone from there then.
    pub(crate) fn take_unjudged(&self, key: &Key) -> Option<Kept> {
        let path = self.unjudged(key)?;
        let bytes = fs::read(&path).ok()?;
        drop(fs::remove_file(&path));
        decode(key, &bytes)
    }

    /// A check has spoken.
    pub(crate) fn judged(&self, key: &Key) {
        if let Some(path) = self.unjudged(key) {
            drop(fs::remove_file(path));
        }
    }

    fn unjudged(&self, key: &Key) -> Option<PathBuf> {
        let path = self.path(key)?;
        let name = format!(".{}{UNJUDGED}", path.file_name()?.to_str()?);
        Some(path.with_file_name(name))
    }

    /// Forgets an answer.
    pub(crate) fn remove(&self, key: &Key) {
        self.memory.remove(key);
        if let Some(path) = self.path(key) {
            drop(fs::remove_file(path));
        }
    }

    fn remember(&self, key: Key, kept: Arc<Kept>) {
        if self.memory.len() >= MAX_IN_MEMORY {
            self.memory.clear();
        }
        self.memory.insert(key, kept);
    }

    fn path(&self, key: &Key) -> Option<PathBuf> {
        let hex = key.hex();
        Some(self.directory.as_ref()?.join(&hex[..2]).join(hex))
    }
}

/// Writes a file of the cache beside its place, and renames it into it.
fn write(path: &Path, directory: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().unwrap_or(directory);
    let part = folder.join(format!(".{}-{:016x}", std::process::id(), fastrand::u64(..)));
    let create = || {
        files::private_directory(folder)?;
        files::private_file(&part)
    };
    // The folder may be cleared between the two: once more then.
    let written = create().or_else(|_| create()).and_then(|mut file| file.write_all(bytes));
    let placed = written.and_then(|()| fs::rename(&part, path));
    if placed.is_err() {
        drop(fs::remove_file(&part));
    }
    placed
}

/// The time of change of an entry is the time of its last use, give or take an hour.
fn note_use(path: &Path, metadata: &fs::Metadata) {
    let now = SystemTime::now();
    let noted = metadata.modified().ok().and_then(|at| now.duration_since(at).ok());
    if noted.is_some_and(|age| age > USE_NOTED) {
        drop(File::options().append(true).open(path).and_then(|file| file.set_modified(now)));
    }
}
