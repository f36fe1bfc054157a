//! Asking the user, through the editor, before the first text of a workspace goes to a server.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use models::{AskUser, ConsentQuestion};
use tower_lsp::gen_lsp_types as proto;

use crate::outbox::Outbox;

/// A question that stands for longer is taken for a no.
const PATIENCE: Duration = Duration::from_secs(600);
const ALLOW: &str = "Allow";
const REFUSE: &str = "Not now";

/// A way to ask the user of one client. A question that is closed, or that the client does not know, is a no.
pub(crate) fn asker(outbox: Outbox) -> AskUser {
    Arc::new(move |question| Box::pin(ask(outbox.clone(), question)))
}

async fn ask(outbox: Outbox, question: ConsentQuestion) -> bool {
    let button = |title: &str| proto::MessageActionItem { title: title.to_owned(), properties: HashMap::new() };
    let params = proto::ShowMessageRequestParams {
        kind: proto::MessageType::Info,
        message: assist::markdown::plain(&format!("Tierline: {question}")),
        actions: Some(vec![button(ALLOW), button(REFUSE)]),
    };
    match outbox.request::<proto::ShowMessageRequest>(params, Some(PATIENCE)).await {
        Ok(Ok(chosen)) => chosen.is_some_and(|button| button.title == ALLOW),
        Ok(Err(error)) => {
            tracing::warn!(%error, "the editor cannot ask its user; a command with --yes allows what it does not");
            false
        }
        Err(_) => false,
    }
}
