//! Applying a change set to files on disk: for the command line, where no editor holds them.

#[cfg(unix)]
mod beneath;
#[cfg(not(unix))]
mod by_path;
#[cfg(test)]
mod tests;

use std::fs::{Metadata, Permissions};
use std::io::ErrorKind;
use std::path::Path;

#[cfg(unix)]
use self::beneath::Place;
#[cfg(not(unix))]
use self::by_path::Place;
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
/// new file beside it and renamed into place; when one fails, those before it get their old text back. Where the system can hold a folder
/// open, no link that is put in the way meanwhile leads out of `root`.
///
/// # Errors
/// Fails as [`ApplyError`] says.
pub fn apply_to_disk(root: &Path, changes: &ChangeSet) -> Result<(), ApplyError> {
    for change in changes.files() {
        ready(root, change, false)?;
    }
    // What goes, goes last: a file that was renamed lends its permissions to the new one.
    let (kept, gone): (Vec<&FileChange>, Vec<&FileChange>) = changes.files().iter().partition(|change| change.after.is_some());
    let ordered: Vec<&FileChange> = kept.into_iter().chain(gone).collect();
    for (at, change) in ordered.iter().enumerate() {
        // Between the first look at a file and now another program may have written it.
        if let Err(error) = put(root, change) {
            return Err(take_back(root, &ordered[..at], error));
        }
    }
    Ok(())
}

/// What a file is called, beside the one called `name`, until it takes its place with this text. The same each time, so that what a kill
/// leaves is known for what it is.
pub(crate) fn unrenamed(name: &str, text: &str) -> String {
    let mut hasher = blake3::Hasher::new();
    hasher.update(name.as_bytes()).update(b"\0").update(text.as_bytes());
    format!(".tierline-{}", &hasher.finalize().to_hex()[..16])
}

/// Takes away what a process that was killed has left beside a file of writing this text to it.
pub(crate) fn remove_unrenamed(root: &Path, path: &str, text: &str) {
    if let Ok(place) = Place::open(root, path, false) {
        place.remove_unrenamed(text);
    }
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

/// The permissions of the file that a renamed one was before; the others keep or get their own.
fn lent(root: &Path, change: &FileChange) -> Option<Permissions> {
    Place::open(root, change.renamed_from.as_deref()?, false).and_then(|place| place.permissions()).ok()
}

/// The place of a file that is as the change was computed for; `None` where it is new and its folder is missing and not made.
fn ready(root: &Path, change: &FileChange, makes: bool) -> Result<Option<Place>, ApplyError> {
    if let Some(reason) = write_refusal(root, change) {
        return Err(ApplyError::Refused { path: change.path.clone(), reason });
    }
    let (place, now) = match Place::open(root, &change.path, makes) {
        Ok(place) => {
            let now = place.read();
            (Some(place), now)
        }
        Err(error) => (None, Err(error)),
    };
    match (&change.before, now) {
        (Some(before), Ok(now)) if now == before.as_bytes() => Ok(place),
        (None, Err(error)) if error.kind() == ErrorKind::NotFound => Ok(place),
        _ => Err(ApplyError::Stale(change.path.clone())),
    }
}

/// Writes one file, in the very folder in which it was looked at.
fn put(root: &Path, change: &FileChange) -> Result<(), ApplyError> {
    let Some(place) = ready(root, change, change.after.is_some())? else { return Ok(()) };
    let written = match &change.after {
        Some(text) => place.write(text, lent(root, change)),
        None => place.remove(),
    };
    written.map_err(|error| ApplyError::Io { path: change.path.clone(), error })
}

fn take_back(root: &Path, written: &[&FileChange], cause: ApplyError) -> ApplyError {
    let mut left = Vec::new();
    for change in written {
        let restored = Place::open(root, &change.path, true).and_then(|place| match &change.before {
            Some(before) => place.write(before, None),
            None => place.remove(),
        });
        if restored.is_err() {
            left.push(change.path.clone());
        }
    }
    match cause {
        cause if left.is_empty() => cause,
        ApplyError::Io { path, error } => ApplyError::HalfApplied { path, error, left },
        ApplyError::Stale(path) => {
            let error = std::io::Error::other("it changed meanwhile");
            ApplyError::HalfApplied { path, error, left }
        }
        ApplyError::Refused { path, reason } => ApplyError::HalfApplied { path, error: std::io::Error::other(reason), left },
        half @ ApplyError::HalfApplied { .. } => half,
    }
}
