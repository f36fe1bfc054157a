//! What arrives at the client, on a clock that stands still unless everybody waits.

use futures::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tower::Service;
use tower_lsp::gen_lsp_types::{InitializeParams, InitializeResult};
use tower_lsp::jsonrpc::{Id, Response, Result};
use tower_lsp::{ClientSocket, LanguageServer, LspService};

use super::*;

struct Silent(Client);

impl LanguageServer for Silent {
    async fn initialize(&self, _: InitializeParams) -> Result<InitializeResult> {
        Ok(InitializeResult::default())
    }

    async fn shutdown(&self) -> Result<()> {
        Ok(())
    }
}

/// An outbox and the client's end of it.
struct Session {
    outbox: Outbox,
    socket: ClientSocket,
    _service: LspService<Silent>,
}

impl Session {
    async fn new() -> Self {
        let (mut service, socket) = LspService::new(Silent);
        let initialize = jsonrpc::Request::build("initialize").params(json!({ "capabilities": {} })).id(1).finish();
        service.call(initialize).await.unwrap();
        let outbox = Outbox::start(service.inner().0.clone());
        outbox.negotiated(true);
        Self { outbox, socket, _service: service }
    }

    /// The next message: its method and params, and the id where it wants an answer.
    async fn next(&mut self) -> (String, Value, Option<Id>) {
        let request = self.socket.next().await.unwrap();
        let (method, id, params) = request.into_parts();
        (method.into_owned(), params.unwrap_or_default(), id)
    }

    async fn answer(&mut self, id: Option<Id>, answer: Result<Value>) {
        self.socket.send(Response::from_parts(id.unwrap(), answer)).await.unwrap();
    }

    /// The value of the next message, which is a progress.
    async fn progress(&mut self) -> Value {
        let (method, mut params, _) = self.next().await;
        assert_eq!(method, "$/progress");
        params["value"].take()
    }

    /// Says something and expects that nothing was said before.
    async fn expect_silence(&mut self) {
        self.outbox.log(MessageType::Log, "marker");
        assert_eq!(self.next().await, ("window/logMessage".to_owned(), json!({ "type": 4, "message": "marker" }), None));
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_said_arrives_in_order_and_answers_come_back() {
    let mut session = Session::new().await;
    session.outbox.log(MessageType::Info, "one");
    let answer = session.outbox.apply_edit(ApplyWorkspaceEditParams::default());
    session.outbox.show(MessageType::Warning, "two");
    assert_eq!(session.next().await.0, "window/logMessage");
    let (method, _, id) = session.next().await;
    assert_eq!(method, "workspace/applyEdit");
    assert_eq!(session.next().await.1, json!({ "type": 2, "message": "two" }));
    session.answer(id, Ok(json!({ "applied": true }))).await;
    assert!(answer.await.unwrap().unwrap().applied);
}

#[tokio::test(start_paused = true)]
async fn a_client_that_never_answers_is_given_up_where_no_human_is_asked() {
    let mut session = Session::new().await;
    let answer = session.outbox.configuration(vec![ConfigurationItem { scope_uri: None, section: None }]);
    assert_eq!(session.next().await.0, "workspace/configuration");
    let error = answer.await.unwrap().unwrap_err();
    assert!(error.message.contains("in time"), "{}", error.message);
    session.expect_silence().await;
}

#[tokio::test(start_paused = true)]
async fn a_client_that_registers_nothing_is_not_asked_to() {
    let mut session = Session::new().await;
    session.outbox.register(Vec::new());
    session.expect_silence().await;
}

#[tokio::test(start_paused = true)]
async fn a_short_job_shows_nothing() {
    let mut session = Session::new().await;
    session.outbox.progress("Indexing", true, None).end("done");
    session.expect_silence().await;
}

#[tokio::test(start_paused = true)]
async fn a_long_job_is_shown_from_begin_to_end_with_thinned_reports() {
    let mut session = Session::new().await;
    let begun = Instant::now();
    let progress = session.outbox.progress("Indexing", true, None);
    progress.report("a.rs", Some(10));
    let (method, params, id) = session.next().await;
    assert_eq!((method.as_str(), &params), ("window/workDoneProgress/create", &json!({ "token": "tierline/0" })));
    assert!(begun.elapsed() >= Duration::from_millis(300));
    session.answer(id, Ok(Value::Null)).await;
    assert_eq!(
        session.progress().await,
        json!({ "kind": "begin", "title": "Indexing", "cancellable": true, "message": "a.rs", "percentage": 10 })
    );
    for (file, percentage) in [("b.rs", 20), ("c.rs", 40), ("d.rs", 30)] {
        progress.report(file, Some(percentage));
    }
    assert_eq!(session.progress().await, json!({ "kind": "report", "message": "d.rs", "percentage": 40 }));
    progress.end("4 files");
    assert_eq!(session.progress().await, json!({ "kind": "end", "message": "4 files" }));
    session.expect_silence().await;
}

#[tokio::test(start_paused = true)]
async fn a_job_under_the_client_s_own_token_is_shown_at_once() {
    let mut session = Session::new().await;
    session.outbox.negotiated(false);
    let progress = session.outbox.progress("Planning", false, Some(ProgressToken::Int(7)));
    assert_eq!(session.progress().await, json!({ "kind": "begin", "title": "Planning", "cancellable": false }));
    drop(progress);
    assert_eq!(session.progress().await, json!({ "kind": "end" }));
}

#[tokio::test(start_paused = true)]
async fn the_user_s_cancel_reaches_the_job() {
    let mut session = Session::new().await;
    let progress = session.outbox.progress("Planning", true, None);
    let other = session.outbox.progress("Indexing", true, None);
    let (_, mut params, _) = session.next().await;
    session.outbox.cancel_progress(serde_json::from_value(params["token"].take()).unwrap());
    progress.cancelled().cancelled().await;
    assert!(!other.cancelled().is_cancelled());
}

#[tokio::test(start_paused = true)]
async fn a_job_that_ends_while_its_token_is_made_still_uses_it() {
    let mut session = Session::new().await;
    let progress = session.outbox.progress("Planning", false, None);
    let (_, _, id) = session.next().await;
    drop(progress);
    session.answer(id, Ok(Value::Null)).await;
    assert_eq!(session.progress().await["kind"], "begin");
    assert_eq!(session.progress().await["kind"], "end");
}

#[tokio::test(start_paused = true)]
async fn a_client_without_progress_or_that_refuses_a_token_is_left_alone() {
    let mut session = Session::new().await;
    let progress = session.outbox.progress("Planning", false, None);
    let (_, _, id) = session.next().await;
    session.answer(id, Err(jsonrpc::Error::method_not_found())).await;
    progress.report("half", Some(50));
    progress.end("all");
    session.outbox.negotiated(false);
    let _silent = session.outbox.progress("Indexing", false, None);
    tokio::time::advance(Duration::from_secs(1)).await;
    session.expect_silence().await;
}

#[tokio::test(start_paused = true)]
async fn whatever_is_said_is_one_line_that_holds_no_link() {
    let mut session = Session::new().await;
    let hostile = "a [b](http://evil) <img> \u{202e}c\nd\u{1b}[2J";
    let said = |message: &str| {
        let has_link = ["](", "://", "<img", "\n", "\u{202e}", "\u{1b}"].iter().any(|word| message.contains(word));
        assert!(!has_link && message.contains('c') && message.contains('d'), "{message:?}");
    };
    session.outbox.show(MessageType::Info, hostile);
    said(session.next().await.1["message"].as_str().unwrap());
    let outbox = session.outbox.clone();
    let asked = tokio::spawn(async move { outbox.ask(MessageType::Info, hostile, &["Yes"], None).await });
    let (method, params, id) = session.next().await;
    assert_eq!(method, "window/showMessageRequest");
    said(params["message"].as_str().unwrap());
    session.answer(id, Ok(Value::Null)).await;
    assert_eq!(asked.await.unwrap().unwrap(), None);
    session.outbox.log(MessageType::Info, hostile);
    let logged = session.next().await.1;
    assert!(!logged["message"].as_str().unwrap().contains(['\n', '\u{202e}', '\u{1b}']), "{logged}");
    let progress = session.outbox.progress(hostile, false, Some(ProgressToken::String("t".to_owned())));
    let title = session.progress().await;
    assert!(!title["title"].as_str().unwrap().contains(['\n', '\u{202e}', '\u{1b}']), "{title}");
    drop(progress);
}
