//! What a change may not bring into a file, whatever it does otherwise: text that nobody sees, addresses that nobody asked for in
//! comments that editors render, placeholders of secrets, and another kind of indentation.

use std::collections::BTreeSet;

use assist::Snapshot;
use syntax::Limits;

use crate::FileChange;
use crate::overlay::Overlay;

pub(super) fn faults(overlay: &Overlay, said: &str) -> Vec<String> {
    overlay.changes().files().iter().flat_map(|change| of_file(overlay.now(), change, said)).collect()
}

fn of_file(now: &Snapshot, change: &FileChange, said: &str) -> Vec<String> {
    let before = change.before.as_deref().unwrap_or_default();
    let mut faults = Vec::new();
    let mut fault = |what: String| faults.push(format!("{} {what}", change.path));
    if hidden(change.after.as_deref().unwrap_or_default()).any(|character| !hidden(before).any(|known| known == character)) {
        fault("would hold invisible characters".to_owned());
    }
    if change.after.as_deref().unwrap_or_default().matches(PLACEHOLDER).count() > before.matches(PLACEHOLDER).count() {
        fault("would hold the placeholder of a secret in place of it".to_owned());
    }
    let known: BTreeSet<&str> = addresses(before).chain(addresses(said)).collect();
    let comments = comments(now, change);
    if comments.iter().flat_map(|comment| addresses(comment)).any(|address| !known.contains(address)) {
        fault("would hold an address, an image or markup in a comment that was not there".to_owned());
    }
    if let Some(wrong) = indentation(before, change.after.as_deref().unwrap_or_default()) {
        fault(wrong.to_owned());
    }
    faults
}

/// How a placeholder of the gateway begins.
const PLACEHOLDER: &str = "«redacted:";

/// The characters of a text that no editor shows.
fn hidden(text: &str) -> impl Iterator<Item = char> + '_ {
    let is_hidden = |character: &char| {
        !matches!(character, '\r' | '\u{c}') && assist::markdown::visible(character.encode_utf8(&mut [0; 4])).next().is_none()
    };
    text.chars().filter(is_hidden)
}

/// The comments and docstrings of the new text; the whole of it where it has no known language.
fn comments(now: &Snapshot, change: &FileChange) -> Vec<String> {
    let Some(language) = now.index().file(&change.path).map(|record| record.language) else {
        return vec![change.after.as_deref().unwrap_or_default().to_owned()];
    };
    let Ok(tree) = syntax::parse_only(language, change.after.as_deref().unwrap_or_default(), &Limits::default()) else {
        return Vec::new();
    };
    let mut found: Vec<String> =
        tree.comments().into_iter().map(|span| span.of(change.after.as_deref().unwrap_or_default()).to_owned()).collect();
    let symbols = now.index().file(&change.path).into_iter().flat_map(|record| &record.file().symbols);
    found.extend(symbols.map(|symbol| symbol.doc.to_string()));
    found
}

/// What a renderer of Markdown or HTML would fetch or link to.
fn addresses(text: &str) -> impl Iterator<Item = &str> {
    let is_address = |word: &&str| {
        let lower = word.to_ascii_lowercase();
        ["://", "](", "www.", "<img", "mailto:", "javascript:", "data:", "command:"].iter().any(|mark| lower.contains(mark))
    };
    text.split(|character: char| character.is_whitespace() || matches!(character, '"' | '\'' | '`')).filter(is_address)
}

/// Tabs where the file has spaces alone, or the other way round. A comment's ` * ` counts as neither.
fn indentation(before: &str, after: &str) -> Option<&'static str> {
    let begins = |text: &str, with: char| {
        text.lines().filter(|line| !line.trim_start().starts_with('*')).any(|line| line.starts_with(with))
    };
    match (begins(before, ' '), begins(before, '\t')) {
        (true, false) if begins(after, '\t') => Some("is indented by spaces, and would be by tabs"),
        (false, true) if begins(after, ' ') => Some("is indented by tabs, and would be by spaces"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{addresses, hidden, indentation};

    #[test]
    fn what_nobody_sees_is_found() {
        assert_eq!(hidden("a\u{202e}b\u{200b}c\u{e0041}\t\n\r\n").count(), 3);
        assert_eq!(hidden("größe 📐").count(), 0);
    }

    #[test]
    fn addresses_are_found() {
        let found: Vec<&str> = addresses("see ![x](http://evil/a) or `https://b` and path::to").collect();
        assert_eq!(found, ["![x](http://evil/a)", "https://b"]);
    }

    #[test]
    fn indentation_stays_what_it_is() {
        assert!(indentation("a\n\tb\n", "a\n    b\n").is_some());
        assert!(indentation("a\n    b\n", "a\n\tb\n").is_some());
        assert_eq!(indentation("a\n\tb\n", "/*\n * x\n */\na\n\tb\n"), None);
        assert_eq!(indentation("a\n", "a\n\tb\n"), None);
    }
}
