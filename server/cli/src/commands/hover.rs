//! `tierline hover`: what an editor would show at a place.

use assist::{HoverOptions, Snapshot, Summary, Target, hover, summarise, summary_if_known};
use index::SymbolRef;
use serde_json::json;
use tokio_util::sync::CancellationToken;

use crate::arguments::Options;
use crate::commands::block_on;
use crate::failure::Failure;
use crate::output::Output;
use crate::place::Place;
use crate::terminal;
use crate::workspace::Workspace;

pub(crate) fn run(options: &Options, output: &Output, place: &str, wants_summary: bool) -> Result<(), Failure> {
    let place = Place::parse(place)?;
    let workspace = Workspace::open(options, output, Some(&place.file))?;
    let snapshot = workspace.host.snapshot();
    let (path, offset) = place.locate(&snapshot)?;
    let target = Target::at(&snapshot, &path, offset)
        .ok_or_else(|| Failure::new("no_symbol", "no symbol of this workspace is known at that place"))?;
    let summary = summary(&snapshot, &target.symbol, wants_summary)?;
    // No other server shows signature and documentation here, so they are part of it.
    let shown =
        hover(&snapshot, &path, &target, HoverOptions { standalone: true, summary: summary.as_ref(), ..HoverOptions::default() });
    output.json(&json!({
        "markdown": shown.markdown,
        "tier": shown.bill.source.as_str(),
        "cost_micro_usd": shown.bill.cost.micro_usd(),
        "cached": shown.bill.cached,
    }));
    output.line(&terminal::markdown(&shown.markdown));
    Ok(())
}

fn summary(snapshot: &Snapshot, symbol: &SymbolRef, wants_one: bool) -> Result<Option<Summary>, Failure> {
    if let Some(known) = summary_if_known(snapshot, symbol) {
        return Ok(Some(known));
    }
    if !wants_one {
        return Ok(None);
    }
    let made = block_on(async {
        let made = summarise(snapshot, symbol, &CancellationToken::new()).await;
        if let Some(gateway) = snapshot.gateway() {
            gateway.flush().await;
        }
        made
    })?;
    made.map(Some).map_err(|error| Failure::new(error.code(), format!("no summary: {error} ({})", error.bill)))
}
