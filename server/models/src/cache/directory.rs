//! The directory of the answers as a whole: how much there is, what is damaged, what may go.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use super::{Key, MAX_FILE, UNJUDGED, decode};

/// The folder of the answers, with the version of their format.
const FOLDER: &str = "answers-2";
/// A file that was begun and never put in its place is left over after this.
const LEFT_OVER: Duration = Duration::from_secs(3_600);

/// Where the answers are kept below the user's cache.
pub(super) fn below(cache_dir: &Path) -> PathBuf {
    cache_dir.join(FOLDER)
}

/// The kept answers of a user. Other processes may use them meanwhile.
#[derive(Debug, Clone)]
pub struct CacheDirectory {
    path: PathBuf,
}

/// How much is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CacheStats {
    /// How many answers.
    pub entries: u64,
    /// How many bytes they take.
    pub bytes: u64,
    /// When the one that was not used for longest was used, to the hour.
    pub oldest_use: Option<SystemTime>,
}

/// What a look at every answer found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Verified {
    /// How many answers are as they were written.
    pub whole: u64,
    /// How many were not, and are removed.
    pub damaged: u64,
}

/// What was removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Collected {
    /// How many answers.
    pub entries: u64,
    /// How many bytes.
    pub bytes: u64,
}

struct Entry {
    path: PathBuf,
    bytes: u64,
    used: SystemTime,
}

impl CacheDirectory {
    /// The answers may take so many bytes.
    pub const MAX_BYTES: u64 = 512 << 20;
    /// An answer that nobody used for so long may go.
    pub const MAX_AGE: Duration = Duration::from_secs(90 * 24 * 3_600);

    /// The answers below a user's cache directory.
    #[must_use]
    pub fn new(cache_dir: &Path) -> Self {
        CacheDirectory { path: below(cache_dir) }
    }

    pub(super) fn at(path: PathBuf) -> Self {
        CacheDirectory { path }
    }

    /// Where the answers are.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// How much is kept. Reads no answer.
    #[must_use]
    pub fn stats(&self) -> CacheStats {
        self.entries().iter().fold(CacheStats::default(), |sum, entry| CacheStats {
            entries: sum.entries + 1,
            bytes: sum.bytes + entry.bytes,
            oldest_use: Some(sum.oldest_use.map_or(entry.used, |oldest| oldest.min(entry.used))),
        })
    }

    /// Reads every answer and removes those that are not exactly what was written.
    #[must_use]
    pub fn verify(&self) -> Verified {
        let mut found = Verified::default();
        for entry in self.entries() {
            let key = entry.path.file_name().and_then(|name| Key::from_hex(name.to_str()?));
            let read = || fs::read(&entry.path);
            match (key, read()) {
                // It was removed meanwhile.
                (_, Err(error)) if error.kind() == std::io::ErrorKind::NotFound => {}
                (Some(key), Ok(bytes)) if entry.bytes <= MAX_FILE && decode(&key, &bytes).is_some() => found.whole += 1,
                _ => {
                    found.damaged += 1;
                    drop(fs::remove_file(&entry.path));
                }
            }
        }
        found
    }

    /// Removes what nobody used for `max_age`, then what was not used for longest, until no more than `max_bytes` are left; and
    /// what was begun and never finished.
    pub fn collect(&self, max_bytes: u64, max_age: Duration) -> Collected {
        let now = SystemTime::now();
        let mut entries = self.entries();
        entries.sort_by_key(|entry| entry.used);
        let mut left: u64 = entries.iter().map(|entry| entry.bytes).sum();
        let mut gone = Collected::default();
        for entry in entries {
            let is_old = now.duration_since(entry.used).is_ok_and(|age| age > max_age);
            if !is_old && left <= max_bytes {
                break;
            }
            left -= entry.bytes;
            gone.take(&entry);
        }
        for file in self.files(|name| name.starts_with('.')) {
            if now.duration_since(file.used).is_ok_and(|age| age > LEFT_OVER) {
                drop(fs::remove_file(file.path));
            }
        }
        gone
    }

    /// Removes every answer.
    pub fn clear(&self) -> Collected {
        let mut gone = Collected::default();
        for entry in self.files(|name| !name.starts_with('.') || name.ends_with(UNJUDGED)) {
            gone.take(&entry);
        }
        gone
    }

    fn entries(&self) -> Vec<Entry> {
        self.files(|name| !name.starts_with('.'))
    }

    /// Files exactly where answers are: what somebody else put here is nobody's to remove.
    fn files(&self, wanted: impl Fn(&str) -> bool) -> Vec<Entry> {
        let folders = fs::read_dir(&self.path).into_iter().flatten().flatten();
        let is_ours = |name: &str| name.len() == 2 && name.bytes().all(|byte| byte.is_ascii_hexdigit());
        let ours = folders.filter(|folder| folder.file_name().to_str().is_some_and(is_ours));
        let files = ours.flat_map(|folder| fs::read_dir(folder.path()).into_iter().flatten().flatten());
        files
            .filter(|file| file.file_name().to_str().is_some_and(&wanted))
            .filter_map(|file| {
                let metadata = file.metadata().ok().filter(fs::Metadata::is_file)?;
                Some(Entry { path: file.path(), bytes: metadata.len(), used: metadata.modified().ok()? })
            })
            .collect()
    }
}

impl Collected {
    fn take(&mut self, entry: &Entry) {
        if fs::remove_file(&entry.path).is_ok() {
            self.entries += 1;
            self.bytes += entry.bytes;
        }
    }
}
