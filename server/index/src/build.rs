//! Building a picture from disk.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Instant;

use rayon::prelude::*;

use crate::base::Base;
use crate::graph::{Graph, Ranks};
use crate::index::{FOLD_AT, Workspace};
use crate::keeper::{Hints, Keeper};
use crate::load::{self, Loaded, Loader};
use crate::overlay::Overlay;
use crate::paths::Root;
use crate::store::{What, lasting};
use crate::walk::{self, Skipped};
use crate::{FileRecord, Index, Milliseconds, Options, Progress, Report};

/// Called as files are done, from several threads, not always in order.
pub(crate) type OnProgress<'a> = &'a (dyn Fn(Progress) + Sync);

impl Index {
    /// Reads a folder. Blocks until it is done or `cancel` is set; works on threads of its own.
    ///
    /// Called off, it returns the empty index.
    #[must_use]
    pub fn build(root: &Path, options: &Options, progress: OnProgress<'_>, cancel: &AtomicBool) -> (Self, Report) {
        Self::empty(root).rebuild(options, progress, cancel)
    }

    /// Reads the folder again. What has the same size and time of writing, or else the same bytes, is not parsed again. Texts that
    /// came from an editor give way to what is on disk.
    ///
    /// Called off, it returns this index as it is.
    #[must_use]
    pub fn rebuild(&self, options: &Options, progress: OnProgress<'_>, cancel: &AtomicBool) -> (Self, Report) {
        let begin = Instant::now();
        let (index, mut report) = self.start(options, progress, cancel);
        if !report.cancelled {
            let index = index.fold();
            index.link();
            report.ms.total = millis(begin, Instant::now());
            report.ms.link = report.ms.total.saturating_sub(report.ms.walk + report.ms.parse);
            return (index, report);
        }
        (index, report)
    }

    /// As [`Index::rebuild`], but what needs the contents of all files is left to [`Index::link`]. Where a store knows the files as
    /// they are, none is read: this takes little longer than to look at each.
    #[must_use]
    pub fn start(&self, options: &Options, progress: OnProgress<'_>, cancel: &AtomicBool) -> (Self, Report) {
        in_pool(options.threads, || self.read_all(options, progress, cancel))
    }

    /// What a build would find, as far as that can be told without parsing a file: what the store knows of, what it does not, and what
    /// would be left out. Only files whose name does not tell their language are read.
    #[must_use]
    pub fn survey(&self, options: &Options) -> Report {
        let root = &self.workspace.root;
        let (found, mut skipped) = walk::walk(root, options, &AtomicBool::new(false));
        let keeper = self.store().map(|store| Arc::new(Keeper::new(Arc::clone(store), root.path(), options.limits)));
        let (base, hints) = keeper.as_ref().map(Keeper::warm).unwrap_or_else(|| (Base::new(Vec::new()), Hints::default()));
        let before = Self { base: Arc::new(base), ..self.clone() };
        let headers_are_cpp = load::headers_are_cpp(found.iter().map(|file| file.path.as_str()));
        let loader = Loader { root, limits: &options.limits, headers_are_cpp, keeper: keeper.as_ref(), asks_store: false };
        let look = |file: &walk::Found| loader.look(file, before.file(&file.path), hints.get(file.path.as_str()));
        let seen: Vec<Loaded> = found.iter().map(|file| look(file).unwrap_or_else(|| loader.peek(file))).collect();
        let mut report = count(&seen, keeper.is_some(), &mut skipped);
        report.files = report.reused + report.unread;
        report.skipped = skipped;
        report
    }

    fn read_all(&self, options: &Options, progress: OnProgress<'_>, cancel: &AtomicBool) -> (Self, Report) {
        let begin = Instant::now();
        let root = &self.workspace.root;
        let store = self.store().map(Arc::clone);
        let keeper = store.map(|store| Arc::new(Keeper::new(store, root.path(), options.limits)));
        let is_first = self.base.files.is_empty() && self.overlay.is_empty();
        let warm = || keeper.as_ref().filter(|_| is_first).map(Keeper::warm);
        let ((found, mut skipped), warm) = rayon::join(|| walk::walk(root, options, cancel), warm);
        let (base, hints) = match warm {
            Some((base, hints)) => (Arc::new(base), hints),
            None => (Arc::clone(&self.base), self.workspace.left.clone()),
        };
        let walked = Instant::now();
        let before = Self { base: Arc::clone(&base), ..self.clone() };
        let headers_are_cpp = load::headers_are_cpp(found.iter().map(|file| file.path.as_str()));
        let asks_store = keeper.as_ref().is_some_and(|keeper| !keeper.store.is_empty());
        let loader = Loader { root, limits: &options.limits, headers_are_cpp, keeper: keeper.as_ref(), asks_store };
        let done = AtomicUsize::new(0);
        let old = before.beside(&found);
        let load = |(file, old): (&walk::Found, &Option<&Arc<FileRecord>>)| {
            if cancel.load(Ordering::Relaxed) {
                return Loaded::Unknown;
            }
            let known = hints.get(file.path.as_str());
            // What was noted after the base was made is nearer to the truth.
            let of_base = old.filter(|_| known.is_none_or(|known| matches!(known.what, What::Left { .. })));
            let loaded = loader.load(file, of_base, known);
            progress(Progress { done: done.fetch_add(1, Ordering::Relaxed) + 1, total: found.len() });
            loaded
        };
        // Neighbours in a folder are alike in size, so small pieces spread the load.
        let loaded: Vec<Loaded> = found.par_iter().zip(&old).with_max_len(8).map(load).collect();
        if cancel.load(Ordering::Relaxed) {
            return (self.clone(), Report { cancelled: true, ..Report::default() });
        }
        let parsed = Instant::now();
        let mut report = count(&loaded, is_first && keeper.is_some(), &mut skipped);
        let left = left_out(keeper.as_ref(), &found, &loaded, &hints);
        if let Some(keeper) = &keeper {
            let is_there = |path: &str| found.binary_search_by(|file| file.path.as_str().cmp(path)).is_ok();
            let noted = hints.values().filter(|known| known.what != What::Gone).map(|known| &*known.path);
            let of_base = gone(&base.files, &found).map(|record| &*record.path);
            of_base.chain(noted.filter(|path| !is_there(path))).for_each(|path| keeper.note_gone(path));
        }
        let workspace = Workspace { root: Root::new(root.path()), options: options.clone(), headers_are_cpp, left, keeper };
        let index = before.after(Arc::new(workspace), &found, loaded);
        let counts = index.counts();
        (report.files, report.symbols, report.references) = (counts.files, counts.symbols, counts.references);
        report.skipped = skipped;
        report.ms = Milliseconds {
            walk: millis(begin, walked),
            parse: millis(walked, parsed),
            link: millis(parsed, Instant::now()),
            total: millis(begin, Instant::now()),
        };
        (index, report)
    }

    /// For each file that was found, in the order of their paths, what this picture has of it.
    fn beside(&self, found: &[walk::Found]) -> Vec<Option<&Arc<FileRecord>>> {
        if !self.overlay.is_empty() {
            return found.par_iter().map(|file| self.file(&file.path)).collect();
        }
        let mut files = self.base.files.iter().peekable();
        let at = |file: &walk::Found| {
            while files.next_if(|record| *record.path < *file.path).is_some() {}
            files.next_if(|record| *record.path == *file.path)
        };
        found.iter().map(at).collect()
    }

    /// The picture after these files were loaded: on the same base where few of them changed.
    fn after(&self, workspace: Arc<Workspace>, found: &[walk::Found], loaded: Vec<Loaded>) -> Self {
        let base = &self.base;
        let mut changes = Vec::new();
        let mut seen = 0_usize;
        let gone = |record: &Arc<FileRecord>| (Arc::clone(&record.path), None);
        for (file, loaded) in found.iter().zip(&loaded) {
            let passed = base.files[seen..].iter().take_while(|record| *record.path < *file.path).count();
            changes.extend(base.files[seen..seen + passed].iter().map(gone));
            seen += passed;
            let old = base.files.get(seen).filter(|record| *record.path == *file.path);
            seen += usize::from(old.is_some());
            match (old, loaded.record()) {
                (Some(old), Some(new)) if Arc::ptr_eq(old, new) => {}
                (None, None) => {}
                (old, new) => {
                    let path = new.or(old).map(|record| Arc::clone(&record.path));
                    changes.extend(path.map(|path| (path, new.cloned())));
                }
            }
        }
        changes.extend(base.files[seen..].iter().map(gone));
        // A small workspace is cheap to put in order, and answers are better where nothing stands aside.
        if changes.len() > FOLD_AT.max(base.files.len() / 10) || changes.len() * 4 > base.files.len() {
            let records = loaded.iter().filter_map(Loaded::record).cloned().collect();
            return Self { workspace, base: Arc::new(Base::new(records)), overlay: Arc::default() };
        }
        let overlay = Arc::new(Overlay::of(base, changes));
        Self { workspace, base: Arc::clone(base), overlay }
    }

    /// A picture of these files on a new base.
    pub(crate) fn rebased(&self, records: Vec<Arc<FileRecord>>) -> Self {
        in_pool(self.workspace.options.threads, || {
            let base = Arc::new(Base::new(records));
            let index = Self { workspace: Arc::clone(&self.workspace), base, overlay: Arc::default() };
            index.make_tables();
            index
        })
    }

    /// Makes the tables that need the contents of all files: uses, where imports lead, what matters, which words are where. Whoever
    /// asks before it is done waits for the table in question. Works on threads of its own.
    pub fn link(&self) {
        in_pool(self.workspace.options.threads, || self.make_tables());
    }

    fn make_tables(&self) {
        // The first search should not wait for this, and it is soon made.
        self.base.signatures();
        self.base.find_uses();
        self.import_leads();
        self.ranks();
        self.of_base().answer_often();
        self.base.words.get_or_init(|| crate::rank::Words::new(&self.base));
        self.make_vectors();
    }

    /// Where the imports of the files of the base lead.
    pub(crate) fn import_leads(&self) -> &[crate::base::Leads] {
        self.base.imports.get_or_init(|| self.of_base().link_imports())
    }

    /// Who refers to whom in the base.
    pub(crate) fn graph(&self) -> &Graph {
        // What many threads will ask for is made before they begin: none of them may wait for another of them.
        self.base.find_uses();
        self.import_leads();
        self.base.graph.get_or_init(|| Graph::new(&self.of_base()))
    }

    /// How much each symbol of the base matters.
    pub(crate) fn ranks(&self) -> &Ranks {
        self.base.ranks.get_or_init(|| Ranks::new(self.graph(), &self.base))
    }

    /// The picture without what changed since its base was made.
    pub(crate) fn of_base(&self) -> Self {
        Self { overlay: Arc::default(), ..self.clone() }
    }
}

/// The files of a base that were not found; both are in the order of their paths.
fn gone<'b>(files: &'b [Arc<FileRecord>], found: &[walk::Found]) -> impl Iterator<Item = &'b Arc<FileRecord>> {
    let mut found = found.iter().peekable();
    files.iter().filter(move |record| {
        while found.next_if(|file| *file.path < *record.path).is_some() {}
        found.next_if(|file| *file.path == *record.path).is_none()
    })
}

fn count(loaded: &[Loaded], is_warm: bool, skipped: &mut Skipped) -> Report {
    let mut report = Report::default();
    for one in loaded {
        if one.record().is_some_and(|record| record.is_generated) {
            *report.marked.entry("generated").or_default() += 1;
        }
        match one {
            Loaded::Parsed(_) => report.parsed += 1,
            Loaded::Stored(_) | Loaded::Known(_) => {
                report.reused += 1;
                report.stored += 1;
            }
            Loaded::Reused(_) | Loaded::Same(_) => {
                report.reused += 1;
                report.stored += usize::from(is_warm);
            }
            Loaded::Skipped(reason) => *skipped.entry(reason).or_default() += 1,
            Loaded::Unread => report.unread += 1,
            Loaded::Unknown => *skipped.entry("unknown-language").or_default() += 1,
        }
    }
    report
}

/// The files that were left out for a reason that holds as long as they stay as they are.
fn left_out(keeper: Option<&Arc<Keeper>>, found: &[walk::Found], loaded: &[Loaded], hints: &Hints) -> Hints {
    let Some(keeper) = keeper else { return Hints::default() };
    let left = found.iter().zip(loaded).filter_map(|(file, loaded)| match loaded {
        Loaded::Skipped(reason) => Some((file, lasting(reason)?)),
        _ => None,
    });
    let known = left.map(|(file, reason)| match hints.get(file.path.as_str()) {
        Some(known) if known.size == file.size && known.mtime_ns.map(i128::from) == file.mtime_ns => known.clone(),
        _ => keeper.left_out(file, reason),
    });
    known.map(|known| (known.path.clone(), known)).collect()
}

/// Runs work on threads of its own, which give way to other programs, or, where the system gives no more threads, on this one.
pub(crate) fn in_pool<T: Send>(threads: usize, work: impl FnOnce() -> T + Send) -> T {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).thread_name(|number| format!("index-{number}"));
    let pool = pool.start_handler(|_| give_way()).build();
    match pool {
        Ok(pool) => pool.install(work),
        Err(error) => {
            tracing::warn!(%error, "no threads for the index");
            work()
        }
    }
}

/// By how much less the threads that index count than others, as `nice` does: about a third of the time where somebody else wants it.
#[cfg(target_os = "linux")]
const LESS: i32 = 5;

/// Gives this thread a lower priority. Only Linux has one for each thread.
fn give_way() {
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{getpriority_process, setpriority_process};
        let this = Some(rustix::thread::gettid());
        let lowered = getpriority_process(this).and_then(|now| setpriority_process(this, (now + LESS).min(19)));
        if let Err(error) = lowered {
            tracing::debug!(%error, "the index is made at full priority");
        }
    }
}

fn millis(from: Instant, to: Instant) -> u64 {
    u64::try_from(to.duration_since(from).as_millis()).unwrap_or(u64::MAX)
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use rustix::process::getpriority_process;
    use rustix::thread::gettid;

    #[test]
    fn threads_that_index_give_way_and_others_do_not() {
        let priority = || getpriority_process(Some(gettid())).unwrap();
        let before = priority();
        assert_eq!(super::in_pool(2, priority), (before + super::LESS).min(19));
        assert_eq!(priority(), before);
    }
}
