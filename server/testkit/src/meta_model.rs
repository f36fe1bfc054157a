//! The official description of the protocol, and whether what a server says agrees with it.
//!
//! Strict on purpose: a property that the meta-model does not name is an error, null is not the same as absent, and numbers
//! have their ranges. [`MetaModel`] judges one value; [`Conversation`] follows all messages of a session.

mod conversation;
mod types;

use std::collections::HashMap;
use std::sync::OnceLock;

use serde_json::Value;

pub use self::conversation::Conversation;
use self::types::{Enumeration, Model, Notification, Property, Request, Structure, Type};

/// Why a value is not of its type: where in it, and what is wrong there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    path: String,
    problem: String,
}

impl Fault {
    fn new(path: &str, problem: impl Into<String>) -> Self {
        Self { path: path.to_owned(), problem: problem.into() }
    }
}

impl std::fmt::Display for Fault {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{}: {}", self.path, self.problem)
    }
}

/// The meta-model, by name.
#[derive(Debug)]
pub struct MetaModel {
    requests: HashMap<String, Request>,
    notifications: HashMap<String, Notification>,
    structures: HashMap<String, Structure>,
    enumerations: HashMap<String, Enumeration>,
    aliases: HashMap<String, Type>,
}

impl MetaModel {
    /// The meta-model of LSP 3.18.
    ///
    /// # Panics
    /// Panics where the file that is built in cannot be read.
    #[must_use]
    pub fn official() -> &'static Self {
        static MODEL: OnceLock<MetaModel> = OnceLock::new();
        MODEL.get_or_init(|| match serde_json::from_str::<Model>(include_str!("../data/lsp-metaModel-3.18.json")) {
            Ok(model) => Self::from(model),
            Err(error) => panic!("the meta-model cannot be read: {error}"),
        })
    }

    fn request(&self, method: &str) -> Option<&Request> {
        self.requests.get(method)
    }

    fn notification(&self, method: &str) -> Option<&Notification> {
        self.notifications.get(method)
    }

    /// Judges `value` as the structure, enumeration or alias of this name; `path` is how faults name the place.
    ///
    /// # Errors
    /// Says what is wrong first.
    pub fn check_named(&self, name: &str, value: &Value, path: &str) -> Result<(), Fault> {
        if name == "LSPAny" {
            return Ok(());
        }
        if let Some(alias) = self.aliases.get(name) {
            return self.check(alias, value, path);
        }
        if let Some(enumeration) = self.enumerations.get(name) {
            return self.check_enumeration(enumeration, value, path);
        }
        if !self.structures.contains_key(name) {
            return Err(Fault::new(path, format!("the meta-model has no type {name}")));
        }
        let mut properties = Vec::new();
        self.gather(name, &mut properties);
        self.check_properties(name, &properties, value, path)
    }

    /// Judges `value` as of a type; of several alternatives, it reports the one that got furthest.
    fn check(&self, expected: &Type, value: &Value, path: &str) -> Result<(), Fault> {
        match expected {
            Type::Base { name } => check_base(name, value, path),
            Type::Reference { name } => self.check_named(name, value, path),
            Type::Array { element } => {
                let items = value.as_array().ok_or_else(|| Fault::new(path, format!("{} is no array", brief(value))))?;
                items.iter().enumerate().try_for_each(|(at, item)| self.check(element, item, &format!("{path}[{at}]")))
            }
            Type::Map { key, value: element } => {
                let map = value.as_object().ok_or_else(|| Fault::new(path, format!("{} is no object", brief(value))))?;
                map.iter().try_for_each(|(name, item)| {
                    self.check(key, &Value::String(name.clone()), &format!("{path}.{name}"))?;
                    self.check(element, item, &format!("{path}.{name}"))
                })
            }
            Type::Tuple { items } => {
                let values = value.as_array().filter(|values| values.len() == items.len());
                let values =
                    values.ok_or_else(|| Fault::new(path, format!("{} is no array of {}", brief(value), items.len())))?;
                let mut pairs = items.iter().zip(values).enumerate();
                pairs.try_for_each(|(at, (item, value))| self.check(item, value, &format!("{path}[{at}]")))
            }
            Type::Or { items } => self.check_any(items, value, path),
            Type::And { items } => {
                let mut properties = Vec::new();
                for item in items {
                    match item {
                        Type::Reference { name } => self.gather(name, &mut properties),
                        Type::Literal { value } => properties.extend(&value.properties),
                        _ => return Err(Fault::new(path, "the meta-model joins what cannot be joined")),
                    }
                }
                self.check_properties("an intersection", &properties, value, path)
            }
            Type::Literal { value: literal } => {
                self.check_properties("a literal", &literal.properties.iter().collect::<Vec<_>>(), value, path)
            }
            Type::StringLiteral { value: literal } if value == literal => Ok(()),
            Type::StringLiteral { value: literal } => Err(Fault::new(path, format!("{} is not {literal:?}", brief(value)))),
        }
    }

    fn check_any(&self, items: &[Type], value: &Value, path: &str) -> Result<(), Fault> {
        let mut deepest: Option<Fault> = None;
        for item in items {
            match self.check(item, value, path) {
                Ok(()) => return Ok(()),
                Err(fault) if deepest.as_ref().is_none_or(|deepest| fault.path.len() > deepest.path.len()) => {
                    deepest = Some(fault);
                }
                Err(_) => {}
            }
        }
        let fault = deepest.unwrap_or_else(|| Fault::new(path, "there is no alternative"));
        if fault.path != path {
            return Err(fault);
        }
        Err(Fault::new(path, format!("{} is none of {} alternatives; for one, {}", brief(value), items.len(), fault.problem)))
    }

    fn check_properties(&self, name: &str, properties: &[&Property], value: &Value, path: &str) -> Result<(), Fault> {
        let object = value.as_object().ok_or_else(|| Fault::new(path, format!("{} is no object ({name})", brief(value))))?;
        for property in properties {
            match object.get(&property.name) {
                Some(value) => self.check(&property.r#type, value, &format!("{path}.{}", property.name))?,
                None if property.optional => {}
                None => return Err(Fault::new(path, format!("`{}` is missing ({name})", property.name))),
            }
        }
        let unknown = object.keys().find(|key| properties.iter().all(|property| property.name != **key));
        unknown.map_or(Ok(()), |key| Err(Fault::new(&format!("{path}.{key}"), format!("{name} has no such property"))))
    }

    /// All properties of a structure: its own, and those of what it extends and mixes in. Its own come first and win.
    fn gather<'a>(&'a self, name: &str, into: &mut Vec<&'a Property>) {
        let Some(structure) = self.structures.get(name) else { return };
        for property in &structure.properties {
            if into.iter().all(|known| known.name != property.name) {
                into.push(property);
            }
        }
        for parent in structure.extends.iter().chain(&structure.mixins) {
            if let Type::Reference { name } = parent {
                self.gather(name, into);
            }
        }
    }

    fn check_enumeration(&self, enumeration: &Enumeration, value: &Value, path: &str) -> Result<(), Fault> {
        self.check(&enumeration.r#type, value, path)?;
        if enumeration.supports_custom_values || enumeration.values.iter().any(|known| known.value == *value) {
            return Ok(());
        }
        Err(Fault::new(path, format!("{} is no {}", brief(value), enumeration.name)))
    }
}

impl From<Model> for MetaModel {
    fn from(model: Model) -> Self {
        Self {
            requests: model.requests.into_iter().map(|request| (request.method.clone(), request)).collect(),
            notifications: model.notifications.into_iter().map(|it| (it.method.clone(), it)).collect(),
            structures: model.structures.into_iter().map(|structure| (structure.name.clone(), structure)).collect(),
            enumerations: model.enumerations.into_iter().map(|it| (it.name.clone(), it)).collect(),
            aliases: model.type_aliases.into_iter().map(|alias| (alias.name, alias.r#type)).collect(),
        }
    }
}

fn check_base(name: &str, value: &Value, path: &str) -> Result<(), Fault> {
    let within = |low: i64, high: i64| value.as_i64().is_some_and(|number| (low..=high).contains(&number));
    let fits = match name {
        "string" | "RegExp" => value.is_string(),
        "URI" | "DocumentUri" => value.as_str().is_some_and(|uri| uri.contains(':')),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        "integer" => within(i64::from(i32::MIN), i64::from(i32::MAX)),
        "uinteger" => within(0, i64::from(i32::MAX)),
        "decimal" => value.is_number(),
        _ => return Err(Fault::new(path, format!("the meta-model has no base type {name}"))),
    };
    if fits { Ok(()) } else { Err(Fault::new(path, format!("{} is no {name}", brief(value)))) }
}

fn brief(value: &Value) -> String {
    let text = value.to_string();
    if text.chars().count() <= 80 { text } else { text.chars().take(80).chain(['…']).collect() }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::editor::Profile;

    fn fault(name: &str, value: &Value) -> String {
        MetaModel::official().check_named(name, value, "it").expect_err("a fault").to_string()
    }

    #[test]
    fn what_agrees_passes() {
        let model = MetaModel::official();
        let range = json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 0, "character": 3 } });
        for (name, value) in [
            ("Hover", json!({ "contents": { "kind": "markdown", "value": "x" }, "range": range })),
            ("Hover", json!({ "contents": ["a", { "language": "rust", "value": "b" }] })),
            ("CodeAction", json!({ "title": "t", "kind": "refactor.rewrite.own", "tags": [1], "data": { "any": [null] } })),
            ("WorkspaceEdit", json!({ "changes": { "file:///a": [{ "range": range, "newText": "" }] } })),
            (
                "WorkspaceEdit",
                json!({ "documentChanges": [
                    { "kind": "create", "uri": "file:///b", "options": { "ignoreIfExists": true } },
                    { "textDocument": { "uri": "file:///a", "version": null }, "edits": [{ "range": range, "newText": "x", "annotationId": "a" }] },
                ], "changeAnnotations": { "a": { "label": "l", "needsConfirmation": true } } }),
            ),
            ("InitializeResult", json!({ "capabilities": { "textDocumentSync": { "change": 2 }, "hoverProvider": true } })),
        ] {
            assert_eq!(model.check_named(name, &value, "it"), Ok(()), "{name} {value}");
        }
    }

    #[test]
    fn what_disagrees_is_named_with_its_place() {
        for (name, value, message) in [
            ("Hover", json!({ "contents": "x", "rnage": 1 }), "it.rnage: Hover has no such property"),
            ("Hover", json!({}), "it: `contents` is missing (Hover)"),
            ("Position", json!({ "line": -1, "character": 0 }), "it.line: -1 is no uinteger"),
            ("Position", json!({ "line": 1.5, "character": 0 }), "it.line: 1.5 is no uinteger"),
            ("LogMessageParams", json!({ "type": 9, "message": "" }), "it.type: 9 is no MessageType"),
            ("LogMessageParams", json!({ "type": 1, "message": null }), "it.message: null is no string"),
            ("CodeAction", json!({ "title": "t", "kind": null }), "it.kind: null is no string"),
            ("CodeAction", json!({ "title": "t", "edit": { "changes": [] } }), "it.edit.changes: [] is no object"),
            ("CreateFile", json!({ "kind": "make", "uri": "file:///a" }), "it.kind: \"make\" is not \"create\""),
            ("CreateFile", json!({ "kind": "create", "uri": "a" }), "it.uri: \"a\" is no DocumentUri"),
            ("NoSuchThing", json!(1), "it: the meta-model has no type NoSuchThing"),
        ] {
            assert_eq!(fault(name, &value), message);
        }
    }

    #[test]
    fn of_several_alternatives_the_one_that_got_furthest_is_reported() {
        let edit = json!({ "documentChanges": [{ "textDocument": { "uri": "file:///a" }, "edits": [] }] });
        assert_eq!(
            fault("WorkspaceEdit", &edit),
            "it.documentChanges[0].textDocument: `version` is missing (OptionalVersionedTextDocumentIdentifier)"
        );
    }

    #[test]
    fn the_profiles_of_editors_are_valid_themselves() {
        for profile in Profile::ALL {
            let checked = MetaModel::official().check_named("ClientCapabilities", &profile.capabilities(), profile.name());
            assert_eq!(checked, Ok(()));
        }
    }
}
