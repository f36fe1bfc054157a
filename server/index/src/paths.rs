//! Paths: absolute on disk, relative in the index.

use std::path::{Component, Path, PathBuf};

/// The root of a workspace, under the name that it was given and under its real name.
#[derive(Debug)]
pub(crate) struct Root {
    given: PathBuf,
    real: PathBuf,
}

impl Root {
    pub(crate) fn new(root: &Path) -> Self {
        let given = std::path::absolute(root).unwrap_or_else(|_| root.to_path_buf());
        let real = given.canonicalize().unwrap_or_else(|_| given.clone());
        Self { given, real }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.given
    }

    /// The path below the root with `/` between its parts; `None` for the root itself, for what lies outside, and for names that
    /// are not UTF-8.
    pub(crate) fn relative(&self, path: &Path) -> Option<String> {
        let inner = path.strip_prefix(&self.given).or_else(|_| path.strip_prefix(&self.real)).ok()?;
        let mut relative = String::with_capacity(inner.as_os_str().len());
        for component in inner.components() {
            match component {
                Component::Normal(name) => {
                    if !relative.is_empty() {
                        relative.push('/');
                    }
                    relative.push_str(name.to_str()?);
                }
                Component::CurDir => {}
                _ => return None,
            }
        }
        (!relative.is_empty()).then_some(relative)
    }

    pub(crate) fn absolute(&self, relative: &str) -> PathBuf {
        let mut path = self.given.clone();
        path.extend(relative.split('/'));
        path
    }
}

/// The folder part of a relative path; empty for a file at the root.
pub(crate) fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// The last part of a relative path.
pub(crate) fn file_name(path: &str) -> &str {
    path.rsplit_once('/').map_or(path, |(_, name)| name)
}

/// The file name up to its first dot, or up to its last if it begins with one.
pub(crate) fn stem(path: &str) -> &str {
    let name = file_name(path);
    match name.find('.') {
        Some(0) | None => name.rsplit_once('.').map_or(name, |(stem, _)| stem),
        Some(dot) => &name[..dot],
    }
}

/// `folder/relative` with `.` and `..` worked out; `None` where it leaves the workspace.
pub(crate) fn join(folder: &str, relative: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in relative.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            name => parts.push(name),
        }
    }
    Some(parts.join("/"))
}
