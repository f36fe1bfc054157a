//! Documents: opened, changed, saved, closed; files changed on disk. Nothing here waits for anything.

use std::path::PathBuf;
use std::sync::Arc;

use assist::Host;
use text::ContentChange;
use tower_lsp::gen_lsp_types as proto;

use crate::from_proto;
use crate::session::Session;

pub(crate) fn did_open(session: &Arc<Session>, params: proto::DidOpenTextDocumentParams) {
    let document = params.text_document;
    if let Some(located) = session.locate(&document.uri) {
        located.host.open(&located.path, document.text, document.version);
        warm(&located.host);
    }
}

pub(crate) fn did_change(session: &Arc<Session>, params: proto::DidChangeTextDocumentParams) {
    let document = params.text_document;
    let Some(located) = session.locate(&document.text_document_identifier.uri) else { return };
    let changes: Vec<ContentChange> = params.content_changes.into_iter().map(from_proto::content_change).collect();
    if located.host.change(&located.path, &changes, session.profile().encoding, document.version) {
        warm(&located.host);
    } else {
        tracing::warn!("{} was changed without being opened; the change is passed over", located.path);
    }
}

pub(crate) fn did_save(session: &Arc<Session>, params: &proto::DidSaveTextDocumentParams) {
    refresh(session, std::slice::from_ref(&params.text_document.uri));
}

pub(crate) fn did_close(session: &Arc<Session>, params: &proto::DidCloseTextDocumentParams) {
    let uri = &params.text_document.uri;
    if let Some(located) = session.locate(uri) {
        located.host.close(&located.path);
    }
    refresh(session, std::slice::from_ref(uri));
}

pub(crate) fn did_change_watched_files(session: &Arc<Session>, params: proto::DidChangeWatchedFilesParams) {
    let uris: Vec<proto::Uri> = params.changes.into_iter().map(|change| change.uri).collect();
    refresh(session, &uris);
}

/// Reads files again, in the background.
fn refresh(session: &Arc<Session>, uris: &[proto::Uri]) {
    let paths: Vec<PathBuf> = uris.iter().filter_map(from_proto::path).collect();
    refresh_paths(session, paths);
}

/// Reads files again, in the background; a configuration file among them is read too.
pub(crate) fn refresh_paths(session: &Arc<Session>, paths: Vec<PathBuf>) {
    if paths.is_empty() {
        return;
    }
    let session = Arc::clone(session);
    tokio::task::spawn_blocking(move || {
        if paths.iter().any(|path| path.file_name().is_some_and(|name| name == "tierline.toml")) {
            session.configure(None);
        }
        for host in session.folders().iter() {
            let root = host.snapshot().root().to_owned();
            let mine: Vec<PathBuf> = paths.iter().filter(|path| path.starts_with(&root)).cloned().collect();
            if !mine.is_empty() {
                host.refresh(&mine);
            }
        }
    });
}

/// Parses what has just changed ahead of the request that will ask for it. A newer change makes an older one's parse needless.
fn warm(host: &Arc<Host>) {
    let host = Arc::clone(host);
    tokio::task::spawn_blocking(move || {
        let _ = host.snapshot().index();
    });
}
