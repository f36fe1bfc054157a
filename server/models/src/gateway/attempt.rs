//! One attempt: reserve, send, read, settle. Whatever happens after the reservation, the line is settled.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::Value;
use tokio_util::sync::CancellationToken;

use super::{Abilities, Inner, NO_LINE, Ready, host, millis};
use crate::failure::{self, Failure, Next};
use crate::ledger::{Outcome, Refusal, Reservation, Settlement};
use crate::transport::{Broken, Raw};
use crate::wire::{Reply, Request, Stop, adapter};
use crate::{Answer, Cost, ModelError, Prices, Tier, Usage, answer, tokens};

/// What to do after a failed attempt.
#[derive(Debug)]
pub(super) enum After {
    Say(Next),
    /// A pooled connection had died: nothing was lost but the connection.
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
struct Ended {
    result: Result<Value, Failed>,
    settlement: Settlement,
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
        rung: abilities.rung,
        effort: abilities.effort,
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
    let line = reserve(inner, ready, number, prices, bound).await?;

    let sent = Instant::now();
    let exchange = inner.transport.post(&profile.endpoint, adapter.path(), body.into_bytes());
    let outcome = tokio::select! {
        biased;
        () = cancel.cancelled() => Err((ModelError::Cancelled, Outcome::Cancelled)),
        raw = tokio::time::timeout_at(deadline.into(), exchange) => raw.map_err(|_| (ModelError::Timeout(limit), Outcome::Timeout)),
    };
    let mut ended = match outcome {
        Ok(Ok(raw)) => read(inner, ready, abilities, &raw),
        Ok(Err(broken)) => lost(inner, ready, broken),
        Err((error, outcome)) => Ended { result: Err(error.into()), settlement: unsettled(outcome) },
    };
    let settlement = &mut ended.settlement;
    settlement.total_ms = millis(sent);
    if settlement.usage.estimated {
        // The server may have done all the work that it was asked for.
        settlement.usage = bound;
    }
    settlement.cost = prices.cost_on(&settlement.usage, settlement.service_tier.as_deref());
    let flagship = inner.configuration.tiers.get(&Tier::Flagship).and_then(|profile| profile.prices);
    settlement.flagship_cost = flagship.map(|prices| prices.cost(&settlement.usage));
    let (usage, cost) = (settlement.usage, settlement.cost);
    settle(inner, line, ended.settlement).await;
    let (model, tier) = (profile.model.clone(), job.tier);
    ended.result.map(|json| Answer {
        json,
        tier,
        model,
        usage,
        cost,
        cached: false,
        ms: 0,
        redacted: ready.redacted,
        entry: Some(line),
    })
}

/// A server that costs nothing is asked even when the ledger cannot be written; a paid one is not.
async fn reserve(inner: &Arc<Inner>, ready: &Ready, number: u32, prices: Prices, bound: Usage) -> Result<i64, ModelError> {
    let (job, profile) = (&ready.job, &ready.profile);
    // A reply may be billed at twice the price, but only where it was asked for, which is nowhere.
    let worst = prices.cost(&bound);
    let wanted = Reservation {
        action: job.action.as_str().to_owned(),
        workspace: job.workspace.clone(),
        kind: job.kind,
        tier: job.tier,
        host: host(&profile.endpoint.base_url).to_owned(),
        wire: profile.endpoint.wire,
        model: profile.model.clone(),
        price_table: inner.price_table.clone(),
        attempt: number,
        escalated_from: job.escalated_from,
        bound,
        worst,
    };
    let ledger = Arc::clone(inner);
    let reserved = tokio::task::spawn_blocking(move || ledger.ledger.reserve(&wanted, &ledger.configuration.caps)).await;
    match reserved {
        Ok(Ok(line)) => Ok(line),
        Ok(Err(Refusal::OverCap { cap, limit, spent })) => Err(ModelError::OverBudget { cap, limit, spent, needed: worst }),
        Ok(Err(Refusal::Unreadable(error))) if prices.is_free() => {
            tracing::warn!(%error, "the ledger cannot be written; the server is free, so it is asked all the same");
            Ok(NO_LINE)
        }
        Ok(Err(Refusal::Unreadable(error))) => Err(ModelError::LedgerUnreadable(error.to_string())),
        Err(_) => Err(ModelError::LedgerUnreadable("its thread ended".into())),
    }
}

async fn settle(inner: &Arc<Inner>, line: i64, settlement: Settlement) {
    if line == NO_LINE {
        return;
    }
    let inner = Arc::clone(inner);
    let settled = tokio::task::spawn_blocking(move || inner.ledger.settle(line, &settlement)).await;
    if let Ok(Err(error)) = settled {
        // The worst case stays reserved, so the caps hold.
        tracing::warn!(%error, "the ledger does not note what a request used");
    }
}

fn unsettled(outcome: Outcome) -> Settlement {
    Settlement {
        void: false,
        outcome,
        usage: Usage { estimated: true, ..Usage::default() },
        cost: Cost::ZERO,
        flagship_cost: None,
        http_status: None,
        model_reported: None,
        service_tier: None,
        request_id: None,
        total_ms: 0,
    }
}

/// The server did nothing that it could bill.
fn void(mut settlement: Settlement) -> Settlement {
    settlement.void = true;
    settlement.usage = Usage::default();
    settlement
}

/// There is no complete reply.
fn lost(inner: &Inner, ready: &Ready, broken: Broken) -> Ended {
    let endpoint = &ready.profile.endpoint;
    let was_warm = inner.warm.remove(&endpoint.base_url).is_some();
    let estimated = unsettled(Outcome::Error);
    let again = After::Say(Next::Retry { after: None });
    let last = || After::Say(Next::Final);
    let (text, settlement, next) = match broken {
        Broken::NotSent(text) => (text, void(estimated), again),
        Broken::Closed(text) if was_warm => (text, void(estimated), After::Reconnect),
        Broken::Closed(text) | Broken::Cut(text) => (text, estimated, again),
        Broken::Stalled => ("the reply stopped in the middle".into(), estimated, last()),
        Broken::TooLong => ("the reply is longer than 8 MiB".into(), estimated, last()),
    };
    Ended { result: Err(Failed { error: ModelError::Transport(failure::shown(&text, endpoint)), next }), settlement }
}

/// There is a reply: an error, or what the model said.
fn read(inner: &Inner, ready: &Ready, abilities: Abilities, raw: &Raw) -> Ended {
    let endpoint = &ready.profile.endpoint;
    inner.warm.insert(endpoint.base_url.clone());
    let mut settlement = unsettled(Outcome::Error);
    settlement.http_status = Some(raw.status);
    let id = raw.headers.get("x-request-id").and_then(|value| value.to_str().ok());
    settlement.request_id = id.map(|id| id.chars().take(100).collect());
    if !(200..300).contains(&raw.status) {
        let Failure { error, next } = failure::classify(raw.status, &raw.headers, &raw.body, endpoint);
        return Ended { result: Err(Failed { error, next: After::Say(next) }), settlement: void(settlement) };
    }
    let reply = serde_json::from_slice(&raw.body).map_err(|_| "the reply is not JSON".to_owned());
    let reply = match reply.and_then(|body: Value| adapter(endpoint.wire).read(&body)) {
        Ok(reply) => reply,
        Err(message) => {
            let error = ModelError::Server { status: raw.status, message };
            return Ended { result: Err(error.into()), settlement };
        }
    };
    settlement.usage = reply.usage.map_or(settlement.usage, Usage::bounded);
    settlement.model_reported = reply.model.as_deref().map(|text| failure::shown(text, endpoint));
    settlement.service_tier = reply.service_tier.as_deref().map(|text| failure::shown(text, endpoint));
    match understood(ready, abilities, reply) {
        Ok(json) => {
            settlement.outcome = Outcome::Ok;
            Ended { result: Ok(json), settlement }
        }
        Err(Failure { error, next }) => {
            settlement.outcome = match error {
                ModelError::Schema(_) => Outcome::SchemaFail,
                ModelError::Refused(_) => Outcome::Refusal,
                ModelError::Incomplete { .. } => Outcome::Incomplete,
                _ => Outcome::Error,
            };
            Ended { result: Err(Failed { error, next: After::Say(next) }), settlement }
        }
    }
}

/// What the model said, in the asked shape.
fn understood(ready: &Ready, abilities: Abilities, reply: Reply) -> Result<Value, Failure> {
    let endpoint = &ready.profile.endpoint;
    let last = |error| Failure { error, next: Next::Final };
    if let Some(refusal) = reply.refusal {
        return Err(last(ModelError::Refused(failure::shown(&refusal, endpoint))));
    }
    match reply.stop {
        Stop::Done => {}
        Stop::Length => {
            let max_output_tokens = ready.job.max_output_tokens.min(ready.profile.max_output_tokens);
            return Err(last(ModelError::Incomplete { max_output_tokens }));
        }
        Stop::Filter => return Err(last(ModelError::Filtered("the reply was cut".into()))),
        Stop::Failed { code, message } => {
            let next = if matches!(code.as_str(), "server_error" | "rate_limit_exceeded") {
                Next::Retry { after: None }
            } else {
                Next::Final
            };
            let message = failure::shown(&format!("{code}: {message}"), endpoint);
            return Err(Failure { error: ModelError::Server { status: 200, message }, next });
        }
    }
    answer::read(&reply.text, &ready.job.schema, abilities.rung, !endpoint.openai_fields)
        .map_err(|text| last(ModelError::Schema(text)))
}
