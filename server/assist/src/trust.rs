//! Which workspaces a user trusts: bound to what the workspace says of Tierline, so that any change of it ends the trust.

use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use crate::Places;

/// Whether a workspace's own queries count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trust {
    /// The workspace says nothing that would need trust.
    NotNeeded,
    /// It was trusted as it is now.
    Trusted,
    /// It was trusted, and has changed since.
    Changed,
    /// It was never trusted, or no longer is.
    Untrusted,
}

/// What a workspace says of Tierline: the files that trust is bound to, relative and sorted.
///
/// # Errors
/// Fails where one cannot be read; such a workspace is not trusted.
pub fn trust_covers(root: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    if root.join("tierline.toml").try_exists()? {
        files.push(PathBuf::from("tierline.toml"));
    }
    collect(root, Path::new(".tierline/queries"), &mut files)?;
    files.sort();
    Ok(files)
}

/// Whether a workspace is trusted as it is now. What cannot be told counts as no.
#[must_use]
pub fn trust(places: &Places, root: &Path) -> Trust {
    match trust_covers(root) {
        Ok(files) if files.iter().all(|file| !file.starts_with(".tierline")) => return Trust::NotNeeded,
        Ok(_) => {}
        Err(_) => return Trust::Untrusted,
    }
    match (std::fs::read_to_string(record(places, root)), fingerprint(root)) {
        (Ok(kept), Ok(now)) if kept.trim() == now => Trust::Trusted,
        (Ok(_), _) => Trust::Changed,
        (Err(_), _) => Trust::Untrusted,
    }
}

/// Trusts a workspace as it is now, for this user and until it changes.
///
/// # Errors
/// Fails where what it says cannot be read or the trust cannot be kept.
pub fn grant_trust(places: &Places, root: &Path) -> io::Result<()> {
    let file = record(places, root);
    let folder = file.parent().unwrap_or(&places.state);
    std::fs::create_dir_all(folder)?;
    std::fs::write(&file, fingerprint(root)?)
}

/// Trusts a workspace no longer.
///
/// # Errors
/// Fails where the trust cannot be removed.
pub fn revoke_trust(places: &Places, root: &Path) -> io::Result<()> {
    match std::fs::remove_file(record(places, root)) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// The file in the user's state that keeps the trust in one workspace, named by a hash of where the workspace lies.
fn record(places: &Places, root: &Path) -> PathBuf {
    let real = root.canonicalize().unwrap_or_else(|_| root.to_owned());
    places.state.join("trust").join(blake3::hash(real.as_os_str().as_encoded_bytes()).to_hex().as_str())
}

/// A hash of every covered file's name, length and bytes.
fn fingerprint(root: &Path) -> io::Result<String> {
    let mut hasher = blake3::Hasher::new();
    for file in trust_covers(root)? {
        let bytes = std::fs::read(root.join(&file))?;
        let name = file.as_os_str().as_encoded_bytes();
        for part in [name, bytes.as_slice()] {
            hasher.update(&(part.len() as u64).to_le_bytes()).update(part);
        }
    }
    Ok(hasher.finalize().to_hex().to_string())
}

/// Every file below a folder. A link is an error: what it leads to may change unseen.
fn collect(root: &Path, folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for part in folder.ancestors().filter(|part| !part.as_os_str().is_empty()) {
        match root.join(part).symlink_metadata() {
            Ok(found) if found.is_dir() => {}
            Ok(_) => return Err(io::Error::other(format!("{} is not a folder", part.display()))),
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(error),
        }
    }
    for entry in std::fs::read_dir(root.join(folder))? {
        let entry = entry?;
        let (kind, path) = (entry.file_type()?, folder.join(entry.file_name()));
        if kind.is_dir() {
            collect(root, &path, files)?;
        } else if kind.is_file() {
            files.push(path);
        } else {
            return Err(io::Error::other(format!("{} is a link or no regular file", path.display())));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trust_lasts_until_the_workspace_changes() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let places = Places { config: at("config"), state: at("state"), cache: at("cache"), keeps_index: true };
        let (root, query) = (at("root"), at("root/.tierline/queries/c/tags.scm"));
        std::fs::create_dir_all(&root).unwrap();
        assert_eq!(trust(&places, &root), Trust::NotNeeded);
        std::fs::create_dir_all(query.parent().unwrap()).unwrap();
        std::fs::write(&query, "; extends").unwrap();
        assert_eq!(trust(&places, &root), Trust::Untrusted);
        grant_trust(&places, &root).unwrap();
        assert_eq!(trust(&places, &root), Trust::Trusted);
        assert_eq!(trust(&places, &at("other")), Trust::NotNeeded);
        std::fs::write(&query, "; extends\n(comment) @doc").unwrap();
        assert_eq!(trust(&places, &root), Trust::Changed);
        grant_trust(&places, &root).unwrap();
        std::fs::write(at("root/tierline.toml"), "").unwrap();
        assert_eq!(trust(&places, &root), Trust::Changed);
        grant_trust(&places, &root).unwrap();
        revoke_trust(&places, &root).unwrap();
        assert_eq!(trust(&places, &root), Trust::Untrusted);
    }

    #[test]
    #[cfg(unix)]
    fn a_link_is_not_trusted() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let places = Places { config: at("config"), state: at("state"), cache: at("cache"), keeps_index: true };
        std::fs::create_dir_all(at("root/.tierline/queries/c")).unwrap();
        std::fs::write(at("elsewhere.scm"), "; extends").unwrap();
        std::os::unix::fs::symlink(at("elsewhere.scm"), at("root/.tierline/queries/c/tags.scm")).unwrap();
        assert!(grant_trust(&places, &at("root")).is_err());
        assert_eq!(trust(&places, &at("root")), Trust::Untrusted);
    }
}
