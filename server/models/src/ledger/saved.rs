//! What the cache saved: how many questions it answered, by day, and what they had cost when they were asked.

use std::time::SystemTime;

use rusqlite::{named_params, params};

use super::{DAY_MS, Ledger, LedgerError, count, day_start, ms_since_epoch, now_ms, pico};
use crate::{Cost, Tier};

/// Questions of one kind that the cache answered on one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Saved {
    /// The midnight, in UTC, that the day begins with, in milliseconds since 1970.
    pub day_ms: i64,
    /// The hash that names the workspace.
    pub workspace: String,
    /// The kind of job.
    pub kind: String,
    /// The tier that had answered.
    pub tier: String,
    /// How many.
    pub answers: u64,
    /// What they had cost when they were asked.
    pub cost: Cost,
}

/// Questions of one kind that were answered and are not yet in the ledger.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Kind {
    pub(crate) workspace: String,
    pub(crate) kind: &'static str,
    pub(crate) tier: Tier,
}

impl Ledger {
    /// Adds to what the cache saved today.
    pub(crate) fn save(&self, kinds: &[(Kind, u64, Cost)]) -> Result<(), LedgerError> {
        self.with(|connection| {
            let transaction = connection.transaction()?;
            for (kind, answers, cost) in kinds {
                transaction.execute(
                    "INSERT INTO saved (day, workspace, kind, tier, answers, cost_pico)
                     VALUES (:day, :workspace, :kind, :tier, :answers, :cost)
                     ON CONFLICT DO UPDATE SET answers = answers + :answers, cost_pico = cost_pico + :cost",
                    named_params! {
                        ":day": day_start(now_ms()) / DAY_MS,
                        ":workspace": kind.workspace,
                        ":kind": kind.kind,
                        ":tier": kind.tier.as_str(),
                        ":answers": count(*answers),
                        ":cost": pico(*cost),
                    },
                )?;
            }
            transaction.commit()
        })
    }

    /// What the cache saved on the days from the one of a time on.
    pub fn saved_since(&self, since: SystemTime) -> Result<Vec<Saved>, LedgerError> {
        let first = day_start(ms_since_epoch(since)) / DAY_MS;
        self.with(|connection| {
            let mut statement = connection.prepare("SELECT * FROM saved WHERE day >= ?1 ORDER BY day, workspace, kind, tier")?;
            let rows = statement.query_map(params![first], |row| {
                let number = |name: &str| row.get::<_, i64>(name).map(|number| u64::try_from(number).unwrap_or(0));
                Ok(Saved {
                    day_ms: row.get::<_, i64>("day")? * DAY_MS,
                    workspace: row.get("workspace")?,
                    kind: row.get("kind")?,
                    tier: row.get("tier")?,
                    answers: number("answers")?,
                    cost: Cost::from_pico_usd(u128::from(number("cost_pico")?)),
                })
            })?;
            rows.collect()
        })
    }
}
