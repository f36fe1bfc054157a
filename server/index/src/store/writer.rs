//! The one thread of a process that writes to the store, in batches.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};

use super::picture::Picture;
use super::row::{Known, What};
use super::schema::{self, Fault};
use super::{collect, folder};
use crate::FileRecord;

/// The most paths that one transaction writes.
const BATCH: usize = 512;
/// How long a batch that is not full waits for more.
const PATIENCE: Duration = Duration::from_millis(20);

/// Something to write.
enum Job {
    Note(Known, Option<Arc<FileRecord>>),
    Picture(Box<Picture>),
    /// Every path that there is; others are gone. Of these, what the store has already is left alone.
    Whole(Vec<(Known, Option<Arc<FileRecord>>)>),
    /// Says when everything before it is written.
    Flush(Sender<()>),
}

/// The way to the thread. It ends when this goes and everything is written.
#[derive(Debug)]
pub(super) struct Writer {
    jobs: Sender<Job>,
    gave_up: Arc<AtomicBool>,
}

impl Writer {
    /// Starts the thread. It sets `damaged` where the database turns out to be.
    pub(super) fn start(path: &Path, damaged: Arc<AtomicBool>) -> Result<Self, Fault> {
        let connection = schema::connect(path, true)?;
        let (jobs, queue) = channel();
        let gave_up = Arc::<AtomicBool>::default();
        let gives_up = Arc::clone(&gave_up);
        let folder = path.parent().map(Path::to_owned);
        let run = move || {
            folder.as_deref().map(folder::remove_unused);
            write(connection, &queue, &damaged, &gives_up);
        };
        let spawned = std::thread::Builder::new().name("store".to_owned()).spawn(run);
        spawned.map_err(|error| Fault::Other(error.to_string()))?;
        Ok(Self { jobs, gave_up })
    }

    /// Whether a batch could not be written, after which nothing is: there is no room, or no right.
    pub(super) fn gave_up(&self) -> bool {
        self.gave_up.load(Ordering::Relaxed)
    }

    pub(super) fn note(&self, known: Known, record: Option<Arc<FileRecord>>) {
        self.send(Job::Note(known, record));
    }

    pub(super) fn picture(&self, picture: Picture) {
        self.send(Job::Picture(Box::new(picture)));
    }

    pub(super) fn whole(&self, all: Vec<(Known, Option<Arc<FileRecord>>)>) {
        self.send(Job::Whole(all));
    }

    /// What tells when everything so far is written, or given up.
    pub(super) fn flush(&self) -> Receiver<()> {
        let (done, waiting) = channel();
        self.send(Job::Flush(done));
        waiting
    }

    fn send(&self, job: Job) {
        let _ = self.jobs.send(job);
    }
}

fn write(mut connection: Connection, queue: &Receiver<Job>, damaged: &AtomicBool, gave_up: &AtomicBool) {
    let mut waiting = Vec::new();
    while let Ok(first) = queue.recv() {
        let mut batch = vec![first];
        while batch.len() < BATCH && !matches!(batch.last(), Some(Job::Flush(_))) {
            match queue.recv_timeout(PATIENCE) {
                Ok(job) => batch.push(job),
                Err(_) => break,
            }
        }
        if !gave_up.load(Ordering::Relaxed)
            && let Err(fault) = write_batch(&mut connection, &batch)
        {
            gave_up.store(true, Ordering::Relaxed);
            damaged.store(matches!(fault, Fault::Damaged), Ordering::Relaxed);
            tracing::warn!("the index is not written to disk any more: {fault}");
        }
        waiting.extend(batch.into_iter().filter_map(|job| match job {
            Job::Flush(done) => Some(done),
            _ => None,
        }));
        for done in waiting.drain(..) {
            let _ = done.send(());
        }
    }
}

fn write_batch(connection: &mut Connection, batch: &[Job]) -> Result<(), Fault> {
    if batch.iter().all(|job| matches!(job, Job::Flush(_))) {
        return Ok(());
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let before: i64 = transaction.query_row("SELECT COALESCE(MAX(seq), 0) FROM file", [], |row| row.get(0))?;
    let mut has_picture = false;
    for job in batch {
        match job {
            Job::Note(known, record) => write_known(&transaction, known, record.as_ref(), before + 1)?,
            Job::Whole(all) => write_whole(&transaction, all, before + 1)?,
            Job::Picture(picture) => {
                let seq: i64 = transaction.query_row("SELECT COALESCE(MAX(seq), 0) FROM file", [], |row| row.get(0))?;
                Picture::write_at(picture, &transaction, seq)?;
                has_picture = true;
            }
            Job::Flush(_) => {}
        }
    }
    transaction.commit()?;
    if has_picture {
        collect::collect(connection)?;
    }
    Ok(())
}

fn write_known(connection: &Connection, known: &Known, record: Option<&Arc<FileRecord>>, seq: i64) -> Result<(), Fault> {
    if let (What::Record { hash, language, key, counts, .. }, Some(record)) = (&known.what, record) {
        let used = now();
        let mut touch =
            connection.prepare_cached("UPDATE record SET used = ?4 WHERE hash = ?1 AND language = ?2 AND key = ?3")?;
        if touch.execute(params![hash, language.name(), key, used])? == 0 {
            let mut insert = connection.prepare_cached(
                "INSERT INTO record (hash, language, key, used, symbols, uses, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            )?;
            insert.execute(params![hash, language.name(), key, used, counts.0, counts.1, record.file().to_bytes()])?;
        }
    }
    Ok(known.write(connection, seq)?)
}

fn write_whole(connection: &Connection, all: &[(Known, Option<Arc<FileRecord>>)], seq: i64) -> Result<(), Fault> {
    for (known, record) in all {
        if Known::at(connection, &known.path)?.as_ref() != Some(known) {
            write_known(connection, known, record.as_ref(), seq)?;
        }
    }
    let mut paths: Vec<&str> = all.iter().map(|(known, _)| &*known.path).collect();
    paths.sort_unstable();
    let mut select = connection.prepare("SELECT path FROM file WHERE hash IS NOT NULL OR reason IS NOT NULL")?;
    let kept = select.query_map([], |row| row.get::<_, String>(0))?.collect::<rusqlite::Result<Vec<String>>>()?;
    for path in kept.into_iter().filter(|path| paths.binary_search(&path.as_str()).is_err()) {
        Known { path: path.into(), size: 0, mtime_ns: None, what: What::Gone }.write(connection, seq)?;
    }
    Ok(())
}

/// How many symbols and uses a record has that is kept.
pub(super) fn counts(
    connection: &Connection,
    hash: &[u8; 32],
    language: &str,
    key: &[u8; 8],
) -> Result<Option<(u32, u32)>, Fault> {
    let mut select =
        connection.prepare_cached("SELECT symbols, uses FROM record WHERE hash = ?1 AND language = ?2 AND key = ?3")?;
    Ok(select.query_row(params![hash, language, key], |row| Ok((row.get(0)?, row.get(1)?))).optional()?)
}

/// What a record holds, as bytes.
pub(super) fn body(connection: &Connection, hash: &[u8; 32], language: &str, key: &[u8; 8]) -> Result<Option<Vec<u8>>, Fault> {
    let mut select = connection.prepare_cached("SELECT body FROM record WHERE hash = ?1 AND language = ?2 AND key = ?3")?;
    Ok(select.query_row(params![hash, language, key], |row| row.get(0)).optional()?)
}

/// Seconds since 1970.
fn now() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |age| i64::try_from(age.as_secs()).unwrap_or(i64::MAX))
}
