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

/// Longer queries are not compiled, in bytes: tree-sitter counts what a query asks for in sixteen bits, without looking. Those of
/// whole editors have less.
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
        let signs = signs(query);
        let deep = too_deep(&signs).map(|offset| at(offset, format!("here it nests deeper than {DEEPEST}")));
        deep.or_else(|| misplaced(&signs).map(|offset| at(offset, "here a pattern has to stand, and there is none".to_owned())))
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
            // tree-sitter's own sentences, of which there may be two.
            Kind::Predicate => {
                error.message.trim_end_matches('.').replace(". Expected ", ": expected ").replace(". Got ", ", got ")
            }
            Kind::Language => "the grammar does not fit this program".to_owned(),
        };
        Self { path: path.to_owned(), line: error.row + 1, column: error.column + 1, message }
    }
}

/// What a query is written with: where each sign stands, a string as `"`, a name as `a`, and `_` alone as itself.
fn signs(query: &str) -> Vec<(usize, u8)> {
    let bytes = query.as_bytes();
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || b"_-".contains(byte) || !byte.is_ascii();
    let (mut signs, mut at) = (Vec::new(), 0);
    while let Some(&byte) = bytes.get(at) {
        let start = at;
        at += 1;
        match byte {
            b';' => at += memchr::memchr(b'\n', &bytes[at..]).unwrap_or(bytes.len() - at),
            b'"' => {
                while bytes.get(at).is_some_and(|byte| *byte != b'"') {
                    at += if bytes[at] == b'\\' { 2 } else { 1 };
                }
                at += 1;
                signs.push((start, b'"'));
            }
            byte if is_name(&byte) => {
                at += bytes[at..].iter().take_while(|byte| is_name(byte)).count();
                signs.push((start, if bytes[start..at] == *b"_" { b'_' } else { b'a' }));
            }
            byte if byte.is_ascii_whitespace() => {}
            byte => signs.push((start, byte)),
        }
    }
    signs
}

/// Where a query nests too deep, if it does. A field stands around its pattern as a parenthesis does.
fn too_deep(signs: &[(usize, u8)]) -> Option<usize> {
    let (mut depth, mut fields) = (0_usize, 0);
    let mut deeper = |sign: u8| {
        match sign {
            b'(' | b'[' => depth += 1,
            b')' | b']' => (depth, fields) = (depth.saturating_sub(1), 0),
            b':' => fields += 1,
            // What the fields before it are of.
            b'"' | b'_' => fields = 0,
            _ => {}
        }
        depth + fields > DEEPEST
    };
    signs.iter().find(|(_, sign)| deeper(*sign)).map(|(at, _)| *at)
}

/// Where something stands for a pattern that is none, if it does: a predicate, or a group of nothing else, as a field, as an
/// alternative, or with a capture or a quantifier behind it. tree-sitter takes for that pattern whatever comes next in its
/// memory.
fn misplaced(signs: &[(usize, u8)]) -> Option<usize> {
    struct Open {
        start: usize,
        is_choice: bool,
        stands_for_a_pattern: bool,
        has_pattern: bool,
        is_predicate: bool,
    }
    let sign = |at: usize| signs.get(at).map(|(_, sign)| *sign);
    let mut open: Vec<Open> = Vec::new();
    for (at, &(start, this)) in signs.iter().enumerate() {
        let is_pattern = match this {
            b'(' | b'[' => {
                let stands_for_a_pattern =
                    open.last().is_some_and(|around| around.is_choice) || at.checked_sub(1).and_then(sign) == Some(b':');
                let has_pattern = this == b'(' && matches!(sign(at + 1), Some(b'a' | b'_'));
                // It may begin with a dot, too.
                let is_predicate = this == b'(' && matches!(sign(at + 1), Some(b'#' | b'.'));
                open.push(Open { start, is_choice: this == b'[', stands_for_a_pattern, has_pattern, is_predicate });
                continue;
            }
            b')' | b']' => match open.pop() {
                Some(closed) => {
                    let is_asked = closed.stands_for_a_pattern || matches!(sign(at + 1), Some(b'@' | b'*' | b'+' | b'?'));
                    if is_asked && !closed.has_pattern {
                        return Some(closed.start);
                    }
                    closed.has_pattern
                }
                None => false,
            },
            b'"' | b'_' => true,
            _ => false,
        };
        if let Some(around) = open.last_mut() {
            around.has_pattern |= is_pattern && !around.is_predicate;
        }
    }
    None
}

impl fmt::Display for QueryFault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}:{}: {}", self.path, self.line, self.column, self.message)
    }
}

impl std::error::Error for QueryFault {}
