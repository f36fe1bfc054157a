//! `tierline report`: the ledger, line by line or summed up.

mod sums;

use std::str::FromStr;
use std::time::{Duration, SystemTime};

use assist::Places;
use assist::markdown::plain;
use models::{Cost, Ledger, LedgerEntry};
use serde_json::{Value, json};

use crate::failure::Failure;
use crate::output::Output;
use crate::terminal::{bold, dim};
pub(crate) use sums::By;
use sums::{Sum, sums};

/// People are shown so many lines at most, the last ones; programs get all.
const SHOWN_LINES: usize = 40;

/// A time in the past.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Since(SystemTime);

impl FromStr for Since {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let ago = |number: &str, seconds: u64| number.parse::<u64>().ok()?.checked_mul(seconds).map(Duration::from_secs);
        let ago = match text.strip_suffix('d') {
            Some(days) => ago(days, 86_400),
            None => text.strip_suffix('h').and_then(|hours| ago(hours, 3_600)),
        };
        let time = match ago {
            Some(ago) => SystemTime::now().checked_sub(ago),
            None => text
                .parse::<jiff::civil::Date>()
                .and_then(|date| date.to_zoned(jiff::tz::TimeZone::UTC))
                .map(|midnight| midnight.timestamp().into())
                .ok(),
        };
        time.map(Since).ok_or_else(|| "write a date like 2026-11-24, or how long ago: 7d, 12h".to_owned())
    }
}

pub(crate) fn run(output: &Output, since: Option<Since>, by: Option<By>) -> Result<(), Failure> {
    let ledger = Ledger::new(&Places::of_user().state);
    let entries = ledger.entries_since(since.map_or(SystemTime::UNIX_EPOCH, |since| since.0));
    let entries = entries.map_err(|error| Failure::new("ledger_unreadable", error.to_string()))?;
    let saved = ledger.saved_since(since.map_or(SystemTime::UNIX_EPOCH, |since| since.0));
    let saved = saved.map_err(|error| Failure::new("ledger_unreadable", error.to_string()))?;
    let (answers, saved) = saved.iter().fold((0, Cost::ZERO), |(answers, cost), day| (answers + day.answers, cost + day.cost));
    let total = Sum::of(&entries);
    let groups = by.map(|by| sums(&entries, by)).unwrap_or_default();
    let mut report = json!({
        "ledger": ledger.path(),
        "cost_micro_usd": total.cost.micro_usd(),
        "same_calls_on_flagship_micro_usd": total.flagship.map(Cost::micro_usd),
        "whole_files_jobs": total.whole,
        "whole_files_on_flagship_micro_usd": total.whole_files.micro_usd(),
        "cache_answers": answers,
        "cache_saved_micro_usd": saved.micro_usd(),
        "entries": entries.iter().map(entry_json).collect::<Vec<_>>(),
    });
    if let Some(by) = by {
        report["by"] = json!(by.as_str());
        report["sums"] = groups.iter().map(|(name, sum)| sum.json(name)).collect();
    }
    output.json(&report);
    if entries.is_empty() {
        print_saved(output, answers, saved);
        output.line(if since.is_some() { "no model was asked since then" } else { "no model was asked yet" });
        return Ok(());
    }
    match by {
        Some(by) => print_sums(output, by, &groups),
        None => print_lines(output, &entries),
    }
    output.line(&dim(&format!("{} requests, {}{}", entries.len(), total.cost, on_flagship(&total))));
    if total.whole > 0 && total.whole_files > Cost::ZERO {
        let jobs = if total.whole == 1 { "the one job".to_owned() } else { format!("each of {} jobs", total.whole) };
        let about =
            format!("one flagship call over the whole files for {jobs} that stands: about {} (an estimate)", total.whole_files);
        output.line(&dim(&about));
    }
    print_saved(output, answers, saved);
    Ok(())
}

fn print_saved(output: &Output, answers: u64, saved: Cost) {
    if answers > 0 {
        output.line(&dim(&format!("the cache answered {answers} questions, which had cost {saved} when they were asked")));
    }
}

fn print_lines(output: &Output, entries: &[LedgerEntry]) {
    output.line(&bold(&format!("{:<10} {:<9} {:<24} {:>8} {:>8} {:>10}  outcome", "job", "tier", "model", "in", "out", "cost")));
    let hidden = entries.len().saturating_sub(SHOWN_LINES);
    if hidden > 0 {
        output.line(&dim(&format!("… {hidden} earlier requests; --json has them all, --by sums them up")));
    }
    for entry in &entries[hidden..] {
        output.line(&format!(
            "{:<10} {:<9} {:<24} {:>8} {:>8} {:>10}  {}",
            entry.kind,
            entry.tier,
            plain(&entry.model_requested),
            entry.usage.input,
            entry.usage.output,
            entry.cost.to_string(),
            entry.outcome.as_deref().unwrap_or("pending")
        ));
    }
}

/// A row and a bar for each; the dearest has the longest bar.
fn print_sums(output: &Output, by: By, groups: &[(String, Sum)]) {
    output.line(&bold(&format!("{:<17} {:>8} {:>10} {:>10} {:>10}", by.as_str(), "requests", "in", "out", "cost")));
    let most = groups.iter().map(|(_, sum)| sum.cost).max().unwrap_or_default();
    for (name, sum) in groups {
        output.line(&format!(
            "{:<17} {:>8} {:>10} {:>10} {:>10}  {}",
            plain(name),
            sum.requests,
            sum.input,
            sum.output,
            sum.cost.to_string(),
            bar(sum.cost, most)
        ));
    }
}

fn bar(cost: Cost, most: Cost) -> String {
    const LONGEST: u128 = 24;
    let eighths = (cost.pico_usd() * LONGEST * 8).checked_div(most.pico_usd()).unwrap_or(0);
    let whole = "█".repeat(usize::try_from(eighths / 8).unwrap_or(0));
    let rest = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"][usize::try_from(eighths % 8).unwrap_or(0)];
    whole + rest
}

/// What the same calls would have cost on the flagship; what a flagship would have been asked instead is another question.
fn on_flagship(total: &Sum) -> String {
    match total.flagship {
        Some(flagship) if flagship > Cost::ZERO => {
            let per_cent = (total.cost.pico_usd() * 100).div_ceil(flagship.pico_usd());
            format!("; the same calls at the flagship's prices: {flagship}, of which this is {per_cent} %")
        }
        _ => String::new(),
    }
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
        "whole_bytes": entry.whole_bytes,
        "whole_files_on_flagship_micro_usd": entry.whole_files_cost.map(Cost::micro_usd),
        "flagship_cost_micro_usd": entry.flagship_cost.map(Cost::micro_usd),
        "outcome": entry.outcome,
        "reason": entry.reason,
        "resolved": entry.resolved,
        "attempt": entry.attempt,
        "escalated_from": entry.escalated_from,
        "ms": entry.total_ms,
    })
}
