//! The layers, one over the other: built-in < user < workspace < local < editor. Each value keeps where it comes from.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use models::Tier;
use parking_lot::Mutex;
use toml::{Table, Value};

use super::editor::{EditorSettings, leaves};
use super::file::{ConfigFile, Names, read, shown};
use super::key::{Key, Reach};
use super::places::{LOCAL_FILE, WORKSPACE_FILE};
use super::{Fault, KEYS, Places, ProblemPlace, Settings, SettingsProblem};
use crate::trust::{Grant, Trust};

/// Who said something; each goes before those above it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Layer {
    /// Nobody: it is what counts otherwise.
    BuiltIn,
    /// The user's own file.
    User,
    /// The workspace's file.
    Workspace,
    /// The user's own file in the workspace.
    Local,
    /// The editor.
    Editor,
}

impl Layer {
    /// `built-in`, `user`, `workspace`, `local` or `editor`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::BuiltIn => "built-in",
            Self::User => "user",
            Self::Workspace => "workspace",
            Self::Local => "local",
            Self::Editor => "editor",
        }
    }
}

/// A value that counts, and where it comes from.
#[derive(Clone, Debug, PartialEq)]
pub struct Counting {
    /// The key, its sections before it.
    pub name: String,
    /// The value.
    pub value: Value,
    /// Who said it.
    pub layer: Layer,
    /// The file in which it was said.
    pub file: Option<PathBuf>,
    /// The one-based line.
    pub line: Option<usize>,
}

/// What a workspace asks for that its user has to trust it for.
#[derive(Clone, Debug, PartialEq)]
pub struct Unlock {
    /// The file.
    pub file: PathBuf,
    /// The key, its sections before it.
    pub name: String,
    /// The value.
    pub value: Value,
}

impl std::fmt::Display for Unlock {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{} = {}", self.name, self.value)
    }
}

/// What is configured for one workspace.
#[derive(Clone, Debug)]
pub struct Configured {
    /// Everything but the models.
    pub settings: Settings,
    /// The models, as the gateway reads them.
    pub models: models::Settings,
    /// Every value that counts, by its key.
    pub values: Vec<Counting>,
    /// What is wrong in the files.
    pub problems: Vec<SettingsProblem>,
    /// Whether the workspace is trusted.
    pub trust: Trust,
    /// What the workspace's files say that counts only where it is.
    pub unlocks: Vec<Unlock>,
    /// What the trust would be bound to.
    pub grant: Option<Grant>,
    /// Where each value stands that was said in a file, by its key.
    pub(crate) places: Vec<(String, PathBuf, ProblemPlace)>,
}

/// Reads configurations, and remembers what each file said when it was last in order.
#[derive(Debug, Default)]
pub struct SettingsReader {
    good: Mutex<HashMap<PathBuf, ConfigFile>>,
}

impl SettingsReader {
    /// What is configured for the workspace at `root` now. A file that is missing says nothing; one that is broken goes on saying what
    /// it said before.
    #[must_use]
    pub fn load(&self, places: &Places, root: &Path, editor: &EditorSettings) -> Configured {
        merge(places, root, editor, |path| self.source(path))
    }

    fn source(&self, path: &Path) -> ConfigFile {
        let mut file = match read(path) {
            Ok(Some(text)) => ConfigFile::parse(path, &text),
            Ok(None) => ConfigFile::silent(path, None),
            Err(error) => ConfigFile::silent(path, Some(error)),
        };
        let mut good = self.good.lock();
        if file.is_readable() {
            if let Some(before) = good.get(path) {
                let wrong = std::mem::take(&mut file.wrong);
                let kept = wrong.into_iter().filter_map(|names| Some((before.entries.get(&names)?.clone(), names)));
                kept.for_each(|(entry, names)| drop(file.entries.insert(names, entry)));
            }
            good.insert(path.to_owned(), file.clone());
        } else if let Some(before) = good.get(path) {
            let problems = std::mem::take(&mut file.problems);
            file = ConfigFile { problems, ..before.clone() };
        }
        file
    }
}

/// What would be configured if the files said what `open` says of them, where it says anything: for texts that are not saved yet.
#[must_use]
pub fn configured_by(
    places: &Places,
    root: &Path,
    editor: &EditorSettings,
    open: &dyn Fn(&Path) -> Option<Arc<str>>,
) -> Configured {
    let reader = SettingsReader::default();
    merge(places, root, editor, |path| match open(path) {
        Some(text) => ConfigFile::parse(path, &text),
        None => reader.source(path),
    })
}

#[derive(Clone)]
struct Said {
    key: &'static Key,
    value: Value,
    layer: Layer,
    place: Option<(PathBuf, ProblemPlace)>,
}

fn merge(places: &Places, root: &Path, editor: &EditorSettings, mut source: impl FnMut(&Path) -> ConfigFile) -> Configured {
    let mut user = source(&places.user_file());
    let mut of_workspace = [(Layer::Workspace, WORKSPACE_FILE), (Layer::Local, LOCAL_FILE)]
        .map(|(layer, name)| (layer, name, source(&root.join(name))));
    let present: Vec<(&str, &str)> =
        of_workspace.iter().filter(|(_, _, file)| file.is_there).map(|(_, name, file)| (*name, &*file.text)).collect();
    let grant = Grant::of(root, &present);
    let (is_granted, was_granted) = grant.as_ref().map_or((false, false), |grant| grant.state(places, root));

    let mut said: BTreeMap<Names, Said> = BTreeMap::new();
    let at = |file: &ConfigFile, name| Some((file.path.clone(), ProblemPlace::new(&file.text, name)));
    for (names, entry) in &user.entries {
        let place = at(&user, entry.name);
        said.insert(names.clone(), Said { key: entry.key, value: entry.value.clone(), layer: Layer::User, place });
    }
    let at_start = leaves(&editor.at_start);
    let bound: BTreeMap<Names, Value> = said
        .iter()
        .map(|(names, said)| (names.clone(), said.value.clone()))
        .chain(at_start.iter().map(|(names, _, value)| (names.clone(), value.clone())))
        .collect();
    let bound = |names: &Names, key: &Key| bound.get(names).cloned().or_else(|| default(key));

    let mut unlocks = Vec::new();
    for (layer, _, file) in &mut of_workspace {
        for (names, entry) in file.entries.clone() {
            let (key, value) = (entry.key, entry.value.clone());
            let needs_trust = match key.reach {
                Reach::Anyone => false,
                Reach::Lower => !key.kind.is_within(&value, bound(&names, key).as_ref()),
                Reach::Editor | Reach::Trusted => true,
                Reach::User => {
                    let message =
                        format!("`{}` may not be set by a workspace; it belongs in your own configuration file", shown(&names));
                    file.problem(entry.name, Fault::Refused, message);
                    continue;
                }
            };
            if needs_trust {
                unlocks.push(Unlock { file: file.path.clone(), name: shown(&names), value: value.clone() });
                if !is_granted {
                    file.problem(entry.name, Fault::NeedsTrust, refusal(&names, key, was_granted));
                    continue;
                }
            }
            let place = at(file, entry.name);
            said.insert(names, Said { key, value, layer: *layer, place });
        }
    }
    for (names, key, value) in at_start {
        said.insert(names, Said { key, value, layer: Layer::Editor, place: None });
    }
    for (names, key, value) in leaves(&editor.now) {
        if said.get(&names).is_none_or(|said| said.value != value) {
            if may_change(key, &value, bound(&names, key).as_ref()) {
                said.insert(names, Said { key, value, layer: Layer::Editor, place: None });
            } else {
                tracing::warn!(
                    "the editor's `{}` does not count: say it when the server starts, or in your own file",
                    shown(&names)
                );
            }
        }
    }
    keep_secrets_at_home(&mut said);

    let mut settings = Settings { is_trusted: is_granted, ..Settings::default() };
    let mut table = Table::new();
    for (names, said) in &said {
        match said.key.set {
            Some(set) => set(&mut settings, &said.value),
            None => insert(&mut table, names, said.value.clone()),
        }
    }
    let models = Value::Table(table).try_into::<models::Settings>().unwrap_or_else(|error| {
        let message = error.message().lines().collect::<Vec<_>>().join(" ");
        user.problems.push(SettingsProblem::of_file(user.path.clone(), Fault::Value, message));
        models::Settings::default()
    });
    let trust = match &grant {
        Some(_) if is_granted => Trust::Trusted,
        Some(grant) if unlocks.is_empty() && !grant.has_queries() => Trust::NotNeeded,
        Some(_) if was_granted => Trust::Changed,
        _ => Trust::Untrusted,
    };
    let mut problems = user.problems;
    problems.extend(of_workspace.into_iter().flat_map(|(_, _, file)| file.problems));
    let places =
        said.iter().filter_map(|(names, said)| said.place.clone().map(|(file, place)| (shown(names), file, place))).collect();
    Configured { settings, models, values: values(said), problems, trust, unlocks, grant, places }
}

/// Whether an editor may set this at any time. It does not tell what its user says from what a repository's settings for it say, so
/// neither money nor what reaches out of the editor is changed by it.
fn may_change(key: &Key, value: &Value, bound: Option<&Value>) -> bool {
    match key.reach {
        Reach::Anyone | Reach::Editor => true,
        Reach::Lower => {
            // Summaries on request cost nothing until somebody asks for one.
            let is_on_demand = key.name == "hover.summary" && key.kind.is_within(value, default(key).as_ref());
            is_on_demand || key.kind.is_within(value, bound)
        }
        Reach::Trusted | Reach::User => false,
    }
}

fn refusal(names: &Names, key: &Key, was_granted: bool) -> String {
    let what = shown(names);
    let since = if was_granted { ", which has changed since you last did" } else { "" };
    match key.reach {
        Reach::Lower => {
            format!("`{what}` may only be lowered here unless you trust this workspace{since}: see `tierline trust --show`")
        }
        _ => format!("`{what}` counts only where you trust this workspace{since}: see `tierline trust --show`"),
    }
}

/// A key belongs to the address it was written beside, and a price to its model: neither goes along where a workspace says which.
fn keep_secrets_at_home(said: &mut BTreeMap<Names, Said>) {
    for tier in Tier::ALL {
        let by_workspace = |key: &str| {
            let names = ["tiers", tier.as_str(), key].map(str::to_owned).to_vec();
            said.get(&names).is_some_and(|said| matches!(said.layer, Layer::Workspace | Layer::Local))
        };
        let goes_elsewhere = by_workspace("base_url") || by_workspace("provider");
        let is_another = goes_elsewhere || by_workspace("model");
        said.retain(|names, _| {
            let of_tier = names.len() > 2 && names[0] == "tiers" && names[1] == tier.as_str();
            let is_key = of_tier && matches!(names[2].as_str(), "key_env" | "key_command" | "key_keychain");
            let is_price = of_tier && matches!(names[2].as_str(), "price" | "batch_percent");
            !(is_key && goes_elsewhere || is_price && is_another)
        });
    }
}

fn insert(table: &mut Table, names: &[String], value: Value) {
    let [name, rest @ ..] = names else { return };
    if rest.is_empty() {
        table.insert(name.clone(), value);
    } else if let Value::Table(section) = table.entry(name.clone()).or_insert_with(|| Value::Table(Table::new())) {
        insert(section, rest, value);
    }
}

/// What counts where nobody says anything.
pub(super) fn default(key: &Key) -> Option<Value> {
    toml::from_str::<Table>(&format!("value = {}", key.default)).ok()?.remove("value")
}

fn values(said: BTreeMap<Names, Said>) -> Vec<Counting> {
    let mut values: BTreeMap<String, Counting> = KEYS
        .iter()
        .filter(|key| !key.name.contains('<'))
        .filter_map(|key| {
            let name = key.name.to_owned();
            let value = default(key)?;
            Some((name.clone(), Counting { name, value, layer: Layer::BuiltIn, file: None, line: None }))
        })
        .collect();
    for (names, said) in said {
        let name = shown(&names);
        let (file, line) = said.place.map(|(file, place)| (file, place.line)).unzip();
        values.insert(name.clone(), Counting { name, value: said.value, layer: said.layer, file, line });
    }
    values.into_values().collect()
}

#[cfg(test)]
mod tests;
