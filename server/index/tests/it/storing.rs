//! The store: what comes back, who writes, and what happens to a store that is not as it should be.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, SystemTime};

use index::{Index, Options, Report, Role, Store};
use tempfile::TempDir;

use crate::folder::{Folder, paths};

const FILES: &str =
    "//- src/a.rs\n/// Opens.\npub fn open() { close() }\n//- src/b.rs\npub fn close() {}\n//- notes\nno language\n";

/// A folder of files that were written long ago, so that their times prove something, and a cache.
struct Kept {
    folder: Folder,
    cache: TempDir,
}

impl Kept {
    fn new(files: &str) -> Self {
        let this = Self { folder: Folder::new(files), cache: TempDir::new().unwrap() };
        for path in ["src/a.rs", "src/b.rs", "notes"] {
            this.age(path);
        }
        this
    }

    fn age(&self, path: &str) {
        let file = std::fs::File::options().append(true).open(self.folder.root().join(path)).unwrap();
        file.set_modified(SystemTime::now() - Duration::from_secs(60)).unwrap();
    }

    fn open(&self) -> Index {
        Index::stored(self.folder.root(), Store::open(self.cache.path(), self.folder.root()))
    }

    fn start(&self) -> (Index, Report) {
        start(&self.open())
    }

    /// One life of a process that indexes everything.
    fn live(&self) -> Report {
        let (index, report) = self.start();
        end(&index);
        report
    }

    fn database(&self) -> PathBuf {
        Store::open(self.cache.path(), self.folder.root()).path()
    }
}

fn start(index: &Index) -> (Index, Report) {
    index.start(&Options::default(), &|_| {}, &AtomicBool::new(false))
}

fn end(index: &Index) {
    let index = index.fold();
    index.link();
    index.keep();
    index.store().unwrap().flush();
}

fn callers(index: &Index, name: &str) -> Vec<String> {
    index.callers(&index.named(name)[0]).iter().map(|hit| format!("{hit:?}")).collect()
}

#[test]
fn the_second_start_parses_nothing_and_says_the_same() {
    let kept = Kept::new(FILES);
    let first = kept.live();
    assert_eq!((first.parsed, first.reused, first.stored), (2, 0, 0));
    let (index, second) = kept.start();
    assert_eq!((second.parsed, second.reused, second.stored), (0, 2, 2));
    assert_eq!((second.symbols, second.references, &second.skipped), (first.symbols, first.references, &first.skipped));
    assert_eq!(index.search("op", 5)[0].get().doc.as_ref(), "Opens.");
    assert_eq!(callers(&index, "close"), ["src/a.rs:2:17 close (same-name)"]);
    assert!(index.importance(&index.named("close")[0]) > 0.0, "importance is kept too");
    assert!(index.is_kept());
}

#[test]
fn what_changed_between_two_starts_is_parsed_and_nothing_else() {
    let kept = Kept::new(FILES);
    kept.live();
    kept.folder.write("src/b.rs", "pub fn shut() {}\n");
    kept.folder.write("src/c.rs", "pub fn other() {}\n");
    kept.folder.remove("src/a.rs");
    let (index, report) = kept.start();
    assert_eq!((report.parsed, report.reused), (2, 0));
    assert_eq!(paths(&index), ["src/b.rs", "src/c.rs"]);
    assert!(index.named("open").is_empty() && index.named("close").is_empty());
    index.store().unwrap().flush();
    drop(index);
    // Files that were written a moment ago are looked into, and known by what is in them.
    let (index, report) = kept.start();
    assert_eq!((report.parsed, report.stored), (0, 2));
    assert_eq!(paths(&index), ["src/b.rs", "src/c.rs"]);
}

#[test]
fn to_another_branch_and_back_parses_nothing_twice() {
    let kept = Kept::new(FILES);
    kept.live();
    kept.folder.write("src/b.rs", "pub fn close(other: i32) {}\n");
    assert_eq!(kept.live().parsed, 1);
    kept.folder.write("src/b.rs", "pub fn close() {}\n");
    assert_eq!(kept.live().parsed, 0);
    kept.folder.write("src/b.rs", "pub fn close(other: i32) {}\n");
    let (index, report) = kept.start();
    assert_eq!(report.parsed, 0);
    assert_eq!(index.named("close")[0].get().signature.as_ref(), "pub fn close(other: i32)");
    // While a process runs, too.
    kept.folder.write("src/b.rs", "pub fn close() {}\n");
    let (_, report) = start(&index);
    assert_eq!(report.parsed, 0);
}

#[test]
fn a_start_that_was_cut_off_goes_on_where_it_was() {
    let kept = Kept::new(FILES);
    let (index, _) = kept.start();
    index.store().unwrap().flush();
    drop(index);
    let report = kept.live();
    assert_eq!((report.parsed, report.stored), (0, 2));
}

#[test]
fn one_leads_and_the_others_take_over_what_it_writes() {
    let kept = Kept::new(FILES);
    let (leader, _) = kept.start();
    leader.store().unwrap().flush();
    let (follower, report) = kept.start();
    assert_eq!((leader.store().unwrap().role(), follower.store().unwrap().role()), (Role::Leader, Role::Follower));
    assert_eq!(report.parsed, 0, "what the leader wrote is read");
    let _ = follower.followed();
    kept.folder.write("src/b.rs", "pub fn shut() {}\n");
    let refreshed = leader.refresh(&[kept.folder.root().join("src/b.rs")]);
    refreshed.store().unwrap().flush();
    let follower = follower.followed().unwrap();
    assert_eq!(follower.named("shut").len(), 1);
    assert!(follower.followed().is_none(), "there is nothing new");
    kept.folder.remove("src/b.rs");
    refreshed.refresh(&[kept.folder.root().join("src/b.rs")]).store().unwrap().flush();
    let follower = follower.followed().unwrap();
    assert_eq!(paths(&follower), ["src/a.rs"]);
    assert!(!follower.take_the_lead());
    drop((leader, refreshed));
    assert!(follower.take_the_lead());
    assert_eq!(follower.store().unwrap().role(), Role::Leader);
}

#[test]
fn who_takes_the_lead_writes_what_is_missing() {
    let kept = Kept::new(FILES);
    let (leader, _) = start(&Index::stored(kept.folder.root(), Store::open(kept.cache.path(), kept.folder.root())));
    leader.store().unwrap().flush();
    let (follower, _) = kept.start();
    kept.folder.write("src/c.rs", "pub fn other() {}\n");
    kept.folder.remove("src/a.rs");
    let changed = [kept.folder.root().join("src/c.rs"), kept.folder.root().join("src/a.rs")];
    let follower = follower.refresh(&changed);
    drop(leader);
    assert!(follower.take_the_lead());
    follower.store().unwrap().flush();
    drop(follower);
    let (index, report) = kept.start();
    assert_eq!((report.parsed, report.stored), (0, 2));
    assert_eq!(paths(&index), ["src/b.rs", "src/c.rs"]);
}

#[test]
fn a_damaged_store_is_set_aside_and_made_again() {
    type Damage = (&'static str, fn(&Path));
    let damages: [Damage; 5] = [
        ("random bytes", |path| std::fs::write(path, noise(40_000)).unwrap()),
        ("cut off", |path| {
            let bytes = std::fs::read(path).unwrap();
            std::fs::write(path, &bytes[..bytes.len() / 2]).unwrap();
        }),
        ("empty", |path| std::fs::write(path, "").unwrap()),
        ("noise behind the head", |path| {
            let mut bytes = std::fs::read(path).unwrap();
            let length = bytes.len();
            bytes[8_192..].copy_from_slice(&noise(length - 8_192));
            std::fs::write(path, bytes).unwrap();
        }),
        ("another table", |path| {
            let connection = rusqlite::Connection::open(path).unwrap();
            connection.execute_batch("DROP TABLE record; CREATE TABLE record (x)").unwrap();
        }),
    ];
    for (name, damage) in damages {
        let kept = Kept::new(FILES);
        kept.live();
        damage(&kept.database());
        for round in 0..3 {
            let (index, report) = kept.start();
            assert_eq!(paths(&index), ["src/a.rs", "src/b.rs"], "{name}");
            assert_eq!(callers(&index, "close"), ["src/a.rs:2:17 close (same-name)"], "{name}");
            assert!(report.parsed == 0 || round < 2, "{name}: mended in the end");
            end(&index);
        }
        let aside = std::fs::read_dir(kept.database().parent().unwrap()).unwrap().flatten();
        let aside = aside.filter(|entry| entry.file_name().to_string_lossy().contains("corrupt")).count();
        assert!(aside <= 1, "{name}");
    }
}

#[test]
fn every_changed_byte_is_noticed_or_does_not_matter() {
    let kept = Kept::new(FILES);
    kept.live();
    let path = kept.database();
    let whole = std::fs::read(&path).unwrap();
    for at in (0..whole.len()).step_by(97) {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x55;
        std::fs::write(&path, bytes).unwrap();
        for ending in ["-wal", "-shm"] {
            let _ = std::fs::remove_file(format!("{}{ending}", path.display()));
        }
        let (index, _) = kept.start();
        assert_eq!(paths(&index), ["src/a.rs", "src/b.rs"], "byte {at}");
        assert_eq!(index.search("open", 5)[0].get().doc.as_ref(), "Opens.", "byte {at}");
        assert_eq!(callers(&index, "close"), ["src/a.rs:2:17 close (same-name)"], "byte {at}");
    }
}

#[test]
fn the_store_of_a_newer_program_is_left_alone() {
    let kept = Kept::new(FILES);
    kept.live();
    let path = kept.database();
    rusqlite::Connection::open(&path).unwrap().pragma_update(None, "user_version", 99).unwrap();
    assert_eq!(kept.live().parsed, 2);
    assert_eq!(kept.live().parsed, 0);
    assert_ne!(kept.database(), path);
    let version: u32 =
        rusqlite::Connection::open(&path).unwrap().pragma_query_value(None, "user_version", |row| row.get(0)).unwrap();
    assert_eq!(version, 99);
}

#[test]
fn without_a_place_to_write_it_works_without() {
    let kept = Kept::new(FILES);
    let occupied = kept.cache.path().join("file");
    std::fs::write(&occupied, "").unwrap();
    let store = Store::open(&occupied, kept.folder.root());
    assert_eq!(store.role(), Role::None);
    let (index, report) = start(&Index::stored(kept.folder.root(), Arc::clone(&store)));
    assert_eq!(report.parsed, 2);
    end(&index);
}

#[cfg(unix)]
#[test]
fn it_is_for_the_user_alone() {
    use std::os::unix::fs::PermissionsExt;
    let kept = Kept::new(FILES);
    kept.live();
    let folder = kept.database().parent().unwrap().to_owned();
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&folder), 0o700);
    assert_eq!(mode(&kept.database()), 0o600);
    for entry in std::fs::read_dir(&folder).unwrap().flatten() {
        // The log beside the database goes when the last connection does, perhaps at this moment.
        if let Ok(found) = entry.metadata() {
            assert_eq!(found.permissions().mode() & 0o777, 0o600, "{}", entry.path().display());
        }
    }
}

fn noise(length: usize) -> Vec<u8> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()[0]
    };
    (0..length).map(|_| next()).collect()
}
