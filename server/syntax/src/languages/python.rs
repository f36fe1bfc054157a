//! Python.

use crate::{
    Visibility,
    spec::{Comments, Head, Kinds, Manners, Paths, Spec, Words, grammar, query},
};

pub(super) const SPEC: Spec = Spec {
    name: "python",
    aliases: &["py"],
    extensions: &["py", "pyi", "pyw"],
    file_names: &["SConstruct", "SConscript", "wscript", "BUCK", "BUILD"],
    programs: &["python", "pypy"],
    fence: "python",
    comments: Comments { line: "#", docs: &[] },
    words: Words { keywords: &[KEYWORDS], letters: "", prefixes: &[], suffixes: "", raw: None, name_in: None },
    kinds: Kinds {
        names: &["identifier"],
        types: &[],
        comments: &["comment"],
        strings: &["string", "concatenated_string"],
        holes: &["interpolation"],
        blanks: &["line_continuation"],
    },
    paths: Paths { members: &["."], modules: &[] },
    manners: Manners { values: true, ..Manners::PLAIN },
    visibility,
    queries: &[query!("python/tags.scm")],
    grammar: grammar!("lang-python", "tree-sitter-python", tree_sitter_python::LANGUAGE),
};

/// By convention: an underscore in front makes a name private, two around it do not.
fn visibility(head: &Head<'_>) -> Visibility {
    let private = head.name.starts_with('_') && !head.name.ends_with("__");
    if private { Visibility::Private } else { Visibility::Public }
}

const KEYWORDS: &str = "False None True and as assert async await break class continue def del elif else except finally for from \
    global if import in is lambda nonlocal not or pass raise return try while with yield";
