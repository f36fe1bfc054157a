//! The settings as a user writes them in TOML. Every field is optional; `resolve` gives them meaning.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Dollars, TeamCacheSettings, TokenLimitField};
use crate::{AskPolicy, Tier, Wire};

/// The parts of a user's configuration file that concern models.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Settings {
    /// The provider of every tier that names none: `openai`, `local`, or a name under `providers`. Naming it here is enough to
    /// configure all three tiers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider: Option<String>,
    /// Providers by name. `openai` and `local` are built in and can be overridden.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub providers: BTreeMap<String, ProviderSettings>,
    /// The tiers.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub tiers: BTreeMap<Tier, TierSettings>,
    /// The caps.
    #[serde(default)]
    pub caps: CapSettings,
    /// What has to happen before anything is sent.
    #[serde(default)]
    pub egress: EgressSettings,
    /// The cache that the user's team shares.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team_cache: Option<TeamCacheSettings>,
}

/// A server that several tiers share.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ProviderSettings {
    /// The address up to and including `/v1`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base_url: Option<String>,
    /// The protocol.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wire: Option<Wire>,
    /// The name of the environment variable that holds the key. The key itself never stands in a file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key_env: Option<String>,
    /// A program, with its arguments, that prints the key: a password manager, for example. It is started without a shell, when the
    /// configuration is read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key_command: Option<Vec<String>>,
    /// The name under which the keychain of the system holds the key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key_keychain: Option<String>,
}

/// One tier.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct TierSettings {
    /// The provider: `openai`, `local`, or a name under `providers`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider: Option<String>,
    /// The address, when it differs from the provider's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base_url: Option<String>,
    /// The model's name, as the server knows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// The protocol, when it differs from the provider's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wire: Option<Wire>,
    /// The name of the environment variable that holds the key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key_env: Option<String>,
    /// A program, with its arguments, that prints the key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key_command: Option<Vec<String>>,
    /// The name under which the keychain of the system holds the key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key_keychain: Option<String>,
    /// The prices in dollars for a million tokens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price: Option<PriceSettings>,
    /// What a request in a batch costs, in per cent of the others, where the server takes OpenAI's batches.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub batch_percent: Option<u8>,
    /// The model's context window, in tokens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub context_tokens: Option<u64>,
    /// The longest reply, in tokens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_output_tokens: Option<u32>,
    /// The reasoning effort that is asked for; an empty text asks for none at all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effort: Option<String>,
    /// How long the answers are to be, where the server is asked for that: `low`, `medium` or `high`; an empty text asks for nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verbosity: Option<String>,
    /// The longest time any one job may take, in seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeout_seconds: Option<u64>,
    /// The longest time until an answer begins, in seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_token_seconds: Option<u64>,
    /// How many requests may be under way at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requests_at_once: Option<usize>,
    /// How many requests may be sent in a minute.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requests_per_minute: Option<u32>,
    /// How many tokens may be sent and asked for in a minute.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tokens_per_minute: Option<u32>,
    /// What the token limit is called on the chat wire.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token_limit_field: Option<TokenLimitField>,
}

/// Prices in dollars for a million tokens.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct PriceSettings {
    /// Prompt tokens.
    pub input: Dollars,
    /// Cached prompt tokens; without it they cost what others do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cached: Option<Dollars>,
    /// Prompt tokens that are written into the server's cache; without it they cost what others do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cache_write: Option<Dollars>,
    /// Reply tokens.
    pub output: Dollars,
    /// Other prices for long prompts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub long_prompt: Option<LongPromptSettings>,
}

/// Prices of a request whose prompt is longer than a mark.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct LongPromptSettings {
    /// The mark, in tokens.
    pub above_tokens: u64,
    /// Prompt tokens.
    pub input: Dollars,
    /// Cached prompt tokens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cached: Option<Dollars>,
    /// Prompt tokens that are written into the server's cache.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cache_write: Option<Dollars>,
    /// Reply tokens.
    pub output: Dollars,
}

/// The most that may be spent, in dollars.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct CapSettings {
    /// By one action of the user; half a dollar unless set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per_action: Option<Dollars>,
    /// In a UTC day; two dollars unless set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per_day: Option<Dollars>,
    /// In a UTC day by one tier; no cap of its own unless set.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub per_tier_day: BTreeMap<Tier, Dollars>,
    /// In a UTC day for one workspace, whichever it is; no cap of its own unless set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per_workspace_day: Option<Dollars>,
}

/// What has to happen before anything is sent.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct EgressSettings {
    /// Which servers need the user's word before the first text of a workspace goes to them.
    #[serde(default)]
    pub ask: AskPolicy,
}
