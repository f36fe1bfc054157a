//! What a build may be told, and what it tells.

use std::collections::BTreeMap;

use syntax::Limits;

/// How a workspace is indexed.
#[derive(Clone, Debug)]
pub struct Options {
    /// How many threads read and parse; 0 takes as many as there are processors.
    pub threads: usize,
    /// What a file may cost before it is skipped.
    pub limits: Limits,
    /// Whether files and folders whose names begin with a dot are indexed too.
    pub hidden: bool,
    /// More ignore rules, in the words of a `.gitignore`, that apply from the root of the workspace.
    pub ignore: Vec<String>,
    /// How many files are indexed at most, in the order of their paths; the rest are skipped as `too-many-files`.
    pub max_files: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self { threads: 0, limits: Limits::default(), hidden: false, ignore: Vec::new(), max_files: 500_000 }
    }
}

/// How far a build has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Files that have been read and parsed, reused or skipped.
    pub done: usize,
    /// Files that were found.
    pub total: usize,
}

/// What a build did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Files in the index.
    pub files: usize,
    /// Definitions in the index.
    pub symbols: usize,
    /// Uses of names in the index.
    pub references: usize,
    /// Files that were parsed by this build.
    pub parsed: usize,
    /// Files whose records were taken over, from the index before or from the store.
    pub reused: usize,
    /// Those of them that came from the store.
    pub stored: usize,
    /// Files that a build would have to read; none after a build.
    pub unread: usize,
    /// Why files are not in the index, and how many for each reason.
    pub skipped: BTreeMap<&'static str, usize>,
    /// Files in the index that are marked, and how many for each reason: `generated`.
    pub marked: BTreeMap<&'static str, usize>,
    /// How long the parts of the build took.
    pub ms: Milliseconds,
    /// Whether the build was called off; the index is then the one from before.
    pub cancelled: bool,
}

/// How long the parts of a build took, in milliseconds of wall time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Milliseconds {
    /// Finding the files.
    pub walk: u64,
    /// Reading and parsing them.
    pub parse: u64,
    /// Making the tables: names, imports, importance, words.
    pub link: u64,
    /// Everything.
    pub total: u64,
}
