//! The copy of a workspace: what version control would keep, and the folders of dependencies that tools look for.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Component, Path, PathBuf};

use ignore::WalkBuilder;
use tokio_util::sync::CancellationToken;

/// What is ignored by version control, and needed by tools all the same.
const DEPENDENCIES: &[&str] = &["node_modules", ".venv", "venv", "vendor"];

/// Larger workspaces are not copied.
const MOST_FILES: usize = 300_000;
const MOST_BYTES: u64 = 8 << 30;

/// Makes `tree` hold what `root` holds. What was copied before and is gone since goes; what a tool has made in the copy stays. The names of
/// what was copied, and of what is `put` besides, are kept in the file `list`.
pub(super) fn bring_up_to_date<'path>(
    root: &Path,
    tree: &Path,
    list: &Path,
    put: impl Iterator<Item = &'path str>,
    cancel: &CancellationToken,
) -> Result<(), String> {
    let fault = |path: &Path, error: &std::io::Error| format!("{} cannot be copied: {error}", path.display());
    fs::create_dir_all(tree).map_err(|error| fault(tree, &error))?;
    let before = fs::read_to_string(list).unwrap_or_default();
    let mut copied = BTreeSet::new();
    let mut bytes = 0;
    for path in files(root) {
        if cancel.is_cancelled() {
            return Ok(());
        }
        let Ok(relative) = path.strip_prefix(root) else { continue };
        let Some(name) = relative.to_str().filter(|name| !name.contains('\n')) else { continue };
        let Ok(found) = path.symlink_metadata() else { continue };
        bytes += found.len();
        if copied.len() >= MOST_FILES || bytes > MOST_BYTES {
            return Err("the workspace is too large to be copied for a check".to_owned());
        }
        let target = tree.join(relative);
        let done = if found.is_symlink() { link(root, &path, &target) } else { file(&path, &target, &found) };
        // What vanished meanwhile is not there to be checked.
        match done {
            Ok(true) => copied.insert(name.to_owned()),
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(fault(&path, &error)),
            _ => false,
        };
    }
    for gone in before.lines().filter(|name| !copied.contains(*name)) {
        // A name in the list that leads out of the copy was not written by us.
        if Path::new(gone).components().all(|part| matches!(part, Component::Normal(_))) {
            remove(&tree.join(gone)).map_err(|error| fault(&tree.join(gone), &error))?;
        }
    }
    copied.extend(put.map(str::to_owned));
    let names: Vec<&str> = copied.iter().map(String::as_str).collect();
    fs::write(list, names.join("\n")).map_err(|error| fault(list, &error))
}

/// Every file of a workspace, links included, version control's own left out.
fn files(root: &Path) -> impl Iterator<Item = PathBuf> {
    let walk = |folder: &Path, keeps_ignored: bool| {
        let mut builder = WalkBuilder::new(folder);
        builder.hidden(false).require_git(false).follow_links(false).standard_filters(!keeps_ignored).hidden(false);
        builder.filter_entry(|entry| {
            let is_dir = entry.file_type().is_some_and(|kind| kind.is_dir());
            entry.file_name() != ".git" && (!is_dir || index::can_read_rules(entry.path()))
        });
        builder.build().flatten()
    };
    let (mut files, mut folders) = (Vec::new(), Vec::new());
    for entry in walk(root, false) {
        if entry.file_type().is_some_and(|kind| kind.is_dir()) {
            folders.push(entry.into_path());
        } else {
            files.push(entry.into_path());
        }
    }
    let known: BTreeSet<&PathBuf> = folders.iter().collect();
    let ignored = folders.iter().flat_map(|folder| DEPENDENCIES.iter().map(|name| folder.join(name)));
    let ignored: Vec<PathBuf> = ignored.filter(|folder| !known.contains(folder) && is_folder(folder)).collect();
    let more = ignored.into_iter().flat_map(move |folder| {
        walk(&folder, true)
            .filter(|entry| entry.file_type().is_some_and(|kind| !kind.is_dir()))
            .map(ignore::DirEntry::into_path)
            .collect::<Vec<_>>()
    });
    files.into_iter().chain(more)
}

fn is_folder(path: &Path) -> bool {
    path.symlink_metadata().is_ok_and(|found| found.is_dir())
}

/// Copies a file where it differs by size or time. The copy is a file of its own whatever stood there.
fn file(from: &Path, to: &Path, found: &fs::Metadata) -> std::io::Result<bool> {
    if !found.is_file() {
        return Ok(false);
    }
    let time = found.modified()?;
    let is_same =
        |known: fs::Metadata| known.is_file() && known.len() == found.len() && known.modified().is_ok_and(|known| known == time);
    if to.symlink_metadata().is_ok_and(is_same) {
        return Ok(true);
    }
    make_way(to)?;
    fs::copy(from, to)?;
    let copy = fs::File::options().write(true).open(to);
    // A read-only copy cannot be opened for writing; without its time it is only copied again.
    copy.map_or(Ok(()), |copy| copy.set_modified(time))?;
    Ok(true)
}

/// Makes the same link, where it leads to a place within the workspace; one that leads out of it would lead the command out, too.
#[cfg(unix)]
fn link(root: &Path, from: &Path, to: &Path) -> std::io::Result<bool> {
    let target = fs::read_link(from)?;
    let is_inside = target.is_relative()
        && from.canonicalize().is_ok_and(|real| root.canonicalize().is_ok_and(|root| real.starts_with(root)));
    if !is_inside {
        return Ok(false);
    }
    if fs::read_link(to).is_ok_and(|known| known == target) {
        return Ok(true);
    }
    make_way(to)?;
    std::os::unix::fs::symlink(target, to)?;
    Ok(true)
}

#[cfg(not(unix))]
fn link(_root: &Path, _from: &Path, _to: &Path) -> std::io::Result<bool> {
    Ok(false)
}

/// Writes a text into the copy, or takes the file out of it.
pub(super) fn put(tree: &Path, path: &str, text: Option<&str>) -> Result<(), String> {
    let target = tree.join(path);
    let done = match text {
        // What stands there already keeps its time, so that nothing is built again for it.
        Some(text) if fs::read(&target).is_ok_and(|known| known == text.as_bytes()) => Ok(()),
        Some(text) => make_way(&target).and_then(|()| fs::write(&target, text)),
        None => remove(&target),
    };
    done.map_err(|error| format!("{} cannot be written: {error}", target.display()))
}

/// The folder of a file, and nothing at its own place.
fn make_way(target: &Path) -> std::io::Result<()> {
    if let Some(folder) = target.parent() {
        fs::create_dir_all(folder)?;
    }
    if is_folder(target) { fs::remove_dir_all(target) } else { remove(target) }
}

fn remove(path: &Path) -> std::io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if matches!(error.kind(), std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory) => Ok(()),
        done => done,
    }
}
