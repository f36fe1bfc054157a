//! What the menu of a plan document does.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use models::Tier;
use refactor::PlanDocument;
use serde::Deserialize;
use text::{EditSet, LineIndex, Span, edits_between};
use tokio_util::sync::CancellationToken;
use tower_lsp::gen_lsp_types as proto;

use super::make::{carry_out, forget};
use super::{Opened, opened};
use crate::jobs::{self, Watch};
use crate::session::Session;
use crate::to_proto;

/// What is to be done with a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Verb {
    /// Show it.
    Open,
    /// Carry out its ticked steps.
    Apply,
    /// Have one step planned anew.
    Again,
    /// Have a flagship do one step.
    Raise,
    /// Throw it away.
    Discard,
}

/// The argument of the command.
#[derive(Debug, Deserialize)]
pub(crate) struct PlanCommand {
    /// The plan.
    pub(crate) uri: proto::Uri,
    #[serde(rename = "do")]
    pub(crate) verb: Verb,
    /// The step, where it is about one.
    pub(crate) step: Option<String>,
}

/// How long a command waits for the one before it on the same plan.
const MOMENT: Duration = Duration::from_secs(1);

/// A plan that is being worked on; nobody else does meanwhile.
struct Busy<'a> {
    session: &'a Session,
    path: PathBuf,
}

impl<'a> Busy<'a> {
    /// Waits a moment: what was asked for before may have said how it ended, and be about to end.
    async fn taken(session: &'a Session, path: &Path) -> Option<Self> {
        let end = Instant::now() + MOMENT;
        loop {
            let busy = Self::new(session, path);
            if busy.is_some() || Instant::now() > end {
                return busy;
            }
            tokio::time::sleep(MOMENT / 50).await;
        }
    }

    fn new(session: &'a Session, path: &Path) -> Option<Self> {
        session.plans.busy.lock().insert(path.to_owned()).then(|| Self { session, path: path.to_owned() })
    }
}

impl Drop for Busy<'_> {
    fn drop(&mut self) {
        self.session.plans.busy.lock().remove(&self.path);
    }
}

/// Does it.
pub(crate) async fn run(session: Arc<Session>, path: PathBuf, command: PlanCommand, cancel: CancellationToken) {
    let warn = |text: &str| session.outbox.show(proto::MessageType::Warning, format!("Tierline: {text}"));
    let Some(_busy) = Busy::taken(&session, &path).await else { return warn("this plan is being carried out") };
    match command.verb {
        Verb::Open => {
            if !jobs::show_file(&session, &path).await {
                warn(&format!("your editor shows no documents; the plan is {}", path.display()));
            }
        }
        Verb::Apply => {
            let watch = Watch::new(&session, "Refactoring", &cancel);
            let initial = opened(&session, &path).map(|plan| comment_removal(&plan)).unwrap_or_default();
            carry_out(&session, &path, initial, watch, &cancel).await;
        }
        Verb::Discard => forget(&session, &path),
        Verb::Again | Verb::Raise => {
            let Some(plan) = opened(&session, &path) else { return warn("there is no such plan any more") };
            let document = match PlanDocument::parse(&plan.text) {
                Ok(document) => document,
                Err(faults) => return warn(&faults.first().map(ToString::to_string).unwrap_or_default()),
            };
            let Some(step) = command.step.as_deref().and_then(|id| document.step(id)) else {
                return warn("there is no such step in the plan");
            };
            if command.verb == Verb::Raise {
                let id = step.id.clone();
                let raised = document.raised(&plan.host.snapshot(), &id, Tier::Flagship);
                return rewrite(&session, &plan, &raised.to_markdown()).await;
            }
            let watch = Watch::new(&session, "Planning", &cancel);
            let say = |message: &str, percent| watch.say(message, percent);
            let snapshot = plan.host.snapshot();
            match refactor::replan_step(&snapshot, &document, &step.id, &say, &cancel).await {
                Ok((document, _)) => rewrite(&session, &plan, &document.to_markdown()).await,
                Err(error) => warn(&error.with_bill()),
            }
        }
    }
}

/// Puts another text in place of a plan's: through the editor that has it open, else into its file.
async fn rewrite(session: &Session, plan: &Opened, text: &str) {
    let warn = |text: String| session.outbox.show(proto::MessageType::Warning, format!("Tierline: {text}"));
    let (Some(version), Some(uri)) = (plan.version, to_proto::uri(&plan.path)) else {
        if let Err(error) = std::fs::write(&plan.path, text) {
            warn(format!("{} cannot be written: {error}", plan.path.display()));
        }
        return;
    };
    let lines = LineIndex::new(&plan.text);
    let edit = |edit: text::Edit| proto::TextEdit {
        range: to_proto::range(lines.position_range(&plan.text, edit.span, session.profile().encoding)),
        new_text: edit.new_text,
    };
    let edits: Vec<proto::TextEdit> = edits_between(&plan.text, text).into_iter().map(edit).collect();
    let edit = if session.profile().document_changes {
        let text_document = proto::OptionalVersionedTextDocumentIdentifier {
            version: Some(version),
            text_document_identifier: proto::TextDocumentIdentifier { uri },
        };
        let edits = edits.into_iter().map(proto::Edit::TextEdit).collect();
        let change = proto::DocumentChange::TextDocumentEdit(proto::TextDocumentEdit { text_document, edits });
        proto::WorkspaceEdit { changes: None, document_changes: Some(vec![change]), change_annotations: None }
    } else {
        proto::WorkspaceEdit { changes: Some([(uri, edits)].into()), document_changes: None, change_annotations: None }
    };
    let params = proto::ApplyWorkspaceEditParams { label: Some("Tierline: plan".to_owned()), edit, metadata: None };
    match session.outbox.apply_edit(params).await {
        Ok(Ok(result)) if result.applied => {}
        _ => warn("your editor did not change the plan".to_owned()),
    }
}

/// The edit that takes out the comment that the instruction was written in, where that is still there.
fn comment_removal(plan: &Opened) -> EditSet {
    let mut edits = EditSet::default();
    let Ok(document) = PlanDocument::parse(&plan.text) else { return edits };
    let Some(path) = &document.comment else { return edits };
    let Some((text, lines)) = plan.host.snapshot().text_with_lines(path) else { return edits };
    let holds_it = |line: &usize| {
        crate::handlers::code_action::in_comment(lines.line_span(&text, *line).of(&text)) == Some(document.instruction.as_str())
    };
    if let Some(line) = (0..text.lines().count()).find(holds_it) {
        let (this, next) = (lines.line_span(&text, line), lines.line_span(&text, line + 1));
        edits.push(path.clone(), text::Edit::replace(Span::new(this.start as usize, next.start as usize), ""));
    }
    edits
}
