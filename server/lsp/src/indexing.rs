//! Indexing a folder where the client can see it, and keeping up with other processes that index it too.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Weak};
use std::time::Duration;

use assist::Host;

use crate::session::Session;
use crate::{unfinished, watch};

/// How often a host looks at what other processes have written.
const FOLLOW_EVERY: Duration = Duration::from_secs(1);

/// Indexes a folder in the background, and then watches it.
pub(crate) fn start_indexing(session: &Arc<Session>, host: &Arc<Host>) {
    session.n_indexing.fetch_add(1, Ordering::Relaxed);
    let (session, host) = (Arc::clone(session), Arc::clone(host));
    tokio::task::spawn_blocking(move || {
        unfinished::recover(&session, &host);
        let called_off = index_folder(&session, &host);
        if !session.profile().watches_files {
            watch::watch(&session, &host);
        }
        tokio::spawn(follow(Arc::downgrade(&host)));
        if !called_off {
            let ms = host.settle();
            tracing::info!("linked {} in {ms} ms", host.snapshot().root().display());
        }
        session.n_indexing.fetch_sub(1, Ordering::Relaxed);
        session.activity.changed();
        tokio::spawn(unfinished::offer(Arc::clone(&session), Arc::clone(&host)));
    });
}

/// Indexes a folder, showing how far it is. Blocks until it is done, or the user has had enough: then it returns `true`, and everything
/// is as it was.
pub(crate) fn index_folder(session: &Session, host: &Host) -> bool {
    let progress = session.outbox.progress("Indexing", true, None);
    let cancelled = Arc::new(AtomicBool::new(false));
    let (flag, token) = (Arc::clone(&cancelled), progress.cancelled().clone());
    let waiting = tokio::spawn(async move {
        token.cancelled().await;
        flag.store(true, Ordering::Relaxed);
    });
    let root = host.snapshot().root().to_owned();
    let report = host.index_folder(
        &|at| {
            session.activity.indexed(&root, at.done, at.total);
            let percent = (at.done * 100).checked_div(at.total).unwrap_or(0);
            let message = format!("{} of {} files", at.done, at.total);
            progress.report(message, Some(u32::try_from(percent).unwrap_or(100)));
        },
        &cancelled,
    );
    session.activity.is_indexed(&root);
    waiting.abort();
    progress.end(match report.cancelled {
        true => "called off".to_owned(),
        false => {
            let symbols = assist::plural(report.symbols, "symbol", "symbols");
            format!("{symbols} in {}", assist::plural(report.files, "file", "files"))
        }
    });
    tracing::info!(?report, "indexed {}", host.snapshot().root().display());
    report.cancelled
}

/// Takes over what other processes write, as long as the folder is open.
async fn follow(host: Weak<Host>) {
    loop {
        tokio::time::sleep(FOLLOW_EVERY).await;
        let Some(host) = host.upgrade() else { return };
        if host.store().is_none() {
            return;
        }
        // A panic there is logged by the hook, and the next look is a new one.
        let _ = tokio::task::spawn_blocking(move || host.follow()).await;
    }
}
