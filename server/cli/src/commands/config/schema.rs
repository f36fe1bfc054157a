//! The JSON schema of the configuration files, from the table of keys.

use assist::{KEYS, Key, Kind};
use models::Tier;
use serde_json::{Map, Value, json};

/// The schema (draft 2020-12). It holds for all files: what a workspace may set is in the descriptions.
pub(super) fn schema() -> Value {
    let mut root = section();
    for key in KEYS {
        let names: Vec<&str> = key.segments().collect();
        insert(&mut root, &names, key);
    }
    root["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
    root["title"] = json!("Tierline's configuration");
    root
}

fn section() -> Value {
    json!({"type": "object", "additionalProperties": false, "properties": {}})
}

fn insert(schema: &mut Value, names: &[&str], key: &Key) {
    let [name, rest @ ..] = names else { return };
    let below = |place: &mut Value| {
        if rest.is_empty() {
            *place = leaf(key);
        } else {
            if place.is_null() || place == &json!(false) {
                *place = section();
            }
            insert(place, rest, key);
        }
    };
    match *name {
        "<name>" => below(&mut schema["additionalProperties"]),
        "<tier>" => Tier::ALL.iter().for_each(|tier| below(&mut schema["properties"][tier.as_str()])),
        name => below(&mut schema["properties"][name]),
    }
}

fn leaf(key: &Key) -> Value {
    let mut leaf = Map::new();
    let mut put = |name: &str, value: Value| drop(leaf.insert(name.to_owned(), value));
    match key.kind {
        Kind::Flag => put("type", json!("boolean")),
        Kind::Whole { least, most } => {
            put("type", json!("integer"));
            put("minimum", json!(least));
            if most != u64::MAX {
                put("maximum", json!(most));
            }
        }
        Kind::Text => put("type", json!("string")),
        Kind::Command => {
            put("type", json!("array"));
            put("items", json!({"type": "string"}));
            put("minItems", json!(1));
        }
        Kind::OneOf(texts) => put("enum", texts.iter().map(|(text, _)| json!(text)).collect()),
        Kind::Dollars => {
            put("type", json!(["number", "string"]));
            put("minimum", json!(0));
            put("pattern", json!(r"^\$?\d+(\.\d{1,6})?$"));
        }
    }
    put("description", json!(format!("{} {}", key.doc, super::reference::reach(key.reach))));
    if !key.default.is_empty() {
        put("default", default(key));
    }
    Value::Object(leaf)
}

/// The default as JSON: what the table writes as TOML is JSON too.
fn default(key: &Key) -> Value {
    serde_json::from_str(key.default).unwrap_or_else(|_| json!(key.default))
}
