//! What real editors and the server said to each other, held against the official description of the protocol.
//!
//! `tests/editors/run` leaves the messages; this reads them, so it runs after that and only when it is asked for.

use std::path::PathBuf;
use std::{env, fs};

use lsp::client::Side;
use serde_json::Value;
use testkit::meta_model::Conversation;

/// What the methods begin with that are our own.
const OWN: &[&str] = &["tierline/"];

#[test]
#[ignore = "reads what tests/editors/run has recorded"]
fn every_message_of_the_server_agrees_with_the_protocol() {
    let cache = || Some(PathBuf::from(env::var_os("HOME")?).join(".cache/tierline-tests"));
    let cache = env::var_os("TIERLINE_TEST_CACHE").map(PathBuf::from).or_else(cache).expect("a home directory");
    let out = env::var_os("TIERLINE_TEST_OUT").map_or_else(|| cache.join("out"), PathBuf::from);
    let sessions = fs::read_dir(&out).unwrap_or_else(|error| panic!("{}: {error}", out.display()));
    let records: Vec<PathBuf> =
        sessions.map(|entry| entry.unwrap().path().join("messages.jsonl")).filter(|path| path.is_file()).collect();
    assert!(!records.is_empty(), "{} holds no record: run tests/editors/run first", out.display());
    for path in records {
        let text = fs::read_to_string(&path).unwrap();
        let (mut conversation, mut faults, mut is_begun) = (Conversation::new(OWN), Vec::new(), false);
        for line in text.lines() {
            let line: Value = serde_json::from_str(line).unwrap();
            let side = if line["from"] == "server" { Side::Server } else { Side::Client };
            if line["message"]["method"] == "initialize" && std::mem::replace(&mut is_begun, true) {
                // A session that ends the server goes on with another, and what it asked the first last is answered by nobody.
                let before = std::mem::replace(&mut conversation, Conversation::new(OWN)).finish();
                faults.extend(before.into_iter().filter(|fault| !fault.ends_with("was never answered")));
            }
            conversation.observe(side, &line["message"]);
        }
        faults.extend(conversation.finish());
        assert!(faults.is_empty(), "{}:\n{}", path.display(), faults.join("\n"));
    }
}
