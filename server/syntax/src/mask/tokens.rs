//! Tokens of C, some of which are those of other languages, as far as it takes to look around a word without a tree: from one place forwards or backwards.

/// Longer lists of arguments belong to no macro that is masked, in bytes.
const MAX_ARGUMENTS: usize = 4_096;
/// So many lines are looked at backwards for what stands before a word.
const MAX_LINES: usize = 400;

pub(super) fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$') || !byte.is_ascii()
}

/// Where the token at or behind `at` begins: white space, comments and preprocessor directives are passed.
pub(super) fn next(bytes: &[u8], mut at: usize) -> usize {
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
            (b'#', _) if line_begins => {
                at = line_end(bytes, at);
                while at < bytes.len() && goes_on(&bytes[..at]) {
                    at = line_end(bytes, at + 1);
                }
            }
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

/// One past the parenthesis that closes the one at `open`; `None` where a directive or the end comes first.
pub(super) fn closed(bytes: &[u8], open: usize) -> Option<usize> {
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

/// Where the parenthesis or bracket is that the one before `end` closes.
pub(super) fn opened(bytes: &[u8], end: usize) -> Option<usize> {
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

/// Whether a place lies in a preprocessor directive.
pub(super) fn in_directive(bytes: &[u8], at: usize) -> bool {
    line_of(bytes, at).1
}

/// Where the token before `at` ends: white space, comments and preprocessor directives are passed. `None` where too much of
/// that stands there.
pub(super) fn before(bytes: &[u8], mut at: usize) -> Option<usize> {
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
