//! Settings: what users, workspaces and editors configured, merged.
//!
//! Built-in < user < workspace < local < editor. What a workspace brings comes with a repository that nobody vouches for: it may
//! quieten Tierline and leave files out, and more only where its user trusts it. Keys of model servers it never names.

mod configured;
mod editor;
mod file;
mod key;
mod places;
mod problem;
mod table;

use std::path::Path;
use std::time::Duration;

use serde::Deserialize;

pub use configured::{Configured, Counting, Layer, SettingsReader, Unlock, configured_by};
pub use editor::EditorSettings;
pub use key::{Key, Kind, Reach};
pub(crate) use places::{LOCAL_FILE, WORKSPACE_FILE};
pub use places::{Places, local_file, workspace_file};
pub use problem::{Fault, ProblemPlace, SettingsProblem};
pub use table::KEYS;

/// When a hover may cause a summary to be made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SummaryPolicy {
    /// Never, and kept ones are not shown either.
    Off,
    /// Kept ones are shown; none is made.
    Cached,
    /// A hover asks for the summary of what is hovered.
    #[default]
    OnRequest,
    /// Summaries may also be made ahead of the first hover.
    Auto,
}

/// Which changes of several files their user is shown before they are applied.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReviewPolicy {
    /// None.
    Never,
    /// Those that models made.
    #[default]
    Models,
    /// Those that the index made, too.
    Always,
}

/// How hovers behave.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct HoverSettings {
    /// When a summary may be made.
    pub summary: SummaryPolicy,
    /// How long a hover waits for a summary that is being made, in ms; at most 500.
    pub patience_ms: u64,
    /// How long a summary may take before it is given up, in s.
    pub deadline_seconds: u64,
    /// Whether hovers show signature and documentation too, for editors in which no other server does.
    pub signature: bool,
}

impl Default for HoverSettings {
    fn default() -> Self {
        Self { summary: SummaryPolicy::OnRequest, patience_ms: 80, deadline_seconds: 30, signature: false }
    }
}

impl HoverSettings {
    /// The patience as a duration. Editors wait for all servers before they show any hover, so it is bounded.
    #[must_use]
    pub fn patience(self) -> Duration {
        Duration::from_millis(self.patience_ms.min(500))
    }

    /// The deadline of a summary.
    #[must_use]
    pub fn deadline(self) -> Duration {
        Duration::from_secs(self.deadline_seconds)
    }
}

/// Everything that is configured, but for the models.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// How hovers behave.
    pub hover: HoverSettings,
    /// Whether outlines, definitions and references are served, for workspaces whose language has no server of its own.
    pub navigation: bool,
    /// How long a look-up may take before the index answers alone, in s.
    pub lookup_deadline_seconds: u64,
    /// How long an explanation may take before the index answers alone, in s.
    pub explain_deadline_seconds: u64,
    /// How long one step of a refactor may take, in s.
    pub refactor_deadline_seconds: u64,
    /// Which changes of several files are shown before they are applied.
    pub review: ReviewPolicy,
    /// How many threads index; 0 is as many as the machine has cores.
    pub index_threads: usize,
    /// Files larger than this are not indexed, in bytes.
    pub max_file_bytes: usize,
    /// Whether the index is kept on disk, so that the next start parses only what changed.
    pub keep_index: bool,
    /// The program, with its arguments, by which a change is checked; [`Settings::check`] says where it may run.
    pub check_command: Option<Vec<String>>,
    /// Whether the user trusts the workspace as it is now.
    pub is_trusted: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            hover: HoverSettings::default(),
            navigation: false,
            lookup_deadline_seconds: 30,
            explain_deadline_seconds: 60,
            refactor_deadline_seconds: 300,
            review: ReviewPolicy::Models,
            index_threads: 0,
            max_file_bytes: 1 << 20,
            keep_index: true,
            check_command: None,
            is_trusted: false,
        }
    }
}

impl Settings {
    /// Reads the user's and the workspace's files. A file that is missing says nothing; one that cannot be read, or says what it
    /// may not, is a problem, and the settings are as if it had not been said.
    #[must_use]
    pub fn load(places: &Places, root: &Path) -> (Self, Vec<SettingsProblem>) {
        let configured = SettingsReader::default().load(places, root, &EditorSettings::default());
        (configured.settings, configured.problems)
    }

    /// The program, with its arguments, by which a change of this workspace is checked. It runs the workspace's own code, so there is
    /// none where the workspace is not trusted, whoever named it.
    #[must_use]
    pub fn check(&self) -> Option<&[String]> {
        self.check_command.as_deref().filter(|_| self.is_trusted)
    }

    /// How the index is built by these settings.
    #[must_use]
    pub fn index_options(&self) -> index::Options {
        let limits = syntax::Limits { max_bytes: self.max_file_bytes, ..syntax::Limits::default() };
        index::Options { threads: self.index_threads, limits, ..index::Options::default() }
    }
}
