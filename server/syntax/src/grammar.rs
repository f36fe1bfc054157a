//! Grammars: for each language its parser, its compiled query, and which of its nodes are names, comments and strings.

use std::sync::OnceLock;

use crate::{Language, ReferenceKind, query::Rules};

/// Everything about one language that is the same for all files.
pub(crate) struct Grammar {
    pub(crate) language: tree_sitter::Language,
    pub(crate) rules: Rules,
    /// What each kind of node is, by its number.
    kinds: Box<[Kind]>,
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
    /// The grammar of a language, compiled at its first use; `None` where its query does not fit it, which a test rules out.
    pub(crate) fn of(language: Language) -> Option<&'static Self> {
        static GRAMMARS: [OnceLock<Option<Grammar>>; Language::ALL.len()] = [const { OnceLock::new() }; Language::ALL.len()];
        GRAMMARS[language as usize].get_or_init(|| Self::compile(language).ok()).as_ref()
    }

    /// Compiles the grammar of a language.
    pub(crate) fn compile(language: Language) -> Result<Self, tree_sitter::QueryError> {
        let grammar = tree_sitter::Language::new(match language {
            Language::C => tree_sitter_c::LANGUAGE,
            Language::Cpp => tree_sitter_cpp::LANGUAGE,
            Language::Go => tree_sitter_go::LANGUAGE,
            Language::Java => tree_sitter_java::LANGUAGE,
            Language::JavaScript => tree_sitter_javascript::LANGUAGE,
            Language::Python => tree_sitter_python::LANGUAGE,
            Language::Rust => tree_sitter_rust::LANGUAGE,
            Language::Tsx => tree_sitter_typescript::LANGUAGE_TSX,
            Language::TypeScript => tree_sitter_typescript::LANGUAGE_TYPESCRIPT,
        });
        Self::with(grammar, &source(language))
    }

    /// A grammar with a query.
    pub(crate) fn with(grammar: tree_sitter::Language, source: &str) -> Result<Self, tree_sitter::QueryError> {
        let rules = Rules::compile(source, &grammar)?;
        let kinds = (0..grammar.node_kind_count())
            .map(|number| {
                let number = u16::try_from(number).unwrap_or(u16::MAX);
                let named = grammar.node_kind_is_named(number);
                grammar.node_kind_for_id(number).map_or(Kind::Plain, |name| if named { kind(name) } else { Kind::Anonymous })
            })
            .collect();
        Ok(Self { language: grammar, rules, kinds })
    }

    /// What a kind of node is.
    pub(crate) fn kind(&self, number: u16) -> Kind {
        self.kinds.get(usize::from(number)).copied().unwrap_or(Kind::Plain)
    }
}

/// The query of a language. TypeScript and TSX are JavaScript with more on top, C++ is C with more on top.
pub(crate) fn source(language: Language) -> String {
    const JAVASCRIPT: &str = include_str!("../../../queries/javascript/tags.scm");
    const JSX: &str = include_str!("../../../queries/javascript/jsx.scm");
    const TYPESCRIPT: &str = include_str!("../../../queries/typescript/tags.scm");
    const C: &str = include_str!("../../../queries/c/tags.scm");
    match language {
        Language::C => C.to_owned(),
        Language::Cpp => [C, include_str!("../../../queries/cpp/tags.scm")].concat(),
        Language::Go => include_str!("../../../queries/go/tags.scm").to_owned(),
        Language::Java => include_str!("../../../queries/java/tags.scm").to_owned(),
        Language::JavaScript => [include_str!("../../../queries/javascript/class.scm"), JAVASCRIPT, JSX].concat(),
        Language::Python => include_str!("../../../queries/python/tags.scm").to_owned(),
        Language::Rust => include_str!("../../../queries/rust/tags.scm").to_owned(),
        Language::Tsx => [JAVASCRIPT, TYPESCRIPT, JSX].concat(),
        Language::TypeScript => [JAVASCRIPT, TYPESCRIPT].concat(),
    }
}

fn kind(name: &str) -> Kind {
    match name {
        "identifier"
        | "field_identifier"
        | "shorthand_field_identifier"
        | "property_identifier"
        | "private_property_identifier"
        | "shorthand_property_identifier"
        | "shorthand_property_identifier_pattern"
        | "namespace_identifier"
        | "package_identifier" => Kind::Name(ReferenceKind::Other),
        "type_identifier" => Kind::Name(ReferenceKind::Type),
        "line_continuation" => Kind::Blank,
        _ if is_comment(name) => Kind::Comment,
        _ => Kind::Plain,
    }
}

/// Whether nodes of this kind are comments.
pub(crate) fn is_comment(kind: &str) -> bool {
    matches!(kind, "comment" | "line_comment" | "block_comment" | "html_comment")
}

/// Whether nodes of this kind are string or character literals.
pub(crate) fn is_string(kind: &str) -> bool {
    matches!(
        kind,
        "string"
            | "string_literal"
            | "raw_string_literal"
            | "interpreted_string_literal"
            | "char_literal"
            | "character_literal"
            | "rune_literal"
            | "system_lib_string"
            | "template_string"
            | "concatenated_string"
            | "regex"
            | "jsx_text"
    )
}

/// Whether strings of this kind may hold expressions.
pub(crate) fn is_template(kind: &str) -> bool {
    matches!(kind, "template_string" | "string" | "string_literal" | "concatenated_string")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_query_fits_its_grammar() {
        for &language in Language::ALL {
            let grammar = Grammar::compile(language).unwrap_or_else(|error| panic!("{}: {error}", language.name()));
            if let Err(error) = tree_sitter::Query::new(&grammar.language, &source(language)) {
                panic!("{}: {error}", language.name());
            }
            assert!(grammar.rules.rest.is_none(), "{}: a pattern needs the slow machine", language.name());
        }
    }
}
