//! What stands before a name, read backwards from the text: the same for all languages, and right even where the tree is not,
//! as in the arguments of a macro.

use text::Span;

use crate::{Arguments, Language, given, spec::Spec};

/// How far back it looks, in bytes.
const REACH: usize = 160;

/// The path in front of a name, as far as it is plain, and whether the name is reached through a value (`.`, `->`, `?.`).
pub(crate) fn qualifier(language: Language, text: &str, name_start: usize) -> (&str, bool) {
    let Spec { paths, manners, comments, .. } = language.spec();
    let Some(near) = text.get(text.floor_char_boundary(name_start.saturating_sub(REACH))..name_start) else {
        return ("", false);
    };
    let before = near.trim_end();
    let space = &near[before.len()..];
    let ends_comment = || before.rsplit('\n').next().is_some_and(|line| line.contains(comments.line));
    if (manners.tight && !space.is_empty()) || (space.contains('\n') && ends_comment()) {
        return ("", false);
    }
    let strip = |separators: &[&str]| {
        separators.iter().find_map(|separator| {
            // Two points are a range and four colons a label's, where they are no separators themselves.
            before.strip_suffix(separator).filter(|head| separator.len() > 1 || !head.ends_with(separator))
        })
    };
    let (head, member) = if let Some(head) = strip(paths.modules) {
        (head, false)
    } else if let Some(head) = strip(paths.members) {
        (head, true)
    } else {
        return ("", false);
    };
    // The one call that is a name: what Python's classes inherit from.
    if member && let Some(before) = head.strip_suffix("()").and_then(|head| head.strip_suffix("super")) {
        return (if before.ends_with(is_word) { "" } else { &head[before.len()..before.len() + 5] }, true);
    }
    let spaced = head.ends_with(' ');
    let head = head.trim_end().trim_end_matches('!');
    let head = if member { head } else { without_arguments(head) };
    let mut start = path_start(language, head);
    if let Some(sigil) = language.spec().words.prefixes.iter().find(|prefix| head[..start].ends_with(**prefix)) {
        start -= sigil.len();
    }
    let path = &head[start..];
    let range = path.as_bytes().windows(2).rposition(|pair| pair == b"..");
    let mut path = range.map_or(path, |range| &path[range + 2..]);
    while let Some(rest) = path.strip_prefix("::") {
        path = rest;
    }
    let plain = path.starts_with(|first: char| (is_word(first) || first == '@') && !first.is_ascii_digit())
        && path != "_"
        && !paths.members.iter().any(|separator| path.starts_with(separator));
    // `return .red` reaches red through no `return`.
    let path = if plain && !(spaced && language.is_keyword(path)) { path } else { "" };
    if !manners.capitals {
        return (path, member);
    }
    let module = path.rsplit('.').next().is_some_and(|last| last.starts_with(char::is_uppercase));
    match paths.modules.contains(&".") {
        true => (if module { path } else { "" }, false),
        false => (path, member && !module),
    }
}

/// Whether a name is followed by something that makes it a step of a path, a call or an index.
pub(crate) fn leads_on(text: &str, name: Span) -> bool {
    let rest = text.get(name.end as usize..).unwrap_or_default().trim_start_matches([' ', '\t']);
    rest.starts_with("::") || (rest.starts_with('.') && !rest.starts_with("..")) || rest.starts_with(['(', '['])
}

/// Whether a name is followed by type arguments, as only a call's is: `collect::<T>()`.
pub(crate) fn turbofish(text: &str, name: Span) -> bool {
    after(text, name).strip_prefix("::").is_some_and(|rest| rest.trim_start().starts_with('<'))
}

/// What arguments the call of a name has, counted and told to `each` if there is one. `None` where that cannot be seen: no parentheses
/// near by, or something in them that may stand for none, as `*args` does.
pub(crate) fn arguments(text: &str, name: Span, each: Option<impl FnMut(&str)>) -> Option<Arguments> {
    let rest = after(text, name);
    let types = rest.strip_prefix("::").unwrap_or(rest).trim_start();
    let rest = if types.starts_with('<') { after_types(types)? } else { rest };
    let inside = rest.strip_prefix('(')?.trim_start();
    match inside.chars().next()? {
        ')' => Some(Arguments::None),
        '*' | '.' | '$' | '/' => None,
        _ => {
            let count = each.and_then(|each| given::arguments(inside, each));
            Some(count.map_or(Arguments::Some, Arguments::counted))
        }
    }
}

/// What comes after a name, without the white space.
fn after(text: &str, name: Span) -> &str {
    let rest = text.get(name.end as usize..).unwrap_or_default();
    if rest.starts_with(|first: char| first.is_ascii_graphic()) { rest } else { rest.trim_start() }
}

/// What comes after the type arguments that `text` begins with.
pub(crate) fn after_types(text: &str) -> Option<&str> {
    let mut depth = 0_u32;
    let mut before = ' ';
    for (offset, character) in text.char_indices().take(REACH) {
        match character {
            '<' => depth += 1,
            '>' if before != '-' => depth -= 1,
            ';' | '{' => return None,
            _ => {}
        }
        if depth == 0 {
            return Some(text[offset + 1..].trim_start());
        }
        before = character;
    }
    None
}

/// `Store::<T>` and `Store<T>` without their arguments.
fn without_arguments(head: &str) -> &str {
    if !head.ends_with('>') {
        return head;
    }
    let mut depth = 0_u32;
    for (offset, character) in head.char_indices().rev() {
        match character {
            '>' if !head[..offset].ends_with('-') => depth += 1,
            '<' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            return head[..offset].trim_end().trim_end_matches("::");
        }
    }
    ""
}

/// Where the path at the end of `head` begins.
fn path_start(language: Language, head: &str) -> usize {
    let Spec { paths, words, .. } = language.spec();
    let bytes = head.as_bytes();
    let mut start = head.len();
    while let Some(&last) = start.checked_sub(1).and_then(|before| bytes.get(before)) {
        if last.is_ascii_alphanumeric() || matches!(last, b'_' | b'$' | b'#') {
            start -= 1;
            continue;
        }
        let before = &head[..start];
        let step = match before.chars().next_back() {
            Some(last) if is_word(last) || words.letters.contains(last) => last.len_utf8(),
            _ => match paths.modules.iter().chain(paths.members).find(|separator| before.ends_with(**separator)) {
                Some(separator) => separator.len(),
                None => return start,
            },
        };
        start -= step;
    }
    start
}

fn is_word(character: char) -> bool {
    character.is_alphanumeric() || matches!(character, '_' | '$' | '#')
}
