//! TSX: TypeScript with JSX.

use super::{javascript, typescript};
use crate::spec::{Kinds, Spec, grammar, query};

pub(super) const SPEC: Spec = Spec {
    name: "tsx",
    aliases: &["typescriptreact"],
    extensions: &["tsx"],
    programs: &[],
    fence: "tsx",
    kinds: Kinds {
        strings: &["string", "template_string", "template_literal_type", "regex", "jsx_text"],
        ..typescript::SPEC.kinds
    },
    // A line may begin with an element.
    manners: javascript::SPEC.manners,
    queries: &[query!("javascript/tags.scm"), query!("typescript/tags.scm"), query!("javascript/jsx.scm")],
    grammar: grammar!("lang-tsx", "tree-sitter-typescript", tree_sitter_typescript::LANGUAGE_TSX),
    ..typescript::SPEC
};
