//! What can be said about the configured models: their prices and where those come from, how long they are served, and, where the
//! user asks for it, what their server says of them.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Deserialize;
use serde_json::Value;

use crate::configuration::Table;
use crate::{ModelError, PriceSource, Prices, Profile, Terms, Tier, Wire};

/// How long a server may take to list its models.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// One model and its prices.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelCard {
    /// The model's name, as its server knows it.
    pub model: String,
    /// Host and port of the server; none for a model that is only known of.
    pub host: Option<String>,
    /// The protocol; none for a model that is only known of.
    pub wire: Option<Wire>,
    /// The prices; none where they are not known.
    pub prices: Option<Prices>,
    /// The context window, in tokens.
    pub context_tokens: u64,
    /// The longest reply, in tokens.
    pub max_output_tokens: Option<u32>,
    /// Where the prices come from, and what else is known.
    pub terms: Terms,
}

impl ModelCard {
    pub(crate) fn of(profile: &Profile, host: &str) -> ModelCard {
        ModelCard {
            model: profile.model.clone(),
            host: Some(host.to_owned()),
            wire: Some(profile.endpoint.wire),
            prices: profile.prices,
            context_tokens: profile.context_tokens,
            max_output_tokens: Some(profile.max_output_tokens),
            terms: profile.terms.clone(),
        }
    }
}

/// Every model that is known of without asking: the vendors', then what local servers often serve.
pub fn known_models() -> Vec<ModelCard> {
    let table = Table::built_in();
    let vendors = table.models.iter().map(|(model, row)| ModelCard {
        model: model.clone(),
        host: None,
        wire: None,
        prices: Some(row.price.prices()),
        context_tokens: row.context_tokens,
        max_output_tokens: Some(row.max_output_tokens),
        terms: Terms {
            price_source: table.source_of(row),
            batch_percent: row.batch,
            shutdown: row.shutdown.clone(),
            replacement: row.replacement.clone(),
        },
    });
    let local = table.local.iter().map(|(model, window)| ModelCard {
        model: model.clone(),
        host: None,
        wire: None,
        prices: Some(Prices::FREE),
        context_tokens: *window,
        max_output_tokens: None,
        terms: Terms { price_source: PriceSource::ThisMachine, ..Terms::default() },
    });
    vendors.chain(local).collect()
}

/// What a server says of one configured model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The tier.
    pub tier: Tier,
    /// The model.
    pub model: String,
    /// Whether the server lists it; a name without a tag counts for the one tagged `latest`.
    pub present: bool,
    /// The day from which the server no longer serves it, as `YYYY-MM-DD`.
    pub shutdown: Option<String>,
    /// What the server lists instead, a few names that begin alike or, where none does, the first ones.
    pub others: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Entry {
    id: String,
    #[serde(default)]
    shutdown_date: Option<String>,
}

/// The models of a server and the days of their end, from the body of its list.
pub(crate) fn list(body: &[u8]) -> Result<BTreeMap<String, Option<String>>, ModelError> {
    let malformed = || ModelError::Server { status: 200, message: "the list of models is not one".into() };
    let mut body: Value = serde_json::from_slice(body).map_err(|_| malformed())?;
    let entries: Vec<Entry> = serde_json::from_value(body["data"].take()).map_err(|_| malformed())?;
    Ok(entries.into_iter().map(|entry| (entry.id, entry.shutdown_date)).collect())
}

impl Listed {
    pub(crate) fn of(tier: Tier, profile: &Profile, models: &BTreeMap<String, Option<String>>) -> Listed {
        const SHOWN: usize = 5;
        let model = profile.model.clone();
        let latest = format!("{model}:latest");
        let found = models.get(&model).or_else(|| models.get(&latest));
        let shutdown = found.cloned().flatten().or_else(|| profile.terms.shutdown.clone());
        let mut others: Vec<String> = Vec::new();
        if found.is_none() {
            let stem: String = model.chars().take_while(|character| !matches!(character, ':' | '.' | '/')).take(6).collect();
            others = models.keys().filter(|name| name.starts_with(&stem)).take(SHOWN).cloned().collect();
            if others.is_empty() {
                others = models.keys().take(SHOWN).cloned().collect();
            }
        }
        Listed { tier, model, present: found.is_some(), shutdown, others }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_read_with_and_without_days_of_an_end() {
        let body = br#"{"object": "list", "data": [{"id": "a", "owned_by": "x", "shutdown_date": "2027-04-01"},
            {"id": "b", "shutdown_date": null}, {"id": "c"}]}"#;
        let listed = list(body).unwrap();
        assert_eq!(listed["a"].as_deref(), Some("2027-04-01"));
        assert_eq!((&listed["b"], &listed["c"]), (&None, &None));
        assert_eq!(list(b"{\"data\": 3}").unwrap_err().code(), "server");
        assert_eq!(list(b"<html>").unwrap_err().code(), "server");
    }

    #[test]
    fn what_is_known_has_prices_and_says_where_they_come_from() {
        let known = known_models();
        let nano = known.iter().find(|card| card.model == "gpt-5.4-nano").unwrap();
        assert_eq!((nano.terms.batch_percent, nano.terms.shutdown.as_deref()), (Some(50), Some("2027-04-01")));
        assert!(matches!(&nano.terms.price_source, PriceSource::Table { sources, .. } if !sources.is_empty()));
        assert!(known.iter().any(|card| card.model == "gpt-oss" && card.prices == Some(Prices::FREE)));
    }
}
