//! What a request may cost is reserved before it is sent, and settled when it has ended.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::{Inner, NO_LINE, Ready, host};
use crate::ledger::{Refusal, Reservation, Settlement};
use crate::{Cost, ModelError, Prices, Usage};

/// A server that costs nothing is asked even when the ledger cannot be written; a paid one is not.
pub(super) async fn reserve(
    inner: &Arc<Inner>,
    ready: &Ready,
    number: u32,
    prices: Prices,
    bound: Usage,
) -> Result<i64, ModelError> {
    // A reply may be billed at twice the price, but only where it was asked for, which is nowhere.
    reserve_at(inner, ready, number, prices, bound, prices.worst(&bound)).await
}

/// The same where the worst case is not what single requests cost.
pub(super) async fn reserve_at(
    inner: &Arc<Inner>,
    ready: &Ready,
    number: u32,
    prices: Prices,
    bound: Usage,
    worst: Cost,
) -> Result<i64, ModelError> {
    let (job, profile) = (&ready.job, &ready.profile);
    let wanted = Reservation {
        action: job.action.as_str().to_owned(),
        workspace: job.workspace.clone(),
        kind: job.kind,
        tier: job.tier,
        host: host(&profile.endpoint.base_url).to_owned(),
        wire: profile.endpoint.wire,
        model: profile.model.clone(),
        price_table: inner.price_table.clone(),
        attempt: number,
        escalated_from: job.escalated_from,
        whole_bytes: job.whole_bytes,
        bound,
        worst,
    };
    let ledger = Arc::clone(inner);
    let reserved = tokio::task::spawn_blocking(move || ledger.ledger.reserve(&wanted, &ledger.configuration.caps)).await;
    match reserved {
        Ok(Ok(line)) => Ok(line),
        Ok(Err(Refusal::OverCap { cap, limit, spent })) => Err(ModelError::OverBudget { cap, limit, spent, needed: worst }),
        Ok(Err(Refusal::Unreadable(error))) => {
            if !inner.said_unreadable.swap(true, Ordering::Relaxed) {
                tracing::warn!(%error, "the ledger cannot be used: paid servers are not asked, free ones are");
            }
            if prices.is_free() { Ok(NO_LINE) } else { Err(ModelError::LedgerUnreadable(error.to_string())) }
        }
        Err(_) => Err(ModelError::LedgerUnreadable("its thread ended".into())),
    }
}

pub(super) async fn settle(inner: &Arc<Inner>, line: i64, settlement: Settlement) {
    if line == NO_LINE {
        return;
    }
    let inner = Arc::clone(inner);
    let settled = tokio::task::spawn_blocking(move || inner.ledger.settle(line, &settlement)).await;
    if let Ok(Err(error)) = settled {
        // The worst case stays reserved, so the caps hold.
        tracing::warn!(%error, "the ledger does not note what a request used");
    }
}
