//! `tierline symbols`: what one file defines, or every file of a folder.

use std::path::Path;

use serde_json::{Value, json};
use syntax::{Language, Limits, Symbol};

use crate::arguments::Options;
use crate::failure::Failure;
use crate::output::Output;
use crate::terminal::dim;
use crate::workspace::Workspace;

pub(crate) fn run(options: &Options, output: &Output, path: &Path) -> Result<(), Failure> {
    if path.is_dir() { of_folder(options, output, path) } else { of_file(output, path) }
}

/// By the order of the paths; each symbol says in which file it stands.
fn of_folder(options: &Options, output: &Output, folder: &Path) -> Result<(), Failure> {
    let options = Options { root: Some(folder.to_owned()), ..options.clone() };
    let workspace = Workspace::open(&options, output, None)?;
    let snapshot = workspace.host.snapshot();
    let mut records: Vec<_> = snapshot.index().files().collect();
    records.sort_by(|a, b| a.path.cmp(&b.path));
    let mut rows = Vec::new();
    for record in records {
        for symbol in &record.file().symbols {
            let mut row = symbol_json(symbol);
            row["file"] = json!(record.path);
            row["language"] = record.language.name().into();
            rows.push(row);
            let name = assist::markdown::plain(&symbol.path());
            output.line(&format!("{}:{} {} {name}", record.path, symbol.line + 1, dim(symbol.kind.as_str())));
        }
    }
    output.json(&Value::Array(rows));
    Ok(())
}

fn of_file(output: &Output, file: &Path) -> Result<(), Failure> {
    let bytes = std::fs::read(file).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => Failure::new("not_found", format!("there is no file {}", file.display())),
        _ => Failure::new("unreadable", format!("{} cannot be read: {error}", file.display())),
    })?;
    let text =
        String::from_utf8(bytes).map_err(|_| Failure::new("unreadable", format!("{} is not UTF-8 text", file.display())))?;
    let language = Language::detect(&file.to_string_lossy(), &text)
        .ok_or_else(|| Failure::new("unknown_language", format!("the language of {} is not known", file.display())))?;
    let parse = syntax::parse(language, &text, None, &Limits::default())
        .map_err(|skip| Failure::new("skipped", format!("{} is not parsed: {}", file.display(), skip.as_str())))?;
    output.json(&Value::Array(parse.file.symbols.iter().map(symbol_json).collect()));
    for symbol in &parse.file.symbols {
        let depth = if symbol.container.is_empty() { 0 } else { symbol.container.split("::").count() };
        let place = dim(&format!("{:>5}", symbol.line + 1));
        let name = assist::markdown::plain(&symbol.name);
        output.line(&format!("{place}  {}{} {name}", "  ".repeat(depth), dim(symbol.kind.as_str())));
    }
    Ok(())
}

/// A symbol by the contract of `--json`: one-based lines, one-based columns in bytes.
fn symbol_json(symbol: &Symbol) -> Value {
    json!({
        "name": symbol.name.as_str(),
        "kind": symbol.kind.as_str(),
        "container": symbol.container.as_str(),
        "line": symbol.line + 1,
        "column": symbol.column + 1,
        "end_line": symbol.end_line + 1,
        "signature": symbol.signature,
        "doc": symbol.doc,
    })
}
