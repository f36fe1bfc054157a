//! `tierline resolve`: many places at once, for scripts that measure or compare.
//!
//! Reads one place a line from stdin and answers each with one line of JSON, in the same order: the place as it was written, and
//! its `definitions`, best first, or its `references`, of which those are `likely` that an editor is shown. A place that cannot be read is answered with an `error`.

use std::collections::HashSet;
use std::io::{BufRead, Write};

use assist::Snapshot;
use serde_json::{Value, json};
use syntax::Certainty;

use crate::arguments::Options;
use crate::failure::Failure;
use crate::output::Output;
use crate::place::Place;
use crate::workspace::Workspace;

pub(crate) fn run(options: &Options, output: &Output, references: bool) -> Result<(), Failure> {
    let workspace = Workspace::open(options, output, None)?;
    let snapshot = workspace.host.snapshot();
    let mut stdout = std::io::BufWriter::new(std::io::stdout().lock());
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        let found = if references { uses(&snapshot, &line) } else { definitions(&snapshot, &line) };
        let answer = found.unwrap_or_else(|failure| json!({"error": failure.message}));
        let mut row = json!({"place": line});
        if let (Some(row), Value::Object(answer)) = (row.as_object_mut(), answer) {
            row.extend(answer);
        }
        writeln!(stdout, "{row}")?;
    }
    Ok(stdout.flush()?)
}

fn definitions(snapshot: &Snapshot, place: &str) -> Result<Value, Failure> {
    let (path, offset) = Place::parse(place)?.locate(snapshot)?;
    let targets = snapshot.index().target_at(&path, offset);
    let rows = targets.iter().map(|(symbol, certainty)| {
        let definition = symbol.get();
        row(symbol.path(), definition.line, definition.column, *certainty)
    });
    Ok(json!({"definitions": rows.collect::<Vec<_>>()}))
}

fn uses(snapshot: &Snapshot, place: &str) -> Result<Value, Failure> {
    let (path, offset) = Place::parse(place)?.locate(snapshot)?;
    let targets = snapshot.index().target_at(&path, offset);
    let hits = targets.first().map_or_else(Vec::new, |(symbol, _)| snapshot.index().references_of(symbol));
    let likely = targets.first().map_or_else(Vec::new, |(symbol, _)| snapshot.index().likely_references_of(symbol));
    let known: HashSet<(&str, u32)> = hits.iter().map(|hit| (hit.path(), hit.reference)).collect();
    let by_alias = likely.iter().filter(|hit| !known.contains(&(hit.path(), hit.reference)));
    let likely: HashSet<(&str, u32)> = likely.iter().map(|hit| (hit.path(), hit.reference)).collect();
    let rows = hits.iter().chain(by_alias).map(|hit| {
        let reference = hit.get();
        let mut row = row(hit.path(), reference.line(), reference.column(), hit.certainty);
        row["likely"] = likely.contains(&(hit.path(), hit.reference)).into();
        row
    });
    Ok(json!({"references": rows.collect::<Vec<_>>()}))
}

/// One-based lines, one-based columns in bytes.
fn row(file: &str, line: u32, column: u32, certainty: Certainty) -> Value {
    json!({"file": file, "line": line + 1, "column": column + 1, "certainty": certainty.as_str()})
}
