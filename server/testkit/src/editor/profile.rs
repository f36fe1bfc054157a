//! Kinds of editors: what they say of themselves, and how they differ in applying edits.

use serde_json::Value;

/// A kind of editor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Profile {
    /// Visual Studio Code: only UTF-16; an edit with one stale version is refused as a whole, without a reason.
    VsCode,
    /// Neovim 0.11: checks only the first version, skips what is stale and says that it applied all; a `CreateFile` without
    /// options empties an existing file.
    Neovim,
    /// Eglot: compares versions exactly, knows no resource operations.
    Eglot,
    /// Says nothing of itself, knows only `changes`, and writes what is not open to disk.
    Minimal,
}

impl Profile {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::VsCode, Self::Neovim, Self::Eglot, Self::Minimal];

    /// What it calls itself.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::VsCode => "Visual Studio Code",
            Self::Neovim => "Neovim",
            Self::Eglot => "Eglot",
            Self::Minimal => "minimal",
        }
    }

    /// Its `ClientCapabilities`.
    ///
    /// # Panics
    /// Panics where the file that is built in cannot be read.
    #[must_use]
    pub fn capabilities(self) -> Value {
        let source = match self {
            Self::VsCode => include_str!("../../data/capabilities/vscode.json"),
            Self::Neovim => include_str!("../../data/capabilities/neovim.json"),
            Self::Eglot => include_str!("../../data/capabilities/eglot.json"),
            Self::Minimal => include_str!("../../data/capabilities/minimal.json"),
        };
        serde_json::from_str(source).unwrap_or_else(|error| panic!("the capabilities of {} are broken: {error}", self.name()))
    }

    /// Whether it understands edits with `documentChanges`.
    pub(super) fn knows_document_changes(self) -> bool {
        self != Self::Minimal
    }

    /// Whether it creates, renames and deletes files.
    pub(super) fn knows_resources(self) -> bool {
        matches!(self, Self::VsCode | Self::Neovim)
    }

    /// Whether a file that an edit touches is opened; otherwise it is written to disk.
    pub(super) fn opens_what_it_edits(self) -> bool {
        self != Self::Minimal
    }
}
