//! One run in a process of its own.

use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use index::{Index, Options, Store};
use serde_json::{Value, json};

use crate::{bound, latency};

/// Does one thing and says what it took: wall and processor time in ms, peak memory in bytes, and what was found.
pub(crate) fn once(what: &str, folder: &Path, threads: usize) -> io::Result<Value> {
    let begin = Instant::now();
    let mut found = match what {
        "walk" => json!({"files": bound::stat(folder, threads)}),
        "bound" => json!({"files": bound::parse(folder, threads)}),
        "cold" => cold(folder, threads),
        "linked" => linked(folder, threads),
        "keep" => keep(folder, threads),
        "warm" => warm(folder, threads),
        "during" => latency::during(folder, threads),
        "latency" => latency::measure(folder, threads),
        _ => return Err(io::Error::other(format!("no run is called {what}"))),
    };
    found["wall_ms"] = json!(begin.elapsed().as_secs_f64() * 1e3);
    found["cpu_ms"] = json!(cpu_ms());
    found["peak_bytes"] = json!(peak_bytes());
    Ok(found)
}

/// The same in a new process.
pub(crate) fn apart(what: &str, folder: &str, threads: usize) -> io::Result<Value> {
    let program = std::env::current_exe()?;
    let output = Command::new(program).args(["run", what, folder, &threads.to_string()]).output()?;
    if !output.status.success() {
        return Err(io::Error::other(String::from_utf8_lossy(&output.stderr).into_owned()));
    }
    serde_json::from_slice(&output.stdout).map_err(io::Error::other)
}

/// The picture of a folder, from nothing.
pub(crate) fn build(folder: &Path, threads: usize) -> (Index, index::Report) {
    let options = Options { threads, ..Options::default() };
    Index::build(folder, &options, &|_| {}, &AtomicBool::new(false))
}

/// Definitions, uses, docs and signatures of all files: all that a search by name needs.
fn cold(folder: &Path, threads: usize) -> Value {
    let options = Options { threads, limits: bound::limits(), ..Options::default() };
    told(Index::empty(folder).start(&options, &|_| {}, &AtomicBool::new(false)))
}

/// The same with the tables that are made behind it: uses by name, where imports lead, what matters, which words are where.
fn linked(folder: &Path, threads: usize) -> Value {
    told(build(folder, threads))
}

/// Where `keep` leaves the index of a folder for `warm`.
fn cache() -> PathBuf {
    std::env::temp_dir().join("tierline-bench")
}

/// An index as a server makes it, with its store.
fn keep(folder: &Path, threads: usize) -> Value {
    let index = Index::stored(folder, Store::open(&cache(), folder));
    let options = Options { threads, ..Options::default() };
    let (index, report) = index.start(&options, &|_| {}, &AtomicBool::new(false));
    index.keep();
    index.link();
    index.keep();
    let bytes = index.store().map(|store| {
        store.flush();
        store.bytes()
    });
    let mut found = told((index, report));
    found["store_bytes"] = json!(bytes);
    found
}

/// What the first answer of a server takes that finds the store which `keep` made: the picture, and a search by name in it.
fn warm(folder: &Path, threads: usize) -> Value {
    let begin = Instant::now();
    let index = Index::stored(folder, Store::open(&cache(), folder));
    let options = Options { threads, ..Options::default() };
    let (index, report) = index.start(&options, &|_| {}, &AtomicBool::new(false));
    let started = begin.elapsed();
    let hits = index.search("init", 128).len();
    let answered = begin.elapsed();
    let mut found = told((index, report));
    found["hits"] = json!(hits);
    found["start_ms"] = json!(started.as_secs_f64() * 1e3);
    found["answer_ms"] = json!(answered.as_secs_f64() * 1e3);
    found
}

fn told((index, report): (Index, index::Report)) -> Value {
    let ms = report.ms;
    // What a process does at its end is no part of an index.
    std::mem::forget(index);
    json!({
        "files": report.parsed,
        "symbols": report.symbols,
        "references": report.references,
        "walk_ms": ms.walk,
        "parse_ms": ms.parse,
        "link_ms": ms.link,
    })
}

fn cpu_ms() -> f64 {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    time.tv_sec as f64 * 1e3 + time.tv_nsec as f64 / 1e6
}

/// The most memory that this process held at once (proc(5), `VmHWM`); 0 where the system does not tell.
fn peak_bytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    peak.and_then(|line| line.trim().trim_end_matches("kB").trim().parse::<u64>().ok()).unwrap_or(0) * 1_024
}
