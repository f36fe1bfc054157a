//! Drives many jobs through the gateway to a server that misbehaves, over every protocol: `chaos ADDRESS SECONDS`. It ends with an
//! error when a job is stuck, panics, or ends in nothing. `tests/gateway/chaos` starts the server and reads what this prints.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a test program prints, and one that cannot go on has failed")]

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use models::{ActionId, Gateway, Job, Part, Priority, Schema, Settings, Tally, Tier, resolve};
use serde_json::json;
use tokio_util::sync::CancellationToken;

const WORKERS: usize = 12;
const DEADLINE: Duration = Duration::from_secs(5);
/// A job that takes longer than its deadline and this is stuck.
const GRACE: Duration = Duration::from_secs(5);

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, address, seconds] = arguments.as_slice() else { panic!("write: chaos ADDRESS SECONDS") };
    let (folder, seconds) = (tempfile::tempdir().unwrap(), seconds.parse().unwrap());
    let tier = |wire: &str| json!({"provider": "local", "base_url": address, "model": "gpt-4o", "wire": wire});
    let tiers = json!({"tiers": {"nano": tier("responses"), "mini": tier("chat"), "flagship": tier("messages")}});
    let settings: Settings = serde_json::from_value(tiers).unwrap();
    let mut configuration = resolve(&settings, &|_| None, &folder.path().join("state"), &folder.path().join("cache")).unwrap();
    for profile in configuration.tiers.values_mut() {
        profile.limits.rest = Duration::from_millis(200);
    }
    let gateway = Arc::new(Gateway::new(configuration));
    let (start, end) = (Instant::now(), Instant::now() + Duration::from_secs(seconds));
    let watch = tokio::spawn(async move {
        let mut seen = Vec::new();
        while Instant::now() < end {
            seen.push(resident());
            println!("{:>5} s  {:>8} KiB", start.elapsed().as_secs(), resident());
            tokio::time::sleep_until((Instant::now() + Duration::from_secs(30)).min(end).into()).await;
        }
        seen
    });
    let workers: Vec<_> = (0..WORKERS).map(|worker| tokio::spawn(work(Arc::clone(&gateway), worker, end))).collect();
    let (mut ends, mut longest, mut jobs) = (BTreeMap::new(), Duration::ZERO, 0_u64);
    for worker in workers {
        for (code, (count, most)) in worker.await.expect("no worker panics") {
            *ends.entry(code).or_insert(0_u64) += count;
            longest = longest.max(most);
            jobs += count;
        }
    }
    let seen = watch.await.unwrap();
    let last = resident();
    let open = gateway.ledger().entries().unwrap().iter().filter(|line| line.state == "reserved").count();
    println!("{jobs} jobs, {ends:?}, the longest took {} ms, {open} lines still reserved, {last} KiB", longest.as_millis());
    assert!(longest < DEADLINE + GRACE, "a job was stuck");
    assert!(ends.get("ok").is_some_and(|count| *count > 0), "nothing was ever answered");
    // What a process keeps of what it once needed settles within minutes: a run that is shorter says nothing of it.
    if seen.len() >= 20 {
        let half = seen[seen.len() / 2];
        println!(
            "memory: {half} KiB after half of the time, {last} KiB at the end, {:.2} times as much",
            last as f64 / half as f64
        );
        assert!(last < half + half / 4, "memory grows");
    }
}

async fn work(gateway: Arc<Gateway>, worker: usize, end: Instant) -> BTreeMap<&'static str, (u64, Duration)> {
    let mut ends: BTreeMap<&'static str, (u64, Duration)> = BTreeMap::new();
    let mut number = 0_u64;
    while Instant::now() < end {
        number += 1;
        let job = job(Tier::ALL[fastrand::usize(..3)], &format!("chaos question {worker} {number}"));
        let (cancel, start) = (CancellationToken::new(), Instant::now());
        if number.is_multiple_of(20) {
            let cancel = cancel.clone();
            tokio::spawn(async move {
                tokio::time::sleep(Duration::from_millis(fastrand::u64(..20))).await;
                cancel.cancel();
            });
        }
        let priority = if worker.is_multiple_of(2) { Priority::Interactive } else { Priority::Background };
        let asked = gateway.ask_at(&job, priority, &cancel).await;
        let took = start.elapsed();
        let code = match asked {
            Ok(answer) => {
                gateway.reject(&job, &answer, "it is not kept");
                "ok"
            }
            Err(error) => error.code(),
        };
        let entry = ends.entry(code).or_default();
        *entry = (entry.0 + 1, entry.1.max(took));
        if code != "ok" {
            // A server that rests or asks to wait is not asked in a circle.
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
    ends
}

fn job(tier: Tier, question: &str) -> Job {
    let shape = json!({
        "type": "object", "properties": {"text": {"type": "string"}}, "required": ["text"], "additionalProperties": false
    });
    Job {
        kind: "edit",
        tier,
        prompt_version: 1,
        instructions: "Answer in a word.".into(),
        input: vec![Part::text(question)],
        schema: Schema { name: "word_v1", json: shape },
        max_output_tokens: 200,
        deadline: DEADLINE,
        action: ActionId::new(),
        workspace: "0123456789abcdef".into(),
        escalated_from: None,
        whole_bytes: 0,
        tally: Tally::default(),
    }
}

/// Resident memory in KiB, where the system tells; zero elsewhere.
fn resident() -> u64 {
    let text = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}
