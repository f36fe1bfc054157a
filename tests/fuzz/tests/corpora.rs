//! What fuzzers found worth keeping, and what they found wrong: every file of `corpora/` goes through its target.

#![expect(clippy::unwrap_used, reason = "a test has nobody to hand an error to")]

use std::path::Path;

/// The largest file that is kept, in bytes, and how many there are in all: the suite reads them at each run.
const LARGEST: usize = 4096;
const MOST: usize = 200;

fn files(name: &str) -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpora").join(name);
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.into_iter().map(|path| (path.display().to_string(), std::fs::read(&path).unwrap())).collect()
}

#[test]
fn what_was_found_holds() {
    let mut failed = Vec::new();
    for (name, target) in fuzz::TARGETS {
        let files = files(name);
        assert!(!files.is_empty(), "{name} has nothing to begin with");
        let fails = |bytes: &[u8]| std::panic::catch_unwind(|| target(bytes)).is_err();
        failed.extend(files.into_iter().filter(|(_, bytes)| fails(bytes)).map(|(path, _)| path));
    }
    assert!(failed.is_empty(), "{failed:#?}");
}

#[test]
fn what_is_kept_is_little() {
    let all: Vec<_> = fuzz::TARGETS.iter().flat_map(|(name, _)| files(name)).collect();
    assert!(all.len() < MOST, "{} files", all.len());
    for (path, bytes) in all {
        assert!(bytes.len() < LARGEST, "{path} has {} bytes", bytes.len());
    }
}
