//! Making a plan that the user is to read before anything is done.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use assist::{Host, Snapshot};
use refactor::{CheckCommand, PlanDocument, Run};
use text::EditSet;
use tokio_util::sync::CancellationToken;
use tower_lsp::gen_lsp_types as proto;

use super::{folder_of, opened};
use crate::jobs::{self, Meanwhile, RefactorRequest, Watch};
use crate::peer::EditorPeer;
use crate::session::Session;
use crate::unfinished;

/// Has a plan made and opens it. In an editor that turns out to show no documents it is carried out at once.
pub(crate) async fn review(
    session: Arc<Session>,
    host: Arc<Host>,
    snapshot: Snapshot,
    request: RefactorRequest,
    cancel: CancellationToken,
) {
    let watch = Watch::new(&session, "Planning", &cancel);
    let say = |message: &str, percent| watch.say(message, percent);
    let (plan, receipt) = match refactor::plan_only(&snapshot, &request.instruction, &say, &cancel).await {
        Ok(planned) => planned,
        Err(error) => {
            jobs::finish(&session, &host, watch, Err(error), Meanwhile::Refuse).await;
            return;
        }
    };
    let mut document = PlanDocument::of(&snapshot, &request.instruction, &plan);
    document.comment = request.comment.as_ref().and(request.uri.as_ref()).and_then(|uri| Some(session.locate(uri)?.path));
    let path = match write(&folder_of(&session, &snapshot), &request.instruction, &document.to_markdown()) {
        Ok(path) => path,
        Err(error) => {
            let text = format!("Tierline: the plan cannot be kept: {error}");
            return session.outbox.show(proto::MessageType::Error, text);
        }
    };
    let steps = if plan.steps.len() == 1 { "1 step".to_owned() } else { format!("{} steps", plan.steps.len()) };
    let bill = receipt.bill();
    if jobs::show_file(&session, &path).await {
        let text =
            format!("Tierline: planned in {steps} ({bill}); tick what is to be done, then choose “Apply” in the menu there");
        return session.outbox.show(proto::MessageType::Info, text);
    }
    // What the editor said it could show it cannot: the plan is carried out as it is, as in an editor that never said so.
    let initial = jobs::comment_removal(&session, &snapshot, &request);
    carry_out(&session, &path, initial, watch, &cancel).await;
}

/// Carries out a plan as it is now, and forgets it once it is applied.
pub(super) async fn carry_out(session: &Arc<Session>, path: &Path, initial: EditSet, watch: Watch, cancel: &CancellationToken) {
    let warn = |text: String| session.outbox.show(proto::MessageType::Warning, format!("Tierline: {text}"));
    let Some(plan) = opened(session, path) else { return warn(format!("there is no plan {}", path.display())) };
    let document = match PlanDocument::parse(&plan.text) {
        Ok(document) => document,
        Err(faults) => {
            super::diagnose(session, path.to_owned());
            let first = faults.first().map(ToString::to_string).unwrap_or_default();
            return warn(format!("the plan cannot be read: {first}"));
        }
    };
    let snapshot = plan.host.snapshot();
    let _under_way = unfinished::begin_plan(session, &snapshot, path, &document.instruction);
    let say = |message: &str, percent| watch.say(message, percent);
    let check = CheckCommand::configured(&snapshot, &session.places.cache);
    let peer = EditorPeer::new(session, snapshot.root());
    let run = Run { snapshot: &snapshot, initial, check, peer: peer.as_ref().map(EditorPeer::as_peer), progress: &say, cancel };
    let outcome = refactor::carry_out_plan(&run, &document).await;
    if jobs::finish(session, &plan.host, watch, outcome, Meanwhile::Refuse).await {
        forget(session, path);
    }
}

/// Removes a plan that is done with.
pub(super) fn forget(session: &Session, path: &Path) {
    if let Err(error) = std::fs::remove_file(path) {
        tracing::debug!(%error, "the plan is no longer there");
    }
    super::publish(session, path, None, Vec::new());
}

/// Writes a plan into a file of its own, which only its user may read.
fn write(folder: &Path, instruction: &str, markdown: &str) -> std::io::Result<PathBuf> {
    models::private_directory(folder)?;
    let letters = instruction.chars().map(|character| if character.is_alphanumeric() { character } else { '-' });
    let name: String = letters.take(40).collect();
    for number in 1_u32.. {
        let number = if number == 1 { String::new() } else { format!("-{number}") };
        let path = folder.join(format!("{name}{number}.md"));
        match std::fs::File::create_new(&path) {
            Ok(mut file) => {
                std::io::Write::write_all(&mut file, markdown.as_bytes())?;
                return Ok(path);
            }
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(std::io::Error::other("there is no name left for it"))
}
