//! What an editor says: the same keys as in the files, as JSON.

use serde_json::Value as Json;
use toml::Value;

use super::KEYS;
use super::file::{Names, shown};
use super::key::{Key, Match};

/// What an editor says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EditorSettings {
    /// What it said when it started the server. That comes from the user alone, and may set every key.
    pub at_start: Json,
    /// What it says now. It may be what a repository brings for the editor, so it sets neither money, nor servers, nor programs.
    pub now: Json,
}

/// Every known key that is set to a value of its kind. What is not known is passed over, because editors hand on what belongs to
/// others; what is null is not set.
pub(super) fn leaves(settings: &Json) -> Vec<(Names, &'static Key, Value)> {
    let mut found = Vec::new();
    walk(settings, &mut Vec::new(), &mut found);
    found
}

fn walk(json: &Json, above: &mut Names, found: &mut Vec<(Names, &'static Key, Value)>) {
    let Json::Object(object) = json else { return };
    for (name, value) in object {
        above.push(name.clone());
        let key = KEYS.iter().find(|key| key.matches(above) != Match::No);
        match key.map(|key| (key, key.matches(above))) {
            Some((key, Match::Leaf)) if !value.is_null() => match Value::try_from(value.clone()).ok() {
                Some(value) if key.kind.check(&value).is_ok() => found.push((above.clone(), key, value)),
                _ => tracing::warn!("editor setting: `{}` is not {}", shown(above), key.kind),
            },
            Some((_, Match::Section)) => walk(value, above, found),
            _ => {}
        }
        above.pop();
    }
}
