//! Settings: what users, workspaces and editors configured, merged.
//!
//! Built-in < user < workspace < editor. The workspace's file comes with a repository that nobody vouches for: it may quieten
//! Tierline and leave files out, and nothing else. Where models are reached, with which key and for how much money is said in
//! the user's own file only, and read by [`models`].

use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Deserialize;
use toml::{Table, Value};

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
    /// How many threads index; 0 is as many as the machine has cores.
    pub index_threads: usize,
    /// Files larger than this are not indexed, in bytes.
    pub max_file_bytes: usize,
    /// Whether the index is kept on disk, so that the next start parses only what changed.
    pub keep_index: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            hover: HoverSettings::default(),
            navigation: false,
            lookup_deadline_seconds: 30,
            explain_deadline_seconds: 60,
            refactor_deadline_seconds: 300,
            index_threads: 0,
            max_file_bytes: 1 << 20,
            keep_index: true,
        }
    }
}

/// Something in a configuration file that is not as it should be. The rest of the file counts nevertheless.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingsProblem {
    /// The file.
    pub file: PathBuf,
    /// What is wrong and what to do, as a sentence without a full stop.
    pub message: String,
}

impl std::fmt::Display for SettingsProblem {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}: {}", self.file.display(), self.message)
    }
}

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

/// What a workspace's file may say.
const WORKSPACE_KEYS: &[&str] = &["hover.summary", "hover.signature", "index.max_file_bytes"];

/// What the user's file may say besides the models' part.
const USER_KEYS: &[&str] = &[
    "hover.summary",
    "hover.patience_ms",
    "hover.deadline_seconds",
    "hover.signature",
    "navigation.enabled",
    "lookup.deadline_seconds",
    "explain.deadline_seconds",
    "refactor.deadline_seconds",
    "index.threads",
    "index.max_file_bytes",
    "index.store",
];

/// The sections of the user's file that speak of models.
const MODEL_SECTIONS: &[&str] = &["provider", "providers", "tiers", "caps", "egress", "team_cache"];

impl Settings {
    /// Reads the user's and the workspace's files. A file that is missing says nothing; one that cannot be read, or says what it
    /// may not, is a problem, and the settings are as if it had not been said.
    #[must_use]
    pub fn load(places: &Places, root: &Path) -> (Self, Vec<SettingsProblem>) {
        let mut settings = Self::default();
        let mut problems = Vec::new();
        let mut lay_over = |file: PathBuf, keys: &[&str], is_user: bool| {
            let Some(table) = read(&file, &mut problems) else { return };
            for (key, value) in leaves(&table, is_user) {
                let message = if !keys.contains(&key.as_str()) {
                    refusal(&key, is_user)
                } else if is_user || settings.may_lay_over(&key, &value) {
                    settings.set(&key, &value).err()
                } else {
                    Some(format!("`{key}` may only be lowered here; raise it in your own configuration file"))
                };
                problems.extend(message.map(|message| SettingsProblem { file: file.clone(), message }));
            }
        };
        lay_over(places.user_file(), USER_KEYS, true);
        lay_over(root.join("tierline.toml"), WORKSPACE_KEYS, false);
        (settings, problems)
    }

    /// Lays an editor's settings over these: the same keys as in the user's file, as a JSON object. Keys that are not known are
    /// passed over, because editors hand on what belongs to others.
    #[must_use]
    pub fn with_editor(mut self, settings: &serde_json::Value) -> Self {
        for key in USER_KEYS {
            let pointer = format!("/{}", key.replace('.', "/"));
            if let Some(value) = settings.pointer(&pointer).and_then(|value| Value::try_from(value.clone()).ok())
                && let Err(problem) = self.set(key, &value)
            {
                tracing::warn!("editor setting: {problem}");
            }
        }
        self
    }

    /// How the index is built by these settings.
    #[must_use]
    pub fn index_options(&self) -> index::Options {
        let limits = syntax::Limits { max_bytes: self.max_file_bytes, ..syntax::Limits::default() };
        index::Options { threads: self.index_threads, limits, ..index::Options::default() }
    }

    /// Whether a workspace's file may set this: a summary policy only a quieter one, a size only a smaller one.
    fn may_lay_over(&self, key: &str, value: &Value) -> bool {
        match key {
            "hover.summary" => value.clone().try_into::<SummaryPolicy>().map_or(true, |policy| policy <= self.hover.summary),
            "index.max_file_bytes" => value.as_integer().is_none_or(|bytes| bytes <= self.max_file_bytes as i64),
            _ => true,
        }
    }

    fn set(&mut self, key: &str, value: &Value) -> Result<(), String> {
        match key {
            "hover.summary" => {
                self.hover.summary = value
                    .clone()
                    .try_into()
                    .map_err(|_| format!("`{key}` is one of \"off\", \"cached\", \"on_request\", \"auto\", not {value}"))?;
            }
            "hover.signature" | "index.store" | "navigation.enabled" => {
                let is_on = value.as_bool().ok_or_else(|| format!("`{key}` is true or false, not {value}"))?;
                *match key {
                    "hover.signature" => &mut self.hover.signature,
                    "index.store" => &mut self.keep_index,
                    _ => &mut self.navigation,
                } = is_on;
            }
            _ => {
                let number = value.as_integer().and_then(|number| u64::try_from(number).ok());
                let number = number.ok_or_else(|| format!("`{key}` is a whole number, not {value}"))?;
                self.set_number(key, number);
            }
        }
        Ok(())
    }

    fn set_number(&mut self, key: &str, number: u64) {
        let size = usize::try_from(number).unwrap_or(usize::MAX);
        match key {
            "hover.patience_ms" => self.hover.patience_ms = number,
            "hover.deadline_seconds" => self.hover.deadline_seconds = number,
            "lookup.deadline_seconds" => self.lookup_deadline_seconds = number,
            "explain.deadline_seconds" => self.explain_deadline_seconds = number,
            "refactor.deadline_seconds" => self.refactor_deadline_seconds = number,
            "index.threads" => self.index_threads = size,
            "index.max_file_bytes" => self.max_file_bytes = size,
            _ => debug_assert!(false, "{key} is listed and cannot be set"),
        }
    }
}

fn read(file: &Path, problems: &mut Vec<SettingsProblem>) -> Option<Table> {
    let mut problem = |message: String| problems.push(SettingsProblem { file: file.to_owned(), message });
    let text = match std::fs::read_to_string(file) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return None,
        Err(error) => {
            problem(format!("cannot be read: {error}"));
            return None;
        }
    };
    match text.parse::<Table>() {
        Ok(table) => Some(table),
        Err(error) => {
            problem(format!("is not TOML: {}", error.message()));
            None
        }
    }
}

/// Every key with its value, as `section.key`; in a user's file without the sections that [`models`] reads.
fn leaves(table: &Table, is_user: bool) -> Vec<(String, Value)> {
    let mut leaves = Vec::new();
    for (section, value) in table {
        match value {
            _ if is_user && MODEL_SECTIONS.contains(&section.as_str()) => {}
            Value::Table(keys) => {
                leaves.extend(keys.iter().map(|(key, value)| (format!("{section}.{key}"), value.clone())));
            }
            other => leaves.push((section.clone(), other.clone())),
        }
    }
    leaves
}

fn refusal(key: &str, is_user: bool) -> Option<String> {
    let section = key.split('.').next().unwrap_or_default();
    if !is_user && (USER_KEYS.contains(&key) || MODEL_SECTIONS.contains(&section)) {
        return Some(format!("`{key}` may not be set by a workspace; it belongs in your own configuration file"));
    }
    let nearest = USER_KEYS.iter().map(|known| (distance(known, key), *known)).min();
    match nearest {
        Some((distance, known)) if distance <= 3 => Some(format!("`{key}` is not known; did you mean `{known}`?")),
        _ => Some(format!("`{key}` is not known")),
    }
}

/// Levenshtein's distance in characters.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, to) in b.iter().enumerate() {
            let substituted = diagonal + usize::from(from != *to);
            diagonal = row[j + 1];
            row[j + 1] = substituted.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::{Places, Settings, SummaryPolicy};

    fn load(user: &str, workspace: &str) -> (Settings, Vec<String>) {
        let folder = tempfile::tempdir().unwrap();
        let config = folder.path().join("config");
        std::fs::create_dir(&config).unwrap();
        let places = Places { config, state: folder.path().join("state"), cache: folder.path().join("cache"), keeps_index: true };
        std::fs::write(places.user_file(), user).unwrap();
        std::fs::write(folder.path().join("tierline.toml"), workspace).unwrap();
        let (settings, problems) = Settings::load(&places, folder.path());
        (settings, problems.into_iter().map(|problem| problem.message).collect())
    }

    #[test]
    fn the_user_file_counts_and_unknown_keys_are_named() {
        let (settings, problems) = load("[hover]\npatience_ms = 20\npatiense_ms = 1\n[tiers.nano]\nmodel = 'x'", "");
        assert_eq!(settings.hover.patience_ms, 20);
        assert_eq!(problems, ["`hover.patiense_ms` is not known; did you mean `hover.patience_ms`?"]);
    }

    #[test]
    fn a_workspace_may_only_quieten() {
        let (settings, problems) = load("[hover]\nsummary = 'cached'", "[hover]\nsummary = 'auto'");
        assert_eq!(settings.hover.summary, SummaryPolicy::Cached);
        assert_eq!(problems.len(), 1);
        let (settings, problems) = load("", "[hover]\nsummary = 'off'");
        assert_eq!((settings.hover.summary, problems.len()), (SummaryPolicy::Off, 0));
    }

    #[test]
    fn a_workspace_names_no_server_and_no_key() {
        let (settings, problems) = load("", "[tiers.nano]\nbase_url = 'http://127.0.0.1:1'\n[caps]\nper_day = 9");
        assert_eq!(settings, Settings::default());
        assert_eq!(
            problems,
            [
                "`caps.per_day` may not be set by a workspace; it belongs in your own configuration file",
                "`tiers.nano` may not be set by a workspace; it belongs in your own configuration file",
            ]
        );
    }

    #[test]
    fn what_is_not_toml_is_a_problem_and_no_more() {
        let (settings, problems) = load("[hover", "");
        assert_eq!(settings, Settings::default());
        assert!(problems[0].starts_with("is not TOML"), "{problems:?}");
    }

    #[test]
    fn an_editor_lays_over_what_it_knows() {
        let editor = serde_json::json!({"hover": {"summary": "off", "signature": true}, "other": 1});
        let settings = Settings::default().with_editor(&editor);
        assert_eq!(settings.hover.summary, SummaryPolicy::Off);
        assert!(settings.hover.signature);
    }
}
