//! Whole sessions of editors with the real server: what is shown, offered and found. Each editor checks every message of the
//! server against the protocol's meta-model when it is dropped.

mod actions;
mod configuration;
mod consent;
mod edits;
mod folders;
mod hostile;
mod hovers;
mod navigation;
mod progress;
mod quiet;
mod summaries;
mod symbols;
