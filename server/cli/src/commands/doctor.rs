//! `tierline doctor`: what is configured, what is wrong, how to mend it. It sends nothing.

use std::sync::Arc;

use assist::{Fault, Places, SettingsProblem, Trust, plural};
use index::{Index, Store};
use models::{Gateway, Ledger, Tier};
use serde_json::{Value, json};

use crate::arguments::Options;
use crate::failure::Failure;
use crate::output::Output;
use crate::terminal::{bold, dim};
use crate::workspace::{configured, gateway, root};

pub(crate) fn run(options: &Options, output: &Output) -> Result<(), Failure> {
    let places = Places::of_user();
    let root = root(options, None)?;
    let configured = configured(&places, &root);
    let (gateway, more) = gateway(options, &places, &configured);
    let faults: Vec<String> = super::languages::faults().collect();
    let problems: Vec<&SettingsProblem> = configured.problems.iter().chain(&more).collect();
    let settings = &configured.settings;
    let spent = Ledger::new(&places.state).total_today();
    let store =
        Some(&places).filter(|_| settings.keep_index && !options.no_store).and_then(|places| Store::look(&places.cache, &root));
    let index = store.as_ref().map_or_else(|| Index::empty(&root), |store| Index::stored(&root, Arc::clone(store)));
    let survey = index.survey(&settings.index_options());
    let tiers: Vec<(Tier, Option<models::TierInfo>)> =
        Tier::ALL.into_iter().map(|tier| (tier, gateway.as_ref().and_then(|gateway| gateway.describe(tier)))).collect();
    output.json(&json!({
        "version": env!("CARGO_PKG_VERSION"),
        "root": root,
        "user_file": places.user_file(),
        "state": places.state,
        "cache": places.cache,
        "tiers": tiers.iter().map(|(tier, info)| tier_json(*tier, info.as_ref(), gateway.as_deref())).collect::<Vec<_>>(),
        "index": {
            "files": survey.files,
            "kept": survey.stored,
            "unread": survey.unread,
            "skipped": survey.skipped,
            "marked": survey.marked,
            "store": store.as_ref().map(|store| json!({"path": store.path(), "bytes": store.bytes(), "is_led": store.is_led()})),
        },
        "summary_policy": format!("{:?}", settings.hover.summary),
        "spent_today_micro_usd": spent.as_ref().ok().map(|cost| cost.micro_usd()),
        "trust": configured.trust.as_str(),
        "problems": problems.iter().map(ToString::to_string).chain(faults.iter().cloned()).collect::<Vec<_>>(),
        "findings": problems.iter().map(|problem| finding(problem)).collect::<Vec<_>>(),
    }));
    output.line(&bold(&format!("tierline {}", env!("CARGO_PKG_VERSION"))));
    output.line(&format!("  workspace      {}", root.display()));
    output.line(&format!("  configuration  {}", existing(&places.user_file())));
    output.line(&format!("  state          {}", existing(&places.state)));
    output.line(&format!("  cache          {}", existing(&places.cache)));
    let files = plural(survey.files, "file", "files");
    let kept = match &store {
        Some(store) => format!("{files}, {} kept in {} ({} bytes)", survey.stored, store.path().display(), store.bytes()),
        None => format!("{files}, {}", dim("none kept yet")),
    };
    output.line(&format!("  index          {kept}"));
    for (reason, count) in &survey.skipped {
        output.line(&format!("  skipped        {count}: {reason}"));
    }
    for (reason, count) in &survey.marked {
        output.line(&format!("  marked         {count}: {reason}"));
    }
    for (tier, info) in &tiers {
        let what = match info {
            Some(info) => {
                let price = if info.free { ", free" } else { "" };
                format!("{} at {} ({}{price})", info.model, info.host, info.wire.as_str())
            }
            None => dim("not configured"),
        };
        output.line(&format!("  {:<14} {what}", tier.as_str()));
    }
    match &spent {
        Ok(cost) => output.line(&format!("  spent today    {cost}")),
        Err(error) => output.line(&format!("  ledger         {error}; no paid model is asked until it can be read")),
    }
    output.line(&format!("  trust          {}", configured.trust.as_str()));
    for problem in &problems {
        output.line(&format!("  problem        {}", assist::markdown::plain(&problem.to_string())));
        output.line(&format!("                 {}", dim(cure(problem.fault))));
    }
    for fault in faults {
        output.line(&format!("  problem        {fault}"));
    }
    if settings.check_command.is_some() && configured.trust != Trust::Trusted {
        output.line("  check          `check.command` does not run here, because it runs the workspace's code: `tierline trust` allows it");
    }
    if gateway.is_none() {
        output.line("");
        output.line("No model is configured, so the index answers alone and nothing leaves this machine. To have summaries,");
        output.line(&format!(
            "explanations and planned refactors, run `tierline init`, or write one of these to {}:",
            places.user_file().display()
        ));
        output.line("");
        output.line(&dim("  provider = \"openai\"       # reads the key from OPENAI_API_KEY"));
        output.line("");
        output.line(&dim("  provider = \"local\"        # a server on this machine, such as llama.cpp's on port 8080"));
    }
    Ok(())
}

/// What mends a kind of problem.
fn cure(fault: Fault) -> &'static str {
    match fault {
        Fault::Unreadable => "mend the file; until then Tierline runs as if it said nothing",
        Fault::Unknown => "correct or remove the key; `tierline config reference` lists all of them",
        Fault::Value => "write a value of that kind; until then the key counts as not set",
        Fault::NeedsTrust => "look at `tierline trust --show`, and run `tierline trust` if you want it so",
        Fault::Refused => "set it in your own configuration file, where only you write",
        Fault::Model => "mend it as it says; `tierline models --check` then asks the server",
    }
}

/// A problem, for programs.
pub(super) fn finding(problem: &SettingsProblem) -> Value {
    json!({
        "code": problem.fault.code(),
        "file": problem.file,
        "line": problem.place.map(|place| place.line),
        "column": problem.place.map(|place| place.column),
        "message": problem.message,
        "cure": cure(problem.fault),
    })
}

fn existing(path: &std::path::Path) -> String {
    if path.exists() { path.display().to_string() } else { format!("{} {}", path.display(), dim("(not there yet)")) }
}

fn tier_json(tier: Tier, info: Option<&models::TierInfo>, gateway: Option<&Gateway>) -> Value {
    match info {
        Some(info) => json!({
            "tier": tier.as_str(),
            "model": info.model,
            "host": info.host,
            "wire": info.wire.as_str(),
            "free": info.free,
        }),
        None => json!({
            "tier": tier.as_str(),
            "model": null,
            "reason": gateway.and_then(|gateway| gateway.unavailable(tier)),
        }),
    }
}
