//! `tierline references`: the uses of the symbol at a place.

use serde_json::{Value, json};

use crate::arguments::Options;
use crate::failure::Failure;
use crate::output::Output;
use crate::place::Place;
use crate::terminal::dim;
use crate::workspace::Workspace;

pub(crate) fn run(options: &Options, output: &Output, place: &str) -> Result<(), Failure> {
    let place = Place::parse(place)?;
    let workspace = Workspace::open(options, output, Some(&place.file))?;
    let snapshot = workspace.host.snapshot();
    let (path, offset) = place.locate(&snapshot)?;
    let targets = snapshot.index().target_at(&path, offset);
    let Some((symbol, _)) = targets.first() else {
        return Err(Failure::new("no_symbol", "no symbol of this workspace is known at that place"));
    };
    let hits = snapshot.index().references_of(symbol);
    let rows = hits.iter().map(|hit| {
        let reference = hit.get();
        json!({
            "file": hit.path(),
            "line": reference.line() + 1,
            "column": reference.column() + 1,
            "certainty": hit.certainty.as_str(),
        })
    });
    output.json(&Value::Array(rows.collect()));
    for hit in &hits {
        let reference = hit.get();
        let at = format!("{}:{}:{}", hit.path(), reference.line() + 1, reference.column() + 1);
        output.line(&format!("{} {}", assist::markdown::plain(&at), dim(hit.certainty.as_str())));
    }
    if hits.is_empty() {
        output.line(&format!("no use of {} is known in this workspace", symbol.symbol_path()));
    }
    Ok(())
}
