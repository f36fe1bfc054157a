//! `tierline prefetch --batch`: the first call sends, a later one collects.

use assist::{Prefetch, Snapshot, collect_batch, send_batch};
use models::{BatchTicket, Gateway, ModelError};
use serde_json::json;

use crate::commands::block_on;
use crate::failure::Failure;
use crate::output::Output;

fn failure(error: &ModelError) -> Failure {
    Failure::new(error.code(), error.to_string())
}

/// Sends what is wanted, and says how to have the answers.
pub(super) fn send(output: &Output, gateway: &Gateway, snapshot: &Snapshot, wanted: &Prefetch) -> Result<(), Failure> {
    let ticket = block_on(send_batch(gateway, snapshot, wanted))?.map_err(|error| failure(&error))?;
    output.json(
        &json!({"batch": ticket.id, "sent": ticket.jobs(), "left_out": wanted.symbols.len().saturating_sub(ticket.jobs())}),
    );
    output.line(&format!(
        "{} of {} were sent as a batch; the server may take a day. The same command collects them.",
        ticket.jobs(),
        wanted.symbols.len()
    ));
    Ok(())
}

/// Collects a batch that was sent, or says how far it is.
pub(super) fn collect(output: &Output, gateway: &Gateway, snapshot: &Snapshot, ticket: &BatchTicket) -> Result<(), Failure> {
    let state = block_on(gateway.look_at_batch(ticket))?.map_err(|error| failure(&error))?;
    if !state.has_ended() {
        output.json(&json!({"batch": ticket.id, "status": state.status, "done": state.done, "jobs": ticket.jobs()}));
        let status = assist::markdown::plain(&state.status);
        output.line(&format!("the batch is not done yet ({status}): {} of {} are worked off", state.done, ticket.jobs()));
        return Ok(());
    }
    let collected = block_on(collect_batch(gateway, snapshot, ticket, &state))?.map_err(|error| failure(&error))?;
    output.json(&json!({
        "batch": ticket.id,
        "status": state.status,
        "jobs": ticket.jobs(),
        "made": collected.made,
        "refused": collected.refused,
        "cost_micro_usd": collected.cost.micro_usd(),
    }));
    let dropped = ticket.jobs().saturating_sub(collected.made + collected.refused);
    output.line(&format!(
        "{} were made for {}; {} did not pass their check, {dropped} are not asked for any more",
        collected.made, collected.cost, collected.refused
    ));
    Ok(())
}
