//! Printing: results to stdout, everything else to stderr.

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
            let _ = writeln!(anstream::stdout().lock(), "{text}");
        }
    }

    /// A text for people and programs alike.
    pub(crate) fn text(&self, text: &str) {
        let _ = writeln!(anstream::stdout().lock(), "{text}");
    }

    /// The result for programs.
    pub(crate) fn json(&self, value: &Value) {
        if self.json {
            let _ = writeln!(anstream::stdout().lock(), "{value:#}");
        }
    }

    /// A remark on stderr.
    pub(crate) fn remark(&self, text: &str) {
        let _ = writeln!(anstream::stderr().lock(), "{text}");
    }

    pub(crate) fn failure(&self, failure: &Failure) {
        self.remark(&format!("tierline: {}", failure.message));
        self.error_json(failure.code, &failure.message);
    }

    pub(crate) fn error_json(&self, code: &str, message: &str) {
        self.json(&json!({"error": {"code": code, "message": message}}));
    }
}
