//! How lately a file was written: what somebody works on is what they ask about.

use crate::Index;
use crate::base::FileId;

/// A day, in ns. Recency counts whole days: an order that changed with each save would ask a model anew for what it answered.
const DAY_NS: i128 = 24 * 3_600 * 1_000_000_000;

/// After so many days a file counts half.
const HALF_LIFE_DAYS: f64 = 7.0;

/// How much a file that was just written gains over one that was written long ago.
pub(crate) const RECENT: f64 = 0.15;

impl Index {
    /// How lately a file was written, from 1 for the newest file of the workspace, halved with each week that it is older. What is
    /// being edited is new. The newest file counts and not the clock, so that a workspace that rests keeps its order; in a fresh
    /// checkout all files are new alike.
    pub(crate) fn recency(&self, file: FileId) -> f64 {
        let newest = self.base.newest();
        match (self.record(file).mtime_ns, newest) {
            (Some(written), Some(newest)) => (-((newest.saturating_sub(written).max(0) / DAY_NS) as f64) / HALF_LIFE_DAYS).exp2(),
            _ => 1.0,
        }
    }
}
