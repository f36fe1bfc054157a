//! `tierline models`: what is behind the tiers, and whether it is still there.

use serde_json::Value;
use testkit::ModelServer;

use super::Shell;

#[test]
fn the_models_of_the_tiers_are_listed_with_their_prices_and_where_those_come_from() {
    let shell = Shell::new();
    assert_eq!(shell.error(&["models"], 1).0, "not_configured");
    let server = ModelServer::start();
    shell.configure(&format!(
        "[tiers.nano]\nprovider = \"local\"\nbase_url = \"{0}\"\nmodel = \"small\"\n[tiers.mini]\nprovider = \"local\"\nbase_url = \
         \"{0}\"\nmodel = \"m\"\nprice = {{ input = 1, cached = 0.5, output = 2 }}\n",
        server.base_url()
    ));
    let tiers = shell.json(&["models"]);
    let origin = |tier: usize| tiers["tiers"][tier]["price_origin"].as_str().unwrap_or_default().to_owned();
    assert_eq!((origin(0).as_str(), origin(1).as_str()), ("this_machine", "configuration"));
    assert_eq!(tiers["tiers"][1]["price_micro_usd_per_million"]["cached"], 500_000);
    assert_eq!(tiers["tiers"][2]["model"], Value::Null);
    assert!(shell.sentence(&["models"]).contains("priced by your configuration"));

    let known = shell.json(&["models", "--all"]);
    let nano = known["models"].as_array().unwrap().iter().find(|card| card["model"] == "gpt-5.4-nano").unwrap();
    assert_eq!((&nano["price_micro_usd_per_million"]["output"], &nano["batch_percent"]), (&1_250_000.into(), &50.into()));
    assert!(nano["price_date"].is_string() && nano["price_sources"].as_array().is_some_and(|sources| !sources.is_empty()));
}

#[test]
fn a_check_warns_of_models_that_are_missing_or_end_soon() {
    let shell = Shell::new();
    let server = ModelServer::start();
    let tier = |tier: &str, model: &str| {
        format!("[tiers.{tier}]\nprovider = \"local\"\nbase_url = \"{}\"\nmodel = \"{model}\"\n", server.base_url())
    };
    shell.configure(&[tier("nano", "small"), tier("mini", "middle"), tier("flagship", "large")].concat());
    server.lists(&[("small:latest", None), ("middle", Some("2020-01-01")), ("larger", Some("2999-01-01"))]);
    let output = shell.run(&["models", "--check", "--json"]);
    assert_eq!(output.status.code(), Some(1));
    let found: Value = serde_json::from_slice(&output.stdout).unwrap();
    let present = |tier: usize| found["tiers"][tier]["present"].as_bool();
    assert_eq!((present(0), present(1), present(2)), (Some(true), Some(true), Some(false)));
    let warnings: Vec<&str> = found["warnings"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    assert_eq!(warnings.len(), 2, "{warnings:?}");
    assert!(warnings[0].contains("2020-01-01") && warnings[1].contains("it has larger"), "{warnings:?}");
    server.lists(&[("small", None), ("middle", Some("2999-01-01")), ("large", None)]);
    assert_eq!(shell.json(&["models", "--check"])["warnings"], Value::Array(Vec::new()));
}
