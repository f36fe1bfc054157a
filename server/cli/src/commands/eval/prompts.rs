//! `tierline eval prompts`: every prompt put to the configured models on code of others, and judged by code: the checks that keep a wrong
//! answer out, and where a case knows its answer whether it is that.

mod score;

use std::path::Path;

use assist::{Snapshot, explain, lookup, summarise};
use index::SymbolRef;
use models::ActionId;
use refactor::{EditKind, EditRequest};
use serde_json::Value;
use tokio_util::sync::CancellationToken;

use self::score::Scores;
use crate::arguments::Options;
use crate::commands::block_on;
use crate::failure::Failure;
use crate::output::Output;
use crate::workspace::Workspace;

/// How many symbols a look-up answers with.
const HITS: usize = 5;

pub(crate) fn run(options: &Options, output: &Output, cases: &Path, packages: &Path, only: &[String]) -> Result<(), Failure> {
    let text = std::fs::read_to_string(cases).map_err(|error| Failure::usage(format!("{}: {error}", cases.display())))?;
    let cases: Vec<Value> = serde_json::from_str(&text).map_err(|error| Failure::usage(format!("the cases: {error}")))?;
    let mut scores = Scores::default();
    let mut names: Vec<&str> = cases.iter().filter_map(|case| case["package"].as_str()).collect();
    names.sort_unstable();
    names.dedup();
    for name in names {
        let here = Options { root: Some(packages.join(name)), ..options.clone() };
        let workspace = Workspace::open(&here, output, None)?;
        workspace.host.settle();
        let snapshot = workspace.host.snapshot();
        let wanted = |case: &&Value| {
            let prompt = case["prompt"].as_str().unwrap_or_default();
            case["package"] == name && (only.is_empty() || only.iter().any(|only| only == prompt))
        };
        let cases: Vec<&Value> = cases.iter().filter(wanted).collect();
        block_on(of_package(&snapshot, &cases, output, &mut scores))??;
    }
    output.line(&scores.table());
    output.json(&scores.json());
    Ok(())
}

async fn of_package(snapshot: &Snapshot, cases: &[&Value], output: &Output, scores: &mut Scores) -> Result<(), Failure> {
    let gateway = snapshot
        .gateway()
        .ok_or_else(|| Failure::new("not_configured", "no model is configured; `tierline doctor` says how to configure one"))?;
    let entries = || gateway.ledger().entries().map_err(|error| Failure::new("ledger_unreadable", error.to_string()));
    let mut known = entries()?.last().map_or(0, |entry| entry.id);
    for case in cases {
        let prompt = case["prompt"].as_str().unwrap_or_default();
        let outcome = of_case(snapshot, prompt, case).await?;
        output.remark(&format!("{prompt} of {}: {}", case["package"].as_str().unwrap_or_default(), outcome.note));
        scores.case(prompt, outcome.stands, outcome.is_right);
        for entry in entries()?.iter().filter(|entry| entry.id > known) {
            scores.request(entry);
        }
        known = entries()?.last().map_or(0, |entry| entry.id);
    }
    Ok(())
}

/// What came of a case.
struct Outcome {
    /// Whether an answer of a model passed its checks.
    stands: bool,
    /// Whether it is the one that the case knows; `None` where it knows none.
    is_right: Option<bool>,
    /// What was said, or why nothing was.
    note: String,
}

impl Outcome {
    fn of(result: Result<String, String>) -> Self {
        let stands = result.is_ok();
        Self { stands, is_right: None, note: result.unwrap_or_else(|reason| format!("refused: {reason}")) }
    }
}

async fn of_case(snapshot: &Snapshot, prompt: &str, case: &Value) -> Result<Outcome, Failure> {
    let cancel = CancellationToken::new();
    let of = |key: &str| case[key].as_str().unwrap_or_default();
    if prompt == "lookup" {
        let found = lookup(snapshot, of("question"), HITS, &cancel).await;
        let names: Vec<String> = found.hits.iter().map(|hit| hit.ranked.symbol.symbol_path()).collect();
        let stands = found.note.is_none();
        let is_right = Some(stands && names.first().is_some_and(|first| first == of("answer")));
        let note = found.note.unwrap_or_else(|| names.join(", "));
        return Ok(Outcome { stands, is_right, note });
    }
    let symbol = symbol(snapshot, of("symbol"), of("file"))?;
    let (path, offset) = (symbol.path(), symbol.get().name_span.start as usize);
    let action = ActionId::new();
    let said = |result: Result<String, String>| Ok(Outcome::of(result));
    match prompt {
        "summary" => said(summarise(snapshot, &symbol, &cancel).await.map(|made| made.text).map_err(|error| error.to_string())),
        "explain" => {
            let explained = explain(snapshot, path, offset, &cancel).await;
            let text = explained.map(|explained| explained.markdown).unwrap_or_default();
            let refusal = text.lines().find_map(|line| line.strip_prefix("*No model's explanation: "));
            said(refusal.map_or_else(|| Ok(format!("{} bytes", text.len())), |reason| Err(reason.to_owned())))
        }
        "name" => {
            let names = refactor::suggest_names(snapshot, &symbol, &action, &cancel).await;
            said(names.map(|names| names.value.join(", ")).map_err(|error| error.to_string()))
        }
        "document" | "simplify" | "test" => {
            let kind = match prompt {
                "document" => EditKind::Document,
                "simplify" => EditKind::Simplify,
                _ => EditKind::Test,
            };
            let request = EditRequest { path: path.to_owned(), offset, kind, initial: text::EditSet::default() };
            let edited = refactor::edit(snapshot, &request, &action, &|_, _| {}, &cancel).await;
            let files = edited.map(|edited| format!("{} file(s)", edited.changes.files().len()));
            said(files.map_err(|error| error.to_string()))
        }
        "classify" => {
            let (reach, bill) = refactor::classify(snapshot, path, offset, of("instruction"), &action, &cancel).await;
            let reach = format!("{reach:?}").to_lowercase();
            let is_right = Some(reach == of("reach"));
            Ok(Outcome { stands: bill != assist::Bill::index(), is_right, note: reach })
        }
        other => Err(Failure::usage(format!("there is no prompt {other:?}"))),
    }
}

/// The one symbol of that path in that file.
fn symbol(snapshot: &Snapshot, path: &str, file: &str) -> Result<SymbolRef, Failure> {
    let name = path.rsplit("::").next().unwrap_or(path);
    let mut found = snapshot.index().named(name);
    found.retain(|symbol| symbol.symbol_path() == path && (file.is_empty() || symbol.path() == file));
    match found.as_slice() {
        [one] => Ok(one.clone()),
        _ => Err(Failure::usage(format!("{} symbols are called {path} in {file:?}; a case is about one", found.len()))),
    }
}
