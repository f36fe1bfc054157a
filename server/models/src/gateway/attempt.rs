//! One attempt: reserve, send, read, settle. Whatever happens after the reservation, the line is settled.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::Value;
use tokio_util::sync::CancellationToken;

use super::{Inner, Ready, booking, millis, reading};
use crate::abilities::Abilities;
use crate::breaker::Breakers;
use crate::cache::{Kept, Key};
use crate::failure::Next;
use crate::gate::Gate;
use crate::ledger::{Outcome, Settlement};
use crate::stream::Hearing;
use crate::wire::{Request, adapter};
use crate::{Answer, ModelError, Tier, Usage, tokens};

/// What to do after a failed attempt.
#[derive(Debug)]
pub(super) enum After {
    Say(Next),
    /// A pooled connection had died, most likely before the request was read.
    Reconnect,
}

#[derive(Debug)]
pub(super) struct Failed {
    pub(super) error: ModelError,
    pub(super) next: After,
}

impl From<ModelError> for Failed {
    fn from(error: ModelError) -> Self {
        Failed { error, next: After::Say(Next::Final) }
    }
}

/// What an exchange came to, before the ledger knows.
pub(super) struct Ended {
    pub(super) result: Result<Value, Failed>,
    pub(super) settlement: Settlement,
}

pub(super) async fn attempt(
    inner: &Arc<Inner>,
    ready: &Ready,
    number: u32,
    abilities: Abilities,
    (deadline, limit): (Instant, Duration),
    cancel: &CancellationToken,
) -> Result<Answer, Failed> {
    if cancel.is_cancelled() {
        return Err(ModelError::Cancelled.into());
    }
    let (job, profile) = (&ready.job, &ready.profile);
    let Some(prices) = profile.prices else {
        return Err(ModelError::UnknownPrice { tier: job.tier, model: profile.model.clone() }.into());
    };
    let max_output_tokens = job.max_output_tokens.min(profile.max_output_tokens).max(1);
    let cache_key = format!("{}-{}-{}", job.kind, job.prompt_version, job.workspace.chars().take(8).collect::<String>());
    let request = Request {
        profile,
        instructions: &ready.instructions,
        input: &ready.input,
        schema: &job.schema,
        max_output_tokens,
        abilities,
        cache_key: &cache_key,
    };
    let adapter = adapter(profile.endpoint.wire);
    let body = adapter.body(&request).to_string();
    let guess = tokens::lower_guess(&body);
    if guess + u64::from(max_output_tokens) > profile.context_tokens {
        let message =
            format!("at least {guess} tokens and {max_output_tokens} for the reply do not fit into {}", profile.context_tokens);
        return Err(ModelError::TooLong(message).into());
    }
    // The body holds every text and the schema, so its tokens bound the prompt's.
    let bound =
        Usage { input: tokens::upper_bound(&body), output: u64::from(max_output_tokens), estimated: true, ..Usage::default() };
    let pass = Gate::enter(&inner.gates[&job.tier], &ready.rank, guess + u64::from(max_output_tokens));
    let _pass = tokio::select! {
        biased;
        () = cancel.cancelled() => return Err(ModelError::Cancelled.into()),
        pass = tokio::time::timeout_at(deadline.into(), pass) => pass.map_err(|_| ModelError::Timeout(limit))?,
    };
    let leave = Breakers::leave(&inner.breakers, &profile.endpoint.base_url)?;
    let line = booking::reserve(inner, ready, number, prices, bound).await?;

    let sent = Instant::now();
    let mut hearing = Hearing::new(adapter.assembly());
    let exchange = inner.transport.post(&profile.endpoint, profile.deadlines, adapter.path(), body.into_bytes(), &mut hearing);
    let outcome = tokio::select! {
        biased;
        () = cancel.cancelled() => Err((ModelError::Cancelled, Outcome::Cancelled)),
        raw = tokio::time::timeout_at(deadline.into(), exchange) => raw.map_err(|_| (ModelError::Timeout(limit), Outcome::Timeout)),
    };
    let mut ended = match outcome {
        Ok(Ok(raw)) => reading::read(inner, ready, abilities, &raw, hearing),
        Ok(Err(broken)) => reading::lost(inner, ready, broken),
        Err((error, outcome)) => Ended { result: Err(error.into()), settlement: reading::unsettled(outcome) },
    };
    if let Some((verdict, reason)) = reading::verdict(&ended) {
        leave.tell(verdict, &reason, profile.limits.rest);
    }
    let settlement = &mut ended.settlement;
    settlement.total_ms = millis(sent);
    settlement.cost = if settlement.usage.estimated {
        // The server may have done all the work that it was asked for.
        settlement.usage = bound;
        prices.worst(&bound)
    } else {
        prices.cost_on(&settlement.usage, settlement.service_tier.as_deref())
    };
    let flagship = inner.configuration.tiers.get(&Tier::Flagship).and_then(|profile| profile.prices);
    settlement.flagship_cost = flagship.map(|prices| prices.cost(&settlement.usage));
    let whole = Usage { input: tokens::of_bytes(job.whole_bytes), output: settlement.usage.output, ..Usage::default() };
    settlement.whole_files_cost = flagship.filter(|_| job.whole_bytes > 0).map(|prices| prices.cost(&whole));
    let (usage, cost) = (settlement.usage, settlement.cost);
    job.tally.add(cost);
    let (model, tier) = (profile.model.clone(), job.tier);
    let answered = ended.result.map(|json| Answer {
        json,
        tier,
        model,
        usage,
        cost,
        cached: false,
        ms: 0,
        redacted: ready.redacted,
        age: Some(Duration::ZERO),
        entry: Some(line),
    });
    // It is paid for. Whatever becomes of this process before a check has spoken, the next one finds the answer and checks it.
    let unjudged = answered.as_ref().ok().map(|answer| (Key::of(job, profile), Kept::now(answer)));
    let lay_down = async {
        if let Some((key, kept)) = unjudged {
            let inner = Arc::clone(inner);
            // A thread that ends in the middle costs the next process the price of the answer.
            drop(tokio::task::spawn_blocking(move || inner.cache.put_unjudged(&key, &kept)).await);
        }
    };
    tokio::join!(lay_down, booking::settle(inner, line, ended.settlement));
    answered
}
