//! `tierline config`: what is configured and where each value comes from, what is wrong, and what may be set.

mod reference;
mod schema;

use std::process::ExitCode;

use assist::{Counting, Places, SettingsProblem, markdown};
use serde_json::{Value, json};

use crate::arguments::{ConfigAction, Options};
use crate::failure::Failure;
use crate::output::Output;
use crate::terminal::dim;
use crate::workspace::{configured, gateway, root};

pub(crate) fn run(options: &Options, output: &Output, action: &ConfigAction) -> Result<ExitCode, Failure> {
    match action {
        ConfigAction::Show { origin } => show(options, output, *origin)?,
        ConfigAction::Check => return check(options, output),
        ConfigAction::Schema => output.text(&format!("{:#}", schema::schema())),
        ConfigAction::Reference => output.text(reference::page().trim_end()),
    }
    Ok(ExitCode::SUCCESS)
}

fn show(options: &Options, output: &Output, with_origin: bool) -> Result<(), Failure> {
    let found = configured(&Places::of_user(), &root(options, None)?);
    output.json(&json!({"values": found.values.iter().map(value_json).collect::<Vec<_>>(), "trust": found.trust.as_str()}));
    for value in &found.values {
        let line = markdown::plain(&format!("{} = {}", value.name, value.value));
        output.line(&if with_origin { format!("{line}  {}", dim(&format!("# {}", origin(value)))) } else { line });
    }
    Ok(())
}

fn value_json(value: &Counting) -> Value {
    json!({
        "key": value.name,
        "value": value.value,
        "origin": {"layer": value.layer.as_str(), "file": value.file, "line": value.line},
    })
}

/// `built-in`, or `user, /home/me/.config/tierline/config.toml:3`.
fn origin(value: &Counting) -> String {
    match (&value.file, value.line) {
        (Some(file), Some(line)) => format!("{}, {}:{line}", value.layer.as_str(), markdown::plain(&file.display().to_string())),
        _ => value.layer.as_str().to_owned(),
    }
}

fn check(options: &Options, output: &Output) -> Result<ExitCode, Failure> {
    let places = Places::of_user();
    let found = configured(&places, &root(options, None)?);
    let (_, more) = gateway(options, &places, &found);
    let problems: Vec<&SettingsProblem> = found.problems.iter().chain(&more).collect();
    output.json(&json!({"problems": problems.iter().map(|problem| super::doctor::finding(problem)).collect::<Vec<_>>()}));
    for problem in &problems {
        output.line(&markdown::plain(&problem.to_string()));
    }
    if problems.is_empty() {
        output.line("nothing is wrong in the configuration");
        return Ok(ExitCode::SUCCESS);
    }
    Ok(ExitCode::FAILURE)
}
