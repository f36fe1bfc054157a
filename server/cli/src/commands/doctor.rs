//! `tierline doctor`: what is configured, what is wrong, how to mend it. It sends nothing.

use std::sync::Arc;

use assist::{Places, Settings, open_gateway};
use index::{Index, Store};
use models::{Gateway, Ledger, Tier};
use serde_json::{Value, json};

use crate::arguments::Options;
use crate::failure::Failure;
use crate::output::Output;
use crate::terminal::{bold, dim};
use crate::workspace::root;

pub(crate) fn run(options: &Options, output: &Output) -> Result<(), Failure> {
    let places = Places::of_user();
    let root = root(options, None)?;
    let (settings, mut problems) = Settings::load(&places, &root);
    let (gateway, more) = open_gateway(&places);
    let faults: Vec<String> = super::languages::faults().collect();
    problems.extend(more);
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
            "store": store.as_ref().map(|store| json!({"path": store.path(), "bytes": store.bytes(), "is_led": store.is_led()})),
        },
        "summary_policy": format!("{:?}", settings.hover.summary),
        "spent_today_micro_usd": spent.as_ref().ok().map(|cost| cost.micro_usd()),
        "problems": problems.iter().map(ToString::to_string).chain(faults.iter().cloned()).collect::<Vec<_>>(),
    }));
    output.line(&bold(&format!("tierline {}", env!("CARGO_PKG_VERSION"))));
    output.line(&format!("  workspace      {}", root.display()));
    output.line(&format!("  configuration  {}", existing(&places.user_file())));
    output.line(&format!("  state          {}", existing(&places.state)));
    output.line(&format!("  cache          {}", existing(&places.cache)));
    let kept = match &store {
        Some(store) => {
            format!("{} files, {} kept in {} ({} bytes)", survey.files, survey.stored, store.path().display(), store.bytes())
        }
        None => format!("{} files, {}", survey.files, dim("none kept yet")),
    };
    output.line(&format!("  index          {kept}"));
    for (reason, count) in &survey.skipped {
        output.line(&format!("  skipped        {count}: {reason}"));
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
    for problem in problems.iter().map(ToString::to_string).chain(faults) {
        output.line(&format!("  problem        {problem}"));
    }
    if gateway.is_none() {
        output.line("");
        output.line("No model is configured, so the index answers alone and nothing leaves this machine. To have summaries,");
        output.line(&format!("explanations and planned refactors, write one of these to {}:", places.user_file().display()));
        output.line("");
        output.line(&dim("  provider = \"openai\"       # reads the key from OPENAI_API_KEY"));
        output.line("");
        output.line(&dim("  provider = \"local\"        # a server on this machine, such as llama.cpp's on port 8080"));
    }
    Ok(())
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
