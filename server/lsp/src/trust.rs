//! `tierline.server.trust`: asks the user, through the editor, whether what a workspace says is to count, and shows what that is.

use std::sync::Arc;

use assist::{Configured, Host, Trust, look_at_trust};
use tokio_util::sync::CancellationToken;
use tower_lsp::gen_lsp_types as proto;

use crate::configuration;
use crate::session::Session;

const YES: &str = "Trust";
const NO: &str = "Not now";

/// How many of the things that would count are shown one by one.
const MOST_SHOWN: usize = 8;

/// How much of each is shown, in characters.
const LONGEST_SHOWN: usize = 120;

pub(crate) async fn trust(session: Arc<Session>, host: Arc<Host>, cancel: CancellationToken) {
    let root = host.snapshot().root().to_owned();
    let configured = look_at_trust(&session.places, &root);
    let grant = match (&configured.trust, &configured.grant) {
        (Trust::Trusted, _) => return say(&session, proto::MessageType::Info, "this workspace is trusted as it is now"),
        (_, Some(grant)) => grant.clone(),
        (_, None) => {
            let text = "this workspace cannot be trusted: `tierline trust` says why";
            return say(&session, proto::MessageType::Warning, text);
        }
    };
    let question = question(&configured);
    let asked = session.outbox.ask(proto::MessageType::Warning, &question, &[YES, NO], None);
    let answer = tokio::select! {
        () = cancel.cancelled() => return,
        answer = asked => answer,
    };
    match answer {
        Ok(Some(chosen)) if chosen == YES => {}
        Ok(_) => return,
        Err(error) => {
            tracing::warn!(%error, "the editor cannot ask its user");
            return say(&session, proto::MessageType::Warning, "your editor cannot ask you: run `tierline trust` in a terminal");
        }
    }
    // What was shown is what is trusted: a file that has changed meanwhile has another fingerprint.
    if let Err(error) = grant.give(&session.places) {
        return say(&session, proto::MessageType::Error, &format!("the trust cannot be kept: {error}"));
    }
    configuration::reload(&session);
    let later = if grant.files().iter().any(|file| file.starts_with(".tierline")) {
        "; its queries count from the next start on"
    } else {
        ""
    };
    say(&session, proto::MessageType::Info, &format!("this workspace is trusted until its configuration changes{later}"));
}

/// What would count, in one message: editors show no more.
fn question(configured: &Configured) -> String {
    let mut shown: Vec<String> = configured.unlocks.iter().take(MOST_SHOWN).map(|unlock| cut(&unlock.to_string())).collect();
    let more = configured.unlocks.len().saturating_sub(MOST_SHOWN);
    if more > 0 {
        shown.push(format!("{more} more settings"));
    }
    let files = configured.grant.as_ref().map_or(&[][..], |grant| grant.files());
    let queries = files.iter().filter(|file| file.starts_with(".tierline")).count();
    if queries > 0 {
        shown.push(format!("{} of its own queries", assist::plural(queries, "file", "files")));
    }
    if shown.is_empty() {
        return "Trust this workspace? It asks for nothing itself; your own `check.command` may then run its code.".to_owned();
    }
    format!("Trust this workspace? Until one of its configuration files changes, this counts: {}", shown.join("; "))
}

/// What one thing is shown of: a long one would push the others out of sight. `tierline trust --show` shows all of it.
fn cut(text: &str) -> String {
    if text.chars().count() <= LONGEST_SHOWN {
        text.to_owned()
    } else {
        format!("{}…", text.chars().take(LONGEST_SHOWN).collect::<String>())
    }
}

fn say(session: &Session, kind: proto::MessageType, text: &str) {
    session.outbox.show(kind, format!("Tierline: {text}"));
}
