//! OCaml.

use tree_sitter::Node;

use crate::{
    Visibility,
    docs::Comment,
    spec::{Comments, Head, Kinds, Manners, Paths, Spec, Words, grammar, query},
};

pub(super) const SPEC: Spec = Spec {
    name: "ocaml",
    aliases: &["ml"],
    extensions: &["ml"],
    file_names: &["dune-project"],
    programs: &["ocaml"],
    fence: "ocaml",
    comments: Comments { line: "(*", docs: &[("(***", Comment::Plain), ("(** {", Comment::Plain), ("(**)", Comment::Plain), ("(**", Comment::Beside)] },
    words: Words { keywords: &[KEYWORDS], letters: "'", prefixes: &[], suffixes: "", raw: None, name_in: None },
    kinds: Kinds {
        names: &[
            "value_name",
            "value_pattern",
            "label_name",
            "field_name",
            "constructor_name",
            "module_name",
            "instance_variable_name",
            "method_name",
        ],
        types: &["type_constructor", "class_name", "class_type_name", "module_type_name"],
        comments: &["comment"],
        strings: &["string", "quoted_string", "character"],
        holes: &[],
        blanks: &[],
    },
    paths: Paths { members: &["#", "."], modules: &[] },
    manners: Manners {
        capitals: true,
        tight: true,
        open_patterns: true,
        wraps_first: true,
        head_end: Some(head_end),
        group_words: &[("let_binding", "let "), ("type_binding", "type ")],
        ..Manners::PLAIN
    },
    visibility,
    queries: &[query!("ocaml/tags.scm"), query!("ocaml/implementation.scm")],
    grammar: grammar!("lang-ocaml", "tree-sitter-ocaml", tree_sitter_ocaml::LANGUAGE_OCAML),
};

/// A head ends at the body of its binding, unless that is only another name.
fn head_end(node: Node<'_>) -> Option<usize> {
    let body = node.child_by_field_name("body").or_else(|| {
        let mut cursor = node.walk();
        let binding = node.named_children(&mut cursor).find(|child| child.kind().ends_with("_binding"))?;
        let signature = || binding.child_by_field_name("module_type").filter(|of| of.kind() == "signature");
        binding.child_by_field_name("body").or_else(signature)
    })?;
    let only_a_name = matches!(body.kind(), "module_path" | "extended_module_path" | "module_type_path" | "type_constructor_path");
    (!only_a_name && !body.kind().ends_with("_type")).then(|| body.start_byte())
}

/// Only methods are private by a word.
fn visibility(head: &Head<'_>) -> Visibility {
    if head.has("private") { Visibility::Private } else { Visibility::Unstated }
}

const KEYWORDS: &str = "and as assert begin class constraint do done downto else end exception external false for fun function \
    functor if in include inherit initializer lazy let match method module mutable new nonrec object of open or private rec sig \
    struct then to true try type val virtual when while with";
