//! The gateway: the one way from a job to an answer.

mod attempt;
mod batch;
mod booking;
mod check;
mod estimate;
mod known;
mod reading;
mod run;
mod savings;
mod shared;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use dashmap::{DashMap, DashSet};
use tokio_util::sync::CancellationToken;

pub use estimate::Estimate;

use crate::abilities::Abilities;
use crate::breaker::Breakers;
use crate::cache::{Cache, Kept, Key};
use crate::configuration::Table;
use crate::consent::Consents;
use crate::flight::Flights;
use crate::gate::{Gate, Rank};
use crate::team::Team;
use crate::transport::Transport;
use crate::{
    Answer, AskUser, Caps, Configuration, ConsentQuestion, Cost, Job, Ledger, ModelError, Priority, Profile, Tier, Traffic,
    Usage, Wire, egress,
};

/// What can be said about a tier without asking it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TierInfo {
    /// The model's name.
    pub model: String,
    /// Host and port of the server.
    pub host: String,
    /// The protocol.
    pub wire: Wire,
    /// Whether every price is zero.
    pub free: bool,
}

/// The one way from a job to an answer. Cheap to share behind an `Arc`.
#[derive(Debug)]
pub struct Gateway {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    configuration: Configuration,
    price_table: String,
    cache: Cache,
    team: Option<Team>,
    ledger: Ledger,
    savings: savings::Savings,
    flights: Arc<Flights>,
    transport: Transport,
    consents: Arc<Consents>,
    breakers: Arc<Breakers>,
    gates: BTreeMap<Tier, Arc<Gate>>,
    /// What each server was found to accept, by address and model.
    abilities: DashMap<(String, String), Abilities>,
    /// How many answers in a row had not the asked shape, by address and model.
    misshapen: DashMap<(String, String), u32>,
    /// Until when each server asked to be left alone, by address and model: limits are a model's own at most servers, and a used up one of
    /// a small model is no reason to keep a plan waiting.
    not_before: DashMap<(String, String), Instant>,
    /// The addresses that have answered over a connection which may still be open.
    warm: DashSet<String>,
    /// The servers that dropped a part of a prompt, by address and model.
    truncating: DashSet<(String, String)>,
    /// Whether it was said that the ledger cannot be used.
    said_unreadable: AtomicBool,
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.savings.write(&self.ledger);
    }
}

/// A job, looked through and ready to be sent.
#[derive(Debug)]
struct Ready {
    job: Job,
    profile: Profile,
    instructions: String,
    input: Vec<String>,
    redacted: usize,
    rank: Rank,
}

impl Ready {
    /// An address and a model: what is known of a server is known by both.
    fn name(&self) -> (String, String) {
        (self.profile.endpoint.base_url.clone(), self.profile.model.clone())
    }
}

impl Gateway {
    /// A gateway for a configuration. Nothing is opened or sent yet.
    pub fn new(configuration: Configuration) -> Gateway {
        let inner = Inner {
            price_table: Table::built_in().version,
            team: match configuration.traffic {
                Traffic::Live => Team::open(configuration.team_cache.as_ref()),
                Traffic::Record(_) | Traffic::Replay(_) => None,
            },
            cache: match configuration.traffic {
                Traffic::Live => Cache::new(&configuration.cache_dir),
                // A recording that lacks what was cached is of no use to anybody, and a replayed answer is none to keep.
                Traffic::Record(_) | Traffic::Replay(_) => Cache::in_memory(),
            },
            ledger: Ledger::new(match configuration.traffic {
                Traffic::Live | Traffic::Record(_) => &configuration.state_dir,
                // Money that nobody spends is none of the user's ledger.
                Traffic::Replay(_) => &configuration.cache_dir,
            }),
            savings: savings::Savings::default(),
            flights: Arc::default(),
            transport: Transport::new(&configuration.traffic),
            consents: Arc::new(Consents::new(configuration.ask, &configuration.state_dir)),
            breakers: Arc::default(),
            gates: configuration.tiers.iter().map(|(tier, profile)| (*tier, Arc::new(Gate::new(profile.limits)))).collect(),
            abilities: DashMap::new(),
            misshapen: DashMap::new(),
            not_before: DashMap::new(),
            warm: DashSet::new(),
            truncating: DashSet::new(),
            said_unreadable: AtomicBool::new(false),
            configuration,
        };
        Gateway { inner: Arc::new(inner) }
    }

    /// The tiers that can be asked, the cheapest first.
    pub fn tiers(&self) -> Vec<Tier> {
        self.inner.configuration.tiers.keys().copied().collect()
    }

    /// Whether a tier can be asked.
    pub fn has(&self, tier: Tier) -> bool {
        self.inner.configuration.tiers.contains_key(&tier)
    }

    /// Why a tier that was configured cannot be asked.
    pub fn unavailable(&self, tier: Tier) -> Option<&str> {
        self.inner.configuration.unavailable.get(&tier).map(String::as_str)
    }

    /// What stands behind a tier.
    pub fn describe(&self, tier: Tier) -> Option<TierInfo> {
        let profile = self.inner.configuration.tiers.get(&tier)?;
        Some(TierInfo {
            model: profile.model.clone(),
            host: host(&profile.endpoint.base_url).to_owned(),
            wire: profile.endpoint.wire,
            free: profile.prices.is_some_and(|prices| prices.is_free()),
        })
    }

    /// What a usage costs at a tier's prices; `None` where those are not known.
    pub fn price(&self, tier: Tier, usage: &Usage) -> Option<Cost> {
        self.inner.configuration.tiers.get(&tier)?.prices.map(|prices| prices.cost(usage))
    }

    /// The caps that it keeps.
    pub fn caps(&self) -> &Caps {
        &self.inner.configuration.caps
    }

    /// The ledger. Its methods block; call them from a blocking thread.
    pub fn ledger(&self) -> &Ledger {
        &self.inner.ledger
    }

    /// The cached answer of a job, if there is one. Sends nothing, costs nothing, waits for nothing but at most one small file.
    pub fn peek(&self, job: &Job) -> Option<Answer> {
        self.kept(job).map(|(answer, _)| answer)
    }

    /// The cached answer, and what it cost when it was asked.
    fn kept(&self, job: &Job) -> Option<(Answer, Cost)> {
        let profile = self.inner.configuration.tiers.get(&job.tier)?;
        let started = Instant::now();
        let kept = self.inner.cache.get(&Key::of(job, profile))?;
        let answer = Answer { ms: millis(started), ..kept.answer(job.tier) };
        Some((answer, kept.cost))
    }

    /// Asks, under the caps. The answer has the shape of the job's schema; what it says is the caller's to check, and after the
    /// check the caller says `keep` or `reject`. Equal jobs at once are one request: whoever comes second gets the same answer, at
    /// no cost and marked as cached.
    pub async fn ask(&self, job: &Job, cancel: &CancellationToken) -> Result<Answer, ModelError> {
        self.ask_at(job, Priority::Interactive, cancel).await
    }

    /// Asks like `ask`, before or after others where requests have to wait for each other.
    pub async fn ask_at(&self, job: &Job, priority: Priority, cancel: &CancellationToken) -> Result<Answer, ModelError> {
        let Some(profile) = self.inner.configuration.tiers.get(&job.tier) else {
            return Err(ModelError::NotConfigured { tier: job.tier, reason: self.unavailable(job.tier).map(str::to_owned) });
        };
        if let Some(answer) = self.recall(job) {
            return Ok(answer);
        }
        let ready = looked_through(job, profile)?;
        tokio::select! {
            biased;
            () = cancel.cancelled() => return Err(ModelError::Cancelled),
            allowed = self.allowed(&job.workspace, profile, priority) => allowed?,
        }
        let key = Key::of(job, profile);
        let (mut seat, pilot) = Flights::board(&self.inner.flights, key, priority);
        if let Some(pilot) = pilot {
            let (inner, ready) = (Arc::clone(&self.inner), Ready { rank: pilot.rank.clone(), ..ready });
            tokio::spawn(async move {
                let earlier = match shared::left_unjudged(&inner, &ready, &key) {
                    None => shared::from_team(&inner, &ready, &key, &pilot.cancel).await,
                    earlier => earlier,
                };
                let landed = match earlier {
                    Some(answer) => Ok(answer),
                    None => run::run(&inner, &ready, &pilot.cancel).await,
                };
                pilot.land(landed);
            });
        }
        let landed = tokio::select! {
            biased;
            () = cancel.cancelled() => Err(ModelError::Cancelled),
            landed = tokio::time::timeout(job.deadline, seat.landing()) => landed.unwrap_or(Err(ModelError::Timeout(job.deadline))),
        };
        let answer = landed?;
        Ok(if seat.joined { Answer { cost: Cost::ZERO, cached: true, tier: job.tier, ..answer } } else { answer })
    }

    /// The caller's check passed: the answer is cached and the ledger notes that the job is resolved.
    pub fn keep(&self, job: &Job, answer: &Answer) {
        self.judge(job, answer, None);
    }

    /// The caller's check failed: the answer is forgotten and the ledger notes why, in a word or a short phrase.
    pub fn reject(&self, job: &Job, answer: &Answer, reason: &str) {
        self.judge(job, answer, Some(reason));
    }

    /// Says how the user is asked before the first text of a workspace goes to a server; the first way that is said counts. Until
    /// then nothing goes where a question is needed.
    pub fn ask_user_with(&self, ask_user: AskUser) {
        self.inner.consents.ask_with(ask_user);
    }

    /// Asks the user, where that is needed, whether texts of a workspace may go to the server of a tier; for work in the background,
    /// which never asks by itself.
    ///
    /// # Errors
    /// `NotAllowed`; a tier that is not configured needs no permission.
    pub async fn permit(&self, workspace: &str, tier: Tier) -> Result<(), ModelError> {
        match self.inner.configuration.tiers.get(&tier) {
            Some(profile) => self.allowed(workspace, profile, Priority::Interactive).await,
            None => Ok(()),
        }
    }

    async fn allowed(&self, workspace: &str, profile: &Profile, priority: Priority) -> Result<(), ModelError> {
        if let Traffic::Replay(_) = self.inner.configuration.traffic {
            return Ok(());
        }
        let question = ConsentQuestion { host: host(&profile.endpoint.base_url).to_owned(), model: profile.model.clone() };
        self.inner.consents.check(workspace, &profile.endpoint, question, priority).await
    }

    /// Waits until what is to be shared with the team is shared, or given up, some seconds at most.
    pub async fn flush(&self) {
        blocking(|| self.inner.savings.write(&self.inner.ledger));
        if let Some(team) = &self.inner.team {
            team.flush().await;
        }
    }

    fn judge(&self, job: &Job, answer: &Answer, reason: Option<&str>) {
        let Some(profile) = self.inner.configuration.tiers.get(&job.tier) else { return };
        let key = Key::of(job, profile);
        blocking(|| {
            self.inner.cache.judged(&key);
            match (reason, answer.entry) {
                (Some(_), _) => self.inner.cache.remove(&key),
                (None, None) => {}
                (None, Some(_)) => {
                    self.inner.savings.paid(key);
                    let kept = Kept::now(answer);
                    if let Some(team) = &self.inner.team {
                        team.put(&key, &kept);
                    }
                    if let Err(error) = self.inner.cache.put(key, kept) {
                        tracing::warn!(%error, "the answer is not kept on disk");
                    }
                }
            }
            self.inner.flights.forget(&key);
            if let Some(line) = answer.entry.filter(|line| *line != NO_LINE) {
                let reason = reason.map(|reason| reason.chars().take(120).collect::<String>());
                if let Err(error) = self.inner.ledger.judge(line, reason.is_none(), reason.as_deref()) {
                    tracing::warn!(%error, "the ledger does not note what became of an answer");
                }
            }
        });
    }
}

/// The line of an answer from a free server while the ledger could not be written, or of one that an earlier process paid for.
const NO_LINE: i64 = 0;

/// Everything that leaves goes through here: the names of the files, then every text.
fn looked_through(job: &Job, profile: &Profile) -> Result<Ready, ModelError> {
    for path in job.input.iter().filter_map(|part| part.path.as_deref()) {
        egress::admit(path)?;
    }
    let size = job.texts().iter().map(String::len).sum::<usize>();
    if size > egress::MAX_REQUEST {
        let path = format!("a text of {size} bytes");
        return Err(egress::Denied { path, reason: "no request holds more than 1 MiB" }.into());
    }
    let (mut texts, findings) = egress::redact_job(job);
    let input = texts.split_off(1);
    let instructions = texts.pop().unwrap_or_default();
    let redacted = findings.iter().map(|finding| &finding.placeholder).collect::<std::collections::BTreeSet<_>>().len();
    let (job, profile) = (job.clone(), profile.clone());
    Ok(Ready { job, profile, instructions, input, redacted, rank: Rank::new(Priority::default()).1 })
}

/// Runs what blocks. On a runtime of many threads the others go on meanwhile.
fn blocking(work: impl FnOnce()) {
    let many = tokio::runtime::Handle::try_current()
        .is_ok_and(|handle| handle.runtime_flavor() == tokio::runtime::RuntimeFlavor::MultiThread);
    if many { tokio::task::block_in_place(work) } else { work() }
}

fn host(base_url: &str) -> &str {
    let rest = base_url.split_once("://").map_or(base_url, |(_, rest)| rest);
    rest.split('/').next().unwrap_or_default()
}

fn millis(since: Instant) -> u64 {
    u64::try_from(since.elapsed().as_millis()).unwrap_or(u64::MAX)
}
