//! Applying a change set to files on disk: for the command line, where no editor holds them.

use std::fs::Metadata;
use std::io::Write;
use std::path::{Path, PathBuf};

use crate::{ChangeSet, FileChange, protected};

/// Why a change set was not applied. Every file is as it was before.
#[derive(Debug, thiserror::Error)]
pub enum ApplyError {
    /// A file is not what the change was computed for.
    #[error("{0} changed since; nothing was applied, run it again")]
    Stale(String),
    /// A path leads out of the workspace or over a link, or gives orders to tools.
    #[error("{path} may not be written: {reason}")]
    Refused {
        /// The path.
        path: String,
        /// Why.
        reason: &'static str,
    },
    /// The system refused; what had been written was taken back.
    #[error("{path} cannot be written: {error}; every file is as it was")]
    Io {
        /// The path.
        path: String,
        /// The system's error.
        error: std::io::Error,
    },
    /// The system refused, and then also refused to take back what had been written.
    #[error("{path} cannot be written: {error}; these files could not be put back: {}", .left.join(", "))]
    HalfApplied {
        /// The path.
        path: String,
        /// The system's error.
        error: std::io::Error,
        /// The files that hold the new text.
        left: Vec<String>,
    },
}

/// Writes all files of a change set below `root`, or none. Each is compared with what the change was computed for, written to a
/// new file beside it and renamed into place; when one fails, those before it get their old text back.
///
/// # Errors
/// Fails as [`ApplyError`] says.
pub fn apply_to_disk(root: &Path, changes: &ChangeSet) -> Result<(), ApplyError> {
    for change in changes.files() {
        check(root, change)?;
    }
    // What goes, goes last: a file that was renamed lends its permissions to the new one.
    let (kept, gone): (Vec<&FileChange>, Vec<&FileChange>) = changes.files().iter().partition(|change| change.after.is_some());
    let ordered: Vec<&FileChange> = kept.into_iter().chain(gone).collect();
    for (at, change) in ordered.iter().enumerate() {
        // Between the first look at a file and now another program may have written it.
        let written = check(root, change)
            .and_then(|path| put(root, &path, change).map_err(|error| ApplyError::Io { path: change.path.clone(), error }));
        if let Err(error) = written {
            return Err(take_back(root, &ordered[..at], error));
        }
    }
    Ok(())
}

/// Why a file may not be written as it lies on disk now; `None` where it may. Besides what is never written: a symbolic link on the way, a
/// second name of the same file, which would change too or be left behind, and what is read-only.
///
/// Whoever writes asks right before; between the answer and the writing another program may still put a link there.
#[must_use]
pub fn write_refusal(root: &Path, change: &FileChange) -> Option<&'static str> {
    let refusal = if change.before.is_none() { protected::refusal_of_new } else { protected::refusal };
    if let Some(reason) = refusal(&change.path) {
        return Some(reason);
    }
    let mut path = root.to_owned();
    let mut found = None;
    for part in change.path.split('/') {
        path.push(part);
        found = path.symlink_metadata().ok();
        if found.as_ref().is_some_and(Metadata::is_symlink) {
            return Some("a symbolic link stands in its way");
        }
    }
    let found = found?;
    if has_second_name(&found) {
        return Some("the same file has a second name (a hard link)");
    }
    (found.permissions().readonly() && change.after.is_some()).then_some("it is read-only")
}

#[cfg(unix)]
fn has_second_name(file: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    file.is_file() && file.nlink() > 1
}

/// The standard library tells it on Unix alone.
#[cfg(not(unix))]
fn has_second_name(_file: &Metadata) -> bool {
    false
}

fn check(root: &Path, change: &FileChange) -> Result<PathBuf, ApplyError> {
    if let Some(reason) = write_refusal(root, change) {
        return Err(ApplyError::Refused { path: change.path.clone(), reason });
    }
    let path = root.join(&change.path);
    match (&change.before, std::fs::read(&path)) {
        (Some(before), Ok(now)) if now == before.as_bytes() => Ok(path),
        (None, Err(error)) if error.kind() == std::io::ErrorKind::NotFound => Ok(path),
        _ => Err(ApplyError::Stale(change.path.clone())),
    }
}

fn put(root: &Path, path: &Path, change: &FileChange) -> std::io::Result<()> {
    match &change.after {
        Some(text) => {
            write(path, text)?;
            let lender = change.renamed_from.as_ref().and_then(|from| std::fs::metadata(root.join(from)).ok());
            lender.map_or(Ok(()), |lender| std::fs::set_permissions(path, lender.permissions()))
        }
        None => std::fs::remove_file(path),
    }
}

fn write(path: &Path, text: &str) -> std::io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    let mut file = tempfile::Builder::new().prefix(".tierline-").tempfile_in(folder)?;
    file.write_all(text.as_bytes())?;
    match std::fs::metadata(path) {
        Ok(metadata) => file.as_file().set_permissions(metadata.permissions())?,
        Err(_) => make_ordinary(file.as_file())?,
    }
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}

/// A temporary file is for its owner only; a new source file is for all to read.
#[cfg(unix)]
fn make_ordinary(file: &std::fs::File) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(std::fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn make_ordinary(_file: &std::fs::File) -> std::io::Result<()> {
    Ok(())
}

fn take_back(root: &Path, written: &[&FileChange], cause: ApplyError) -> ApplyError {
    let mut left = Vec::new();
    for change in written {
        let path = root.join(&change.path);
        let restored = match &change.before {
            Some(before) => write(&path, before),
            None => std::fs::remove_file(&path),
        };
        if restored.is_err() {
            left.push(change.path.clone());
        }
    }
    match cause {
        ApplyError::Io { path, error } if !left.is_empty() => ApplyError::HalfApplied { path, error, left },
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::{ApplyError, apply_to_disk};
    use crate::{ChangeSet, FileChange};

    fn change(path: &str, before: Option<&str>, after: &str) -> FileChange {
        FileChange { path: path.into(), before: before.map(Into::into), after: Some(after.into()), ..FileChange::default() }
    }

    fn set(files: Vec<FileChange>) -> ChangeSet {
        let mut changes = ChangeSet::default();
        files.into_iter().for_each(|file| changes.push(file));
        changes
    }

    #[test]
    fn all_files_are_written() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("a.rs"), "old").unwrap();
        apply_to_disk(folder.path(), &set(vec![change("a.rs", Some("old"), "new"), change("b/c.rs", None, "made")])).unwrap();
        assert_eq!(std::fs::read_to_string(folder.path().join("a.rs")).unwrap(), "new");
        assert_eq!(std::fs::read_to_string(folder.path().join("b/c.rs")).unwrap(), "made");
    }

    #[cfg(unix)]
    #[test]
    fn a_renamed_file_keeps_its_permissions() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let old = folder.path().join("old.py");
        std::fs::write(&old, "text").unwrap();
        std::fs::set_permissions(&old, std::fs::Permissions::from_mode(0o755)).unwrap();
        let gone = FileChange { path: "old.py".into(), before: Some("text".into()), ..FileChange::default() };
        let made = FileChange { renamed_from: Some("old.py".into()), ..change("a/new.py", None, "text") };
        apply_to_disk(folder.path(), &set(vec![gone, made])).unwrap();
        assert!(!old.exists());
        let mode = std::fs::metadata(folder.path().join("a/new.py")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o755);
    }

    #[test]
    fn a_stale_file_stops_all() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("a.rs"), "old").unwrap();
        std::fs::write(folder.path().join("b.rs"), "changed meanwhile").unwrap();
        let error =
            apply_to_disk(folder.path(), &set(vec![change("a.rs", Some("old"), "new"), change("b.rs", Some("old"), "new")]));
        assert!(matches!(error, Err(ApplyError::Stale(path)) if path == "b.rs"));
        assert_eq!(std::fs::read_to_string(folder.path().join("a.rs")).unwrap(), "old");
    }

    #[cfg(unix)]
    #[test]
    fn a_read_only_file_stops_all() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("a.rs"), "old").unwrap();
        let locked = folder.path().join("b.rs");
        std::fs::write(&locked, "old").unwrap();
        let mut permissions = std::fs::metadata(&locked).unwrap().permissions();
        permissions.set_readonly(true);
        std::fs::set_permissions(&locked, permissions).unwrap();
        let error =
            apply_to_disk(folder.path(), &set(vec![change("a.rs", Some("old"), "new"), change("b.rs", Some("old"), "new")]));
        assert!(matches!(error, Err(ApplyError::Refused { path, reason: "it is read-only" }) if path == "b.rs"));
        assert_eq!(std::fs::read_to_string(folder.path().join("a.rs")).unwrap(), "old");
    }

    #[test]
    fn a_failure_takes_back_what_was_written() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("a.rs"), "new").unwrap();
        std::fs::write(folder.path().join("made.rs"), "new").unwrap();
        let (changed, made) = (change("a.rs", Some("old"), "new"), change("made.rs", None, "new"));
        let gone = FileChange { path: "gone.rs".into(), before: Some("was".into()), ..FileChange::default() };
        let full = || ApplyError::Io { path: "b.rs".into(), error: std::io::ErrorKind::StorageFull.into() };
        let error = super::take_back(folder.path(), &[&changed, &made, &gone], full());
        assert!(matches!(error, ApplyError::Io { .. }), "{error}");
        let read = |path: &str| std::fs::read_to_string(folder.path().join(path)).ok();
        assert_eq!((read("a.rs"), read("made.rs"), read("gone.rs")), (Some("old".into()), None, Some("was".into())));
        // What cannot be put back is named.
        let error = super::take_back(folder.path(), &[&made], full());
        assert!(matches!(error, ApplyError::HalfApplied { left, .. } if left == ["made.rs"]));
    }

    #[cfg(unix)]
    #[test]
    fn links_are_not_followed() {
        let folder = tempfile::tempdir().unwrap();
        let outside = tempfile::tempdir().unwrap();
        std::fs::write(outside.path().join("a.rs"), "old").unwrap();
        std::os::unix::fs::symlink(outside.path(), folder.path().join("link")).unwrap();
        let error = apply_to_disk(folder.path(), &set(vec![change("link/a.rs", Some("old"), "new")]));
        assert!(matches!(error, Err(ApplyError::Refused { .. })));
        assert_eq!(std::fs::read_to_string(outside.path().join("a.rs")).unwrap(), "old");
        std::fs::hard_link(outside.path().join("a.rs"), folder.path().join("a.rs")).unwrap();
        let error = apply_to_disk(folder.path(), &set(vec![change("a.rs", Some("old"), "new")]));
        assert!(matches!(error, Err(ApplyError::Refused { reason, .. }) if reason.contains("hard link")));
        assert_eq!(std::fs::read_to_string(outside.path().join("a.rs")).unwrap(), "old");
    }
}
