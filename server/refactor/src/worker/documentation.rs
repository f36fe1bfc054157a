//! The words about one symbol: a prompt and an answer of their own, which are shorter than those of an edit, and which models can give that
//! are too small for operations.

use assist::Prompt;
use models::Schema;
use serde_json::{Value, json};

use super::{Target, Task};

pub(super) const PROMPT: Prompt = Prompt::new(include_str!("../prompt/document.md"));

/// The longest answer, in tokens: six lines, and what surrounds them.
pub(super) const LONGEST: u32 = 700;

/// The number of the symbol that a task documents and does nothing else; `None` for every other task.
pub(super) fn symbol(task: &Task, target: &Target) -> Option<usize> {
    let is_all = task.rules.operations == ["document"] && task.may_change.len() == 1;
    // What may change in it stands behind it.
    target.may_change.iter().position(|may_change| *may_change).filter(|_| is_all)
}

pub(super) fn schema() -> Schema {
    Schema {
        name: "document_v1",
        json: json!({
            "type": "object",
            "properties": {"documentation": {"type": "string"}, "cannot": {"type": "string"}},
            "required": ["documentation", "cannot"],
            "additionalProperties": false,
        }),
    }
}

/// The same answer as an operation on the symbol.
pub(super) fn as_operations(number: usize, answer: &Value) -> Value {
    let string = |key: &str| answer.get(key).and_then(Value::as_str).unwrap_or_default();
    let text = string("documentation");
    if text.trim().is_empty() {
        return json!({"status": "cannot", "note": string("cannot"), "ops": []});
    }
    let operation = json!({"op": "document", "symbol": format!("s{}", number + 1), "find": "", "text": text});
    json!({"status": "done", "note": "", "ops": [operation]})
}
