//! `tierline cache`: the answers that are kept. The ledger is no part of it.

use std::time::Duration;

use assist::Places;
use models::CacheDirectory;
use serde_json::json;

use crate::arguments::{CacheAction, Options};
use crate::confirm::confirm;
use crate::failure::Failure;
use crate::output::Output;

pub(crate) fn run(options: &Options, output: &Output, action: &CacheAction) -> Result<(), Failure> {
    let cache = CacheDirectory::new(&Places::of_user().cache);
    match action {
        CacheAction::Stats => stats(output, &cache),
        CacheAction::Verify => verify(output, &cache),
        CacheAction::Gc { max_mib, max_days } => gc(output, &cache, *max_mib, *max_days),
        CacheAction::Clear => return clear(output, &cache, options.yes),
    }
    Ok(())
}

fn stats(output: &Output, cache: &CacheDirectory) {
    let stats = cache.stats();
    let days = stats.oldest_use.and_then(|at| at.elapsed().ok()).map(|age| age.as_secs() / 86_400);
    output.json(&json!({
        "path": cache.path(),
        "entries": stats.entries,
        "bytes": stats.bytes,
        "max_bytes": CacheDirectory::MAX_BYTES,
        "oldest_use_days": days,
    }));
    let unused = days.map_or(String::new(), |days| format!("; none was unused for longer than {days} days"));
    output.line(&format!("{} answers are kept in {} ({}{unused})", stats.entries, cache.path().display(), size(stats.bytes)));
}

fn verify(output: &Output, cache: &CacheDirectory) {
    let found = cache.verify();
    output.json(&json!({"whole": found.whole, "damaged": found.damaged}));
    output.line(&match found.damaged {
        0 => format!("all {} answers are as they were written", found.whole),
        damaged => format!("{damaged} damaged answers were removed; {} are as they were written", found.whole),
    });
}

fn gc(output: &Output, cache: &CacheDirectory, max_mib: Option<u64>, max_days: Option<u64>) {
    let max_bytes = max_mib.map_or(CacheDirectory::MAX_BYTES, |mib| mib.saturating_mul(1 << 20));
    let max_age = max_days.map_or(CacheDirectory::MAX_AGE, |days| Duration::from_secs(days.saturating_mul(86_400)));
    let gone = cache.collect(max_bytes, max_age);
    let left = cache.stats();
    output.json(&json!({
        "removed": gone.entries, "removed_bytes": gone.bytes, "entries": left.entries, "bytes": left.bytes,
    }));
    output.line(&format!(
        "{} answers were removed ({}); {} are left ({})",
        gone.entries,
        size(gone.bytes),
        left.entries,
        size(left.bytes)
    ));
}

fn clear(output: &Output, cache: &CacheDirectory, yes: bool) -> Result<(), Failure> {
    let stats = cache.stats();
    if stats.entries > 0 {
        let question =
            format!("Remove all {} kept answers ({})? They cost money to ask for again.", stats.entries, size(stats.bytes));
        confirm(&question, yes)?;
    }
    let gone = cache.clear();
    output.json(&json!({"removed": gone.entries, "removed_bytes": gone.bytes}));
    output.line(&format!("{} answers were removed ({}); the ledger is as it was", gone.entries, size(gone.bytes)));
    Ok(())
}

fn size(bytes: u64) -> String {
    match bytes {
        0..1_024 => format!("{bytes} bytes"),
        1_024..1_048_576 => format!("{} KiB", bytes / 1_024),
        _ => format!("{} MiB", bytes / 1_048_576),
    }
}
