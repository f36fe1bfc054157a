//! The folder of a store: for the user alone, with a lock that one process holds.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::unused;

/// The layout of the cache folder; another layout lies beside it.
const LAYOUT: &str = "v1";
const LOCK: &str = "index.lock";
/// What a file that was set aside has in its name.
const ASIDE: &str = ".corrupt-";
/// For so long an index is kept after a process led it last.
const KEPT: Duration = Duration::from_secs(90 * 24 * 3_600);

/// The folder for the index of the workspace at `root`.
pub(super) fn of_workspace(cache: &Path, root: &Path) -> PathBuf {
    let hash = blake3::hash(root.as_os_str().as_encoded_bytes()).to_hex();
    cache.join(LAYOUT).join("ws").join(&hash.as_str()[..16])
}

/// Creates a folder and what leads to it; what is new is for the user alone.
pub(super) fn create(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Sees to it that a file exists and is for the user alone, without touching what it holds.
pub(super) fn create_file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Takes the lock of a folder, if no living process holds it. The system frees it when its holder ends, however it ends.
pub(super) fn lock(folder: &Path) -> Option<File> {
    let file = create_file(&folder.join(LOCK)).ok()?;
    file.try_lock().ok()?;
    Some(file)
}

/// Removes the indexes beside this one that were not used for long.
pub(super) fn remove_unused(folder: &Path) {
    unused::remove_unused(folder, LOCK, KEPT);
}

/// Moves a database that cannot be read out of the way, with what belongs to it. The last one that was moved is kept.
pub(super) fn set_aside(path: &Path) -> io::Result<()> {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    for entry in path.parent().map(fs::read_dir).into_iter().flatten().flatten().flatten() {
        if entry.file_name().to_string_lossy().starts_with(&format!("{name}{ASIDE}")) {
            let _ = fs::remove_file(entry.path());
        }
    }
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |age| age.as_secs());
    fs::rename(path, path.with_file_name(format!("{name}{ASIDE}{seconds}")))?;
    for ending in ["-wal", "-shm", "-journal"] {
        let _ = fs::remove_file(path.with_file_name(format!("{name}{ending}")));
    }
    Ok(())
}

/// Whether a folder lies on another machine or behind a program, where processes cannot share memory about a file.
pub(super) fn is_remote(folder: &Path) -> bool {
    #[cfg(target_os = "linux")]
    {
        // NFS, SMB, CIFS, SMB2, 9p, FUSE, AFS, Ceph: statfs(2).
        const REMOTE: [u32; 8] = [0x6969, 0x517b, 0xff53_4d42, 0xfe53_4d42, 0x0102_1997, 0x6573_5546, 0x5346_414f, 0x00c3_6400];
        rustix::fs::statfs(folder).is_ok_and(|found| u32::try_from(found.f_type).is_ok_and(|magic| REMOTE.contains(&magic)))
    }
    #[cfg(not(target_os = "linux"))]
    {
        let _ = folder;
        false
    }
}

#[cfg(test)]
mod tests {
    use super::{create_file, is_remote, lock, set_aside};

    #[test]
    fn one_holds_the_lock_until_it_lets_go() {
        let folder = tempfile::tempdir().unwrap();
        let held = lock(folder.path()).unwrap();
        assert!(lock(folder.path()).is_none());
        drop(held);
        assert!(lock(folder.path()).is_some());
    }

    #[test]
    fn only_the_last_that_was_set_aside_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("index.sqlite");
        for _ in 0..2 {
            drop(create_file(&path).unwrap());
            std::fs::write(folder.path().join("index.sqlite-wal"), "x").unwrap();
            set_aside(&path).unwrap();
        }
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
        assert!(!is_remote(std::path::Path::new("/")));
    }
}
