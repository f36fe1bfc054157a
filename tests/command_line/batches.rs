//! `tierline prefetch --batch`: sent by one process, collected by another.

use serde_json::{Value, json};
use testkit::{Match, ModelServer, Reply};

use super::Shell;

#[test]
fn a_batch_is_sent_and_then_collected_at_half_the_price() {
    let shell = Shell::new();
    let server = ModelServer::start();
    server.takes_batches();
    server.on(Match::schema("summary_v1")).always(Reply::json(json!({"summary": "Does one small thing."})).usage(100, 0, 10));
    shell.configure(&format!(
        "[tiers.nano]\nprovider = \"local\"\nbase_url = \"{}\"\nmodel = \"m\"\nprice = {{ input = 1, output = 1 }}\nbatch_percent = 50\n",
        server.base_url()
    ));
    let symbols = shell.json(&["prefetch", "--dry-run"])["symbols"].as_u64().unwrap();
    assert_eq!(shell.error(&["prefetch", "--batch"], 1).0, "not_confirmed");
    assert_eq!(shell.json(&["prefetch", "--batch", "--yes"])["sent"].as_u64(), Some(symbols));
    let waiting = shell.json(&["prefetch", "--batch"]);
    assert_eq!((waiting["status"].as_str(), waiting["done"].as_u64()), (Some("in_progress"), Some(0)));
    server.finish_batches();
    let collected = shell.json(&["prefetch", "--batch"]);
    assert_eq!((collected["made"].as_u64(), collected["cost_micro_usd"].as_u64()), (Some(symbols), Some(symbols * 55)));
    let hover = shell.json(&["hover", "src/store.rs:8:9"]);
    assert!(hover["markdown"].as_str().unwrap().contains("Does one small thing."), "{hover:#}");
    assert_eq!(shell.json(&["prefetch", "--dry-run"])["symbols"], Value::from(0));
    assert_eq!(shell.json(&["report"])["cost_micro_usd"].as_u64(), Some(symbols * 55));
    assert_eq!(server.requests().len() as u64, symbols);
}

#[test]
fn a_server_that_takes_no_batches_is_asked_one_by_one() {
    let shell = Shell::new();
    let server = ModelServer::start();
    server.on(Match::schema("summary_v1")).always(Reply::json(json!({"summary": "Does one small thing."})));
    shell.configure(&format!("[tiers.nano]\nprovider = \"local\"\nbase_url = \"{}\"\nmodel = \"m\"\n", server.base_url()));
    let made = shell.json(&["prefetch", "--batch", "--yes"]);
    assert_eq!(made["made"], made["symbols"]);
    assert_eq!(server.requests().len() as u64, made["symbols"].as_u64().unwrap());
}
