use std::path::Path;
use std::time::Duration;

use models::{
    ActionId, Answer, Caps, Configuration, Cost, Deadlines, Endpoint, Gateway, Job, KeyHeader, LedgerEntry, ModelError, Part,
    Prices, Profile, Schema, Secret, Tally, Tier, TokenLimitField, Wire,
};
use serde_json::{Value, json};
use tempfile::TempDir;
use testkit::ModelServer;
use tokio_util::sync::CancellationToken;

pub(crate) const KEY: &str = "key-that-must-not-be-seen";
/// Prices that make a token worth a micro-dollar, so that a bill can be read.
pub(crate) const PLAIN: Prices =
    Prices { input: 1_000_000, cached: 100_000, cache_write: 1_000_000, output: 1_000_000, long_prompt: None };

/// A scripted server and a gateway to it, with directories of their own.
pub(crate) struct World {
    pub(crate) server: ModelServer,
    pub(crate) folder: TempDir,
    pub(crate) gateway: Gateway,
}

impl World {
    pub(crate) fn new(wire: Wire) -> World {
        World::with(wire, |_| {})
    }

    pub(crate) fn with(wire: Wire, change: impl Fn(&mut Configuration)) -> World {
        let (server, folder) = (ModelServer::start(), tempfile::tempdir().unwrap());
        let gateway = Gateway::new(configuration(&server.base_url(), folder.path(), wire, change));
        World { server, folder, gateway }
    }

    /// Another process of the same user.
    pub(crate) fn another(&self, wire: Wire, change: impl Fn(&mut Configuration)) -> Gateway {
        Gateway::new(configuration(&self.server.base_url(), self.folder.path(), wire, change))
    }

    pub(crate) async fn ask(&self, job: &Job) -> Result<Answer, ModelError> {
        self.gateway.ask(job, &CancellationToken::new()).await
    }

    pub(crate) fn lines(&self) -> Vec<LedgerEntry> {
        self.gateway.ledger().entries().unwrap()
    }
}

pub(crate) fn configuration(base_url: &str, folder: &Path, wire: Wire, change: impl Fn(&mut Configuration)) -> Configuration {
    let mut configuration = Configuration::none(folder.join("state"), folder.join("cache"));
    let dollar = Cost::from_micro_usd(1_000_000);
    configuration.caps = Caps { per_action: dollar, per_day: dollar, ..Caps::default() };
    for tier in Tier::ALL {
        let endpoint = Endpoint {
            base_url: base_url.to_owned(),
            wire,
            key: Some(Secret::new(KEY)),
            key_header: KeyHeader::Bearer,
            token_limit_field: TokenLimitField::MaxTokens,
            openai_fields: false,
            loopback: true,
            first_rung: models::Rung::Schema,
            headers: Default::default(),
        };
        let profile = Profile {
            endpoint,
            model: format!("{tier}-model"),
            prices: Some(PLAIN),
            context_tokens: 100_000,
            max_output_tokens: 10_000,
            effort: None,
            verbosity: None,
            timeout: Duration::from_secs(600),
            deadlines: Deadlines::default(),
            limits: models::Limits::default(),
            terms: models::Terms::default(),
        };
        configuration.tiers.insert(tier, profile);
    }
    change(&mut configuration);
    configuration
}

pub(crate) fn job(kind: &'static str, question: &str) -> Job {
    let json = json!({
        "type": "object", "properties": {"text": {"type": "string", "maxLength": 100}}, "required": ["text"], "additionalProperties": false
    });
    Job {
        kind,
        tier: Tier::Nano,
        prompt_version: 1,
        instructions: "Answer in a word.".into(),
        input: vec![Part::text("A stable part."), Part::text(question)],
        schema: Schema { name: "word_v1", json },
        max_output_tokens: 50,
        deadline: Duration::from_secs(60),
        action: ActionId::new(),
        workspace: "0123456789abcdef".into(),
        escalated_from: None,
        whole_bytes: 0,
        tally: Tally::default(),
    }
}

pub(crate) fn word(text: &str) -> Value {
    json!({"text": text})
}
