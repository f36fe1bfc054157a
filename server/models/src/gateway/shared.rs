//! Answers that somebody else has paid for: one of the team, or a process that was killed before it had checked them.

use std::time::Instant;

use tokio_util::sync::CancellationToken;

use super::{Inner, NO_LINE, Ready, millis};
use crate::cache::Key;
use crate::{Answer, Cost, shape};

/// The answer that a process before this one had paid for and not checked; it costs nothing now, and is kept where a check passes it.
pub(super) fn left_unjudged(inner: &Inner, ready: &Ready, key: &Key) -> Option<Answer> {
    let started = Instant::now();
    let kept = inner.cache.take_unjudged(key)?;
    // Whoever left it may have been another program.
    shape::check(&ready.job.schema.json, &kept.json).ok()?;
    let age = kept.age();
    Some(Answer {
        json: kept.json,
        tier: ready.job.tier,
        model: kept.model,
        usage: kept.usage,
        cost: Cost::ZERO,
        cached: true,
        ms: millis(started),
        redacted: ready.redacted,
        age,
        entry: Some(NO_LINE),
    })
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
    let answer = Answer {
        json: kept.json.clone(),
        tier: ready.job.tier,
        model: kept.model.clone(),
        usage: kept.usage,
        cost: Cost::ZERO,
        cached: true,
        ms: millis(started),
        redacted: 0,
        age: kept.age(),
        entry: None,
    };
    inner.savings.saved(*key, &ready.job, kept.cost);
    if let Err(error) = inner.cache.put(*key, kept) {
        tracing::warn!(%error, "the team's answer is not kept on disk");
    }
    Some(answer)
}
