//! Plan documents: files in the state directory that the editor shows, that the user edits as text, and that are carried out from
//! their menu. They belong to no folder of the workspace, and nothing of theirs is indexed.

mod make;
mod run;

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use assist::{Host, Snapshot};
use parking_lot::Mutex;
use refactor::{PlanDocument, PlanFault};
use text::{ContentChange, Document};
use tower_lsp::gen_lsp_types as proto;

pub(crate) use self::make::review;
pub(crate) use self::run::{PlanCommand, Verb, run};
use crate::names::resolved;
use crate::session::Session;
use crate::{from_proto, to_proto};

/// The plan documents of a session.
#[derive(Debug, Default)]
pub(crate) struct Plans {
    /// Those that the editor has open.
    open: Mutex<HashMap<PathBuf, Document>>,
    /// Those that are being carried out, so that none is twice.
    busy: Mutex<HashSet<PathBuf>>,
}

/// A plan document as it is now.
pub(crate) struct Opened {
    pub(crate) host: Arc<Host>,
    pub(crate) path: PathBuf,
    pub(crate) text: Arc<str>,
    /// The version where the editor has it open.
    pub(crate) version: Option<i32>,
}

impl Opened {
    /// What it says, or all that is wrong with it: first what cannot be read, then what cannot be carried out.
    pub(crate) fn read(&self) -> Result<PlanDocument, Vec<PlanFault>> {
        let document = PlanDocument::parse(&self.text)?;
        document.resolve(&self.host.snapshot())?;
        Ok(document)
    }
}

fn folder(session: &Session) -> PathBuf {
    session.places.state.join("plans")
}

/// The folder of one workspace's plans.
fn folder_of(session: &Session, snapshot: &Snapshot) -> PathBuf {
    folder(session).join(snapshot.workspace_id())
}

/// The path of a document that is a plan.
pub(crate) fn path(session: &Session, uri: &proto::Uri) -> Option<PathBuf> {
    let path = from_proto::path(uri).filter(|path| path.extension().is_some_and(|extension| extension == "md"))?;
    let path = session.names().place(uri).unwrap_or(path);
    path.starts_with(resolved(&folder(session))).then_some(path)
}

/// A plan of a workspace that is open here; `None` where it cannot be read.
pub(crate) fn opened(session: &Session, path: &Path) -> Option<Opened> {
    let workspace = path.parent()?.file_name()?.to_str()?;
    let host = session.folders().iter().find(|host| host.snapshot().workspace_id() == workspace).cloned()?;
    let open = session.plans.open.lock().get(path).map(|document| (Arc::clone(&document.text), document.version));
    let (text, version) = match open {
        Some((text, version)) => (text, Some(version)),
        None => (std::fs::read_to_string(path).ok()?.into(), None),
    };
    Some(Opened { host, path: path.to_owned(), text, version })
}

/// The newest plan of a workspace that waits to be carried out.
pub(crate) fn waiting(session: &Session, snapshot: &Snapshot) -> Option<PathBuf> {
    let entries = std::fs::read_dir(folder_of(session, snapshot)).ok()?;
    let plans = entries.flatten().filter(|entry| entry.path().extension().is_some_and(|extension| extension == "md"));
    let newest = plans.max_by_key(|entry| entry.metadata().and_then(|metadata| metadata.modified()).ok())?;
    Some(resolved(&newest.path()))
}

/// The editor opened a document; `false` where that is no plan.
pub(crate) fn did_open(session: &Arc<Session>, document: &proto::TextDocumentItem) -> bool {
    let Some(path) = path(session, &document.uri) else { return false };
    let opened = Document::new(document.text.as_str(), document.version);
    session.plans.open.lock().insert(path.clone(), opened);
    diagnose(session, path);
    true
}

/// The editor changed a document; `false` where that is no plan.
pub(crate) fn did_change(session: &Arc<Session>, params: &proto::DidChangeTextDocumentParams) -> bool {
    let Some(path) = path(session, &params.text_document.text_document_identifier.uri) else { return false };
    let changes: Vec<ContentChange> = params.content_changes.iter().cloned().map(from_proto::content_change).collect();
    if let Some(document) = session.plans.open.lock().get_mut(&path) {
        *document = document.apply(&changes, session.profile().encoding, params.text_document.version).0;
    }
    diagnose(session, path);
    true
}

/// The editor closed a document; `false` where that is no plan.
pub(crate) fn did_close(session: &Arc<Session>, uri: &proto::Uri) -> bool {
    let Some(path) = path(session, uri) else { return false };
    session.plans.open.lock().remove(&path);
    publish(session, &path, None, Vec::new());
    true
}

/// Tells what is wrong in a plan as it is in the editor, unless it has changed again by then.
pub(crate) fn diagnose(session: &Arc<Session>, path: PathBuf) {
    let session = Arc::clone(session);
    tokio::task::spawn_blocking(move || {
        let Some(plan) = opened(&session, &path) else { return };
        let faults = plan.read().err().unwrap_or_default();
        let is_newest = || session.plans.open.lock().get(&path).is_some_and(|document| Some(document.version) == plan.version);
        if plan.version.is_some() && is_newest() {
            publish(&session, &path, plan.version, diagnostics(&session, &plan, &faults));
        }
    });
}

fn diagnostics(session: &Session, plan: &Opened, faults: &[PlanFault]) -> Vec<proto::Diagnostic> {
    let lines = text::LineIndex::new(&plan.text);
    let place = |fault: &PlanFault| {
        let line = lines.line_span(&plan.text, fault.line);
        let written = line.of(&plan.text).trim_end().len();
        text::Span::new(line.start as usize, line.start as usize + written)
    };
    let diagnostic = |fault: &PlanFault| proto::Diagnostic {
        range: to_proto::range(lines.position_range(&plan.text, place(fault), session.profile().encoding)),
        severity: Some(proto::DiagnosticSeverity::Error),
        code: Some("plan".to_owned().into()),
        source: Some("tierline".to_owned()),
        message: assist::markdown::plain(&fault.message).into(),
        ..proto::Diagnostic::default()
    };
    faults.iter().map(diagnostic).collect()
}

fn publish(session: &Session, path: &Path, version: Option<i32>, diagnostics: Vec<proto::Diagnostic>) {
    let Some(uri) = to_proto::uri(path) else { return };
    let params = proto::PublishDiagnosticsParams { uri, version, diagnostics };
    session.outbox.notify::<proto::PublishDiagnosticsNotification>(params);
}
