//! `tierline prefetch`: the summaries of a whole workspace, made in the background of everything else: one request at a time, and
//! waiting where the server asks for it. What is made is kept at once, so that a run that ends early goes on where it ended.

mod batch;

use std::path::Path;
use std::time::Duration;

use assist::{Prefetch, Snapshot, Unanswered, Why, batch_percent, prefetch, summarise_ahead};
use indicatif::{ProgressBar, ProgressStyle};
use models::{Cost, ModelError, Tier};
use serde_json::json;
use tokio_util::sync::CancellationToken;

use crate::arguments::Options;
use crate::commands::block_on;
use crate::confirm::confirm;
use crate::failure::Failure;
use crate::output::Output;
use crate::workspace::Workspace;

/// How often a request is tried that the server did not answer.
const MAX_TRIES: u32 = 4;
/// So many symbols in a row that the server does not answer for are enough.
const MAX_UNANSWERED: usize = 5;
/// What is waited after a failure where the server says nothing; it doubles.
const FIRST_WAIT: Duration = Duration::from_secs(1);

/// How far it came.
#[derive(Debug, Default)]
struct Done {
    made: usize,
    /// No answer passed its check.
    refused: usize,
    /// The server did not answer.
    unanswered: usize,
    cost: Cost,
    /// Why it ended before its end.
    stopped: Option<Unanswered>,
}

pub(crate) fn run(options: &Options, output: &Output, path: Option<&Path>, dry_run: bool, as_batch: bool) -> Result<(), Failure> {
    let workspace = Workspace::open(options, output, path)?;
    let snapshot = workspace.host.snapshot();
    let Some(gateway) = snapshot.gateway() else {
        return Err(Failure::new("not_configured", "no model is configured: see tierline doctor"));
    };
    if as_batch && let Some(ticket) = gateway.pending_batch(&snapshot.workspace_id()) {
        return batch::collect(output, gateway, &snapshot, &ticket);
    }
    let below = match path {
        Some(path) => {
            path.canonicalize()?.strip_prefix(snapshot.root()).map(|path| path.to_string_lossy().into_owned()).unwrap_or_default()
        }
        None => String::new(),
    };
    let wanted = prefetch(&snapshot, &below);
    let estimate = format!(
        "{} summaries are to be made ({} are kept, {} may not leave): at most {} + {} tokens, at worst {}.",
        wanted.symbols.len(),
        wanted.kept,
        wanted.withheld,
        wanted.input_tokens,
        wanted.output_tokens,
        wanted.worst
    );
    let percent = batch_percent(gateway).filter(|_| as_batch);
    if as_batch && percent.is_none() {
        output.remark("tierline: the server of the nano tier is not known to take batches, so it is asked one by one");
    }
    if let Some(percent) = percent.filter(|_| !wanted.symbols.is_empty()) {
        confirm(&format!("{estimate} A batch costs {percent} % of that. Send it?"), options.yes)?;
        return batch::send(output, gateway, &snapshot, &wanted);
    }
    let done = if dry_run || wanted.symbols.is_empty() {
        Done::default()
    } else {
        confirm(&format!("{estimate} Make them?"), options.yes)?;
        block_on(make(&snapshot, &wanted))??
    };
    print(output, &estimate, &wanted, &done);
    match done.stopped {
        Some(reason) => Err(Failure::new(reason.code(), format!("it ended early: {reason}; what was made is kept"))),
        None => Ok(()),
    }
}

fn print(output: &Output, estimate: &str, wanted: &Prefetch, done: &Done) {
    if done.stopped.is_none() {
        output.json(&json!({
            "symbols": wanted.symbols.len(),
            "kept": wanted.kept,
            "withheld": wanted.withheld,
            "input_tokens": wanted.input_tokens,
            "output_tokens": wanted.output_tokens,
            "worst_micro_usd": wanted.worst.micro_usd(),
            "made": done.made,
            "refused": done.refused,
            "unanswered": done.unanswered,
            "cost_micro_usd": done.cost.micro_usd(),
        }));
    }
    output.line(estimate);
    output.line(&format!(
        "{} were made for {}; {} did not pass their check, {} were not answered",
        done.made, done.cost, done.refused, done.unanswered
    ));
}

async fn make(snapshot: &Snapshot, wanted: &Prefetch) -> Result<Done, Failure> {
    if let Some(gateway) = snapshot.gateway() {
        for tier in [Tier::Nano, Tier::Mini] {
            let permitted = gateway.permit(&snapshot.workspace_id(), tier).await;
            permitted.map_err(|error| Failure::new(error.code(), error.to_string()))?;
        }
    }
    let (mut done, mut in_a_row) = (Done::default(), 0);
    let bar = ProgressBar::new(wanted.symbols.len() as u64);
    if let Ok(style) = ProgressStyle::with_template("summarising {bar:30} {pos} of {len}, {msg}") {
        bar.set_style(style);
    }
    for symbol in &wanted.symbols {
        bar.set_message(done.cost.to_string());
        let mut tries = 0;
        let made = loop {
            tries += 1;
            let made = summarise_ahead(snapshot, symbol, &CancellationToken::new()).await;
            match made.as_ref().err().and_then(|error| pause(error, tries)) {
                Some(pause) if tries < MAX_TRIES => tokio::time::sleep(pause).await,
                _ => break made,
            }
        };
        bar.inc(1);
        in_a_row = if matches!(&made, Err(error) if pause(error, 1).is_some()) { in_a_row + 1 } else { 0 };
        match made {
            Ok(summary) => {
                done.made += 1;
                done.cost += summary.bill.cost;
            }
            Err(Unanswered { why: Why::Rejected(_) | Why::Model(ModelError::TooLong(_)), bill }) => {
                done.refused += 1;
                done.cost += bill.cost;
            }
            Err(error) if pause(&error, 1).is_some() && in_a_row < MAX_UNANSWERED => done.unanswered += 1,
            Err(error) => {
                done.stopped = Some(error);
                break;
            }
        }
    }
    bar.finish_and_clear();
    if let Some(gateway) = snapshot.gateway() {
        gateway.flush().await;
    }
    Ok(done)
}

/// How long to wait before a request is tried again; `None` where that would not help.
fn pause(error: &Unanswered, tries: u32) -> Option<Duration> {
    let doubled = FIRST_WAIT * 2_u32.saturating_pow(tries - 1);
    let Why::Model(error) = &error.why else { return None };
    match error {
        ModelError::RateLimited { retry_after, .. } => Some(retry_after.unwrap_or(doubled)),
        ModelError::Resting { again_in, .. } => Some(*again_in),
        ModelError::Server { .. } | ModelError::Transport(_) | ModelError::Timeout(_) | ModelError::Cut(_) => Some(doubled),
        _ => None,
    }
}
