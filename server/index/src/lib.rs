//! The workspace as data: walk, store, look up, rank.
