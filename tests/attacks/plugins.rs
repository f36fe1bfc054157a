//! Our extension for VS Code: what a workspace may say of it, and what counts before the workspace is trusted.

use serde_json::Value;

fn manifest() -> Value {
    serde_json::from_str(include_str!("../../editors/vscode/package.json")).unwrap()
}

#[test]
fn every_setting_waits_for_trust_and_programs_are_the_users_alone() {
    let manifest = manifest();
    let capabilities = &manifest["capabilities"]["untrustedWorkspaces"];
    assert_eq!(capabilities["supported"], "limited");
    let restricted: Vec<&str> =
        capabilities["restrictedConfigurations"].as_array().unwrap().iter().flat_map(Value::as_str).collect();
    let sections = match &manifest["contributes"]["configuration"] {
        Value::Array(sections) => sections.clone(),
        one => vec![one.clone()],
    };
    let settings: Vec<(String, Value)> = sections
        .iter()
        .flat_map(|section| section["properties"].as_object().unwrap().iter().map(|(name, value)| (name.clone(), value.clone())))
        .collect();
    assert!(settings.len() >= 10);
    for (name, setting) in &settings {
        assert!(restricted.contains(&name.as_str()), "{name} counts before the workspace is trusted");
        let is_program = ["path", "command", "url", "key", "args", "env"].iter().any(|word| name.to_lowercase().contains(word));
        if is_program {
            assert!(matches!(setting["scope"].as_str(), Some("machine" | "application")), "{name} can be set by a workspace");
        }
    }
    assert!(settings.iter().any(|(name, setting)| name == "tierline.server.path" && setting["scope"] == "machine"));
}

#[test]
fn what_the_extension_hands_on_reaches_no_server_and_raises_nothing() {
    let source = include_str!("../../editors/vscode/src/settings.ts");
    let list = source.split_once("const HANDED_ON = [").unwrap().1.split_once(']').unwrap().0;
    let handed: Vec<&str> = list.split('\'').skip(1).step_by(2).collect();
    assert!(!handed.is_empty());
    for name in handed {
        let key = assist::KEYS.iter().find(|key| key.name == name).unwrap_or_else(|| panic!("{name} is no key"));
        assert!(!matches!(key.reach, assist::Reach::User | assist::Reach::Trusted), "{name}");
    }
    assert!(source.contains("found.globalValue)"), "what is said at the start is the user's own");
    let server = include_str!("../../editors/vscode/src/server/server.ts");
    assert!(!server.contains(".get('offline'"), "a workspace could say that the user's `offline` does not hold");
}
