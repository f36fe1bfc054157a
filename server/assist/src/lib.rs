//! Host and Snapshot, and the small jobs: hover, look-up, explain.
