//! What the store says of a path.

use rusqlite::{Connection, Row, params};
use syntax::Language;

use super::schema::Fault;

/// Differs wherever the same bytes may give another record, or be left out for another reason.
pub(crate) type Key = [u8; 8];

/// A path as it was when it was last read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Known {
    pub(crate) path: Box<str>,
    pub(crate) size: u64,
    /// Nanoseconds since 1970; `None` where the time proves nothing.
    pub(crate) mtime_ns: Option<i64>,
    pub(crate) what: What,
}

/// What was found at a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum What {
    /// A file with a record.
    Record {
        hash: [u8; 32],
        language: Language,
        key: Key,
        /// Symbols and uses.
        counts: (u32, u32),
        /// Whether it says of itself that a program wrote it.
        is_generated: bool,
    },
    /// A file that was left out for a reason.
    Left { reason: &'static str, key: Key },
    /// Nothing any more.
    Gone,
}

/// The reasons for leaving a file out that hold as long as the file stays as it is.
pub(crate) const REASONS: [&str; 3] = ["long-line", "not-utf8", "unknown-language"];

/// A reason as it is kept; `None` for one that may be another the next time.
pub(crate) fn lasting(reason: &str) -> Option<&'static str> {
    REASONS.into_iter().find(|lasting| *lasting == reason)
}

/// What stands in place of a reason where a file is not left out.
const GENERATED: &str = "generated";

pub(super) const UPSERT: &str = "
INSERT INTO file (path, size, mtime_ns, hash, language, symbols, uses, reason, key, checksum, seq)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
ON CONFLICT (path) DO UPDATE SET size = ?2, mtime_ns = ?3, hash = ?4, language = ?5, symbols = ?6, uses = ?7, reason = ?8,
    key = ?9, checksum = ?10, seq = ?11";

const SELECT: &str = "SELECT path, size, mtime_ns, hash, language, symbols, uses, reason, key, checksum FROM file WHERE ";

impl Known {
    pub(super) fn write(&self, connection: &Connection, seq: i64) -> rusqlite::Result<()> {
        let checksum = self.checksum();
        let size = i64::try_from(self.size).unwrap_or(i64::MAX);
        let mut statement = connection.prepare_cached(UPSERT)?;
        match &self.what {
            What::Record { hash, language, key, counts: (symbols, uses), is_generated } => statement.execute(params![
                self.path,
                size,
                self.mtime_ns,
                hash,
                language.name(),
                symbols,
                uses,
                is_generated.then_some(GENERATED),
                key,
                checksum,
                seq
            ]),
            What::Left { reason, key } => statement.execute(params![
                self.path,
                size,
                self.mtime_ns,
                None::<&[u8]>,
                None::<&str>,
                0,
                0,
                reason,
                key,
                checksum,
                seq
            ]),
            What::Gone => statement.execute(params![
                self.path,
                size,
                self.mtime_ns,
                None::<&[u8]>,
                None::<&str>,
                0,
                0,
                None::<&str>,
                None::<&[u8]>,
                checksum,
                seq
            ]),
        }?;
        Ok(())
    }

    /// What was written after a batch, in no promised order.
    pub(super) fn since(connection: &Connection, seq: i64) -> Result<Vec<Self>, Fault> {
        let mut statement = connection.prepare_cached(&format!("{SELECT} seq > ?1"))?;
        let mut rows = statement.query([seq])?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            found.push(Self::read(row)?);
        }
        Ok(found)
    }

    /// What is known of one path.
    pub(super) fn at(connection: &Connection, path: &str) -> Result<Option<Self>, Fault> {
        let mut statement = connection.prepare_cached(&format!("{SELECT} path = ?1"))?;
        let mut rows = statement.query([path])?;
        rows.next()?.map(Self::read).transpose()
    }

    fn read(row: &Row<'_>) -> Result<Self, Fault> {
        let language: Option<String> = row.get(4)?;
        let reason: Option<String> = row.get(7)?;
        let hash: Option<[u8; 32]> = row.get(3)?;
        let what = match (hash, language, reason) {
            (Some(hash), Some(language), mark) if mark.as_deref().is_none_or(|mark| mark == GENERATED) => {
                match Language::from_name(&language) {
                    Some(language) => {
                        let (key, counts) = (row.get(8)?, (row.get(5)?, row.get(6)?));
                        What::Record { hash, language, key, counts, is_generated: mark.is_some() }
                    }
                    // One that this build of the program does not have.
                    None => What::Gone,
                }
            }
            (None, None, Some(reason)) => What::Left { reason: lasting(&reason).ok_or(Fault::Damaged)?, key: row.get(8)? },
            (None, None, None) => What::Gone,
            _ => return Err(Fault::Damaged),
        };
        let size = u64::try_from(row.get::<_, i64>(1)?).map_err(|_| Fault::Damaged)?;
        let path: String = row.get(0)?;
        let is_foreign = what == What::Gone && row.get::<_, Option<Key>>(8)?.is_some();
        let known = Self { path: path.into(), size, mtime_ns: row.get(2)?, what };
        if is_foreign || row.get::<_, [u8; 8]>(9)? == known.checksum() { Ok(known) } else { Err(Fault::Damaged) }
    }

    /// SQLite does not notice a byte that changed inside a value.
    fn checksum(&self) -> [u8; 8] {
        let mut hasher = blake3::Hasher::new();
        hasher.update(self.path.as_bytes());
        hasher.update(&self.size.to_le_bytes());
        hasher.update(&self.mtime_ns.unwrap_or(i64::MIN).to_le_bytes());
        match &self.what {
            What::Record { hash, language, key, counts, is_generated } => {
                hasher.update(hash).update(language.name().as_bytes()).update(key);
                hasher.update(&counts.0.to_le_bytes()).update(&counts.1.to_le_bytes()).update(&[u8::from(*is_generated)]);
            }
            What::Left { reason, key } => {
                hasher.update(reason.as_bytes()).update(key);
            }
            What::Gone => {}
        }
        eight(&hasher.finalize())
    }
}

/// The first bytes of a hash.
pub(super) fn eight(hash: &blake3::Hash) -> [u8; 8] {
    let mut eight = [0; 8];
    eight.copy_from_slice(&hash.as_bytes()[..8]);
    eight
}
