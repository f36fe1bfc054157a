//! What the gateway costs beside the request itself: `cargo bench -p models --bench gateway`. The server is scripted and on this
//! machine, so that only the gateway is measured. One line for each figure.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a benchmark prints, and one that cannot go on has failed")]

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use models::{ActionId, Configuration, Gateway, Job, Part, Schema, Settings, Tally, Tier, resolve};
use serde_json::json;
use testkit::{Match, ModelServer, Reply};
use tokio_util::sync::CancellationToken;

const CALLS: usize = 300;
const HITS: usize = 20_000;
const CANCELS: usize = 100;
const EQUAL: usize = 1_000;

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() {
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    cache_hits().await;
    overhead().await;
    cancels().await;
    equal().await;
}

async fn cache_hits() {
    let (_server, gateway, _folder) = world(Reply::json(json!({"text": "x"})));
    let job = job("one question");
    let answer = gateway.ask(&job, &never()).await.unwrap();
    gateway.keep(&job, &answer);
    let mut times = Vec::new();
    for _ in 0..HITS {
        let start = Instant::now();
        assert!(gateway.ask(&job, &never()).await.unwrap().cached);
        times.push(start.elapsed());
    }
    show("a cache hit", times);
}

/// A bare call and one through the gateway in turn, to the same server over connections that are open.
async fn overhead() {
    let (server, gateway, _folder) = world(Reply::json(json!({"text": "x"})));
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let url = format!("{}/chat/completions", server.base_url());
    gateway.ask(&job("warm"), &never()).await.unwrap();
    let body = server.requests()[0].body.to_string();
    let (mut bare, mut through) = (Vec::new(), Vec::new());
    for number in 0..CALLS {
        let job = job(&format!("question {number}"));
        let start = Instant::now();
        let request = client.post(&url).header("content-type", "application/json").body(body.clone());
        assert!(request.send().await.unwrap().bytes().await.unwrap().len() > 10);
        bare.push(start.elapsed());
        let start = Instant::now();
        gateway.ask(&job, &never()).await.unwrap();
        through.push(start.elapsed());
    }
    show("a bare call", bare.clone());
    show("a call through the gateway", through.clone());
    let (bare, through) = (quantile(&mut bare, 50), quantile(&mut through, 50));
    println!("{:<32} {:>9.3} ms (difference of the medians)", "overhead of a call", ms(through.saturating_sub(bare)));
}

/// From the cancel to the moment at which the server sees the connection closed. The server looks every 5 ms, which is in it.
async fn cancels() {
    let (server, gateway, _folder) = world(Reply::stall());
    let gateway = Arc::new(gateway);
    let mut times = Vec::new();
    for number in 0..CANCELS {
        let (cancel, theirs, asking) = (never(), Arc::clone(&gateway), job(&format!("question {number}")));
        let token = cancel.clone();
        let task = tokio::spawn(async move { theirs.ask(&asking, &token).await });
        tokio::task::block_in_place(|| server.wait_for_requests(number + 1));
        let start = Instant::now();
        cancel.cancel();
        tokio::task::block_in_place(|| server.wait_until_closed(number));
        times.push(start.elapsed());
        assert!(task.await.unwrap().is_err());
    }
    show("cancel to closed connection", times);
}

async fn equal() {
    let (server, gateway, _folder) = world(Reply::json(json!({"text": "x"})).held());
    let gateway = Arc::new(gateway);
    let start = Instant::now();
    let asking: Vec<_> = (0..EQUAL)
        .map(|_| {
            let gateway = Arc::clone(&gateway);
            tokio::spawn(async move { gateway.ask(&job("one question"), &never()).await.unwrap() })
        })
        .collect();
    tokio::task::block_in_place(|| server.wait_for_requests(1));
    server.release();
    for answer in asking {
        answer.await.unwrap();
    }
    let time = ms(start.elapsed());
    println!("{:<32} {:>9.3} ms, {} request", format!("{EQUAL} equal jobs at once"), time, server.requests().len());
}

fn world(reply: Reply) -> (ModelServer, Gateway, tempfile::TempDir) {
    let (server, folder) = (ModelServer::start(), tempfile::tempdir().unwrap());
    server.on(Match::any()).always(reply);
    let configuration = configuration(&server.base_url(), folder.path());
    (server, Gateway::new(configuration), folder)
}

fn configuration(address: &str, folder: &Path) -> Configuration {
    let text = json!({"tiers": {"nano": {"provider": "local", "base_url": address, "model": "m"}}});
    let settings: Settings = serde_json::from_value(text).unwrap();
    resolve(&settings, &|_| None, &folder.join("state"), &folder.join("cache")).unwrap()
}

fn job(question: &str) -> Job {
    let shape = json!({
        "type": "object", "properties": {"text": {"type": "string"}}, "required": ["text"], "additionalProperties": false
    });
    Job {
        kind: "summary",
        tier: Tier::Nano,
        prompt_version: 1,
        instructions: "Say in a sentence what this does.".into(),
        input: vec![Part::text("fn one() -> u32 { 1 }\n".repeat(40)), Part::text(question)],
        schema: Schema { name: "summary_v1", json: shape },
        max_output_tokens: 200,
        deadline: Duration::from_secs(30),
        action: ActionId::new(),
        workspace: "0123456789abcdef".into(),
        escalated_from: None,
        whole_bytes: 0,
        tally: Tally::default(),
    }
}

fn never() -> CancellationToken {
    CancellationToken::new()
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

fn quantile(times: &mut [Duration], percent: usize) -> Duration {
    times.sort();
    times[(times.len() * percent / 100).min(times.len() - 1)]
}

fn show(name: &str, mut times: Vec<Duration>) {
    let [half, most, worst] = [50, 99, 100].map(|percent| ms(quantile(&mut times, percent)));
    println!("{name:<32} {half:>9.3} ms median {most:>9.3} ms p99 {worst:>9.3} ms worst ({} times)", times.len());
}
