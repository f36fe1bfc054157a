//! Answers that somebody else has paid for: one of the team, or a process that was killed before it had checked them.

use std::time::Instant;

use tokio_util::sync::CancellationToken;

use super::{Inner, NO_LINE, Ready, millis};
use crate::cache::Key;
use crate::{Answer, shape};

/// The answer that a process before this one had paid for and not checked; it costs nothing now, and is kept where a check passes it.
pub(super) fn left_unjudged(inner: &Inner, ready: &Ready, key: &Key) -> Option<Answer> {
    let started = Instant::now();
    let kept = inner.cache.take_unjudged(key)?;
    // Whoever left it may have been another program.
    shape::check(&ready.job.schema.json, &kept.json).ok()?;
    Some(Answer { ms: millis(started), redacted: ready.redacted, entry: Some(NO_LINE), ..kept.answer(ready.job.tier) })
}

/// The team's answer, kept on this machine from now on; `None` where the team has none in time.
pub(super) async fn from_team(inner: &Inner, ready: &Ready, key: &Key, cancel: &CancellationToken) -> Option<Answer> {
    let team = inner.team.as_ref()?;
    let started = Instant::now();
    let kept = tokio::select! {
        biased;
        () = cancel.cancelled() => return None,
        kept = team.get(key) => kept?,
    };
    // Whoever signed it may have had another program.
    shape::check(&ready.job.schema.json, &kept.json).ok()?;
    let answer = Answer { ms: millis(started), ..kept.answer(ready.job.tier) };
    inner.savings.saved(*key, &ready.job, kept.cost);
    if let Err(error) = inner.cache.put(*key, kept) {
        tracing::warn!(%error, "the team's answer is not kept on disk");
    }
    Some(answer)
}
