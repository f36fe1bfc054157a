//! Opening the ledger's file and bringing it to this program's version. A file that a newer program wrote is left alone.

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, TransactionBehavior};

use crate::files;

/// One statement for each version that ever was; the file notes how many of them it has.
const MIGRATIONS: &[&str] = &[
    "
CREATE TABLE entry (
    id INTEGER PRIMARY KEY,
    ts INTEGER NOT NULL,
    pid INTEGER NOT NULL,
    action TEXT NOT NULL,
    workspace TEXT NOT NULL,
    kind TEXT NOT NULL,
    tier TEXT NOT NULL,
    host TEXT NOT NULL,
    wire TEXT NOT NULL,
    model_requested TEXT NOT NULL,
    model_reported TEXT,
    service_tier TEXT,
    price_table TEXT NOT NULL,
    attempt INTEGER NOT NULL,
    escalated_from TEXT,
    input INTEGER NOT NULL DEFAULT 0,
    cached INTEGER NOT NULL DEFAULT 0,
    cache_write INTEGER NOT NULL DEFAULT 0,
    output INTEGER NOT NULL DEFAULT 0,
    reasoning INTEGER NOT NULL DEFAULT 0,
    estimated INTEGER NOT NULL,
    reserved_pico INTEGER NOT NULL CHECK (reserved_pico >= 0),
    cost_pico INTEGER NOT NULL CHECK (cost_pico >= 0),
    flagship_pico INTEGER,
    state TEXT NOT NULL CHECK (state IN ('reserved', 'settled', 'void')),
    outcome TEXT,
    reason TEXT,
    resolved INTEGER,
    http_status INTEGER,
    request_id TEXT,
    total_ms INTEGER
) STRICT;
CREATE INDEX entry_ts ON entry (ts);
CREATE INDEX entry_action ON entry (action);
",
    "
ALTER TABLE entry ADD COLUMN whole_bytes INTEGER NOT NULL DEFAULT 0;
ALTER TABLE entry ADD COLUMN whole_pico INTEGER;
CREATE TABLE saved (
    day INTEGER NOT NULL,
    workspace TEXT NOT NULL,
    kind TEXT NOT NULL,
    tier TEXT NOT NULL,
    answers INTEGER NOT NULL,
    cost_pico INTEGER NOT NULL,
    PRIMARY KEY (day, workspace, kind, tier)
) STRICT;
",
];

pub(super) fn open(path: &Path) -> Result<Connection, String> {
    if let Some(folder) = path.parent() {
        files::private_directory(folder).map_err(|error| error.to_string())?;
    }
    files::private_if_new(path).map_err(|error| error.to_string())?;
    let mut connection = prepare(path).map_err(|error| error.to_string())?;
    migrate(&mut connection)?;
    Ok(connection)
}

fn prepare(path: &Path) -> rusqlite::Result<Connection> {
    let connection = Connection::open(path)?;
    connection.busy_timeout(Duration::from_secs(10))?;
    connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    Ok(connection)
}

fn migrate(connection: &mut Connection) -> Result<(), String> {
    let version = |connection: &Connection| connection.pragma_query_value(None, "user_version", |row| row.get::<_, u32>(0));
    let newest = u32::try_from(MIGRATIONS.len()).unwrap_or(u32::MAX);
    let text = |error: rusqlite::Error| error.to_string();
    if version(connection).map_err(text)? == newest {
        return Ok(());
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(text)?;
    let found = version(&transaction).map_err(text)?;
    if found > newest {
        return Err("a newer tierline wrote this ledger: update this one".into());
    }
    for migration in MIGRATIONS.iter().skip(usize::try_from(found).unwrap_or(usize::MAX)) {
        transaction.execute_batch(migration).map_err(text)?;
    }
    transaction.pragma_update(None, "user_version", newest).map_err(text)?;
    transaction.commit().map_err(text)
}
