//! Asking the user, through the editor, before the first text of a workspace goes to a server.

use std::sync::Arc;

use models::{AskUser, ConsentQuestion};
use tower_lsp::gen_lsp_types as proto;

use crate::outbox::{HUMAN_PATIENCE, Outbox};

const ALLOW: &str = "Allow";
const REFUSE: &str = "Not now";

/// A way to ask the user of one client. A question that is closed, or that the client does not know, is a no.
pub(crate) fn asker(outbox: Outbox) -> AskUser {
    Arc::new(move |question| Box::pin(ask(outbox.clone(), question)))
}

async fn ask(outbox: Outbox, question: ConsentQuestion) -> bool {
    let question = question.to_string();
    match outbox.ask(proto::MessageType::Info, &question, &[ALLOW, REFUSE], Some(HUMAN_PATIENCE)).await {
        Ok(chosen) => chosen.is_some_and(|button| button == ALLOW),
        Err(error) => {
            tracing::warn!(%error, "the editor cannot ask its user; a command with --yes allows what it does not");
            false
        }
    }
}
