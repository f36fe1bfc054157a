//! Lua.

use crate::{
    Visibility,
    docs::Comment,
    spec::{Comments, Head, Kinds, Manners, Paths, Spec, Words, grammar, query},
};

pub(super) const SPEC: Spec = Spec {
    name: "lua",
    aliases: &[],
    extensions: &["lua", "rockspec"],
    file_names: &[".luacheckrc", ".busted"],
    programs: &["lua", "luajit", "resty"],
    fence: "lua",
    comments: Comments { line: "--", docs: &[("", Comment::Adjacent)] },
    words: Words { keywords: &[KEYWORDS], letters: "", prefixes: &[], suffixes: "", raw: None, name_in: None },
    kinds: Kinds {
        names: &["identifier"],
        types: &[],
        comments: &["comment"],
        strings: &["string"],
        holes: &[],
        blanks: &[],
    },
    paths: Paths { members: &[":", "."], modules: &[] },
    manners: Manners::PLAIN,
    visibility,
    queries: &[query!("lua/tags.scm")],
    grammar: grammar!("lang-lua", "tree-sitter-lua", tree_sitter_lua::LANGUAGE),
};

/// A `local` is its file's own.
fn visibility(head: &Head<'_>) -> Visibility {
    if head.has("local") { Visibility::Private } else { Visibility::Public }
}

const KEYWORDS: &str = "and break do else elseif end false for function goto if in local nil not or repeat return then true until while";
