//! What a shop has.

use std::collections::BTreeMap;

/// All that there is.
pub struct Store {
    goods: BTreeMap<String, u32>,
}

impl Store {
    /// An empty one.
    pub fn open() -> Self {
        Self { goods: BTreeMap::new() }
    }

    pub fn fill(&mut self, name: &str, count: u32) -> u32 {
        let kept = self.goods.entry(name.to_owned()).or_default();
        *kept += count;
        *kept
    }
}

fn unused() -> u32 {
    1
}
