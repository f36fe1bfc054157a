//! Ruby.

use std::ops::Range;

use tree_sitter::Node;

use crate::{
    Visibility,
    docs::Comment,
    spec::{Comments, Head, Kinds, Manners, Paths, Spec, Words, grammar, query},
};

pub(super) const SPEC: Spec = Spec {
    name: "ruby",
    aliases: &["rb"],
    extensions: &["rb", "rake", "gemspec", "ru", "podspec", "rbw", "jbuilder"],
    file_names: &[
        "Rakefile", "rakefile", "Gemfile", "Guardfile", "Vagrantfile", "Capfile", "Podfile", "Fastfile", "Appfile", "Brewfile",
        "Berksfile", "Thorfile", "Dangerfile", "Steepfile", ".irbrc", ".pryrc",
    ],
    programs: &["ruby", "jruby", "truffleruby", "rake", "macruby"],
    fence: "ruby",
    comments: Comments {
        line: "#",
        docs: &[
            ("#!", Comment::Plain),
            ("# frozen_string_literal:", Comment::Plain),
            ("# encoding:", Comment::Plain),
            ("# -*-", Comment::Plain),
            ("# typed:", Comment::Plain),
            ("# rubocop:", Comment::Plain),
            ("", Comment::Adjacent),
        ],
    },
    words: Words {
        keywords: &[KEYWORDS],
        letters: "",
        prefixes: &["@@", "@", "$"],
        suffixes: "?!",
        raw: None,
        name_in: Some(name_in),
    },
    kinds: Kinds {
        names: &["identifier", "constant", "instance_variable", "class_variable", "global_variable"],
        types: &[],
        comments: &["comment"],
        strings: &[
            "string", "string_array", "symbol_array", "heredoc_body", "regex", "subshell", "character", "simple_symbol",
            "delimited_symbol",
        ],
        holes: &["interpolation"],
        blanks: &[],
    },
    paths: Paths { members: &["&.", "."], modules: &["::"] },
    manners: Manners { head_end: Some(head_end), ..Manners::PLAIN },
    visibility,
    queries: &[query!("ruby/tags.scm")],
    grammar: grammar!("lang-ruby", "tree-sitter-ruby", tree_sitter_ruby::LANGUAGE),
};

/// The name in `:count`.
fn name_in(token: &str) -> Range<usize> {
    usize::from(token.starts_with(':'))..token.len()
}

/// Where what is defined is said: the rest is what it does.
fn head_end(node: Node<'_>) -> Option<usize> {
    let fields: &[&str] = match node.kind() {
        "class" => &["superclass", "name"],
        "module" => &["name"],
        "method" | "singleton_method" => &["parameters", "name"],
        _ => return None,
    };
    fields.iter().find_map(|field| node.child_by_field_name(field)).map(|last| last.end_byte())
}

/// `private` stands on a line of its own, so that no head tells.
fn visibility(_: &Head<'_>) -> Visibility {
    Visibility::Unstated
}

const KEYWORDS: &str = "BEGIN END __ENCODING__ __FILE__ __LINE__ alias and begin break case class def defined? do else elsif end ensure \
    false for if in module next nil not or redo rescue retry return self super then true undef unless until when while yield";
