//! A better name: a model proposes, code checks, the user chooses, and the index renames.

use std::time::{Duration, Instant};

use assist::{Bill, Delegated, Prompt, Snapshot, delegate_repairing};
use index::SymbolRef;
use models::{ActionId, Job, Part, Schema, Tally, Tier};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use crate::checks::{self, Allowance};
use crate::engine::{Outcome, milliseconds};
use crate::overlay::Overlay;
use crate::rename::{self, Asking, rename};
use crate::{Peer, Plan, Receipt, ReceiptLine, RefactorError};

const PROMPT: Prompt = Prompt::new(include_str!("prompt/name.md"));

/// How many names are offered.
const MOST_NAMES: usize = 3;

/// How much of a symbol's text a model reads to name it, in bytes.
const SHOWN_SOURCE: usize = 6_000;

/// Names for a symbol, the best first: at most three, each of which the index could give it now.
///
/// # Errors
/// Fails as [`RefactorError`] says.
pub async fn suggest_names(
    snapshot: &Snapshot,
    symbol: &SymbolRef,
    action: &ActionId,
    cancel: &CancellationToken,
) -> Result<Delegated<Vec<String>>, RefactorError> {
    let what = format!("suggest a name for {}", symbol.get().name);
    let gateway = snapshot.gateway().filter(|gateway| gateway.has(Tier::Mini)).ok_or(RefactorError::NeedsModel(Tier::Mini))?;
    assist::verdict(snapshot, symbol.path())
        .map_err(|denied| RefactorError::NoEdit { what: what.clone(), reason: denied.to_string() })?;
    let started = Instant::now();
    let job = job(snapshot, symbol, action);
    let repair = |job: &Job, _: &Value, reason: &str| {
        let mut repair = job.clone();
        repair.input.push(Part::quoting_answer(format!("Not these: {reason}")));
        Some(repair)
    };
    let named = delegate_repairing(gateway, job, Tier::Mini, cancel, |answer| read(snapshot, symbol, answer), repair).await;
    named.map_err(|error| {
        if cancel.is_cancelled() {
            return RefactorError::Cancelled;
        }
        let mut receipt = Receipt::default();
        if error.bill != Bill::index() {
            receipt.add("name", "refused names", error.bill, u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX));
        }
        RefactorError::EditRefused { what, reason: error.to_string(), receipt: Box::new(receipt) }
    })
}

/// Renames a symbol, checked as every change is, by the language's own server where that can be asked, else by the index. `bill` is what
/// the name cost.
///
/// # Errors
/// Fails, with nothing changed, as [`RefactorError`] says.
pub async fn rename_symbol(
    snapshot: &Snapshot,
    symbol: &SymbolRef,
    new_name: &str,
    bill: Bill,
    peer: Option<&dyn Peer>,
    cancel: &CancellationToken,
) -> Result<Outcome, RefactorError> {
    crate::error::read_whole(snapshot)?;
    let started = Instant::now();
    let mut allowance = Allowance::default();
    let asking = Asking { peer, allowance: &allowance, cancel };
    let (overlay, exact) = rename::carry_out(&Overlay::new(snapshot), symbol, new_name, &asking).await?;
    allowance.files.extend(exact.files().map(str::to_owned));
    allowance.gone.extend(exact.gone);
    let mut receipt = Receipt::default();
    let instruction = format!("rename {} to {new_name}", symbol.symbol_path());
    receipt.lines.push(ReceiptLine {
        step: "name".to_owned(),
        what: exact.what,
        by: exact.by,
        bill,
        ms: milliseconds(started),
        refused: exact.refused,
    });
    let checks = checks::run(&overlay, &allowance);
    if checks.iter().any(|check| !check.passed()) {
        return Err(RefactorError::Refused { checks, receipt: Box::new(receipt) });
    }
    let plan = Plan { summary: instruction.clone(), ..Plan::default() };
    Ok(Outcome { instruction, plan, changes: overlay.changes(), checks, receipt, left: exact.left })
}

/// The names of an answer that could be given now, in its order; or why none of them could.
fn read(snapshot: &Snapshot, symbol: &SymbolRef, answer: &Value) -> Result<Vec<String>, String> {
    let said = answer.get("names").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let mut names: Vec<String> = Vec::new();
    let mut faults = Vec::new();
    for name in said.iter().filter_map(Value::as_str).take(MOST_NAMES * 2) {
        let fault = if case(name) == case(&symbol.get().name) {
            rename(snapshot, symbol, name).err().map(|error| error.to_string())
        } else {
            Some(format!("`{name}` is not written as names are written there"))
        };
        match fault {
            None if names.iter().any(|known| known == name) => {}
            None => names.push(name.to_owned()),
            Some(fault) => faults.push(fault),
        }
    }
    names.truncate(MOST_NAMES);
    match (names.is_empty(), faults.is_empty()) {
        (false, _) => Ok(names),
        (true, true) => Err("there is no name".to_owned()),
        (true, false) => Err(faults.join("; ")),
    }
}

/// How a name is written: whether it begins with a capital, holds one behind a small letter, and is all capitals. One word in small
/// letters may become several of either kind.
fn case(name: &str) -> (bool, bool) {
    let letters = name.trim_start_matches(['_', '@', '$', '#']);
    let begins_large = letters.chars().next().is_some_and(char::is_uppercase);
    let is_all_large = letters.chars().any(char::is_uppercase) && !letters.chars().any(char::is_lowercase);
    (begins_large, is_all_large && letters.chars().count() > 1)
}

fn job(snapshot: &Snapshot, symbol: &SymbolRef, action: &ActionId) -> Job {
    let text = snapshot.text(symbol.path()).unwrap_or_default();
    let source = symbol.get().full_span.of(&text);
    let source = &source[..source.floor_char_boundary(SHOWN_SOURCE)];
    let usage = snapshot.index().usage(symbol, 8);
    let users: Vec<String> = usage
        .users
        .iter()
        .filter(|user| assist::may_leave(snapshot, user.path()))
        .map(|user| format!("- {}: {}", user.symbol_path(), user.get().signature))
        .collect();
    let rendered = PROMPT.render(&[
        ("symbol", &symbol.symbol_path()),
        ("kind", symbol.get().kind.as_str()),
        ("language", symbol.record.language.name()),
        ("source", source),
        ("users", &users.join("\n")),
    ]);
    Job {
        kind: "name",
        tier: Tier::Mini,
        prompt_version: PROMPT.version(),
        instructions: PROMPT.instructions(),
        input: vec![Part::from_file(symbol.path(), rendered)],
        schema: Schema {
            name: "name_v1",
            json: json!({
                "type": "object",
                "properties": {"names": {"type": "array", "items": {"type": "string"}}},
                "required": ["names"],
                "additionalProperties": false,
            }),
        },
        max_output_tokens: 150,
        deadline: Duration::from_secs(snapshot.settings().explain_deadline_seconds),
        action: action.clone(),
        workspace: snapshot.workspace_id(),
        escalated_from: None,
        whole_bytes: text.len() as u64,
        tally: Tally::default(),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicBool;

    use assist::{Bill, Host, Settings};
    use futures::FutureExt;
    use tokio_util::sync::CancellationToken;

    use super::{case, rename_symbol};
    use crate::RefactorError;

    #[test]
    fn a_name_is_written_as_the_one_before() {
        assert_eq!(case("restock"), case("refill_store"));
        assert_eq!(case("Store"), case("StockRoom"));
        assert_ne!(case("restock"), case("Restock"));
        assert_ne!(case("MAX"), case("Max"));
    }

    #[test]
    fn nothing_is_renamed_before_the_folder_was_read() {
        let folder = tempfile::tempdir().unwrap();
        let shop = "pub fn sell() {}\n";
        std::fs::write(folder.path().join("shop.rs"), shop).unwrap();
        std::fs::write(folder.path().join("till.rs"), "use crate::shop::sell;\npub fn ring() {\n    sell();\n}\n").unwrap();
        let host = Host::new(folder.path(), Settings::default(), None);
        host.open("shop.rs", shop, 1);
        let rename = || {
            let snapshot = host.snapshot();
            let symbol = snapshot.index().named("sell").remove(0);
            let cancel = CancellationToken::new();
            let renamed = rename_symbol(&snapshot, &symbol, "hand_over", Bill::index(), None, &cancel);
            renamed.now_or_never().unwrap()
        };
        assert!(matches!(rename(), Err(RefactorError::NotIndexed)));
        host.index_folder(&|_| {}, &AtomicBool::new(false));
        assert_eq!(rename().unwrap().changes.files().len(), 2);
    }
}
