//! Which progress is shown when: a state machine without input, output or clock.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tower_lsp::gen_lsp_types::ProgressToken;

use super::progress::Step;

/// A job that is done sooner is not worth a token.
const LAZINESS: Duration = Duration::from_millis(300);
/// The time between two reports of one job.
const INTERVAL: Duration = Duration::from_millis(250);

/// What is to be sent.
#[derive(Debug, PartialEq)]
pub(super) enum Action {
    /// Ask the client to make a token.
    Create { job: u64, token: ProgressToken },
    /// A `$/progress`.
    Send { token: ProgressToken, value: Value },
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Stage {
    /// Too young for a token.
    Young { until: Instant },
    /// The client has been asked for a token.
    Asked,
    /// Shown; the last message went out then.
    Shown { last: Instant },
}

#[derive(Debug)]
struct Job {
    title: String,
    token: ProgressToken,
    cancel: Option<CancellationToken>,
    stage: Stage,
    message: Option<String>,
    percentage: Option<u32>,
    unsent: bool,
    ended: Option<Option<String>>,
}

/// All jobs under way.
#[derive(Debug, Default)]
pub(super) struct Board {
    supported: bool,
    jobs: BTreeMap<u64, Job>,
}

impl Board {
    pub(super) fn set_supported(&mut self, supported: bool) {
        self.supported = supported;
    }

    pub(super) fn step(&mut self, step: Step, now: Instant) -> Vec<Action> {
        match step {
            Step::Begin { job, title, cancel, token } => self.begin(job, title, cancel, token, now),
            Step::Report { job, message, percentage } => {
                if let Some(job) = self.jobs.get_mut(&job) {
                    job.message = message.or(job.message.take());
                    job.percentage = percentage.map(|new| new.min(100)).max(job.percentage);
                    job.unsent = true;
                }
                self.due(now)
            }
            Step::End { job, message } => self.end(job, message),
            Step::Created { job, accepted } => self.created(job, accepted, now),
            Step::Cancel(token) => {
                let of_token = self.jobs.values().filter(|job| job.token == token);
                of_token.filter_map(|job| job.cancel.as_ref()).for_each(CancellationToken::cancel);
                Vec::new()
            }
        }
    }

    /// When [`Self::due`] has something to do next.
    pub(super) fn next_due(&self) -> Option<Instant> {
        let due = |job: &Job| match job.stage {
            Stage::Young { until } => Some(until),
            Stage::Asked => None,
            Stage::Shown { last } => job.unsent.then(|| last + INTERVAL),
        };
        self.jobs.values().filter_map(due).min()
    }

    /// What time alone brings.
    pub(super) fn due(&mut self, now: Instant) -> Vec<Action> {
        let mut actions = Vec::new();
        for (&number, job) in &mut self.jobs {
            match job.stage {
                Stage::Young { until } if now >= until => {
                    job.stage = Stage::Asked;
                    actions.push(Action::Create { job: number, token: job.token.clone() });
                }
                Stage::Shown { last } if job.unsent && now >= last + INTERVAL => {
                    job.stage = Stage::Shown { last: now };
                    job.unsent = false;
                    actions.push(job.say(json!({ "kind": "report" })));
                }
                _ => {}
            }
        }
        actions
    }

    fn begin(
        &mut self,
        number: u64,
        title: String,
        cancel: Option<CancellationToken>,
        token: Option<ProgressToken>,
        now: Instant,
    ) -> Vec<Action> {
        if token.is_none() && !self.supported {
            return Vec::new();
        }
        let given = token.is_some();
        let stage = if given { Stage::Shown { last: now } } else { Stage::Young { until: now + LAZINESS } };
        let token = token.unwrap_or_else(|| ProgressToken::String(format!("tierline/{number}")));
        let job = Job { title, token, cancel, stage, message: None, percentage: None, unsent: false, ended: None };
        let actions = if given { vec![job.open()] } else { Vec::new() };
        self.jobs.insert(number, job);
        actions
    }

    fn end(&mut self, number: u64, message: Option<String>) -> Vec<Action> {
        match self.jobs.get_mut(&number).map(|job| (job.stage, job)) {
            None => Vec::new(),
            Some((Stage::Young { .. }, _)) => {
                self.jobs.remove(&number);
                Vec::new()
            }
            Some((Stage::Asked, job)) => {
                job.ended = Some(message);
                Vec::new()
            }
            Some((Stage::Shown { .. }, job)) => {
                let end = job.close(message);
                self.jobs.remove(&number);
                vec![end]
            }
        }
    }

    /// A token that was made is used even where the job has ended meanwhile: the client waits for it.
    fn created(&mut self, number: u64, accepted: bool, now: Instant) -> Vec<Action> {
        let Some(job) = self.jobs.get_mut(&number) else { return Vec::new() };
        if !accepted {
            self.jobs.remove(&number);
            return Vec::new();
        }
        job.stage = Stage::Shown { last: now };
        job.unsent = false;
        let begin = job.open();
        let Some(message) = job.ended.take() else { return vec![begin] };
        let end = job.close(message);
        self.jobs.remove(&number);
        vec![begin, end]
    }
}

impl Job {
    fn open(&self) -> Action {
        self.say(json!({ "kind": "begin", "title": self.title, "cancellable": self.cancel.is_some() }))
    }

    fn say(&self, mut value: Value) -> Action {
        if let Some(message) = &self.message {
            value["message"] = json!(message);
        }
        if let Some(percentage) = self.percentage {
            value["percentage"] = json!(percentage);
        }
        Action::Send { token: self.token.clone(), value }
    }

    fn close(&self, message: Option<String>) -> Action {
        let mut value = json!({ "kind": "end" });
        if let Some(message) = message {
            value["message"] = json!(message);
        }
        Action::Send { token: self.token.clone(), value }
    }
}
