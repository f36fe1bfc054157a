//! The list of guards that `tests/attacks/mutations` takes away one by one is up to date: each stands in the source as it is written there,
//! and each names tests.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;

#[test]
fn every_guard_that_is_taken_away_stands_where_the_list_says() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let guards: Value = serde_json::from_str(include_str!("guards.json")).unwrap();
    let guards = guards.as_array().unwrap();
    assert!(guards.len() >= 60, "{}", guards.len());
    let mut rules = BTreeSet::new();
    for guard in guards {
        let text = |key: &str| guard[key].as_str().unwrap_or_else(|| panic!("{key} of {guard}"));
        let source = std::fs::read_to_string(root.join(text("file"))).unwrap_or_else(|error| panic!("{}: {error}", text("file")));
        let count = source.matches(text("guard")).count();
        assert_eq!(count, 1, "{} holds {count} times: {}", text("file"), text("guard"));
        assert_ne!(text("guard"), text("without"));
        assert!(!guard["tests"].as_array().unwrap().is_empty(), "{guard}");
        rules.insert(text("rule").to_owned());
    }
    let expected: BTreeSet<String> = (1..=14).map(|number| format!("R{number}")).collect();
    assert_eq!(rules, expected);
}

#[test]
fn every_test_that_the_page_on_security_names_is_there() {
    let page = include_str!("../../docs/security.md");
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let named: Vec<&str> =
        page.split('`').skip(1).step_by(2).filter(|code| code.contains('/') && !code.starts_with('/')).collect();
    assert!(named.len() > 20, "{named:?}");
    let missing: Vec<&&str> = named.iter().filter(|path| !root.join(path).exists()).collect();
    assert!(missing.is_empty(), "{missing:?}");
}
