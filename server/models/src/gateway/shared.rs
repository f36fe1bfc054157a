//! Answers that somebody of the team has paid for.

use std::time::Instant;

use tokio_util::sync::CancellationToken;

use super::{Inner, Ready, millis};
use crate::cache::Key;
use crate::{Answer, Cost, shape};

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
