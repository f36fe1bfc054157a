//! Queries that a user brings: instead of a built-in one, or on top of it.

use std::{fmt, sync::OnceLock};

use crate::{Language, grammar::Grammar};

/// The first line of a query that adds to the built-in one.
const EXTENDS: &str = "; extends";

/// A query that a user brings for one language. Where its first comment is `; extends` it adds to the built-in query, else it
/// replaces it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserQuery {
    /// Whose query it is.
    pub language: Language,
    /// What errors call it: its file.
    pub path: String,
    /// Its patterns, or why they cannot be read.
    pub text: Result<String, String>,
}

/// What is wrong with a query that a user brings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueryFault {
    /// The file.
    pub path: String,
    /// One-based.
    pub line: usize,
    /// One-based, in bytes.
    pub column: usize,
    /// A sentence without a full stop.
    pub message: String,
}

/// Where the query of a language comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum QueryOrigin {
    /// Tierline's own.
    BuiltIn,
    /// A user's alone, from this file.
    Replaced(String),
    /// Tierline's own and a user's, from this file.
    Extended(String),
    /// Tierline's own, because the user's does not compile.
    Faulty(QueryFault),
}

/// Longer queries are not compiled, in bytes: tree-sitter counts what a query asks for in sixteen bits, without looking. Those of whole
/// editors have less.
const LONGEST: usize = 32 << 10;

/// Queries that nest deeper are not compiled: tree-sitter reads them by recursion, on a stack of any size.
const DEEPEST: usize = 100;

static QUERIES: OnceLock<Vec<UserQuery>> = OnceLock::new();

/// Sets what users bring, once a process and before the first text is parsed; whether it counts. Of two for one language the last
/// counts.
pub fn use_queries(queries: Vec<UserQuery>) -> bool {
    QUERIES.set(queries).is_ok()
}

impl UserQuery {
    /// Whether it adds to the built-in query.
    #[must_use]
    pub fn extends(&self) -> bool {
        self.text.as_ref().is_ok_and(|text| text.trim_start().starts_with(EXTENDS))
    }

    /// What a user brings for a language. From now on nothing more can be brought.
    pub(crate) fn of(language: Language) -> Option<&'static Self> {
        QUERIES.get_or_init(Vec::new).iter().rev().find(|query| query.language == language)
    }

    /// The whole query that comes of it, unless it cannot be read.
    pub(crate) fn source(&self) -> Option<String> {
        let text = self.text.as_ref().ok()?;
        Some(if self.extends() { [&self.language.spec().query(), text.as_str()].concat() } else { text.clone() })
    }
}

impl Language {
    /// Where its query comes from. Compiles the query, if that has not happened yet.
    #[must_use]
    pub fn query_origin(self) -> QueryOrigin {
        let Some(brought) = UserQuery::of(self) else { return QueryOrigin::BuiltIn };
        match Grammar::of(self).and_then(|grammar| grammar.fault.clone()) {
            Some(fault) => QueryOrigin::Faulty(fault),
            None if brought.extends() => QueryOrigin::Extended(brought.path.clone()),
            None => QueryOrigin::Replaced(brought.path.clone()),
        }
    }
}

impl QueryFault {
    pub(crate) fn unreadable(path: &str, reason: &str) -> Self {
        Self { path: path.to_owned(), line: 1, column: 1, message: format!("it cannot be read: {reason}") }
    }

    /// What is wrong with a query before anybody compiles it.
    pub(crate) fn before(path: &str, query: &str) -> Option<Self> {
        let at = |offset: usize, message: String| {
            let before = &query.as_bytes()[..offset];
            let start = memchr::memrchr(b'\n', before).map_or(0, |end| end + 1);
            let line = memchr::memchr_iter(b'\n', before).count() + 1;
            Self { path: path.to_owned(), line, column: offset - start + 1, message }
        };
        if query.len() > LONGEST {
            return Some(at(0, format!("it is longer than {} KiB", LONGEST >> 10)));
        }
        too_deep(query).map(|offset| at(offset, format!("here it nests deeper than {DEEPEST}")))
    }

    pub(crate) fn new(path: &str, error: &tree_sitter::QueryError) -> Self {
        use tree_sitter::QueryErrorKind as Kind;
        let what = error.message.lines().next().unwrap_or_default().trim().trim_matches('"');
        let message = match error.kind {
            Kind::Syntax => "this is not the syntax of a query".to_owned(),
            Kind::NodeType => format!("the grammar has no node of the kind `{what}`"),
            Kind::Field => format!("the grammar has no field `{what}`"),
            Kind::Capture => format!("no pattern captures `{what}`"),
            Kind::Structure => "no tree of this grammar can match this pattern".to_owned(),
            Kind::Predicate => error.message.clone(),
            Kind::Language => "the grammar does not fit this program".to_owned(),
        };
        Self { path: path.to_owned(), line: error.row + 1, column: error.column + 1, message }
    }
}

/// Where a query nests too deep, if it does. A field stands around its pattern as a parenthesis does.
fn too_deep(query: &str) -> Option<usize> {
    let bytes = query.as_bytes();
    let is_name = |at: usize| bytes.get(at).is_some_and(|byte| byte.is_ascii_alphanumeric() || b"_-.".contains(byte));
    let (mut at, mut depth, mut fields) = (0, 0_usize, 0);
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b';' => at += memchr::memchr(b'\n', &bytes[at..]).unwrap_or(bytes.len() - at),
            b'"' => {
                at += 1;
                while bytes.get(at).is_some_and(|byte| *byte != b'"') {
                    at += if bytes[at] == b'\\' { 2 } else { 1 };
                }
                fields = 0;
            }
            b'(' | b'[' => depth += 1,
            b')' | b']' => (depth, fields) = (depth.saturating_sub(1), 0),
            b':' => fields += 1,
            // A bare wildcard is what the fields before it are of.
            b'_' if !is_name(at + 1) && (at == 0 || !is_name(at - 1)) => fields = 0,
            _ => {}
        }
        if depth + fields > DEEPEST {
            return Some(at);
        }
        at += 1;
    }
    None
}

impl fmt::Display for QueryFault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}:{}: {}", self.path, self.line, self.column, self.message)
    }
}

impl std::error::Error for QueryFault {}
