//! Which files of a folder belong to the workspace.
//!
//! The rules are those of git (`.gitignore`, `.git/info/exclude`, the user's global file), of `.ignore`, and of
//! `.tierlineignore`, which goes before the others. Hidden files are out unless asked for. Symbolic links are never followed, and
//! only regular files are taken: a pipe or a device would block whoever opens it. For the same reason nothing below a folder is looked at
//! whose ignore files are no files.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::UNIX_EPOCH;

use ignore::gitignore::{Gitignore, GitignoreBuilder};
use ignore::{WalkBuilder, WalkState};

use crate::Options;
use crate::paths::Root;

/// The name of our own ignore file.
const IGNORE_FILE: &str = ".tierlineignore";

/// The files whose rules say what is ignored in a folder and below.
const RULES: [&str; 4] = [".gitignore", ".ignore", IGNORE_FILE, ".git/info/exclude"];

/// Larger ignore files are none that a human wrote.
const LONGEST_RULES: u64 = 1 << 20;

/// Whether the ignore files of a folder can be read to their end: each is a regular file of a sensible size, or not there. Whoever walks a
/// folder asks before, because what reads the rules does not.
#[must_use]
pub fn can_read_rules(folder: &Path) -> bool {
    RULES.iter().all(|name| match folder.join(name).metadata() {
        // A folder of that name is an error to whoever opens it, and holds nobody up.
        Ok(found) => found.is_dir() || found.is_file() && found.len() <= LONGEST_RULES,
        Err(_) => true,
    })
}

/// A file that was found.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    pub(crate) path: String,
    pub(crate) size: u64,
    pub(crate) mtime_ns: Option<i128>,
}

impl Found {
    /// The time of writing, where the file cannot have been written again unseen since.
    pub(crate) fn proven_mtime(&self) -> Option<i128> {
        self.mtime_ns.filter(|&written| !crate::load::is_racy(written))
    }
}

/// Reasons for leaving files out, counted.
pub(crate) type Skipped = BTreeMap<&'static str, usize>;

/// All files of the workspace in the order of their paths.
pub(crate) fn walk(root: &Root, options: &Options, cancel: &AtomicBool) -> (Vec<Found>, Skipped) {
    if !can_read_rules_above(root.path()) {
        return (Vec::new(), Skipped::from([("unreadable", 1)]));
    }
    let extra = extra_rules(root.path(), options, Case::Counts);
    let found = Mutex::new((Vec::new(), Skipped::new()));
    let visit = |entry: Result<ignore::DirEntry, ignore::Error>| {
        if cancel.load(Ordering::Relaxed) {
            return WalkState::Quit;
        }
        let outcome = entry.map_or(Some(Err("unreadable")), |entry| admit(root, &extra, &entry));
        let Ok(mut found) = found.lock() else { return WalkState::Quit };
        match outcome {
            None => {}
            Some(Ok(file)) => found.0.push(file),
            Some(Err("ignored")) => return WalkState::Skip,
            Some(Err(reason)) => *found.1.entry(reason).or_default() += 1,
        }
        WalkState::Continue
    };
    let unread = Arc::new(AtomicUsize::new(0));
    let (hidden, count) = (options.hidden, Arc::clone(&unread));
    // The rules of a folder are read before it is visited: it has to be kept out before that.
    let mut builder = builder(root.path(), options, Case::Counts);
    builder.filter_entry(move |entry| {
        if hidden && entry.file_name() == ".git" {
            return false;
        }
        let is_readable = !entry.file_type().is_some_and(|kind| kind.is_dir()) || can_read_rules(entry.path());
        count.fetch_add(usize::from(!is_readable), Ordering::Relaxed);
        is_readable
    });
    builder.threads(options.threads).build_parallel().run(|| Box::new(visit));
    let (mut files, mut skipped) = found.into_inner().unwrap_or_default();
    let unread = unread.load(Ordering::Relaxed);
    if unread > 0 {
        *skipped.entry("unreadable").or_default() += unread;
    }
    files.sort_unstable_by(|a: &Found, b| a.path.cmp(&b.path));
    if files.len() > options.max_files {
        skipped.insert("too-many-files", files.len() - options.max_files);
        files.truncate(options.max_files);
    }
    (files, skipped)
}

fn admit(root: &Root, extra: &Gitignore, entry: &ignore::DirEntry) -> Option<Result<Found, &'static str>> {
    let kind = entry.file_type()?;
    if entry.depth() > 0 && extra.matched(entry.path(), kind.is_dir()).is_ignore() {
        return Some(Err("ignored"));
    }
    if kind.is_dir() {
        return None;
    }
    if kind.is_symlink() {
        return Some(Err("symlink"));
    }
    if !kind.is_file() {
        return Some(Err("not-a-file"));
    }
    let Some(path) = root.relative(entry.path()) else { return Some(Err("path-not-utf8")) };
    let Ok(metadata) = entry.metadata() else { return Some(Err("unreadable")) };
    Some(Ok(Found { path, size: metadata.len(), mtime_ns: mtime(&metadata) }))
}

/// The files among `paths` (relative) that are on disk and belong to the workspace, each with its size and time.
pub(crate) fn look(root: &Root, options: &Options, paths: &[String]) -> Vec<Option<Found>> {
    let rules = Rules::new(root, options, Case::Counts);
    let Some(mut rules) = rules else { return paths.iter().map(|_| None).collect() };
    let examine = |path: &String| {
        if !rules.admit(path) || has_symlink(root, path) {
            return None;
        }
        let metadata = root.absolute(path).symlink_metadata().ok()?;
        metadata.is_file().then(|| Found { path: path.clone(), size: metadata.len(), mtime_ns: mtime(&metadata) })
    };
    paths.iter().map(examine).collect()
}

/// Whether capitals are told from small letters in the rules of what is ignored.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Case {
    Counts,
    Folded,
}

/// The ignore rules of a workspace, asked about single paths.
pub(crate) struct Rules {
    root: PathBuf,
    matcher: ignore::IncrementalIgnore,
    extra: Gitignore,
}

impl Rules {
    pub(crate) fn new(root: &Root, options: &Options, case: Case) -> Option<Self> {
        if !can_read_rules_above(root.path()) {
            return None;
        }
        let matcher = builder(root.path(), options, case).build_matchers().pop()?;
        Some(Self { root: root.path().to_owned(), matcher, extra: extra_rules(root.path(), options, case) })
    }

    /// Whether a walk would come to this file if it were there.
    pub(crate) fn admit(&mut self, path: &str) -> bool {
        let outside = path.is_empty() || path.split('/').any(|part| matches!(part, "" | "." | ".."));
        let folders = path.match_indices('/').map(|(end, _)| (&path[..end], true));
        !outside
            && folders.chain([(path, false)]).all(|(part, is_dir)| {
                !self.matcher.matched(part, is_dir).is_ignore()
                    && !self.extra.matched(part, is_dir).is_ignore()
                    && (!is_dir || can_read_rules(&self.root.join(part)))
            })
    }
}

fn has_symlink(root: &Root, path: &str) -> bool {
    let folders = path.match_indices('/').map(|(end, _)| &path[..end]);
    folders.into_iter().any(|folder| root.absolute(folder).symlink_metadata().is_ok_and(|found| found.is_symlink()))
}

/// Whether the ignore files of the root can be read, and those above it that count.
fn can_read_rules_above(root: &Path) -> bool {
    if is_in_git(root) { root.ancestors().all(can_read_rules) } else { can_read_rules(root) }
}

fn is_in_git(root: &Path) -> bool {
    root.ancestors().any(|folder| folder.join(".git").exists())
}

fn builder(root: &Path, options: &Options, case: Case) -> WalkBuilder {
    // Outside a repository the ignore files below the root count, and those above it do not.
    let in_git = is_in_git(root);
    let mut builder = WalkBuilder::new(root);
    builder.hidden(!options.hidden).require_git(in_git).parents(in_git).follow_links(false);
    builder.ignore_case_insensitive(case == Case::Folded);
    builder.add_custom_ignore_filename(IGNORE_FILE);
    builder
}

fn extra_rules(root: &Path, options: &Options, case: Case) -> Gitignore {
    let mut builder = GitignoreBuilder::new(root);
    // It fails for no value.
    drop(builder.case_insensitive(case == Case::Folded));
    for rule in &options.ignore {
        // A rule that cannot be read ignores nothing; the configuration names it before it comes here.
        drop(builder.add_line(None, rule));
    }
    builder.build().unwrap_or_else(|_| Gitignore::empty())
}

fn mtime(metadata: &std::fs::Metadata) -> Option<i128> {
    let written = metadata.modified().ok()?;
    Some(match written.duration_since(UNIX_EPOCH) {
        Ok(after) => i128::try_from(after.as_nanos()).ok()?,
        Err(before) => -i128::try_from(before.duration().as_nanos()).ok()?,
    })
}
