//! The gateway to model servers: tiers, providers, money, cache, egress.
//!
//! A caller brings a [`Job`] (text, a JSON schema, limits) and gets an [`Answer`] (JSON of that shape, what it cost) or a
//! [`ModelError`]. This room knows nothing of symbols, editors or prompts, and it is the only one that names a vendor or opens a
//! connection to one.

mod abilities;
mod answer;
mod batch;
mod breaker;
mod cache;
mod catalogue;
mod configuration;
mod consent;
pub mod egress;
mod error;
mod failure;
mod files;
mod flight;
#[cfg(feature = "fuzz")]
pub mod fuzz;
mod gate;
mod gateway;
mod job;
mod ledger;
mod local;
mod money;
mod secret;
mod shape;
mod stream;
mod team;
mod tier;
mod tokens;
mod traffic;
mod transport;
mod wait;
mod wire;

pub use abilities::Rung;
pub use batch::{BatchState, BatchTicket};
pub use cache::{CacheDirectory, CacheStats, Collected, Verified};
pub use catalogue::{Listed, ModelCard, known_models};
pub use configuration::{
    CapSettings, Caps, ConfigError, Configuration, Deadlines, Dollars, EgressSettings, Endpoint, KeyHeader, Keys, Limits,
    LongPromptSettings, PriceSettings, PriceSource, Profile, ProviderSettings, Settings, TeamCache, TeamCacheSettings, Terms,
    TierSettings, TokenLimitField, resolve, resolve_with,
};
pub use consent::{AskPolicy, AskUser, ConsentQuestion, forget_consents};
pub use error::ModelError;
pub use files::private_directory;
pub use gateway::{Estimate, Gateway, TierInfo};
pub use job::{ActionId, Answer, Job, Part, Priority, Schema, Tally};
pub use ledger::{Ledger, LedgerEntry, LedgerError, Saved};
pub use local::{LocalServer, local_server_at, local_servers};
pub use money::{Cost, LongPrompt, Prices, Usage};
pub use secret::Secret;
pub use tier::{Tier, UnknownTier, Wire};
pub use traffic::Traffic;
