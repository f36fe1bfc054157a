//! What is wrong in a configuration file, and where.

use std::path::PathBuf;

use text::{LineIndex, Span};

/// Something in a configuration file that is not as it should be. The rest of the file counts nevertheless.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingsProblem {
    /// The file.
    pub file: PathBuf,
    /// Where it stands in the file's text; none where it is about the file as a whole.
    pub place: Option<ProblemPlace>,
    /// What kind of problem it is.
    pub fault: Fault,
    /// What is wrong and what to do, as a sentence without a full stop.
    pub message: String,
}

/// A place in a configuration file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProblemPlace {
    /// The bytes.
    pub span: Span,
    /// The one-based line of their beginning.
    pub line: usize,
    /// The one-based column of their beginning, in bytes.
    pub column: usize,
}

/// A kind of problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// The file cannot be read, or is not TOML: what it said before goes on counting.
    Unreadable,
    /// There is no such key.
    Unknown,
    /// The key cannot be set to that.
    Value,
    /// A workspace may set it only once its user trusts it.
    NeedsTrust,
    /// A workspace never sets it.
    Refused,
    /// A model cannot be asked as it is configured.
    Model,
}

impl Fault {
    /// A short stable name for programs.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Unreadable => "unreadable",
            Self::Unknown => "unknown_key",
            Self::Value => "wrong_value",
            Self::NeedsTrust => "needs_trust",
            Self::Refused => "not_for_a_workspace",
            Self::Model => "model",
        }
    }

    /// Whether what was written cannot count at all, rather than not here or not yet.
    #[must_use]
    pub fn is_error(self) -> bool {
        matches!(self, Self::Unreadable | Self::Value | Self::Model)
    }
}

impl SettingsProblem {
    /// A problem of a file as a whole.
    pub(crate) fn of_file(file: PathBuf, fault: Fault, message: impl Into<String>) -> Self {
        Self { file, place: None, fault, message: message.into() }
    }
}

impl ProblemPlace {
    pub(super) fn new(text: &str, span: Span) -> Self {
        let lines = LineIndex::new(text);
        let line = lines.line_of(span.start as usize);
        let start = lines.line_span(text, line).start;
        Self { span, line: line + 1, column: (span.start - start) as usize + 1 }
    }
}

impl std::fmt::Display for SettingsProblem {
    /// `FILE:LINE:COLUMN: MESSAGE`, the place left out where there is none.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}", self.file.display())?;
        if let Some(place) = self.place {
            write!(formatter, ":{}:{}", place.line, place.column)?;
        }
        write!(formatter, ": {}", self.message)
    }
}
