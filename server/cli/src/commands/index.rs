//! `tierline index`: indexes a workspace and says what is in it and what that took.

use std::path::Path;

use assist::plural;
use serde_json::{Value, json};

use crate::arguments::Options;
use crate::failure::Failure;
use crate::output::Output;
use crate::workspace::Workspace;

pub(crate) fn run(options: &Options, output: &Output, path: Option<&Path>) -> Result<(), Failure> {
    // A folder that is named is indexed as it is named, not the repository around it.
    let options = match path {
        Some(path) => Options { root: Some(path.to_owned()), ..options.clone() },
        None => options.clone(),
    };
    let workspace = Workspace::open(&options, output, None)?;
    let report = &workspace.report;
    let store = workspace.host.store();
    output.json(&json!({
        "root": workspace.host.snapshot().root(),
        "files": report.files,
        "symbols": report.symbols,
        "references": report.references,
        "parsed": report.parsed,
        "reused": report.reused,
        "reused_from_store": report.stored,
        "skipped": report.skipped,
        "marked": report.marked,
        "ms": {"walk": report.ms.walk, "parse": report.ms.parse, "link": report.ms.link, "total": report.ms.total},
        "store": store.as_ref().map(|store| json!({"path": store.path(), "bytes": store.bytes(), "role": store.role().as_str()})),
        "cpu_ms": cpu_ms(),
        "peak_rss_bytes": peak_rss_bytes(),
    }));
    output.line(&format!(
        "{}, {}, {} in {} ms",
        plural(report.files, "file", "files"),
        plural(report.symbols, "symbol", "symbols"),
        plural(report.references, "reference", "references"),
        report.ms.total
    ));
    for (reason, count) in &report.skipped {
        output.line(&format!("  skipped {count}: {reason}"));
    }
    for (reason, count) in &report.marked {
        output.line(&format!("  marked {count}: {reason}"));
    }
    Ok(())
}

/// The processor time of this process, in ms; null where the system does not tell.
#[cfg(unix)]
fn cpu_ms() -> Value {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    json!(time.tv_sec * 1_000 + time.tv_nsec / 1_000_000)
}

#[cfg(not(unix))]
fn cpu_ms() -> Value {
    Value::Null
}

/// The most memory that this process held at once, in bytes, as Linux tells it (proc(5), `VmHWM`); null elsewhere.
fn peak_rss_bytes() -> Value {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kibibytes = peak.and_then(|line| line.trim().trim_end_matches("kB").trim().parse::<u64>().ok());
    kibibytes.map_or(Value::Null, |kibibytes| json!(kibibytes * 1_024))
}
