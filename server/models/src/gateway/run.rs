//! From a job to its answer over as many attempts as its kind allows and its deadline has room for.

use std::time::{Duration, Instant};

use tokio_util::sync::CancellationToken;

use super::{Inner, Ready, attempt, known, millis};
use crate::abilities::{Abilities, Field};
use crate::failure::Next;
use crate::{Answer, ModelError, Traffic};

/// The first waiting time between two attempts; it doubles up to the last.
const FIRST_WAIT: Duration = Duration::from_millis(500);
const LAST_WAIT: Duration = Duration::from_secs(8);
/// So many answers in a row without the asked shape, and the shape is asked for in a plainer way.
const MISSHAPEN: u32 = 2;
/// A server that asks to be left alone for longer is tried again after this all the same.
const LONGEST_REST: Duration = Duration::from_secs(600);
/// Whatever happens, a job is no more requests than this.
const MAX_ATTEMPTS: u32 = 8;

pub(super) async fn run(inner: &std::sync::Arc<Inner>, ready: &Ready, cancel: &CancellationToken) -> Result<Answer, ModelError> {
    let started = Instant::now();
    let limit = ready.job.deadline.min(ready.profile.timeout);
    let deadline = started + limit;
    let name = ready.name();
    let (mut retries, mut reconnects) = (ready.job.retries(), 1);
    let mut number = 0;
    loop {
        number += 1;
        let resting = inner.not_before.get(&name).map(|until| *until);
        if let Some(until) = resting.filter(|until| *until > Instant::now()) {
            if until >= deadline {
                let retry_after = Some(until.saturating_duration_since(Instant::now()));
                return Err(ModelError::RateLimited { message: "it asked to wait before".into(), retry_after });
            }
            rest(until, cancel).await?;
        }
        let abilities = abilities(inner, ready);
        let failed = match attempt::attempt(inner, ready, number, abilities, (deadline, limit), cancel).await {
            Ok(answer) => {
                inner.misshapen.remove(&name);
                return Ok(Answer { ms: millis(started), ..answer });
            }
            Err(failed) => failed,
        };
        match &failed.error {
            ModelError::Schema(_) => misshapen(inner, ready, abilities),
            // However long that is, nobody else needs to be told it by the server.
            ModelError::RateLimited { retry_after: Some(after), .. } => {
                inner.not_before.insert(name.clone(), Instant::now() + LONGEST_REST.min(*after));
            }
            _ => {}
        }
        tracing::debug!(kind = ready.job.kind, tier = %ready.job.tier, number, error = %failed.error, "an attempt failed");
        match failed.next {
            _ if number >= MAX_ATTEMPTS => return Err(failed.error),
            attempt::After::Reconnect if reconnects > 0 => reconnects -= 1,
            attempt::After::Say(Next::Without(field)) => match abilities.without(field) {
                Some(less) => remember(inner, ready, less),
                None => return Err(failed.error),
            },
            attempt::After::Say(Next::Retry { after }) => {
                let wake = Instant::now() + after.unwrap_or_else(|| jitter(number));
                if let Some(after) = after {
                    inner.not_before.insert(name.clone(), Instant::now() + after);
                }
                if retries == 0 || wake >= deadline {
                    return Err(failed.error);
                }
                retries -= 1;
                rest(wake, cancel).await?;
            }
            _ => return Err(failed.error),
        }
    }
}

/// A server that took the schema and twice in a row did not keep to it is asked in a plainer way from then on.
fn misshapen(inner: &Inner, ready: &Ready, asked: Abilities) {
    let mut count = inner.misshapen.entry(ready.name()).or_default();
    *count += 1;
    if *count < MISSHAPEN {
        return;
    }
    *count = 0;
    drop(count);
    // Others may have gone down already while this one was asked.
    let is_current = inner.abilities.get(&ready.name()).is_some_and(|known| known.rung == asked.rung);
    if let Some(less) = asked.without(Field::Shape).filter(|_| is_current) {
        remember(inner, ready, less);
    }
}

fn abilities(inner: &Inner, ready: &Ready) -> Abilities {
    let key = ready.name();
    if let Some(found) = inner.abilities.get(&key) {
        return *found;
    }
    // A recording begins where a first process does, and a replay has to ask what was asked then.
    let live = inner.configuration.traffic == Traffic::Live;
    let earlier = if live { known::load(&inner.configuration.cache_dir, &ready.profile) } else { None };
    let abilities = earlier.unwrap_or_else(|| Abilities::all(ready.profile.endpoint.first_rung));
    inner.abilities.insert(key, abilities);
    abilities
}

/// What was found is remembered, and one job's finding spares the next the detour.
fn remember(inner: &Inner, ready: &Ready, abilities: Abilities) {
    let key = ready.name();
    tracing::info!(model = key.1, ?abilities, "the model server does not accept every field");
    inner.abilities.insert(key, abilities);
    known::keep(&inner.configuration.cache_dir, &ready.profile, abilities);
}

async fn rest(until: Instant, cancel: &CancellationToken) -> Result<(), ModelError> {
    tokio::select! {
        biased;
        () = cancel.cancelled() => Err(ModelError::Cancelled),
        () = tokio::time::sleep_until(until.into()) => Ok(()),
    }
}

/// A random time up to the doubled one, so that many who failed together do not return together.
fn jitter(number: u32) -> Duration {
    let most = FIRST_WAIT.saturating_mul(1 << number.saturating_sub(1).min(6)).min(LAST_WAIT);
    most.mul_f64(fastrand::f64())
}
