//! The shared cache of a team against a real server, which `tests/team-cache/run` starts and names in the environment.

use std::process::Command;
use std::time::{Duration, Instant};

use models::{Gateway, Job, Secret, TeamCache, Wire};
use testkit::{Match, ModelServer, Reply};
use tokio_util::sync::CancellationToken;

use crate::support::{configuration, job, word};

const N_JOBS: usize = 200;

fn jobs(round: &str) -> Vec<Job> {
    (0..N_JOBS).map(|number| job("summary", &format!("{round} {number}"))).collect()
}

/// How long each job took, the shortest first.
async fn times(gateway: &Gateway, jobs: &[Job], cached: bool) -> Vec<Duration> {
    let mut times = Vec::new();
    for job in jobs {
        let started = Instant::now();
        let answer = gateway.ask(job, &CancellationToken::new()).await.unwrap();
        times.push(started.elapsed());
        assert_eq!((answer.cached, answer.json.clone()), (cached, word("yes")));
        gateway.keep(job, &answer);
        if !cached && times.len() % 50 == 0 {
            gateway.flush().await;
        }
    }
    times.sort();
    times
}

#[expect(clippy::print_stderr, reason = "the figures are what the script is run for")]
fn print(what: &str, times: &[Duration]) {
    let ms = |time: &Duration| time.as_secs_f64() * 1_000.0;
    let at = |part: usize| ms(&times[(times.len() - 1) * part / 100]);
    eprintln!("{what:<28} p50 {:7.2} ms   p99 {:7.2} ms   max {:7.2} ms", at(50), at(99), at(100));
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a shared cache: tests/team-cache/run starts one"]
async fn a_team_shares_its_answers_and_does_without_when_the_server_is_gone() {
    drop(
        tracing_subscriber::fmt()
            .with_max_level(tracing_subscriber::filter::LevelFilter::WARN)
            .with_writer(std::io::stderr)
            .try_init(),
    );
    let variable = |name: &str| std::env::var(name).unwrap();
    let (uri, pid) = (variable("TIERLINE_TEAM_CACHE_URI"), variable("TIERLINE_TEAM_CACHE_PID"));
    let round = format!("{:016x}", fresh());
    let model = ModelServer::start();
    model.on(Match::any()).always(Reply::json(word("yes")));
    let member = |secret: &str, uri: Option<&str>| {
        let folder = tempfile::tempdir().unwrap();
        let team_cache = uri.map(|uri| TeamCache { uri: uri.to_owned(), key: Secret::new(secret), user: None, password: None });
        let it = configuration(&model.base_url(), folder.path(), Wire::Chat, |it| it.team_cache = team_cache.clone());
        (Gateway::new(it), folder)
    };
    let (alone, _alone) = member("secret", None);
    print("without a shared cache", &times(&alone, &jobs(&format!("{round} alone")), false).await);
    let (first, _first) = member("secret", Some(&uri));
    print("miss (and the model asked)", &times(&first, &jobs(&round), false).await);
    first.flush().await;
    let asked = model.requests().len();
    let (second, _second) = member("secret", Some(&uri));
    print("hit", &times(&second, &jobs(&round), true).await);
    assert_eq!(model.requests().len(), asked, "the second member asks no model");
    let (stranger, _stranger) = member("another secret", Some(&uri));
    times(&stranger, &jobs(&round)[..20], false).await;
    let (third, _third) = member("secret", Some(&uri));
    assert!(Command::new("kill").arg(&pid).status().unwrap().success());
    while Command::new("kill").args(["-0", &pid]).stderr(std::process::Stdio::null()).status().unwrap().success() {
        tokio::task::yield_now().await;
    }
    print("the server is stopped", &times(&third, &jobs(&round), false).await);
}

/// A number that no earlier run has used.
fn fresh() -> u64 {
    std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(0, |time| time.as_nanos() as u64)
}
