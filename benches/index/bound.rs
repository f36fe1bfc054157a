//! The bound of a cold index: walk, read, parse with tree-sitter, drop the tree. Over the same files on as many threads, nothing
//! that is built on tree-sitter can cost less.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use ignore::{WalkBuilder, WalkState};
use rayon::prelude::*;
use syntax::{Limits, parse_only};

/// The regular files of a folder that are not ignored, each with its size in bytes.
pub(crate) fn walk(root: &Path, threads: usize) -> Vec<(PathBuf, u64)> {
    let found = Mutex::new(Vec::new());
    let in_git = root.ancestors().any(|folder| folder.join(".git").exists());
    let walk = WalkBuilder::new(root).require_git(in_git).parents(in_git).threads(threads).build_parallel();
    walk.run(|| {
        Box::new(|entry| {
            let Ok(entry) = entry else { return WalkState::Continue };
            if entry.file_type().is_some_and(|kind| kind.is_file())
                && let Ok(metadata) = entry.metadata()
                && let Ok(mut found) = found.lock()
            {
                found.push((entry.into_path(), metadata.len()));
            }
            WalkState::Continue
        })
    });
    found.into_inner().unwrap_or_default()
}

/// How many files a bare walk with `stat` finds.
pub(crate) fn stat(root: &Path, threads: usize) -> usize {
    walk(root, threads).len()
}

/// The usual limits but for time: under an instruction counter everything takes fifty times as long, and nothing may be left out.
pub(crate) fn limits() -> Limits {
    Limits { parse_ms: 600_000, ..Limits::default() }
}

/// How many files it parsed.
pub(crate) fn parse(root: &Path, threads: usize) -> usize {
    let found = walk(root, threads);
    let limits = limits();
    // The index's own rule, so that the same files are parsed as the same language.
    let headers_are_cpp = index::headers_are_cpp(found.iter().filter_map(|(path, _)| path.to_str()));
    let parsed = AtomicUsize::new(0);
    let parse = |(path, size): &(PathBuf, u64)| {
        let Some(name) = path.to_str() else { return };
        // Of the others only those without an extension may say what they are in their first line.
        if index::language(name, "", headers_are_cpp).is_none() && path.extension().is_some() {
            return;
        }
        if *size > limits.max_bytes as u64 {
            return;
        }
        let Ok(text) = fs::read_to_string(path) else { return };
        let Some(language) = index::language(name, &text, headers_are_cpp) else { return };
        if parse_only(language, &text, None, &limits).is_ok() {
            parsed.fetch_add(1, Ordering::Relaxed);
        }
    };
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
    if let Ok(pool) = pool {
        pool.install(|| found.par_iter().with_max_len(8).for_each(parse));
    }
    parsed.into_inner()
}
