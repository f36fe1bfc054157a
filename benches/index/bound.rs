//! The bound of a cold index: walk, read, parse with tree-sitter, drop the tree. Over the same files on as many threads, nothing
//! that is built on tree-sitter can cost less.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use ignore::{WalkBuilder, WalkState};
use rayon::prelude::*;
use syntax::{Language, Limits, parse_only};

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

/// How many files it parsed.
pub(crate) fn parse(root: &Path, threads: usize) -> usize {
    let found = walk(root, threads);
    let limits = Limits::default();
    let headers_are_cpp = headers_are_cpp(&found);
    let parsed = AtomicUsize::new(0);
    let parse = |(path, size): &(PathBuf, u64)| {
        let Some(language) = language(path, headers_are_cpp) else { return };
        if *size > limits.max_bytes as u64 {
            return;
        }
        let Ok(text) = fs::read_to_string(path) else { return };
        if parse_only(language, &text, &limits).is_ok() {
            parsed.fetch_add(1, Ordering::Relaxed);
        }
    };
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
    if let Ok(pool) = pool {
        pool.install(|| found.par_iter().with_max_len(8).for_each(parse));
    }
    parsed.into_inner()
}

fn language(path: &Path, headers_are_cpp: bool) -> Option<Language> {
    let language = Language::detect(path.to_str()?, "")?;
    Some(if language == Language::C && headers_are_cpp && is_header(path) { Language::Cpp } else { language })
}

fn is_header(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "h")
}

/// The index's own rule, so that the same files are parsed as the same language.
fn headers_are_cpp(found: &[(PathBuf, u64)]) -> bool {
    let sources = found.iter().filter(|(path, _)| !is_header(path)).filter_map(|(path, _)| language(path, false));
    let (mut c, mut cpp) = (0_usize, 0_usize);
    for language in sources {
        c += usize::from(language == Language::C);
        cpp += usize::from(language == Language::Cpp);
    }
    cpp > 0 && cpp * 4 >= c
}
