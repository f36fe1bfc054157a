//! Assist: the workspace as one evolving thing, and the small jobs that are done for a user over it.
//!
//! [`Host`] is the one mutable object; a request takes an immutable [`Snapshot`] in its first line and keeps it. The features
//! (hover, look-up, explain) take a snapshot and plain values, and return plain structs: no protocol types, no JSON shapes.
//! What may go to a model passes through [`models`]; what a model answers is checked here against the index before anyone sees it.

mod batch;
mod bill;
mod check;
mod delegate;
mod disk;
mod documents;
mod egress;
mod explain;
mod facts;
mod gateway;
mod host;
mod hover;
mod keys;
mod lookup;
pub mod markdown;
mod prefetch;
mod prompt;
mod queries;
mod settings;
mod summary;
mod trust;

pub use batch::{Collected, batch_percent, collect_batch, send_batch};
pub use bill::{Bill, Source};
pub use delegate::{Delegated, Unanswered, delegate};
pub use documents::OpenDocument;
pub use egress::{may_leave, preview, verdict};
pub use explain::{Explanation, explain};
pub use gateway::{open_gateway, open_gateway_over};
pub use host::{Host, Snapshot};
pub use hover::{Hover, hover};
pub use lookup::{LookupHit, LookupResult, lookup};
pub use prefetch::{Prefetch, prefetch};
pub use prompt::Prompt;
pub use queries::user_queries;
pub use settings::{HoverSettings, Places, Settings, SettingsProblem, SummaryPolicy};
pub use summary::{Summary, summarise, summarise_ahead, summary_if_known};
pub use trust::{Trust, grant_trust, revoke_trust, trust, trust_covers};
