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
    /// `move X to FILE`, or `move X in FILE to FILE`.
    Move {
        /// The symbol's name or path.
        symbol: String,
        /// The file that defines it, where the name alone does not say which is meant.
        file: Option<String>,
        /// The file that it goes to, relative to the root.
        to: String,
    },
    /// `delete X`, or `delete X in FILE`.
    Delete {
        /// The symbol's name or path.
        symbol: String,
        /// The file that defines it, where the name alone does not say which is meant.
        file: Option<String>,
    },
    /// `rename file A to B`.
    RenameFile {
        /// The path relative to the root.
        from: String,
        /// The path afterwards.
        to: String,
    },
    /// Anything else.
    Free(String),
}

impl Instruction {
    /// Whether the index carries it out alone, or else refuses.
    #[must_use]
    pub fn is_exact(&self) -> bool {
        !matches!(self, Self::Free(_))
    }

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
            [rename, file, from, to, new] if is(rename, "rename") && is(file, "file") && is(to, "to") => {
                Self::RenameFile { from: path(from), to: path(new) }
            }
            [verb, symbol, to, file] if is(verb, "move") && is(to, "to") && is_file(file) => {
                Self::Move { symbol: name_path(symbol), file: None, to: path(file) }
            }
            [verb, symbol, within, file, to, new] if is(verb, "move") && is(within, "in") && is(to, "to") && is_file(new) => {
                Self::Move { symbol: name_path(symbol), file: Some(path(file)), to: path(new) }
            }
            [verb, symbol] if is(verb, "delete") => Self::Delete { symbol: name_path(symbol), file: None },
            [verb, symbol, within, file] if is(verb, "delete") && is(within, "in") => {
                Self::Delete { symbol: name_path(symbol), file: Some(path(file)) }
            }
            _ => Self::Free(text.trim().to_owned()),
        }
    }
}

/// A path as the index writes it.
fn path(written: &str) -> String {
    written.strip_prefix("./").unwrap_or(written).to_owned()
}

/// Whether a word names a file rather than something else that one can move to.
fn is_file(word: &str) -> bool {
    word.rsplit('/').next().is_some_and(|name| name.trim_start_matches('.').contains('.'))
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
    fn moves_and_deletions_are_read() {
        let moved = |file: Option<&str>| Instruction::Move {
            symbol: "Store::open".into(),
            file: file.map(Into::into),
            to: "src/depot.rs".into(),
        };
        assert_eq!(Instruction::parse("move `Store.open` to `./src/depot.rs`"), moved(None));
        assert_eq!(Instruction::parse("Move Store::open in src/store.rs to src/depot.rs"), moved(Some("src/store.rs")));
        assert_eq!(Instruction::parse("delete a in b.py"), Instruction::Delete { symbol: "a".into(), file: Some("b.py".into()) });
        assert_eq!(
            Instruction::parse("rename file a.py to lib/b.py"),
            Instruction::RenameFile { from: "a.py".into(), to: "lib/b.py".into() }
        );
    }

    #[test]
    fn all_else_is_free() {
        for text in ["rename Store to Depot everywhere but in tests", "move Store to the cache", "move Store to cache"] {
            assert_eq!(Instruction::parse(text), Instruction::Free(text.into()));
        }
    }
}
