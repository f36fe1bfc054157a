//! Putting secrets back. A model that changes code around a secret sees a placeholder and returns it; what is written to the file is the
//! secret again, to the byte, or nothing.

use std::collections::BTreeMap;

use serde_json::Value;

use super::scan::{CLOSES, OPENS, Taken, take_out};
use crate::Job;

/// An answer with the secrets of its job back in the place of their placeholders, for answers that become code. What only informs is
/// left as the model gave it. Placeholders that the job's own texts hold stay as they are.
///
/// # Errors
/// Fails, with a sentence that holds no secret, where a placeholder is none of this job's, or its secret cannot be put back exactly.
pub fn restore(job: &Job, answer: &Value) -> Result<Value, String> {
    if !holds_placeholder(answer) {
        return Ok(answer.clone());
    }
    let texts = job.texts();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let (_, _, secrets) = take_out(&texts, job.quoted());
    restored(answer, &secrets, &texts[..texts.len() - job.quoted()])
}

/// The shortest piece of a secret that is looked for by itself, in bytes.
const PIECE: usize = 4;

/// What is said of an answer, with the secrets of its job taken out again: a check reads the answer with its secrets put back, and what it
/// says goes to a server once more, into the ledger and before the user. A secret is found in pieces too, however it is quoted.
#[must_use]
pub fn conceal(job: &Job, said: &str) -> String {
    let texts = job.texts();
    let (_, _, secrets) = take_out(&texts.iter().map(String::as_str).collect::<Vec<_>>(), job.quoted());
    // What a quotation writes differently divides a secret into pieces that it leaves as they are.
    let divides = |character: char| character.is_whitespace() || character.is_control() || matches!(character, '"' | '\'' | '\\');
    let mut pieces: Vec<(&str, &str)> = secrets
        .iter()
        .flat_map(|(placeholder, taken)| taken.secret.split(divides).map(move |piece| (piece, placeholder.as_str())))
        .filter(|(piece, _)| piece.len() >= PIECE)
        .collect();
    pieces.sort_by_key(|(piece, _)| std::cmp::Reverse(piece.len()));
    pieces.into_iter().fold(said.to_owned(), |said, (piece, placeholder)| said.replace(piece, placeholder))
}

fn holds_placeholder(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains(OPENS),
        Value::Array(items) => items.iter().any(holds_placeholder),
        Value::Object(fields) => fields.values().any(holds_placeholder),
        _ => false,
    }
}

fn restored(value: &Value, secrets: &BTreeMap<String, Taken>, texts: &[&str]) -> Result<Value, String> {
    Ok(match value {
        Value::String(text) => Value::String(in_text(text, secrets, texts)?),
        Value::Array(items) => items.iter().map(|item| restored(item, secrets, texts)).collect::<Result<_, _>>()?,
        Value::Object(fields) => {
            let field = |(name, value): (&String, &Value)| Ok((name.clone(), restored(value, secrets, texts)?));
            fields.iter().map(field).collect::<Result<_, String>>()?
        }
        plain => plain.clone(),
    })
}

fn in_text(text: &str, secrets: &BTreeMap<String, Taken>, texts: &[&str]) -> Result<String, String> {
    let mut whole = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(OPENS) {
        let end = rest[at..].find(CLOSES).map(|length| at + length + CLOSES.len_utf8());
        let Some(end) = end else { return Err("a placeholder of a secret has no end".to_owned()) };
        let placeholder = &rest[at..end];
        whole.push_str(&rest[..at]);
        match secrets.get(placeholder) {
            Some(Taken { secret, is_whole: true }) => whole.push_str(secret),
            Some(_) => return Err(format!("the secret of {placeholder} cannot be put back exactly as it was")),
            None if texts.iter().any(|text| text.contains(placeholder)) => whole.push_str(placeholder),
            None => return Err(format!("{placeholder} stands for no secret that was taken out")),
        }
        rest = &rest[end..];
    }
    whole.push_str(rest);
    Ok(whole)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use serde_json::json;

    use super::*;
    use crate::{ActionId, Part, Schema, Tally, Tier, egress};

    fn job(texts: &[&str]) -> Job {
        Job {
            kind: "edit",
            tier: Tier::Mini,
            prompt_version: 1,
            instructions: "Change it.".into(),
            input: texts.iter().map(|text| Part::text(*text)).collect(),
            schema: Schema { name: "edit_v1", json: json!({}) },
            max_output_tokens: 100,
            deadline: Duration::from_secs(1),
            action: ActionId::new(),
            workspace: "w".into(),
            escalated_from: None,
            whole_bytes: 0,
            tally: Tally::default(),
        }
    }

    fn secret(letter: char) -> String {
        format!("ghp_{}", format!("{letter}3Q").repeat(12))
    }

    #[test]
    fn what_was_taken_out_comes_back_to_the_byte() {
        let (one, two) = (secret('k'), secret('p'));
        let job = job(&[&format!("let a = \"{one}\";"), &format!("let b = \"{two}\"; let c = \"{one}\";")]);
        let answer = json!({"ops": [{"text": "let b = \"«redacted:2»\"; // «redacted:1» twice: «redacted:1»"}], "n": 1});
        let text = format!("let b = \"{two}\"; // {one} twice: {one}");
        assert_eq!(restore(&job, &answer), Ok(json!({"ops": [{"text": text}], "n": 1})));
        let plain = json!({"ops": []});
        assert_eq!(restore(&job, &plain), Ok(plain));
    }

    #[test]
    fn an_answer_that_is_quoted_leaves_every_secret_its_number() {
        let mut job = job(&[&format!("let a = \"{}\";", secret('k'))]);
        job.input.push(Part::quoting_answer("You said: let a = \"«redacted:1»\" + «redacted:7»;"));
        let (texts, _) = egress::redact_job(&job);
        assert_eq!(texts[1..], ["let a = \"«redacted:1»\";", "You said: let a = \"«redacted:1»\" + «redacted:7»;"]);
        assert_eq!(restore(&job, &json!("«redacted:1»")), Ok(json!(secret('k'))));
        assert!(restore(&job, &json!("«redacted:7»")).is_err(), "nobody but a model ever named it");
    }

    #[test]
    fn what_is_said_of_an_answer_holds_no_secret_however_it_is_quoted() {
        let dashes = "-".repeat(5);
        let key = format!("{dashes}BEGIN RSA PRIVATE KEY{dashes}\nMIIEabcd\nefghijkl\n{dashes}END RSA PRIVATE KEY{dashes}");
        let word = "pa5s\\w0rd-0f\"mine";
        let job =
            job(&[&format!("let password = \"hunter22hunter\";\n{key}"), &format!("postgres://app:{}@db/x", "w0rdOfMine9")]);
        let said = format!("there is no symbol \"hunter22hunter\", {key:?}, {:?} or {word:?}", "w0rdOfMine9");
        let concealed = conceal(&job, &said);
        for piece in ["hunter22", "MIIEabcd", "efghijkl", "w0rdOfMine9"] {
            assert!(!concealed.contains(piece), "{concealed}");
        }
        assert!(concealed.starts_with("there is no symbol \"«redacted:1»\"") && concealed.contains("0rd-0f"), "{concealed}");
        assert_eq!(conceal(&job, "the text to find does not occur"), "the text to find does not occur");
    }

    #[test]
    fn a_placeholder_of_nothing_and_one_of_a_secret_in_pieces_are_refused() {
        let one = secret('k');
        let job = job(&[&format!("a {}", &one[..14]), &format!("{} b", &one[14..])]);
        for text in ["«redacted:1»", "«redacted:2»", "«redacted:x»", "«redacted:1"] {
            let error = restore(&job, &json!({"text": text})).unwrap_err();
            assert!(!error.contains(&one[..14]), "{error}");
        }
    }

    #[test]
    fn a_placeholder_that_the_code_itself_holds_stays_and_is_no_secrets() {
        let code = format!("assert!(body.contains(\"«redacted:1»\")); let key = \"{}\";", secret('k'));
        assert!(egress::redact(&code).0.contains("key = \"«redacted:2»\""));
        let answer = json!({"text": "«redacted:1» «redacted:2»"});
        assert_eq!(restore(&job(&[&code]), &answer), Ok(json!({"text": format!("«redacted:1» {}", secret('k'))})));
    }
}
