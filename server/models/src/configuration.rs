//! What the gateway is told: which model stands behind which tier, at what price, under which caps. It reads no file and no
//! environment by itself; the caller brings the settings and a way to look a key up.

mod dialect;
mod dollars;
mod keys;
mod resolve;
mod settings;
mod table;
mod team;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

pub(crate) use dialect::{Dialect, built_in as built_in_dialects};
pub use dollars::Dollars;
pub use keys::Keys;
pub(crate) use resolve::is_loopback;
pub use resolve::{ConfigError, resolve, resolve_with};
pub use settings::{CapSettings, EgressSettings, LongPromptSettings, PriceSettings, ProviderSettings, Settings, TierSettings};
pub(crate) use table::Table;
pub use team::{TeamCache, TeamCacheSettings};

use crate::{AskPolicy, Cost, Prices, Rung, Secret, Tier, Traffic, Wire};

/// Where requests go and how they are spoken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// The address up to and including `/v1`, without a slash at its end.
    pub base_url: String,
    /// The protocol.
    pub wire: Wire,
    /// The key, when the server wants one.
    pub key: Option<Secret>,
    /// The header that carries the key: `authorization` (as a bearer token) or Azure's `api-key`.
    pub key_header: KeyHeader,
    /// What the token limit is called on the chat wire.
    pub token_limit_field: TokenLimitField,
    /// Whether OpenAI's own fields are sent: `store`, `service_tier`, `verbosity`, `prompt_cache_key`.
    pub openai_fields: bool,
    /// Whether the address is this machine.
    pub loopback: bool,
    /// How the shape of an answer is asked for first.
    pub first_rung: Rung,
    /// What is sent besides the usual headers; never a key.
    pub headers: BTreeMap<String, String>,
}

/// The header that carries the key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyHeader {
    /// `Authorization: Bearer KEY`.
    Bearer,
    /// `api-key: KEY`.
    ApiKey,
    /// `x-api-key: KEY`.
    XApiKey,
}

/// What the token limit is called on the chat wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenLimitField {
    /// What every compatible server knows.
    MaxTokens,
    /// What OpenAI's newer models demand.
    MaxCompletionTokens,
}

/// One tier's model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// The server.
    pub endpoint: Endpoint,
    /// The model's name, as the server knows it.
    pub model: String,
    /// The prices; unknown counts as over every cap.
    pub prices: Option<Prices>,
    /// The model's context window, in tokens.
    pub context_tokens: u64,
    /// The longest reply the model can give, in tokens.
    pub max_output_tokens: u32,
    /// The reasoning effort that is asked for.
    pub effort: Option<String>,
    /// The verbosity that is asked for, where the server knows OpenAI's own fields.
    pub verbosity: Option<String>,
    /// The longest time any one job may take, whatever its own deadline.
    pub timeout: Duration,
    /// The deadlines within a request.
    pub deadlines: Deadlines,
    /// How many requests, how fast.
    pub limits: Limits,
    /// Where the prices come from, and what else is known of the model.
    pub terms: Terms,
}

/// What is known of a model besides its prices.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Terms {
    /// Where the prices come from.
    pub price_source: PriceSource,
    /// What a request in a batch costs, in per cent of the others, where the server has batches.
    pub batch_percent: Option<u8>,
    /// The day from which the model is no longer served, as `YYYY-MM-DD`.
    pub shutdown: Option<String>,
    /// What its vendor names instead.
    pub replacement: Option<String>,
}

/// Where a price comes from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum PriceSource {
    /// Nobody knows a price.
    #[default]
    Unknown,
    /// The user's own file.
    Configured,
    /// A server on this machine costs nothing.
    ThisMachine,
    /// The built-in table.
    Table {
        /// The day of the table.
        date: String,
        /// Where its rows were found.
        sources: Vec<String>,
    },
}

/// How many requests a tier may send, how fast, and how long a failing server is left alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Requests under way at once.
    pub requests_at_once: usize,
    /// Requests in a minute; none means no limit.
    pub requests_per_minute: Option<u32>,
    /// Tokens in a minute, prompts and the longest replies together; none means no limit.
    pub tokens_per_minute: Option<u32>,
    /// The first rest of a server that failed five times in a row; each further one is twice as long, up to five minutes.
    pub rest: Duration,
}

impl Default for Limits {
    /// Sixteen at once, as fast as they come; ten seconds of rest.
    fn default() -> Self {
        Limits { requests_at_once: 16, requests_per_minute: None, tokens_per_minute: None, rest: Duration::from_secs(10) }
    }
}

/// The deadlines within a request. The job's own deadline is over all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deadlines {
    /// Until there is a connection.
    pub connect: Duration,
    /// From sending until the answer begins, where it comes in a stream.
    pub first_token: Duration,
    /// Between two pieces of a reply that has begun.
    pub stall: Duration,
}

impl Default for Deadlines {
    /// Five seconds, five minutes (a model on a slow machine reads a long prompt for so long), one minute.
    fn default() -> Self {
        Deadlines { connect: Duration::from_secs(5), first_token: Duration::from_secs(300), stall: Duration::from_secs(60) }
    }
}

/// The most that may be spent. Days are UTC days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caps {
    /// By one action of the user.
    pub per_action: Cost,
    /// In a day, over all tiers.
    pub per_day: Cost,
    /// In a day, by one tier.
    pub per_tier_day: BTreeMap<Tier, Cost>,
    /// In a day, for one workspace, whichever it is.
    pub per_workspace_day: Option<Cost>,
}

impl Default for Caps {
    /// Half a dollar for an action, two dollars for a day.
    fn default() -> Self {
        Caps {
            per_action: Cost::from_micro_usd(500_000),
            per_day: Cost::from_micro_usd(2_000_000),
            per_tier_day: BTreeMap::new(),
            per_workspace_day: None,
        }
    }
}

/// Everything the gateway is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Configuration {
    /// The tiers that can be asked.
    pub tiers: BTreeMap<Tier, Profile>,
    /// The tiers that were configured and cannot be asked, each with a sentence that says what to do.
    pub unavailable: BTreeMap<Tier, String>,
    /// The caps.
    pub caps: Caps,
    /// The directory of the ledger. It is created when it is first needed.
    pub state_dir: PathBuf,
    /// The directory of the cache. It may be deleted at any time.
    pub cache_dir: PathBuf,
    /// The cache that the user's team shares.
    pub team_cache: Option<TeamCache>,
    /// What was configured and cannot be had, each in a sentence that says what to do. The rest works without it.
    pub problems: Vec<String>,
    /// Where requests go.
    pub traffic: Traffic,
    /// Which servers need the user's word before the first text of a workspace goes to them.
    pub ask: AskPolicy,
}

impl Configuration {
    /// No tier at all: every job answers that no model is configured.
    pub fn none(state_dir: impl Into<PathBuf>, cache_dir: impl Into<PathBuf>) -> Self {
        Configuration {
            tiers: BTreeMap::new(),
            unavailable: BTreeMap::new(),
            caps: Caps::default(),
            state_dir: state_dir.into(),
            cache_dir: cache_dir.into(),
            team_cache: None,
            problems: Vec::new(),
            traffic: Traffic::Live,
            ask: AskPolicy::default(),
        }
    }

    /// This configuration with its requests going elsewhere. What is replayed needs no key and costs nothing.
    #[must_use]
    pub fn over(mut self, traffic: Traffic) -> Self {
        if let Traffic::Replay(_) = traffic {
            for profile in self.tiers.values_mut() {
                profile.prices = Some(Prices::FREE);
                profile.endpoint.key = None;
            }
        }
        Configuration { traffic, ..self }
    }
}
