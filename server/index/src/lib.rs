//! The workspace as data: walk, store, look up, rank.
//!
//! An [`Index`] is an immutable picture of a folder of source files: what each file defines, uses and imports. It is cheap to
//! clone and to keep. A changed file gives a new picture, not a changed one: a large base is shared, and a small overlay holds
//! the files that differ from it.
//!
//! It knows [`text`] and [`syntax`]. It refuses to know the protocol, models, prompts, and anything asynchronous.

mod answers;
mod base;
mod build;
mod family;
mod fuse;
mod generated;
mod graph;
mod imports;
mod index;
mod keeper;
mod load;
mod map;
mod modules;
mod names;
mod near;
mod options;
mod overlay;
mod overloads;
mod paths;
mod place;
mod prominent;
mod rank;
mod recency;
mod record;
mod refresh;
mod regular;
mod resolve;
mod search;
mod store;
mod unused;
mod usage;
mod uses;
mod walk;
mod words;

pub use fuse::Ingredients;
pub use index::{Counts, Index};
pub use load::{headers_are_cpp, language};
pub use options::{Milliseconds, Options, Progress, Report};
pub use rank::Ranked;
pub use record::{FileRecord, Hit, SymbolId, SymbolRef};
pub use regular::{Link, read_regular};
pub use resolve::is_common_member;
pub use store::{Role, Store};
pub use unused::{note_use, remove_unused};
pub use usage::Usage;
pub use walk::can_read_rules;
