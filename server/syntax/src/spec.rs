//! What is to be known of a language, as data. The languages themselves stand in [`crate::languages`].

use std::ops::Range;

use tree_sitter::Node;

use crate::{ReferenceKind, SymbolKind, Visibility, docs::Comment, mask::Mask, values::Style};

/// All that is known of one language.
pub(crate) struct Spec {
    /// Its name in files and settings, and of the folder of its query: `cpp`.
    pub(crate) name: &'static str,
    /// What else it is called: the identifiers that editors give it.
    pub(crate) aliases: &'static [&'static str],
    /// How its files end, without the dot, as they are spelt.
    pub(crate) extensions: &'static [&'static str],
    /// Files that are written in it whatever their extension.
    pub(crate) file_names: &'static [&'static str],
    /// The programs behind `#!` that run it, without their versions.
    pub(crate) programs: &'static [&'static str],
    /// What a Markdown code fence calls it.
    pub(crate) fence: &'static str,
    pub(crate) comments: Comments,
    pub(crate) words: Words,
    pub(crate) kinds: Kinds,
    pub(crate) paths: Paths,
    pub(crate) manners: Manners,
    /// Who may use a definition, as far as its head says.
    pub(crate) visibility: fn(&Head<'_>) -> Visibility,
    /// Its query, one part after the other.
    pub(crate) queries: &'static [Source],
    pub(crate) grammar: GrammarCrate,
}

/// Comments, and which of them document what follows.
pub(crate) struct Comments {
    /// What begins a comment that ends with its line.
    pub(crate) line: &'static str,
    /// What a comment is by how it begins; the first that fits counts, and none is [`Comment::Plain`].
    pub(crate) docs: &'static [(&'static str, Comment)],
}

/// Identifiers.
pub(crate) struct Words {
    /// What the language keeps for itself, in lists with white space between.
    pub(crate) keywords: &'static [&'static str],
    /// What can stand inside an identifier besides letters, digits and `_`.
    pub(crate) letters: &'static str,
    /// What may stand in front of an identifier and belongs to it: `@` of `@count` in Ruby. The longer before the shorter.
    pub(crate) prefixes: &'static [&'static str],
    /// What may end an identifier once: `?` of `empty?` in Ruby.
    pub(crate) suffixes: &'static str,
    /// How a keyword is made a name.
    pub(crate) raw: Option<Raw>,
    /// Where the name stands in a token that holds more, as bytes of the token: `count` in Ruby's `:count`.
    pub(crate) name_in: Option<fn(&str) -> Range<usize>>,
}

/// How a keyword is made a name: `r#type`.
pub(crate) struct Raw {
    /// What stands in front of it and belongs to the name.
    pub(crate) prefix: &'static str,
    /// The keywords that stay keywords all the same, with white space between.
    pub(crate) never: &'static str,
}

/// What the kinds of nodes mean that no query speaks of.
pub(crate) struct Kinds {
    /// Names.
    pub(crate) names: &'static [&'static str],
    /// Names that can only be a type's.
    pub(crate) types: &'static [&'static str],
    pub(crate) comments: &'static [&'static str],
    /// Literals in which no name is meant as a name.
    pub(crate) strings: &'static [&'static str],
    /// Parts of such literals that are code after all: `${name}`.
    pub(crate) holes: &'static [&'static str],
    /// What is no token of the program: the backslash of a continued line.
    pub(crate) blanks: &'static [&'static str],
}

/// What stands between the parts of a path. The longer before the shorter.
pub(crate) struct Paths {
    /// Between a value and its member.
    pub(crate) members: &'static [&'static str],
    /// Between a module or type and what it holds.
    pub(crate) modules: &'static [&'static str],
}

/// In what a language is unlike most others.
#[derive(Clone, Copy)]
pub(crate) struct Manners {
    /// A capital means a module, a type or a constructor: what stands behind its dot is no member of a value, and no pattern
    /// binds it.
    pub(crate) capitals: bool,
    /// White space next to a separator means that it is none: Haskell's `f . g`.
    pub(crate) tight: bool,
    /// What follows a name in a pattern does not tell whether the name is bound: functions are called without parentheses, or
    /// types stand behind names.
    pub(crate) open_patterns: bool,
    /// What the grammar cannot read in a text, in order.
    pub(crate) masks: fn(&str) -> Vec<Mask>,
    /// An import of `A.B` brings in `B`.
    pub(crate) last_part: bool,
    /// What its values are is read, so that the index can tell what the members of one are.
    pub(crate) values: bool,
    /// Where else the type of a local variable is written, which is then read from the text.
    pub(crate) local_types: Option<Style>,
    /// The nodes that give the fields of a type values, or take them out, by their names, with the type in front.
    pub(crate) literals: &'static [&'static str],
    /// Several functions of one name differ by their parameters, so that the arguments of a call are counted.
    pub(crate) overloads: bool,
    /// What leads up to a wrapper speaks of the first definition in it only.
    pub(crate) wraps_first: bool,
    /// Where the head of a definition ends, if not at its field `body`, as a byte.
    pub(crate) head_end: Option<fn(Node<'_>) -> Option<usize>>,
    /// What stands in front of a group of definitions and belongs to the head of each, by the kind of one.
    pub(crate) group_words: &'static [(&'static str, &'static str)],
}

impl Manners {
    /// Those of most languages.
    pub(crate) const PLAIN: Self = Self {
        capitals: false,
        tight: false,
        open_patterns: false,
        masks: |_| Vec::new(),
        last_part: false,
        values: false,
        local_types: None,
        literals: &[],
        overloads: false,
        wraps_first: false,
        head_end: None,
        group_words: &[],
    };
}

/// One file of a query.
pub(crate) struct Source {
    /// Its path in the repository.
    pub(crate) path: &'static str,
    pub(crate) text: &'static str,
}

/// The crate that holds a grammar.
#[derive(Clone, Copy)]
pub(crate) struct GrammarCrate {
    pub(crate) name: &'static str,
    /// Makes the grammar; `None` where the program was built without it.
    pub(crate) load: Option<fn() -> tree_sitter::Language>,
}

/// The head of a definition.
pub(crate) struct Head<'a> {
    pub(crate) kind: SymbolKind,
    pub(crate) name: &'a str,
    pub(crate) signature: &'a str,
    /// Whether `export` stands in front of it.
    pub(crate) exported: bool,
}

impl Head<'_> {
    /// Whether a word stands in front of the name.
    pub(crate) fn has(&self, word: &str) -> bool {
        let part_of_word = |character: char| character.is_alphanumeric() || matches!(character, '_' | '$' | '#');
        let mut words = self.signature.split(|character: char| !part_of_word(character));
        words.find(|part| *part == word || *part == self.name) == Some(word)
    }
}

impl Spec {
    /// The whole query.
    pub(crate) fn query(&self) -> String {
        self.queries.iter().map(|source| source.text).collect()
    }

    /// What a comment is to the definition below it.
    pub(crate) fn classify(&self, comment: &str) -> Comment {
        let known = self.comments.docs.iter().find(|(marker, _)| comment.starts_with(marker));
        known.map_or(Comment::Plain, |(_, what)| *what)
    }

    /// Where in a comment its documentation begins, in bytes. Haskell's grammar makes one comment of neighbouring lines, of which the
    /// first ones may be plain; 0 for any other.
    pub(crate) fn doc_start(&self, comment: &str) -> usize {
        if !comment.starts_with(self.comments.line) || self.classify(comment) != Comment::Plain {
            return 0;
        }
        let is_marked = |start: &usize| self.classify(&comment[*start..]) != Comment::Plain;
        let starts = comment.match_indices('\n').map(|(end, _)| end + 1);
        starts.map(|start| comment.len() - comment[start..].trim_start_matches([' ', '\t']).len()).find(is_marked).unwrap_or(0)
    }

    /// What nodes of a kind are used as, where they are names.
    pub(crate) fn name(&self, kind: &str) -> Option<ReferenceKind> {
        if self.kinds.types.contains(&kind) {
            return Some(ReferenceKind::Type);
        }
        self.kinds.names.contains(&kind).then_some(ReferenceKind::Other)
    }
}

impl Paths {
    /// The ASCII characters that a separator may end in, one bit for each.
    pub(crate) fn ends(&self) -> u128 {
        let last = |separator: &&str| separator.bytes().last().filter(u8::is_ascii);
        self.members.iter().chain(self.modules).filter_map(last).fold(0, |ends, last| ends | 1 << last)
    }
}

/// One file below `queries`.
macro_rules! query {
    ($path:literal) => {
        $crate::spec::Source {
            path: concat!("queries/", $path),
            text: include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../queries/", $path)),
        }
    };
}

/// The crate of a grammar, where the feature that brings it is on.
macro_rules! grammar {
    ($feature:literal, $crate_name:literal, $grammar:path) => {{
        #[cfg(feature = $feature)]
        const LOAD: Option<fn() -> tree_sitter::Language> = Some(|| tree_sitter::Language::new($grammar));
        #[cfg(not(feature = $feature))]
        const LOAD: Option<fn() -> tree_sitter::Language> = None;
        $crate::spec::GrammarCrate { name: $crate_name, load: LOAD }
    }};
}

pub(crate) use {grammar, query};
