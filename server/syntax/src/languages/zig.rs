//! Zig.

use crate::{
    SymbolKind,
    Visibility,
    docs::Comment,
    spec::{Comments, Head, Kinds, Manners, Paths, Spec, Words, grammar, query},
};

pub(super) const SPEC: Spec = Spec {
    name: "zig",
    aliases: &[],
    extensions: &["zig", "zon"],
    file_names: &[],
    programs: &["zig"],
    fence: "zig",
    comments: Comments { line: "//", docs: &[("////", Comment::Plain), ("///", Comment::Doc)] },
    words: Words { keywords: &[KEYWORDS], letters: "", prefixes: &[], suffixes: "", raw: None, name_in: None },
    kinds: Kinds {
        names: &["identifier"],
        types: &[],
        comments: &["comment"],
        strings: &["string", "multiline_string", "character"],
        holes: &[],
        blanks: &[],
    },
    paths: Paths { members: &["."], modules: &[] },
    manners: Manners::PLAIN,
    visibility,
    queries: &[query!("zig/tags.scm")],
    grammar: grammar!("lang-zig", "tree-sitter-zig", tree_sitter_zig::LANGUAGE),
};

/// What is neither `pub` nor exported is its file's own; fields are as public as their type.
fn visibility(head: &Head<'_>) -> Visibility {
    if head.has("pub") || head.has("export") {
        Visibility::Public
    } else if matches!(head.kind, SymbolKind::Field | SymbolKind::EnumMember) {
        Visibility::Unstated
    } else {
        Visibility::Private
    }
}

const KEYWORDS: &str = "addrspace align allowzero and anyframe anytype asm async await break callconv catch comptime const continue defer \
    else enum errdefer error export extern fn for if inline linksection noalias noinline nosuspend opaque or orelse packed pub \
    resume return struct suspend switch test threadlocal try union unreachable usingnamespace var volatile while";
