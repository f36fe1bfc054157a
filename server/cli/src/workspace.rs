//! Opening a workspace for one command.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use assist::{Configured, EditorSettings, Gateways, Host, Places, SettingsProblem, SettingsReader};
use index::Report;
use indicatif::{ProgressBar, ProgressStyle};
use models::{Gateway, Traffic};

use crate::arguments::Options;
use crate::confirm::confirm;
use crate::failure::Failure;
use crate::output::Output;

/// A workspace whose index is complete.
pub(crate) struct Workspace {
    pub(crate) host: Host,
    pub(crate) places: Places,
    pub(crate) report: Report,
}

/// The root that a command is for: the one that was named, else the nearest folder at or above `near` that looks like one.
pub(crate) fn root(options: &Options, near: Option<&Path>) -> Result<PathBuf, Failure> {
    let start = match (&options.root, near) {
        (Some(root), _) => root.clone(),
        (None, Some(near)) => near.to_owned(),
        (None, None) => std::env::current_dir()?,
    };
    let start = start.canonicalize().map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => Failure::new("not_found", format!("there is no {}", start.display())),
        _ => Failure::new("unreadable", format!("{} cannot be read: {error}", start.display())),
    })?;
    if options.root.is_some() {
        return if start.is_dir() {
            Ok(start)
        } else {
            Err(Failure::usage(format!("{} is not a folder; --root names one", start.display())))
        };
    }
    let folder = if start.is_dir() { start.as_path() } else { start.parent().unwrap_or(&start) };
    let looks_like_root = |folder: &&Path| folder.join(".git").exists() || folder.join("tierline.toml").exists();
    if let Some(found) = folder.ancestors().find(looks_like_root) {
        return Ok(found.to_owned());
    }
    // Nothing looks like a root: the current folder is one for what lies in it.
    let current = std::env::current_dir().and_then(|current| current.canonicalize());
    Ok(current.ok().filter(|current| folder.starts_with(current)).unwrap_or_else(|| folder.to_owned()))
}

/// What is configured for a workspace, where no editor says anything.
pub(crate) fn configured(places: &Places, root: &Path) -> Configured {
    SettingsReader::default().load(places, root, &EditorSettings::default())
}

/// Gateways as they are configured, their traffic recorded or replayed as the arguments say; none at all where they say offline.
pub(crate) fn gateways(options: &Options) -> Gateways {
    match (&options.record, &options.replay) {
        _ if options.offline => None.into(),
        (_, Some(directory)) => Gateways::configured(Traffic::Replay(directory.clone())),
        (Some(directory), None) => Gateways::configured(Traffic::Record(directory.clone())),
        (None, None) => Gateways::configured(Traffic::Live),
    }
}

/// The gateway that is configured for a workspace, and what is wrong with it.
pub(crate) fn gateway(
    options: &Options,
    places: &Places,
    configured: &Configured,
) -> (Option<Arc<Gateway>>, Vec<SettingsProblem>) {
    gateways(options).open(places, configured).unwrap_or_else(|problem| (None, vec![problem]))
}

impl Workspace {
    /// Opens and indexes a workspace, showing on a terminal how far it is.
    pub(crate) fn open(options: &Options, output: &Output, near: Option<&Path>) -> Result<Self, Failure> {
        let root = root(options, near)?;
        let places = Places { keeps_index: !options.no_store, ..Places::of_user() };
        let configured = configured(&places, &root);
        let (gateway, more) = gateway(options, &places, &configured);
        for problem in configured.problems.iter().chain(&more) {
            output.remark(&assist::markdown::plain(&format!("tierline: {problem}")));
        }
        if let Some(gateway) = &gateway {
            let yes = options.yes;
            gateway.ask_user_with(Arc::new(move |question| {
                let asked = tokio::task::spawn_blocking(move || confirm(&question.to_string(), yes).is_ok());
                Box::pin(async move { asked.await.unwrap_or(false) })
            }));
        }
        let host = Host::new(&root, configured.settings, gateway).keeping_in(&places);
        let bar = progress_bar();
        let mut report = host.index_folder(
            &|at| {
                bar.set_length(at.total as u64);
                bar.set_position(at.done as u64);
            },
            &AtomicBool::new(false),
        );
        bar.finish_and_clear();
        // What is kept already is ready as far as a command needs it.
        if !host.is_settled() || report.parsed > 0 {
            report.ms.link = host.settle();
            report.ms.total += report.ms.link;
        }
        host.store().inspect(|store| store.flush());
        Ok(Self { host, places, report })
    }
}

/// A bar on stderr, drawn only where that is a terminal.
fn progress_bar() -> ProgressBar {
    let bar = ProgressBar::new(0);
    if let Ok(style) = ProgressStyle::with_template("indexing {bar:30} {pos} of {len} files") {
        bar.set_style(style);
    }
    bar
}
