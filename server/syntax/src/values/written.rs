//! What a local variable is, by the text around its name: for languages whose expressions are not read from the tree.

use text::Span;

use crate::given::closed;

/// Where a language writes the type of a variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    /// `Store store = …`
    TypeFirst,
    /// `store Store`, `store := Store{}`
    NameFirst,
    /// `let store: Store`, `let store = Store::open()?`
    Let,
}

/// So far the text is looked at in front of a name and behind it, in bytes.
const REACH: usize = 200;

/// Types of which nothing in a workspace is a member.
const PLAIN: &[&str] = &["int", "byte", "char", "bool", "string", "String", "error", "rune", "uint"];

/// What a variable is whose name is bound there, as an expression (see [`super`]); empty where the text does not tell it. `None` where
/// nothing has to be kept: what it is has no members, or it is said elsewhere.
pub(crate) fn value(style: Style, text: &str, name: Span) -> Option<String> {
    let written = match style {
        Style::TypeFirst => type_first(text, name)?,
        Style::NameFirst => name_first(text, name)?,
        Style::Let => of_let(text, name)?,
    };
    let plain = written.strip_prefix('<').and_then(|written| written.strip_suffix('>'));
    // Where functions differ by what they are given, plain types do too.
    let is_kept = style == Style::TypeFirst || !plain.is_some_and(|plain| PLAIN.contains(&plain));
    is_kept.then_some(written)
}

fn type_first(text: &str, name: Span) -> Option<String> {
    let start = text.floor_char_boundary((name.start as usize).saturating_sub(REACH));
    let before = text.get(start..name.start as usize)?;
    let mut depth = 0_u32;
    let begins = before.rfind(|character: char| {
        match character {
            '>' | ']' => depth += 1,
            '<' | '[' => depth = depth.saturating_sub(1),
            ';' | '{' | '}' | '(' | ')' | '=' | '|' | '&' | ':' => return true,
            ',' | '\n' => return depth == 0,
            _ => {}
        }
        false
    });
    let written = before.get(begins.map_or(0, |begins| begins + 1)..)?.trim();
    let written =
        ["instanceof ", " is "].iter().find_map(|word| written.rsplit_once(word)).map_or(written, |(_, written)| written);
    let written = written.trim_start_matches("final ").trim();
    match written {
        "" => None,
        "var" | "auto" => Some(made(text, name.end as usize).unwrap_or_default()),
        _ => Some(format!("<{written}>")),
    }
}

/// The class in `= new Store(…)`.
fn made(text: &str, end: usize) -> Option<String> {
    let made = text.get(end..)?.trim_start().strip_prefix('=')?.trim_start().strip_prefix("new ")?;
    let path = path(made.trim_start());
    (!path.is_empty()).then(|| format!("<{path}>"))
}

fn name_first(text: &str, name: Span) -> Option<String> {
    let start = text.floor_char_boundary((name.start as usize).saturating_sub(REACH));
    let before = text.get(start..name.start as usize)?.trim_end();
    let end = text.floor_char_boundary((name.end as usize + REACH).min(text.len()));
    let mut behind = text.get(name.end as usize..end)?.trim_start_matches([' ', '\t']);
    let is_listed = |character: char| character.is_alphanumeric() || matches!(character, '_' | ',' | ' ');
    let list = before.rsplit(|character| !is_listed(character)).next().unwrap_or_default();
    let place = if before.ends_with(',') { list.matches(',').count() } else { 0 };
    let mut is_alone = place == 0;
    while let Some(rest) = behind.strip_prefix(',') {
        is_alone = false;
        behind = rest.trim_start().trim_start_matches(|character: char| character.is_alphanumeric() || character == '_');
        behind = behind.trim_start_matches([' ', '\t']);
    }
    if let Some(value) = behind.strip_prefix(":=").or_else(|| behind.strip_prefix('=')) {
        let value = expression(value.trim_start()).unwrap_or_default();
        return Some(match (is_alone, value.ends_with("()")) {
            (true, _) => value,
            (false, true) => format!("{value}{place}"),
            (false, false) => String::new(),
        });
    }
    let written = behind.split(['=', ',', ')', '\n', '{', ';']).next().unwrap_or_default().trim();
    (!written.is_empty()).then(|| format!("<{written}>"))
}

fn of_let(text: &str, name: Span) -> Option<String> {
    let before = text.get(..name.start as usize)?.trim_end();
    let before = before.strip_suffix("mut").map_or(before, str::trim_end);
    if !before.ends_with("let") {
        return None;
    }
    let end = text.floor_char_boundary((name.end as usize + REACH).min(text.len()));
    let behind = text.get(name.end as usize..end)?.trim_start();
    if let Some(typed) = behind.strip_prefix(':') {
        let written = typed.split(['=', ';']).next().unwrap_or_default().trim().trim_start_matches('&');
        return (!written.is_empty()).then(|| format!("<{written}>"));
    }
    behind.strip_prefix('=').map(|value| made_by_path(value.trim_start()).unwrap_or_default())
}

/// `Store { … }`, `Store(…)`, `Kind::Open(…)`, or a call by a path; what unwraps its result is a `?`.
fn made_by_path(value: &str) -> Option<String> {
    let value = value.trim_start_matches('&');
    let end = value.find(|character: char| !(character.is_alphanumeric() || matches!(character, '_' | ':')))?;
    let (path, rest) = (&value[..end], value[end..].trim_start_matches(' '));
    let is_type = |part: &str| part.starts_with(char::is_uppercase);
    let (around, last) = path.rsplit_once("::").unwrap_or(("", path));
    let around = around.rsplit("::").next().unwrap_or_default();
    let mut rest = match rest.chars().next()? {
        '{' if is_type(last) => return Some(format!("<{}>", if is_type(around) { around } else { last })),
        '(' if is_type(last) => return Some(format!("<{}>", if is_type(around) { around } else { last })),
        '(' if !last.is_empty() => &rest[closed(rest)? + 1..],
        _ => return None,
    };
    let mut unwraps = "";
    loop {
        rest = rest.trim_start();
        if let Some(behind) = rest.strip_prefix('?').or_else(|| rest.strip_prefix(".unwrap()")) {
            (rest, unwraps) = (behind, "?");
        } else if let Some(behind) = rest.strip_prefix(".expect(\"").and_then(|said| said.split_once("\")")) {
            (rest, unwraps) = (behind.1, "?");
        } else if let Some(behind) = rest.strip_prefix('.').and_then(|behind| behind.strip_prefix("await")) {
            rest = behind;
        } else {
            return rest.starts_with(';').then(|| format!("{path}(){unwraps}"));
        }
    }
}

/// A literal of a type, `new(T)`, `x.(T)` or a call that nothing follows.
fn expression(value: &str) -> Option<String> {
    let value = value.trim_start_matches('&');
    let path = path(value);
    let rest = &value[path.len()..];
    match rest.chars().next()? {
        '{' if !path.is_empty() => Some(format!("<{path}>")),
        '(' => {
            let close = rest.find(')')?;
            if path == "new" || path.ends_with('.') {
                return Some(format!("<{}>", rest[1..close].trim()));
            }
            let end = closed(rest)?;
            let is_whole =
                matches!(rest[end + 1..].trim_start_matches([' ', '\t']).chars().next(), None | Some('\n' | '\r' | ';' | '{'));
            (is_whole && !path.is_empty()).then(|| format!("{path}()"))
        }
        _ => None,
    }
}

fn path(text: &str) -> &str {
    let end = text.find(|character: char| !(character.is_alphanumeric() || matches!(character, '_' | '.'))).unwrap_or(text.len());
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::{Style, value};
    use text::Span;

    fn of(style: Style, text: &str) -> Option<String> {
        let start = text.find("name").unwrap_or_default();
        value(style, text, Span::new(start, start + 4))
    }

    #[test]
    fn types_in_front() {
        let of = |text: &str| of(Style::TypeFirst, text);
        assert_eq!(of("{ Store name = open();").as_deref(), Some("<Store>"));
        assert_eq!(of("for (final Map<String, Store> name : all)").as_deref(), Some("<Map<String, Store>>"));
        assert_eq!(of("if (x instanceof Store name) {").as_deref(), Some("<Store>"));
        assert_eq!(of("{ var name = new Store<>(1);").as_deref(), Some("<Store>"));
        assert_eq!(of("{ var name = open();").as_deref(), Some(""));
        assert_eq!(of("{ int name = 1;").as_deref(), Some("<int>"));
        assert_eq!(of("each(name -> name)"), None);
    }

    #[test]
    fn what_is_let() {
        let of = |text: &str| of(Style::Let, text);
        assert_eq!(of("let name: &Store = x;").as_deref(), Some("<Store>"));
        assert_eq!(of("let mut name = shop::Store { size: 1 };").as_deref(), Some("<Store>"));
        assert_eq!(of("let name = Kind::Open(1);").as_deref(), Some("<Kind>"));
        assert_eq!(of("let name = Store::open(f(1), 2)?;").as_deref(), Some("Store::open()?"));
        let waits = ["let name = Store::open()\n    .", "await\n    .expect(\"it opens\");"].concat();
        assert_eq!(of(&waits).as_deref(), Some("Store::open()?"));
        assert_eq!(of("let name = rent();").as_deref(), Some("rent()"));
        assert_eq!(of("let name = rent().inner;").as_deref(), Some(""));
        assert_eq!(of("let name = other.inner();").as_deref(), Some(""));
        assert_eq!(of("|name| name"), None);
        assert_eq!(of("fn f(name: Store) {}"), None, "the head says it");
    }

    #[test]
    fn types_behind() {
        let of = |text: &str| of(Style::NameFirst, text);
        assert_eq!(of("\tname := &shop.Store{Size: 1}\n").as_deref(), Some("<shop.Store>"));
        assert_eq!(of("\tname := shop.Open(\"a\", f(1))\n").as_deref(), Some("shop.Open()"));
        assert_eq!(of("\tfile, name := Open()\n").as_deref(), Some("Open()1"));
        assert_eq!(of("\tname, err := Open()\n").as_deref(), Some("Open()0"));
        assert_eq!(of("\tname := other.(*Store)\n").as_deref(), Some("<*Store>"));
        assert_eq!(of("\tname := Open().Inner\n").as_deref(), Some(""));
        assert_eq!(of("\tvar name *Store\n").as_deref(), Some("<*Store>"));
        assert_eq!(of("func(name, other *Store) {").as_deref(), Some("<*Store>"));
        assert_eq!(of("\tname := a + b\n").as_deref(), Some(""));
        assert_eq!(of("func(name int) {"), None);
    }
}
