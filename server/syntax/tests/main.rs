//! Syntax seen from outside: what is listed of each language, under edits and within limits.

mod annotated;
mod clauses;
mod incremental;
mod language;
mod limits;
mod masks;
mod symbols;
mod values;
