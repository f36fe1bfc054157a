//! The overlay of a picture: the few files that are not as the base has them.

use std::sync::{Arc, Mutex, OnceLock};

use rustc_hash::FxHashMap;

use crate::FileRecord;
use crate::base::{Base, FileId, Leads, narrow};
use crate::rank::FileWords;

/// A file that is not as the base has it.
pub(crate) struct Changed {
    pub(crate) path: Arc<str>,
    /// What it is now; `None` for a file that is gone.
    pub(crate) record: Option<Arc<FileRecord>>,
    /// The same path in the base, which is hidden by this.
    pub(crate) base: Option<FileId>,
    /// The words of its symbols, made when somebody ranks.
    pub(crate) words: OnceLock<FileWords>,
    /// Whether what other files can see of it is as the base has it; told when somebody asks.
    pub(crate) is_alike: OnceLock<bool>,
}

/// Files that are not as the base has them, in the order of their paths.
#[derive(Clone, Default)]
pub(crate) struct Overlay {
    changed: Vec<Arc<Changed>>,
    /// The files of the base that no longer count, in order.
    hidden: Vec<FileId>,
    /// How many paths came or went. Where none did, what the base says of paths still holds.
    moved: usize,
    /// Where the imports of files lead, as far as somebody has asked since the last change.
    leads: Arc<Mutex<FxHashMap<FileId, Leads>>>,
}

impl Overlay {
    /// The overlay of these files, in the order of their paths.
    pub(crate) fn of(base: &Base, changes: Vec<(Arc<str>, Option<Arc<FileRecord>>)>) -> Self {
        let changed = changes.into_iter().filter_map(|(path, record)| {
            let hides = base.id(&path);
            let says_something = hides.is_some() || record.is_some();
            says_something
                .then(|| Arc::new(Changed { path, record, base: hides, words: OnceLock::new(), is_alike: OnceLock::new() }))
        });
        let mut this = Self { changed: changed.collect(), ..Self::default() };
        this.hidden = this.changed.iter().filter_map(|changed| changed.base).collect();
        this.moved = this.changed.iter().filter(|changed| changed.record.is_some() != changed.base.is_some()).count();
        this
    }

    /// The overlay with one more file in it, or one file in it as it is now.
    pub(crate) fn with(&self, base: &Base, path: &str, record: Option<Arc<FileRecord>>) -> Self {
        let mut next = Self { leads: Arc::default(), ..self.clone() };
        let hides = base.id(path);
        let slot = next.changed.binary_search_by(|changed| (*changed.path).cmp(path));
        if hides.is_none() && record.is_none() {
            if let Ok(found) = slot {
                next.changed.remove(found);
            }
        } else {
            let changed = Changed { path: path.into(), record, base: hides, words: OnceLock::new(), is_alike: OnceLock::new() };
            match slot {
                Ok(found) => next.changed[found] = Arc::new(changed),
                Err(gap) => next.changed.insert(gap, Arc::new(changed)),
            }
        }
        if let Some(hides) = hides
            && let Err(gap) = next.hidden.binary_search(&hides)
        {
            next.hidden.insert(gap, hides);
        }
        next.moved = next.changed.iter().filter(|changed| changed.record.is_some() != changed.base.is_some()).count();
        next
    }

    /// Where the imports of a file lead: what was worked out before, or else what `follow` says.
    pub(crate) fn leads(&self, file: FileId, follow: impl FnOnce() -> Leads) -> Leads {
        let known = self.leads.lock().ok().and_then(|known| known.get(&file).cloned());
        known.unwrap_or_else(|| {
            let leads = follow();
            if let Ok(mut known) = self.leads.lock() {
                known.insert(file, Arc::clone(&leads));
            }
            leads
        })
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.changed.is_empty()
    }

    pub(crate) fn len(&self) -> usize {
        self.changed.len()
    }

    pub(crate) fn hides(&self, id: FileId) -> bool {
        self.hides_any() && self.hidden.binary_search(&id).is_ok()
    }

    /// Whether any file of the base no longer counts.
    pub(crate) fn hides_any(&self) -> bool {
        !self.hidden.is_empty()
    }

    /// Whether files came or went since the base was made.
    pub(crate) fn moved(&self) -> bool {
        self.moved > 0
    }

    pub(crate) fn changed(&self) -> &[Arc<Changed>] {
        &self.changed
    }

    /// The position of a path, if the overlay has anything to say of it.
    pub(crate) fn position(&self, path: &str) -> Option<usize> {
        self.changed.binary_search_by(|changed| (*changed.path).cmp(path)).ok()
    }

    /// The files that are there, each with its position.
    pub(crate) fn records(&self) -> impl Iterator<Item = (u32, &Arc<FileRecord>)> {
        self.changed.iter().enumerate().filter_map(|(position, changed)| Some((narrow(position), changed.record.as_ref()?)))
    }
}
