//! The ledger: what every request cost. One line for each HTTP attempt, in SQLite with full durability, in the state directory,
//! shared by all processes of the user. The worst case is reserved under the caps in one transaction before a socket opens, and
//! settled to what the server reports. A line is never deleted. No line holds a prompt, a path or a key.
//!
//! Everything here blocks; the gateway calls it from blocking threads.

mod entry;
mod saved;
mod schema;

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use parking_lot::Mutex;
use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, named_params, params};

pub use entry::LedgerEntry;
pub(crate) use entry::{Outcome, Reservation, Settlement};
pub(crate) use saved::Kind;
pub use saved::Saved;

use crate::{Caps, Cost, Tier};

/// A reservation that is older is given up: its process is gone, and its worst case stays booked.
const LOST_AFTER: Duration = Duration::from_secs(2 * 3_600);
const DAY_MS: i64 = 86_400_000;

/// The ledger cannot be read or written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{path}: {message}", path = path.display())]
pub struct LedgerError {
    /// The file.
    pub path: PathBuf,
    /// What is wrong with it.
    pub message: String,
}

/// Why nothing was reserved.
#[derive(Debug)]
pub(crate) enum Refusal {
    OverCap { cap: &'static str, limit: Cost, spent: Cost },
    Unreadable(LedgerError),
}

/// The ledger of a state directory. Opened when it is first needed, and again after an error.
#[derive(Debug)]
pub struct Ledger {
    path: PathBuf,
    connection: Mutex<Option<Connection>>,
}

impl Ledger {
    /// The ledger of a state directory. Nothing is opened yet.
    pub fn new(state_dir: &Path) -> Self {
        Ledger { path: state_dir.join("ledger.sqlite"), connection: Mutex::new(None) }
    }

    /// The ledger's file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What is spent or reserved since midnight UTC.
    pub fn total_today(&self) -> Result<Cost, LedgerError> {
        self.with(|connection| spent(connection, "ts >= ?1", params![day_start(now_ms())]))
    }

    /// What an action has spent or reserved.
    pub fn total_of_action(&self, action: &crate::ActionId) -> Result<Cost, LedgerError> {
        self.with(|connection| spent(connection, "action = ?1", params![action.as_str()]))
    }

    /// The lines since a time, the oldest first.
    pub fn entries_since(&self, since: SystemTime) -> Result<Vec<LedgerEntry>, LedgerError> {
        let since = ms_since_epoch(since);
        self.with(|connection| {
            let mut statement = connection.prepare("SELECT * FROM entry WHERE ts >= ?1 ORDER BY id")?;
            statement.query_map([since], LedgerEntry::read)?.collect()
        })
    }

    /// Every line, the oldest first.
    pub fn entries(&self) -> Result<Vec<LedgerEntry>, LedgerError> {
        self.entries_since(UNIX_EPOCH)
    }

    /// Reserves the worst case of a request, if every cap allows it. Looking and reserving are one transaction, so that two processes
    /// can never pass a cap together.
    pub(crate) fn reserve(&self, wanted: &Reservation, caps: &Caps) -> Result<i64, Refusal> {
        let now = now_ms();
        let reserved = self.with(|connection| {
            let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            give_up_lost(&transaction, now)?;
            if wanted.worst > Cost::ZERO
                && let Some(over) = over_cap(&transaction, wanted, caps, now)?
            {
                return Ok(Err(over));
            }
            let id = insert(&transaction, wanted, now)?;
            transaction.commit()?;
            Ok(Ok(id))
        });
        match reserved {
            Ok(Ok(id)) => Ok(id),
            Ok(Err(refusal)) => Err(refusal),
            Err(error) => Err(Refusal::Unreadable(error)),
        }
    }

    /// Writes what a request really used.
    pub(crate) fn settle(&self, id: i64, settled: &Settlement) -> Result<(), LedgerError> {
        self.with(|connection| {
            connection.execute(
                "UPDATE entry SET state = :state, outcome = :outcome, input = :input, cached = :cached, cache_write = :cache_write,
                    output = :output, reasoning = :reasoning, estimated = :estimated, cost_pico = :cost, flagship_pico = :flagship, whole_pico = :whole,
                    http_status = :status, model_reported = :model, service_tier = :service_tier, request_id = :request_id,
                    total_ms = :ms
                 WHERE id = :id",
                named_params! {
                    ":id": id,
                    ":state": if settled.void { "void" } else { "settled" },
                    ":outcome": settled.outcome.as_str(),
                    ":input": count(settled.usage.input),
                    ":cached": count(settled.usage.cached),
                    ":cache_write": count(settled.usage.cache_write),
                    ":output": count(settled.usage.output),
                    ":reasoning": count(settled.usage.reasoning),
                    ":estimated": settled.usage.estimated,
                    ":cost": pico(settled.cost),
                    ":flagship": settled.flagship_cost.map(pico),
                    ":whole": settled.whole_files_cost.map(pico),
                    ":status": settled.http_status,
                    ":model": settled.model_reported,
                    ":service_tier": settled.service_tier,
                    ":request_id": settled.request_id,
                    ":ms": count(settled.total_ms),
                },
            )?;
            Ok(())
        })
    }

    /// Writes what the caller's check said of an answer.
    pub(crate) fn judge(&self, id: i64, resolved: bool, reason: Option<&str>) -> Result<(), LedgerError> {
        self.with(|connection| {
            let outcome = if resolved { Outcome::Ok } else { Outcome::ValidationFail };
            connection.execute(
                "UPDATE entry SET resolved = ?2, outcome = ?3, reason = ?4 WHERE id = ?1",
                params![id, resolved, outcome.as_str(), reason],
            )?;
            Ok(())
        })
    }

    fn with<T>(&self, work: impl FnOnce(&mut Connection) -> rusqlite::Result<T>) -> Result<T, LedgerError> {
        let mut held = self.connection.lock();
        let error = |message: String| LedgerError { path: self.path.clone(), message };
        let mut connection = match held.take() {
            Some(connection) => connection,
            None => schema::open(&self.path).map_err(error)?,
        };
        let done = work(&mut connection).map_err(|failed| error(failed.to_string()))?;
        // After an error the connection is dropped, and the next call opens the file anew.
        *held = Some(connection);
        Ok(done)
    }
}

/// The first cap that the worst case does not fit under.
fn over_cap(transaction: &Transaction<'_>, wanted: &Reservation, caps: &Caps, now: i64) -> rusqlite::Result<Option<Refusal>> {
    let day = day_start(now);
    let of_action = spent(transaction, "action = ?1", params![wanted.action])?;
    let of_day = spent(transaction, "ts >= ?1", params![day])?;
    let mut limits = vec![("per_action", caps.per_action, of_action), ("per_day", caps.per_day, of_day)];
    if let Some(limit) = caps.per_tier_day.get(&wanted.tier) {
        limits.push(("per_tier_day", *limit, spent(transaction, "ts >= ?1 AND tier = ?2", params![day, wanted.tier.as_str()])?));
    }
    if let Some(limit) = caps.per_workspace_day {
        let of_workspace = spent(transaction, "ts >= ?1 AND workspace = ?2", params![day, wanted.workspace])?;
        limits.push(("per_workspace_day", limit, of_workspace));
    }
    let over = limits.into_iter().find(|(_, limit, spent)| *spent + wanted.worst > *limit);
    Ok(over.map(|(cap, limit, spent)| Refusal::OverCap { cap, limit, spent }))
}

/// `cost_pico` is the worst case while a line is reserved, what was used once it is settled, and zero when it is void.
fn spent(connection: &Connection, condition: &str, parameters: &[&dyn rusqlite::ToSql]) -> rusqlite::Result<Cost> {
    let query = format!("SELECT COALESCE(SUM(cost_pico), 0) FROM entry WHERE {condition}");
    let pico: Option<i64> = connection.query_row(&query, parameters, |row| row.get(0)).optional()?;
    Ok(Cost::from_pico_usd(pico.and_then(|pico| u128::try_from(pico).ok()).unwrap_or(0)))
}

fn give_up_lost(transaction: &Transaction<'_>, now: i64) -> rusqlite::Result<()> {
    let before = now.saturating_sub(i64::try_from(LOST_AFTER.as_millis()).unwrap_or(i64::MAX));
    transaction.execute(
        "UPDATE entry SET state = 'settled', outcome = ?2, estimated = 1 WHERE state = 'reserved' AND ts < ?1",
        params![before, Outcome::Lost.as_str()],
    )?;
    Ok(())
}

fn insert(transaction: &Transaction<'_>, wanted: &Reservation, now: i64) -> rusqlite::Result<i64> {
    transaction.execute(
        "INSERT INTO entry (ts, pid, action, workspace, kind, tier, host, wire, model_requested, price_table, attempt, escalated_from,
            whole_bytes, input, output, estimated, reserved_pico, cost_pico, state)
         VALUES (:ts, :pid, :action, :workspace, :kind, :tier, :host, :wire, :model, :table, :attempt, :escalated,
            :whole, :input, :output, 1, :worst, :worst, 'reserved')",
        named_params! {
            ":ts": now,
            ":pid": std::process::id(),
            ":action": wanted.action,
            ":workspace": wanted.workspace,
            ":kind": wanted.kind,
            ":tier": wanted.tier.as_str(),
            ":host": wanted.host,
            ":wire": wanted.wire.as_str(),
            ":model": wanted.model,
            ":table": wanted.price_table,
            ":attempt": wanted.attempt,
            ":escalated": wanted.escalated_from.map(Tier::as_str),
            ":whole": count(wanted.whole_bytes),
            ":input": count(wanted.bound.input),
            ":output": count(wanted.bound.output),
            ":worst": pico(wanted.worst),
        },
    )?;
    Ok(transaction.last_insert_rowid())
}

fn count(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// SQLite's integers end at nine million dollars; what is dearer is booked as that.
fn pico(cost: Cost) -> i64 {
    i64::try_from(cost.pico_usd()).unwrap_or(i64::MAX)
}

fn now_ms() -> i64 {
    ms_since_epoch(SystemTime::now())
}

fn ms_since_epoch(time: SystemTime) -> i64 {
    time.duration_since(UNIX_EPOCH).map_or(0, |age| i64::try_from(age.as_millis()).unwrap_or(i64::MAX))
}

fn day_start(ms: i64) -> i64 {
    ms - ms.rem_euclid(DAY_MS)
}

#[cfg(test)]
mod tests;
