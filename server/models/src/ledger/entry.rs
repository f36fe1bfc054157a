//! A line of the ledger: as it is reserved, as it is settled, as it is read.

use serde::Serialize;

use crate::{Cost, Tier, Usage, Wire};

/// What a request may cost at worst, before it is sent.
#[derive(Debug, Clone)]
pub(crate) struct Reservation {
    pub(crate) action: String,
    pub(crate) workspace: String,
    pub(crate) kind: &'static str,
    pub(crate) tier: Tier,
    pub(crate) host: String,
    pub(crate) wire: Wire,
    pub(crate) model: String,
    pub(crate) price_table: String,
    pub(crate) attempt: u32,
    pub(crate) escalated_from: Option<Tier>,
    pub(crate) whole_bytes: u64,
    pub(crate) bound: Usage,
    pub(crate) worst: Cost,
}

/// How a request ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    Ok,
    SchemaFail,
    ValidationFail,
    Refusal,
    Incomplete,
    Error,
    Timeout,
    Cancelled,
    Lost,
}

impl Outcome {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Outcome::Ok => "ok",
            Outcome::SchemaFail => "schema_fail",
            Outcome::ValidationFail => "validation_fail",
            Outcome::Refusal => "refusal",
            Outcome::Incomplete => "incomplete",
            Outcome::Error => "error",
            Outcome::Timeout => "timeout",
            Outcome::Cancelled => "cancelled",
            Outcome::Lost => "lost",
        }
    }
}

/// What a request used, once that is known.
#[derive(Debug, Clone)]
pub(crate) struct Settlement {
    /// The server did no work for it.
    pub(crate) void: bool,
    pub(crate) outcome: Outcome,
    pub(crate) usage: Usage,
    pub(crate) cost: Cost,
    pub(crate) flagship_cost: Option<Cost>,
    pub(crate) whole_files_cost: Option<Cost>,
    pub(crate) http_status: Option<u16>,
    pub(crate) model_reported: Option<String>,
    pub(crate) service_tier: Option<String>,
    pub(crate) request_id: Option<String>,
    pub(crate) total_ms: u64,
}

/// One HTTP attempt.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LedgerEntry {
    /// The line's number.
    pub id: i64,
    /// When it was reserved, in milliseconds since 1970.
    pub ts_ms: i64,
    /// The action of the user.
    pub action: String,
    /// The hash that names the workspace.
    pub workspace: String,
    /// The kind of job.
    pub kind: String,
    /// The tier.
    pub tier: String,
    /// Host and port of the server.
    pub host: String,
    /// The protocol.
    pub wire: String,
    /// The model that was asked.
    pub model_requested: String,
    /// The model that says it answered.
    pub model_reported: Option<String>,
    /// The service tier that the server says it used.
    pub service_tier: Option<String>,
    /// The version of the price table.
    pub price_table: String,
    /// What was used; an upper bound while `usage.estimated`.
    pub usage: Usage,
    /// The worst case that was reserved.
    pub reserved: Cost,
    /// What counts against the caps: the worst case until the line is settled.
    pub cost: Cost,
    /// What the same usage costs at the flagship's prices.
    pub flagship_cost: Option<Cost>,
    /// How many bytes the files that the job is about have as a whole; zero where it is about none.
    pub whole_bytes: u64,
    /// What one call to the flagship would have cost that reads those files and gives the same answer: an estimate.
    pub whole_files_cost: Option<Cost>,
    /// `reserved`, `settled` or `void`.
    pub state: String,
    /// `ok`, `schema_fail`, `validation_fail`, `refusal`, `incomplete`, `error`, `timeout`, `cancelled` or `lost`.
    pub outcome: Option<String>,
    /// Why the caller's check refused the answer.
    pub reason: Option<String>,
    /// What the caller's check said.
    pub resolved: Option<bool>,
    /// The HTTP status, when there was one.
    pub http_status: Option<u16>,
    /// The server's name for the request.
    pub request_id: Option<String>,
    /// 1 for the first attempt of a job.
    pub attempt: u32,
    /// The tier that failed before.
    pub escalated_from: Option<String>,
    /// Milliseconds from sending to having read everything.
    pub total_ms: Option<u64>,
}

impl LedgerEntry {
    pub(super) fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<LedgerEntry> {
        let count =
            |name: &str| row.get::<_, Option<i64>>(name).map(|number| number.and_then(|number| u64::try_from(number).ok()));
        let cost = |name: &str| count(name).map(|pico| pico.map(|pico| Cost::from_pico_usd(u128::from(pico))));
        Ok(LedgerEntry {
            id: row.get("id")?,
            ts_ms: row.get("ts")?,
            action: row.get("action")?,
            workspace: row.get("workspace")?,
            kind: row.get("kind")?,
            tier: row.get("tier")?,
            host: row.get("host")?,
            wire: row.get("wire")?,
            model_requested: row.get("model_requested")?,
            model_reported: row.get("model_reported")?,
            service_tier: row.get("service_tier")?,
            price_table: row.get("price_table")?,
            usage: Usage {
                input: count("input")?.unwrap_or(0),
                cached: count("cached")?.unwrap_or(0),
                cache_write: count("cache_write")?.unwrap_or(0),
                output: count("output")?.unwrap_or(0),
                reasoning: count("reasoning")?.unwrap_or(0),
                estimated: row.get("estimated")?,
            },
            reserved: cost("reserved_pico")?.unwrap_or_default(),
            cost: cost("cost_pico")?.unwrap_or_default(),
            flagship_cost: cost("flagship_pico")?,
            whole_bytes: count("whole_bytes")?.unwrap_or(0),
            whole_files_cost: cost("whole_pico")?,
            state: row.get("state")?,
            outcome: row.get("outcome")?,
            reason: row.get("reason")?,
            resolved: row.get("resolved")?,
            http_status: row.get("http_status")?,
            request_id: row.get("request_id")?,
            attempt: row.get("attempt")?,
            escalated_from: row.get("escalated_from")?,
            total_ms: count("total_ms")?,
        })
    }
}
