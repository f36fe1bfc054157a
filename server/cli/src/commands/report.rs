//! `tierline report`: the ledger.

use assist::Places;
use models::{Cost, Ledger, LedgerEntry};
use serde_json::{Value, json};

use crate::failure::Failure;
use crate::output::Output;
use crate::terminal::{bold, dim};

pub(crate) fn run(output: &Output) -> Result<(), Failure> {
    let ledger = Ledger::new(&Places::of_user().state);
    let entries = ledger.entries().map_err(|error| Failure::new("ledger_unreadable", error.to_string()))?;
    let total = entries.iter().fold(Cost::ZERO, |sum, entry| sum + entry.cost);
    output.json(&json!({
        "ledger": ledger.path(),
        "cost_micro_usd": total.micro_usd(),
        "entries": entries.iter().map(entry_json).collect::<Vec<_>>(),
    }));
    if entries.is_empty() {
        output.line("no model was asked yet");
        return Ok(());
    }
    output.line(&bold(&format!("{:<10} {:<9} {:<24} {:>8} {:>8} {:>10}  outcome", "job", "tier", "model", "in", "out", "cost")));
    for entry in &entries {
        output.line(&format!(
            "{:<10} {:<9} {:<24} {:>8} {:>8} {:>10}  {}",
            entry.kind,
            entry.tier,
            assist::markdown::plain(&entry.model_requested),
            entry.usage.input,
            entry.usage.output,
            entry.cost.to_string(),
            entry.outcome.as_deref().unwrap_or("pending")
        ));
    }
    output.line(&dim(&format!("{} requests, {total}", entries.len())));
    Ok(())
}

fn entry_json(entry: &LedgerEntry) -> Value {
    json!({
        "time_ms": entry.ts_ms,
        "job": entry.kind,
        "tier": entry.tier,
        "host": entry.host,
        "wire": entry.wire,
        "model": entry.model_requested,
        "model_reported": entry.model_reported,
        "input_tokens": entry.usage.input,
        "cached_tokens": entry.usage.cached,
        "output_tokens": entry.usage.output,
        "reasoning_tokens": entry.usage.reasoning,
        "estimated": entry.usage.estimated,
        "cost_micro_usd": entry.cost.micro_usd(),
        "flagship_cost_micro_usd": entry.flagship_cost.map(Cost::micro_usd),
        "outcome": entry.outcome,
        "reason": entry.reason,
        "resolved": entry.resolved,
        "attempt": entry.attempt,
        "escalated_from": entry.escalated_from,
        "ms": entry.total_ms,
    })
}
