//! Building a picture from disk.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Instant;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::base::Base;
use crate::graph::{Graph, Ranks};
use crate::index::Workspace;
use crate::load::{self, Loaded, Loader};
use crate::paths::Root;
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
        in_pool(options.threads, || self.read_all(options, progress, cancel))
    }

    fn read_all(&self, options: &Options, progress: OnProgress<'_>, cancel: &AtomicBool) -> (Self, Report) {
        let begin = Instant::now();
        let root = &self.workspace.root;
        let (found, mut skipped) = walk::walk(root, options, cancel);
        let walked = Instant::now();
        let headers_are_cpp = load::headers_are_cpp(found.iter().map(|file| file.path.as_str()));
        let loader = Loader { root, limits: &options.limits, headers_are_cpp };
        let before: FxHashMap<&str, &Arc<FileRecord>> = self.files().map(|record| (&*record.path, record)).collect();
        let done = AtomicUsize::new(0);
        let load = |file: &walk::Found| {
            if cancel.load(Ordering::Relaxed) {
                return Loaded::Unknown;
            }
            let loaded = loader.load(file, before.get(file.path.as_str()).copied());
            progress(Progress { done: done.fetch_add(1, Ordering::Relaxed) + 1, total: found.len() });
            loaded
        };
        // Neighbours in a folder are alike in size, so small pieces spread the load.
        let loaded: Vec<Loaded> = found.par_iter().with_max_len(8).map(load).collect();
        if cancel.load(Ordering::Relaxed) {
            return (self.clone(), Report { cancelled: true, ..Report::default() });
        }
        let (records, mut report) = sort(loaded, &mut skipped);
        let parsed = Instant::now();
        let workspace = Workspace { root: Root::new(root.path()), options: options.clone(), headers_are_cpp };
        let index = Self { workspace: Arc::new(workspace), base: Arc::new(Base::new(records)), overlay: Arc::default() };
        index.link();
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

    /// A picture of these files on a new base.
    pub(crate) fn rebased(&self, records: Vec<Arc<FileRecord>>) -> Self {
        in_pool(self.workspace.options.threads, || {
            let base = Arc::new(Base::new(records));
            let index = Self { workspace: Arc::clone(&self.workspace), base, overlay: Arc::default() };
            index.link();
            index
        })
    }

    /// Makes the tables that need the contents of all files: uses, where imports lead, what matters, which words are where. Whoever
    /// asks before it is done waits for the table in question.
    pub fn link(&self) {
        self.base.find_uses();
        self.import_leads();
        self.ranks();
        self.base.words.get_or_init(|| crate::rank::Words::new(&self.base));
    }

    /// Where the imports of the files of the base lead.
    fn import_leads(&self) -> &[crate::base::Leads] {
        self.base.imports.get_or_init(|| self.of_base().link_imports())
    }

    /// Who refers to whom in the base.
    pub(crate) fn graph(&self) -> &Graph {
        self.import_leads();
        self.base.graph.get_or_init(|| Graph::new(&self.of_base()))
    }

    /// How much each symbol of the base matters.
    pub(crate) fn ranks(&self) -> &Ranks {
        self.base.ranks.get_or_init(|| Ranks::new(self.graph(), &self.base))
    }

    /// The picture without what changed since its base was made.
    fn of_base(&self) -> Self {
        Self { overlay: Arc::default(), ..self.clone() }
    }
}

fn sort(loaded: Vec<Loaded>, skipped: &mut Skipped) -> (Vec<Arc<FileRecord>>, Report) {
    let mut report = Report::default();
    let mut records = Vec::with_capacity(loaded.len());
    for one in loaded {
        match one {
            Loaded::Parsed(record) => {
                report.parsed += 1;
                records.push(record);
            }
            Loaded::Reused(record) => {
                report.reused += 1;
                records.push(record);
            }
            Loaded::Skipped(reason) => *skipped.entry(reason).or_default() += 1,
            Loaded::Unknown => *skipped.entry("unknown-language").or_default() += 1,
        }
    }
    (records, report)
}

/// Runs work on threads of its own, or, where the system gives no more threads, on this one.
pub(crate) fn in_pool<T: Send>(threads: usize, work: impl FnOnce() -> T + Send) -> T {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).thread_name(|number| format!("index-{number}")).build();
    match pool {
        Ok(pool) => pool.install(work),
        Err(error) => {
            tracing::warn!(%error, "no threads for the index");
            work()
        }
    }
}

fn millis(from: Instant, to: Instant) -> u64 {
    u64::try_from(to.duration_since(from).as_millis()).unwrap_or(u64::MAX)
}
