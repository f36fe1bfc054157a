//! PHP.

use super::java;
use crate::{
    docs::STARRED,
    spec::{Comments, Kinds, Manners, Paths, Spec, Words, grammar, query},
};

pub(super) const SPEC: Spec = Spec {
    name: "php",
    aliases: &[],
    extensions: &["php", "phtml", "php3", "php4", "php5", "php7", "php8", "phps", "phpt"],
    file_names: &[],
    programs: &["php"],
    fence: "php",
    comments: Comments { line: "//", docs: STARRED },
    words: Words { keywords: &[KEYWORDS], letters: "", prefixes: &[], suffixes: "", raw: None, name_in: None },
    kinds: Kinds {
        names: &["name"],
        types: &[],
        comments: &["comment"],
        strings: &["string", "encapsed_string", "heredoc_body", "nowdoc_body", "shell_command_expression", "text"],
        holes: &["variable_name", "member_access_expression", "subscript_expression", "dynamic_variable_name"],
        blanks: &[],
    },
    paths: Paths { members: &["?->", "->"], modules: &["::", "\\"] },
    manners: Manners::PLAIN,
    visibility: java::visibility,
    queries: &[query!("php/tags.scm")],
    grammar: grammar!("lang-php", "tree-sitter-php", tree_sitter_php::LANGUAGE_PHP),
};

const KEYWORDS: &str = "abstract and array as break callable case catch class clone const continue declare default do echo else elseif \
    empty enddeclare endfor endforeach endif endswitch endwhile enum eval exit extends final finally fn for foreach function global \
    goto if implements include include_once instanceof insteadof interface isset list match namespace new or print private \
    protected public readonly require require_once return static switch this throw trait try unset use var while xor yield true \
    false null self parent";
