//! Sending a batch and collecting its answers. Everything holds as for single requests: what leaves is looked through, the worst case
//! is reserved under the caps before anything is sent, and each job is settled to what the server reports for it.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};

use super::{Gateway, Inner, booking, looked_through, reading};
use crate::abilities::Abilities;
use crate::batch::{self, BatchState, BatchTicket, malformed};
use crate::cache::Key;
use crate::ledger::Outcome;
use crate::transport::Broken;
use crate::wire::{Request, adapter};
use crate::{Answer, Cost, Job, ModelError, Priority, Profile, Tier, Traffic, Usage, Wire, failure, tokens};

/// What a percentage of an amount is, rounded up.
fn share(cost: Cost, percent: u8) -> Cost {
    Cost::from_pico_usd((cost.pico_usd() * u128::from(percent)).div_ceil(100))
}

impl Gateway {
    /// What a request in a batch costs, in per cent of the others; none where the tier's server is not known to take batches.
    pub fn batch_percent(&self, tier: Tier) -> Option<u8> {
        let profile = self.inner.configuration.tiers.get(&tier)?;
        profile.terms.batch_percent
    }

    /// The batch of a workspace that was sent and not collected.
    pub fn pending_batch(&self, workspace: &str) -> Option<BatchTicket> {
        BatchTicket::load(&self.inner.configuration.state_dir, workspace)
    }

    /// Sends jobs of one tier and one workspace as a batch, as many of them as the caps allow.
    ///
    /// # Errors
    /// Fails where not one of them could be sent. What was reserved is given back where the server took nothing.
    pub async fn send_batch(&self, jobs: &[Job]) -> Result<BatchTicket, ModelError> {
        let inner = &self.inner;
        let Some(first) = jobs.first() else { return Err(malformed("there is nothing to send")) };
        let (tier, workspace) = (first.tier, first.workspace.clone());
        let (Some(profile), Some(percent)) = (inner.configuration.tiers.get(&tier), self.batch_percent(tier)) else {
            return Err(ModelError::NotConfigured { tier, reason: Some("its server is not known to take batches".into()) });
        };
        if inner.configuration.traffic != Traffic::Live {
            return Err(ModelError::NotRecorded("batches are not part of a recording".into()));
        }
        self.allowed(&workspace, profile, Priority::Interactive).await?;
        let (mut lines, mut booked, mut refused) = (Vec::new(), BTreeMap::new(), None);
        for job in jobs.iter().filter(|job| job.tier == tier && job.workspace == workspace).take(batch::MOST) {
            let key = Key::of(job, profile).hex();
            if booked.contains_key(&key) {
                // Its equal is among them already, and is paid for once.
                continue;
            }
            match prepared(inner, job, profile, percent, &key).await {
                Ok((line, id)) => {
                    booked.insert(key, id);
                    lines.push(line);
                }
                Err(error @ (ModelError::OverBudget { .. } | ModelError::LedgerUnreadable(_))) => {
                    refused = Some(error);
                    break;
                }
                Err(error) => refused = Some(error),
            }
        }
        if lines.is_empty() {
            return Err(refused.unwrap_or_else(|| malformed("there is nothing to send")));
        }
        let address = profile.endpoint.base_url.clone();
        let mut ticket = BatchTicket { id: String::new(), tier, workspace, address, lines: booked };
        match create(inner, profile, &lines).await {
            Ok(id) => ticket.id = id,
            Err((error, took_nothing)) => {
                for id in ticket.lines.values().filter(|_| took_nothing) {
                    let settlement = reading::unsettled(Outcome::Error);
                    booking::settle(inner, *id, reading::void(settlement)).await;
                }
                return Err(error);
            }
        }
        if let Err(error) = ticket.keep(&inner.configuration.state_dir) {
            tracing::warn!(%error, id = ticket.id, "the batch is sent and cannot be noted; its worst case stays booked");
        }
        Ok(ticket)
    }

    /// Asks how far a batch is.
    ///
    /// # Errors
    /// Fails where its server cannot be asked, or is no longer the tier's.
    pub async fn look_at_batch(&self, ticket: &BatchTicket) -> Result<BatchState, ModelError> {
        let profile = self.profile_of(ticket)?;
        let body = fetched(&self.inner, profile, &format!("{}/{}", folder(profile), ticket.id), 8 << 20).await?;
        BatchState::read(&serde_json::from_slice(&body).map_err(|_| malformed("the reply is not JSON"))?)
    }

    /// Collects the answers of a batch that has ended, settles every job, and forgets the batch. The answers come with the place of
    /// their job in `jobs`; each still waits for its check, and for `keep` or `reject`. An answer whose job is not asked any more is
    /// paid for and dropped.
    ///
    /// # Errors
    /// Fails where the answers cannot be fetched; nothing is settled then, and it can be tried again.
    pub async fn collect_batch(
        &self,
        ticket: &BatchTicket,
        state: &BatchState,
        jobs: &[Job],
    ) -> Result<Vec<(usize, Result<Answer, ModelError>)>, ModelError> {
        let profile = self.profile_of(ticket)?;
        let mut outcomes = BTreeMap::new();
        let mut places: Vec<String> =
            [&state.errors, &state.output].into_iter().flatten().map(|file| format!("/files/{file}/content")).collect();
        if profile.endpoint.wire == Wire::Messages {
            places.push(format!("{}/{}/results", folder(profile), ticket.id));
        }
        for place in places {
            let bytes = fetched(&self.inner, profile, &place, batch::MAX_OUTPUT).await?;
            outcomes.extend(batch::outcomes(&bytes));
        }
        let wanted: BTreeMap<String, usize> =
            jobs.iter().enumerate().map(|(at, job)| (Key::of(job, profile).hex(), at)).collect();
        let mut answers = Vec::new();
        for (key, line) in &ticket.lines {
            let at = wanted.get(key);
            let job = at.and_then(|at| jobs.get(*at));
            let ended = settled(&self.inner, profile, job, *line, outcomes.remove(key), state).await;
            if let Some(at) = at {
                answers.push((*at, ended));
            }
        }
        if let Err(error) = ticket.forget(&self.inner.configuration.state_dir) {
            tracing::warn!(%error, "the batch is collected and its note cannot be removed");
        }
        Ok(answers)
    }

    fn profile_of(&self, ticket: &BatchTicket) -> Result<&Profile, ModelError> {
        let profile = self.inner.configuration.tiers.get(&ticket.tier);
        profile.filter(|profile| profile.endpoint.base_url == ticket.address).ok_or_else(|| ModelError::NotConfigured {
            tier: ticket.tier,
            reason: Some(format!("a batch waits at {}, which is not its server any more", super::host(&ticket.address))),
        })
    }
}

/// Where a server keeps its batches.
fn folder(profile: &Profile) -> &'static str {
    if profile.endpoint.wire == Wire::Messages { "/messages/batches" } else { "/batches" }
}

/// The line of the file and the line of the ledger of one job.
async fn prepared(inner: &Arc<Inner>, job: &Job, profile: &Profile, percent: u8, key: &str) -> Result<(String, i64), ModelError> {
    let prices = profile.prices.ok_or_else(|| ModelError::UnknownPrice { tier: job.tier, model: profile.model.clone() })?;
    let ready = looked_through(job, profile)?;
    let max_output_tokens = job.max_output_tokens.min(profile.max_output_tokens).max(1);
    let adapter = adapter(profile.endpoint.wire);
    let mut body = adapter.body(&Request {
        profile,
        instructions: &ready.instructions,
        input: &ready.input,
        schema: &job.schema,
        max_output_tokens,
        abilities: Abilities { stream: false, ..Abilities::all(profile.endpoint.first_rung) },
        cache_key: job.kind,
    });
    if let Some(body) = body.as_object_mut() {
        // Nothing is streamed in a batch, and not every server takes it that this is said.
        body.remove("stream");
        body.remove("stream_options");
        // A batch is a service tier of its own.
        body.remove("service_tier");
    }
    let input = tokens::upper_bound(&body.to_string());
    let bound = Usage { input, output: u64::from(max_output_tokens), estimated: true, ..Usage::default() };
    let id = booking::reserve_at(inner, &ready, 1, prices, bound, share(prices.worst(&bound), percent)).await?;
    let line = match profile.endpoint.wire {
        Wire::Messages => batch::request(key, &body),
        Wire::Responses | Wire::Chat => batch::line(key, adapter.path(), &body),
    };
    Ok((line, id))
}

/// Uploads the file and creates the batch; an error says whether the server is sure to have taken nothing.
async fn create(inner: &Arc<Inner>, profile: &Profile, lines: &[String]) -> Result<String, (ModelError, bool)> {
    let kind = format!("multipart/form-data; boundary={}", batch::BOUNDARY);
    let name = |body: Value| body.get("id").and_then(Value::as_str).map(str::to_owned);
    if profile.endpoint.wire == Wire::Messages {
        let created = posted(inner, profile, folder(profile), "application/json", batch::requests(lines)).await?;
        return name(created).ok_or_else(|| (malformed("the server does not name the batch"), false));
    }
    let file = posted(inner, profile, "/files", &kind, batch::upload(lines)).await.map_err(|(error, _)| (error, true))?;
    let file = name(file).ok_or_else(|| (malformed("the server does not name the file"), true))?;
    let path = adapter(profile.endpoint.wire).path();
    let asked = json!({"input_file_id": file, "endpoint": format!("/v1{path}"), "completion_window": "24h"});
    let created = posted(inner, profile, "/batches", "application/json", asked.to_string().into_bytes()).await?;
    name(created).ok_or_else(|| (malformed("the server does not name the batch"), false))
}

async fn posted(
    inner: &Arc<Inner>,
    profile: &Profile,
    path: &str,
    kind: &str,
    body: Vec<u8>,
) -> Result<Value, (ModelError, bool)> {
    let endpoint = &profile.endpoint;
    let raw = inner.transport.put(endpoint, profile.deadlines, path, kind, body).await.map_err(|broken| {
        let took_nothing = matches!(broken, Broken::NotSent(_));
        (ModelError::Transport(failure::shown(&broken.told(), endpoint)), took_nothing)
    })?;
    if !(200..300).contains(&raw.status) {
        return Err((failure::classify(raw.status, &raw.headers, &raw.body, endpoint).error, true));
    }
    serde_json::from_slice(&raw.body).map_err(|_| (malformed("the reply is not JSON"), false))
}

async fn fetched(inner: &Arc<Inner>, profile: &Profile, path: &str, most: usize) -> Result<Vec<u8>, ModelError> {
    let endpoint = &profile.endpoint;
    let raw = inner.transport.get(endpoint, profile.deadlines, path, most).await;
    let raw = raw.map_err(|broken| ModelError::Transport(failure::shown(&broken.told(), endpoint)))?;
    if !(200..300).contains(&raw.status) {
        return Err(failure::classify(raw.status, &raw.headers, &raw.body, endpoint).error);
    }
    Ok(raw.body)
}

/// Settles one job of a batch and reads its answer.
async fn settled(
    inner: &Arc<Inner>,
    profile: &Profile,
    job: Option<&Job>,
    line: i64,
    outcome: Option<(u16, Value)>,
    state: &BatchState,
) -> Result<Answer, ModelError> {
    let endpoint = &profile.endpoint;
    let mut settlement = reading::unsettled(Outcome::Error);
    let (status, body) = match outcome {
        Some(outcome) => outcome,
        // What a batch did not come to is not billed; of one that is complete and says nothing, the worst case stays booked.
        None if state.status == "completed" => return Err(malformed("the batch does not say what became of it")),
        None => {
            booking::settle(inner, line, reading::void(settlement)).await;
            return Err(malformed(&format!("the batch ended before it: {}", failure::shown(&state.status, endpoint))));
        }
    };
    settlement.http_status = Some(status);
    if !(200..300).contains(&status) {
        booking::settle(inner, line, reading::void(settlement)).await;
        return Err(failure::classify(status, &reqwest::header::HeaderMap::new(), body.to_string().as_bytes(), endpoint).error);
    }
    let reply = adapter(endpoint.wire).read(&body).map_err(|text| malformed(&text))?;
    let Some(usage) = reply.usage.map(Usage::bounded) else { return Err(malformed("the answer reports no usage")) };
    let (prices, percent) = (profile.prices.unwrap_or_default(), profile.terms.batch_percent.unwrap_or(100));
    settlement.usage = usage;
    settlement.cost = share(prices.cost(&usage), percent);
    let flagship = inner.configuration.tiers.get(&Tier::Flagship).and_then(|profile| profile.prices);
    settlement.flagship_cost = flagship.map(|prices| prices.cost(&usage));
    let whole = Usage { input: tokens::of_bytes(job.map_or(0, |job| job.whole_bytes)), output: usage.output, ..Usage::default() };
    settlement.whole_files_cost = flagship.filter(|_| whole.input > 0).map(|prices| prices.cost(&whole));
    settlement.model_reported = reply.model.as_deref().map(|text| failure::shown(text, endpoint));
    settlement.service_tier = Some("batch".to_owned());
    let cost = settlement.cost;
    let abilities = Abilities::all(endpoint.first_rung);
    let read = match job {
        Some(job) => match looked_through(job, profile) {
            Ok(ready) => reading::understood(&ready, abilities, reply).map_err(|failure| failure.error),
            Err(error) => Err(error),
        },
        None => Err(malformed("nobody asks for it any more")),
    };
    settlement.outcome = match &read {
        Ok(_) => Outcome::Ok,
        Err(error) => reading::outcome_of(error),
    };
    booking::settle(inner, line, settlement).await;
    let (tier, model) = (job.map_or(Tier::Nano, |job| job.tier), profile.model.clone());
    read.map(|json| Answer {
        json,
        tier,
        model,
        usage,
        cost,
        cached: false,
        ms: 0,
        redacted: 0,
        age: Some(Duration::ZERO),
        entry: Some(line),
    })
}
