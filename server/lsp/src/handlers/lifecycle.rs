//! The beginning of a session, its folders and its configuration.

use std::path::PathBuf;
use std::sync::Arc;

use serde_json::json;
use tower_lsp::gen_lsp_types as proto;

use crate::capabilities::initialize_result;
use crate::indexing::start_indexing;
use crate::profile::ClientProfile;
use crate::session::Session;
use crate::{ahead, configuration, from_proto, status};

/// Reads what the client says of itself. Indexes nothing yet: the client must be told first that it may work.
pub(crate) fn initialize(session: &Arc<Session>, params: &proto::InitializeParams) -> proto::InitializeResult {
    let profile = ClientProfile::of(params);
    session.outbox.negotiated(profile.work_done_progress);
    session.set_profile(profile);
    if let Some(options) = &params.initialization_options {
        session.editor_settings.lock().at_start = serde_json::to_value(options).unwrap_or_default();
    }
    for root in roots(params) {
        session.add_folder(&root);
    }
    // Before the editor can be asked for its settings, which come too late to be offered by.
    let navigation = session.folders().iter().any(|host| host.snapshot().settings().navigation);
    initialize_result(session.profile(), navigation)
}

fn roots(params: &proto::InitializeParams) -> Vec<PathBuf> {
    if let Some(proto::WorkspaceFolders::WorkspaceFolderList(folders)) =
        &params.workspace_folders_initialize_params.workspace_folders
    {
        return folders.iter().filter_map(|folder| from_proto::path(&folder.uri)).collect();
    }
    #[expect(deprecated, reason = "older clients send nothing else")]
    let root = params.root_uri.as_ref();
    root.and_then(from_proto::path).into_iter().collect()
}

pub(crate) fn initialized(session: &Arc<Session>) {
    session.outbox.register(registrations(session.profile()));
    configuration::reload(session);
    configuration::watch(session);
    for host in session.folders().iter().filter(|host| !host.relies_on_what_is_open()) {
        start_indexing(session, host);
    }
    if session.profile().wants_status {
        status::announce(session);
    }
    ahead::start(session);
    pull_configuration(session);
}

pub(crate) fn did_change_configuration(session: &Arc<Session>, params: proto::DidChangeConfigurationParams) {
    if session.profile().configuration {
        pull_configuration(session);
    } else {
        let settings = serde_json::to_value(&params.settings).unwrap_or_default();
        configure(session, settings.get("tierline").cloned().unwrap_or(settings));
    }
}

pub(crate) fn did_change_workspace_folders(session: &Arc<Session>, params: proto::DidChangeWorkspaceFoldersParams) {
    let before = session.folders();
    for folder in params.event.removed {
        if let Some(root) = from_proto::path(&folder.uri) {
            session.remove_folder(&root);
        }
    }
    for folder in params.event.added {
        if let Some(host) = from_proto::path(&folder.uri).and_then(|root| session.add_folder(&root)) {
            start_indexing(session, &host);
        }
    }
    session.rehome(&before);
    configuration::reload(session);
}

/// Takes what the editor says now.
fn configure(session: &Arc<Session>, settings: serde_json::Value) {
    session.editor_settings.lock().now = settings;
    configuration::reload(session);
}

/// Asks the client for our section; the answer is waited for in a task of its own.
fn pull_configuration(session: &Arc<Session>) {
    if !session.profile().configuration {
        return;
    }
    let session = Arc::clone(session);
    tokio::spawn(async move {
        let items = vec![proto::ConfigurationItem { scope_uri: None, section: Some("tierline".to_owned()) }];
        let answer = session.outbox.configuration(items).await;
        let settings = answer.ok().and_then(|answer| answer.ok()).and_then(|values| values.into_iter().next());
        if let Some(settings) = settings.filter(|settings| settings.is_object()) {
            configure(&session, settings);
        }
    });
}

fn registrations(profile: &ClientProfile) -> Vec<proto::Registration> {
    let mut registrations = Vec::new();
    if profile.watches_files {
        registrations.push(proto::Registration {
            id: "tierline-files".to_owned(),
            method: "workspace/didChangeWatchedFiles".to_owned(),
            register_options: Some(json!({"watchers": [{"globPattern": "**/*"}]})),
        });
    }
    if profile.configuration_changes {
        registrations.push(proto::Registration {
            id: "tierline-configuration".to_owned(),
            method: "workspace/didChangeConfiguration".to_owned(),
            register_options: Some(json!({"section": "tierline"})),
        });
    }
    registrations
}
