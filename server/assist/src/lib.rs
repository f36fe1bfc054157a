//! Assist: the workspace as one evolving thing, and the small jobs that are done for a user over it.
//!
//! [`Host`] is the one mutable object; a request takes an immutable [`Snapshot`] in its first line and keeps it. The features
//! (hover, look-up, explain) take a snapshot and plain values, and return plain structs: no protocol types, no JSON shapes.
//! What may go to a model passes through [`models`]; what a model answers is checked here against the index before anyone sees it.

mod ahead;
mod batch;
mod bill;
mod check;
mod claims;
mod delegate;
mod disk;
mod documentation;
mod documents;
mod egress;
mod expand;
mod explain;
mod facts;
mod gateway;
mod host;
mod hover;
mod keychain;
mod keys;
mod lookup;
pub mod markdown;
mod outgoing;
mod prefetch;
mod prompt;
mod queries;
mod settings;
mod summary;
mod target;
mod trust;
mod wording;

pub use ahead::{Ahead, may_work_ahead, next_ahead, summarise_many, worth_summarising};
pub use batch::{Collected, batch_percent, collect_batch, send_batch};
pub use bill::{Bill, Source};
pub use check::prose_fault;
pub use delegate::{Delegated, Flaw, Unanswered, Why, delegate, delegate_repairing, repair};
pub use documents::OpenDocument;
pub use egress::{may_leave, preview, verdict};
pub use explain::{Explanation, explain};
pub use gateway::Gateways;
pub use host::{Host, Snapshot};
pub use hover::{Address, Hover, HoverOptions, Refused, hover};
pub use keychain::{remove_key, store_key};
pub use lookup::{LookupHit, LookupResult, lookup};
pub use outgoing::{outgoing, summary_job};
pub use prefetch::{Prefetch, prefetch};
pub use prompt::Prompt;
pub use queries::user_queries;
pub use settings::{
    Configured, Counting, EditorSettings, Fault, HoverSettings, KEYS, Key, Kind, Layer, Places, ProblemPlace, Reach,
    ReviewPolicy, Settings, SettingsProblem, SettingsReader, SummaryPolicy, Unlock, configured_by, local_file, workspace_file,
};
pub use summary::{Summary, forget_summary, summarise, summarise_ahead, summary_if_known};
pub use target::{Target, symbol_at};
pub use trust::{Grant, Trust, configuration_files, look_at_trust, revoke_trust, trust};
pub use wording::plural;
