//! The disk's side of a host: indexing, keeping, and taking over what changed. One thing at a time touches it.

mod pace;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use index::{Index, Progress, Report, Store};
use parking_lot::Mutex;

use self::pace::Pace;
use crate::Host;

/// From this many changed files on, a user should see that something is going on.
const MANY: usize = 500;

/// What a host needs to keep up with the disk.
#[derive(Debug, Default)]
pub(crate) struct Disk {
    /// Where the index is kept.
    pub(crate) cache: Option<PathBuf>,
    /// Held by whoever replaces the files as they are on disk.
    work: Mutex<()>,
    /// What changed and was not read again yet.
    pending: Mutex<BTreeSet<PathBuf>>,
    /// What was not read because the user called it off: it waits for the next change.
    called_off: Mutex<BTreeSet<PathBuf>>,
    /// Whether nobody wants the folder any more.
    is_left: AtomicBool,
    pub(crate) pace: Pace,
}

impl Host {
    /// Indexes the whole folder and publishes the result in one swap. Blocks until it is done; gives way to whoever types. What was kept
    /// and still holds is not read again. [`settle`](Self::settle) does the rest.
    pub fn index_folder(&self, progress: &(dyn Fn(Progress) + Sync), cancel: &AtomicBool) -> Report {
        let report = {
            let _work = self.disk.work.lock();
            // What is read anyway need not be read again, unless it comes to nothing.
            let mut pending = std::mem::take(&mut *self.disk.pending.lock());
            pending.append(&mut self.disk.called_off.lock());
            let paced = |at: Progress| {
                self.disk.pace.give_way(cancel);
                if self.disk.is_left.load(Ordering::Relaxed) {
                    cancel.store(true, Ordering::Relaxed);
                }
                progress(at);
            };
            let before = self.on_disk();
            let before = self.kept(&before).unwrap_or(before);
            let options = self.snapshot().settings().index_options();
            let (disk, report) = before.start(&options, &paced, cancel);
            if report.cancelled {
                self.disk.called_off.lock().append(&mut pending);
                return report;
            }
            self.publish_whole(disk);
            report
        };
        self.refresh_pending();
        report
    }

    /// Calls off what still reads the folder, which has left the workspace.
    pub fn leave(&self) {
        self.disk.is_left.store(true, Ordering::Relaxed);
    }

    /// Makes the tables that questions about uses, importance and words need, and keeps the index on disk. Blocks; answers are right
    /// before it is done, those that need a table wait for it. Returns the milliseconds that it took.
    pub fn settle(&self) -> u64 {
        let begin = Instant::now();
        {
            // A start that follows an early end needs no more than this to be a quick one.
            let _work = self.disk.work.lock();
            self.on_disk().keep();
        }
        self.on_disk().link();
        let work = self.disk.work.lock();
        let disk = self.on_disk();
        if disk.needs_fold() {
            self.publish(disk.fold());
        }
        self.on_disk().keep();
        drop(work);
        self.refresh_pending();
        u64::try_from(begin.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// Whether [`settle`](Self::settle) would only make what can be made when somebody asks.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        let disk = self.on_disk();
        disk.store().is_none() || disk.is_kept()
    }

    /// Notes that these files changed on disk, besides those whose reading was called off, and says whether they are so many that
    /// [`index_folder`](Self::index_folder) should read them, with its progress; otherwise [`refresh_pending`](Self::refresh_pending) does.
    /// Where only what is open counts, nothing is noted: the folder may be the user's home.
    #[must_use]
    pub fn changed_on_disk(&self, paths: impl IntoIterator<Item = PathBuf>) -> bool {
        if self.relies_on_what_is_open() {
            return false;
        }
        let mut pending = self.disk.pending.lock();
        pending.extend(paths);
        pending.append(&mut self.disk.called_off.lock());
        pending.len() >= MANY
    }

    /// Reads the files again of which [`changed_on_disk`](Self::changed_on_disk) was told. Blocks while it parses them; where another
    /// thread is at work, that one does it.
    pub fn refresh_pending(&self) {
        while !self.disk.pending.lock().is_empty() {
            let Some(_work) = self.disk.work.try_lock() else { return };
            let paths: Vec<PathBuf> = std::mem::take(&mut *self.disk.pending.lock()).into_iter().collect();
            let disk = self.on_disk().refresh(&paths);
            self.publish(if disk.needs_fold() { disk.fold() } else { disk });
        }
    }

    /// Reads the named files again, because something said that they changed on disk. Blocks while it parses them.
    pub fn refresh(&self, paths: &[PathBuf]) {
        let _ = self.changed_on_disk(paths.iter().cloned());
        self.refresh_pending();
    }

    /// Takes over what the process that leads has written, or takes the lead where that process is gone. To be called about once a
    /// second; where there is nothing to do it takes microseconds.
    pub fn follow(&self) {
        {
            let Some(_work) = self.disk.work.try_lock() else { return };
            let disk = self.on_disk();
            if disk.take_the_lead() {
                tracing::info!("this process keeps the index of {} from now on", disk.root().display());
            } else if let Some(disk) = disk.followed() {
                self.publish(disk);
            }
        }
        // Who was told of a change meanwhile has left it to this thread.
        self.refresh_pending();
    }

    /// The store of the index, once it is open.
    #[must_use]
    pub fn store(&self) -> Option<std::sync::Arc<Store>> {
        self.on_disk().store().cloned()
    }

    /// An empty index that is kept, in place of one that was never read.
    fn kept(&self, before: &Index) -> Option<Index> {
        let cache = self.disk.cache.as_deref().filter(|_| self.snapshot().settings().keep_index)?;
        let is_new = before.store().is_none() && before.counts().files == 0;
        is_new.then(|| Index::stored(before.root(), Store::open(cache, before.root())))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicBool;

    use crate::{Host, Settings};

    #[test]
    fn a_folder_that_has_left_the_workspace_is_not_read_to_its_end() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("shop.rs"), "pub fn sell() {}\n").unwrap();
        let host = Host::new(folder.path(), Settings::default(), None);
        host.leave();
        assert!(host.index_folder(&|_| {}, &AtomicBool::new(false)).cancelled);
        assert!(host.snapshot().index().file("shop.rs").is_none());
    }
}
