//! TypeScript: JavaScript with more on top.

use super::javascript;
use crate::{
    mask,
    spec::{Kinds, Manners, Spec, grammar, query},
};

pub(super) const SPEC: Spec = Spec {
    name: "typescript",
    aliases: &[],
    extensions: &["ts", "mts", "cts"],
    file_names: &[],
    programs: &["deno", "bun", "ts-node", "tsx"],
    fence: "typescript",
    kinds: Kinds {
        types: &["type_identifier"],
        strings: &["string", "template_string", "template_literal_type", "regex"],
        holes: &["template_substitution", "template_type"],
        ..javascript::SPEC.kinds
    },
    manners: Manners { masks: mask::in_typescript, ..javascript::SPEC.manners },
    queries: &[query!("javascript/tags.scm"), query!("typescript/tags.scm")],
    grammar: grammar!("lang-typescript", "tree-sitter-typescript", tree_sitter_typescript::LANGUAGE_TYPESCRIPT),
    ..javascript::SPEC
};
