//! The checks that stand between a change and the eyes of a user. Each has a name, each is code, none asks a model.

mod completeness;
mod content;
mod definitions;
mod one_file;
mod references;
mod scope;
mod signatures;
mod syntax_errors;

use std::collections::BTreeSet;

use index::{Index, SymbolRef};

pub(crate) use self::one_file::one_file;
use crate::overlay::Overlay;

/// What one check found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// `scope`, `syntax`, `definitions`, `references`, `signatures`, `completeness`, `content` or `command`.
    pub name: &'static str,
    /// What is wrong; empty where it passed.
    pub faults: Vec<String>,
}

impl Check {
    /// Whether it found nothing wrong.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.faults.is_empty()
    }
}

/// What a change may do.
#[derive(Clone, Debug, Default)]
pub(crate) struct Allowance {
    /// The files that may be touched.
    pub(crate) files: BTreeSet<String>,
    /// The files that may go.
    pub(crate) deleted: BTreeSet<String>,
    /// The symbols that may go, by file and path.
    pub(crate) gone: BTreeSet<(String, String)>,
    /// What the user asked for, in their own words.
    pub(crate) said: String,
}

/// Runs all checks of `overlay` against the workspace as it was. What comes before them, that an answer has the asked shape and that
/// every address in it resolves and no two overlap, sends the answer back and leads to no overlay; the user's own command comes after
/// them.
pub(crate) fn run(overlay: &Overlay, allowance: &Allowance) -> Vec<Check> {
    let lost = definitions::lost(overlay);
    vec![
        Check { name: "scope", faults: scope::faults(overlay, allowance) },
        Check { name: "syntax", faults: syntax_errors::faults(overlay) },
        Check { name: "definitions", faults: definitions::faults(overlay, allowance, &lost) },
        Check { name: "references", faults: references::faults(overlay, &lost) },
        Check { name: "signatures", faults: signatures::faults(overlay) },
        Check { name: "completeness", faults: completeness::faults(overlay) },
        Check { name: "content", faults: content::faults(overlay, &allowance.said) },
    ]
}

/// The symbols of a file, in the order of its text.
pub(crate) fn symbols(index: &Index, path: &str) -> impl Iterator<Item = SymbolRef> {
    let record = index.file(path).cloned();
    let count = record.as_ref().map_or(0, |record| u32::try_from(record.file().symbols.len()).unwrap_or(u32::MAX));
    (0..count).filter_map(move |symbol| SymbolRef::new(record.as_ref()?, symbol))
}

#[cfg(test)]
pub(crate) mod fixture;
