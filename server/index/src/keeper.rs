//! Between the pictures and the store: what is kept of them, and how it comes back.

use std::path::Path;
use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::FxHashMap;
use syntax::{FileSymbols, Language, Limits, Symbol, SymbolKind, Visibility};
use text::Span;

use crate::base::Base;
use crate::graph::Ranks;
use crate::paths::Root;
use crate::record::Shelf;
use crate::regular::{Link, read_regular};
use crate::store::{Key, Known, Picture, Role, Store, What};
use crate::walk::Found;
use crate::{FileRecord, Index};

/// What is known of paths that is not in a base.
pub(crate) type Hints = FxHashMap<Box<str>, Known>;

/// A store as one way of reading files uses it.
#[derive(Debug)]
pub(crate) struct Keeper {
    pub(crate) store: Arc<Store>,
    root: Root,
    limits: Limits,
    /// For each language.
    keys: Vec<Key>,
    /// Of files that are left out.
    left: Key,
}

impl Keeper {
    pub(crate) fn new(store: Arc<Store>, root: &Path, limits: Limits) -> Self {
        let key = |language: &Language| key(&[&language.fingerprint(), &limits.max_depth.to_le_bytes()]);
        let keys: Vec<Key> = Language::ALL.iter().map(key).collect();
        let bounds = [limits.max_bytes.to_le_bytes(), limits.max_line_bytes.to_le_bytes()];
        let left = self::key(&[&bounds.concat(), &keys.concat()]);
        Self { store, root: Root::new(root), limits, keys, left }
    }

    fn key(&self, language: Language) -> Key {
        self.keys.get(language as usize).copied().unwrap_or_default()
    }

    /// What the last picture holds, and what is known besides.
    pub(crate) fn warm(self: &Arc<Self>) -> (Base, Hints) {
        let (picture, later) = self.store.load();
        let mut hints = Hints::default();
        let mut base = Base::new(Vec::new());
        if let Some(picture) = picture {
            let is_current =
                |known: &Known| matches!(known.what, What::Record { language, key, .. } if key == self.key(language));
            let of_records = picture.known.iter().take_while(|known| matches!(known.what, What::Record { .. })).count();
            let (records, left) = picture.known.split_at(of_records);
            // What another version of the program listed is not mixed with what this one lists.
            if records.par_iter().all(is_current) {
                let files = records.par_iter().filter_map(|known| self.record(known)).map(Arc::new).collect();
                base = Base::of(files, picture.names, picture.definitions);
                let _ = base.is_kept.set(());
                if !picture.ranks.is_empty() {
                    let _ = (base.ranks.set(Ranks::of(picture.ranks)), base.ranks_are_kept.set(()));
                }
            }
            hints.extend(left.iter().map(|known| (known.path.clone(), known.clone())));
        }
        hints.extend(later.into_iter().map(|known| (known.path.clone(), known)));
        (base, hints)
    }

    /// The record of a known file; `None` where it would be another now.
    pub(crate) fn record(self: &Arc<Self>, known: &Known) -> Option<FileRecord> {
        let What::Record { hash, language, key, counts, is_generated } = known.what else { return None };
        if key != self.key(language) {
            return None;
        }
        let shelf: Arc<dyn Shelf> = Arc::clone(self) as _;
        let mut record = FileRecord::kept((&*known.path).into(), (language, hash), counts, shelf);
        (record.size, record.mtime_ns) = (known.size, known.mtime_ns.map(i128::from));
        record.is_generated = is_generated;
        Some(record)
    }

    /// Why a known file was left out, if it still would be.
    pub(crate) fn left(&self, known: &Known) -> Option<&'static str> {
        match known.what {
            What::Left { reason, key } if key == self.left => Some(reason),
            _ => None,
        }
    }

    /// The record of a text that was read before, under whichever name.
    pub(crate) fn by_hash(self: &Arc<Self>, path: &str, language: Language, hash: [u8; 32]) -> Option<FileRecord> {
        let counts = self.store.counts(&hash, language, &self.key(language))?;
        let shelf: Arc<dyn Shelf> = Arc::clone(self) as _;
        Some(FileRecord::kept(path.into(), (language, hash), counts, shelf))
    }

    /// Notes that a path is this file now.
    pub(crate) fn note(&self, record: &Arc<FileRecord>) {
        self.store.note(self.known(record), Some(Arc::clone(record)));
    }

    /// Notes that a file is left out, for a reason that holds as long as the file stays as it is.
    pub(crate) fn note_left(&self, known: &Known) {
        self.store.note(known.clone(), None);
    }

    /// Notes that a path is gone.
    pub(crate) fn note_gone(&self, path: &str) {
        self.store.note(Known { path: path.into(), size: 0, mtime_ns: None, what: What::Gone }, None);
    }

    /// What is to be kept of a file that is left out.
    pub(crate) fn left_out(&self, found: &Found, reason: &'static str) -> Known {
        let mtime_ns = found.proven_mtime().and_then(|time| i64::try_from(time).ok());
        Known { path: found.path.as_str().into(), size: found.size, mtime_ns, what: What::Left { reason, key: self.left } }
    }

    fn known(&self, record: &FileRecord) -> Known {
        let (language, hash) = (record.language, record.hash);
        let (key, counts, is_generated) = (self.key(language), record.counts, record.is_generated);
        let what = What::Record { hash, language, key, counts, is_generated };
        let mtime_ns = record.mtime_ns.and_then(|time| i64::try_from(time).ok());
        Known { path: (&*record.path).into(), size: record.size, mtime_ns, what }
    }
}

impl Shelf for Keeper {
    fn take(&self, record: &FileRecord) -> Arc<FileSymbols> {
        let fits = |file: &FileSymbols| (file.symbols.len(), file.reference_count()) == sizes(record);
        if let Some(file) = self.store.body(record, &self.key(record.language)).filter(fits) {
            return Arc::new(file);
        }
        // The store has lost it; the disk may have it still.
        let path = self.root.absolute(&record.path);
        let bytes = read_regular(&path, self.limits.max_bytes as u64, Link::Refused).unwrap_or_default();
        let same = (*blake3::hash(&bytes).as_bytes() == record.hash).then(|| String::from_utf8(bytes).ok()).flatten();
        let parse = same.and_then(|text| syntax::parse(record.language, &text, None, &self.limits).ok());
        match parse.map(|parse| parse.file).filter(|file| fits(file)) {
            Some(file) => file,
            None => {
                let mut file = FileSymbols::default();
                file.symbols = vec![nothing(); record.counts.0 as usize];
                Arc::new(file)
            }
        }
    }
}

fn sizes(record: &FileRecord) -> (usize, usize) {
    (record.counts.0 as usize, record.counts.1 as usize)
}

/// What stands for a symbol that can be read nowhere any more, until its file is read again.
fn nothing() -> Symbol {
    Symbol {
        name: "".into(),
        kind: SymbolKind::Variable,
        container: "".into(),
        parent: None,
        span: Span::default(),
        full_span: Span::default(),
        name_span: Span::default(),
        line: 0,
        column: 0,
        end_line: 0,
        signature: "".into(),
        doc: "".into(),
        body_hash: 0,
        visibility: Visibility::Unstated,
    }
}

fn key(parts: &[&[u8]]) -> Key {
    let mut hasher = blake3::Hasher::new();
    parts.iter().for_each(|part| {
        hasher.update(part);
    });
    let mut key = Key::default();
    key.copy_from_slice(&hasher.finalize().as_bytes()[..8]);
    key
}

impl Index {
    /// The picture of a folder in which nothing has been read yet, and which is kept in a store.
    #[must_use]
    pub fn stored(root: &Path, store: Arc<Store>) -> Self {
        let empty = Self::empty(root);
        let keeper = Arc::new(Keeper::new(store, empty.root(), empty.options().limits));
        empty.with_keeper(keeper)
    }

    /// The store that it is kept in.
    #[must_use]
    pub fn store(&self) -> Option<&Arc<Store>> {
        self.workspace.keeper.as_ref().map(|keeper| &keeper.store)
    }

    /// Whether the store has all of it in one piece, so that the next start is a quick one.
    #[must_use]
    pub fn is_kept(&self) -> bool {
        self.base.is_kept.get().is_some() && !self.needs_fold()
    }

    /// Keeps this picture in the store, if this process leads and the store does not have it. The caller sees to it that no other
    /// change is noted meanwhile. Returns at once.
    pub fn keep(&self) {
        let Some(keeper) = &self.workspace.keeper else { return };
        let ranks = self.base.ranks.get();
        let kept = if ranks.is_some() { &self.base.ranks_are_kept } else { &self.base.is_kept };
        // With an overlay the picture would be of another time than what was noted.
        if kept.get().is_some() || !self.overlay.is_empty() || keeper.store.role() != Role::Leader {
            return;
        }
        let of_files = self.base.files.iter().map(|record| keeper.known(record));
        keeper.store.keep(Picture {
            seq: 0,
            known: of_files.chain(self.workspace.left.values().cloned()).collect(),
            names: Arc::clone(&self.base.names),
            definitions: Arc::clone(self.base.definition_lists()),
            ranks: ranks.map(|ranks| Arc::clone(&ranks.shares)).unwrap_or_default(),
        });
        let _ = (kept.set(()), self.base.is_kept.set(()));
    }

    /// Becomes the one that writes the store, if nobody does, and writes what the store does not have. `false` where another leads, or
    /// this process did so before.
    pub fn take_the_lead(&self) -> bool {
        let Some(keeper) = &self.workspace.keeper else { return false };
        if !keeper.store.try_to_lead() {
            return false;
        }
        let of_files = self.files().map(|record| (keeper.known(record), Some(Arc::clone(record))));
        let left = self.workspace.left.values().map(|known| (known.clone(), None));
        keeper.store.note_all(of_files.chain(left).collect());
        true
    }
}
