//! Bash, and the shells that write alike.

use std::ops::Range;

use crate::{
    Visibility,
    docs::Comment,
    spec::{Comments, Kinds, Manners, Paths, Spec, Words, grammar, query},
};

pub(super) const SPEC: Spec = Spec {
    name: "bash",
    aliases: &["sh", "shellscript", "shell"],
    extensions: &["sh", "bash", "bats", "ksh"],
    file_names: &[".bashrc", ".bash_profile", ".bash_aliases", ".profile", "PKGBUILD", "APKBUILD"],
    programs: &["bash", "sh", "dash", "ash", "ksh"],
    fence: "bash",
    comments: Comments { line: "#", docs: &[("#!", Comment::Plain), ("# shellcheck ", Comment::Plain), ("#", Comment::Adjacent)] },
    words: Words { keywords: &[KEYWORDS], letters: "", prefixes: &[], suffixes: "", raw: None, name_in: Some(name_in) },
    kinds: Kinds {
        names: &["variable_name"],
        types: &[],
        comments: &["comment"],
        strings: &["string", "raw_string", "ansi_c_string", "heredoc_body"],
        holes: &["expansion", "simple_expansion", "command_substitution"],
        blanks: &[],
    },
    paths: Paths { members: &[], modules: &[] },
    manners: Manners::PLAIN,
    visibility: |_| Visibility::Unstated,
    queries: &[query!("bash/tags.scm")],
    grammar: grammar!("lang-bash", "tree-sitter-bash", tree_sitter_bash::LANGUAGE),
};

/// `$1` is no name; in `alias ll=…` the name ends before the sign.
fn name_in(token: &str) -> Range<usize> {
    if token.starts_with(|first: char| first.is_ascii_digit()) { 0..0 } else { 0..token.trim_end_matches('=').len() }
}

const KEYWORDS: &str = "case do done elif else esac fi for function if in select then time until while";
