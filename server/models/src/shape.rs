//! Whether a value has the shape that a schema asks for. It knows the strict subset that model servers accept (`type`, `properties`,
//! `required`, `additionalProperties: false`, `items`, `enum`, `const`, `anyOf`, `$ref` into `$defs`) and the bounds that they ignore
//! (`minLength`, `maxLength`, `minItems`, `maxItems`, `minimum`, `maximum`). A word that it does not know is an error, never ignored.
//! A full JSON schema engine would bring thirty crates for words that no request here may contain.

use serde_json::{Map, Value};

/// A `$ref` may lead to a `$ref`, but not for ever.
const MAX_REFERENCES: usize = 32;

/// Says what is wrong with a value, or nothing.
pub(crate) fn check(schema: &Value, value: &Value) -> Result<(), String> {
    Shape { root: schema }.check(schema, value, "answer", 0)
}

struct Shape<'a> {
    root: &'a Value,
}

impl Shape<'_> {
    fn check(&self, schema: &Value, value: &Value, at: &str, references: usize) -> Result<(), String> {
        let Some(words) = schema.as_object() else { return Err(format!("the schema of {at} is not an object")) };
        for (word, rule) in words {
            match word.as_str() {
                "$ref" => self.follow(rule, value, at, references)?,
                "anyOf" => self.any_of(rule, value, at, references)?,
                "type" => has_type(rule, value, at)?,
                "enum" if !rule.as_array().is_some_and(|all| all.contains(value)) => {
                    return Err(format!("{at} is none of the allowed values"));
                }
                "const" if rule != value => return Err(format!("{at} is not {rule}")),
                "minLength" | "maxLength" | "minItems" | "maxItems" | "minimum" | "maximum" => bound(word, rule, value, at)?,
                "required" => required(rule, value, at)?,
                "properties" => self.properties(rule, value, at, references)?,
                "additionalProperties" => closed(words, rule, value, at)?,
                "items" => self.items(rule, value, at, references)?,
                "enum" | "const" | "$defs" | "description" | "title" | "$schema" => {}
                _ => return Err(format!("the schema of {at} uses `{word}`, which is outside the strict subset")),
            }
        }
        Ok(())
    }

    fn follow(&self, rule: &Value, value: &Value, at: &str, references: usize) -> Result<(), String> {
        let name = rule.as_str().and_then(|reference| reference.strip_prefix("#/$defs/")).unwrap_or_default();
        match self.root.get("$defs").and_then(|all| all.get(name)) {
            Some(schema) if references < MAX_REFERENCES => self.check(schema, value, at, references + 1),
            _ => Err(format!("the schema of {at} refers to {rule}, which leads nowhere")),
        }
    }

    fn any_of(&self, rule: &Value, value: &Value, at: &str, references: usize) -> Result<(), String> {
        let mut last = format!("{at} fits none of the alternatives");
        for schema in rule.as_array().into_iter().flatten() {
            match self.check(schema, value, at, references) {
                Ok(()) => return Ok(()),
                Err(error) => last = error,
            }
        }
        Err(last)
    }

    fn properties(&self, rule: &Value, value: &Value, at: &str, references: usize) -> Result<(), String> {
        let (Some(rules), Some(object)) = (rule.as_object(), value.as_object()) else { return Ok(()) };
        for (name, schema) in rules {
            if let Some(value) = object.get(name) {
                // A value inside a value spends nesting, which the JSON reader has bounded; references start anew.
                self.check(schema, value, &format!("{at}.{name}"), references.saturating_sub(1))?;
            }
        }
        Ok(())
    }

    fn items(&self, rule: &Value, value: &Value, at: &str, references: usize) -> Result<(), String> {
        for (place, item) in value.as_array().into_iter().flatten().enumerate() {
            self.check(rule, item, &format!("{at}[{place}]"), references.saturating_sub(1))?;
        }
        Ok(())
    }
}

fn has_type(rule: &Value, value: &Value, at: &str) -> Result<(), String> {
    let fits = |name: &Value| match name.as_str() {
        Some("object") => value.is_object(),
        Some("array") => value.is_array(),
        Some("string") => value.is_string(),
        Some("boolean") => value.is_boolean(),
        Some("null") => value.is_null(),
        Some("number") => value.is_number(),
        Some("integer") => value.is_i64() || value.is_u64() || value.as_f64().is_some_and(|number| number.fract() == 0.0),
        _ => false,
    };
    if fits(rule) || rule.as_array().is_some_and(|names| names.iter().any(fits)) {
        Ok(())
    } else {
        Err(format!("{at} is not of type {rule}"))
    }
}

fn bound(word: &str, rule: &Value, value: &Value, at: &str) -> Result<(), String> {
    let size = match word {
        "minLength" | "maxLength" => value.as_str().map(|text| text.chars().count() as f64),
        "minItems" | "maxItems" => value.as_array().map(|items| items.len() as f64),
        _ => value.as_f64(),
    };
    let (Some(size), Some(limit)) = (size, rule.as_f64()) else { return Ok(()) };
    if if word.starts_with("min") { size >= limit } else { size <= limit } {
        Ok(())
    } else {
        Err(format!("{at} is beyond {word} {rule}"))
    }
}

fn required(rule: &Value, value: &Value, at: &str) -> Result<(), String> {
    let Some(object) = value.as_object() else { return Ok(()) };
    let missing = rule.as_array().into_iter().flatten().filter_map(Value::as_str).find(|name| !object.contains_key(*name));
    missing.map_or(Ok(()), |name| Err(format!("{at} has no `{name}`")))
}

fn closed(words: &Map<String, Value>, rule: &Value, value: &Value, at: &str) -> Result<(), String> {
    if *rule != Value::Bool(false) {
        return Err(format!("the schema of {at} is open: additionalProperties must be false"));
    }
    let known = words.get("properties").and_then(Value::as_object);
    let stranger =
        value.as_object().into_iter().flat_map(Map::keys).find(|name| !known.is_some_and(|known| known.contains_key(*name)));
    stranger.map_or(Ok(()), |name| Err(format!("{at} has an unknown `{}`", name.chars().take(40).collect::<String>())))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn schema() -> Value {
        json!({
            "type": "object",
            "properties": {
                "name": {"type": "string", "maxLength": 5},
                "kind": {"type": "string", "enum": ["a", "b"]},
                "note": {"type": ["string", "null"]},
                "steps": {"type": "array", "maxItems": 2, "items": {"anyOf": [
                    {"type": "object", "properties": {"op": {"type": "string", "enum": ["x"]}}, "required": ["op"], "additionalProperties": false},
                    {"$ref": "#/$defs/count"}
                ]}}
            },
            "required": ["name", "kind", "note", "steps"],
            "additionalProperties": false,
            "$defs": {"count": {"type": "integer", "minimum": 0}}
        })
    }

    #[test]
    fn a_value_of_the_asked_shape_passes() {
        let value = json!({"name": "abc", "kind": "b", "note": null, "steps": [{"op": "x"}, 3]});
        assert_eq!(check(&schema(), &value), Ok(()));
    }

    #[test]
    fn each_departure_is_named() {
        let good = json!({"name": "abc", "kind": "b", "note": null, "steps": []});
        for (name, value, said) in [
            ("name", json!(1), "answer.name is not of type"),
            ("name", json!("toolong"), "maxLength"),
            ("kind", json!("c"), "none of the allowed"),
            ("note", json!(2), "answer.note"),
            ("steps", json!([1, 2, 3]), "maxItems"),
            ("steps", json!([{"op": "y"}]), "answer.steps[0]"),
            ("steps", json!([-1]), "minimum"),
            ("steps", json!([1.5]), "answer.steps[0]"),
            ("extra", json!(1), "unknown `extra`"),
        ] {
            let mut bad = good.clone();
            bad[name] = value;
            let error = check(&schema(), &bad).unwrap_err();
            assert!(error.contains(said), "{error}");
        }
        assert!(check(&schema(), &json!({"name": "a"})).unwrap_err().contains("has no `kind`"));
        assert!(check(&schema(), &json!([])).is_err());
    }

    #[test]
    fn a_schema_outside_the_subset_or_without_an_end_is_refused() {
        assert!(check(&json!({"oneOf": []}), &json!(1)).unwrap_err().contains("oneOf"));
        let endless = json!({"$ref": "#/$defs/a", "$defs": {"a": {"$ref": "#/$defs/a"}}});
        assert!(check(&endless, &json!(1)).unwrap_err().contains("leads nowhere"));
    }

    #[test]
    fn a_recursive_shape_is_followed_as_deep_as_the_value_goes() {
        let tree = json!({"$ref": "#/$defs/n", "$defs": {"n": {"type": "object",
            "properties": {"next": {"anyOf": [{"$ref": "#/$defs/n"}, {"type": "null"}]}}, "required": ["next"], "additionalProperties": false}}});
        let mut value = json!({"next": null});
        for _ in 0..60 {
            value = json!({"next": value});
        }
        assert_eq!(check(&tree, &value), Ok(()));
    }
}
