//! Where imports lead.
use crate::Index;

impl Index {
    pub(crate) fn link_imports(&self) -> Vec<crate::base::Leads> {
        Vec::new()
    }
}
