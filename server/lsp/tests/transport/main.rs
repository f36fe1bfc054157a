//! The transport's promises, each kept against a server that misbehaves: order, liveness, survival, the end.

mod backend;
mod ending;
mod liveness;
mod ordering;
mod rubbish;
