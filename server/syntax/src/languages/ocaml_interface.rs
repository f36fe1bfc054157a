//! The interfaces of OCaml.

use super::ocaml;
use crate::spec::{Spec, grammar, query};

pub(super) const SPEC: Spec = Spec {
    name: "ocaml_interface",
    aliases: &["ocaml.interface", "mli"],
    extensions: &["mli"],
    file_names: &[],
    programs: &[],
    queries: &[query!("ocaml/tags.scm")],
    grammar: grammar!("lang-ocaml", "tree-sitter-ocaml", tree_sitter_ocaml::LANGUAGE_OCAML_INTERFACE),
    ..ocaml::SPEC
};
