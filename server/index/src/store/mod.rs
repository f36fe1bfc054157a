//! The index on disk: one SQLite database for each workspace folder, in the user's cache.
//!
//! Several processes may have one workspace open. One of them leads: it holds a lock that the system frees when it ends, and it alone
//! writes. The others follow: they read, and ask now and then what the leader has written. What a store says is used where it can be
//! checked against the disk, by size and time of writing or else by the hash of the bytes; so two that index at once waste work and
//! are never wrong, and a store that is damaged, old or gone costs time and nothing else.
//!
//! It holds names, signatures, doc comments and places of the user's own files, readable by the user alone. Nothing of it leaves the
//! machine.

mod collect;
mod folder;
mod picture;
mod row;
mod schema;
mod writer;

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use parking_lot::Mutex;
use rusqlite::Connection;
use syntax::{FileSymbols, Language};

pub(crate) use picture::Picture;
pub(crate) use row::{Key, Known, What, lasting};
use schema::Fault;
use writer::Writer;

use crate::FileRecord;
use crate::unused::note_use;

/// What is left in the folder where damage was found that could not be mended at once.
const DAMAGE_MARK: &str = "index.damaged";

/// What a process does with a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// It writes.
    Leader,
    /// It reads what another process writes.
    Follower,
    /// Neither: the store cannot be used.
    None,
}

impl Role {
    /// `leader`, `follower` or `none`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Leader => "leader",
            Self::Follower => "follower",
            Self::None => "none",
        }
    }
}

/// The store of one workspace folder, shared by all pictures of it.
#[derive(Debug)]
pub struct Store {
    folder: PathBuf,
    state: Mutex<State>,
    /// Read by whoever needs the contents of a file.
    reader: Mutex<Option<Connection>>,
    damaged: Arc<AtomicBool>,
}

#[derive(Debug)]
struct State {
    path: PathBuf,
    /// The lock, as long as this process leads.
    lease: Option<File>,
    writer: Option<Writer>,
    /// SQLite's number of the last state that was seen.
    data_version: i64,
    /// The last batch that was read.
    seq: i64,
}

impl Store {
    /// Opens the store of the workspace at `root` below a cache folder, and makes it where it is not there. Never fails: what cannot be
    /// used has the role [`Role::None`], which is logged once.
    #[must_use]
    pub fn open(cache: &Path, root: &Path) -> Arc<Self> {
        let root = root.canonicalize().unwrap_or_else(|_| root.to_path_buf());
        let folder = folder::of_workspace(cache, &root);
        let path = folder.join("index.sqlite");
        let state = State { path, lease: None, writer: None, data_version: 0, seq: 0 };
        let store = Self { folder, state: Mutex::new(state), reader: Mutex::new(None), damaged: Arc::default() };
        if let Err(error) = folder::create(&store.folder) {
            tracing::warn!("the index is not kept on disk: {}: {error}", store.folder.display());
            return Arc::new(store);
        }
        if !store.try_to_lead() {
            store.follow();
        }
        Arc::new(store)
    }

    /// The store of a workspace as it is, without making it or ever writing to it; `None` where there is none.
    #[must_use]
    pub fn look(cache: &Path, root: &Path) -> Option<Arc<Self>> {
        let folder = folder::of_workspace(cache, &root.canonicalize().unwrap_or_else(|_| root.to_path_buf()));
        let state = State { path: folder.join("index.sqlite"), lease: None, writer: None, data_version: 0, seq: 0 };
        let store = Self { folder, state: Mutex::new(state), reader: Mutex::new(None), damaged: Arc::default() };
        store.follow();
        let is_there = store.reader.lock().is_some();
        is_there.then(|| Arc::new(store))
    }

    /// Whether a living process writes to it.
    #[must_use]
    pub fn is_led(&self) -> bool {
        folder::lock(&self.folder).is_none()
    }

    /// Becomes the leader where there is none.
    pub(crate) fn try_to_lead(&self) -> bool {
        let mut state = self.state.lock();
        if state.lease.is_some() {
            return false;
        }
        let Some(lease) = folder::lock(&self.folder) else { return false };
        note_use(&lease);
        let mark = self.folder.join(DAMAGE_MARK);
        if mark.exists() {
            let _ = folder::set_aside(&state.path);
            let _ = std::fs::remove_file(&mark);
        }
        let opened = schema::open(&self.folder, true).and_then(|(connection, path)| {
            let writer = Writer::start(&path, Arc::clone(&self.damaged))?;
            Ok((connection, path, writer))
        });
        state.lease = Some(lease);
        match opened {
            Ok((connection, path, writer)) => {
                (state.path, state.writer) = (path, Some(writer));
                *self.reader.lock() = Some(connection);
                true
            }
            Err(fault) => {
                tracing::warn!("the index is not kept on disk: {}: {fault}", state.path.display());
                false
            }
        }
    }

    /// Connects to what another process leads, once that is there.
    fn follow(&self) {
        if let Ok((connection, path)) = schema::open(&self.folder, false) {
            self.state.lock().path = path;
            *self.reader.lock() = Some(connection);
        }
    }

    /// What this process does with it.
    #[must_use]
    pub fn role(&self) -> Role {
        let state = self.state.lock();
        match (&state.writer, &state.lease) {
            (Some(writer), _) if !writer.gave_up() && !self.damaged.load(Ordering::Relaxed) => Role::Leader,
            (None, None) if self.reader.lock().is_some() => Role::Follower,
            _ => Role::None,
        }
    }

    /// The database's file.
    #[must_use]
    pub fn path(&self) -> PathBuf {
        self.state.lock().path.clone()
    }

    /// How much the database takes on disk, in bytes, with what is not merged into it yet.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        let path = self.path();
        let wal = PathBuf::from(format!("{}-wal", path.display()));
        [path, wal].iter().filter_map(|path| path.metadata().ok()).map(|found| found.len()).sum()
    }

    /// Everything that is kept: the last picture, and what changed after it.
    pub(crate) fn load(&self) -> (Option<Picture>, Vec<Known>) {
        let loaded = self.read(|connection| {
            let transaction = connection.unchecked_transaction()?;
            let picture = Picture::read(&transaction)?;
            let since = picture.as_ref().map_or(0, |picture| picture.seq);
            let later = Known::since(&transaction, since)?;
            let seq = transaction.query_row("SELECT COALESCE(MAX(seq), 0) FROM file", [], |row| row.get(0))?;
            Ok((picture, later, seq))
        });
        let Some((picture, later, seq)) = loaded else {
            self.mend();
            return (None, Vec::new());
        };
        self.state.lock().seq = seq;
        (picture, later)
    }

    /// Starts again with an empty database where this one is damaged.
    fn mend(&self) {
        if !self.damaged.load(Ordering::Relaxed) {
            return;
        }
        let mut state = self.state.lock();
        if state.lease.is_none() {
            return;
        }
        state.writer = None;
        *self.reader.lock() = None;
        tracing::warn!("the index at {} is damaged: it is set aside, and made again", state.path.display());
        let opened = folder::set_aside(&state.path).map_err(|error| Fault::Other(error.to_string()));
        let opened = opened.and_then(|()| {
            self.damaged.store(false, Ordering::Relaxed);
            let _ = std::fs::remove_file(self.folder.join(DAMAGE_MARK));
            let connection = schema::connect(&state.path, true)?;
            Ok((connection, Writer::start(&state.path, Arc::clone(&self.damaged))?))
        });
        match opened {
            Ok((connection, writer)) => {
                state.writer = Some(writer);
                *self.reader.lock() = Some(connection);
            }
            Err(fault) => tracing::warn!("the index is not kept on disk: {fault}"),
        }
    }

    /// The number of symbols and uses of a record, where one is kept.
    pub(crate) fn counts(&self, hash: &[u8; 32], language: Language, key: &Key) -> Option<(u32, u32)> {
        self.read(|connection| writer::counts(connection, hash, language.name(), key)).flatten()
    }

    /// What a record holds, where it is kept.
    pub(crate) fn body(&self, record: &FileRecord, key: &Key) -> Option<FileSymbols> {
        let body = self.read(|connection| writer::body(connection, &record.hash, record.language.name(), key)).flatten()?;
        let file = FileSymbols::from_bytes(&body).ok();
        if file.is_none() {
            self.note_damage();
        }
        file
    }

    /// The paths of which something was written since the last call, by the leader that this process follows.
    pub(crate) fn news(&self) -> Vec<String> {
        if self.reader.lock().is_none() {
            self.follow();
        }
        let (data_version, seq) = {
            let state = self.state.lock();
            (state.data_version, state.seq)
        };
        let news = self.read(|connection| {
            let now: i64 = connection.pragma_query_value(None, "data_version", |row| row.get(0))?;
            if now == data_version {
                return Ok(None);
            }
            let transaction = connection.unchecked_transaction()?;
            let known = Known::since(&transaction, seq)?;
            let seq = transaction.query_row("SELECT COALESCE(MAX(seq), 0) FROM file", [], |row| row.get(0))?;
            Ok(Some((now, seq, known)))
        });
        let Some(Some((data_version, seq, known))) = news else { return Vec::new() };
        let mut state = self.state.lock();
        (state.data_version, state.seq) = (data_version, seq);
        known.into_iter().map(|known| known.path.into()).collect()
    }

    /// What is known of one path.
    pub(crate) fn known(&self, path: &str) -> Option<Known> {
        self.read(|connection| Known::at(connection, path)).flatten()
    }

    /// Notes what is at a path now; its record is written if it is not kept yet. Returns at once.
    pub(crate) fn note(&self, known: Known, record: Option<Arc<FileRecord>>) {
        if let Some(writer) = &self.state.lock().writer {
            writer.note(known, record);
        }
    }

    /// Notes everything that there is. Returns at once.
    pub(crate) fn note_all(&self, all: Vec<(Known, Option<Arc<FileRecord>>)>) {
        if let Some(writer) = &self.state.lock().writer {
            writer.whole(all);
        }
    }

    /// Keeps a picture of what was noted so far. Returns at once.
    pub(crate) fn keep(&self, picture: Picture) {
        if let Some(writer) = &self.state.lock().writer {
            writer.picture(picture);
        }
    }

    /// Waits until everything that was noted is on disk.
    pub fn flush(&self) {
        let waiting = self.state.lock().writer.as_ref().map(Writer::flush);
        // The other end is gone where the thread has ended: there is nothing to wait for.
        let _ = waiting.map(|waiting| waiting.recv());
    }

    /// Whether nothing is kept yet.
    pub(crate) fn is_empty(&self) -> bool {
        let any = self.read(|connection| Ok(connection.query_row("SELECT EXISTS (SELECT 1 FROM record)", [], |row| row.get(0))?));
        !any.unwrap_or(false)
    }

    fn read<T>(&self, work: impl FnOnce(&Connection) -> Result<T, Fault>) -> Option<T> {
        let mut reader = self.reader.lock();
        match work(reader.as_ref()?) {
            Ok(found) => Some(found),
            Err(fault) => {
                if matches!(fault, Fault::Damaged) {
                    *reader = None;
                    drop(reader);
                    self.note_damage();
                } else {
                    tracing::debug!("the index on disk cannot be read: {fault}");
                }
                None
            }
        }
    }

    /// From now on the store is not used; the next leader sets it aside.
    fn note_damage(&self) {
        if !self.damaged.swap(true, Ordering::Relaxed) {
            tracing::warn!("the index at {} is damaged: it is made again at the next start", self.path().display());
            let _ = folder::create_file(&self.folder.join(DAMAGE_MARK));
        }
    }
}
