//! The string literals of a Rust file, found without a parser: enough of the lexer to tell strings from comments and characters.

/// The contents of each string literal that stands before the file's `#[cfg(test)]`, escapes as written.
pub(super) fn strings(source: &str) -> Vec<&str> {
    let source = source.split("#[cfg(test)]").next().unwrap_or(source);
    let (bytes, mut found, mut at) = (source.as_bytes(), Vec::new(), 0);
    while at < bytes.len() {
        let rest = &source.as_bytes()[at..];
        if rest.starts_with(b"//") {
            at = find(source, at, "\n");
        } else if rest.starts_with(b"/*") {
            at = find(source, at + 2, "*/");
        } else if let Some(hashes) = raw_string(bytes, at) {
            let close = format!("\"{}", "#".repeat(hashes));
            let (start, end) = (at + hashes + 2, find(source, at + hashes + 2, &close));
            found.push(&source[start..end - close.len().min(end - start)]);
            at = end;
        } else if rest[0] == b'"' {
            let end = closing_quote(bytes, at + 1);
            found.push(&source[at + 1..end]);
            at = end + 1;
        } else if rest.starts_with(b"'\"'") || rest.starts_with(b"'\\") {
            at += 3;
        } else {
            at += 1;
        }
    }
    found
}

/// How many `#` a raw string that begins here has; none when none begins here.
fn raw_string(bytes: &[u8], at: usize) -> Option<usize> {
    let inside_a_word = at > 0 && (bytes[at - 1].is_ascii_alphanumeric() || bytes[at - 1] == b'_') && bytes[at - 1] != b'b';
    if bytes[at] != b'r' || inside_a_word {
        return None;
    }
    let hashes = bytes[at + 1..].iter().take_while(|byte| **byte == b'#').count();
    (bytes.get(at + 1 + hashes) == Some(&b'"')).then_some(hashes)
}

/// The offset of the quote that ends the string whose first byte is at `at`.
fn closing_quote(bytes: &[u8], mut at: usize) -> usize {
    while at < bytes.len() && bytes[at] != b'"' {
        at += if bytes[at] == b'\\' { 2 } else { 1 };
    }
    at.min(bytes.len())
}

/// One past the next `needle` from `at` on; the end of the text when there is none.
fn find(source: &str, at: usize, needle: &str) -> usize {
    let (haystack, needle) = (&source.as_bytes()[at.min(source.len())..], needle.as_bytes());
    haystack.windows(needle.len()).position(|window| window == needle).map_or(source.len(), |hit| at + hit + needle.len())
}

#[test]
fn strings_are_told_from_comments_and_characters() {
    let source = "// \"no\"\nlet a = \"yes \\\" still\"; /* \"no\" */ let q = '\"'; let e = '\\''; f(r#\"raw \"quoted\"\"#, b\"bytes\", \"é\")\n\
                  #[cfg(test)] const T: &str = \"no\";";
    assert_eq!(strings(source), ["yes \\\" still", "raw \"quoted\"", "bytes", "é"]);
}
