//! Printing: results to stdout, everything else to stderr. Names and texts of a repository and of models are in all of it, so whatever a
//! terminal would take as an order is taken out here, behind everybody who prints.

use std::io::Write;

use serde_json::{Value, json};

use crate::failure::Failure;

/// Where results go, and in which form.
pub(crate) struct Output {
    json: bool,
}

impl Output {
    pub(crate) fn new(json: bool) -> Self {
        Self { json }
    }

    /// A line for people; colours go where the terminal has none.
    pub(crate) fn line(&self, text: &str) {
        if !self.json {
            // A reader that has gone, such as `head`, has seen what it wanted.
            let _ = writeln!(anstream::stdout().lock(), "{}", harmless(text));
        }
    }

    /// A text for people and programs alike.
    pub(crate) fn text(&self, text: &str) {
        let _ = writeln!(anstream::stdout().lock(), "{}", harmless(text));
    }

    /// The result for programs.
    pub(crate) fn json(&self, value: &Value) {
        if self.json {
            let _ = writeln!(anstream::stdout().lock(), "{}", all_seen(&format!("{value:#}")));
        }
    }

    /// A remark on stderr.
    pub(crate) fn remark(&self, text: &str) {
        let _ = writeln!(anstream::stderr().lock(), "{}", harmless(text));
    }

    pub(crate) fn failure(&self, failure: &Failure) {
        self.remark(&format!("tierline: {}", failure.message));
        self.error_json(failure.code, &failure.message);
    }

    pub(crate) fn error_json(&self, code: &str, message: &str) {
        self.json(&json!({"error": {"code": code, "message": message}}));
    }
}

/// Where the log goes: to stderr, line by line, by the same way.
pub(crate) struct Log;

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        std::io::stderr().write_all(harmless(&String::from_utf8_lossy(bytes)).as_bytes())?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        std::io::stderr().flush()
    }
}

/// A text without control characters, but line ends, tabs, and the colours and weights that we print ourselves, and without what nobody
/// sees.
pub(crate) fn harmless(text: &str) -> String {
    let text: String = models::egress::shown(text).collect();
    let mut safe = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(character) = rest.chars().next() {
        let length = style(rest).unwrap_or(0);
        if length > 0 || !character.is_control() || matches!(character, '\n' | '\t') {
            let length = length.max(character.len_utf8());
            safe.push_str(&rest[..length]);
            rest = &rest[length..];
        } else {
            rest = &rest[character.len_utf8()..];
        }
    }
    safe
}

/// The length of the order at the start of a text that only sets a colour or a weight; text on its own ground, or hidden, it cannot make.
fn style(text: &str) -> Option<usize> {
    let codes = text.strip_prefix("\u{1b}[")?.split_once('m')?.0;
    let is_plain = |code: &str| matches!(code.parse(), Ok(0..=2 | 22 | 31..=37 | 39 | 90..=97));
    (codes.len() <= 8 && codes.split(';').all(is_plain)).then_some("\u{1b}[m".len() + codes.len())
}

/// JSON in which everything is seen: control characters and what nobody sees stand as their numbers, which means the same.
fn all_seen(json: &str) -> String {
    let mut seen = String::with_capacity(json.len());
    for character in json.chars() {
        if character != '\n' && (character.is_control() || models::egress::is_invisible(character)) {
            seen.push_str(&text::escaped(character));
        } else {
            seen.push(character);
        }
    }
    seen
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{all_seen, harmless};
    use crate::terminal::{bold, dim};

    #[test]
    fn a_terminal_gets_no_orders_but_ours() {
        for (hostile, seen) in [
            ("a\u{1b}]0;owned\u{7}b", "a]0;ownedb"),
            ("a\u{1b}[2Jb\u{1b}[8mhidden\u{1b}[30;40mb", "a[2Jb[8mhidden[30;40mb"),
            ("a\u{9b}31mb\u{9d}52;c;AAAA\u{9c}", "a31mb52;c;AAAA"),
            ("safe\rrm -rf\u{8}\u{7f}", "saferm -rf"),
            ("a\u{202e}b\u{200b}c\u{e0041}", "abc"),
            ("\u{1b}[1;2;31;32;33mlong", "[1;2;31;32;33mlong"),
        ] {
            assert_eq!(harmless(hostile), seen, "{hostile:?}");
        }
        let ours = format!("{} {}\n\t{}", bold("name"), dim("kind"), crate::terminal::markdown("`code`"));
        assert_eq!(harmless(&ours), ours);
    }

    #[test]
    fn json_shows_everything_and_means_the_same() {
        let value = json!({"name": "a\u{1b}[2J\u{9b}31m\u{202e}\u{e0041}\u{7f}é\n"});
        let shown = all_seen(&format!("{value:#}"));
        assert!(
            shown
                .chars()
                .all(|character| character == '\n' || (!character.is_control() && !models::egress::is_invisible(character)))
        );
        assert_eq!(serde_json::from_str::<Value>(&shown).unwrap(), value);
    }
}
