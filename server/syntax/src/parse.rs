//! One parse of one text, within limits.

use std::{borrow::Cow, cell::RefCell, ops::ControlFlow, sync::Arc};

use tree_sitter::{ParseOptions, Parser};

use crate::{
    FileSymbols, Language, Tree,
    deadline::Deadline,
    grammar::Grammar,
    mask::Masks,
    splice::{self, Listed},
    walk::{self, Source},
};

/// How much work one file may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Longer texts are skipped, in bytes.
    pub max_bytes: usize,
    /// Texts with a longer line are skipped, in bytes: they are minified or data.
    pub max_line_bytes: usize,
    /// How long parsing and listing may take, in milliseconds: of processor time where the system tells that of a thread (Linux, macOS).
    pub parse_ms: u64,
    /// What is nested deeper than this many nodes is not looked into.
    pub max_depth: usize,
    /// Longer texts are not parsed anew where a parse from an old tree ends in errors: it would be felt at each key, in bytes.
    pub max_anew_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { max_bytes: 1 << 20, max_line_bytes: 10_000, parse_ms: 2_000, max_depth: 5_000, max_anew_bytes: 128 << 10 }
    }
}

/// Why a file was not parsed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Skip {
    /// More than [`Limits::max_bytes`].
    TooLarge,
    /// A line of more than [`Limits::max_line_bytes`].
    LongLine,
    /// More than [`Limits::parse_ms`].
    Timeout,
    /// No UTF-8. A text is always UTF-8: only who reads files says this.
    NotUtf8,
}

impl Skip {
    /// `too-large`, `long-line`, `timeout` or `not-utf8`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::TooLarge => "too-large",
            Self::LongLine => "long-line",
            Self::Timeout => "timeout",
            Self::NotUtf8 => "not-utf8",
        }
    }
}

/// What one parse yields.
#[derive(Clone, Debug)]
pub struct Parse {
    /// The tree, for the next parse.
    pub tree: Tree,
    /// What the file defines, uses and imports.
    pub file: Arc<FileSymbols>,
}

/// Parses `text`. An `old` tree, to which every change since was told by [`Tree::edit`], makes it cheaper and changes nothing
/// in the result, unless the text is broken and longer than [`Limits::max_anew_bytes`]: then its errors may be mended in another way; or
/// JavaScript ends a statement by itself in front of a comment: then this may stand in the statement or behind it, because the parser takes
/// a token for all of the readings that it still follows, and from an old tree it follows fewer.
///
/// # Errors
/// Says why a text is skipped: its size, a line's length, or the time it took.
pub fn parse(language: Language, text: &str, old: Option<&Tree>, limits: &Limits) -> Result<Parse, Skip> {
    admit(text, limits)?;
    let deadline = Deadline::after(limits.parse_ms);
    let grammar = Grammar::of(language).ok_or(Skip::Timeout)?;
    let masks = Masks::of(language, text);
    let seen = masks.apply(text);
    let before = before(language, old, &masks, text);
    let mut inner = tree(grammar, &seen, before.as_deref(), deadline).ok_or(Skip::Timeout)?;
    // From an old tree the parser may end in errors that the text by itself does not have.
    let anew = before.is_some() && text.len() <= limits.max_anew_bytes && inner.root_node().has_error();
    if anew {
        inner = tree(grammar, &seen, None, deadline).ok_or(Skip::Timeout)?;
    }
    let listed = match &before {
        Some(Cow::Borrowed(inner)) if !anew => old.and_then(|old| Some((*inner, old.listed.as_ref()?))),
        _ => None,
    };
    let source = Source { text, masks: masks.as_slice() };
    let shifted = listed.and_then(|old| splice::shift((language, grammar), old, &inner, text));
    let spliced = shifted
        .or_else(|| listed.and_then(|old| splice::splice((language, grammar), old, &inner, source, limits.max_depth, deadline)));
    let listed = match spliced {
        Some(listed) => listed,
        None => {
            let file = walk::walk(language, grammar, &inner, source, limits.max_depth, deadline).ok_or(Skip::Timeout)?;
            Listed::new(Arc::new(file))
        }
    };
    let file = Arc::clone(listed.file());
    Ok(Parse { tree: Tree { inner, language, masks, listed: Some(listed) }, file })
}

/// Parses `text` and lists nothing: the least that [`parse`] can cost. An `old` tree makes it cheaper as it does there.
///
/// # Errors
/// As [`parse`].
pub fn parse_only(language: Language, text: &str, old: Option<&Tree>, limits: &Limits) -> Result<Tree, Skip> {
    admit(text, limits)?;
    let deadline = Deadline::after(limits.parse_ms);
    let grammar = Grammar::of(language).ok_or(Skip::Timeout)?;
    let masks = Masks::of(language, text);
    let before = before(language, old, &masks, text);
    let inner = tree(grammar, &masks.apply(text), before.as_deref(), deadline).ok_or(Skip::Timeout)?;
    Ok(Tree { inner, language, masks, listed: None })
}

/// Lists `text` by a grammar that is compiled for the occasion.
///
/// # Errors
/// As [`parse`].
#[cfg(feature = "fuzz")]
pub(crate) fn parse_with(
    (language, grammar): (Language, &Grammar),
    text: &str,
    limits: &Limits,
    deadline: Deadline,
) -> Result<FileSymbols, Skip> {
    admit(text, limits)?;
    let masks = Masks::of(language, text);
    let inner = tree(grammar, &masks.apply(text), None, deadline).ok_or(Skip::Timeout)?;
    let source = Source { text, masks: masks.as_slice() };
    walk::walk(language, grammar, &inner, source, limits.max_depth, deadline).ok_or(Skip::Timeout)
}

fn admit(text: &str, limits: &Limits) -> Result<(), Skip> {
    if text.len() > limits.max_bytes {
        return Err(Skip::TooLarge);
    }
    if has_longer_line(text.as_bytes(), limits.max_line_bytes) {
        return Err(Skip::LongLine);
    }
    Ok(())
}

/// The tree to begin from: `old`, where it is one of the language. It is another where other words are masked than before, because the
/// grammar sees a change there where nothing was typed.
fn before<'old>(language: Language, old: Option<&'old Tree>, masks: &Masks, text: &str) -> Option<Cow<'old, tree_sitter::Tree>> {
    let old = old.filter(|old| old.language == language)?;
    Some(old.masks.moved(masks, &old.inner, text).map_or(Cow::Borrowed(&old.inner), Cow::Owned))
}

/// The stack that a parse takes for itself, in bytes, and for each byte of the text: what several readings share is let go of by a function
/// that calls itself for each token (`stack_node_release` in tree-sitter 0.27.1's `stack.c`, 96 bytes on x86-64), and a token may be one byte.
const STACK: (usize, usize) = (256 << 10, 160);

fn tree(grammar: &Grammar, text: &[u8], old: Option<&tree_sitter::Tree>, deadline: Deadline) -> Option<tree_sitter::Tree> {
    let needed = STACK.0 + STACK.1 * text.len();
    stacker::maybe_grow(needed, needed, || PARSER.with_borrow_mut(|parser| run(parser, grammar, text, old, deadline)))
}

thread_local! {
    /// A parser keeps its buffers from one text to the next.
    static PARSER: RefCell<Parser> = RefCell::new(Parser::new());
}

fn run(
    parser: &mut Parser,
    grammar: &Grammar,
    bytes: &[u8],
    old: Option<&tree_sitter::Tree>,
    deadline: Deadline,
) -> Option<tree_sitter::Tree> {
    parser.set_language(&grammar.language).ok()?;
    let mut progress = |_: &tree_sitter::ParseState| {
        if deadline.has_passed() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    let options = ParseOptions::new().progress_callback(&mut progress);
    let tree = parser.parse_with_options(&mut |offset, _| bytes.get(offset..).unwrap_or_default(), old, Some(options));
    if tree.is_none() {
        // It would go on with this text at the next call.
        parser.reset();
    }
    tree
}

/// Whether a line is longer than so many bytes: it looks for a line's end from there backwards, so most bytes are never read.
fn has_longer_line(bytes: &[u8], most: usize) -> bool {
    let mut start = 0;
    while let Some(window) = bytes.get(start..).and_then(|rest| rest.get(..=most)) {
        match memchr::memrchr(b'\n', window) {
            Some(end) => start += end + 1,
            None => return true,
        }
    }
    false
}
