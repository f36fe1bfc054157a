//! What a call is given, by the text between its parentheses: how many arguments, and what each is where that is plain.
//!
//! What it is becomes an expression of [`values`](crate::values), with these besides: `<null>`, and `<->` for a function.

/// The arguments of a call are looked at up to so many bytes.
const LONGEST_CALL: usize = 400;

/// Longer paths are not kept, in bytes.
const LONGEST_PATH: usize = 60;

/// How many arguments stand in front of the parenthesis that closes them, each of them told to `each`; `None` where they are long or
/// hold a comment.
pub(crate) fn arguments(inside: &str, mut each: impl FnMut(&str)) -> Option<usize> {
    let bytes = inside.as_bytes();
    let (mut depth, mut count, mut start, mut at) = (0_u32, 0, 0, 0);
    while at < bytes.len().min(LONGEST_CALL) {
        match bytes[at] {
            b'(' | b'[' | b'{' => depth += 1,
            end @ (b')' | b',') if depth == 0 => {
                each(inside.get(start..at)?);
                (count, start) = (count + 1, at + 1);
                if end == b')' {
                    return Some(count);
                }
            }
            b')' | b']' | b'}' => depth = depth.checked_sub(1)?,
            quote @ (b'"' | b'\'') => at = end_of_quoted(bytes, at, quote)?,
            b'/' if matches!(bytes.get(at + 1), Some(b'/' | b'*')) => return None,
            // `Map<String, Integer>` is one thing; `a < b, c > d` is written with spaces.
            b'<' if at > 0 && bytes[at - 1].is_ascii_alphanumeric() && bytes.get(at + 1).is_some_and(|next| *next != b' ') => {
                if let Some(behind) = inside.get(at..).and_then(crate::qualifier::after_types) {
                    at = inside.len() - behind.len();
                    continue;
                }
            }
            _ => {}
        }
        at += 1;
    }
    None
}

/// Where what is quoted from a byte on ends: its last quote.
fn end_of_quoted(bytes: &[u8], start: usize, quote: u8) -> Option<usize> {
    let mut at = start + 1;
    while *bytes.get(at)? != quote {
        at += 1 + usize::from(bytes[at] == b'\\');
    }
    Some(at)
}

/// Writes what an argument is as an expression; nothing where that is not plain.
pub(crate) fn write_expression(argument: &str, out: &mut String) {
    let argument = argument.trim();
    let Some(first) = argument.chars().next() else { return };
    match first {
        '"' => {
            let end = end_of_quoted(argument.as_bytes(), 0, b'"').and_then(|end| argument.get(end + 1..));
            if end.is_some_and(|rest| rest.is_empty() || rest.trim_start().starts_with('+')) {
                out.push_str("<String>");
            }
        }
        '\'' => {
            if end_of_quoted(argument.as_bytes(), 0, b'\'') == Some(argument.len() - 1) {
                out.push_str("<char>");
            }
        }
        '0'..='9' | '-' | '.' => out.push_str(number(argument)),
        '(' => in_parentheses(argument, out),
        _ => named(argument, out),
    }
}

/// The type of a number that is all of a text.
fn number(text: &str) -> &'static str {
    let digits = text.strip_prefix('-').unwrap_or(text).to_ascii_lowercase();
    let is_hex = digits.starts_with("0x") || digits.starts_with("0b");
    let is_plain = digits.starts_with(|first: char| first.is_ascii_digit() || first == '.')
        && digits.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.'));
    match digits.bytes().last() {
        _ if !is_plain => "",
        Some(b'l') => "<long>",
        Some(b'f') if !is_hex => "<float>",
        Some(b'd') if !is_hex => "<double>",
        _ if !is_hex && digits.contains(['.', 'e']) => "<double>",
        _ => "<int>",
    }
}

/// What begins with a parenthesis: a cast, a function, or what is only enclosed.
fn in_parentheses(text: &str, out: &mut String) {
    let Some(close) = closed(text) else { return };
    let (inside, rest) = (text[1..close].trim(), text[close + 1..].trim());
    if rest.starts_with("->") || rest.starts_with("=>") {
        out.push_str("<->");
    } else if rest.is_empty() {
        write_expression(inside, out);
    } else if is_type(inside)
        && rest.starts_with(|first: char| is_word(first) || matches!(first, '"' | '\'' | '('))
        && is_one(rest)
    {
        out.extend(["<", inside, ">"]);
    }
}

/// What begins with a word, or with a sign in front of one.
fn named(text: &str, out: &mut String) {
    let end = text.find(|character: char| !(is_word(character) || character == '.')).unwrap_or(text.len());
    let (path, rest) = (&text[..end], text[end..].trim_start());
    if text.len() > end && (rest.starts_with("->") || rest.starts_with("=>") || rest.starts_with("::")) {
        out.push_str("<->");
        return;
    }
    if !is_one(text) {
        let is_truth =
            [" == ", " != ", " && ", " || ", " instanceof "].iter().any(|sign| text.contains(sign)) && !text.contains('?');
        out.push_str(if is_truth && !text.contains(['"', '\'', '(']) { "<boolean>" } else { "" });
        return;
    }
    match (path, rest) {
        ("true" | "false", "") => out.push_str("<boolean>"),
        ("null", "") => out.push_str("<null>"),
        ("new", made) => made_type(made, out),
        ("", _) if text.starts_with('!') => out.push_str("<boolean>"),
        _ if path.is_empty() || path.len() > LONGEST_PATH || path.ends_with('.') => {}
        (_, "") if path.ends_with(".class") => out.push_str("<Class>"),
        (_, "") => out.push_str(path),
        (_, rest) if rest.starts_with('(') && closed(rest) == Some(rest.len() - 1) => out.extend([path, "()"]),
        (_, rest) if rest.starts_with('[') && rest.find(']') == Some(rest.len() - 1) => out.extend([path, "[]"]),
        _ => {}
    }
}

/// The class or the array behind `new`.
fn made_type(made: &str, out: &mut String) {
    let end = made.find(|character: char| !(is_word(character) || character == '.')).unwrap_or(made.len());
    let (path, mut rest) = (&made[..end], made[end..].trim_start());
    if rest.starts_with('<') {
        let Some(behind) = crate::qualifier::after_types(rest) else { return };
        rest = behind;
    }
    if path.is_empty() || path.len() > LONGEST_PATH {
        return;
    }
    let mut dimensions = 0;
    while rest.starts_with('[')
        && let Some(close) = rest.find(']')
    {
        (dimensions, rest) = (dimensions + 1, rest[close + 1..].trim_start());
    }
    if dimensions == 0 {
        let Some(close) = closed(rest) else { return };
        rest = rest[close + 1..].trim_start();
    }
    if rest.is_empty() || rest.starts_with('{') {
        out.extend(["<", path]);
        out.extend(std::iter::repeat_n("[]", dimensions));
        out.push('>');
    }
}

/// Whether no operator stands between parts of a text.
fn is_one(text: &str) -> bool {
    let bytes = text.as_bytes();
    let (mut depth, mut at) = (0_u32, 0);
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            b'"' | b'\'' => match end_of_quoted(bytes, at, byte) {
                Some(end) => at = end,
                None => return false,
            },
            b'+' | b'-' | b'*' | b'/' | b'%' | b'&' | b'|' | b'?' | b'=' | b'^' if depth == 0 => return false,
            b'<' | b'>' if depth == 0 && bytes.get(at + 1) == Some(&b' ') => return false,
            b' ' if depth == 0 && text[at..].starts_with(" instanceof ") => return false,
            _ => {}
        }
        at += 1;
    }
    true
}

/// Where the parenthesis closes that a text begins with.
pub(crate) fn closed(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let (mut depth, mut at) = (0_u32, 0);
    loop {
        match *bytes.get(at)? {
            b'(' => depth += 1,
            b')' => depth = depth.checked_sub(1)?,
            quote @ (b'"' | b'\'') => at = end_of_quoted(bytes, at, quote)?,
            _ => {}
        }
        if depth == 0 {
            return (bytes[at] == b')').then_some(at);
        }
        at += 1;
    }
}

/// Whether a text can be a type.
fn is_type(text: &str) -> bool {
    text.starts_with(is_word)
        && text.chars().all(|character| is_word(character) || matches!(character, '.' | '<' | '>' | '[' | ']' | ',' | ' ' | '?'))
}

fn is_word(character: char) -> bool {
    character.is_alphanumeric() || matches!(character, '_' | '$')
}

#[cfg(test)]
mod tests {
    use super::{arguments, write_expression};

    #[test]
    fn arguments_are_told_apart() {
        let told = |inside: &str| {
            let mut told = Vec::new();
            arguments(inside, |argument| told.push(argument.trim().to_owned())).map(|count| (count, told.join("|")))
        };
        let so = |count: usize, told: &str| Some((count, told.to_owned()));
        assert_eq!(told("a, b) + c"), so(2, "a|b"));
        assert_eq!(told("f(a, b), \",)\", '\\'');"), so(3, "f(a, b)|\",)\"|'\\''"));
        assert_eq!(told("new Map<String, Integer>(), x)"), so(2, "new Map<String, Integer>()|x"));
        assert_eq!(told("a, // why\n b)"), None);
        assert_eq!(told("a"), None);
    }

    #[test]
    fn plain_arguments_say_what_they_are() {
        let of = |argument: &str| {
            let mut out = String::new();
            write_expression(argument, &mut out);
            out
        };
        for (argument, expected) in [
            ("array", "array"),
            (" this.array ", "this.array"),
            ("array[i]", "array[]"),
            ("array[i].length()", ""),
            ("list.size()", "list.size()"),
            ("list.get(1).size()", ""),
            ("Kind.OPEN", "Kind.OPEN"),
            ("Store.class", "<Class>"),
            ("\"a\" + b", "<String>"),
            ("\"a\".length()", ""),
            ("'a'", "<char>"),
            ("'a' + 1", ""),
            ("-1", "<int>"),
            ("0xffL", "<long>"),
            ("0x1d", "<int>"),
            ("1.5", "<double>"),
            ("1e3f", "<float>"),
            ("1 + a", ""),
            ("a + 1", ""),
            ("true", "<boolean>"),
            ("!done", "<boolean>"),
            ("a != b", "<boolean>"),
            ("a == b ? 1 : 2", ""),
            ("null", "<null>"),
            ("(byte) 1", "<byte>"),
            ("(int[]) a.get(0)", "<int[]>"),
            ("(a) + b", ""),
            ("(byte) 1 + b", ""),
            ("((a))", "a"),
            ("new Store(1)", "<Store>"),
            ("new Map.Entry<String, A>() { }", "<Map.Entry>"),
            ("new int[] {1, 2}", "<int[]>"),
            ("new String[3][]", "<String[][]>"),
            ("new Store(1).open()", ""),
            ("x -> x", "<->"),
            ("(x, y) -> x", "<->"),
            ("Store::open", "<->"),
            ("", ""),
        ] {
            assert_eq!(of(argument), expected, "{argument}");
        }
    }
}
