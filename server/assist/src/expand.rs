//! Other words for a question: those of whoever wrote the code may not be those of whoever asks.

use models::{Gateway, Job, Part, Schema, Tier};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use crate::Prompt;
use crate::delegate::{Delegated, Unanswered, delegate};

const PROMPT: Prompt = Prompt::new(include_str!("prompt/expand.md"));

/// How many words a model may add to a question, and how long one may be, in bytes.
const MOST_WORDS: usize = 12;
const LONGEST_WORD: usize = 40;

/// Asks nano for identifiers and synonyms; `like` says in which workspace, for which action and by when. They only search: nothing of
/// them is shown, so that a wrong one costs a candidate and no dearer tier is worth its price.
///
/// # Errors
/// Fails as [`Unanswered`] says.
pub(crate) async fn expand(
    gateway: &Gateway,
    question: &str,
    like: Job,
    cancel: &CancellationToken,
) -> Result<Delegated<Vec<String>>, Unanswered> {
    let job = Job {
        kind: "lookup_words",
        tier: Tier::Nano,
        prompt_version: PROMPT.version(),
        instructions: PROMPT.instructions(),
        input: vec![Part::text(PROMPT.render(&[("question", question)]))],
        schema: Schema {
            name: "lookup_words_v1",
            json: json!({
                "type": "object",
                "properties": {"words": {"type": "array", "items": {"type": "string"}}},
                "required": ["words"],
                "additionalProperties": false,
            }),
        },
        max_output_tokens: 150,
        whole_bytes: 0,
        ..like
    };
    delegate(gateway, job, Tier::Nano, cancel, |answer| words(question, answer)).await
}

/// The words of an answer that are words and not the question's own, or what is wrong with it.
fn words(question: &str, answer: &Value) -> Result<Vec<String>, String> {
    let said = answer.get("words").and_then(Value::as_array).ok_or("there is no list of words")?;
    let asked: Vec<String> = question.split(|character: char| !character.is_alphanumeric()).map(str::to_lowercase).collect();
    let mut words: Vec<String> = Vec::new();
    for word in said.iter().filter_map(Value::as_str) {
        let is_word = (2..=LONGEST_WORD).contains(&word.len())
            && word.chars().all(|character| character.is_alphanumeric() || matches!(character, '_' | '-' | ':' | '.'));
        let is_new = !asked.contains(&word.to_lowercase()) && !words.iter().any(|known| known.eq_ignore_ascii_case(word));
        if is_word && is_new && words.len() < MOST_WORDS {
            words.push(word.to_owned());
        }
    }
    if words.is_empty() && !said.is_empty() { Err("none of the words is one to search with".to_owned()) } else { Ok(words) }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    #[test]
    fn words_are_words_and_new() {
        let words = |words| super::words("where is it locked?", &json!({"words": words}));
        assert_eq!(
            words(json!(["mutex", "Mutex", "a b", "](x)", "", "Locked", "unlock_all"])),
            Ok(vec!["mutex".into(), "unlock_all".into()])
        );
        assert!(words(json!(["two words"])).is_err());
        assert_eq!(words(json!([])), Ok(vec![]));
        let many: Vec<String> = (0..50).map(|number| format!("word{number}")).collect();
        assert_eq!(words(json!(many)).unwrap().len(), super::MOST_WORDS);
    }
}
