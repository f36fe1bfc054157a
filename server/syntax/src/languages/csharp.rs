//! C#.

use super::java;
use crate::{
    docs::STARRED_OR_SLASHED,
    spec::{Comments, Kinds, Manners, Paths, Raw, Spec, Words, grammar, query},
    values::Style,
};

pub(super) const SPEC: Spec = Spec {
    name: "csharp",
    aliases: &["c#", "cs"],
    extensions: &["cs", "csx"],
    file_names: &[],
    programs: &["dotnet-script"],
    fence: "csharp",
    comments: Comments { line: "//", docs: STARRED_OR_SLASHED },
    words: Words {
        keywords: &[KEYWORDS],
        letters: "",
        prefixes: &["@"],
        suffixes: "",
        raw: Some(Raw { prefix: "@", never: "" }),
        name_in: None,
    },
    kinds: Kinds {
        names: &["identifier"],
        types: &[],
        comments: &["comment"],
        strings: &[
            "string_literal",
            "verbatim_string_literal",
            "raw_string_literal",
            "character_literal",
            "interpolated_string_expression",
        ],
        holes: &["interpolation"],
        blanks: &[],
    },
    paths: Paths { members: &["?.", ".", "->"], modules: &["::"] },
    manners: Manners { overloads: true, local_types: Some(Style::TypeFirst), ..Manners::PLAIN },
    visibility: java::visibility,
    queries: &[query!("csharp/tags.scm")],
    grammar: grammar!("lang-csharp", "tree-sitter-c-sharp", tree_sitter_c_sharp::LANGUAGE),
};

const KEYWORDS: &str = "abstract as base bool break byte case catch char checked class const continue decimal default delegate do double \
    else enum event explicit extern false finally fixed float for foreach goto if implicit in int interface internal is lock long \
    namespace new null object operator out override params private protected public readonly ref return sbyte sealed short sizeof \
    stackalloc static string struct switch this throw true try typeof uint ulong unchecked unsafe ushort using virtual void volatile \
    while";
