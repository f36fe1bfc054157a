//! Edits of one symbol or one file: what runs after their commands have been answered.

use std::sync::Arc;

use assist::{Host, Snapshot};
use models::ActionId;
use refactor::{ChangeSet, EditKind, EditRequest, FileChange, Instruction, Reach};
use serde::Deserialize;
use text::{EditSet, Position};
use tokio_util::sync::CancellationToken;
use tower_lsp::gen_lsp_types as proto;

use crate::from_proto;
use crate::jobs::{self, Meanwhile, RefactorRequest, Watch};
use crate::outbox::HUMAN_PATIENCE;
use crate::peer::EditorPeer;
use crate::review::Review;
use crate::session::{Located, Session};

/// The argument of a command on a selection.
#[derive(Debug, Deserialize)]
pub(crate) struct AtRange {
    pub(crate) uri: proto::Uri,
    pub(crate) range: proto::Range,
    /// What to do with it, where the editor has asked its user.
    pub(crate) instruction: Option<String>,
    /// What a tool says of it.
    pub(crate) message: Option<String>,
}

/// Has one edit made, checked and applied.
pub(crate) async fn edit(session: Arc<Session>, located: Located, request: EditRequest, title: &str, cancel: CancellationToken) {
    let watch = Watch::new(&session, title, &cancel);
    let say = |message: &str, percent| watch.say(message, percent);
    let outcome = refactor::edit(&located.snapshot, &request, &ActionId::new(), &say, &cancel).await;
    jobs::finish(&session, &located.host, watch, outcome, Meanwhile::Rebase).await;
}

/// An edit of what stands at a position.
pub(crate) fn at_position(session: &Session, located: &Located, position: proto::Position, kind: EditKind) -> EditRequest {
    let offset = located.offset(from_proto::position(position), session.profile()).unwrap_or_default();
    EditRequest { path: located.path.clone(), offset, kind, initial: EditSet::default() }
}

/// An edit of what is selected or complained of; `None` where the document cannot be read.
pub(crate) fn at_range(
    session: &Session,
    located: &Located,
    range: proto::Range,
    kind: impl FnOnce(text::Span) -> EditKind,
) -> Option<EditRequest> {
    let (text, lines) = located.snapshot.text_with_lines(&located.path)?;
    let span = lines.span(&text, from_proto::range(range), session.profile().encoding);
    let kind = kind(span);
    Some(EditRequest { path: located.path.clone(), offset: span.start as usize, kind, initial: EditSet::default() })
}

/// Carries out the instruction in a comment: by the index, by one edit, or by a plan, as far as it reaches.
pub(crate) async fn instruct(
    session: Arc<Session>,
    host: Arc<Host>,
    snapshot: Snapshot,
    request: RefactorRequest,
    cancel: CancellationToken,
) {
    let place = request.uri.as_ref().and_then(|uri| session.locate(uri)).zip(request.comment.as_ref());
    let Some((located, comment)) = place.filter(|_| matches!(Instruction::parse(&request.instruction), Instruction::Free(_)))
    else {
        return jobs::refactor(session, host, snapshot, request, cancel).await;
    };
    let watch = Watch::new(&session, "Carrying out the comment", &cancel);
    let offset = located.offset(Position { line: comment.line, character: 0 }, session.profile()).unwrap_or_default();
    let action = ActionId::new();
    let (reach, bill) =
        refactor::classify(&located.snapshot, &located.path, offset, &request.instruction, &action, &cancel).await;
    if reach == Reach::Several {
        drop(watch);
        return jobs::refactor(session, host, snapshot, request, cancel).await;
    }
    let instruction = request.instruction.clone();
    let kind = if reach == Reach::Symbol { EditKind::Symbol { instruction } } else { EditKind::File { instruction } };
    let initial = jobs::comment_removal(&session, &located.snapshot, &request);
    let edit = EditRequest { path: located.path.clone(), offset, kind, initial };
    let say = |message: &str, percent| watch.say(message, percent);
    let mut outcome = refactor::edit(&located.snapshot, &edit, &action, &say, &cancel).await;
    if let Ok(outcome) = &mut outcome {
        outcome.receipt.add("classify", "told how far it reaches", bill, 0);
    }
    jobs::finish(&session, &located.host, watch, outcome, Meanwhile::Rebase).await;
}

/// Offers better names for a symbol, and renames it to the one that the user chooses.
pub(crate) async fn name(session: Arc<Session>, located: Located, position: proto::Position, cancel: CancellationToken) {
    let watch = Watch::new(&session, "Looking for a better name", &cancel);
    let show = |kind, text: String| session.outbox.show(kind, format!("Tierline: {text}"));
    let offset = located.offset(from_proto::position(position), session.profile()).unwrap_or_default();
    let Some(symbol) = assist::symbol_at(&located.snapshot, &located.path, offset) else {
        return show(proto::MessageType::Info, "no symbol is known there".to_owned());
    };
    let named = match refactor::suggest_names(&located.snapshot, &symbol, &ActionId::new(), &cancel).await {
        Ok(named) => named,
        Err(error) => return show(proto::MessageType::Warning, error.with_bill()),
    };
    watch.say("waiting for your choice", 60);
    let question = format!("a better name for {}? ({})", symbol.symbol_path(), named.bill);
    let answer = session.outbox.ask(proto::MessageType::Info, &question, &named.value, Some(HUMAN_PATIENCE)).await;
    let chosen = match answer {
        Ok(Some(chosen)) if named.value.contains(&chosen) => chosen,
        Err(error) => {
            return show(proto::MessageType::Warning, format!("your editor cannot ask which name you want: {error}"));
        }
        _ => return,
    };
    // The workspace may have changed while the question stood: the symbol is looked for again.
    let now = located.host.snapshot();
    match now.index().by_id(&symbol.id()) {
        Some(symbol) => {
            let peer = EditorPeer::new(&session, now.root());
            let outcome =
                refactor::rename_symbol(&now, &symbol, &chosen, named.bill, peer.as_ref().map(EditorPeer::as_peer), &cancel)
                    .await;
            jobs::finish(&session, &located.host, watch, outcome, Meanwhile::Refuse).await;
        }
        None => show(proto::MessageType::Warning, format!("{} is no longer there", symbol.symbol_path())),
    }
}

/// Puts a comment in front of a line for the user to write an instruction in: for editors that cannot ask for one.
pub(crate) async fn ask_by_comment(session: Arc<Session>, located: Located, line: u32) {
    let Located { host, snapshot, path } = located;
    let Some((text, lines)) = snapshot.text_with_lines(&path) else { return };
    let at = lines.line_span(&text, line as usize);
    let indent: String = at.of(&text).chars().take_while(|character| matches!(character, ' ' | '\t')).collect();
    let language = snapshot.index().language(&path, &text);
    let mark = language.map_or("//", syntax::Language::line_comment);
    let end = if mark == "(*" { " *)" } else { "" };
    let line_end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let start = at.start as usize;
    let after = format!("{}{indent}{mark} tierline: {end}{line_end}{}", &text[..start], &text[start..]);
    let mut changes = ChangeSet::default();
    let version = snapshot.version(&path);
    changes.push(FileChange {
        path,
        before: Some(Arc::clone(&text)),
        after: Some(after.into()),
        version,
        ..FileChange::default()
    });
    let (kind, said) = match jobs::apply(&session, &host, &changes, "Tierline: ask", Review::None).await {
        Ok(_) => {
            let said = "write what is to be done behind `tierline:`, then choose “Carry out” in the menu of that line";
            (proto::MessageType::Info, said.to_owned())
        }
        Err(failure) => (proto::MessageType::Warning, failure.message),
    };
    session.outbox.show(kind, format!("Tierline: {said}"));
}

/// Shows what would be sent of a document, and for the symbol at a position to the letter.
pub(crate) async fn show_outgoing(session: Arc<Session>, located: Located, position: Option<proto::Position>) {
    let snapshot = &located.snapshot;
    let offset = position.and_then(|position| located.offset(from_proto::position(position), session.profile()));
    let mut jobs = Vec::new();
    if let Some(symbol) = offset.and_then(|offset| EditRequest::symbol(snapshot, &located.path, offset)) {
        let name = symbol.symbol_path();
        jobs.push((format!("For the summary of {name}"), assist::summary_job(snapshot, &symbol)));
        let request = at_position(&session, &located, position.unwrap_or_default(), EditKind::Document);
        jobs.extend(refactor::edit_job(snapshot, &request).map(|job| (format!("For the documentation of {name}"), job)));
    }
    let document = assist::outgoing(snapshot, &located.path, &jobs);
    crate::jobs::show_document(&session, &format!("sent of {}", located.path), &document).await;
}
