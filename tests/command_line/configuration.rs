//! `tierline config`, `init`, `trust` and `doctor`, as users and scripts run them.

use serde_json::{Value, json};
use testkit::ModelServer;

use super::Shell;

#[test]
fn each_value_says_where_it_comes_from() {
    let shell = Shell::new();
    shell.configure("[hover]\npatience_ms = 20\n");
    shell.fixture.write("tierline.toml", "hover.summary = \"off\"\n");
    let shown = shell.json(&["config", "show", "--origin"]);
    let of = |key: &str| shown["values"].as_array().unwrap().iter().find(|value| value["key"] == key).unwrap().clone();
    assert_eq!((&of("hover.patience_ms")["value"], &of("hover.patience_ms")["origin"]["layer"]), (&json!(20), &json!("user")));
    assert_eq!(
        (&of("hover.summary")["origin"]["layer"], &of("hover.summary")["origin"]["line"]),
        (&json!("workspace"), &json!(1))
    );
    assert_eq!(of("caps.per_day")["origin"], json!({"layer": "built-in", "file": null, "line": null}));
    let lines = shell.sentence(&["config", "show", "--origin"]);
    assert!(lines.contains("tierline.toml:1") && lines.contains("hover.patience_ms = 20  # user, "), "{lines}");
}

#[test]
fn a_check_names_each_problem_with_its_place_and_fails() {
    let shell = Shell::new();
    assert_eq!(shell.sentence(&["config", "check"]), "nothing is wrong in the configuration\n");
    shell.configure("[hover]\npatiense_ms = 20\n");
    let output = shell.run(&["config", "check"]);
    let said = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(said.contains("config.toml:2:1: `hover.patiense_ms` is not known; did you mean `hover.patience_ms`?"), "{said}");
    let doctor = shell.json(&["doctor"]);
    assert_eq!(doctor["findings"][0]["code"], "unknown_key");
    assert!(doctor["findings"][0]["cure"].as_str().unwrap().contains("tierline config reference"), "{doctor:#}");
}

#[test]
fn the_documentation_lists_the_keys_that_there_are() {
    let page = Shell::new().sentence(&["config", "reference"]);
    let kept = include_str!("../../docs/configuration.md");
    assert_eq!(page, kept, "write it anew: tierline config reference > docs/configuration.md");
}

#[test]
fn the_schema_knows_every_key_and_no_other() {
    let schema: Value = serde_json::from_str(&Shell::new().sentence(&["config", "schema"])).unwrap();
    let at = |pointer: &str| schema.pointer(pointer).unwrap_or_else(|| panic!("no {pointer}"));
    assert_eq!(at("/properties/hover/properties/summary/enum"), &json!(["off", "cached", "on_request", "auto"]));
    assert_eq!(at("/properties/hover/properties/patience_ms/maximum"), 500);
    assert_eq!(at("/properties/tiers/properties/nano/properties/price/properties/input/type"), &json!(["number", "string"]));
    assert_eq!(at("/properties/providers/additionalProperties/properties/key_env/type"), "string");
    assert_eq!(at("/properties/hover/additionalProperties"), false);
    fn leaves(schema: &Value) -> usize {
        let below = schema["properties"].as_object().into_iter().flat_map(|all| all.values()).map(leaves).sum::<usize>();
        let any = if schema["additionalProperties"].is_object() { leaves(&schema["additionalProperties"]) } else { 0 };
        if schema["type"] == "object" { below + any } else { 1 }
    }
    let of = |key: &&assist::Key| if key.name.contains("<tier>") { 3 } else { 1 };
    assert_eq!(leaves(&schema), assist::KEYS.iter().map(|key| of(&key)).sum::<usize>());
}

#[test]
fn init_writes_what_can_be_read_and_overwrites_nothing() {
    let shell = Shell::new();
    let file = shell.home.path().join("config/tierline/config.toml");
    shell.sentence(&["init", "--provider", "local"]);
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(text.contains("\nprovider = \"local\"\n"), "{text}");
    // With every line in force it still says nothing that is wrong but what the examples leave open.
    let (code, sentence) = shell.error(&["init"], 1);
    assert_eq!((code.as_str(), std::fs::read_to_string(&file).unwrap()), ("exists", text), "{sentence}");
    shell.sentence(&["init", "--workspace"]);
    let text = shell.fixture.read("tierline.toml");
    let in_force: String = text
        .lines()
        .map(|line| line.strip_prefix("# ").filter(|line| line.contains(" = ")).unwrap_or(line))
        .map(|line| format!("{line}\n"))
        .collect();
    shell.fixture.write("tierline.toml", &in_force);
    std::fs::remove_file(&file).unwrap();
    assert_eq!(shell.sentence(&["config", "check"]), "nothing is wrong in the configuration\n", "{in_force}");
    assert_eq!(shell.error(&["init", "--workspace"], 1).0, "exists");
}

#[test]
fn init_has_a_server_of_this_machine_asked_where_the_user_names_it_and_never_otherwise() {
    let models = ModelServer::start();
    models.lists(&[("qwen2.5-coder:7b", None), ("nomic-embed-text", None), ("gpt-oss:20b", None)]);
    let address = models.base_url();
    let shell = Shell::new();
    let file = shell.home.path().join("config/tierline/config.toml");
    assert_eq!(shell.error(&["init", "--local", "http://127.0.0.1:1/v1"], 1).0, "not_found");
    assert_eq!(shell.error(&["init", "--local", &address, "--model", "llama"], 1).0, "not_found");
    assert!(!file.exists());
    let written = shell.json(&["init", "--local", &address, "--model", "gpt-oss:20b"]);
    assert_eq!((&written["provider"], &written["model"]), (&json!("local"), &json!("gpt-oss:20b")));
    assert_eq!(shell.sentence(&["config", "check"]), "nothing is wrong in the configuration\n");
    let doctor = shell.json(&["doctor"]);
    let tiers = doctor["tiers"].as_array().unwrap();
    assert_eq!(tiers.len(), 3);
    for tier in tiers {
        assert_eq!((&tier["model"], &tier["free"]), (&json!("gpt-oss:20b"), &json!(true)), "{tier}");
        assert!(address.contains(tier["host"].as_str().unwrap()), "{tier}");
    }
    assert_eq!(models.requests().len(), 0, "only its list was asked for");
}

#[test]
fn trust_shows_what_it_unlocks() {
    let shell = Shell::new();
    shell.fixture.write("tierline.toml", "check.command = [\"make\"]\n");
    let shown = shell.json(&["trust", "--show"]);
    assert_eq!((&shown["trust"], &shown["unlocks"][0]["key"]), (&json!("untrusted"), &json!("check.command")));
    assert!(shell.sentence(&["trust", "--show"]).contains("check.command = [\"make\"]"));
    assert_eq!(shell.json(&["trust"])["trust"], "trusted");
    assert_eq!(shell.json(&["config", "show"])["trust"], "trusted");
    shell.fixture.write("tierline.toml", "check.command = [\"curl\"]\n");
    let output = shell.run(&["config", "check"]);
    assert!(String::from_utf8(output.stdout).unwrap().contains("has changed since you last did"));
}

#[test]
fn a_workspaces_servers_are_not_asked_from_the_command_line_either() {
    let shell = Shell::new();
    let server = testkit::ModelServer::start();
    let toml = format!("[tiers.nano]\nprovider = \"local\"\nbase_url = \"{}\"\nmodel = \"m\"\n", server.base_url());
    for name in ["tierline.toml", "tierline.local.toml"] {
        shell.fixture.write(name, &toml);
        shell.run(&["hover", "src/store.rs:8:9", "--summary"]);
    }
    assert_eq!(server.requests(), []);
}
