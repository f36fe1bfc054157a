//! `tierline models`: which model is behind each tier, what it costs and who says so. It sends nothing unless it is told to check.

use std::process::ExitCode;

use assist::Places;
use assist::markdown::plain;
use jiff::civil::Date;
use models::{Gateway, Listed, ModelCard, ModelError, PriceSource, Prices, Tier, known_models};
use serde_json::{Value, json};

use crate::arguments::Options;
use crate::commands::block_on;
use crate::failure::Failure;
use crate::output::Output;
use crate::terminal::{bold, dim};
use crate::workspace::{configured, gateway, root};

/// An end that is nearer than this is warned of, in days.
const NEAR: i32 = 90;

pub(crate) fn run(options: &Options, output: &Output, all: bool, check: bool) -> Result<ExitCode, Failure> {
    if all {
        list_known(output);
        return Ok(ExitCode::SUCCESS);
    }
    let places = Places::of_user();
    let configured = configured(&places, &root(options, None)?);
    let (gateway, problems) = gateway(options, &places, &configured);
    for problem in &problems {
        output.remark(&assist::markdown::plain(&format!("tierline: {problem}")));
    }
    let Some(gateway) = gateway else {
        return Err(Failure::new(
            "not_configured",
            "no model is configured: see tierline doctor; --all lists the prices that are known",
        ));
    };
    if check {
        return ask_servers(output, &gateway);
    }
    list_tiers(output, &gateway);
    Ok(ExitCode::SUCCESS)
}

fn list_known(output: &Output) {
    let known = known_models();
    output.json(&json!({"models": known.iter().map(card_json).collect::<Vec<_>>()}));
    output.line(&head("model"));
    for card in &known {
        output.line(&row(&card.model, card));
    }
    if let Some(line) = known.iter().find_map(|card| source(&card.terms.price_source)) {
        output.line(&dim(&line));
    }
    output.line(&dim("dollars for a million tokens; a configured price overrides every one of them"));
}

fn list_tiers(output: &Output, gateway: &Gateway) {
    let cards: Vec<(Tier, Option<ModelCard>)> = Tier::ALL.into_iter().map(|tier| (tier, gateway.card(tier))).collect();
    let of = |(tier, card): &(Tier, Option<ModelCard>)| {
        let mut value = card.as_ref().map_or_else(|| json!({"model": null, "reason": gateway.unavailable(*tier)}), card_json);
        value["tier"] = json!(tier.as_str());
        value
    };
    output.json(&json!({"tiers": cards.iter().map(of).collect::<Vec<_>>()}));
    output.line(&head("tier"));
    for (tier, card) in &cards {
        let Some(card) = card else {
            let reason = gateway.unavailable(*tier).unwrap_or("not configured");
            output.line(&format!("{:<20} {}", tier.as_str(), dim(reason)));
            continue;
        };
        output.line(&row(tier.as_str(), card));
        let wire = card.wire.map(|wire| format!(" ({wire})")).unwrap_or_default();
        let at = card.host.as_deref().map(|host| format!(" at {host}{wire}")).unwrap_or_default();
        output.line(&dim(&format!("  {}{at}", plain(&card.model))));
        let lines = [source(&card.terms.price_source), ending(card.terms.shutdown.as_deref(), card.terms.replacement.as_deref())];
        lines.into_iter().flatten().for_each(|line| output.line(&dim(&format!("  {line}"))));
    }
    output.line(&dim("dollars for a million tokens; --check asks the servers whether they have these models"));
}

fn ask_servers(output: &Output, gateway: &Gateway) -> Result<ExitCode, Failure> {
    let found = block_on(gateway.check_models())?;
    let warnings: Vec<(Tier, String)> = found
        .iter()
        .filter_map(|(tier, listed)| {
            let replacement = gateway.card(*tier).and_then(|card| card.terms.replacement);
            warning(listed, replacement.as_deref()).map(|warning| (*tier, warning))
        })
        .collect();
    output.json(&json!({
        "tiers": found.iter().map(|(tier, listed)| listed_json(*tier, listed)).collect::<Vec<_>>(),
        "warnings": warnings.iter().map(|(tier, warning)| format!("{tier}: {warning}")).collect::<Vec<_>>(),
    }));
    for (tier, listed) in &found {
        let said = warnings.iter().find(|(warned, _)| warned == tier).map(|(_, warning)| warning.clone());
        let fine = || listed.as_ref().map(|listed| format!("{} is there", plain(&listed.model))).unwrap_or_default();
        output.line(&format!("{:<20} {}", tier.as_str(), said.unwrap_or_else(fine)));
    }
    Ok(if warnings.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// What is wrong with a model, or soon will be.
fn warning(listed: &Result<Listed, ModelError>, replacement: Option<&str>) -> Option<String> {
    let listed = match listed {
        Ok(listed) => listed,
        Err(error) => return Some(format!("its server could not be asked: {error}")),
    };
    if !listed.present {
        let others = listed.others.iter().map(|name| plain(name)).collect::<Vec<_>>().join(", ");
        return Some(format!("{} is not among the server's models; it has {others}", plain(&listed.model)));
    }
    let day: Date = listed.shutdown.as_deref()?.parse().ok()?;
    let left = day.since(jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date()).ok()?.get_days();
    let soon = ending(listed.shutdown.as_deref(), replacement)?;
    (left <= NEAR).then(|| format!("{}: {soon}", plain(&listed.model)))
}

fn ending(shutdown: Option<&str>, replacement: Option<&str>) -> Option<String> {
    let instead = replacement.map(|name| format!("; {name} is named instead")).unwrap_or_default();
    Some(format!("no longer served from {}{instead}", plain(shutdown?)))
}

fn head(first: &str) -> String {
    bold(&format!("{first:<20} {:>9} {:>9} {:>9} {:>9} {:>10}", "in", "cached", "out", "batch", "window"))
}

fn row(first: &str, card: &ModelCard) -> String {
    let price = |of: fn(&Prices) -> u64| card.prices.map_or_else(|| "?".to_owned(), |prices| dollars(of(&prices)));
    let batch = card.terms.batch_percent.map(|percent| format!("{percent} %")).unwrap_or_default();
    let long = card
        .prices
        .and_then(|prices| prices.long_prompt)
        .map(|long| format!("  above {}: {} in, {} out", long.above_tokens, dollars(long.input), dollars(long.output)));
    format!(
        "{first:<20} {:>9} {:>9} {:>9} {batch:>9} {:>10}{}",
        price(|prices| prices.input),
        price(|prices| prices.cached),
        price(|prices| prices.output),
        card.context_tokens,
        long.unwrap_or_default()
    )
}

/// Dollars with as many digits as the price has, two at least.
fn dollars(micro: u64) -> String {
    let digits = format!("{:06}", micro % 1_000_000);
    let digits = digits.trim_end_matches('0');
    format!("{}.{digits:0<2}", micro / 1_000_000)
}

fn source(source: &PriceSource) -> Option<String> {
    match source {
        PriceSource::Unknown => Some("its price is not known, so it is not asked: set `price` for the tier".to_owned()),
        PriceSource::Configured => Some("priced by your configuration".to_owned()),
        PriceSource::ThisMachine => Some("a server on this machine, which costs nothing".to_owned()),
        PriceSource::Table { date, sources } => Some(format!("priced on {date} by {}", sources.first()?)),
    }
}

fn card_json(card: &ModelCard) -> Value {
    let (origin, date, sources) = match &card.terms.price_source {
        PriceSource::Unknown => ("unknown", None, None),
        PriceSource::Configured => ("configuration", None, None),
        PriceSource::ThisMachine => ("this_machine", None, None),
        PriceSource::Table { date, sources } => ("table", Some(date), Some(sources)),
    };
    json!({
        "model": card.model,
        "host": card.host,
        "wire": card.wire.map(|wire| wire.as_str()),
        "price_micro_usd_per_million": card.prices.map(|prices| json!({
            "input": prices.input, "cached": prices.cached, "cache_write": prices.cache_write, "output": prices.output,
            "long_prompt": prices.long_prompt.map(|long| json!({
                "above_tokens": long.above_tokens, "input": long.input, "cached": long.cached, "cache_write": long.cache_write,
                "output": long.output,
            })),
        })),
        "price_origin": origin,
        "price_date": date,
        "price_sources": sources,
        "batch_percent": card.terms.batch_percent,
        "context_tokens": card.context_tokens,
        "max_output_tokens": card.max_output_tokens,
        "shutdown": card.terms.shutdown,
        "replacement": card.terms.replacement,
    })
}

fn listed_json(tier: Tier, listed: &Result<Listed, ModelError>) -> Value {
    match listed {
        Ok(listed) => json!({
            "tier": tier.as_str(), "model": listed.model, "present": listed.present, "shutdown": listed.shutdown,
            "others": listed.others,
        }),
        Err(error) => json!({"tier": tier.as_str(), "error": {"code": error.code(), "message": error.to_string()}}),
    }
}
