//! What is applied, what is not, and what becomes of it when the disk changes meanwhile.

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
    let error = apply_to_disk(folder.path(), &set(vec![change("a.rs", Some("old"), "new"), change("b.rs", Some("old"), "new")]));
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
    let error = apply_to_disk(folder.path(), &set(vec![change("a.rs", Some("old"), "new"), change("b.rs", Some("old"), "new")]));
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
    // What cannot be put back is named, whatever stopped the rest.
    let stale = super::take_back(folder.path(), &[&made], ApplyError::Stale("b.rs".into()));
    assert!(matches!(stale, ApplyError::HalfApplied { left, .. } if left == ["made.rs"]));
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

/// A folder with `src/a.rs`, and a foreign one with the same file in it.
#[cfg(unix)]
fn own_and_foreign() -> (tempfile::TempDir, tempfile::TempDir) {
    let (own, foreign) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    std::fs::create_dir(own.path().join("src")).unwrap();
    std::fs::write(own.path().join("src/a.rs"), "old").unwrap();
    std::fs::write(foreign.path().join("a.rs"), "old").unwrap();
    (own, foreign)
}

#[cfg(unix)]
#[test]
fn a_folder_that_becomes_a_link_between_look_and_writing_leads_nowhere() {
    let (own, foreign) = own_and_foreign();
    let place = super::Place::open(own.path(), "src/a.rs", false).unwrap();
    std::fs::rename(own.path().join("src"), own.path().join("moved")).unwrap();
    std::os::unix::fs::symlink(foreign.path(), own.path().join("src")).unwrap();
    place.write("new", None).unwrap();
    assert_eq!(std::fs::read_to_string(own.path().join("moved/a.rs")).unwrap(), "new", "it is in the folder that was looked at");
    place.remove().unwrap();
    assert!(super::Place::open(own.path(), "src/a.rs", true).is_err());
    assert!(super::Place::open(own.path(), "src/deeper/a.rs", true).is_err());
    let foreign_files: Vec<_> = foreign.path().read_dir().unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(foreign_files, ["a.rs"]);
    assert_eq!(std::fs::read_to_string(foreign.path().join("a.rs")).unwrap(), "old");
}

#[cfg(unix)]
#[test]
fn a_file_that_becomes_a_link_is_neither_read_nor_written_through() {
    let (own, foreign) = own_and_foreign();
    let file = own.path().join("src/a.rs");
    let place = super::Place::open(own.path(), "src/a.rs", false).unwrap();
    std::fs::remove_file(&file).unwrap();
    std::os::unix::fs::symlink(foreign.path().join("a.rs"), &file).unwrap();
    assert!(place.read().is_err() && place.permissions().is_err());
    place.write("new", None).unwrap();
    assert!(file.symlink_metadata().unwrap().is_file(), "the link is replaced, not followed");
    assert_eq!(std::fs::read_to_string(foreign.path().join("a.rs")).unwrap(), "old");
    // What is there under a second name, or is no file, is not read either.
    std::fs::hard_link(&file, own.path().join("second.rs")).unwrap();
    assert!(place.read().is_err());
    std::fs::remove_file(&file).unwrap();
    let made = std::process::Command::new("mkfifo").arg(&file).status();
    if made.is_ok_and(|status| status.success()) {
        assert!(place.read().is_err(), "a pipe that nobody writes to holds nobody up");
        let error = apply_to_disk(own.path(), &set(vec![change("src/a.rs", Some("old"), "new")]));
        assert!(matches!(error, Err(ApplyError::Stale(_))));
    }
}

#[cfg(unix)]
#[test]
fn whoever_swaps_folders_for_links_all_the_while_gets_nothing_out() {
    use std::sync::atomic::{AtomicBool, Ordering};
    let (own, foreign) = own_and_foreign();
    let (real, link, away) = (own.path().join("src"), own.path().join("link"), own.path().join("away"));
    std::os::unix::fs::symlink(foreign.path(), &link).unwrap();
    let is_over = AtomicBool::new(false);
    let mut results = [0, 0];
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !is_over.load(Ordering::Relaxed) {
                for (from, to) in [(&real, &away), (&link, &real), (&real, &link), (&away, &real)] {
                    // While the folder is away, another may be made in its place.
                    while std::fs::rename(from, to).is_err() {
                        drop(std::fs::remove_dir_all(to));
                    }
                }
            }
        });
        for round in 0..2_000 {
            let (before, after) = if results[1] % 2 == 0 { ("old", "new") } else { ("new", "old") };
            let made = change(&format!("src/made_{round}.rs"), None, "made");
            let done = apply_to_disk(own.path(), &set(vec![change("src/a.rs", Some(before), after), made])).is_ok();
            results[usize::from(done)] += 1;
        }
        is_over.store(true, Ordering::Relaxed);
    });
    let foreign_files: Vec<_> = foreign.path().read_dir().unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(foreign_files, ["a.rs"], "{results:?}");
    assert_eq!(std::fs::read_to_string(foreign.path().join("a.rs")).unwrap(), "old", "{results:?}");
}
