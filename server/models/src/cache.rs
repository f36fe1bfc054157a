//! Answers by content. The key is everything that could change the answer; an entry is one small file that is written beside its
//! place and renamed into it, so that any number of processes may share the directory without a lock. A file that is not exactly
//! what was written is a miss.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use dashmap::DashMap;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{Cost, Job, Profile, Usage, files};

/// The first word of every entry, with the version of the format.
const MAGIC: &str = "tierline-answer-1";
/// Another version of what is taken out of texts before they are sent is another answer.
const EGRESS_VERSION: u32 = 1;
/// So many answers are held in memory; beyond it memory is emptied, the files stay.
const MAX_IN_MEMORY: usize = 4_096;
/// No answer is longer, in bytes.
const MAX_FILE: u64 = 4 << 20;

/// The name of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Key([u8; 32]);

impl Key {
    /// The key of a job on a model. The tier and the server's address are not in it: a team that asks one model shares its answers.
    pub(crate) fn of(job: &Job, profile: &Profile) -> Key {
        let mut hasher = blake3::Hasher::new_derive_key("tierline 2026-11 answers of models");
        let mut field = |bytes: &[u8]| {
            hasher.update(&(bytes.len() as u64).to_le_bytes());
            hasher.update(bytes);
        };
        field(job.kind.as_bytes());
        field(&job.prompt_version.to_le_bytes());
        field(job.schema.name.as_bytes());
        field(job.schema.json.to_string().as_bytes());
        field(profile.model.as_bytes());
        field(profile.effort.as_deref().unwrap_or_default().as_bytes());
        field(&job.max_output_tokens.min(profile.max_output_tokens).to_le_bytes());
        field(&EGRESS_VERSION.to_le_bytes());
        field(job.instructions.replace("\r\n", "\n").as_bytes());
        for part in &job.input {
            field(part.text.replace("\r\n", "\n").as_bytes());
        }
        Key(*hasher.finalize().as_bytes())
    }

    fn hex(&self) -> String {
        blake3::Hash::from_bytes(self.0).to_hex().to_string()
    }
}

/// An answer as it is kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Kept {
    pub(crate) model: String,
    pub(crate) usage: Usage,
    /// What it cost when it was asked.
    pub(crate) cost: Cost,
    pub(crate) json: Value,
}

/// The cache of one directory.
#[derive(Debug)]
pub(crate) struct Cache {
    directory: PathBuf,
    memory: DashMap<Key, Arc<Kept>>,
}

impl Cache {
    pub(crate) fn new(cache_dir: &Path) -> Self {
        Cache { directory: cache_dir.join("answers-1"), memory: DashMap::new() }
    }

    /// The answer under a key: from memory, else from its file.
    pub(crate) fn get(&self, key: &Key) -> Option<Arc<Kept>> {
        if let Some(kept) = self.memory.get(key) {
            return Some(Arc::clone(&kept));
        }
        let path = self.path(key);
        if fs::metadata(&path).ok()?.len() > MAX_FILE {
            return None;
        }
        let bytes = fs::read(&path).ok()?;
        let Some(kept) = decode(&bytes) else {
            // The entry is damaged. It is only a cache: gone is as good as never written.
            drop(fs::remove_file(&path));
            return None;
        };
        let kept = Arc::new(kept);
        self.remember(*key, Arc::clone(&kept));
        Some(kept)
    }

    /// Keeps an answer in memory and, if the disk allows, in a file.
    pub(crate) fn put(&self, key: Key, kept: Kept) -> io::Result<()> {
        let bytes = encode(&kept)?;
        self.remember(key, Arc::new(kept));
        let path = self.path(&key);
        let folder = path.parent().unwrap_or(&self.directory);
        files::private_directory(folder)?;
        let part = folder.join(format!(".{}-{:016x}", std::process::id(), fastrand::u64(..)));
        let written =
            files::private_file(&part).and_then(|mut file| file.write_all(&bytes)).and_then(|()| fs::rename(&part, &path));
        if written.is_err() {
            drop(fs::remove_file(&part));
        }
        written
    }

    /// Forgets an answer.
    pub(crate) fn remove(&self, key: &Key) {
        self.memory.remove(key);
        drop(fs::remove_file(self.path(key)));
    }

    fn remember(&self, key: Key, kept: Arc<Kept>) {
        if self.memory.len() >= MAX_IN_MEMORY {
            self.memory.clear();
        }
        self.memory.insert(key, kept);
    }

    fn path(&self, key: &Key) -> PathBuf {
        let hex = key.hex();
        self.directory.join(&hex[..2]).join(hex)
    }
}

/// A header line with the length and checksum of the body, then the body.
fn encode(kept: &Kept) -> io::Result<Vec<u8>> {
    let body = serde_json::to_vec(kept)?;
    let mut bytes = format!("{MAGIC} {} {}\n", body.len(), blake3::hash(&body).to_hex()).into_bytes();
    bytes.extend_from_slice(&body);
    Ok(bytes)
}

fn decode(bytes: &[u8]) -> Option<Kept> {
    let line = bytes.iter().position(|byte| *byte == b'\n')?;
    let (header, body) = (std::str::from_utf8(&bytes[..line]).ok()?, &bytes[line + 1..]);
    let mut words = header.split(' ');
    let fits = words.next() == Some(MAGIC)
        && words.next()?.parse() == Ok(body.len())
        && words.next() == Some(blake3::hash(body).to_hex().as_str())
        && words.next().is_none();
    if fits { serde_json::from_slice(body).ok() } else { None }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn kept() -> Kept {
        Kept {
            model: "m".into(),
            usage: Usage { input: 3, ..Usage::default() },
            cost: Cost::from_pico_usd(7),
            json: json!({"a": "é"}),
        }
    }

    #[test]
    fn what_was_kept_is_found_by_another_process() {
        let folder = tempfile::tempdir().unwrap();
        let key = Key([7; 32]);
        Cache::new(folder.path()).put(key, kept()).unwrap();
        assert_eq!(*Cache::new(folder.path()).get(&key).unwrap(), kept());
        assert!(Cache::new(folder.path()).get(&Key([8; 32])).is_none());
    }

    #[test]
    fn a_damaged_entry_is_a_miss() {
        let whole = encode(&kept()).unwrap();
        assert_eq!(decode(&whole), Some(kept()));
        for length in 0..whole.len() {
            assert_eq!(decode(&whole[..length]), None, "cut at {length}");
        }
        for place in 0..whole.len() {
            let mut bytes = whole.clone();
            bytes[place] ^= 1;
            assert_eq!(decode(&bytes), None, "changed at {place}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn only_the_user_may_read_the_entries() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::new(folder.path());
        let key = Key([7; 32]);
        cache.put(key, kept()).unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&cache.path(&key)), mode(cache.path(&key).parent().unwrap())), (0o600, 0o700));
    }
}
