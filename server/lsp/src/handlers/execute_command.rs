//! `workspace/executeCommand`: where model work starts. A command that changes files or may take long is a job: the answer is its
//! name, at once, and what comes of it follows as progress, a document or an edit. A look-up is a question: its answer is the
//! answer.

use std::sync::Arc;

use assist::{explain, summarise};
use refactor::EditKind;
use serde::Deserialize;
use serde_json::{Value, json};
use tower_lsp::gen_lsp_types as proto;
use tower_lsp::jsonrpc::{Error, Result};

use crate::capabilities::command;
use crate::edits::{self, AtRange};
use crate::handlers::look_up;
use crate::jobs;
use crate::plans::{self, PlanCommand};
use crate::session::{Located, Session};
use crate::{from_proto, trust};

pub(crate) async fn execute_command(
    session: &Arc<Session>,
    params: proto::ExecuteCommandParams,
) -> Result<Option<proto::LspAny>> {
    session.attention.touched();
    let argument = params.arguments.unwrap_or_default().into_iter().next().unwrap_or_else(|| json!({"v": 1}));
    match params.command.as_str() {
        command::EXPLAIN => {
            let place: AtPosition = read(argument)?;
            let located = locate(session, &place.uri)?;
            Ok(Some(start(session, move |session, cancel| explain_symbol(session, located, place.position, cancel))))
        }
        command::SUMMARISE => {
            let place: AtPosition = read(argument)?;
            let located = locate(session, &place.uri)?;
            Ok(Some(start(session, move |session, cancel| summarise_symbol(session, located, place.position, cancel))))
        }
        command::DOCUMENT => edit(session, argument, EditKind::Document, "Documenting"),
        command::SIMPLIFY => edit(session, argument, EditKind::Simplify, "Simplifying"),
        command::TEST => edit(session, argument, EditKind::Test, "Writing a test"),
        command::NAME => {
            let place: AtPosition = read(argument)?;
            let located = locate(session, &place.uri)?;
            Ok(Some(start(session, move |session, cancel| edits::name(session, located, place.position, cancel))))
        }
        command::REWRITE => {
            let place: AtRange = read(argument)?;
            let located = locate(session, &place.uri)?;
            match place.instruction.filter(|instruction| !instruction.trim().is_empty()) {
                Some(instruction) => edit_range(session, located, place.range, "Rewriting", |selection| EditKind::Rewrite {
                    selection,
                    instruction,
                }),
                None => {
                    Ok(Some(start(session, move |session, _| edits::ask_by_comment(session, located, place.range.start.line))))
                }
            }
        }
        command::FIX => {
            let place: AtRange = read(argument)?;
            let located = locate(session, &place.uri)?;
            let message = place.message.ok_or_else(|| Error::invalid_params("missing field `message`"))?;
            edit_range(session, located, place.range, "Fixing", |place| EditKind::Fix { place, message })
        }
        command::INSTRUCT => {
            let request: jobs::RefactorRequest = read(argument)?;
            let (host, snapshot) = jobs::folder(session, request.uri.as_ref()).ok_or_else(no_folder)?;
            Ok(Some(start(session, move |session, cancel| edits::instruct(session, host, snapshot, request, cancel))))
        }
        command::REFACTOR => {
            // Without an instruction, but with a place to write one at, the user is asked there.
            if argument.get("instruction").is_none() && argument.get("position").is_some() {
                let place: AtPosition = read(argument)?;
                let located = locate(session, &place.uri)?;
                return Ok(Some(start(session, move |session, _| edits::ask_by_comment(session, located, place.position.line))));
            }
            let request: jobs::RefactorRequest = read(argument)?;
            let (host, snapshot) = jobs::folder(session, request.uri.as_ref()).ok_or_else(no_folder)?;
            Ok(Some(start(session, move |session, cancel| jobs::refactor(session, host, snapshot, request, cancel))))
        }
        command::PLAN => {
            let command: PlanCommand = read(argument)?;
            let path = plans::path(session, &command.uri);
            let path = path.ok_or_else(|| Error::invalid_params(format!("{} is no plan", command.uri)))?;
            Ok(Some(start(session, move |session, cancel| plans::run(session, path, command, cancel))))
        }
        command::EGRESS => {
            let Document { uri, position } = read(argument)?;
            let located = locate(session, &uri)?;
            Ok(Some(start(session, move |session, _| edits::show_outgoing(session, located, position))))
        }
        command::UNDO => {
            let Folder { uri } = read(argument)?;
            let (host, _) = jobs::folder(session, uri.as_ref()).ok_or_else(no_folder)?;
            Ok(Some(start(session, move |session, _| jobs::undo(session, host))))
        }
        command::TRUST => {
            let Folder { uri } = read(argument)?;
            let (host, _) = jobs::folder(session, uri.as_ref()).ok_or_else(no_folder)?;
            Ok(Some(start(session, move |session, cancel| trust::trust(session, host, cancel))))
        }
        command::LOOKUP => {
            let question: look_up::Question = read(argument)?;
            if question.show {
                return Ok(Some(start(session, move |session, cancel| look_up::show(session, question, cancel))));
            }
            look_up::look_up(session, question, params.work_done_progress_params.work_done_token).await.map(Some)
        }
        command::CANCEL => {
            let Job { job } = read(argument)?;
            Ok(Some(json!({"cancelled": session.cancel_job(&job)})))
        }
        other => Err(Error::invalid_params(format!("there is no command {other}"))),
    }
}

#[derive(Deserialize)]
struct AtPosition {
    uri: proto::Uri,
    position: proto::Position,
}

#[derive(Deserialize)]
struct Document {
    uri: proto::Uri,
    position: Option<proto::Position>,
}

#[derive(Deserialize)]
struct Folder {
    uri: Option<proto::Uri>,
}

#[derive(Deserialize)]
struct Job {
    job: String,
}

fn read<T: serde::de::DeserializeOwned>(argument: Value) -> Result<T> {
    let version = argument.get("v").and_then(Value::as_u64).unwrap_or(1);
    if version != 1 {
        return Err(Error::invalid_params(format!("version {version} of the argument is not known; this server knows 1")));
    }
    serde_json::from_value(argument).map_err(|error| Error::invalid_params(error.to_string()))
}

fn locate(session: &Session, uri: &proto::Uri) -> Result<Located> {
    session.locate(uri).ok_or_else(|| Error::invalid_params(format!("{uri} is not a file that is known")))
}

fn no_folder() -> Error {
    Error::invalid_params("no workspace folder is open")
}

/// Starts an edit of what stands at a position.
fn edit(session: &Arc<Session>, argument: Value, kind: EditKind, title: &'static str) -> Result<Option<proto::LspAny>> {
    let place: AtPosition = read(argument)?;
    let located = locate(session, &place.uri)?;
    let request = edits::at_position(session, &located, place.position, kind);
    Ok(Some(start(session, move |session, cancel| edits::edit(session, located, request, title, cancel))))
}

/// Starts an edit of what stands in a range.
fn edit_range(
    session: &Arc<Session>,
    located: Located,
    range: proto::Range,
    title: &'static str,
    kind: impl FnOnce(text::Span) -> EditKind,
) -> Result<Option<proto::LspAny>> {
    let request = edits::at_range(session, &located, range, kind);
    let request = request.ok_or_else(|| Error::invalid_params(format!("{} cannot be read", located.path)))?;
    Ok(Some(start(session, move |session, cancel| edits::edit(session, located, request, title, cancel))))
}

/// Starts a job and answers with its name.
fn start<F>(session: &Arc<Session>, work: impl FnOnce(Arc<Session>, tokio_util::sync::CancellationToken) -> F) -> Value
where
    F: Future<Output = ()> + Send + 'static,
{
    let (job, cancel) = session.start_job();
    let work = work(Arc::clone(session), cancel);
    let (session, name) = (Arc::clone(session), job.clone());
    tokio::spawn(async move {
        work.await;
        session.end_job(&name);
    });
    json!({"job": job})
}

async fn explain_symbol(
    session: Arc<Session>,
    located: Located,
    position: proto::Position,
    cancel: tokio_util::sync::CancellationToken,
) {
    let progress = session.outbox.progress("Explaining", true, None);
    let Some(offset) = located.offset(from_proto::position(position), session.profile()) else { return };
    let explained = tokio::select! {
        explained = explain(&located.snapshot, &located.path, offset, &cancel) => explained,
        () = progress.cancelled().cancelled() => return,
    };
    match explained {
        Some(explanation) => {
            progress.end(explanation.bill.to_string());
            jobs::show_document(&session, &explanation.title, &explanation.markdown).await;
        }
        None => session.outbox.show(proto::MessageType::Info, "Tierline knows no symbol there"),
    }
}

async fn summarise_symbol(
    session: Arc<Session>,
    located: Located,
    position: proto::Position,
    cancel: tokio_util::sync::CancellationToken,
) {
    let progress = session.outbox.progress("Summarising", true, None);
    let Some(offset) = located.offset(from_proto::position(position), session.profile()) else { return };
    let Some(symbol) = assist::symbol_at(&located.snapshot, &located.path, offset) else { return };
    session.retry_summary(symbol.get().body_hash);
    assist::forget_summary(&located.snapshot, &symbol);
    let made = tokio::select! {
        made = summarise(&located.snapshot, &symbol, &cancel) => made,
        () = progress.cancelled().cancelled() => return,
    };
    match made {
        Ok(summary) => {
            progress.end(summary.bill.to_string());
            let text = format!("{}: {} ({})", symbol.symbol_path(), summary.text, summary.bill);
            session.outbox.show(proto::MessageType::Info, text);
        }
        Err(error) => {
            if error.is_refusal() {
                session.give_up_summary(symbol.get().body_hash, error.bill);
            }
            let text = format!("No summary of {}: {error} ({})", symbol.symbol_path(), error.bill);
            session.outbox.show(proto::MessageType::Warning, text);
        }
    }
}
