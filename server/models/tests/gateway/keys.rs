//! Keys and secrets: where they go, and that they go nowhere else.

use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex};

use models::{Part, Wire};
use serde_json::json;
use testkit::{Match, Reply};

use crate::support::{KEY, World, job, word};

#[tokio::test(flavor = "multi_thread")]
async fn the_key_stands_in_its_header_and_nowhere_else() {
    let log = Log::default();
    let writer = log.clone();
    // The gateway works on other threads too, so the log is the whole process's.
    let subscriber = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(move || writer.clone()).finish();
    tracing::subscriber::set_global_default(subscriber).unwrap();
    let world = World::new(Wire::Chat);
    let echo = |status| Reply::status(status, json!({"error": {"message": format!("the key {KEY} is wrong"), "type": KEY}}));
    let on = world.server.on(Match::any()).reply(echo(401)).reply(echo(500)).reply(Reply::refusal(format!("I saw {KEY}")));
    on.reply(Reply::json(word("x")).model(format!("model {KEY}")).header("x-request-id", "r-1"));
    for number in 0..3 {
        let error = world.ask(&job("summary", &format!("{number}"))).await.unwrap_err();
        assert!(!format!("{error} {error:?}").contains(KEY), "{error:?}");
    }
    let job = job("summary", "last");
    let answer = world.ask(&job).await.unwrap();
    world.gateway.keep(&job, &answer);
    for request in world.server.requests() {
        assert_eq!(request.header("authorization"), Some(format!("Bearer {KEY}").as_str()));
        assert!(!request.body.to_string().contains(KEY));
    }
    assert!(!format!("{:?}", world.gateway).contains(KEY));
    assert!(!log.text().contains(KEY), "{}", log.text());
    assert!(!log.text().is_empty());
    no_file_holds(world.folder.path(), KEY);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_secret_in_the_text_never_reaches_the_server() {
    let world = World::new(Wire::Responses);
    world.server.on(Match::any()).reply(Reply::json(word("x")));
    let secret = format!("ghp_{}", "a1B2".repeat(9));
    let mut job = job("summary", &format!("let token = \"{secret}\"; // \u{202e}hidden"));
    job.instructions = format!("Mind {secret}.");
    let answer = world.ask(&job).await.unwrap();
    let body = world.server.requests().remove(0).body.to_string();
    assert!(!body.contains(&secret) && body.contains("«redacted:1»") && !body.contains('\u{202e}'), "{body}");
    assert_eq!(answer.redacted, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn text_from_a_denied_file_is_refused_before_anything_else() {
    let world = World::new(Wire::Chat);
    let mut job = job("summary", "?");
    job.input.push(Part::from_file("deploy/.env.production", "A=1"));
    let error = world.ask(&job).await.unwrap_err();
    assert!(error.to_string().contains("deploy/.env.production"), "{error}");
    assert_eq!((error.code(), world.server.requests().len(), world.lines().len()), ("denied", 0, 0));
}

/// Looks into every file under a folder, the ledger's included.
fn no_file_holds(folder: &Path, text: &str) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            no_file_holds(&path, text);
        } else {
            let bytes = std::fs::read(&path).unwrap();
            let found = bytes.windows(text.len()).any(|window| window == text.as_bytes());
            assert!(!found, "{} holds the key", path.display());
        }
    }
}

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap()).into_owned()
    }
}

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
