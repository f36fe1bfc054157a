//! Jobs that end in an edit or a document: what runs after a command has been answered.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use assist::{Host, Snapshot, markdown};
use refactor::{By, ChangeSet, CheckCommand, FileChange, Instruction, JournalError, Outcome, RefactorError, Run};
use serde::{Deserialize, Serialize};
use text::{Edit, EditSet, Span};
use tokio_util::sync::CancellationToken;
use tower_lsp::gen_lsp_types as proto;

use crate::outbox::Progress;
use crate::peer::EditorPeer;
use crate::review::{self, Review};
use crate::session::Session;
use crate::{plans, to_proto, unfinished};

/// How long an editor may take to tell us of the texts that it has just changed.
const READ_BACK: Duration = Duration::from_secs(3);

/// How often it is looked whether it has.
const LOOK: Duration = Duration::from_millis(25);

/// The argument of the commands that carry out an instruction.
#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct RefactorRequest {
    /// What to do.
    pub(crate) instruction: String,
    /// A document, which says in which folder.
    pub(crate) uri: Option<proto::Uri>,
    /// The comment that the instruction stands in, which goes when it is carried out.
    pub(crate) comment: Option<Comment>,
    /// Whether the plan is shown first, where the editor can; yes unless it says no.
    pub(crate) review: Option<bool>,
}

impl RefactorRequest {
    /// Whether its plan is to be read by the user before anything is done: what the index does alone needs no plan.
    fn is_reviewed(&self, session: &Session) -> bool {
        self.review.unwrap_or(true) && session.profile().show_document && !self.is_exact()
    }

    fn is_exact(&self) -> bool {
        Instruction::parse(&self.instruction).is_exact()
    }
}

#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct Comment {
    /// The zero-based line.
    pub(crate) line: u32,
}

/// A job's progress, whose cancel button calls the job off.
pub(crate) struct Watch {
    progress: Progress,
    watcher: tokio::task::JoinHandle<()>,
    cancel: CancellationToken,
}

impl Watch {
    pub(crate) fn new(session: &Session, title: &str, cancel: &CancellationToken) -> Self {
        let progress = session.outbox.progress(title, true, None);
        let (pressed, calls_off) = (progress.cancelled().clone(), cancel.clone());
        let watcher = tokio::spawn(async move {
            pressed.cancelled().await;
            calls_off.cancel();
        });
        Self { progress, watcher, cancel: cancel.clone() }
    }

    pub(crate) fn say(&self, message: &str, percent: u32) {
        self.progress.report(message, Some(percent));
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.watcher.abort();
    }
}

/// The folder that a command is for: that of the document it names, else the only one there is.
pub(crate) fn folder(session: &Session, uri: Option<&proto::Uri>) -> Option<(Arc<Host>, Snapshot)> {
    if let Some(located) = uri.and_then(|uri| session.locate(uri)) {
        return Some((located.host, located.snapshot));
    }
    let host = session.folders().first().cloned()?;
    let snapshot = host.snapshot();
    Some((host, snapshot))
}

pub(crate) async fn refactor(
    session: Arc<Session>,
    host: Arc<Host>,
    snapshot: Snapshot,
    request: RefactorRequest,
    cancel: CancellationToken,
) {
    let _under_way = (!request.is_exact()).then(|| unfinished::begin(&session, &snapshot, &request));
    if request.is_reviewed(&session) {
        return plans::review(session, host, snapshot, request, cancel).await;
    }
    let watch = Watch::new(&session, "Refactoring", &cancel);
    let initial = comment_removal(&session, &snapshot, &request);
    let say = |message: &str, percent| watch.say(message, percent);
    let check = CheckCommand::configured(&snapshot, &session.places.cache);
    let peer = EditorPeer::new(&session, snapshot.root());
    let run = Run {
        snapshot: &snapshot,
        initial,
        check,
        peer: peer.as_ref().map(EditorPeer::as_peer),
        progress: &say,
        cancel: &cancel,
    };
    let outcome = refactor::refactor(&run, &request.instruction).await;
    finish(&session, &host, watch, outcome, Meanwhile::Refuse).await;
}

/// What becomes of a change when its files were typed in while it was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Meanwhile {
    /// It is not applied.
    Refuse,
    /// It moves with the definitions that it changes, if nobody touched those.
    Rebase,
}

/// Ends a job: its change is noted in the journal, applied and read back, or the user is told why nothing was changed. Says whether it
/// was applied.
pub(crate) async fn finish(
    session: &Session,
    host: &Host,
    watch: Watch,
    outcome: Result<Outcome, RefactorError>,
    meanwhile: Meanwhile,
) -> bool {
    let mut outcome = match outcome {
        Ok(outcome) => outcome,
        Err(error) => {
            session.outbox.show(proto::MessageType::Warning, format!("Tierline: {}", error.with_bill()));
            return false;
        }
    };
    let mut review = Review::None;
    if review::is_wanted(host.snapshot().settings(), &outcome) {
        watch.say("waiting for your review", 95);
        review = watch.cancel.run_until_cancelled(review::review(session, &outcome)).await.unwrap_or(Review::Refused);
    }
    if review == Review::Refused {
        let called_off = if watch.cancel.is_cancelled() { "cancelled; " } else { "" };
        let text = format!("Tierline: {}: {called_off}nothing was changed ({})", outcome.instruction, outcome.receipt.in_short());
        session.outbox.show(proto::MessageType::Info, text);
        return false;
    }
    // An editor that shows the change has its own buttons for going on and for calling it off.
    let watch = (review != Review::InEditor).then_some(watch);
    if let Some(watch) = &watch {
        watch.say("applying", 96);
    }
    let snapshot = host.snapshot();
    if meanwhile == Meanwhile::Rebase
        && let Some(moved) = refactor::rebase(&outcome.changes, &snapshot)
    {
        outcome.changes = moved;
    }
    let journal = session.journal(&snapshot);
    let end = tokio::time::Instant::now() + READ_BACK * 2;
    let begun = loop {
        match journal.begin(&outcome.instruction, &outcome.changes, &outcome.receipt, By::Editor) {
            // The change before this one is still being read back.
            Err(error) if error.is_busy() && tokio::time::Instant::now() < end => tokio::time::sleep(LOOK).await,
            begun => break begun,
        }
    };
    let applying = match begun {
        Ok(applying) => applying,
        Err(error) => {
            session.outbox.show(proto::MessageType::Error, format!("Tierline: not applied, because {error}"));
            return false;
        }
    };
    let label = format!("Tierline: {}", outcome.instruction);
    match apply(session, host, &outcome.changes, &label, review).await {
        Ok(applied) => {
            let is_whole = applied == outcome.changes;
            // What can be undone is what was done.
            noted(if is_whole { applying.applied() } else { applying.applied_in_part(&applied) });
            let mut left = match outcome.left.len() {
                0 => String::new(),
                n => format!("; {n} uses of the same name were left, because nothing proves that they mean it"),
            };
            if !is_whole {
                left.push_str("; you left out a part of it, and it was checked only as a whole");
            }
            let files = count(applied.files().len());
            let unsaved = unsaved(host, &applied);
            let text = format!("Tierline: {} in {files} ({}){left}{unsaved}", outcome.instruction, outcome.receipt.in_short());
            session.outbox.show(proto::MessageType::Info, text);
            true
        }
        Err(failure) => {
            noted(if failure.is_partly_applied { applying.applied() } else { applying.forget() });
            session.outbox.show(proto::MessageType::Warning, format!("Tierline: {}", failure.message));
            false
        }
    }
}

fn noted(result: Result<(), JournalError>) {
    if let Err(error) = result {
        tracing::warn!("{error}");
    }
}

/// A word on files that were closed and that the editor now holds open: most editors leave them unsaved.
fn unsaved(host: &Host, changes: &ChangeSet) -> String {
    let now = host.snapshot();
    let opened = changes.files().iter().filter(|change| change.version.is_none() && now.version(&change.path).is_some()).count();
    if opened == 0 { String::new() } else { format!("; {} opened for it, save all to keep it", count(opened)) }
}

pub(crate) fn count(files: usize) -> String {
    assist::plural(files, "file", "files")
}

pub(crate) async fn undo(session: Arc<Session>, host: Arc<Host>) {
    let snapshot = host.snapshot();
    let journal = session.journal(&snapshot);
    let entry = match journal.last() {
        Ok(Some(entry)) => entry,
        Ok(None) => return session.outbox.show(proto::MessageType::Info, "Tierline: there is nothing to undo"),
        Err(error) => return session.outbox.show(proto::MessageType::Error, format!("Tierline: {error}")),
    };
    let inverse = match entry.inverse(&snapshot) {
        Ok(inverse) => inverse,
        Err(conflict) => return session.outbox.show(proto::MessageType::Warning, format!("Tierline: {conflict}")),
    };
    if inverse.is_empty() {
        noted(journal.forget(&entry));
        return session.outbox.show(proto::MessageType::Info, "Tierline: there is nothing to undo; the files are as they were");
    }
    let _progress = session.outbox.progress("Undoing", false, None);
    match apply(&session, &host, &inverse, &format!("Tierline: undo {}", entry.instruction), Review::None).await {
        Ok(_) => {
            noted(journal.forget(&entry));
            let text = format!("Tierline: undone “{}” in {}", entry.instruction, count(entry.file_count()));
            session.outbox.show(proto::MessageType::Info, text);
        }
        Err(failure) => session.outbox.show(proto::MessageType::Warning, format!("Tierline: {}", failure.message)),
    }
}

/// Opens a document of ours beside the user's: a file in the state directory, because every client can show one.
pub(crate) async fn show_document(session: &Session, title: &str, markdown: &str) {
    let name: String =
        title.chars().map(|character| if character.is_alphanumeric() { character } else { '-' }).take(60).collect();
    let folder = session.places.state.join("documents");
    let file = folder.join(format!("{name}.md"));
    if let Err(error) = models::private_directory(&folder).and_then(|()| std::fs::write(&file, markdown)) {
        session.outbox.show(proto::MessageType::Error, format!("Tierline: {} cannot be written: {error}", file.display()));
        return;
    }
    if !show_file(session, &file).await {
        session.outbox.show(proto::MessageType::Info, format!("Tierline: {}", file.display()));
    }
}

/// Has the editor show a file; `false` where it cannot, or did not.
pub(crate) async fn show_file(session: &Session, file: &Path) -> bool {
    let Some(uri) = session.names().uri(file).filter(|_| session.profile().show_document) else { return false };
    let params = proto::ShowDocumentParams { uri, external: None, take_focus: Some(true), selection: None };
    let shown = session.outbox.request::<proto::ShowDocumentRequest>(params, Some(Duration::from_secs(30))).await;
    shown.is_ok_and(|answer| answer.is_ok_and(|result| result.success))
}

/// Why an edit is not in the files as it should be.
pub(crate) struct Failure {
    pub(crate) message: String,
    is_partly_applied: bool,
}

/// Has the client apply a change set, whole, to the texts that it was computed for, and reads back that it did. What was applied is less than
/// what was asked for where the user was shown it in the editor and left out a part.
pub(crate) async fn apply(
    session: &Session,
    host: &Host,
    changes: &ChangeSet,
    label: &str,
    review: Review,
) -> std::result::Result<ChangeSet, Failure> {
    let not_applied = |message: String| Failure { message, is_partly_applied: false };
    if !session.profile().apply_edit {
        return Err(not_applied("your editor does not apply edits that a server sends".to_owned()));
    }
    let now = host.snapshot();
    // An editor would follow a link out of the workspace, and could not save what is read-only.
    let refused = changes.files().iter().find_map(|change| Some((change, refactor::write_refusal(now.root(), change)?)));
    if let Some((change, reason)) = refused {
        return Err(not_applied(format!("nothing was applied: {} may not be written: {reason}", change.path)));
    }
    let stale: Vec<&str> =
        changes.files().iter().filter(|change| !is_as_before(&now, change)).map(|change| change.path.as_str()).collect();
    if !stale.is_empty() {
        return Err(not_applied(format!("nothing was applied, because these files changed meanwhile: {}", stale.join(", "))));
    }
    let annotation = (review == Review::InEditor).then(|| review::annotation(label));
    let changes_now = changes.with_versions(|path| now.version(path));
    let edit = to_proto::workspace_edit(&session.names(), now.root(), &changes_now, session.profile(), annotation)
        .map_err(|error| not_applied(error.to_string()))?;
    let metadata = session.profile().edit_metadata.then_some(proto::WorkspaceEditMetadata { is_refactoring: Some(true) });
    let params = proto::ApplyWorkspaceEditParams { label: Some(plain(label)), edit, metadata };
    match session.outbox.apply_edit(params).await {
        Ok(Ok(result)) if result.applied => {}
        Ok(Ok(result)) => {
            let reason = match (result.failure_reason, review) {
                (Some(reason), _) => format!(": {reason}"),
                (None, Review::InEditor) => ": it was not confirmed in the preview, or a document changed meanwhile".to_owned(),
                (None, _) => String::new(),
            };
            return Err(not_applied(format!("your editor did not apply the edit{reason}")));
        }
        Ok(Err(error)) => return Err(not_applied(format!("your editor refused the edit: {error}"))),
        Err(_) => return Err(not_applied("your editor has gone".to_owned())),
    }
    let unchanged = read_back(host, changes).await;
    if unchanged.is_empty() {
        return Ok(changes.clone());
    }
    if review == Review::InEditor {
        return Ok(changes.as_found(&host.snapshot()));
    }
    let done = changes.files().len() - unchanged.len();
    let message = format!(
        "the editor says that it applied the edit, but {} of {} files do not hold it: {}; “Undo” takes back none of it until they do",
        unchanged.len(),
        changes.files().len(),
        unchanged.join(", ")
    );
    Err(Failure { message, is_partly_applied: done > 0 })
}

/// Whether a file is as it was when the change was computed. Editors open what they look at, and close it again, without changing it.
fn is_as_before(now: &Snapshot, change: &FileChange) -> bool {
    let (then, version) = (change.version, now.version(&change.path));
    now.text(&change.path) == change.before && (then == version || then.is_none() || version.is_none())
}

/// The files that do not hold their new text once the editor had the time to tell us of it. One whose user took the change back at once
/// held it: its document has two versions more.
async fn read_back(host: &Host, changes: &ChangeSet) -> Vec<String> {
    let deadline = tokio::time::Instant::now() + READ_BACK;
    loop {
        let now = host.snapshot();
        let unchanged: Vec<String> = changes
            .files()
            .iter()
            .filter(|change| {
                let text = now.text(&change.path);
                match (&change.after, text) {
                    (Some(after), Some(text)) => {
                        let versions = change.version.zip(now.version(&change.path));
                        let was_taken_back =
                            Some(&text) == change.before.as_ref() && versions.is_some_and(|(then, now)| now >= then + 2);
                        !was_taken_back && !refactor::is_same_text(&text, after)
                    }
                    (Some(_), None) => true,
                    (None, text) => !text.as_deref().is_none_or(str::is_empty),
                }
            })
            .map(|change| change.path.clone())
            .collect();
        if unchanged.is_empty() || tokio::time::Instant::now() >= deadline {
            return unchanged;
        }
        tokio::time::sleep(LOOK).await;
    }
}

/// The edit that takes the instruction's own comment line out.
pub(crate) fn comment_removal(session: &Session, snapshot: &Snapshot, request: &RefactorRequest) -> EditSet {
    let mut edits = EditSet::default();
    let (Some(comment), Some(uri)) = (&request.comment, &request.uri) else { return edits };
    let Some(located) = session.locate(uri) else { return edits };
    let Some((text, lines)) = snapshot.text_with_lines(&located.path) else { return edits };
    let line = lines.line_span(&text, comment.line as usize);
    let holds_it = crate::handlers::code_action::in_comment(line.of(&text)) == Some(request.instruction.as_str());
    if holds_it {
        let next = lines.line_span(&text, comment.line as usize + 1);
        edits.push(located.path, Edit::replace(Span::new(line.start as usize, next.start as usize), ""));
    }
    edits
}

pub(crate) fn plain(text: &str) -> String {
    markdown::notice(text)
}
