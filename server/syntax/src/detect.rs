//! How a file tells which language it is written in.

use std::{collections::HashMap, sync::LazyLock};

use rustc_hash::FxBuildHasher;

use crate::Language;

/// How much of a file is looked at, in bytes.
const HEAD: usize = 16 << 10;

type Table = HashMap<&'static str, Language, FxBuildHasher>;

impl Language {
    /// The language of a file, by its name or its extension, else by the `#!` of its first line. `head` is how the text begins, or
    /// all of it; only its first kilobytes are looked at. A `.h` file is C++ where its head says so and C if not; a caller that
    /// sees C++ beside it knows better.
    #[must_use]
    pub fn detect(path: &str, head: &str) -> Option<Self> {
        let head = &head[..head.floor_char_boundary(HEAD)];
        let file = path.rsplit(['/', '\\']).next().unwrap_or(path);
        let extension = file.rsplit_once('.').map(|(_, extension)| extension);
        let known = FILE_NAMES.get(file).or_else(|| EXTENSIONS.get(extension?)).copied();
        match known {
            Some(Self::C) if extension == Some("h") && Self::Cpp.is_built_in() && is_cpp(head) => Some(Self::Cpp),
            Some(known) => Some(known),
            None => from_shebang(head.lines().next().unwrap_or_default()),
        }
    }
}

static FILE_NAMES: LazyLock<Table> = LazyLock::new(|| table(|language| language.spec().file_names));
static EXTENSIONS: LazyLock<Table> = LazyLock::new(|| table(|language| language.spec().extensions));
static PROGRAMS: LazyLock<Table> = LazyLock::new(|| table(|language| language.spec().programs));

fn table(words: impl Fn(Language) -> &'static [&'static str]) -> Table {
    let built_in = Language::ALL.iter().copied().filter(|language| language.is_built_in());
    built_in.flat_map(|language| words(language).iter().map(move |word| (*word, language))).collect()
}

fn from_shebang(first_line: &str) -> Option<Language> {
    let command = first_line.strip_prefix("#!")?;
    let mut words = command.split_whitespace().map(|word| word.rsplit('/').next().unwrap_or(word));
    let program = words.find(|word| *word != "env" && !word.starts_with('-') && !word.contains('='))?;
    let bare = program.trim_end_matches(|character: char| character.is_ascii_digit() || matches!(character, '.' | '-'));
    PROGRAMS.get(program).or_else(|| PROGRAMS.get(bare)).copied()
}

/// Whether the head of a `.h` file can only be C++: a class, a namespace, a template, a header of its library. What stands behind
/// `#ifdef __cplusplus` says nothing, because C headers have it too.
fn is_cpp(head: &str) -> bool {
    let mut in_comment = false;
    let mut guards: Vec<bool> = Vec::new();
    for line in head.lines() {
        let mut line = line.trim();
        if in_comment {
            let Some((_, rest)) = line.split_once("*/") else { continue };
            line = rest.trim();
        }
        let code = line.split("//").next().unwrap_or_default().split("/*").next().unwrap_or_default().trim_end();
        in_comment = line.rfind("/*").is_some_and(|open| !line[open..].contains("*/"));
        if let Some(directive) = code.strip_prefix('#').map(str::trim_start) {
            if directive.starts_with("if") {
                guards.push(directive.contains("__cplusplus"));
            } else if directive.starts_with("endif") {
                guards.pop();
            }
            if let Some(header) = directive.strip_prefix("include").map(str::trim)
                && header.starts_with('<')
                && !header.contains(['.', '/'])
                && !guards.contains(&true)
            {
                return true;
            }
        } else if !guards.contains(&true) && is_cpp_line(code) {
            return true;
        }
    }
    false
}

fn is_cpp_line(code: &str) -> bool {
    let class = code.strip_prefix("class ").is_some_and(|rest| {
        let rest = rest.trim_end_matches(['{', ';', ' ']);
        rest.contains(':') || rest.ends_with(" final") || rest.split_whitespace().count() <= 2 && !rest.contains(',')
    });
    let template = code.strip_prefix("template").is_some_and(|rest| rest.trim_start().starts_with('<'));
    let namespace = code.strip_prefix("namespace").is_some_and(|rest| rest.starts_with([' ', '{']) || rest.is_empty());
    class
        || template
        || namespace
        || code.starts_with("using namespace ")
        || matches!(code, "public:" | "private:" | "protected:")
        || code.contains("std::")
}
