//! What is configured, kept up with while a session lasts: read again when a file or the editor says something else, and what is wrong
//! in the files told as diagnostics at the exact place. A file that breaks changes nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Weak};
use std::time::{Duration, SystemTime};

use assist::{Fault, Host, SettingsProblem, configuration_files, configured_by, local_file, workspace_file};
use parking_lot::Mutex;
use text::{LineIndex, Span};
use tower_lsp::gen_lsp_types as proto;

use crate::names::resolved;
use crate::session::{Session, relative};
use crate::to_proto;

/// How often it is looked whether a file has changed that no client and no watcher tells of: the user's own, one that version control
/// ignores, the record of trust.
const LOOK: Duration = Duration::from_secs(1);

/// What is kept of the configuration beside the settings themselves.
#[derive(Debug, Default)]
pub(crate) struct State {
    /// Held while files are read and what they say is made to count, so that the newest is what counts last.
    turn: Mutex<()>,
    /// What the gateway said of the files when they were last read.
    of_models: Mutex<Vec<SettingsProblem>>,
    /// The files that have diagnostics at the client.
    told: Mutex<BTreeSet<PathBuf>>,
    /// How often diagnostics were asked for.
    asked: AtomicU64,
}

/// Reads everything again, in the background: a program that prints a key may take its time.
pub(crate) fn reload(session: &Arc<Session>) {
    let session = Arc::clone(session);
    tokio::task::spawn_blocking(move || reload_now(&session));
}

/// The same for a thread that may block.
pub(crate) fn reload_now(session: &Session) {
    let _turn = session.configuration.turn.lock();
    // A folder that was added while a program printed a key has its turn too.
    let mut folders = reload_folders(session);
    while !Arc::ptr_eq(&folders, &session.folders()) {
        folders = reload_folders(session);
    }
    publish(session);
    session.activity.changed();
}

/// Makes what is configured count for the folders that there are, and returns them.
fn reload_folders(session: &Session) -> Arc<Vec<Arc<Host>>> {
    let mut of_models = Vec::new();
    let folders = session.folders();
    if folders.is_empty() {
        // A file without a folder gets a folder of its own, whose gateway must be there by then.
        let configured = session.configured(&session.places.config);
        of_models
            .extend(session.gateways.open(&session.places, &configured).map_or_else(|problem| vec![problem], |opened| opened.1));
    }
    for host in folders.iter() {
        let snapshot = host.snapshot();
        let configured = session.configured(snapshot.root());
        let gateway = match session.gateways.open(&session.places, &configured) {
            Ok((gateway, problems)) => {
                of_models.extend(problems);
                gateway
            }
            // What could be asked before can be asked still.
            Err(problem) => {
                of_models.push(problem);
                snapshot.gateway().cloned()
            }
        };
        for problem in configured.problems.iter().chain(&of_models) {
            session.note(problem);
        }
        host.configure(configured.settings, gateway);
    }
    *session.configuration.of_models.lock() = of_models;
    folders
}

/// Whether this is one of the files that configure this session.
pub(crate) fn is_configuration(session: &Session, path: &Path) -> bool {
    let is = |file: PathBuf| resolved(&file) == path;
    is(session.places.user_file())
        || session.folders().iter().any(|host| {
            let snapshot = host.snapshot();
            is(workspace_file(snapshot.root())) || is(local_file(snapshot.root()))
        })
}

/// Tells what is wrong in the files as they are in the editor, in the background. Of several askings at once the last counts.
pub(crate) fn diagnose(session: &Arc<Session>) {
    let number = session.configuration.asked.fetch_add(1, Ordering::Relaxed) + 1;
    let session = Arc::clone(session);
    tokio::task::spawn_blocking(move || {
        let _turn = session.configuration.turn.lock();
        if session.configuration.asked.load(Ordering::Relaxed) == number {
            publish(&session);
        }
    });
}

/// Reads again whenever a file has changed on disk, as long as the session lasts.
pub(crate) fn watch(session: &Arc<Session>) {
    tokio::spawn(follow(Arc::downgrade(session)));
}

async fn follow(session: Weak<Session>) {
    let mut before = None;
    loop {
        let Some(session) = session.upgrade() else { return };
        let looked = tokio::task::spawn_blocking(move || {
            let now = stamps(&session);
            if before.as_ref().is_some_and(|before| *before != now) {
                reload_now(&session);
            }
            now
        });
        before = looked.await.ok();
        tokio::time::sleep(LOOK).await;
    }
}

type Stamp = Option<(Option<SystemTime>, u64)>;

fn stamps(session: &Session) -> BTreeMap<PathBuf, Stamp> {
    let stamp = |path: &Path| path.metadata().ok().map(|found| (found.modified().ok(), found.len()));
    let folders = session.folders();
    let files = folders.iter().flat_map(|host| configuration_files(&session.places, host.snapshot().root()));
    files.map(|file| (file.clone(), stamp(&file))).collect()
}

/// The text of a file as the editor has it, and its version.
fn open_text(session: &Session, path: &Path) -> Option<(Arc<str>, i32)> {
    let path = resolved(path);
    session.folders().iter().find_map(|host| {
        let snapshot = host.snapshot();
        let document = snapshot.document(&relative(snapshot.root(), &path)?)?;
        Some((Arc::clone(&document.document.text), document.document.version))
    })
}

fn publish(session: &Session) {
    let editor = session.editor_settings.lock().clone();
    let mut problems: BTreeMap<PathBuf, Vec<SettingsProblem>> = BTreeMap::new();
    let open = |path: &Path| open_text(session, path).map(|(text, _)| text);
    let found = session
        .folders()
        .iter()
        .flat_map(|host| configured_by(&session.places, host.snapshot().root(), &editor, &open).problems)
        .collect::<Vec<_>>();
    for problem in found.into_iter().chain(session.configuration.of_models.lock().iter().cloned()) {
        let of_file = problems.entry(problem.file.clone()).or_default();
        // Every folder tells of the user's file.
        if !of_file.contains(&problem) {
            of_file.push(problem);
        }
    }
    let mut told = session.configuration.told.lock();
    let mended: Vec<PathBuf> = told.iter().filter(|file| !problems.contains_key(*file)).cloned().collect();
    *told = problems.keys().cloned().collect();
    problems.extend(mended.into_iter().map(|file| (file, Vec::new())));
    for (file, problems) in problems {
        let Some(uri) = session.names().uri(&file) else { continue };
        let (text, version) = match open_text(session, &file) {
            Some((text, version)) => (text, Some(version)),
            None => (std::fs::read_to_string(&file).unwrap_or_default().into(), None),
        };
        let lines = LineIndex::new(&text);
        let diagnostics = problems.iter().map(|problem| diagnostic(session, problem, &text, &lines)).collect();
        session.outbox.notify::<proto::PublishDiagnosticsNotification>(proto::PublishDiagnosticsParams {
            uri,
            version,
            diagnostics,
        });
    }
}

fn diagnostic(session: &Session, problem: &SettingsProblem, text: &str, lines: &LineIndex) -> proto::Diagnostic {
    let span = problem.place.map(|place| place.span).filter(|span| text.get(span.range()).is_some()).unwrap_or(Span::new(0, 0));
    let severity = if problem.fault.is_error() { proto::DiagnosticSeverity::Error } else { proto::DiagnosticSeverity::Warning };
    proto::Diagnostic {
        range: to_proto::range(lines.position_range(text, span, session.profile().encoding)),
        severity: Some(severity),
        code: Some(problem.fault.code().to_owned().into()),
        source: Some("tierline".to_owned()),
        message: assist::markdown::plain(&problem.message).into(),
        ..proto::Diagnostic::default()
    }
}

impl Session {
    /// Tells the user of a problem, once in this session: with a message where something cannot count at all, else in the log.
    fn note(&self, problem: &SettingsProblem) {
        if problem.fault.is_error() && problem.fault != Fault::Model {
            self.notice(proto::MessageType::Warning, &problem.to_string());
        } else {
            self.log_once(&problem.to_string());
        }
    }
}
