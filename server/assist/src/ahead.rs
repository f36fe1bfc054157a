//! Summaries ahead of the first hover, for those who set `hover.summary = "auto"`: several symbols in one request, each summary checked
//! and kept as if it had been asked for alone.

use index::SymbolRef;
use models::{Cost, Job, ModelError, Part, Priority, Schema, Tier};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use crate::delegate::Unanswered;
use crate::summary::{is_summarised, job, read};
use crate::{Prompt, Snapshot, egress, may_leave};

const PROMPT: Prompt = Prompt::new(include_str!("prompt/summaries.md"));

/// How many symbols one request asks for at most, and how many bytes they may have together: the first alone may have more.
const AT_ONCE: usize = 8;
const BYTES_AT_ONCE: usize = 24_000;
/// Of one open file so many symbols are looked at, those that are used most.
const OF_A_FILE: usize = 24;
/// Of the rest of the workspace so many are looked at, those that it leans on most.
const PROMINENT: usize = 40;

/// What a request came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ahead {
    /// Summaries that are kept now.
    pub made: usize,
    /// Summaries that did not pass their check; a hover asks for them alone.
    pub refused: usize,
    /// What it cost.
    pub cost: Cost,
}

/// The symbols that are worth a summary before anybody asks: those of the files in `open`, file by file in that order and in each those
/// that are used most first; then those that the rest of the workspace leans on most. Looks at every symbol of the workspace.
#[must_use]
pub fn worth_summarising(snapshot: &Snapshot, open: &[String]) -> Vec<SymbolRef> {
    let index = snapshot.index();
    let of_open = open.iter().flat_map(|path| index.prominent_in(path, OF_A_FILE));
    let mut wanted: Vec<SymbolRef> = Vec::new();
    for symbol in of_open.chain(index.prominent(PROMINENT)) {
        if !wanted.contains(&symbol) && may_leave(snapshot, symbol.path()) {
            wanted.push(symbol);
        }
    }
    wanted
}

/// The first of these symbols that have no summary yet, as many as one request may ask for, and how many were looked at to find them.
#[must_use]
pub fn next_ahead(snapshot: &Snapshot, symbols: &[SymbolRef]) -> (Vec<SymbolRef>, usize) {
    let (mut next, mut bytes) = (Vec::new(), 0);
    for (at, symbol) in symbols.iter().enumerate() {
        let length = symbol.get().full_span.len();
        if next.len() == AT_ONCE || !next.is_empty() && bytes + length > BYTES_AT_ONCE {
            return (next, at);
        }
        if !is_summarised(snapshot, symbol) {
            next.push(symbol.clone());
            bytes += length;
        }
    }
    (next, symbols.len())
}

/// Has the summaries of some symbols made by one request to nano, behind everything that somebody waits for. What does not pass its
/// check is left to the hover, which asks for that symbol alone.
///
/// # Errors
/// Fails as [`Unanswered`] says where the request itself did.
pub async fn summarise_many(snapshot: &Snapshot, symbols: &[SymbolRef], cancel: &CancellationToken) -> Result<Ahead, Unanswered> {
    let gateway = snapshot.gateway().ok_or_else(|| Unanswered::not_configured(None, Tier::Nano))?;
    for symbol in symbols {
        egress::check(snapshot, symbol.path())?;
    }
    let alone: Vec<(Job, String)> = symbols.iter().map(|symbol| job(snapshot, symbol)).collect();
    let Some(many) = together(snapshot, symbols, &alone) else { return Ok(Ahead::default()) };
    let answer = gateway.ask_at(&many, Priority::Background, cancel).await?;
    let mut ahead = Ahead { cost: answer.cost, ..Ahead::default() };
    for (number, (symbol, (job, shown))) in symbols.iter().zip(&alone).enumerate() {
        let stands = said_of(&answer.json, number).filter(|said| read(snapshot, symbol, shown, said).is_ok());
        match stands {
            Some(said) => {
                gateway.keep(job, &answer.part(said, alone.len() as u64));
                ahead.made += 1;
            }
            None => ahead.refused += 1,
        }
    }
    if ahead.made == 0 {
        gateway.reject(&many, &answer, "no summary passed its check");
    }
    Ok(ahead)
}

/// Whether there is money for what nobody has asked for yet: half of a day's cap is left to whoever asks. Blocks.
///
/// # Errors
/// Fails where the ledger does not say what is spent.
pub fn may_work_ahead(snapshot: &Snapshot) -> Result<bool, ModelError> {
    let Some(gateway) = snapshot.gateway() else { return Ok(false) };
    let Some(nano) = gateway.describe(Tier::Nano) else { return Ok(false) };
    if nano.free {
        return Ok(true);
    }
    let spent = gateway.ledger().total_today().map_err(|error| ModelError::LedgerUnreadable(error.to_string()))?;
    Ok(spent + spent <= gateway.caps().per_day)
}

/// The name under which a symbol stands in a request.
fn id(number: usize) -> String {
    format!("s{}", number + 1)
}

/// What an answer says of the symbol of a number, in the shape of an answer on that symbol alone; `None` where it says nothing or two
/// things.
fn said_of(answer: &Value, number: usize) -> Option<Value> {
    let id = id(number);
    let said = answer.get("summaries").and_then(Value::as_array)?;
    let mut mine = said.iter().filter(|one| one.get("id").and_then(Value::as_str) == Some(&id));
    let summary = mine.next().filter(|_| mine.next().is_none())?.get("summary")?;
    Some(json!({"summary": summary}))
}

/// One job of many.
fn together(snapshot: &Snapshot, symbols: &[SymbolRef], alone: &[(Job, String)]) -> Option<Job> {
    let (first, _) = alone.first()?;
    let ids: Vec<String> = (0..alone.len()).map(id).collect();
    let shown = ids.iter().zip(alone).flat_map(|(id, (job, _))| {
        let label = Part::text(format!("Symbol {id}:"));
        std::iter::once(label).chain(job.input.iter().cloned())
    });
    let question = Part::text(PROMPT.render(&[("ids", &ids.join(", "))]));
    Some(Job {
        kind: "summaries",
        prompt_version: PROMPT.version(),
        instructions: PROMPT.instructions(),
        input: shown.chain([question]).collect(),
        schema: Schema {
            name: "summaries_v1",
            json: json!({
                "type": "object",
                "properties": {
                    "summaries": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "properties": {"id": {"type": "string", "enum": ids}, "summary": {"type": "string"}},
                            "required": ["id", "summary"],
                            "additionalProperties": false,
                        },
                    },
                },
                "required": ["summaries"],
                "additionalProperties": false,
            }),
        },
        max_output_tokens: first.max_output_tokens / 2 * u32::try_from(alone.len()).unwrap_or(1),
        whole_bytes: snapshot.whole_bytes(symbols.iter().map(SymbolRef::path)),
        ..first.clone()
    })
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::sync::atomic::AtomicBool;

    use serde_json::json;

    use super::{next_ahead, said_of, worth_summarising};
    use crate::{Host, Settings};

    #[test]
    fn what_is_open_comes_first_and_in_it_what_is_used_most() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
        write("base.rs", "pub fn base() {}\npub fn other() {}\n");
        write(
            "open.rs",
            "use crate::base::base;\nfn rare() { base(); often(); }\nfn often() { base(); }\nfn user() { often(); base(); }\n",
        );
        write(".env.rs", "fn secret() {}\n");
        let host = Host::new(folder.path(), Settings::default(), None);
        host.index_folder(&|_| {}, &AtomicBool::new(false));
        host.settle();
        let snapshot = host.snapshot();
        let worth = worth_summarising(&snapshot, &["open.rs".to_owned()]);
        let names: Vec<&str> = worth.iter().map(|symbol| symbol.get().name.as_str()).collect();
        assert_eq!(names, ["often", "rare", "user", "base", "other"]);
        let (next, looked_at) = next_ahead(&snapshot, &worth);
        assert_eq!((next.len(), looked_at), (5, 5));
    }

    #[test]
    fn what_is_said_twice_or_of_nobody_is_not_said() {
        let said = json!({"summaries": [
            {"id": "s1", "summary": "a"},
            {"id": "s3", "summary": "b"},
            {"id": "s3", "summary": "c"},
            {"id": "s9", "summary": "d"},
        ]});
        assert_eq!(said_of(&said, 0), Some(json!({"summary": "a"})));
        assert_eq!(said_of(&said, 1), None);
        assert_eq!(said_of(&said, 2), None);
        assert_eq!(said_of(&json!({}), 0), None);
    }
}
