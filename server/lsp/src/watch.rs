//! Watching files for clients that do not: folder by folder, never what is ignored, in batches.

use std::collections::HashSet;
use std::fs::FileType;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};

use assist::Host;
use notify::event::{ModifyKind, RenameMode};
use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};

use crate::handlers::sync::{read_all_again, refresh_paths};
use crate::session::Session;

/// How many folders are watched at most. The system's limit is for all programs of a user together.
const MOST_FOLDERS: usize = 8_192;

/// How long a batch waits for more: a branch switch is one batch, not ten thousand.
const QUIET: Duration = Duration::from_millis(200);

/// How long a batch may grow while files go on changing: a program that never stops writing must not hold back the rest.
const LONGEST_BATCH: Duration = Duration::from_secs(1);

/// Watches a folder until its session ends, on a thread of its own.
pub(crate) fn watch(session: &Arc<Session>, host: &Arc<Host>) {
    let (session, host) = (Arc::downgrade(session), Arc::downgrade(host));
    let runtime = tokio::runtime::Handle::current();
    let spawned = std::thread::Builder::new().name("watch".to_owned()).spawn(move || {
        let _entered = runtime.enter();
        if let Err(error) = run(&session, &host) {
            tracing::warn!("files are not watched: {error}; they are read again when they are saved in the editor");
        }
    });
    if let Err(error) = spawned {
        tracing::warn!("files are not watched: {error}");
    }
}

fn run(session: &Weak<Session>, host: &Weak<Host>) -> notify::Result<()> {
    let (sender, events) = std::sync::mpsc::channel();
    let watcher = notify::recommended_watcher(move |event| {
        // The receiver is gone only when watching has ended.
        let _ = sender.send(event);
    })?;
    let mut folders = Folders { watcher, watched: HashSet::new(), is_full: false };
    if let Some(host) = host.upgrade() {
        folders.watch_indexed(&host);
    }
    loop {
        let mut paths = HashSet::new();
        let mut wait = Duration::from_secs(5);
        let mut closes = None;
        let mut is_lossy = false;
        loop {
            match events.recv_timeout(wait) {
                Ok(Ok(event)) if event.kind.is_access() => {}
                Ok(Ok(event)) => {
                    is_lossy |= event.need_rescan();
                    folders.forget_gone(&event);
                    paths.extend(event.paths);
                    closes.get_or_insert_with(|| Instant::now() + LONGEST_BATCH);
                    wait = QUIET;
                }
                Ok(Err(error)) => tracing::debug!("watching: {error}"),
                Err(_) => break,
            }
            if closes.is_some_and(|closes| Instant::now() >= closes) {
                break;
            }
        }
        let (Some(session), Some(host)) = (session.upgrade(), host.upgrade()) else {
            return Ok(());
        };
        folders.watch_new(&paths, &host);
        let paths = files_in(paths, &host);
        if is_lossy {
            tracing::info!("more files have changed than the system could tell of: all are looked at");
            read_all_again(&session, &host);
        } else if !paths.is_empty() {
            refresh_paths(&session, paths);
        } else {
            continue;
        }
        folders.watch_indexed(&host);
    }
}

/// The folders that are watched, each by itself.
struct Folders {
    watcher: RecommendedWatcher,
    watched: HashSet<PathBuf>,
    is_full: bool,
}

impl Folders {
    fn watch(&mut self, folder: PathBuf) {
        if self.watched.contains(&folder) {
            return;
        }
        if self.watched.len() < MOST_FOLDERS {
            if self.watcher.watch(&folder, RecursiveMode::NonRecursive).is_ok() {
                self.watched.insert(folder);
            }
        } else if !std::mem::replace(&mut self.is_full, true) {
            tracing::warn!("more than {MOST_FOLDERS} folders: the rest are not watched");
        }
    }

    /// Watches each folder that holds an indexed file, and those above it.
    fn watch_indexed(&mut self, host: &Host) {
        let snapshot = host.snapshot();
        let root = snapshot.root();
        let mut wanted: HashSet<&Path> = HashSet::from([Path::new("")]);
        for record in snapshot.index().files() {
            wanted.extend(Path::new(&*record.path).ancestors().skip(1));
        }
        for folder in wanted {
            self.watch(root.join(folder));
        }
    }

    /// Watches folders that have just been made. To be done before their files are listed: what is written into them meanwhile is told
    /// of, then.
    fn watch_new(&mut self, paths: &HashSet<PathBuf>, host: &Host) {
        let snapshot = host.snapshot();
        for path in paths {
            let is_admitted = || snapshot.index().relative(path).is_some_and(|relative| snapshot.index().admits(&relative));
            if !self.watched.contains(path) && is_folder(path) && is_admitted() {
                below(path, |kind| kind.is_dir()).into_iter().for_each(|folder| self.watch(folder));
            }
        }
    }

    /// Lets go of a watched folder that is gone, with all below it: the system has stopped to watch it, and one of that name that is made
    /// later is another one.
    fn forget_gone(&mut self, event: &Event) {
        if !matches!(event.kind, EventKind::Remove(_) | EventKind::Modify(ModifyKind::Name(RenameMode::From))) {
            return;
        }
        for gone in event.paths.iter().filter(|path| self.watched.contains(*path)).collect::<Vec<_>>() {
            for folder in self.watched.extract_if(|folder| folder.starts_with(gone)) {
                // What was moved elsewhere would still be told of under its old name.
                let _ = self.watcher.unwatch(&folder);
            }
        }
    }
}

/// The files that an event speaks of: those of a new folder too.
fn files_in(paths: HashSet<PathBuf>, host: &Host) -> Vec<PathBuf> {
    let snapshot = host.snapshot();
    let index = snapshot.index();
    let mut files = Vec::new();
    for path in paths {
        let admitted = index
            .relative(&path)
            .is_some_and(|relative| index.admits(&relative) || matches!(&*relative, "tierline.toml" | "tierline.local.toml"));
        if !admitted {
            continue;
        }
        if is_folder(&path) {
            files.extend(below(&path, |kind| kind.is_file()));
        } else {
            files.push(path);
        }
    }
    files
}

/// A link may lead to the whole disk, and is never followed.
fn is_folder(path: &Path) -> bool {
    path.symlink_metadata().is_ok_and(|found| found.is_dir())
}

/// What is in a new folder and may belong to the workspace, of one kind.
fn below(folder: &Path, is_wanted: impl Fn(FileType) -> bool) -> Vec<PathBuf> {
    if !index::can_read_rules(folder) {
        return Vec::new();
    }
    let is_dir = |entry: &ignore::DirEntry| entry.file_type().is_some_and(|kind| kind.is_dir());
    let mut walk = ignore::WalkBuilder::new(folder);
    walk.follow_links(false).filter_entry(move |entry| !is_dir(entry) || index::can_read_rules(entry.path()));
    let found = walk.build().filter_map(Result::ok).filter(|entry| entry.file_type().is_some_and(&is_wanted));
    found.map(ignore::DirEntry::into_path).collect()
}

#[cfg(test)]
mod tests {
    #[cfg(unix)]
    #[test]
    fn a_link_to_a_folder_is_no_folder_of_new_files() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("root");
        for made in ["root/src", "outside"] {
            std::fs::create_dir_all(folder.path().join(made)).unwrap();
        }
        for file in ["root/src/a.rs", "outside/b.rs"] {
            std::fs::write(folder.path().join(file), "").unwrap();
        }
        std::os::unix::fs::symlink(folder.path().join("outside"), root.join("link")).unwrap();
        std::os::unix::fs::symlink("/dev/zero", root.join("src/zero.rs")).unwrap();
        let host = assist::Host::new(&root, assist::Settings::default(), None);
        let named = ["src", "link"].map(|name| root.join(name)).into_iter().collect();
        let mut files = super::files_in(named, &host);
        files.sort();
        assert_eq!(files, ["link", "src/a.rs"].map(|name| root.join(name)));
        std::os::unix::fs::symlink("/dev/zero", root.join("src/.ignore")).unwrap();
        assert_eq!(super::files_in([root.join("src")].into(), &host), Vec::<std::path::PathBuf>::new());
    }
}
