//! One process of the storm: this very test program, started again with its orders in the environment.

use std::collections::{BTreeMap, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use models::{ActionId, Caps, Configuration, Cost, Gateway, Prices, Tier, Wire};
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;

use crate::support::{configuration, job};

/// The variable that holds a process's orders.
pub(super) const ORDERS: &str = "TIERLINE_STORM_ORDERS";
const AT_ONCE: usize = 24;

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Orders {
    pub(super) base_url: String,
    pub(super) folder: PathBuf,
    pub(super) process: usize,
    pub(super) jobs: usize,
    pub(super) cap_micro_usd: u64,
    /// Micro-dollars for a million tokens, in or out; a tenth of it for cached ones.
    pub(super) price: u64,
    /// Whether the server's replies break off too, and one in nine jobs is cancelled when another job ends.
    pub(super) faults: bool,
}

/// Where a process writes how its jobs ended.
pub(super) fn ends_file(folder: &Path, process: usize) -> PathBuf {
    folder.join(format!("ends-{process}.json"))
}

/// The action that stands in a job's question.
pub(super) fn action_in(prompt: &str) -> String {
    let (_, rest) = prompt.split_once("<action>").expect("every question names its action");
    rest.split_once("</action>").expect("to its end").0.to_owned()
}

#[test]
#[ignore = "a process of the storm, started by the tests of the storm"]
fn process() {
    let Ok(orders) = std::env::var(ORDERS) else { return };
    let orders: Orders = serde_json::from_str(&orders).unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let ends = runtime.block_on(rage(&orders));
    std::fs::write(ends_file(&orders.folder, orders.process), serde_json::to_vec(&ends).unwrap()).unwrap();
}

async fn rage(orders: &Orders) -> BTreeMap<&'static str, u64> {
    let gateway = Arc::new(Gateway::new(configured(orders)));
    let (next, leaving) = (Arc::new(AtomicUsize::new(0)), Arc::default());
    let runners: Vec<_> = (0..AT_ONCE)
        .map(|_| tokio::spawn(run(Arc::clone(&gateway), orders.clone(), Arc::clone(&next), Arc::clone(&leaving))))
        .collect();
    let mut ends = BTreeMap::new();
    for runner in runners {
        for (end, count) in runner.await.unwrap() {
            *ends.entry(end).or_default() += count;
        }
    }
    ends
}

fn configured(orders: &Orders) -> Configuration {
    configuration(&orders.base_url, &orders.folder, Wire::Chat, |configuration| {
        let cap = Cost::from_micro_usd(orders.cap_micro_usd);
        configuration.caps = Caps { per_action: cap, per_day: cap, ..Caps::default() };
        for (tier, wire) in [(Tier::Nano, Wire::Responses), (Tier::Mini, Wire::Chat), (Tier::Flagship, Wire::Messages)] {
            let profile = configuration.tiers.get_mut(&tier).unwrap();
            let (input, cached) = (orders.price, orders.price / 10);
            profile.endpoint.wire = wire;
            profile.prices = Some(Prices { input, cached, cache_write: input, output: input, long_prompt: None });
            profile.limits.rest = Duration::ZERO;
            if orders.faults {
                profile.deadlines.first_token = Duration::from_secs(2);
                profile.deadlines.stall = Duration::from_secs(2);
            }
        }
    })
}

async fn run(
    gateway: Arc<Gateway>,
    orders: Orders,
    next: Arc<AtomicUsize>,
    leaving: Arc<parking_lot::Mutex<VecDeque<CancellationToken>>>,
) -> BTreeMap<&'static str, u64> {
    let mut ends = BTreeMap::new();
    loop {
        let number = next.fetch_add(1, Ordering::Relaxed);
        if number >= orders.jobs {
            return ends;
        }
        let action = format!("{}-{number}", orders.process);
        let mut job = job(["summary", "lookup", "edit"][number % 3], &format!("<action>{action}</action>?"));
        job.action = ActionId::from_text(action);
        job.tier = Tier::ALL[number / 3 % 3];
        if orders.faults {
            job.deadline = Duration::from_secs(30);
        }
        let cancel = CancellationToken::new();
        if orders.faults && number.is_multiple_of(9) {
            leaving.lock().push_back(cancel.clone());
        }
        let end = match gateway.ask(&job, &cancel).await {
            Ok(answer) if number.is_multiple_of(5) => {
                gateway.reject(&job, &answer, "names a symbol that does not exist");
                "rejected"
            }
            Ok(answer) => {
                gateway.keep(&job, &answer);
                "ok"
            }
            Err(error) => error.code(),
        };
        *ends.entry(end).or_default() += 1;
        let longest_waiting = leaving.lock().pop_front();
        longest_waiting.into_iter().for_each(|token| token.cancel());
    }
}
