//! A key that cannot be printed. It leaves this type at exactly one place: the header of a request.

use std::fmt;

/// A key. `Debug` and `Display` show that there is one, never what it is.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Wraps a key.
    pub fn new(key: impl Into<String>) -> Self {
        Secret(key.into())
    }

    /// Whether the key is empty, which is as good as none.
    pub fn is_empty(&self) -> bool {
        self.0.trim().is_empty()
    }

    /// Takes the key out of a text that came back from a server: some servers quote the key that they refuse.
    pub fn scrub(&self, text: &str) -> String {
        if self.is_empty() { text.to_owned() } else { text.replace(self.0.trim(), "[key]") }
    }

    /// The key itself, for the request header only.
    pub(crate) fn expose(&self) -> &str {
        self.0.trim()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret([key])")
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[key]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_never_printed_and_is_taken_out_of_texts() {
        let key = Secret::new("sk-abc123\n");
        assert_eq!(format!("{key} {key:?}"), "[key] Secret([key])");
        assert_eq!(key.scrub("Incorrect API key provided: sk-abc123."), "Incorrect API key provided: [key].");
        assert_eq!(Secret::new("").scrub("unchanged"), "unchanged");
    }
}
