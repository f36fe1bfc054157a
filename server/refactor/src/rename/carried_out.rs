//! A rename carried out on an overlay: as the language's own server says where it can be asked and its answer holds, else by the index.

use index::{Hit, SymbolRef};
use tokio_util::sync::CancellationToken;

use super::by_peer::{Found, Question, holds};
use super::{Renamed, captured, edit_of, rename};
use crate::checks::Allowance;
use crate::exact::Exact;
use crate::overlay::Overlay;
use crate::{Peer, PeerError, RefactorError};

/// Whom a rename may ask, and what its result is checked by.
pub(crate) struct Asking<'a> {
    /// The language's own server, where it can be asked.
    pub(crate) peer: Option<&'a dyn Peer>,
    /// What the steps before were allowed.
    pub(crate) allowance: &'a Allowance,
    /// Calls it off.
    pub(crate) cancel: &'a CancellationToken,
}

/// Renames `symbol` on the overlay.
///
/// # Errors
/// Fails where the new name cannot be used there, or it is called off.
pub(crate) async fn carry_out(
    overlay: &Overlay,
    symbol: &SymbolRef,
    new_name: &str,
    asking: &Asking<'_>,
) -> Result<(Overlay, Exact), RefactorError> {
    let mut by_index = rename(overlay.now(), symbol, new_name);
    if let Err(error) = &by_index
        && !error.may_be_known_better()
    {
        return Err(error.clone().into());
    }
    let mut refused = Vec::new();
    let mut settled = None;
    if let Some(question) = asking.peer.and_then(|peer| Question::new(overlay, symbol, new_name, peer)) {
        let answer = asking.cancel.run_until_cancelled(question.rename(asking.allowance)).await;
        let is_silent = match answer.ok_or(RefactorError::Cancelled)? {
            Ok(Some(done)) => return Ok(done),
            Ok(None) => false,
            Err(error) => {
                refused.push(error.to_string());
                matches!(error, PeerError::Silent(_))
            }
        };
        if let Ok(renamed) = &mut by_index
            && !(renamed.left.is_empty() || is_silent)
        {
            let answer = asking.cancel.run_until_cancelled(question.references()).await;
            match answer.ok_or(RefactorError::Cancelled)? {
                Ok(found) => settled = found.and_then(|found| settle(renamed, new_name, found)),
                Err(error) => refused.push(error.to_string()),
            }
        }
    }
    let renamed = by_index?;
    let settled = settled.map(|server| format!(", with uses of which {server} knows that they mean it")).unwrap_or_default();
    let exact = Exact {
        edits: renamed.edits,
        gone: renamed.definitions.iter().map(|one| (one.path().to_owned(), one.symbol_path())).collect(),
        left: renamed.left,
        what: format!("{}{settled}", what(symbol, new_name)),
        refused,
        ..Exact::default()
    };
    let next = overlay
        .carried_out(&exact)
        .map_err(|error| RefactorError::NoEdit { what: format!("rename {}", symbol.symbol_path()), reason: error.to_string() })?;
    Ok((next, exact))
}

/// Renames the uses that are not certain to the index and that the language's own server knows, too; its name where there are such.
fn settle(renamed: &mut Renamed, new_name: &str, found: Found) -> Option<String> {
    let is_known = |hit: &Hit| holds(&found.places, hit.path(), hit.get().span) && !captured(hit, new_name);
    let (known, left): (Vec<Hit>, Vec<Hit>) = std::mem::take(&mut renamed.left).into_iter().partition(is_known);
    renamed.left = left;
    known.iter().for_each(|hit| renamed.edits.push(hit.path(), edit_of(hit, new_name)));
    (!known.is_empty()).then_some(found.server)
}

/// What a rename does, in a few words.
pub(super) fn what(symbol: &SymbolRef, new_name: &str) -> String {
    format!("renamed {} to {new_name}", symbol.symbol_path())
}
