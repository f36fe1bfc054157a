//! The directory as several processes see it.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::json;

use super::*;
use crate::{Cost, Usage};

/// Set in the processes that the test of many processes starts: what they do, and where.
const PART: &str = "TIERLINE_TEST_CACHE_PART";
const FOLDER: &str = "TIERLINE_TEST_CACHE_FOLDER";
const N_KEYS: u8 = 16;

fn kept(number: u8) -> Kept {
    let text = "x".repeat(usize::from(number) * 50);
    Kept {
        model: "m".into(),
        usage: Usage::default(),
        cost: Cost::ZERO,
        made: None,
        json: json!({"number": number, "text": text}),
    }
}

fn aged(cache: &Cache, number: u8, hours: u64) {
    let file = File::options().append(true).open(cache.path(&Key::numbered(number)).unwrap()).unwrap();
    file.set_modified(SystemTime::now() - Duration::from_secs(hours * 3_600)).unwrap();
}

#[test]
fn what_was_kept_is_found_by_another_process() {
    let folder = tempfile::tempdir().unwrap();
    Cache::new(folder.path()).put(Key::numbered(7), kept(7)).unwrap();
    assert_eq!(*Cache::new(folder.path()).get(&Key::numbered(7)).unwrap(), kept(7));
    assert!(Cache::new(folder.path()).get(&Key::numbered(8)).is_none());
}

#[test]
fn what_was_not_used_for_longest_goes_first() {
    let folder = tempfile::tempdir().unwrap();
    let (cache, directory) = (Cache::new(folder.path()), CacheDirectory::new(folder.path()));
    for number in [1, 2, 3, 4] {
        cache.put(Key::numbered(number), kept(1)).unwrap();
    }
    aged(&cache, 1, 30);
    aged(&cache, 2, 20);
    aged(&cache, 3, 10);
    // Using the first one makes it the last to go.
    assert!(Cache::new(folder.path()).get(&Key::numbered(1)).is_some());
    let each = directory.stats().bytes / 4;
    assert_eq!(directory.collect(each * 3, Duration::from_secs(1_000 * 3_600)).entries, 1);
    let is_there = |number: u8| Cache::new(folder.path()).get(&Key::numbered(number)).is_some();
    assert_eq!([1, 2, 3, 4].map(is_there), [true, false, true, true]);
    aged(&cache, 3, 10);
    assert_eq!(directory.collect(u64::MAX, Duration::from_secs(5 * 3_600)).entries, 1);
    assert_eq!([1, 2, 3, 4].map(is_there), [true, false, false, true]);
}

#[test]
fn a_look_at_all_answers_removes_the_damaged_ones_and_clearing_removes_all() {
    let folder = tempfile::tempdir().unwrap();
    let (cache, directory) = (Cache::new(folder.path()), CacheDirectory::new(folder.path()));
    for number in [1, 2, 3] {
        cache.put(Key::numbered(number), kept(number)).unwrap();
    }
    fs::write(cache.path(&Key::numbered(2)).unwrap(), "tierline-answer-2 0 0\n").unwrap();
    fs::write(directory.path().join("a note.txt"), "mine").unwrap();
    assert_eq!(directory.verify(), Verified { whole: 2, damaged: 1 });
    assert_eq!(directory.stats().entries, 2);
    assert_eq!(directory.clear().entries, 2);
    assert_eq!(directory.stats(), CacheStats::default());
    assert!(directory.path().join("a note.txt").exists());
}

#[cfg(unix)]
#[test]
fn only_the_user_may_read_the_entries() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let cache = Cache::new(folder.path());
    let key = Key::numbered(7);
    cache.put(key, kept(7)).unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&cache.path(&key).unwrap()), mode(cache.path(&key).unwrap().parent().unwrap())), (0o600, 0o700));
}

/// Five processes put, get, clear and collect, and a sixth damages what they wrote. Nobody ever reads anything but what was put.
#[test]
fn many_processes_share_a_directory_that_somebody_damages() {
    if let (Ok(part), Ok(folder)) = (std::env::var(PART), std::env::var(FOLDER)) {
        return if part == "damage" { damage(Path::new(&folder)) } else { hammer(Path::new(&folder)) };
    }
    let folder = tempfile::tempdir().unwrap();
    let start = |part: &str| {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["--exact", "cache::tests::many_processes_share_a_directory_that_somebody_damages"]);
        command.env(PART, part).env(FOLDER, folder.path()).stdout(Stdio::null()).spawn().unwrap()
    };
    let processes: Vec<_> = ["hammer", "hammer", "hammer", "hammer", "hammer", "damage"].into_iter().map(start).collect();
    for mut process in processes {
        assert!(process.wait().unwrap().success());
    }
    let directory = CacheDirectory::new(folder.path());
    let damaged = directory.verify().damaged;
    assert!(damaged <= u64::from(N_KEYS), "{damaged}");
    assert_eq!(directory.verify().damaged, 0);
    let left_over = fs::read_dir(directory.path()).unwrap().flatten();
    let left_over = left_over.flat_map(|folder| fs::read_dir(folder.path()).unwrap().flatten());
    assert!(left_over.into_iter().all(|file| !file.file_name().to_string_lossy().starts_with('.')));
}

fn hammer(folder: &Path) {
    for round in 0..400 {
        let number = fastrand::u8(..N_KEYS);
        // A new cache each time: only what is on disk counts here.
        Cache::new(folder).put(Key::numbered(number), kept(number)).unwrap();
        let other = fastrand::u8(..N_KEYS);
        if let Some(found) = Cache::new(folder).get(&Key::numbered(other)) {
            assert_eq!(*found, kept(other));
        }
        match round % 100 {
            50 => drop(CacheDirectory::new(folder).clear()),
            75 => drop(CacheDirectory::new(folder).collect(4_000, Duration::from_secs(60))),
            _ => {}
        }
    }
}

fn damage(folder: &Path) {
    use std::io::{Seek, SeekFrom};
    for _ in 0..2_000 {
        let path = Cache::new(folder).path(&Key::numbered(fastrand::u8(..N_KEYS))).unwrap();
        let Ok(mut file) = File::options().write(true).open(&path) else { continue };
        let length = file.metadata().map_or(0, |metadata| metadata.len());
        let place = fastrand::u64(..length.max(1));
        // The file may go away meanwhile; what comes of it is the others' to judge.
        if fastrand::bool() {
            drop(file.set_len(place));
        } else {
            drop(file.seek(SeekFrom::Start(place)).and_then(|_| file.write_all(b"\0garbage")));
        }
    }
}
