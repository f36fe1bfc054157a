//! From the text of a reply to JSON of the asked shape. Nothing is mended: JSON that was cut is no JSON.

use serde_json::Value;

use crate::{Rung, Schema, shape};

/// Reads and checks. `local` servers may think aloud before they answer; fences are allowed only where the server was asked for text.
pub(crate) fn read(text: &str, schema: &Schema, rung: Rung, local: bool) -> Result<Value, String> {
    let text = if local { after_thinking(text) } else { text }.trim();
    let value: Value = match serde_json::from_str(text) {
        Ok(value) => value,
        Err(error) if rung == Rung::Text => {
            let inner = fenced(text).or_else(|| braced(text)).ok_or_else(|| not_json(&error))?;
            serde_json::from_str(inner).map_err(|error| not_json(&error))?
        }
        Err(error) => return Err(not_json(&error)),
    };
    shape::check(&schema.json, &value)?;
    Ok(value)
}

fn not_json(error: &serde_json::Error) -> String {
    format!("it is not JSON (line {} column {})", error.line(), error.column())
}

fn after_thinking(text: &str) -> &str {
    match text.trim_start().strip_prefix("<think>") {
        Some(rest) => rest.split_once("</think>").map_or("", |(_, answer)| answer),
        None => text,
    }
}

/// What stands in the last closed fence.
fn fenced(text: &str) -> Option<&str> {
    let (before, _) = text.rsplit_once("```")?;
    let (_, inner) = before.rsplit_once("```")?;
    Some(inner.strip_prefix("json").unwrap_or(inner).trim())
}

/// What stands between the first and the last brace.
fn braced(text: &str) -> Option<&str> {
    text.get(text.find('{')?..=text.rfind('}')?)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn schema() -> Schema {
        let json =
            json!({"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"], "additionalProperties": false});
        Schema { name: "test_v1", json }
    }

    #[test]
    fn a_fence_is_read_only_where_text_was_asked_for() {
        let text = "Sure:\n```json\n{\"a\": 1}\n```\nDone.";
        assert_eq!(read(text, &schema(), Rung::Text, false), Ok(json!({"a": 1})));
        assert!(read(text, &schema(), Rung::Schema, false).is_err());
        assert!(read(text, &schema(), Rung::Object, false).is_err());
    }

    #[test]
    fn cut_json_is_never_accepted() {
        for rung in [Rung::Schema, Rung::Object, Rung::Text] {
            for text in ["{\"a\": 1", "```json\n{\"a\": 1\n```", "", "{\"a\": 1} {\"a\": 2}"] {
                assert!(read(text, &schema(), rung, true).is_err(), "{text}");
            }
        }
    }

    #[test]
    fn a_local_model_may_think_first() {
        assert_eq!(read("<think>{\"a\": 9}</think>\n{\"a\": 2}", &schema(), Rung::Schema, true), Ok(json!({"a": 2})));
        assert!(read("<think>{\"a\": 9}", &schema(), Rung::Schema, true).is_err());
        assert!(read("<think></think>{\"a\": 2}", &schema(), Rung::Schema, false).is_err());
    }
}
