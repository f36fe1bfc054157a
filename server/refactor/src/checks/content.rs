//! What a change may not bring into a file, whatever it does otherwise: text that nobody sees, addresses that nobody asked for in
//! comments that editors render, placeholders of secrets, and another kind of indentation.

use std::collections::BTreeSet;

use assist::Snapshot;
use syntax::Limits;

use crate::FileChange;
use crate::overlay::Overlay;
use crate::worker::LEFT_OUT;

pub(super) fn faults(overlay: &Overlay, said: &str) -> Vec<String> {
    overlay.changes().files().iter().flat_map(|change| of_file(overlay, change, said)).collect()
}

fn of_file(overlay: &Overlay, change: &FileChange, said: &str) -> Vec<String> {
    let now = overlay.now();
    let before = overlay.text_before(change);
    let before = &*before;
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
    let is_new = |address: &str| !known.contains(address) && !is_near(overlay.base(), now, &change.path, address);
    if comments.iter().flat_map(|comment| addresses(comment)).any(is_new) {
        fault("would hold an address, an image or markup in a comment that was not there".to_owned());
    }
    let after = change.after.as_deref().unwrap_or_default();
    if after.matches(LEFT_OUT).count() > before.matches(LEFT_OUT).count() {
        fault("would hold the mark of lines that were not shown in place of them".to_owned());
    }
    if let Some(wrong) = indentation(before, change.after.as_deref().unwrap_or_default()) {
        fault(wrong.to_owned());
    }
    faults
}

/// How a placeholder of the gateway begins.
const PLACEHOLDER: &str = "«redacted:";

/// How many files are looked at for an address that a file does not have: those that stand nearest to it.
const NEAR_FILES: usize = 200;

/// Whether a comment of another file that is near to one says the same address already, as the head of a licence does. Word for word: it
/// then leads nowhere that the workspace did not lead before.
fn is_near(base: &Snapshot, now: &Snapshot, path: &str, address: &str) -> bool {
    let language = now.index().file(path).map(|record| record.language);
    let common = |other: &str| other.bytes().zip(path.bytes()).take_while(|(one, other)| one == other).count();
    let mut files: Vec<_> = base.index().files().filter(|record| Some(record.language) == language).collect();
    files.sort_by_key(|record| std::cmp::Reverse(common(&record.path)));
    let texts = files.iter().take(NEAR_FILES).filter_map(|record| base.text(&record.path));
    texts.into_iter().any(|text| text.contains(address) && addresses(&text).any(|known| known == address))
}

/// The characters of a text that no editor shows.
fn hidden(text: &str) -> impl Iterator<Item = char> + '_ {
    let is_order = |character: &char| character.is_control() && !matches!(character, '\t' | '\n' | '\u{c}' | '\r');
    models::egress::unseen(text).chain(text.chars().filter(is_order))
}

/// The comments and docstrings of the new text; the whole of it where it has no known language.
fn comments(now: &Snapshot, change: &FileChange) -> Vec<String> {
    let Some(language) = now.index().file(&change.path).map(|record| record.language) else {
        return vec![change.after.as_deref().unwrap_or_default().to_owned()];
    };
    let Ok(tree) = syntax::parse_only(language, change.after.as_deref().unwrap_or_default(), None, &Limits::default()) else {
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
    use super::{addresses, faults, hidden, indentation};
    use crate::checks::fixture::overlay;

    #[test]
    fn what_nobody_sees_is_found() {
        assert_eq!(hidden("a\u{202e}b\u{200b}c\u{e0041}\t\n\r\n\u{1b}").count(), 4);
        assert_eq!(hidden("\u{26a0}\u{fe0f} \u{c}").count(), 0, "a symbol is written so");
        assert_eq!(hidden("größe 📐").count(), 0);
    }

    #[test]
    fn addresses_are_found() {
        let found: Vec<&str> = addresses("see ![x](http://evil/a) or `https://b` and path::to").collect();
        assert_eq!(found, ["![x](http://evil/a)", "https://b"]);
    }

    #[test]
    fn an_address_may_stand_in_a_new_file_as_it_stands_in_the_files_beside_it() {
        let head = "// See https://www.apache.org/licenses/LICENSE-2.0\n";
        let new = |text: &str| {
            let (old, new) = (format!("{head}fn a() {{}}\n"), format!("{text}fn b() {{}}\n"));
            let (_folder, overlay) = overlay(&[("src/a.rs", &old)], &[("src/b.rs", Some(&new))]);
            faults(&overlay, "").len()
        };
        assert_eq!(new(head), 0);
        assert_eq!(new("// See https://www.apache.org/licenses/LICENSE-2.0?q=secret\n"), 1, "word for word");
    }

    #[test]
    fn indentation_stays_what_it_is() {
        assert!(indentation("a\n\tb\n", "a\n    b\n").is_some());
        assert!(indentation("a\n    b\n", "a\n\tb\n").is_some());
        assert_eq!(indentation("a\n\tb\n", "/*\n * x\n */\na\n\tb\n"), None);
        assert_eq!(indentation("a\n", "a\n\tb\n"), None);
    }
}
