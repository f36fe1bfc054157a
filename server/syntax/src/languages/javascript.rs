//! JavaScript, with JSX.

use crate::{
    Visibility,
    docs::STARRED,
    spec::{Comments, Head, Kinds, Manners, Paths, Spec, Words, grammar, query},
};

pub(super) const SPEC: Spec = Spec {
    name: "javascript",
    aliases: &["javascriptreact", "jsx"],
    extensions: &["js", "mjs", "cjs", "jsx"],
    file_names: &["Jakefile"],
    programs: &["node", "nodejs"],
    fence: "javascript",
    comments: Comments { line: "//", docs: STARRED },
    words: Words { keywords: &[KEYWORDS], letters: "$", prefixes: &["#"], suffixes: "", raw: None, name_in: None },
    kinds: Kinds {
        names: &[
            "identifier",
            "property_identifier",
            "private_property_identifier",
            "shorthand_property_identifier",
            "shorthand_property_identifier_pattern",
        ],
        types: &[],
        comments: &["comment", "html_comment"],
        strings: &["string", "template_string", "regex", "jsx_text"],
        holes: &["template_substitution"],
        blanks: &[],
    },
    paths: Paths { members: &["?.", "."], modules: &[] },
    manners: Manners { values: true, ..Manners::PLAIN },
    visibility,
    queries: &[query!("javascript/class.scm"), query!("javascript/tags.scm"), query!("javascript/jsx.scm")],
    grammar: grammar!("lang-javascript", "tree-sitter-javascript", tree_sitter_javascript::LANGUAGE),
};

fn visibility(head: &Head<'_>) -> Visibility {
    if head.exported {
        Visibility::Public
    } else if head.name.starts_with('#') || head.has("private") {
        Visibility::Private
    } else {
        Visibility::Unstated
    }
}

const KEYWORDS: &str = "await break case catch class const continue debugger default delete do else enum export extends false \
    finally for function if implements import in instanceof interface let new null package private protected public return static \
    super switch this throw true try typeof var void while with yield";
