//! `tierline lookup`: symbols for a question.

use assist::{LookupHit, lookup, markdown};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use crate::arguments::Options;
use crate::commands::block_on;
use crate::failure::Failure;
use crate::output::Output;
use crate::terminal::{bold, dim};
use crate::workspace::Workspace;

pub(crate) fn run(options: &Options, output: &Output, question: &str, limit: usize) -> Result<(), Failure> {
    if question.trim().is_empty() {
        return Err(Failure::usage("the question is empty; ask something like \"where are retries decided?\""));
    }
    let workspace = Workspace::open(options, output, None)?;
    // An index that was kept has its names, not yet what lies near what.
    workspace.host.settle();
    let snapshot = workspace.host.snapshot();
    let result = block_on(lookup(&snapshot, question, limit, &CancellationToken::new()))?;
    if let Some(note) = &result.note {
        output.remark(&format!("tierline: {note}"));
    }
    output.json(&json!({
        "tier": result.bill.source.as_str(),
        "cost_micro_usd": result.bill.cost.micro_usd(),
        "cached": result.bill.cached,
        "note": result.note,
        "hits": result.hits.iter().map(hit_json).collect::<Vec<_>>(),
    }));
    for hit in &result.hits {
        let symbol = &hit.ranked.symbol;
        output.line(&format!(
            "{}  {}:{}",
            bold(&markdown::plain(&symbol.symbol_path())),
            markdown::plain(symbol.path()),
            symbol.get().line + 1
        ));
        output.line(&format!("    {}", dim(&markdown::plain(&hit.ranked.why))));
    }
    if result.hits.is_empty() {
        output.line("nothing in this workspace answers that");
    }
    output.line(&dim(&result.bill.to_string()));
    Ok(())
}

fn hit_json(hit: &LookupHit) -> Value {
    let symbol = &hit.ranked.symbol;
    json!({
        "name": symbol.get().name.as_str(),
        "container": symbol.get().container.as_str(),
        "kind": symbol.get().kind.as_str(),
        "file": symbol.path(),
        "line": symbol.get().line + 1,
        "score": hit.ranked.score,
        "why": hit.ranked.why,
    })
}
