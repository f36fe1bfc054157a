//! What of a workspace may be shown to a model.

use models::ModelError;
use models::egress::{Denied, admit};

use crate::{Snapshot, Unanswered};

/// Whether text of this file may leave: it is not ignored in its workspace, and its name is not one that secrets go by.
#[must_use]
pub fn may_leave(snapshot: &Snapshot, path: &str) -> bool {
    admit(path).is_ok() && snapshot.index().admits(path)
}

/// The refusal for a file that may not leave.
pub(crate) fn check(snapshot: &Snapshot, path: &str) -> Result<(), Unanswered> {
    admit(path).map_err(|denied| Unanswered::Model(ModelError::Denied(denied)))?;
    if snapshot.index().admits(path) {
        return Ok(());
    }
    let denied = Denied { path: path.to_owned(), reason: "it is ignored in this workspace" };
    Err(Unanswered::Model(ModelError::Denied(denied)))
}
