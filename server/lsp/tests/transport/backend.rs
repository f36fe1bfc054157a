//! A language server that does odd things on demand, served over the real transport and pipes.

use std::future::pending;
use std::io::{PipeReader, PipeWriter, pipe};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use lsp::client::{Builder, Client};
use lsp::transport::{Outcome, serve};
use serde_json::{Value, json};
use tower_lsp::gen_lsp_types::{
    ConfigurationItem, ConfigurationParams, DidChangeTextDocumentParams, Hover, HoverParams, InitializeParams, InitializeResult,
    MarkupContent, MarkupKind, WorkDoneProgressCancelParams,
};
use tower_lsp::jsonrpc::Result;
use tower_lsp::{LanguageServer, LspService};

/// What the server has seen.
#[derive(Default)]
pub(crate) struct Seen {
    versions: Vec<i32>,
    cancelled_progress: Vec<Value>,
}

pub(crate) struct Backend {
    client: tower_lsp::Client,
    seen: Arc<Mutex<Seen>>,
}

impl LanguageServer for Backend {
    async fn initialize(&self, params: InitializeParams) -> Result<InitializeResult> {
        match params.initialization_options {
            Some(option) if option == "hang" => pending().await,
            Some(option) if option == "panic" => panic!("as asked"),
            _ => {}
        }
        Ok(InitializeResult::default())
    }

    async fn shutdown(&self) -> Result<()> {
        Ok(())
    }

    async fn did_change(&self, params: DidChangeTextDocumentParams) {
        let version = params.text_document.version;
        if version == -1 {
            panic!("version {version}");
        }
        if version % 3 == 0 {
            tokio::task::yield_now().await;
        }
        self.seen.lock().unwrap().versions.push(version);
    }

    /// The version of the document when the request's turn came. Line 1 suspends first, line 2 never answers.
    async fn hover(&self, params: HoverParams) -> Result<Option<Hover>> {
        let version = self.seen.lock().unwrap().versions.last().copied();
        match params.text_document_position_params.position.line {
            0 => {}
            1 => tokio::task::yield_now().await,
            _ => pending().await,
        }
        let value = version.map_or_else(String::new, |version| version.to_string());
        Ok(Some(Hover::new(MarkupContent { kind: MarkupKind::PlainText, value }.into(), None)))
    }
}

impl Backend {
    async fn versions(&self) -> Result<Vec<i32>> {
        Ok(self.seen.lock().unwrap().versions.clone())
    }

    async fn panic(&self, late: bool) -> Result<()> {
        if late {
            tokio::task::yield_now().await;
        }
        panic!("as asked")
    }

    /// Asks the client for its configuration and hands on the answer.
    async fn ask(&self) -> Result<Value> {
        let item = ConfigurationItem { scope_uri: None, section: Some("test".to_owned()) };
        let items = ConfigurationParams { items: vec![item] };
        let answer = self.client.send_request::<tower_lsp::gen_lsp_types::ConfigurationRequest>(items).await;
        answer.map(|values| json!(values))
    }

    /// Asks the client for something that has no params.
    async fn refresh(&self) -> Result<()> {
        self.client.code_lens_refresh().await
    }

    async fn cancel_progress(&self, params: WorkDoneProgressCancelParams) {
        self.seen.lock().unwrap().cancelled_progress.push(json!(params.token));
    }

    async fn cancelled_progress(&self) -> Result<Vec<Value>> {
        Ok(self.seen.lock().unwrap().cancelled_progress.clone())
    }

    /// Holds a thread of the runtime until the process ends.
    async fn block(&self) -> Result<()> {
        loop {
            std::thread::park();
        }
    }
}

/// A server on a thread of its own.
pub(crate) struct Server {
    outcome: Receiver<Outcome>,
}

impl Server {
    /// How serving ended.
    pub(crate) fn outcome(&self) -> Outcome {
        self.outcome.recv_timeout(Duration::from_secs(20)).expect("the server ends")
    }
}

/// A server, and the two ends of its pipes: what it writes, what it reads.
pub(crate) fn server() -> (Server, PipeReader, PipeWriter) {
    let (from_server, output) = pipe().unwrap();
    let (input, to_server) = pipe().unwrap();
    let (done, outcome) = channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let (service, socket) = LspService::build(|client| Backend { client, seen: Arc::default() })
            .custom_method("test/versions", Backend::versions)
            .custom_method("test/panic", Backend::panic)
            .custom_method("test/ask", Backend::ask)
            .custom_method("test/refresh", Backend::refresh)
            .custom_method("test/block", Backend::block)
            .custom_method("test/cancelledProgress", Backend::cancelled_progress)
            .custom_method("window/workDoneProgress/cancel", Backend::cancel_progress)
            .finish();
        let ended = runtime.block_on(serve(service, socket, input, output));
        let _ = done.send(ended);
        runtime.shutdown_background();
    });
    (Server { outcome }, from_server, to_server)
}

/// A server and an initialized client.
pub(crate) fn session() -> (Server, Client) {
    session_with(Client::builder())
}

/// A server and an initialized client of this make.
pub(crate) fn session_with(builder: Builder) -> (Server, Client) {
    let (server, from_server, to_server) = server();
    let client = builder.connect(from_server, to_server).unwrap();
    client.initialize(json!({ "processId": null, "rootUri": null, "capabilities": {} })).unwrap();
    (server, client)
}

/// The params of a change to this version.
pub(crate) fn change(version: i32) -> Value {
    json!({ "textDocument": { "uri": "file:///a", "version": version }, "contentChanges": [{ "text": "" }] })
}

/// The params of a hover on this line.
pub(crate) fn hover(line: u32) -> Value {
    json!({ "textDocument": { "uri": "file:///a" }, "position": { "line": line, "character": 0 } })
}
