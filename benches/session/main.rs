//! How long an editor waits for us while models hang: hovers, code actions and keystrokes, through the real server in this process, by
//! the clock on the wall of the client.
//!
//! `cargo bench --bench session -- [FOLDER]` measures in this folder, else in a repository of 5,000 files that it makes up. Eight jobs
//! wait for a model that never answers all the while.

mod repository;

use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use assist::Places;
use models::Gateway;
use serde_json::{Value, json};
use testkit::editor::{Profile, Trigger};
use testkit::{Editor, Match, ModelServer, Reply};

/// How many samples are taken of each.
const SAMPLES: usize = 1_000;
/// How many jobs hang.
const HANGING: usize = 8;
/// How many files are open.
const OPEN: usize = 12;

fn main() -> io::Result<()> {
    let named = std::env::args().skip(1).find(|argument| !argument.starts_with("--"));
    let made = tempfile::TempDir::new()?;
    let folder = match named {
        Some(folder) => std::path::PathBuf::from(folder).canonicalize()?,
        None => {
            repository::write(made.path(), 5_000)?;
            made.path().canonicalize()?
        }
    };
    let server = ModelServer::start();
    server.on(Match::any()).always(Reply::stall());
    let home = tempfile::TempDir::new()?;
    // A hover that starts a model's job waits its patience for it; what is measured is what it costs otherwise.
    let [quiet, patient] = [0, 80].map(|patience| session(&folder, home.path(), &server, patience));
    let mut out = io::stdout();
    writeln!(out, "\n| with {HANGING} jobs hanging | median | 99th percentile | most |\n|---|---|---|---|")?;
    for (what, took) in quiet.into_iter().chain(patient.into_iter().take(1)) {
        let [median, high, most] = [0.5, 0.99, 1.0].map(|share| at(&took, share));
        writeln!(out, "| {what} | {median:.2} ms | {high:.2} ms | {most:.2} ms |")?;
    }
    Ok(())
}

/// One session; what it measured, each with the times in order.
fn session(folder: &Path, home: &Path, server: &ModelServer, patience: u64) -> Vec<(String, Vec<Duration>)> {
    let builder = Editor::builder(Profile::VsCode, folder).deadline(Duration::from_secs(300));
    let (places, gateway) = (places(home), gateway(home, server));
    let settings = json!({"hover": {"patience_ms": patience}});
    let builder = builder.initialization_options(settings.clone()).configuration("tierline", settings);
    let mut editor = builder.connect(move |input, output| {
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
            if let Ok(runtime) = runtime {
                runtime.block_on(lsp::serve(input, output, places, Some(gateway)));
                runtime.shutdown_background();
            }
        });
    });
    let status = || editor.client().request("tierline/status", Value::Null).unwrap_or_default();
    while status()["state"] != "ready" {
        std::thread::sleep(Duration::from_millis(50));
    }
    let open = repository::functions(folder, OPEN);
    for (path, _) in &open {
        editor.open(path);
    }
    let before = server.requests().len();
    for (path, offsets) in open.iter().take(HANGING) {
        let at = json!({"v": 1, "uri": editor.uri(path), "position": editor.position(path, offsets[0])});
        if let Err(error) = editor.execute_command(lsp::command::SUMMARISE, vec![at]) {
            eprint(&format!("no job hangs: {error}"));
        }
    }
    server.wait_for_requests(before + HANGING.min(open.len()));
    let mut random = fastrand::Rng::with_seed(1);
    let mut place = || {
        let (path, offsets) = &open[random.usize(..open.len())];
        (path.as_str(), offsets[random.usize(..offsets.len())])
    };
    let mut measured = Vec::new();
    let samples = if patience == 0 { SAMPLES } else { SAMPLES / 10 };
    let hovers = (0..samples).map(|_| {
        let (path, at) = place();
        timed(|| editor.hover(path, at).is_ok())
    });
    measured.push((format!("hover, patience {patience} ms"), sorted(hovers.collect())));
    let actions = (0..samples).map(|_| {
        let (path, at) = place();
        timed(|| editor.code_actions(path, at..at, &[], Trigger::Invoked).is_ok())
    });
    measured.push(("code actions".to_owned(), sorted(actions.collect())));
    let (path, offsets) = &open[0];
    // The request behind a keystroke is answered, with an error, once the keystroke has been taken: nobody knows it.
    let keystrokes = (0..samples).map(|_| {
        timed(|| {
            editor.edit(path, offsets[0]..offsets[0], "m");
            editor.client().request("tierline/nothing", Value::Null).is_err()
        })
    });
    measured.push(("keystroke taken".to_owned(), sorted(keystrokes.collect())));
    editor.forgive();
    measured
}

fn places(home: &Path) -> Places {
    Places { config: home.join("config"), state: home.join("state"), cache: home.join("cache"), keeps_index: true }
}

fn gateway(home: &Path, server: &ModelServer) -> Arc<Gateway> {
    let tier = json!({
        "provider": "local", "base_url": server.base_url(), "model": "m", "requests_at_once": 64,
        "price": {"input": 0, "output": 0},
    });
    let settings = serde_json::from_value(json!({"tiers": {"nano": tier, "mini": tier, "flagship": tier}})).unwrap_or_default();
    let places = places(home);
    let configuration = models::resolve(&settings, &|_| None, &places.state, &places.cache);
    Arc::new(Gateway::new(configuration.unwrap_or_else(|_| models::Configuration::none(&places.state, &places.cache))))
}

fn timed(work: impl FnOnce() -> bool) -> Duration {
    let begin = Instant::now();
    std::hint::black_box(work());
    begin.elapsed()
}

fn sorted(mut took: Vec<Duration>) -> Vec<Duration> {
    took.sort_unstable();
    took
}

/// In ms.
fn at(took: &[Duration], share: f64) -> f64 {
    let place = ((took.len() as f64 * share) as usize).min(took.len().saturating_sub(1));
    took.get(place).map_or(f64::NAN, |took| took.as_secs_f64() * 1e3)
}

fn eprint(text: &str) {
    let _ = writeln!(io::stderr(), "{text}");
}
