//! `hover.summary = "auto"`: summaries are made ahead of the first hover while the user does nothing, and called off when he does.

use std::collections::HashSet;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Weak};
use std::time::Duration;

use assist::{Host, Snapshot, SummaryPolicy, Unanswered, Why, may_work_ahead, next_ahead, summarise_many, worth_summarising};
use index::SymbolRef;
use models::{ModelError, Tier};
use tokio_util::sync::CancellationToken;

use crate::session::{Session, relative};

/// How often it is looked whether the user does nothing.
const LOOK: Duration = Duration::from_millis(500);
/// So long nobody has typed or asked before anything is begun. What was called off is paid for in vain, so that each time it happens
/// the next pause must be twice as long, up to the longest.
const PAUSE: Duration = Duration::from_secs(2);
const LONGEST_PAUSE: Duration = Duration::from_secs(64);
/// So many requests are sent in one session; the caps in money hold besides.
const MOST_REQUESTS: usize = 200;
/// After so many failures in a row it is over for this session.
const MOST_FAILURES: usize = 3;

/// Looks after the folders of a session as long as it lasts.
pub(crate) fn start(session: &Arc<Session>) {
    tokio::spawn(run(Arc::downgrade(session)));
}

/// What was done so far.
struct Work {
    /// Symbols, by a hash of what they are, that were asked for: what did not pass its check is left to the hover.
    tried: HashSet<u64>,
    pause: Duration,
    requests: usize,
    failures: usize,
}

async fn run(session: Weak<Session>) {
    let mut work = Work { tried: HashSet::new(), pause: PAUSE, requests: 0, failures: 0 };
    let mut done: Option<CancellationToken> = None;
    while work.requests < MOST_REQUESTS && work.failures < MOST_FAILURES {
        tokio::time::sleep(LOOK).await;
        let Some(session) = session.upgrade() else { return };
        // Until the user does something again there is nothing more to do.
        if done.as_ref().is_some_and(|done| !done.is_cancelled()) {
            continue;
        }
        let is_busy = session.n_jobs() > 0 || session.n_indexing.load(Ordering::Relaxed) > 0;
        let wanted = || session.folders().iter().any(|host| is_wanted(&host.snapshot()));
        if is_busy || !wanted() {
            continue;
        }
        let Some(cancel) = session.attention.idle(work.pause) else { continue };
        for host in session.folders().iter() {
            work.in_folder(&session, host, &cancel).await;
        }
        done = Some(cancel);
    }
}

fn is_wanted(snapshot: &Snapshot) -> bool {
    snapshot.settings().hover.summary == SummaryPolicy::Auto && snapshot.gateway().is_some_and(|gateway| gateway.has(Tier::Nano))
}

impl Work {
    /// Works until nothing is left to do, or the user does something.
    async fn in_folder(&mut self, session: &Arc<Session>, host: &Arc<Host>, cancel: &CancellationToken) {
        let snapshot = host.snapshot();
        if !is_wanted(&snapshot) {
            return;
        }
        let (of, files) = (snapshot.clone(), session.attention.files());
        let worth = tokio::task::spawn_blocking(move || {
            let open: Vec<String> = files.iter().filter_map(|file| relative(of.root(), file)).collect();
            worth_summarising(&of, &open)
        });
        let Ok(mut worth) = worth.await else { return };
        worth.retain(|symbol| {
            let hash = symbol.get().body_hash;
            !self.tried.contains(&hash) && session.may_summarise(hash)
        });
        while !worth.is_empty() && !cancel.is_cancelled() && self.requests < MOST_REQUESTS && self.failures < MOST_FAILURES {
            let of = snapshot.clone();
            let looked = tokio::task::spawn_blocking(move || {
                let (next, looked_at) = next_ahead(&of, &worth);
                (next, worth.split_off(looked_at), may_work_ahead(&of))
            });
            let Ok((next, rest, may)) = looked.await else { return };
            worth = rest;
            if next.is_empty() || !matches!(may, Ok(true)) {
                return;
            }
            self.request(session, &snapshot, &next, cancel).await;
        }
    }

    async fn request(&mut self, session: &Session, snapshot: &Snapshot, symbols: &[SymbolRef], cancel: &CancellationToken) {
        match summarise_many(snapshot, symbols, cancel).await {
            Ok(made) => {
                tracing::info!(?made, "summaries ahead");
                self.tried.extend(symbols.iter().map(|symbol| symbol.get().body_hash));
                (self.requests, self.failures, self.pause) = (self.requests + 1, 0, PAUSE);
                session.activity.changed();
            }
            Err(error) if error.is_cancelled() => self.pause = (self.pause * 2).min(LONGEST_PAUSE),
            // Whoever hovers is asked for it.
            Err(Unanswered { why: Why::Model(ModelError::NotAllowed { .. }), .. }) => self.pause = LONGEST_PAUSE,
            Err(error) => {
                tracing::info!("no summaries ahead: {error}");
                (self.requests, self.failures) = (self.requests + 1, self.failures + 1);
            }
        }
    }
}
