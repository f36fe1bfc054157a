//! The backend: one line for each method of the protocol, each leading to its handler.

use std::sync::Arc;
use std::time::Duration;

use assist::{Gateways, Places};
use serde_json::Value;
use tower_lsp::gen_lsp_types as proto;
use tower_lsp::jsonrpc::Result;
use tower_lsp::{Client, LanguageServer};

use crate::outbox::Outbox;
use crate::session::Session;
use crate::{consent, handlers, status};

/// How long the end of a session waits for the index to be on disk.
const FLUSH_PATIENCE: Duration = Duration::from_millis(500);

/// The server behind one connection.
pub(crate) struct Backend {
    session: Arc<Session>,
}

impl Backend {
    /// A server for a client that has not said anything yet.
    pub(crate) fn new(client: Client, places: Places, gateways: Gateways) -> Self {
        let outbox = Outbox::start(client);
        gateways.ask_user_with(consent::asker(outbox.clone()));
        Self { session: Arc::new(Session::new(outbox, places, gateways)) }
    }

    /// `window/workDoneProgress/cancel`, which the trait lacks.
    pub(crate) async fn work_done_progress_cancel(&self, params: proto::WorkDoneProgressCancelParams) {
        self.session.outbox.cancel_progress(params.token);
    }

    /// `tierline/status`: what the server is doing and may do, for plugins that show it.
    pub(crate) async fn status(&self) -> Result<Value> {
        let session = Arc::clone(&self.session);
        handlers::blocking(move || status::status(&session)).await
    }

    /// `tierline/summary`: a hover that waits for its summary, for plugins that can fill it in.
    pub(crate) async fn summary(&self, params: handlers::summary::SummaryParams) -> Result<Value> {
        handlers::summary::summary(&self.session, params).await
    }
}

impl LanguageServer for Backend {
    async fn initialize(&self, params: proto::InitializeParams) -> Result<proto::InitializeResult> {
        Ok(handlers::lifecycle::initialize(&self.session, &params))
    }

    async fn initialized(&self, _: proto::InitializedParams) {
        handlers::lifecycle::initialized(&self.session);
    }

    async fn shutdown(&self) -> Result<()> {
        self.session.cancel_all_jobs();
        let folders = self.session.folders();
        let flush = move || folders.iter().filter_map(|host| host.store()).for_each(|store| store.flush());
        // What is not on disk by then is parsed again at the next start.
        let _ = tokio::time::timeout(FLUSH_PATIENCE, tokio::task::spawn_blocking(flush)).await;
        Ok(())
    }

    async fn did_open(&self, params: proto::DidOpenTextDocumentParams) {
        handlers::sync::did_open(&self.session, params);
    }

    async fn did_change(&self, params: proto::DidChangeTextDocumentParams) {
        handlers::sync::did_change(&self.session, params);
    }

    async fn did_save(&self, params: proto::DidSaveTextDocumentParams) {
        handlers::sync::did_save(&self.session, &params);
    }

    async fn did_close(&self, params: proto::DidCloseTextDocumentParams) {
        handlers::sync::did_close(&self.session, &params);
    }

    async fn did_change_configuration(&self, params: proto::DidChangeConfigurationParams) {
        handlers::lifecycle::did_change_configuration(&self.session, params);
    }

    async fn did_change_workspace_folders(&self, params: proto::DidChangeWorkspaceFoldersParams) {
        handlers::lifecycle::did_change_workspace_folders(&self.session, params);
    }

    async fn did_change_watched_files(&self, params: proto::DidChangeWatchedFilesParams) {
        handlers::sync::did_change_watched_files(&self.session, params);
    }

    async fn hover(&self, params: proto::HoverParams) -> Result<Option<proto::Hover>> {
        handlers::hover::hover(&self.session, params).await
    }

    async fn code_action(&self, params: proto::CodeActionParams) -> Result<Option<Vec<proto::CodeActionResponse>>> {
        handlers::code_action::code_action(&self.session, params).await
    }

    async fn symbol(&self, params: proto::WorkspaceSymbolParams) -> Result<Option<proto::WorkspaceSymbolResponse>> {
        handlers::workspace_symbol::workspace_symbol(&self.session, params).await
    }

    async fn document_symbol(&self, params: proto::DocumentSymbolParams) -> Result<Option<proto::DocumentSymbolResponse>> {
        handlers::document_symbol::document_symbol(&self.session, params).await
    }

    async fn goto_definition(&self, params: proto::DefinitionParams) -> Result<Option<proto::DefinitionResponse>> {
        handlers::navigation::definition(&self.session, params).await
    }

    async fn references(&self, params: proto::ReferenceParams) -> Result<Option<Vec<proto::Location>>> {
        handlers::navigation::references(&self.session, params).await
    }

    async fn execute_command(&self, params: proto::ExecuteCommandParams) -> Result<Option<proto::LspAny>> {
        handlers::execute_command::execute_command(&self.session, params).await
    }
}
