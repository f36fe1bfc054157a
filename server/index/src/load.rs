//! One file from disk into a record.

use std::borrow::Cow;
use std::io::ErrorKind;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use syntax::{Language, Limits};

use crate::generated::is_generated;
use crate::keeper::Keeper;
use crate::paths::Root;
use crate::regular::{Link, read_regular};
use crate::store::{Known, lasting};
use crate::walk::Found;
use crate::{FileRecord, paths};

/// A file whose time of writing is closer than this to the time of reading may have been written again unseen, in nanoseconds.
const RACY_NS: i128 = 2_000_000_000;

/// As much of a file as is looked at to tell its language, in bytes.
const HEAD: usize = 16 << 10;

/// How a record was come by.
pub(crate) enum Loaded {
    /// It was parsed.
    Parsed(Arc<FileRecord>),
    /// The bytes are the same as before.
    Reused(Arc<FileRecord>),
    /// The bytes were met before, by the store.
    Stored(Arc<FileRecord>),
    /// Size and time of writing are the same as before.
    Same(Arc<FileRecord>),
    /// As the store has it.
    Known(Arc<FileRecord>),
    /// It was left out for a reason.
    Skipped(&'static str),
    /// It is not written in a language that is known.
    Unknown,
    /// Nothing is known of it without reading it.
    Unread,
}

impl Loaded {
    pub(crate) fn record(&self) -> Option<&Arc<FileRecord>> {
        match self {
            Self::Parsed(record) | Self::Reused(record) | Self::Stored(record) | Self::Same(record) | Self::Known(record) => {
                Some(record)
            }
            Self::Skipped(_) | Self::Unknown | Self::Unread => None,
        }
    }
}

/// How files are read: which limits hold, whether `.h` means C++ here, and what is kept of earlier times.
pub(crate) struct Loader<'a> {
    pub(crate) root: &'a Root,
    pub(crate) limits: &'a Limits,
    pub(crate) headers_are_cpp: bool,
    pub(crate) keeper: Option<&'a Arc<Keeper>>,
    /// Whether the store may have what is not in memory.
    pub(crate) asks_store: bool,
}

impl Loader<'_> {
    /// Reads and parses a file, or takes over what `before` or `known` say of it if nothing changed.
    pub(crate) fn load(&self, found: &Found, before: Option<&Arc<FileRecord>>, known: Option<&Known>) -> Loaded {
        if let Some(loaded) = self.look(found, before, known) {
            return loaded;
        }
        let loaded = self.read(found, before);
        if let Some(keeper) = self.keeper {
            match &loaded {
                Loaded::Parsed(record) | Loaded::Reused(record) | Loaded::Stored(record) => keeper.note(record),
                Loaded::Skipped(reason) => {
                    if let Some(reason) = lasting(reason) {
                        keeper.note_left(&keeper.left_out(found, reason));
                    }
                }
                Loaded::Same(_) | Loaded::Known(_) | Loaded::Unknown | Loaded::Unread => {}
            }
        }
        loaded
    }

    /// What can be said of a file without reading it.
    pub(crate) fn look(&self, found: &Found, before: Option<&Arc<FileRecord>>, known: Option<&Known>) -> Option<Loaded> {
        if let Some(before) = before
            && before.size == found.size
            && before.mtime_ns.is_some()
            && before.mtime_ns == found.mtime_ns
            && self.holds(&found.path, before.language)
        {
            return Some(Loaded::Same(Arc::clone(before)));
        }
        if let (Some(known), Some(keeper)) = (known, self.keeper)
            && known.size == found.size
            && known.mtime_ns.is_some()
            && known.mtime_ns.map(i128::from) == found.mtime_ns
        {
            if let Some(reason) = keeper.left(known) {
                return Some(Loaded::Skipped(reason));
            }
            if let Some(record) = keeper.record(known).filter(|record| self.holds(&found.path, record.language)) {
                return Some(Loaded::Known(Arc::new(record)));
            }
        }
        if language(&found.path, "", self.headers_are_cpp).is_none() && paths::file_name(&found.path).contains('.') {
            return Some(Loaded::Unknown);
        }
        (found.size > self.limits.max_bytes as u64).then_some(Loaded::Skipped("too-large"))
    }

    /// What can be said of a file that [`look`](Self::look) does not know without parsing it: one whose name does not tell the language
    /// is read.
    pub(crate) fn peek(&self, found: &Found) -> Loaded {
        if language(&found.path, "", self.headers_are_cpp).is_some() {
            let opened = std::fs::File::open(self.root.absolute(&found.path));
            return if opened.is_ok() { Loaded::Unread } else { Loaded::Skipped("unreadable") };
        }
        match self.bytes(found) {
            Ok(bytes) if language(&found.path, &head(&bytes), self.headers_are_cpp).is_some() => Loaded::Unread,
            Ok(_) => Loaded::Skipped("unknown-language"),
            Err(error) => Loaded::Skipped(unread(&error)),
        }
    }

    /// Whether a file would still be taken for this language.
    fn holds(&self, path: &str, language: Language) -> bool {
        !is_header(path) || (language == Language::Cpp) == self.headers_are_cpp
    }

    fn read(&self, found: &Found, before: Option<&Arc<FileRecord>>) -> Loaded {
        match self.bytes(found) {
            Ok(bytes) => self.parse(found, &bytes, before),
            Err(error) => Loaded::Skipped(unread(&error)),
        }
    }

    fn bytes(&self, found: &Found) -> std::io::Result<Vec<u8>> {
        read_regular(&self.root.absolute(&found.path), self.limits.max_bytes as u64, Link::Refused)
    }

    fn parse(&self, found: &Found, bytes: &[u8], before: Option<&Arc<FileRecord>>) -> Loaded {
        let (text, head) = (std::str::from_utf8(bytes).ok(), head(bytes));
        // The head of a file tells the same as long as the file does not change, so what it tells is worth keeping.
        let Some(language) = language(&found.path, &head, self.headers_are_cpp) else {
            return Loaded::Skipped("unknown-language");
        };
        let Some(text) = text else { return Loaded::Skipped("not-utf8") };
        let hash = *blake3::hash(bytes).as_bytes();
        let is_generated = is_generated(&found.path, &head);
        let now = |mut record: FileRecord| {
            record.is_generated = is_generated;
            (record.size, record.mtime_ns) = (bytes.len() as u64, found.proven_mtime());
            Arc::new(record)
        };
        if let Some(before) = before.filter(|before| before.hash == hash && before.language == language) {
            return Loaded::Reused(now(FileRecord::clone(before)));
        }
        let keeper = self.keeper.filter(|_| self.asks_store);
        if let Some(record) = keeper.and_then(|keeper| keeper.by_hash(&found.path, language, hash)) {
            return Loaded::Stored(now(record));
        }
        match syntax::parse(language, text, None, self.limits) {
            Ok(parse) => Loaded::Parsed(now(FileRecord::new(found.path.as_str().into(), (language, hash), 0, parse.file))),
            Err(reason) => Loaded::Skipped(reason.as_str()),
        }
    }
}

/// Why a file was not read.
fn unread(error: &std::io::Error) -> &'static str {
    if error.kind() == ErrorKind::FileTooLarge { "too-large" } else { "unreadable" }
}

/// How a file begins.
fn head(bytes: &[u8]) -> Cow<'_, str> {
    let bytes = &bytes[..bytes.len().min(HEAD)];
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => String::from_utf8_lossy(bytes),
    }
}

/// What a file is written in, by its path and how it begins. A `.h` file that could be either is C or C++ by the company it keeps,
/// of which [`headers_are_cpp`] tells.
#[must_use]
pub fn language(path: &str, head: &str, headers_are_cpp: bool) -> Option<Language> {
    let language = Language::detect(path, head);
    if headers_are_cpp && is_header(path) { language.map(|_| Language::Cpp) } else { language }
}

pub(crate) fn is_header(path: &str) -> bool {
    path.ends_with(".h")
}

/// Whether the `.h` files of a workspace, of which these are the paths, are C++: where it has C++ sources at all, and not a few among
/// many of C.
pub fn headers_are_cpp<'a>(found: impl Iterator<Item = &'a str>) -> bool {
    let (mut c, mut cpp) = (0_usize, 0_usize);
    for path in found.filter(|path| !is_header(path)) {
        match Language::detect(path, "") {
            Some(Language::C) => c += 1,
            Some(Language::Cpp) => cpp += 1,
            _ => {}
        }
    }
    cpp > 0 && cpp * 4 >= c
}

pub(crate) fn is_racy(written: i128) -> bool {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).ok().and_then(|now| i128::try_from(now.as_nanos()).ok());
    now.is_none_or(|now| written > now - RACY_NS)
}
