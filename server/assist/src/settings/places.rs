//! Where Tierline keeps what belongs to a user, and where it looks for what was configured.

use std::path::{Path, PathBuf};

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
                let fallback = std::env::temp_dir().join("tierline");
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
