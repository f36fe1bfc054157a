//! The one mutable thing, and the immutable views of it that requests work on.

use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::sync::{Arc, OnceLock};

use index::Index;
use models::Gateway;
use parking_lot::Mutex;
use text::{ContentChange, LineIndex, PositionEncoding};

use crate::disk::Disk;
use crate::{OpenDocument, Places, Settings};

/// The longest file that is read where no editor has it open, in bytes: as much as an editor could send.
const LONGEST_TEXT: u64 = 64 << 20;

/// One workspace folder: its files as the index knows them, the documents that are open, and what its users configured.
///
/// The world is replaced, never edited; the lock is held only to swap it.
#[derive(Debug)]
pub struct Host {
    world: Mutex<Arc<World>>,
    /// Held by whoever works ahead of questions.
    ahead: Mutex<()>,
    pub(crate) disk: Disk,
}

#[derive(Debug)]
struct World {
    /// The files as they are on disk.
    disk: Index,
    /// Whether `disk` is all that there is: `false` before the folder was read for the first time.
    is_read: bool,
    /// Whether the folder is never read, because all that it is for is what is open.
    only_open: bool,
    /// Open documents by path relative to the root.
    documents: HashMap<String, Arc<OpenDocument>>,
    /// Files that are on disk and do not count: those that an overlay takes away.
    removed: HashSet<String>,
    settings: Arc<Settings>,
    gateway: Option<Arc<Gateway>>,
    /// The index with the open documents laid over the disk; computed when first asked for.
    current: OnceLock<Index>,
}

/// The world at one instant. Cheap to take and to keep; nothing in it ever changes.
#[derive(Clone, Debug)]
pub struct Snapshot {
    world: Arc<World>,
}

impl Host {
    /// A folder of which nothing is indexed yet.
    #[must_use]
    pub fn new(root: &Path, settings: Settings, gateway: Option<Arc<Gateway>>) -> Self {
        let world = World {
            disk: Index::empty(root),
            is_read: false,
            only_open: false,
            documents: HashMap::new(),
            removed: HashSet::new(),
            settings: Arc::new(settings),
            gateway,
            current: OnceLock::new(),
        };
        Self { world: Mutex::new(Arc::new(world)), ahead: Mutex::default(), disk: Disk::default() }
    }

    /// The world as it is now.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        Snapshot { world: Arc::clone(&self.world.lock()) }
    }

    /// Keeps the index in the user's cache, where neither the places nor the settings say otherwise. Nothing is opened yet.
    #[must_use]
    pub fn keeping_in(mut self, places: &Places) -> Self {
        self.disk.cache = places.keeps_index.then(|| places.cache.clone());
        self
    }

    /// The files as they are on disk.
    pub(crate) fn on_disk(&self) -> Index {
        self.world.lock().disk.clone()
    }

    /// Replaces the files as they are on disk.
    pub(crate) fn publish(&self, disk: Index) {
        self.replace(|world| World { disk, ..world });
    }

    /// The same once the folder was read as a whole.
    pub(crate) fn publish_whole(&self, disk: Index) {
        self.replace(|world| World { disk, is_read: true, ..world });
    }

    /// Takes what is open for all that there is: the folder is not read, whatever changes in it.
    pub fn rely_on_what_is_open(&self) {
        self.replace(|world| World { is_read: true, only_open: true, ..world });
    }

    /// Takes the folder for one that is going to be read, as it is from the start.
    pub fn rely_on_the_disk(&self) {
        self.replace(|world| World { is_read: false, only_open: false, ..world });
    }

    /// Whether what is open is all that there is.
    #[must_use]
    pub fn relies_on_what_is_open(&self) -> bool {
        self.world.lock().only_open
    }

    /// The editor opened a document.
    pub fn open(&self, path: &str, text: impl Into<Arc<str>>, version: i32) {
        let document = Arc::new(OpenDocument::new(&self.snapshot().world.disk, path, text, version));
        self.replace_document(path, Some(document));
    }

    /// The editor changed a document. `false` where it was never opened: nothing is guessed then.
    pub fn change(&self, path: &str, changes: &[ContentChange], encoding: PositionEncoding, version: i32) -> bool {
        let Some(before) = self.snapshot().world.documents.get(path).cloned() else {
            return false;
        };
        self.disk.pace.typed();
        self.replace_document(path, Some(Arc::new(before.changed(changes, encoding, version))));
        true
    }

    /// Parses what has changed ahead of the question that will need it. Blocks while it does so; where another thread is at it already, that
    /// one does it, so that fast typing in a file that parses slowly has one thread at work and not one for each key.
    pub fn parse_ahead(&self) {
        loop {
            let Some(turn) = self.ahead.try_lock() else { return };
            let snapshot = self.snapshot();
            let _ = snapshot.index();
            drop(turn);
            // Who was turned away has changed the world before.
            if Arc::ptr_eq(&snapshot.world, &self.snapshot().world) {
                return;
            }
        }
    }

    /// The editor closed a document: the disk is the truth again.
    pub fn close(&self, path: &str) {
        self.replace_document(path, None);
    }

    /// Replaces what was configured.
    pub fn configure(&self, settings: Settings, gateway: Option<Arc<Gateway>>) {
        self.replace(|world| World { settings: Arc::new(settings), gateway, ..world });
    }

    fn replace_document(&self, path: &str, document: Option<Arc<OpenDocument>>) {
        self.replace(|mut world| {
            match document {
                Some(document) => world.documents.insert(path.to_owned(), document),
                None => world.documents.remove(path),
            };
            world
        });
    }

    fn replace(&self, change: impl FnOnce(World) -> World) {
        let mut world = self.world.lock();
        let copy = World {
            disk: world.disk.clone(),
            is_read: world.is_read,
            only_open: world.only_open,
            documents: world.documents.clone(),
            removed: world.removed.clone(),
            settings: Arc::clone(&world.settings),
            gateway: world.gateway.clone(),
            current: OnceLock::new(),
        };
        *world = Arc::new(change(copy));
    }
}

impl Snapshot {
    /// The index, open documents included. The first call after a keystroke parses what changed.
    #[must_use]
    pub fn index(&self) -> &Index {
        self.world.current.get_or_init(|| {
            let mut index = self.world.disk.clone();
            for (path, document) in &self.world.documents {
                if let Some(parsed) = document.parsed() {
                    index = index.with_text(path, &document.document.text, Arc::clone(&parsed.file));
                }
            }
            for path in &self.world.removed {
                index = index.without(path);
            }
            index
        })
    }

    /// Whether the folder was read as a whole. Before that the index knows what is open, and what it does not know of proves nothing.
    #[must_use]
    pub fn is_read(&self) -> bool {
        self.world.is_read
    }

    /// The folder.
    #[must_use]
    pub fn root(&self) -> &Path {
        self.world.disk.root()
    }

    /// What was configured.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.world.settings
    }

    /// The way to the models, where any is configured.
    #[must_use]
    pub fn gateway(&self) -> Option<&Arc<Gateway>> {
        self.world.gateway.as_ref()
    }

    /// A name for this folder that does not give its path away: a hash, for ledgers and cache keys.
    #[must_use]
    pub fn workspace_id(&self) -> String {
        blake3::hash(self.root().as_os_str().as_encoded_bytes()).to_hex().as_str()[..16].to_owned()
    }

    /// This world with other texts laid over it, as if an editor had them open; a file without a text is not there. Nothing on
    /// disk or in the editor changes.
    #[must_use]
    pub fn overlaid<'text>(&self, texts: impl Iterator<Item = (&'text str, Option<&'text str>)>) -> Self {
        let mut documents = self.world.documents.clone();
        let mut removed = self.world.removed.clone();
        for (path, text) in texts {
            let version = self.version(path).unwrap_or_default();
            let Some(text) = text else {
                documents.remove(path);
                removed.insert(path.to_owned());
                continue;
            };
            removed.remove(path);
            documents.insert(path.to_owned(), Arc::new(OpenDocument::new(&self.world.disk, path, text, version)));
        }
        let world = World {
            disk: self.world.disk.clone(),
            is_read: self.world.is_read,
            only_open: self.world.only_open,
            documents,
            removed,
            settings: Arc::clone(&self.world.settings),
            gateway: self.world.gateway.clone(),
            current: OnceLock::new(),
        };
        Self { world: Arc::new(world) }
    }

    /// The open documents by relative path.
    pub fn documents(&self) -> impl Iterator<Item = (&str, &Arc<OpenDocument>)> {
        self.world.documents.iter().map(|(path, document)| (path.as_str(), document))
    }

    /// An open document by relative path.
    #[must_use]
    pub fn document(&self, path: &str) -> Option<&Arc<OpenDocument>> {
        self.world.documents.get(path)
    }

    /// The text of a file: what the editor has, or else what the disk has. `None` where it cannot be read as UTF-8.
    #[must_use]
    pub fn text(&self, path: &str) -> Option<Arc<str>> {
        match self.document(path) {
            Some(open) => Some(Arc::clone(&open.document.text)),
            None if self.world.removed.contains(path) => None,
            None => {
                let bytes = index::read_regular(&self.index().absolute(path), LONGEST_TEXT, index::Link::Refused).ok()?;
                String::from_utf8(bytes).ok().map(Into::into)
            }
        }
    }

    /// How many bytes these files have as a whole, each counted once.
    pub(crate) fn whole_bytes<'path>(&self, paths: impl IntoIterator<Item = &'path str>) -> u64 {
        let paths: std::collections::BTreeSet<&str> = paths.into_iter().collect();
        let of = |path: &&str| match self.document(path) {
            Some(open) => open.document.text.len() as u64,
            None => std::fs::metadata(self.root().join(path)).map_or(0, |file| file.len()),
        };
        paths.iter().map(of).sum()
    }

    /// The text of a file and the starts of its lines.
    #[must_use]
    pub fn text_with_lines(&self, path: &str) -> Option<(Arc<str>, Arc<LineIndex>)> {
        match self.document(path) {
            Some(open) => Some((Arc::clone(&open.document.text), Arc::clone(&open.document.lines))),
            None => {
                let text = self.text(path)?;
                let lines = Arc::new(LineIndex::new(&text));
                Some((text, lines))
            }
        }
    }

    /// The version of an open document; `None` for a closed one.
    #[must_use]
    pub fn version(&self, path: &str) -> Option<i32> {
        self.document(path).map(|open| open.document.version)
    }
}

#[cfg(test)]
mod tests {
    use text::{ContentChange, PositionEncoding};

    use crate::{Host, Settings};

    #[test]
    fn what_was_typed_last_is_parsed_ahead_whoever_is_at_it() {
        let folder = tempfile::tempdir().unwrap();
        let host = Host::new(folder.path(), Settings::default(), None);
        host.open("shop.rs", "pub fn sell() {}\n", 0);
        std::thread::scope(|scope| {
            for version in 1..32 {
                let text = format!("pub fn sell_{version}() {{}}\n");
                host.change("shop.rs", &[ContentChange { range: None, text }], PositionEncoding::Utf8, version);
                scope.spawn(|| host.parse_ahead());
            }
        });
        let snapshot = host.snapshot();
        assert!(snapshot.world.current.get().is_some_and(|index| index.named("sell_31").len() == 1));
    }
}
