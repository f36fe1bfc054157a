//! `tierline languages`: what is understood, with which grammar and which query.

use assist::{Places, Trust, trust};
use serde_json::{Value, json};
use syntax::{Language, QueryOrigin};

use crate::arguments::Options;
use crate::failure::Failure;
use crate::output::Output;
use crate::terminal::{bold, dim};
use crate::workspace::root;

pub(crate) fn run(options: &Options, output: &Output) -> Result<(), Failure> {
    let places = Places::of_user();
    let folder = places.queries();
    let workspace_queries = match trust(&places, &root(options, None)?) {
        Trust::NotNeeded => "none",
        Trust::Trusted => "on",
        Trust::Changed => "off: they have changed since they were trusted; look at them and run `tierline trust`",
        Trust::Untrusted => "off: this workspace is not trusted; look at them and run `tierline trust`",
    };
    let languages: Vec<Language> = built_in().collect();
    output.json(&json!({
        "languages": languages.iter().copied().map(language_json).collect::<Vec<_>>(),
        "user_queries": folder,
        "workspace_queries": workspace_queries,
    }));
    let row =
        |name: &str, grammar: &str, query: &str, extensions: &str| format!("{name:<16} {grammar:<31} {query:<10} {extensions}");
    output.line(&bold(&row("language", "grammar", "query", "files")));
    for &language in &languages {
        let (name, version) = language.grammar_crate();
        let (origin, _) = origin(&language.query_origin());
        output.line(&row(language.name(), &format!("{name} {version}"), origin, &language.extensions().join(" ")));
    }
    for fault in faults() {
        output.line(&format!("problem  {fault}"));
    }
    output.line(&dim(&format!("your own queries: {} (<language>/tags.scm)", folder.display())));
    output.line(&dim(&format!("queries of a workspace: {workspace_queries}")));
    Ok(())
}

/// What is wrong with the queries that users bring, as sentences.
pub(crate) fn faults() -> impl Iterator<Item = String> {
    built_in().filter_map(|language| match language.query_origin() {
        QueryOrigin::Faulty(fault) => Some(format!("{fault}; the built-in query of {} is used", language.name())),
        _ => None,
    })
}

fn built_in() -> impl Iterator<Item = Language> {
    Language::ALL.iter().copied().filter(|language| language.is_built_in())
}

fn language_json(language: Language) -> Value {
    let (grammar, version) = language.grammar_crate();
    let origin_of = language.query_origin();
    let (origin, file) = origin(&origin_of);
    let error = match &origin_of {
        QueryOrigin::Faulty(fault) => {
            json!({"file": fault.path, "line": fault.line, "column": fault.column, "message": fault.message})
        }
        _ => Value::Null,
    };
    json!({
        "name": language.name(),
        "extensions": language.extensions(),
        "grammar": {"crate": grammar, "version": version},
        "query": {"origin": origin, "built_in": language.query_files().collect::<Vec<_>>(), "user_file": file, "error": error},
    })
}

/// Where a query comes from, in a word, and the user's file.
fn origin(origin: &QueryOrigin) -> (&'static str, Option<&str>) {
    match origin {
        QueryOrigin::BuiltIn => ("built-in", None),
        QueryOrigin::Replaced(file) => ("replaced", Some(file)),
        QueryOrigin::Extended(file) => ("extended", Some(file)),
        QueryOrigin::Faulty(fault) => ("faulty", Some(&fault.path)),
    }
}
