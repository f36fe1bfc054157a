//! What any input must leave true: one function for each part of Tierline that reads what others wrote. Each takes bytes, calls
//! what the product calls, and panics where an invariant of its file does not hold.
//!
//! libFuzzer feeds them (`tests/fuzz/run`, with `libfuzzer/` around them); what it found worth keeping stands in `corpora/`, a
//! folder for each, and goes through its function with every run of the test suite (`tests/corpora.rs`).

mod answers;
mod configuration;
mod documents;
mod edits;
mod events;
mod input;
mod plan;
mod queries;
mod sound;
mod trees;
mod workspace;

pub use answers::answers;
pub use configuration::configuration;
pub use documents::documents;
pub use edits::edits;
pub use events::events;
pub use plan::plan;
pub use queries::queries;
pub use trees::trees;

/// A target.
pub type Target = fn(&[u8]);

/// Every target by its name, which is that of its folder in `corpora/`.
pub const TARGETS: [(&str, Target); 8] = [
    ("answers", answers),
    ("configuration", configuration),
    ("documents", documents),
    ("edits", edits),
    ("events", events),
    ("plan", plan),
    ("queries", queries),
    ("trees", trees),
];
