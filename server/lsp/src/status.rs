//! `tierline/status`: what the server is doing, what it may ask and what that cost today, for plugins that show it in a bar. A client
//! may ask for it at any time; one that says so at `initialize` is also told whenever it changes. No feature needs it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Weak};
use std::time::Duration;

use models::Tier;
use parking_lot::Mutex;
use serde_json::{Value, json};
use tokio::sync::Notify;
use tower_lsp::gen_lsp_types::{LspNotificationMethod, MessageDirection, Notification};

use crate::session::Session;

/// The least time between two notifications.
const INTERVAL: Duration = Duration::from_millis(250);
/// How often it is looked whether other windows have spent something.
const LOOK: Duration = Duration::from_secs(5);

/// The notification. Its params are what the request of the same name answers.
struct Status;

impl Notification for Status {
    type Params = Value;
    const METHOD: LspNotificationMethod<'static> = LspNotificationMethod::new("tierline/status");
    const MESSAGE_DIRECTION: MessageDirection = MessageDirection::ServerToClient;
}

/// What changes the status, and who waits for that.
#[derive(Debug, Default)]
pub(crate) struct Activity {
    changed: Arc<Notify>,
    /// How many files of how many are indexed, by the root of each folder that is being indexed.
    indexed: Mutex<BTreeMap<PathBuf, (usize, usize)>>,
}

impl Activity {
    /// Something that the status tells of has changed.
    pub(crate) fn changed(&self) {
        self.changed.notify_one();
    }

    /// So many files of a folder are indexed.
    pub(crate) fn indexed(&self, root: &Path, done: usize, total: usize) {
        self.indexed.lock().insert(root.to_owned(), (done, total));
        self.changed();
    }

    /// All files of a folder are indexed.
    pub(crate) fn is_indexed(&self, root: &Path) {
        self.indexed.lock().remove(root);
        self.changed();
    }

    fn progress(&self) -> Option<(usize, usize)> {
        let indexed = self.indexed.lock();
        indexed.values().copied().reduce(|sum, folder| (sum.0 + folder.0, sum.1 + folder.1))
    }
}

/// The status as it is now. Parses what has just been typed and reads the ledger, so it blocks.
pub(crate) fn status(session: &Session) -> Value {
    let folders = session.folders();
    let counts: Vec<_> = folders.iter().map(|host| host.snapshot().index().counts()).collect();
    let stores: Vec<&str> = folders.iter().map(|host| host.store().map_or("none", |store| store.role().as_str())).collect();
    let is_indexing = session.n_indexing.load(Ordering::Relaxed) > 0;
    let gateway = folders.iter().find_map(|host| host.snapshot().gateway().cloned());
    let tiers = gateway.as_ref().map(|gateway| gateway.tiers()).unwrap_or_default();
    let described = tiers.iter().filter_map(|tier| {
        let info = gateway.as_ref()?.describe(*tier)?;
        Some(json!({"tier": tier.as_str(), "model": info.model, "host": info.host, "free": info.free}))
    });
    let spent = gateway.as_ref().and_then(|gateway| gateway.ledger().total_today().ok());
    json!({
        "state": if is_indexing { "indexing" } else { "ready" },
        "indexing": is_indexing,
        "progress": session.activity.progress().map(|(done, total)| json!({"done": done, "total": total})),
        "folders": folders.len(),
        "files": counts.iter().map(|counts| counts.files).sum::<usize>(),
        "symbols": counts.iter().map(|counts| counts.symbols).sum::<usize>(),
        "references": counts.iter().map(|counts| counts.references).sum::<usize>(),
        "stores": stores,
        "tiers": tiers.iter().copied().map(Tier::as_str).collect::<Vec<_>>(),
        "models": described.collect::<Vec<_>>(),
        "jobs": session.n_jobs(),
        "cost": gateway.map(|gateway| json!({
            "today_micro_usd": spent.map(|cost| cost.micro_usd()),
            "per_day_micro_usd": gateway.caps().per_day.micro_usd(),
        })),
    })
}

/// Tells the client of each change from now on, as long as the session lasts.
pub(crate) fn announce(session: &Arc<Session>) {
    tokio::spawn(run(Arc::downgrade(session), Arc::clone(&session.activity.changed)));
}

async fn run(session: Weak<Session>, changed: Arc<Notify>) {
    let mut told = Value::Null;
    loop {
        let Some(session) = session.upgrade() else { return };
        let outbox = session.outbox.clone();
        // A panic there is logged by the hook, and the next look is a new one.
        if let Ok(now) = tokio::task::spawn_blocking(move || status(&session)).await
            && now != told
        {
            outbox.notify::<Status>(now.clone());
            told = now;
        }
        drop(outbox);
        tokio::time::sleep(INTERVAL).await;
        let _ = tokio::time::timeout(LOOK, changed.notified()).await;
    }
}
