//! Folders of the cache that belong to a workspace each: what was not used for long goes, because nobody says when a workspace is gone.

use std::fs::{self, File};
use std::path::Path;
use std::time::{Duration, SystemTime};

/// Notes at its lock, which the caller holds, that a folder is used now.
pub fn note_use(lock: &File) {
    // Where that cannot be written, nothing of the cache can, and nothing of it is removed.
    let _ = lock.set_modified(SystemTime::now());
}

/// Removes the folders beside `folder` whose file `lock` was written longer than `age` ago and is held by no process.
pub fn remove_unused(folder: &Path, lock: &str, age: Duration) {
    for entry in folder.parent().map(fs::read_dir).into_iter().flatten().flatten().flatten() {
        let other = entry.path();
        // A link is not followed: what it leads to is not ours.
        if other == folder || !entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            continue;
        }
        let file = other.join(lock);
        let used = file.symlink_metadata().and_then(|found| found.modified());
        if used.is_ok_and(|used| used.elapsed().is_ok_and(|since| since > age))
            && let Ok(file) = File::options().write(true).open(file)
            && file.try_lock().is_ok()
            && let Err(error) = fs::remove_dir_all(&other)
        {
            tracing::debug!(%error, "{} is not used and cannot be removed", other.display());
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs::{self, File};
    use std::time::{Duration, SystemTime};

    use super::{note_use, remove_unused};

    #[test]
    fn what_nobody_used_for_long_goes_and_what_is_in_use_stays() {
        let cache = tempfile::tempdir().unwrap();
        let day = Duration::from_secs(86_400);
        let made = ["mine", "old", "held", "new", "again"].map(|name| {
            let folder = cache.path().join(name);
            fs::create_dir_all(folder.join("tree")).unwrap();
            fs::write(folder.join("tree/file"), "").unwrap();
            let lock = File::create(folder.join("lock")).unwrap();
            let age = if name == "new" { day } else { 3 * day };
            lock.set_modified(SystemTime::now() - age).unwrap();
            lock
        });
        fs::create_dir(cache.path().join("something else")).unwrap();
        made[2].try_lock().unwrap();
        note_use(&made[4]);
        remove_unused(&cache.path().join("mine"), "lock", 2 * day);
        let mut left: Vec<String> =
            fs::read_dir(cache.path()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        left.sort();
        assert_eq!(left, ["again", "held", "mine", "new", "something else"]);
    }
}
