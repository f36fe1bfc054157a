//! Where Tierline keeps what belongs to a user, and where it looks for what was configured.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

/// Where Tierline keeps what belongs to a user. By the XDG base directories, and their likes on other systems.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Places {
    /// The folder of `config.toml`.
    pub config: PathBuf,
    /// What must outlive a cleaned cache: ledger, journal, logs.
    pub state: PathBuf,
    /// What can be made again.
    pub cache: PathBuf,
    /// Whether indexes are kept in the cache, where the settings do not say otherwise.
    pub keeps_index: bool,
}

impl Places {
    /// The places of the user who runs this process; below the system's temporary folder for a user without a home.
    #[must_use]
    pub fn of_user() -> Self {
        use etcetera::BaseStrategy;
        match etcetera::choose_base_strategy() {
            Ok(base) => Self {
                config: base.config_dir().join("tierline"),
                state: base.state_dir().unwrap_or_else(|| base.data_dir()).join("tierline"),
                cache: base.cache_dir().join("tierline"),
                keeps_index: true,
            },
            Err(_) => {
                static FALLBACK: LazyLock<PathBuf> = LazyLock::new(|| fallback(&std::env::temp_dir()));
                let fallback = &*FALLBACK;
                let [config, state, cache] = ["config", "state", "cache"].map(|name| fallback.join(name));
                Self { config, state, cache, keeps_index: true }
            }
        }
    }

    /// The user's configuration file.
    #[must_use]
    pub fn user_file(&self) -> PathBuf {
        self.config.join("config.toml")
    }

    /// The folder of the user's own queries.
    #[must_use]
    pub fn queries(&self) -> PathBuf {
        self.config.join("queries")
    }
}

/// A folder for a user without a home, in a place where everybody may write. Whoever made a folder of a name that can be known could say
/// there which server is asked and which program prints the key: it counts only where it is this user's own and nobody else may write it.
/// Else it is a new one, which lasts as long as this process.
fn fallback(temporary: &Path) -> PathBuf {
    #[cfg(unix)]
    {
        use std::os::unix::fs::{DirBuilderExt, MetadataExt};
        let user = rustix::process::geteuid().as_raw();
        let folder = temporary.join(format!("tierline-{user}"));
        let _ = std::fs::DirBuilder::new().mode(0o700).create(&folder);
        let is_ours =
            folder.symlink_metadata().is_ok_and(|found| found.is_dir() && found.uid() == user && found.mode() & 0o077 == 0);
        if is_ours {
            return folder;
        }
    }
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o700));
    // Whoever cannot make one has nowhere to keep anything either.
    let made = builder.prefix("tierline-").tempdir_in(temporary);
    made.map_or_else(|_| temporary.join("tierline").join("none"), tempfile::TempDir::keep)
}

/// The configuration file of a workspace, which is committed with it.
#[must_use]
pub fn workspace_file(root: &Path) -> PathBuf {
    root.join(WORKSPACE_FILE)
}

/// The file beside it that is one user's own, and ignored by version control.
#[must_use]
pub fn local_file(root: &Path) -> PathBuf {
    root.join(LOCAL_FILE)
}

/// The name of a workspace's file.
pub(crate) const WORKSPACE_FILE: &str = "tierline.toml";
/// The name of a user's own file in a workspace.
pub(crate) const LOCAL_FILE: &str = "tierline.local.toml";

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::os::unix::fs::PermissionsExt;
    use std::path::Path;

    use super::fallback;

    fn mode(path: &Path) -> u32 {
        path.symlink_metadata().unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn who_has_no_home_gets_a_folder_that_is_nobody_elses() {
        let temporary = tempfile::tempdir().unwrap();
        let own = fallback(temporary.path());
        assert_eq!((fallback(temporary.path()), mode(&own)), (own.clone(), 0o700), "the same again");
        // Others may write it.
        std::fs::set_permissions(&own, std::fs::Permissions::from_mode(0o777)).unwrap();
        let other = fallback(temporary.path());
        assert!(other != own && mode(&other) == 0o700, "{}", other.display());
        // It is a link to a folder of somebody else's choice.
        std::fs::remove_dir(&own).unwrap();
        std::fs::create_dir(temporary.path().join("planted")).unwrap();
        std::os::unix::fs::symlink("planted", &own).unwrap();
        let other = fallback(temporary.path());
        assert!(other != own && mode(&other) == 0o700, "{}", other.display());
    }
}
