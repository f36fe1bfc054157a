//! Tokens of C, some of which are those of other languages, as far as it takes to look around a word without a tree: from one place forwards or backwards.

use std::cell::Cell;

/// Longer lists of arguments belong to no macro that is masked, in bytes.
const MAX_ARGUMENTS: usize = 4_096;
/// So many lines are looked at backwards for what stands before a word.
const MAX_LINES: usize = 400;

/// The farthest that is looked from one place, in bytes.
const MAX_LOOK: usize = 16_384;
/// So many times the length of a text is looked at around its words and brackets, and no more: what is left then is not masked.
const MAX_LOOKS: usize = 16;

/// How much of a text may still be looked at: a place may be looked at from many others, and a text be made of such.
pub(super) struct Looks {
    /// In bytes.
    left: Cell<usize>,
}

impl Looks {
    /// For all of a text.
    pub(super) fn at(bytes: &[u8]) -> Self {
        Self { left: Cell::new(bytes.len().saturating_mul(MAX_LOOKS)) }
    }

    /// How far may be looked from one place, in bytes.
    pub(super) fn reach(&self) -> usize {
        self.left.get().min(MAX_LOOK)
    }

    /// Counts bytes that were looked at.
    pub(super) fn took(&self, length: usize) {
        self.left.set(self.left.get().saturating_sub(length));
    }
}

/// A text of C, in which what is too far away is not found.
pub(super) struct Tokens<'t> {
    bytes: &'t [u8],
    looks: Looks,
}

impl<'t> Tokens<'t> {
    pub(super) fn of(bytes: &'t [u8]) -> Self {
        Self { bytes, looks: Looks::at(bytes) }
    }

    /// Where the token at or behind `at` begins: white space, comments and preprocessor directives are passed. The end of the text where
    /// there is none.
    pub(super) fn next(&self, at: usize) -> usize {
        let seen = self.ahead(at);
        let token = next(seen, at);
        self.looks.took(token.saturating_sub(at));
        if token < seen.len() { token } else { self.bytes.len() }
    }

    /// One past the parenthesis that closes the one at `open`; `None` where a directive or the end comes first.
    pub(super) fn closed(&self, open: usize) -> Option<usize> {
        let seen = self.ahead(open);
        let end = closed(seen, open);
        self.looks.took(end.unwrap_or(seen.len()) - open);
        end
    }

    /// Where the parenthesis or bracket is that the one before `end` closes.
    pub(super) fn opened(&self, end: usize) -> Option<usize> {
        let behind = self.behind(end);
        let open = opened(&self.bytes[behind..end], end - behind).map(|open| behind + open);
        self.looks.took(end - open.unwrap_or(behind));
        open
    }

    /// Whether a place lies in a preprocessor directive.
    pub(super) fn in_directive(&self, at: usize) -> bool {
        let behind = self.behind(at);
        let (start, directive) = line_of(&self.bytes[behind..at], at - behind);
        self.looks.took(at - behind - start);
        directive
    }

    /// Where the preprocessor directive that holds `at` ends: before a line's end.
    pub(super) fn directive_end(&self, at: usize) -> usize {
        directive_end(self.bytes, at)
    }

    /// Where the token before `at` ends: white space, comments and preprocessor directives are passed. `None` where too much of
    /// that stands there.
    pub(super) fn before(&self, at: usize) -> Option<usize> {
        let behind = self.behind(at);
        let end = before(&self.bytes[behind..at], at - behind).map(|end| behind + end);
        self.looks.took(at - end.unwrap_or(behind));
        end.filter(|&end| end > behind || end == 0)
    }

    fn ahead(&self, at: usize) -> &'t [u8] {
        &self.bytes[..self.bytes.len().min(at + self.looks.reach())]
    }

    fn behind(&self, at: usize) -> usize {
        at.saturating_sub(self.looks.reach())
    }
}

pub(super) fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$') || !byte.is_ascii()
}

fn next(bytes: &[u8], mut at: usize) -> usize {
    let mut line_begins = false;
    while let Some(&byte) = bytes.get(at) {
        match (byte, bytes.get(at + 1)) {
            (b'\n', _) => {
                line_begins = true;
                at += 1;
            }
            (b'/', Some(b'/')) => at = line_end(bytes, at),
            (b'/', Some(b'*')) => {
                let end = bytes.get(at + 2..).and_then(|rest| memchr::memmem::find(rest, b"*/"));
                at = end.map_or(bytes.len(), |end| at + end + 4);
            }
            (b'#', _) if line_begins => at = directive_end(bytes, at),
            (b'\\', Some(b'\n' | b'\r')) => at += 2,
            _ if byte.is_ascii_whitespace() => at += 1,
            _ => return at,
        }
    }
    bytes.len()
}

fn line_end(bytes: &[u8], at: usize) -> usize {
    bytes.get(at..).and_then(|rest| memchr::memchr(b'\n', rest)).map_or(bytes.len(), |length| at + length)
}

fn directive_end(bytes: &[u8], at: usize) -> usize {
    let mut end = line_end(bytes, at);
    while end < bytes.len() && goes_on(&bytes[..end]) {
        end = line_end(bytes, end + 1);
    }
    end
}

/// Whether a line goes on in the next one.
fn goes_on(line: &[u8]) -> bool {
    line.strip_suffix(b"\r").unwrap_or(line).ends_with(b"\\")
}

/// The word that begins at `at`; empty where none does.
pub(super) fn word_at(bytes: &[u8], at: usize) -> &[u8] {
    let rest = bytes.get(at..).unwrap_or_default();
    let length = rest.iter().position(|&byte| !is_word(byte)).unwrap_or(rest.len());
    if rest.first().is_some_and(u8::is_ascii_digit) { &[] } else { &rest[..length] }
}

/// The word that ends at `end`; empty where none does.
pub(super) fn word_before(bytes: &[u8], end: usize) -> &[u8] {
    let before = bytes.get(..end).unwrap_or_default();
    let start = before.iter().rposition(|&byte| !is_word(byte)).map_or(0, |at| at + 1);
    &before[start..]
}

fn closed(bytes: &[u8], open: usize) -> Option<usize> {
    let mut depth = 0_usize;
    let mut at = open;
    while at < bytes.len() && at - open < MAX_ARGUMENTS {
        match bytes[at] {
            b'(' => depth += 1,
            b')' => depth -= 1,
            quote @ (b'"' | b'\'') => at = string_end(bytes, at, quote)?,
            b'/' if matches!(bytes.get(at + 1), Some(b'/' | b'*')) => at = next(bytes, at) - 1,
            b'#' if begins_line(bytes, at) => return None,
            _ => {}
        }
        at += 1;
        if depth == 0 {
            return Some(at);
        }
    }
    None
}

fn begins_line(bytes: &[u8], at: usize) -> bool {
    let before = bytes[..at].iter().rfind(|byte| !matches!(byte, b' ' | b'\t'));
    before == Some(&b'\n')
}

/// Where the literal that begins at `at` has its other quote.
fn string_end(bytes: &[u8], at: usize, quote: u8) -> Option<usize> {
    let mut end = at + 1;
    while let Some(&byte) = bytes.get(end) {
        match byte {
            b'\\' => end += 1,
            b'\n' => return None,
            byte if byte == quote => return Some(end),
            _ => {}
        }
        end += 1;
    }
    None
}

fn opened(bytes: &[u8], end: usize) -> Option<usize> {
    let mut depth = 0_usize;
    let least = end.saturating_sub(MAX_ARGUMENTS);
    let mut at = end;
    while at > least {
        at -= 1;
        match bytes[at] {
            b')' | b']' => depth += 1,
            b'(' | b'[' => depth = depth.checked_sub(1)?,
            quote @ (b'"' | b'\'') => at = memchr::memrchr(quote, &bytes[..at])?,
            b';' => return None,
            _ => {}
        }
        if depth == 0 {
            return Some(at);
        }
    }
    None
}

/// Where the line begins that holds `at`, and whether it is part of a preprocessor directive.
fn line_of(bytes: &[u8], at: usize) -> (usize, bool) {
    let start = memchr::memrchr(b'\n', &bytes[..at]).map_or(0, |newline| newline + 1);
    let mut first = start;
    for _ in 0..MAX_LINES {
        let Some(before) = first.checked_sub(1).filter(|&before| goes_on(&bytes[..before])) else {
            break;
        };
        first = memchr::memrchr(b'\n', &bytes[..before]).map_or(0, |newline| newline + 1);
    }
    let directive = bytes[first..].iter().find(|byte| !matches!(byte, b' ' | b'\t')) == Some(&b'#');
    (if directive { first } else { start }, directive)
}

fn before(bytes: &[u8], mut at: usize) -> Option<usize> {
    for _ in 0..MAX_LINES {
        let line = memchr::memrchr(b'\n', &bytes[..at]).map_or(0, |newline| newline + 1);
        let code = bytes[line..at].trim_ascii_end();
        if code.ends_with(b"*/") {
            at = memchr::memmem::rfind(&bytes[..line + code.len() - 2], b"/*")?;
            continue;
        }
        if !code.is_empty() {
            return Some(line + code.len());
        }
        let Some(newline) = line.checked_sub(1) else { return Some(0) };
        let (start, directive) = line_of(bytes, newline);
        at = if directive { start } else { start + comment_start(&bytes[start..newline]) };
    }
    None
}

/// Where the comment begins that ends with a line; the line's length where there is none.
pub(super) fn comment_start(line: &[u8]) -> usize {
    let mut quoted = false;
    let mut at = 0;
    if memchr::memmem::find(line, b"//").is_none() {
        return line.len();
    }
    while let Some(&byte) = line.get(at) {
        match byte {
            b'\\' => at += 1,
            b'"' => quoted = !quoted,
            b'/' if !quoted && line.get(at + 1) == Some(&b'/') => return at,
            _ => {}
        }
        at += 1;
    }
    line.len()
}
