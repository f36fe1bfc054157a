//! What an exchange came to: a value of the asked shape, or an error and what to do after it; and what the ledger is to note.

use std::time::{Instant, SystemTime};

use serde_json::Value;

use super::attempt::{After, Ended, Failed};
use super::{Inner, Ready};
use crate::abilities::Abilities;
use crate::breaker::Verdict;
use crate::failure::{self, Failure, Next};
use crate::ledger::{Outcome, Settlement};
use crate::stream::{Hearing, Unheard};
use crate::transport::{Broken, Raw};
use crate::wire::{Reply, Stop, adapter};
use crate::{Cost, ModelError, Usage, Wire, answer, tokens, wait};

pub(super) fn unsettled(outcome: Outcome) -> Settlement {
    Settlement {
        void: false,
        outcome,
        usage: Usage { estimated: true, ..Usage::default() },
        cost: Cost::ZERO,
        flagship_cost: None,
        whole_files_cost: None,
        http_status: None,
        model_reported: None,
        service_tier: None,
        request_id: None,
        total_ms: 0,
    }
}

/// The server did nothing that it could bill.
pub(super) fn void(mut settlement: Settlement) -> Settlement {
    settlement.void = true;
    settlement.usage = Usage::default();
    settlement
}

/// What the end of a request says of its server; nothing when it says nothing. A deadline of the job's own is no fault of the server.
pub(super) fn verdict(ended: &Ended) -> Option<(Verdict, String)> {
    let error = match &ended.result {
        Ok(_) => return Some((Verdict::Well, String::new())),
        Err(failed) => &failed.error,
    };
    let verdict = match error {
        ModelError::Quota(_) => Verdict::Hopeless,
        ModelError::Transport(_) | ModelError::Cut(_) => Verdict::Ill,
        ModelError::Server { status, .. } if *status >= 500 => Verdict::Ill,
        // A key that is refused is the user's to mend, and nothing is to be waited for once it is.
        ModelError::Auth(_) | ModelError::Cancelled | ModelError::Timeout(_) | ModelError::RateLimited { .. } => return None,
        _ => Verdict::Well,
    };
    Some((verdict, error.to_string()))
}

/// There is no complete reply.
pub(super) fn lost(inner: &Inner, ready: &Ready, broken: Broken) -> Ended {
    let endpoint = &ready.profile.endpoint;
    let was_warm = inner.warm.remove(&endpoint.base_url).is_some();
    let estimated = unsettled(Outcome::Error);
    let again = After::Say(Next::Retry { after: None });
    let last = || After::Say(Next::Final);
    let shown = |text: &str| failure::shown(text, endpoint);
    let (error, settlement, next) = match broken {
        Broken::NotSent(text) => (ModelError::Transport(shown(&text)), void(estimated), again),
        // Whether the server read the request before it closed the connection, nobody here can know.
        Broken::Closed(text) if was_warm => (ModelError::Transport(shown(&text)), estimated, After::Reconnect),
        Broken::Closed(text) => (ModelError::Transport(shown(&text)), estimated, again),
        Broken::Cut(text) => (ModelError::Cut(shown(&text)), estimated, again),
        Broken::Silent(waited) => (ModelError::Timeout(waited), unsettled(Outcome::Timeout), last()),
        Broken::Stalled(waited) => (ModelError::Cut(format!("nothing came for {} ms", waited.as_millis())), estimated, last()),
        Broken::Unrecorded(text) => (ModelError::NotRecorded(text), void(estimated), last()),
        Broken::TooLong => (ModelError::Transport("the reply is longer than 8 MiB".into()), estimated, last()),
    };
    Ended { result: Err(Failed { error, next }), settlement }
}

/// There is a reply: an error, or what the model said.
pub(super) fn read(inner: &Inner, ready: &Ready, abilities: Abilities, raw: &Raw, hearing: Hearing) -> Ended {
    let endpoint = &ready.profile.endpoint;
    inner.warm.insert(endpoint.base_url.clone());
    let mut settlement = unsettled(Outcome::Error);
    settlement.http_status = Some(raw.status);
    let id = raw.headers.get("x-request-id").and_then(|value| value.to_str().ok());
    // Some servers repeat in a header what they refuse.
    settlement.request_id = id.map(|id| failure::shown(id, endpoint).chars().take(100).collect());
    if !(200..300).contains(&raw.status) {
        let Failure { error, next } = failure::classify(raw.status, &raw.headers, &raw.body, endpoint);
        return Ended { result: Err(Failed { error, next: After::Say(next) }), settlement: void(settlement) };
    }
    if let Some(wait) = wait::used_up(&raw.headers, SystemTime::now()).filter(|wait| *wait <= failure::MAX_WAIT) {
        inner.not_before.insert(ready.name(), Instant::now() + wait);
    }
    let reply = match reply(endpoint.wire, raw, hearing) {
        Ok(reply) => reply,
        Err(Unheard::Cut) => {
            let error = ModelError::Cut("the stream ended before its last event".into());
            return Ended { result: Err(Failed { error, next: After::Say(Next::Retry { after: None }) }), settlement };
        }
        Err(Unheard::Malformed(message)) => {
            let error = ModelError::Server { status: raw.status, message };
            return Ended { result: Err(error.into()), settlement };
        }
    };
    settlement.usage = reply.usage.map_or(settlement.usage, Usage::bounded);
    settlement.model_reported = reply.model.as_deref().map(|text| failure::shown(text, endpoint));
    settlement.service_tier = reply.service_tier.as_deref().map(|text| failure::shown(text, endpoint));
    let cut = truncated(inner, ready, &settlement.usage);
    match understood(ready, abilities, reply).and_then(|json| cut.map_or(Ok(json), Err)) {
        Ok(json) => {
            settlement.outcome = Outcome::Ok;
            Ended { result: Ok(json), settlement }
        }
        Err(Failure { error, next }) => {
            settlement.outcome = outcome_of(&error);
            Ended { result: Err(Failed { error, next: After::Say(next) }), settlement }
        }
    }
}

/// A server that dropped a part of the prompt is told of once. What it says then may inform somebody, under its check, and never
/// becomes code.
fn truncated(inner: &Inner, ready: &Ready, usage: &Usage) -> Option<Failure> {
    let texts = std::iter::once(&ready.instructions).chain(&ready.input).map(String::as_str);
    let (seen, expected) = (usage.input, tokens::expected(texts));
    if usage.estimated || !tokens::is_cut(expected, seen) {
        return None;
    }
    let error = ModelError::Truncated { seen, expected };
    if inner.truncating.insert(ready.name()) {
        tracing::warn!(address = ready.profile.endpoint.base_url, model = ready.profile.model, "{error}");
    }
    (!ready.job.only_informs()).then_some(Failure { error, next: Next::Final })
}

/// How the ledger names what was wrong with an answer.
pub(super) fn outcome_of(error: &ModelError) -> Outcome {
    match error {
        ModelError::Schema(_) => Outcome::SchemaFail,
        ModelError::Refused(_) => Outcome::Refusal,
        ModelError::Incomplete { .. } => Outcome::Incomplete,
        _ => Outcome::Error,
    }
}

/// The reply, whether it came in one piece or in a stream.
fn reply(wire: Wire, raw: &Raw, hearing: Hearing) -> Result<Reply, Unheard> {
    if raw.streamed {
        return hearing.reply();
    }
    let body: Value = serde_json::from_slice(&raw.body).map_err(|_| Unheard::Malformed("the reply is not JSON".into()))?;
    adapter(wire).read(&body).map_err(Unheard::Malformed)
}

/// What the model said, in the asked shape.
pub(super) fn understood(ready: &Ready, abilities: Abilities, reply: Reply) -> Result<Value, Failure> {
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
