//! What servers were found to accept, for the session in memory and for a week in the cache directory, so that the next process is
//! spared the detour. A file that cannot be read is as good as none.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

use crate::abilities::Abilities;
use crate::{Profile, files};

/// Servers are updated: after this long, in seconds, everything is tried again.
const KEPT: u64 = 7 * 86_400;

#[derive(Serialize, Deserialize)]
struct Known {
    learned: u64,
    abilities: Abilities,
}

/// What an earlier process found.
pub(super) fn load(cache_dir: &Path, profile: &Profile) -> Option<Abilities> {
    let known: Known = serde_json::from_slice(&std::fs::read(path(cache_dir, profile)).ok()?).ok()?;
    let age = now().checked_sub(known.learned)?;
    (age < KEPT).then_some(known.abilities)
}

/// Keeps what was found. A disk that refuses costs the next process a detour and nothing else.
pub(super) fn keep(cache_dir: &Path, profile: &Profile, abilities: Abilities) {
    let path = path(cache_dir, profile);
    let part = path.with_extension(format!("{:016x}", fastrand::u64(..)));
    let written = path.parent().map_or(Ok(()), files::private_directory).and_then(|()| {
        let text = serde_json::to_vec(&Known { learned: now(), abilities })?;
        files::private_file(&part)?.write_all(&text)?;
        std::fs::rename(&part, &path)
    });
    if let Err(error) = written {
        drop(std::fs::remove_file(&part));
        tracing::debug!(%error, "what a server accepts is not kept on disk");
    }
}

fn path(cache_dir: &Path, profile: &Profile) -> PathBuf {
    let endpoint = &profile.endpoint;
    let name = format!("{}\n{}\n{}", endpoint.wire, endpoint.base_url, profile.model);
    cache_dir.join("abilities-1").join(format!("{}.json", blake3::hash(name.as_bytes()).to_hex()))
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |age| age.as_secs())
}
