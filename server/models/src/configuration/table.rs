//! The built-in table of models. It is data in `models.toml`, dated and with its sources; a configuration overrides every value.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::PriceSource;
use super::settings::PriceSettings;
use crate::{LongPrompt, Prices, Tier};

const TEXT: &str = include_str!("../../models.toml");

/// What is known about models without asking.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Table {
    /// The day of the table, which the ledger notes beside every cost.
    pub(crate) version: String,
    /// The model of each tier, by provider.
    pub(crate) defaults: BTreeMap<String, BTreeMap<Tier, String>>,
    /// The reasoning effort of each tier.
    pub(crate) effort: BTreeMap<Tier, String>,
    /// The verbosity of each tier.
    pub(crate) verbosity: BTreeMap<Tier, String>,
    /// Prices and limits, by model.
    pub(crate) models: BTreeMap<String, Row>,
    /// Where the prices were found, by vendor.
    pub(crate) sources: BTreeMap<String, Vec<String>>,
    /// What local servers often serve, with the window that each model was made for, in tokens.
    pub(crate) local: BTreeMap<String, u64>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Row {
    pub(crate) vendor: String,
    pub(crate) price: PriceSettings,
    /// What a request in a batch costs, in per cent of the others, where the vendor has batches.
    pub(crate) batch: Option<u8>,
    pub(crate) context_tokens: u64,
    pub(crate) max_output_tokens: u32,
    /// The reasoning efforts that it takes, the least first; empty where that is not known.
    #[serde(default)]
    pub(crate) efforts: Vec<String>,
    /// The day from which the model is no longer served.
    pub(crate) shutdown: Option<String>,
    /// What the vendor names instead.
    pub(crate) replacement: Option<String>,
}

impl Table {
    /// The table. A table that cannot be read is empty, so that every price is unknown and nothing is called; a test reads it.
    pub(crate) fn built_in() -> Table {
        toml::from_str(TEXT).unwrap_or_default()
    }

    /// Where the prices of a row come from.
    pub(crate) fn source_of(&self, row: &Row) -> PriceSource {
        let sources = self.sources.get(&row.vendor).cloned().unwrap_or_default();
        PriceSource::Table { date: self.version.clone(), sources }
    }

    /// The row of a model, under its name or the name of a dated snapshot of it.
    pub(crate) fn row(&self, model: &str) -> Option<&Row> {
        self.models.get(model).or_else(|| self.models.get(undated(model)?))
    }
}

impl Row {
    /// The effort to ask for where a tier wants one: itself, else the next higher one that the model takes, else its highest.
    pub(crate) fn effort(&self, wanted: &str) -> String {
        const RISING: [&str; 7] = ["none", "minimal", "low", "medium", "high", "xhigh", "max"];
        let rank = |name: &str| RISING.iter().position(|known| *known == name).unwrap_or(RISING.len());
        let higher = self.efforts.iter().find(|offered| rank(offered) >= rank(wanted));
        higher.or(self.efforts.last()).cloned().unwrap_or_else(|| wanted.to_owned())
    }
}

/// `gpt-5.4-nano-2026-03-17` is a snapshot of `gpt-5.4-nano`.
fn undated(model: &str) -> Option<&str> {
    let (name, date) = model.split_at_checked(model.len().checked_sub(11)?)?;
    let shape = |(at, byte): (usize, u8)| if matches!(at, 0 | 5 | 8) { byte == b'-' } else { byte.is_ascii_digit() };
    date.bytes().enumerate().all(shape).then_some(name)
}

impl PriceSettings {
    /// The prices in micro-dollars.
    pub(crate) fn prices(&self) -> Prices {
        Prices {
            input: self.input.micro_usd(),
            cached: self.cached.unwrap_or(self.input).micro_usd(),
            cache_write: self.cache_write.unwrap_or(self.input).micro_usd(),
            output: self.output.micro_usd(),
            long_prompt: self.long_prompt.map(|long| LongPrompt {
                above_tokens: long.above_tokens,
                input: long.input.micro_usd(),
                cached: long.cached.unwrap_or(long.input).micro_usd(),
                cache_write: long.cache_write.unwrap_or(long.input).micro_usd(),
                output: long.output.micro_usd(),
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_reads_and_names_a_priced_model_for_each_tier() {
        let table: Table = toml::from_str(TEXT).unwrap();
        for (provider, tier) in ["openai", "anthropic"].into_iter().flat_map(|name| Tier::ALL.map(|tier| (name, tier))) {
            let row = &table.models[&table.defaults[provider][&tier]];
            assert!(row.vendor == provider && row.shutdown.as_deref().is_none_or(|day| day > table.version.as_str()), "{tier}");
        }
        for (model, row) in &table.models {
            let prices = row.price.prices();
            assert!(table.sources.contains_key(&row.vendor) && !prices.is_free(), "{model}");
            assert!(
                prices.cached < prices.input && prices.input <= prices.cache_write && prices.input < prices.output,
                "{model}"
            );
            let long = prices.long_prompt.is_none_or(|long| long.input >= prices.input && long.output >= prices.output);
            assert!(long && u64::from(row.max_output_tokens) < row.context_tokens, "{model}");
            let is_day = |day: &str| undated(&format!("m-{day}")).is_some();
            assert!(row.shutdown.as_deref().is_none_or(is_day), "{model}");
        }
        assert!(Tier::ALL.iter().all(|tier| table.effort.contains_key(tier) && table.verbosity.contains_key(tier)));
        assert_eq!(table.models["gpt-5.4-nano"].price.prices().output, 1_250_000);
        assert_eq!(table.models["gpt-5.4"].price.prices().long_prompt.map(|long| long.output), Some(22_500_000));
    }

    #[test]
    fn an_effort_that_a_model_does_not_take_becomes_the_next_higher_one() {
        let table = Table::built_in();
        let effort = |model: &str, wanted: &str| table.models[model].effort(wanted);
        assert_eq!((effort("gpt-5.4-nano", "none"), effort("gpt-5.4", "medium")), ("none".into(), "medium".into()));
        assert_eq!((effort("gpt-5-mini", "none"), effort("gpt-6.1-sol", "none")), ("minimal".into(), "low".into()));
        assert_eq!((effort("gpt-5", "xhigh"), effort("claude-opus-5-5", "none")), ("high".into(), "none".into()));
    }

    #[test]
    fn a_dated_snapshot_has_the_price_of_its_model() {
        let table = Table::built_in();
        assert!(table.row("gpt-5.4-nano-2026-03-17").is_some());
        assert!(table.row("gpt-5.4-nano-turbo").is_none());
        assert!(table.row("-2026-03-17").is_none() && table.row("é").is_none());
    }
}
