//! What no query can say of imports: Rust's nested `use` trees, and the name of a Go package.

use text::Span;

use crate::{Import, Language, qualifier::qualifier};

/// The imports of one `use` declaration that covers `span`, its `pub` included.
pub(crate) fn rust_use(text: &str, span: Span) -> Vec<Import> {
    let statement = span.of(text);
    let Some((_, tree)) = statement.split_once("use ").or_else(|| statement.split_once("use\n")) else {
        return Vec::new();
    };
    let mut imports = Vec::new();
    let mut path = String::with_capacity(tree.len());
    let mut opened = Vec::new();
    let mut word = String::with_capacity(tree.len());
    let mut alias: Option<String> = None;
    let finish = |path: &str, word: &mut String, alias: &mut Option<String>, imports: &mut Vec<Import>| {
        let alias = alias.take().unwrap_or_default();
        let name = word.trim();
        if name.is_empty() {
            return word.clear();
        }
        let from = path.trim_end_matches("::");
        let (from, name) = match name {
            "self" => from.rsplit_once("::").unwrap_or(("", from)),
            name => (from, name),
        };
        let alias = if alias.trim().is_empty() { name } else { alias.trim() };
        imports.push(Import { from: from.into(), name: name.into(), alias: alias.into(), span });
        word.clear();
    };
    let rest = without_comments(tree);
    let mut characters = rest.trim_end().trim_end_matches(';').chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            ':' if characters.peek() == Some(&':') => {
                characters.next();
                path.push_str(word.trim());
                path.push_str("::");
                word.clear();
            }
            '{' => {
                opened.push(path.len());
            }
            ',' | '}' => {
                finish(&path, &mut word, &mut alias, &mut imports);
                if character == '}' {
                    opened.pop();
                }
                // What follows begins again where the list that is still open began.
                path.truncate(opened.last().copied().unwrap_or_default());
            }
            ' ' | '\n' | '\t' | '\r' if word.trim() == "as" || word.ends_with(" as") => {
                word.truncate(word.len() - 2);
                alias = Some(String::new());
            }
            character if character.is_whitespace() => word.push(' '),
            character => match &mut alias {
                Some(alias) => alias.push(character),
                None => word.push(character),
            },
        }
    }
    finish(&path, &mut word, &mut alias, &mut imports);
    imports
}

/// The path of the name at `name_start` in the `use` declaration that begins at `start`: what stands right before it, and before
/// each brace around it.
pub(crate) fn rust_path(text: &str, start: usize, name_start: usize) -> String {
    let mut path = qualifier(Language::Rust, text, name_start).0.to_owned();
    let mut depth = 0_u32;
    for (offset, byte) in text.get(start..name_start).unwrap_or_default().bytes().enumerate().rev() {
        match byte {
            b'}' => depth += 1,
            b'{' if depth > 0 => depth -= 1,
            b'{' => {
                let outer = qualifier(Language::Rust, text, start + offset).0;
                let join = if outer.is_empty() || path.is_empty() { "" } else { "::" };
                path = format!("{outer}{join}{path}");
            }
            _ => {}
        }
    }
    path
}

/// The name by which a Go file calls a package that it imports from `path`: its last part that is no version.
pub(crate) fn go_package(path: &str) -> &str {
    let is_version = |part: &str| part.strip_prefix('v').is_some_and(|number| number.bytes().all(|byte| byte.is_ascii_digit()));
    let part = path.rsplit('/').find(|part| !is_version(part)).unwrap_or(path);
    part.split(".v").next().unwrap_or(part)
}

fn without_comments(tree: &str) -> String {
    let mut kept = String::with_capacity(tree.len());
    let mut rest = tree;
    while let Some(start) = rest.find("/") {
        kept.push_str(&rest[..start]);
        let comment = &rest[start..];
        let length = if comment.starts_with("//") { comment.find('\n') } else { comment.find("*/").map(|end| end + 2) };
        rest = &comment[length.unwrap_or(comment.len())..];
    }
    kept.push_str(rest);
    kept
}
