//! Which workspaces a user trusts: bound to what the workspace says of Tierline, so that any change of it ends the trust.

use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use crate::settings::{EditorSettings, LOCAL_FILE, SettingsReader, WORKSPACE_FILE};
use crate::{Configured, Places};

/// The folder of a workspace's own queries.
const QUERIES: &str = ".tierline/queries";

/// The longest file of queries that is read, in bytes.
pub(crate) const LONGEST_QUERY: u64 = 1 << 20;

/// Whether what a workspace says counts where that needs its user's trust: its queries, and what its configuration files ask for beyond
/// what every repository may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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

impl Trust {
    /// `not needed`, `trusted`, `changed` or `untrusted`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotNeeded => "not needed",
            Self::Trusted => "trusted",
            Self::Changed => "changed",
            Self::Untrusted => "untrusted",
        }
    }
}

/// What trust in a workspace is bound to: the files that it covers, as they were when this was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    root: PathBuf,
    files: Vec<PathBuf>,
    fingerprint: String,
}

impl Grant {
    /// For a workspace whose configuration files hold these texts, by their names. `None` where it cannot be told what its queries
    /// are; such a workspace is not trusted.
    pub(crate) fn of(root: &Path, texts: &[(&str, &str)]) -> Option<Self> {
        let mut queries = Vec::new();
        collect(root, Path::new(QUERIES), &mut queries).ok()?;
        let mut parts = Vec::new();
        for file in queries {
            let bytes = index::read_regular(&root.join(&file), LONGEST_QUERY, index::Link::Refused).ok()?;
            parts.push((file, bytes));
        }
        parts.extend(texts.iter().map(|(name, text)| (PathBuf::from(name), text.as_bytes().to_vec())));
        parts.sort();
        let fingerprint = fingerprint(&parts);
        Some(Self { root: root.to_owned(), files: parts.into_iter().map(|(file, _)| file).collect(), fingerprint })
    }

    /// The files that it covers, relative and sorted.
    #[must_use]
    pub fn files(&self) -> &[PathBuf] {
        &self.files
    }

    /// Whether queries of the workspace's own are among them.
    #[must_use]
    pub fn has_queries(&self) -> bool {
        self.files.iter().any(|file| file.starts_with(QUERIES))
    }

    /// Whether the user trusts the workspace as it is here, and whether as it once was.
    pub(crate) fn state(&self, places: &Places, root: &Path) -> (bool, bool) {
        let kept = std::fs::read_to_string(record(places, root)).ok();
        (kept.as_deref().is_some_and(|kept| kept.trim() == self.fingerprint), kept.is_some())
    }

    /// Trusts the workspace as it is here, for this user and until it changes.
    ///
    /// # Errors
    /// Fails where the trust cannot be kept.
    pub fn give(&self, places: &Places) -> io::Result<()> {
        let file = record(places, &self.root);
        let folder = file.parent().unwrap_or(&places.state);
        let kept = models::private_directory(folder).and_then(|()| std::fs::write(&file, &self.fingerprint));
        kept.map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", file.display())))
    }
}

/// What is configured for a workspace now, as far as its files say: whether it is trusted, and what trusting it would unlock.
#[must_use]
pub fn look_at_trust(places: &Places, root: &Path) -> Configured {
    SettingsReader::default().load(places, root, &EditorSettings::default())
}

/// Whether a workspace is trusted as it is now. What cannot be told counts as no.
#[must_use]
pub fn trust(places: &Places, root: &Path) -> Trust {
    look_at_trust(places, root).trust
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

/// The files by which it is seen that what is configured for a workspace, or the trust in it, may have changed.
#[must_use]
pub fn configuration_files(places: &Places, root: &Path) -> [PathBuf; 4] {
    [places.user_file(), root.join(WORKSPACE_FILE), root.join(LOCAL_FILE), record(places, root)]
}

/// The file in the user's state that keeps the trust in one workspace, named by a hash of where the workspace lies.
fn record(places: &Places, root: &Path) -> PathBuf {
    let real = root.canonicalize().unwrap_or_else(|_| root.to_owned());
    places.state.join("trust").join(blake3::hash(real.as_os_str().as_encoded_bytes()).to_hex().as_str())
}

/// A hash of every covered file's name, length and bytes.
fn fingerprint(parts: &[(PathBuf, Vec<u8>)]) -> String {
    let mut hasher = blake3::Hasher::new();
    for (file, bytes) in parts {
        for part in [file.as_os_str().as_encoded_bytes(), bytes] {
            hasher.update(&(part.len() as u64).to_le_bytes()).update(part);
        }
    }
    hasher.finalize().to_hex().to_string()
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

    fn grant(places: &Places, root: &Path) -> Option<()> {
        look_at_trust(places, root).grant?.give(places).ok()
    }

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
        grant(&places, &root).unwrap();
        assert_eq!(trust(&places, &root), Trust::Trusted);
        assert_eq!(trust(&places, &at("other")), Trust::NotNeeded);
        std::fs::write(&query, "; extends\n(comment) @doc").unwrap();
        assert_eq!(trust(&places, &root), Trust::Changed);
        for name in [WORKSPACE_FILE, LOCAL_FILE] {
            grant(&places, &root).unwrap();
            std::fs::write(root.join(name), "").unwrap();
            assert_eq!(trust(&places, &root), Trust::Changed, "{name}");
        }
        grant(&places, &root).unwrap();
        revoke_trust(&places, &root).unwrap();
        assert_eq!(trust(&places, &root), Trust::Untrusted);
        std::fs::remove_dir_all(&places.state).unwrap();
        std::fs::write(&places.state, "").unwrap();
        let refused = look_at_trust(&places, &root).grant.unwrap().give(&places).unwrap_err().to_string();
        assert!(refused.starts_with(&at("state/trust").display().to_string()), "{refused}");
    }

    #[test]
    fn what_was_looked_at_is_what_is_trusted() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let places = Places { config: at("config"), state: at("state"), cache: at("cache"), keeps_index: true };
        std::fs::write(at(WORKSPACE_FILE), "check.command = ['make']").unwrap();
        let shown = look_at_trust(&places, folder.path()).grant.unwrap();
        std::fs::write(at(WORKSPACE_FILE), "check.command = ['curl']").unwrap();
        shown.give(&places).unwrap();
        assert_eq!(trust(&places, folder.path()), Trust::Changed);
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
        assert_eq!(look_at_trust(&places, &at("root")).grant, None);
        assert_eq!(trust(&places, &at("root")), Trust::Untrusted);
        // The folder of all of them, too.
        std::fs::rename(at("root/.tierline"), at("moved")).unwrap();
        std::fs::remove_file(at("moved/queries/c/tags.scm")).unwrap();
        std::os::unix::fs::symlink(at("moved"), at("root/.tierline")).unwrap();
        assert_eq!(look_at_trust(&places, &at("root")).grant, None);
    }
}
