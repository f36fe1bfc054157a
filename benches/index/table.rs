//! The figures of one folder as a table.

use std::io::{self, Write};

use serde_json::Value;

use crate::run::apart;

/// How often each run is made.
const ROUNDS: usize = 3;

/// Measures a folder and prints what came out.
pub(crate) fn print(folder: &str) -> io::Result<()> {
    let mut out = io::stdout();
    let [bound, cold] = alternate(folder, ["bound", "cold"], 1)?;
    let [bound_both, cold_both] = alternate(folder, ["bound", "cold"], 2)?;
    let [_, linked] = alternate(folder, ["walk", "linked"], 2)?;
    let (symbols, references) = (number(&cold, "symbols"), number(&cold, "references"));
    writeln!(out, "\n{folder}: {} files, {symbols} symbols, {references} references", number(&cold, "files"))?;
    writeln!(out, "| what | bound | index | ratio |\n|---|---|---|---|")?;
    let row = |out: &mut io::Stdout, what: &str, bound: f64, index: f64, unit: &str| {
        writeln!(out, "| {what} | {bound:.1} {unit} | {index:.1} {unit} | {:.2} |", index / bound.max(f64::MIN_POSITIVE))
    };
    row(&mut out, "cold, processor time, one thread", number(&bound, "cpu_ms"), number(&cold, "cpu_ms"), "ms")?;
    row(&mut out, "cold, wall time, one thread", number(&bound, "wall_ms"), number(&cold, "wall_ms"), "ms")?;
    row(&mut out, "cold, wall time, two threads", number(&bound_both, "wall_ms"), number(&cold_both, "wall_ms"), "ms")?;
    row(&mut out, "cold, one thread to two", number(&cold_both, "wall_ms"), number(&cold, "wall_ms"), "ms")?;
    row(&mut out, "with all tables, processor time", number(&bound, "cpu_ms"), number(&linked, "cpu_ms"), "ms")?;
    apart("keep", folder, 2)?;
    let [walk, warm] = alternate(folder, ["walk", "warm"], 2)?;
    let bound = 2.0 * number(&walk, "wall_ms") + 200.0;
    row(&mut out, "warm to the first answer, two bare walks + 200 ms", bound, number(&warm, "wall_ms"), "ms")?;
    let allowed = 64.0 * 1_048_576.0 + 100.0 * (symbols + references);
    let mebibytes = |bytes: f64| bytes / 1_048_576.0;
    row(&mut out, "peak memory, 64 MiB + 100 bytes a name", mebibytes(allowed), mebibytes(number(&linked, "peak_bytes")), "MiB")?;
    let mut latency = apart("latency", folder, 2)?;
    latency["during"] = apart("during", folder, 2)?;
    let (key, parsing) = (&latency["keystroke"], &latency["keystroke"]["parsing"]);
    row(&mut out, "a keystroke in 10,000 lines, parsing alone, median", number(parsing, "p50_ms"), number(key, "p50_ms"), "ms")?;
    writeln!(out, "\n| answer | median | 99th percentile |\n|---|---|---|")?;
    for (what, title) in [
        ("hover", "hover facts"),
        ("during", "hover facts in an open file while the index is made, by the clock on the wall"),
        ("search", "symbol search"),
        ("rank", "look-up in words"),
        ("keystroke", "keystroke in 10,000 lines to a fresh record"),
    ] {
        let figures = &latency[what];
        writeln!(out, "| {title} | {:.3} ms | {:.3} ms |", number(figures, "p50_ms"), number(figures, "p99_ms"))?;
    }
    Ok(())
}

/// Runs two things in turn and returns the run of each that took the least processor time, with its least wall time.
fn alternate(folder: &str, runs: [&str; 2], threads: usize) -> io::Result<[Value; 2]> {
    let mut least = [Value::Null, Value::Null];
    for _ in 0..ROUNDS {
        for (what, least) in runs.iter().zip(&mut least) {
            let mut run = apart(what, folder, threads)?;
            if !least.is_null() {
                for figure in ["wall_ms", "cpu_ms"] {
                    if number(least, figure) < number(&run, figure) {
                        run[figure] = least[figure].clone();
                    }
                }
            }
            *least = run;
        }
    }
    Ok(least)
}

fn number(value: &Value, key: &str) -> f64 {
    value[key].as_f64().unwrap_or(f64::NAN)
}
