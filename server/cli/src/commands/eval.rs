//! `tierline eval`: how well the look-up finds, and how well models do, on code that is at hand.

pub(crate) mod bm25;
pub(crate) mod lookup;
pub(crate) mod prompts;
