//! Documents: opened, changed, saved, closed; files changed on disk. Nothing here waits for anything.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use assist::Host;
use text::ContentChange;
use tower_lsp::gen_lsp_types as proto;

use crate::configuration::{self, is_configuration};
use crate::from_proto;
use crate::indexing::index_folder;
use crate::names::resolved;
use crate::plans;
use crate::session::{Located, Session};

pub(crate) fn did_open(session: &Arc<Session>, params: proto::DidOpenTextDocumentParams) {
    let document = params.text_document;
    session.opened(&document.uri);
    if plans::did_open(session, &document) {
        return;
    }
    let folders = session.folders();
    let Some(located) = session.locate(&document.uri) else { return };
    if !Arc::ptr_eq(&folders, &session.folders()) {
        // A file outside all folders has brought one, which may be configured in its own way.
        configuration::reload(session);
    }
    let text: Arc<str> = document.text.into();
    for (host, path) in session.homes(&document.uri) {
        host.open(&path, Arc::clone(&text), document.version);
    }
    warm(&located.host);
    judge(session, &located);
}

pub(crate) fn did_change(session: &Arc<Session>, params: proto::DidChangeTextDocumentParams) {
    if plans::did_change(session, &params) {
        return;
    }
    let document = params.text_document;
    let Some(located) = session.locate(&document.text_document_identifier.uri) else { return };
    let changes: Vec<ContentChange> = params.content_changes.into_iter().map(from_proto::content_change).collect();
    let mut is_open = false;
    for (host, path) in session.homes(&document.text_document_identifier.uri) {
        is_open |= host.change(&path, &changes, session.profile().encoding, document.version);
    }
    if is_open {
        warm(&located.host);
        judge(session, &located);
    } else {
        tracing::warn!("{} was changed without being opened; the change is passed over", located.path);
    }
}

pub(crate) fn did_save(session: &Arc<Session>, params: &proto::DidSaveTextDocumentParams) {
    if plans::path(session, &params.text_document.uri).is_some() {
        return;
    }
    refresh(session, &params.text_document.uri);
}

pub(crate) fn did_close(session: &Arc<Session>, params: &proto::DidCloseTextDocumentParams) {
    let uri = &params.text_document.uri;
    if !plans::did_close(session, uri) {
        if let Some(located) = session.locate(uri) {
            session.homes(uri).iter().for_each(|(host, path)| host.close(path));
            judge(session, &located);
        }
        refresh(session, uri);
    }
    session.closed(uri);
}

pub(crate) fn did_change_watched_files(session: &Arc<Session>, params: proto::DidChangeWatchedFilesParams) {
    let session = Arc::clone(session);
    // A branch switch names ten thousand files: even to look at their names is too much for the protocol's task.
    tokio::task::spawn_blocking(move || {
        let paths = params.changes.iter().filter_map(|change| from_proto::path(&change.uri)).collect();
        read_again(&session, paths);
    });
}

/// Reads a file again, in the background.
fn refresh(session: &Arc<Session>, uri: &proto::Uri) {
    refresh_paths(session, from_proto::path(uri).into_iter().collect());
}

/// Reads files again, in the background; a configuration file among them is read too.
pub(crate) fn refresh_paths(session: &Arc<Session>, paths: Vec<PathBuf>) {
    if !paths.is_empty() {
        let session = Arc::clone(session);
        tokio::task::spawn_blocking(move || read_again(&session, paths));
    }
}

fn read_again(session: &Arc<Session>, named: Vec<PathBuf>) {
    let names = session.names();
    let paths: Vec<PathBuf> = named.iter().map(|name| names.place_of(name)).collect();
    if paths.iter().any(|path| may_configure(path) && is_configuration(session, &resolved(path))) {
        configuration::reload_now(session);
    }
    for host in session.folders().iter() {
        let root = host.snapshot().root().to_owned();
        let mine: Vec<PathBuf> = paths.iter().filter(|path| path.starts_with(&root)).cloned().collect();
        if mine.is_empty() {
            continue;
        }
        if host.changed_on_disk(mine) {
            read_whole(session, host);
        } else {
            host.refresh_pending();
        }
    }
}

/// Reads a folder again as a whole, in the background: nobody knows what has changed there.
pub(crate) fn read_all_again(session: &Arc<Session>, host: &Arc<Host>) {
    let (session, host) = (Arc::clone(session), Arc::clone(host));
    tokio::task::spawn_blocking(move || read_whole(&session, &host));
}

fn read_whole(session: &Session, host: &Host) {
    // What the user called off waits for the next change.
    if !index_folder(session, host) {
        host.settle();
    }
}

/// Tells what is wrong in a configuration file as it is in the editor.
fn judge(session: &Arc<Session>, located: &Located) {
    let path = located.snapshot.root().join(&located.path);
    if may_configure(&path) && is_configuration(session, &path) {
        configuration::diagnose(session);
    }
}

/// Whether a file may be one that configures us, by its name alone: most are not.
fn may_configure(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "toml")
}

/// Parses what has just changed ahead of the request that will ask for it.
fn warm(host: &Arc<Host>) {
    let host = Arc::clone(host);
    tokio::task::spawn_blocking(move || host.parse_ahead());
}
