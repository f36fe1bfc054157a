//! Doc comments: which comments are ones, and their text without markers.

/// What a comment is to the definition below it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Comment {
    /// Its documentation, whatever stands between.
    Doc,
    /// Its documentation if no blank line parts the two.
    Adjacent,
    /// The documentation of what stands right before it.
    Behind,
    /// The one or the other, by the blank lines around it.
    Beside,
    /// Nothing.
    Plain,
}

/// The doc comments of Java, JavaScript and others that write `/** … */`.
pub(crate) const STARRED: &[(&str, Comment)] = &[("/***", Comment::Plain), ("/**/", Comment::Plain), ("/**", Comment::Doc)];

/// The same, and `///`.
pub(crate) const STARRED_OR_SLASHED: &[(&str, Comment)] =
    &[("////", Comment::Plain), ("///", Comment::Doc), ("/***", Comment::Plain), ("/**/", Comment::Plain), ("/**", Comment::Doc)];

/// How comments of several lines begin and end.
const BLOCKS: [(&str, &str); 4] = [("/*", "*/"), ("(*", "*)"), ("{-", "-}"), ("--[[", "]]")];

/// The text of a comment without its markers.
pub(crate) fn push_comment(doc: &mut String, comment: &str) {
    let inside = |(open, close): &(&str, &str)| {
        let block = comment.strip_prefix(open)?;
        Some(block.strip_suffix(close).unwrap_or(block))
    };
    if let Some(block) = BLOCKS.iter().find_map(inside) {
        let block = block.trim_start_matches(['*', '!', '-']).trim_start().trim_start_matches(['|', '^']);
        for line in block.lines() {
            let line = line.trim();
            let line = line.strip_prefix('*').unwrap_or(line);
            push_line(doc, line.strip_prefix(' ').unwrap_or(line));
        }
        return;
    }
    for line in comment.lines() {
        let line = line.trim_start();
        let marker = line.chars().next().filter(|first| matches!(first, '/' | '#' | '-')).unwrap_or('/');
        let line = line.trim_start_matches(marker);
        let line = line.strip_prefix(['!', '<', '\'']).or(line.strip_prefix(" |")).or(line.strip_prefix(" ^")).unwrap_or(line);
        push_line(doc, line.strip_prefix(' ').unwrap_or(line));
    }
}

fn push_line(doc: &mut String, line: &str) {
    let line = line.trim_end();
    // C# marks up which part of a comment says what a thing is. Most lines are not marked up, and need no search.
    let bare = if line.starts_with('<') { line.trim_start_matches("<summary>") } else { line };
    let bare = if bare.ends_with('>') { bare.trim_end_matches("</summary>").trim_end() } else { bare };
    if bare.is_empty() && !line.is_empty() {
        return;
    }
    let line = bare;
    if doc.is_empty() && line.is_empty() {
        return;
    }
    if !doc.is_empty() {
        doc.push('\n');
    }
    doc.push_str(line);
}

/// The text of a docstring, its quotes and common indentation gone.
pub(crate) fn docstring(literal: &str) -> String {
    let inner = literal.trim_start_matches(|character: char| character.is_ascii_alphabetic() || character == '~');
    let inner = ["\"\"\"", "'''", "\"", "'"]
        .iter()
        .find_map(|quote| inner.strip_prefix(quote).map(|inner| inner.strip_suffix(quote).unwrap_or(inner)))
        .unwrap_or(inner);
    let indent =
        inner.lines().skip(1).filter(|line| !line.trim().is_empty()).map(|line| line.len() - line.trim_start().len()).min();
    let mut doc = String::with_capacity(inner.len());
    for (number, line) in inner.lines().enumerate() {
        let cut = if number == 0 { line.trim_start() } else { line.get(indent.unwrap_or(0)..).unwrap_or_default() };
        push_line(&mut doc, cut);
    }
    doc.truncate(doc.trim_end().len());
    doc
}
