//! What the user asked for, in words.

/// An instruction: one that the index can carry out exactly, or one that needs a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Instruction {
    /// `rename OLD to NEW`, or `rename OLD to NEW in FILE`.
    Rename {
        /// The symbol's name or path (`open`, `Store::open`).
        old: String,
        /// The new name.
        new: String,
        /// The file that defines it, relative to the root, where the name alone does not say which is meant.
        file: Option<String>,
    },
    /// Anything else.
    Free(String),
}

impl Instruction {
    /// Reads an instruction. Names may stand in backticks.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let words: Vec<&str> = text.split_whitespace().map(|word| word.trim_matches('`')).collect();
        let is = |word: &str, expected: &str| word.eq_ignore_ascii_case(expected);
        match words.as_slice() {
            [rename, old, to, new] if is(rename, "rename") && is(to, "to") => {
                Self::Rename { old: name_path(old), new: (*new).to_owned(), file: None }
            }
            [rename, old, to, new, within, file] if is(rename, "rename") && is(to, "to") && is(within, "in") => {
                Self::Rename { old: name_path(old), new: (*new).to_owned(), file: Some((*file).to_owned()) }
            }
            _ => Self::Free(text.trim().to_owned()),
        }
    }
}

/// A symbol's path with `::` between its parts, as the index writes it, whichever separator the user's language has.
fn name_path(written: &str) -> String {
    written.replace(['.', '#'], "::")
}

#[cfg(test)]
mod tests {
    use super::Instruction;

    #[test]
    fn renames_are_read() {
        let rename = |old: &str, new: &str, file: Option<&str>| Instruction::Rename {
            old: old.into(),
            new: new.into(),
            file: file.map(Into::into),
        };
        assert_eq!(Instruction::parse("rename Store to Depot"), rename("Store", "Depot", None));
        assert_eq!(Instruction::parse("Rename `Store.open` to `load`"), rename("Store::open", "load", None));
        assert_eq!(Instruction::parse("rename a to b in src/x.rs"), rename("a", "b", Some("src/x.rs")));
    }

    #[test]
    fn all_else_is_free() {
        let text = "rename Store to Depot everywhere but in tests";
        assert_eq!(Instruction::parse(text), Instruction::Free(text.into()));
    }
}
