//! Grammars: for each language its parser, its compiled query, and what each kind of node is.

use std::num::NonZeroU16;
use std::sync::OnceLock;

use crate::{
    Language, ReferenceKind,
    query::Rules,
    spec::Spec,
    user_query::{QueryFault, UserQuery},
    values::{Style, Vocabulary},
};

/// Everything about one language that is the same for all files.
pub(crate) struct Grammar {
    pub(crate) language: tree_sitter::Language,
    pub(crate) rules: Rules,
    /// Why a query that a user brings is not used.
    pub(crate) fault: Option<QueryFault>,
    /// What each kind of node is, by its number.
    kinds: Box<[Kind]>,
    /// What may stand right before a name that is qualified, one bit for each ASCII character.
    separator_ends: u128,
    /// The nodes in which labels are the fields of the type that stands first.
    literals: Box<[u16]>,
    /// The field in which a definition has its body.
    pub(crate) body: Option<NonZeroU16>,
    /// Whether the arguments of calls are counted.
    pub(crate) counts_arguments: bool,
    /// How local variables are declared, where that is read from the text.
    pub(crate) local_types: Option<Style>,
    /// What values are read by, where they are.
    pub(crate) values: Option<Vocabulary>,
}

/// What a walk must know of a kind of node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Plain,
    /// A token without a name of its own: `(`, `fn`.
    Anonymous,
    Comment,
    /// Not a token of the program: the backslash of a continued line.
    Blank,
    Name(ReferenceKind),
}

impl Grammar {
    /// The grammar of a language, compiled at its first use; `None` where the program was built without it, or where its query
    /// does not fit it, which a test rules out.
    pub(crate) fn of(language: Language) -> Option<&'static Self> {
        static GRAMMARS: [OnceLock<Option<Grammar>>; Language::ALL.len()] = [const { OnceLock::new() }; Language::ALL.len()];
        GRAMMARS[language as usize].get_or_init(|| Self::with(language, UserQuery::of(language))).as_ref()
    }

    /// Compiles the grammar of a language with what a user brings, or without it where that does not compile.
    fn with(language: Language, brought: Option<&UserQuery>) -> Option<Self> {
        let spec = language.spec();
        let grammar = (spec.grammar.load?)();
        let fault = match brought.map(|brought| Self::brought(&grammar, brought)) {
            Some(Ok(compiled)) => return Some(compiled),
            Some(Err(fault)) => Some(fault),
            None => None,
        };
        let compiled = Self::compile(&grammar, spec, &spec.query()).ok()?;
        Some(Self { fault, ..compiled })
    }

    pub(crate) fn brought(grammar: &tree_sitter::Language, brought: &UserQuery) -> Result<Self, QueryFault> {
        let fault = |error| QueryFault::new(&brought.path, &error);
        let text = brought.text.as_ref().map_err(|reason| QueryFault::unreadable(&brought.path, reason))?;
        if let Some(fault) = QueryFault::before(&brought.path, text) {
            return Err(fault);
        }
        // Alone first: an error is to be told by its place in the user's own text.
        tree_sitter::Query::new(grammar, text).map_err(fault)?;
        let source = brought.source().unwrap_or_default();
        Self::compile(grammar, brought.language.spec(), &source).map_err(fault)
    }

    pub(crate) fn compile(grammar: &tree_sitter::Language, spec: &Spec, source: &str) -> Result<Self, tree_sitter::QueryError> {
        let mut rules = Rules::compile(source, grammar)?;
        let kinds = (0..grammar.node_kind_count())
            .map(|number| {
                let number = u16::try_from(number).unwrap_or(u16::MAX);
                let named = grammar.node_kind_is_named(number);
                let name = grammar.node_kind_for_id(number);
                name.map_or(Kind::Plain, |name| if named { kind(spec, name) } else { Kind::Anonymous })
            })
            .collect();
        let values = spec.manners.values.then(|| Vocabulary::of(grammar, &mut rules));
        let literals = spec.manners.literals.iter().map(|name| grammar.id_for_node_kind(name, true)).collect();
        let local_types = spec.manners.local_types;
        let (separator_ends, counts_arguments) = (spec.paths.ends(), spec.manners.overloads);
        Ok(Self {
            language: grammar.clone(),
            rules,
            fault: None,
            kinds,
            separator_ends,
            literals,
            body: grammar.field_id_for_name("body"),
            counts_arguments,
            local_types,
            values,
        })
    }

    /// Whether what stands before a name may qualify it.
    pub(crate) fn may_qualify(&self, before: &[u8]) -> bool {
        let last = before.iter().rev().find(|byte| !byte.is_ascii_whitespace());
        last.is_some_and(|&last| !last.is_ascii() || self.separator_ends >> last & 1 != 0)
    }

    /// Whether labels tell their type in this language.
    pub(crate) fn has_literals(&self) -> bool {
        !self.literals.is_empty()
    }

    /// Whether labels in a kind of node are the fields of the type that stands first in it.
    pub(crate) fn is_literal(&self, number: u16) -> bool {
        self.literals.contains(&number)
    }

    /// What a kind of node is.
    pub(crate) fn kind(&self, number: u16) -> Kind {
        self.kinds.get(usize::from(number)).copied().unwrap_or(Kind::Plain)
    }
}

fn kind(spec: &Spec, name: &str) -> Kind {
    if spec.kinds.comments.contains(&name) {
        Kind::Comment
    } else if spec.kinds.blanks.contains(&name) {
        Kind::Blank
    } else {
        spec.name(name).map_or(Kind::Plain, Kind::Name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn built_in() -> impl Iterator<Item = (Language, tree_sitter::Language)> {
        Language::ALL.iter().filter_map(|language| Some((*language, (language.spec().grammar.load?)())))
    }

    #[test]
    fn every_query_fits_its_grammar() {
        for (language, grammar) in built_in() {
            let source = language.spec().query();
            let compiled = Grammar::compile(&grammar, language.spec(), &source);
            let compiled = compiled.unwrap_or_else(|error| panic!("{}: {error}", language.name()));
            if let Err(error) = tree_sitter::Query::new(&grammar, &source) {
                panic!("{}: {error}", language.name());
            }
            assert!(compiled.rules.rest.is_none(), "{}: a pattern needs the slow machine", language.name());
        }
    }

    #[test]
    fn every_kind_of_node_that_is_named_is_there() {
        for (language, grammar) in built_in() {
            let kinds = &language.spec().kinds;
            let literals = language.spec().manners.literals;
            for kind in [kinds.names, kinds.types, kinds.comments, kinds.strings, kinds.holes, kinds.blanks, literals].concat() {
                assert_ne!(grammar.id_for_node_kind(kind, true), 0, "{} has no {kind}", language.name());
            }
        }
    }

    #[test]
    fn a_query_of_a_user_replaces_the_built_in_one_or_adds_to_it() {
        let brought = |text: &str| UserQuery { language: Language::C, path: "tags.scm".to_owned(), text: Ok(text.to_owned()) };
        let with = |text: &str| Grammar::with(Language::C, Some(&brought(text))).expect("C is built in");
        let own = Grammar::with(Language::C, None).expect("C is built in").rules.predicates.len();
        assert_eq!(with("(comment) @doc").rules.predicates.len(), 1);
        assert_eq!(with("; extends\n(comment) @doc").rules.predicates.len(), own + 1);
        for (text, line, column, message) in [
            ("; extends\n(no_such) @name", 2, 2, "the grammar has no node of the kind `no_such`"),
            ("(comment)\n (comment no: (_))", 2, 11, "the grammar has no field `no`"),
            ("(comment", 1, 1, "this is not the syntax of a query"),
        ] {
            let grammar = with(text);
            let fault = grammar.fault.expect("it does not compile");
            assert_eq!((fault.line, fault.message.as_str()), (line, message), "{text}");
            assert!(fault.column >= column, "{fault}");
            assert_eq!(grammar.rules.predicates.len(), own);
        }
    }

    /// A query comes from a file, and what reads it recurses, counts in sixteen bits and expects patterns where it needs them.
    #[test]
    fn a_query_that_would_break_what_reads_it_is_refused() {
        let deep = |open: &str, close: &str, depth: usize| format!("{}_{} @doc", open.repeat(depth), close.repeat(depth));
        for (text, line, column, message) in [
            (deep("(", ")", 30_000), 1, 1, "longer than 32 KiB"),
            (deep("(", ")", 10_000), 1, 101, "nests deeper than 100"),
            (deep("[", "]", 10_000), 1, 101, "nests deeper than 100"),
            (deep("a_:\n", "", 5_000), 101, 3, "nests deeper than 100"),
            ("(comment) @doc\n".repeat(3_000), 1, 1, "longer than 32 KiB"),
            ("(function_definition type: (#set! a))".to_owned(), 1, 28, "a pattern has to stand"),
            ("(function_definition type: (.eq? a))".to_owned(), 1, 28, "a pattern has to stand"),
            ("[(comment)\n ( #set! a)] @doc".to_owned(), 2, 2, "a pattern has to stand"),
            ("((comment) @doc (#set! a) ; so\n? )".to_owned(), 1, 17, "a pattern has to stand"),
            ("(((#set! a)) @doc)".to_owned(), 1, 2, "a pattern has to stand"),
        ] {
            let brought = UserQuery { language: Language::C, path: "tags.scm".to_owned(), text: Ok(text) };
            let fault = Grammar::with(Language::C, Some(&brought)).and_then(|grammar| grammar.fault).expect("it is refused");
            assert!((fault.line, fault.column) == (line, column) && fault.message.contains(message), "{fault}");
        }
        let many = "; ((((\n((comment) @doc (#not-eq? @doc \"((((\\\"\"))\n".repeat(200);
        let brought = UserQuery { language: Language::C, path: "tags.scm".to_owned(), text: Ok(many) };
        assert_eq!(Grammar::with(Language::C, Some(&brought)).expect("C is built in").fault, None);
    }
}
