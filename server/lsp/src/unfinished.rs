//! Refactors that were cut off, by a crash or by the end of the session: taken back where files were half written, and offered again.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use assist::{Host, Snapshot};
use refactor::{Recovered, UnderWay, Unfinished};
use serde_json::{Value, json};
use tower_lsp::gen_lsp_types as proto;

use crate::jobs::{self, RefactorRequest};
use crate::names::resolved;
use crate::plans::{self, PlanCommand, Verb};
use crate::session::Session;
use crate::to_proto;

const GO_ON: &str = "Go on";
const FORGET: &str = "Forget it";

/// Writes down that a refactor is under way, for as long as what this returns is kept.
pub(crate) fn begin(session: &Session, snapshot: &Snapshot, request: &RefactorRequest) -> Option<UnderWay> {
    let request = serde_json::to_value(request).ok()?;
    records(session, snapshot).begin(&request)
}

/// The same for a plan that is being carried out.
pub(crate) fn begin_plan(session: &Session, snapshot: &Snapshot, path: &Path, instruction: &str) -> Option<UnderWay> {
    records(session, snapshot).begin(&json!({"instruction": instruction, "plan": path}))
}

fn records(session: &Session, snapshot: &Snapshot) -> Unfinished {
    Unfinished::new(&session.places.state, &snapshot.workspace_id())
}

/// Takes back what was cut off while its files were written. For a thread that may block.
pub(crate) fn recover(session: &Session, host: &Host) {
    let snapshot = host.snapshot();
    let (kind, text) = match session.journal(&snapshot).recover(snapshot.root()) {
        Ok(None) => return,
        Ok(Some(Recovered::TakenBack(files))) => {
            let files = files.join(", ");
            (proto::MessageType::Info, format!("a refactor was cut off while it wrote; it was taken back in {files}"))
        }
        Ok(Some(Recovered::Edited(files))) => {
            let files = files.join(", ");
            (
                proto::MessageType::Warning,
                format!("a refactor was cut off while it wrote, and these files were edited since: {files}"),
            )
        }
        Err(error) => (proto::MessageType::Warning, error.to_string()),
    };
    session.outbox.show(kind, format!("Tierline: {text}"));
}

/// Asks, for each refactor of a folder that was cut off, whether to go on with it.
pub(crate) async fn offer(session: Arc<Session>, host: Arc<Host>) {
    let cut_off = records(&session, &host.snapshot()).cut_off();
    for (under_way, request) in cut_off {
        let instruction = request["instruction"].as_str().unwrap_or_default();
        let text = format!("“{instruction}” was cut off. Go on? What it has paid for is used again.");
        match session.outbox.ask(proto::MessageType::Info, &text, &[GO_ON, FORGET], None).await {
            Ok(Some(chosen)) if chosen == GO_ON => {
                drop(under_way);
                go_on(&session, &host, request);
            }
            Ok(Some(_)) => drop(under_way),
            // Closed without an answer, or not asked at all: it is offered at the next start.
            _ => under_way.leave(),
        }
    }
}

fn go_on(session: &Arc<Session>, host: &Arc<Host>, request: Value) {
    let (name, cancel) = session.start_job();
    let (session, host) = (Arc::clone(session), Arc::clone(host));
    tokio::spawn(async move {
        let plan = request["plan"].as_str().map(|path| resolved(&PathBuf::from(path)));
        match (plan, serde_json::from_value::<RefactorRequest>(request)) {
            (Some(path), _) => {
                if let Some(uri) = to_proto::uri(&path) {
                    let command = PlanCommand { uri, verb: Verb::Apply, step: None };
                    plans::run(Arc::clone(&session), path, command, cancel).await;
                }
            }
            (None, Ok(request)) => {
                let snapshot = host.snapshot();
                jobs::refactor(Arc::clone(&session), host, snapshot, request, cancel).await;
            }
            (None, Err(error)) => tracing::warn!(%error, "a refactor that was cut off cannot be read"),
        }
        session.end_job(&name);
    });
}
