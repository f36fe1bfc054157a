//! Opening the database of a store.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, TransactionBehavior};

use super::folder;

/// The tables' version. A cache is made again rather than brought up to date.
const VERSION: u32 = 1;

/// `file` says what each path was when it was last read; `seq` grows with every batch that is written. `record` holds what was
/// read, whichever path it had. `picture` is the state of all files at one `seq` in one piece.
const TABLES: &str = "
CREATE TABLE file (
    path TEXT PRIMARY KEY,
    size INTEGER NOT NULL,
    mtime_ns INTEGER,
    hash BLOB,
    language TEXT,
    symbols INTEGER NOT NULL,
    uses INTEGER NOT NULL,
    reason TEXT,
    key BLOB,
    checksum BLOB NOT NULL,
    seq INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX file_seq ON file (seq);
CREATE TABLE record (
    id INTEGER PRIMARY KEY,
    hash BLOB NOT NULL,
    language TEXT NOT NULL,
    key BLOB NOT NULL,
    used INTEGER NOT NULL,
    symbols INTEGER NOT NULL,
    uses INTEGER NOT NULL,
    body BLOB NOT NULL,
    UNIQUE (hash, language, key)
) STRICT;
CREATE TABLE picture (part INTEGER PRIMARY KEY, body BLOB NOT NULL) STRICT;
";

/// Why a database cannot be used.
#[derive(Debug)]
pub(super) enum Fault {
    /// What it holds makes no sense.
    Damaged,
    /// A newer program wrote it.
    Newer,
    /// Anything else: no room, no right, no time.
    Other(String),
}

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode::{DatabaseCorrupt, NotADatabase};
        match &error {
            rusqlite::Error::SqliteFailure(failure, _) if matches!(failure.code, DatabaseCorrupt | NotADatabase) => Self::Damaged,
            // A table that is not there or not as it was made; a column of another type.
            rusqlite::Error::SqliteFailure(failure, _) if failure.extended_code == 1 => Self::Damaged,
            rusqlite::Error::SqlInputError { .. }
            | rusqlite::Error::InvalidColumnType(..)
            | rusqlite::Error::FromSqlConversionFailure(..)
            | rusqlite::Error::IntegralValueOutOfRange(..) => Self::Damaged,
            _ => Self::Other(error.to_string()),
        }
    }
}

impl std::fmt::Display for Fault {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Self::Damaged => "it is damaged",
            Self::Newer => "a newer version of this program wrote it",
            Self::Other(message) => message,
        })
    }
}

/// Opens the database of a folder. Only a leader makes, or mends, what is not there or damaged.
pub(super) fn open(folder: &Path, leads: bool) -> Result<(Connection, PathBuf), Fault> {
    let path = folder.join("index.sqlite");
    let sibling = folder.join(format!("index.v{VERSION}.sqlite"));
    match connect(&path, leads) {
        Err(Fault::Newer) => mended(&sibling, leads).map(|connection| (connection, sibling)),
        Err(Fault::Damaged) if leads => mended(&path, leads).map(|connection| (connection, path)),
        other => other.map(|connection| (connection, path)),
    }
}

fn mended(path: &Path, leads: bool) -> Result<Connection, Fault> {
    match connect(path, leads) {
        Err(Fault::Damaged) if leads => {
            tracing::warn!("the index at {} is damaged: it is set aside, and made again", path.display());
            folder::set_aside(path).map_err(|error| Fault::Other(error.to_string()))?;
            connect(path, leads)
        }
        other => other,
    }
}

/// One more connection to a database, made if it is not there and we lead.
pub(super) fn connect(path: &Path, leads: bool) -> Result<Connection, Fault> {
    let other = |error: std::io::Error| Fault::Other(error.to_string());
    if leads {
        drop(folder::create_file(path).map_err(other)?);
    } else if !path.exists() {
        return Err(Fault::Other("it is not there yet".to_owned()));
    }
    let mut connection = Connection::open(path)?;
    connection.busy_timeout(Duration::from_secs(2))?;
    connection.set_prepared_statement_cache_capacity(32);
    let version = |connection: &Connection| connection.pragma_query_value(None, "user_version", |row| row.get::<_, u32>(0));
    if version(&connection)? > VERSION {
        return Err(Fault::Newer);
    }
    // Pages are read into memory of our own: a mapped file that is cut short ends the process.
    connection.pragma_update(None, "mmap_size", 0)?;
    connection.pragma_update(None, "cache_size", -8_192)?;
    if leads {
        let fresh = version(&connection)? == 0;
        if fresh {
            connection.pragma_update(None, "page_size", 8_192)?;
            connection.pragma_update(None, "auto_vacuum", "INCREMENTAL")?;
        }
        let remote = path.parent().is_some_and(folder::is_remote);
        connection.pragma_update_and_check(None, "journal_mode", if remote { "TRUNCATE" } else { "WAL" }, |_| Ok(()))?;
        connection.pragma_update(None, "synchronous", "NORMAL")?;
        connection.pragma_update(None, "journal_size_limit", 16 << 20)?;
        if fresh {
            let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            if version(&transaction)? == 0 {
                transaction.execute_batch(TABLES)?;
                transaction.pragma_update(None, "user_version", VERSION)?;
            }
            transaction.commit()?;
        }
    }
    if version(&connection)? != VERSION {
        return Err(Fault::Other("it is not made yet".to_owned()));
    }
    Ok(connection)
}
