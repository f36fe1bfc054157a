//! Markdown that is safe to show.
//!
//! Names and comments come from a repository that nobody vouches for, prose from a model: neither may bring a link, an image,
//! markup or an invisible character into an editor. So both are escaped as they are put in, never filtered afterwards.

/// `text` as literal Markdown prose on one line: every character that could begin markup is escaped, controls and invisible
/// characters are dropped, white space is folded, and what a renderer would turn into a link by itself is broken up. What needs
/// no escape gets none, because some editors show the backslashes.
#[must_use]
pub fn prose(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + 16);
    for word in text.split_whitespace() {
        if !escaped.is_empty() {
            escaped.push(' ');
        }
        // What is invisible goes first: it could stand in the middle of an address.
        let characters: Vec<char> = visible(word).collect();
        let lower = characters.iter().collect::<String>().to_ascii_lowercase();
        for (at, &character) in characters.iter().enumerate() {
            let inside_word = at > 0
                && characters[at - 1].is_alphanumeric()
                && characters.get(at + 1).is_some_and(|next| next.is_alphanumeric());
            match character {
                '&' => escaped.push_str("&amp;"),
                '<' => escaped.push_str("&lt;"),
                '>' => escaped.push_str("&gt;"),
                // The colon and the dots of an address are what autolinks are made from.
                ':' if lower.contains("://") || lower.contains("mailto") => escaped.push_str("&#58;"),
                '.' if lower.contains("www.") => escaped.push_str("&#46;"),
                '@' if is_mail_sign(&characters, at) => escaped.push_str("&#64;"),
                '_' if inside_word => escaped.push('_'),
                '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '$' => {
                    escaped.push('\\');
                    escaped.push(character);
                }
                '.' | ')' if at + 1 == characters.len() && is_number(&escaped) => {
                    escaped.push('\\');
                    escaped.push(character);
                }
                '#' | '-' | '+' | '=' if escaped.is_empty() => {
                    escaped.push('\\');
                    escaped.push(character);
                }
                _ => escaped.push(character),
            }
        }
    }
    escaped
}

/// Whether what stands before makes a list of a text whose first word ends in a point or a parenthesis.
fn is_number(before: &str) -> bool {
    !before.is_empty() && before.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether the `@` at a place stands where a renderer would make a link of a mail address.
fn is_mail_sign(characters: &[char], at: usize) -> bool {
    let is_part = |character: &char| character.is_alphanumeric() || matches!(character, '.' | '-' | '_' | '+');
    at > 0 && is_part(&characters[at - 1]) && characters.get(at + 1).is_some_and(is_part)
}

/// `text` as [`prose`], with each name of a symbol in it as code. A name is what stands in backticks or can only be meant as code; where
/// `link` knows an address for it, it leads there.
#[must_use]
pub fn linked_prose(text: &str, link: impl Fn(&str) -> Option<String>) -> String {
    let words = text.split_whitespace().map(|word| {
        let Some((before, name, behind)) = name_in(word) else { return prose(word) };
        let shown = match link(name) {
            Some(address) => self::link(name, &address),
            None => code(name),
        };
        format!("{}{shown}{}", prose(before), prose(behind))
    });
    words.collect::<Vec<_>>().join(" ")
}

/// The name in a word, without its backticks, and what stands before and behind it; `None` where the word is ordinary prose.
pub(crate) fn name_in(word: &str) -> Option<(&str, &str, &str)> {
    let is_inner = |character: char| character.is_alphanumeric() || character == '_';
    let start = word.find(is_inner)?;
    let end = word.rfind(is_inner).map(|at| at + word[at..].chars().next().map_or(0, char::len_utf8))?;
    let (before, name, behind) = (&word[..start], &word[start..end], &word[end..]);
    if !name.chars().all(|character| is_inner(character) || matches!(character, ':' | '.'))
        || visible(name).count() != name.chars().count()
    {
        return None;
    }
    if let Some(outside) = before.strip_suffix('`') {
        let (inside, outside_behind) = behind.split_once('`')?;
        return (inside.is_empty() || inside == "()").then_some((outside, name, outside_behind));
    }
    let is_plain = !before.contains('`') && !behind.contains('`');
    (is_plain && name.split("::").flat_map(|part| part.split('.')).any(is_code)).then_some((before, name, behind))
}

/// Whether a word in prose can only be meant as an identifier: it has an underscore inside or a capital after a small letter.
pub(crate) fn is_code(word: &str) -> bool {
    let inner_underscore = word.trim_matches('_').contains('_');
    let camel = word.chars().zip(word.chars().skip(1)).any(|(a, b)| a.is_lowercase() && b.is_uppercase());
    inner_underscore || camel
}

/// A link to a file of this machine, with `name` as code for its text; only the name where the address is none of a file.
#[must_use]
pub fn link(name: &str, address: &str) -> String {
    if !address.starts_with("file:///") {
        return code(name);
    }
    let mut escaped = String::with_capacity(address.len());
    for byte in address.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' | b':' | b'%' | b'#' => {
                escaped.push(byte.into())
            }
            _ => escaped.push_str(&format!("%{byte:02X}")),
        }
    }
    format!("[{}]({escaped})", code(name))
}

/// What a text of ours says to a reader who has no Markdown: fences, emphasis, escapes and the addresses of links taken away again.
#[must_use]
pub fn unmarked(markdown: &str) -> String {
    let mut fence = None;
    let lines = markdown.lines().filter_map(|line| {
        let ticks = &line[..line.len() - line.trim_start_matches('`').len()];
        match fence {
            None if ticks.len() < 3 => return Some(unmarked_line(line, |_| String::new())),
            None => fence = Some(ticks),
            Some(open) if line != open => return Some(line.to_owned()),
            Some(_) => fence = None,
        }
        None
    });
    lines.collect::<Vec<_>>().join("\n").trim_end().to_owned()
}

/// The same for one line, where what `mark` gives is put in where code begins (`true`) and ends.
#[must_use]
pub fn unmarked_line(line: &str, mark: impl Fn(bool) -> String) -> String {
    let mut plain = String::with_capacity(line.len());
    let mut rest = line;
    // The fence of the code that is being read.
    let mut fence = None;
    while let Some(character) = rest.chars().next() {
        let run = rest.len() - rest.trim_start_matches('`').len();
        if run > 0 {
            match fence {
                None => {
                    fence = Some(run);
                    plain.push_str(&mark(true));
                }
                Some(length) if length == run => {
                    fence = None;
                    plain.push_str(&mark(false));
                }
                Some(_) => plain.push_str(&rest[..run]),
            }
            rest = &rest[run..];
            continue;
        }
        rest = &rest[character.len_utf8()..];
        match character {
            _ if fence.is_some() => plain.push(character),
            '\\' if rest.starts_with(|next: char| next.is_ascii_punctuation()) => {
                plain.extend(rest.chars().next());
                rest = &rest[1..];
            }
            '*' | '[' => {}
            ']' => rest = rest.strip_prefix('(').and_then(|rest| rest.split_once(')')).map_or(rest, |(_, behind)| behind),
            '&' => {
                let entities = [("lt;", '<'), ("gt;", '>'), ("#58;", ':'), ("#46;", '.'), ("#64;", '@'), ("amp;", '&')];
                match entities.iter().find_map(|(entity, meant)| Some((rest.strip_prefix(entity)?, *meant))) {
                    Some((behind, meant)) => {
                        plain.push(meant);
                        rest = behind;
                    }
                    None => plain.push('&'),
                }
            }
            _ => plain.push(character),
        }
    }
    plain
}

/// `text` as inline code, with a fence longer than any run of backticks in it; line ends become spaces.
#[must_use]
pub fn code(text: &str) -> String {
    let text: String = visible(text).map(|character| if character == '\n' { ' ' } else { character }).collect();
    // Two backticks with nothing between would begin code rather than be it.
    let text = if text.is_empty() { " " } else { text.as_str() };
    let fence = "`".repeat(longest_backtick_run(text) + 1);
    if text.starts_with('`') || text.ends_with('`') { format!("{fence} {text} {fence}") } else { format!("{fence}{text}{fence}") }
}

/// `text` as a fenced block of `language`, with a fence longer than any run of backticks in it.
#[must_use]
pub fn block(language: &str, text: &str) -> String {
    let text: String = visible(text).collect();
    let fence = "`".repeat((longest_backtick_run(&text) + 1).max(3));
    format!("{fence}{language}\n{}\n{fence}", text.trim_end_matches('\n'))
}

/// Without control characters (but line ends and tabs) and without what nobody sees, which hides text from a reader but not from a model.
pub fn visible(text: &str) -> impl Iterator<Item = char> + '_ {
    models::egress::shown(text).filter(|character| !character.is_control() || matches!(character, '\n' | '\t'))
}

/// One line of plain text without anything invisible, for titles, logs and terminals.
#[must_use]
pub fn plain(text: &str) -> String {
    visible(text).map(|character| if matches!(character, '\n' | '\t') { ' ' } else { character }).collect()
}

/// One line of plain text for a message to the user. Editors make links of addresses in messages, too: what could become one, or markup,
/// is broken up by a space.
#[must_use]
pub fn notice(text: &str) -> String {
    /// What could become a link or an image, and how many bytes of it stand before the space.
    const WHOLE: [(&str, usize); 7] =
        [("://", 1), ("](", 1), ("<img", 1), ("www.", 3), ("mailto:", 6), ("javascript:", 10), ("command:", 7)];
    let text = plain(text);
    let lower = text.to_ascii_lowercase();
    let mut broken = String::with_capacity(text.len() + 8);
    for (at, character) in text.char_indices() {
        if WHOLE.iter().any(|(word, apart)| at >= *apart && lower.as_bytes()[at - apart..].starts_with(word.as_bytes())) {
            broken.push(' ');
        }
        broken.push(character);
    }
    broken
}

fn longest_backtick_run(text: &str) -> usize {
    text.split(|character| character != '`').map(str::len).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::{block, code, link, linked_prose, notice, plain, prose, unmarked};

    #[test]
    fn prose_cannot_bring_markup() {
        assert_eq!(prose("![x](http://evil)"), "!\\[x\\](http&#58;//evil)");
        assert_eq!(prose("<img src=x>"), "&lt;img src=x&gt;");
        assert_eq!(prose("see www.evil.example"), "see www&#46;evil&#46;example");
        assert_eq!(prose("a\u{202e}b\u{e0041}c\u{1b}[0m"), "abc\\[0m");
        assert_eq!(prose("# snake_case _x_"), "\\# snake_case \\_x\\_");
        assert_eq!(prose("two\n# lines"), "two # lines");
        assert_eq!(prose("1. # one 2. two"), "1\\. # one 2. two");
        // What is invisible does not hide an address from us and then leave it whole.
        assert_eq!(prose("http:/\u{200b}/evil ww\u{2060}w.evil.example"), "http&#58;//evil www&#46;evil&#46;example");
        assert_eq!(prose("a.@evil.example @override a@"), "a.&#64;evil.example @override a@");
    }

    #[test]
    fn names_lead_to_our_files_and_nothing_else_leads_anywhere() {
        let address = |name: &str| (name == "Store::open").then(|| "file:///a/b (c).rs#L3".to_owned());
        let said = linked_prose("Calls `Store::open()`, (`close`) and read_all. [x](http://evil) `a](b)`", address);
        let opened = "[`Store::open`](file:///a/b%20%28c%29.rs#L3)";
        assert_eq!(said, format!("Calls {opened}, (`close`) and `read_all`. \\[x\\](http&#58;//evil) \\`a\\](b)\\`"));
        assert_eq!(link("x", "http://evil"), "`x`");
        assert_eq!(linked_prose("Opens it.", address), "Opens it.");
    }

    #[test]
    fn markdown_of_ours_reads_well_as_text() {
        let markdown = "```rust\nfn a()\n```\n\n`Store::open`, method\n\nsays \\[x\\] &lt;b&gt; [`open`](file:///a#L1), ``a`[b]``\n\n*index · $0*";
        assert_eq!(unmarked(markdown), "fn a()\n\nStore::open, method\n\nsays [x] <b> open, a`[b]\n\nindex · $0");
    }

    #[test]
    fn code_cannot_be_left() {
        assert_eq!(code("a`b"), "``a`b``");
        assert_eq!(code("`"), "`` ` ``");
        assert_eq!(code("\u{200b}"), "` `");
        assert_eq!(block("rust", "x ``` y"), "````rust\nx ``` y\n````");
    }

    #[test]
    fn a_message_holds_no_address() {
        assert_eq!(notice("see http://evil <img> [a](b)"), "see http: //evil < img> [a] (b)");
        assert_eq!(notice("WWW.a é://b HTTP:/\u{200b}/b <IMG Mailto:c"), "WWW .a é: //b HTTP: //b < IMG Mailto :c");
    }

    #[test]
    fn plain_text_is_one_line() {
        assert_eq!(plain("a\nb\u{200b}\u{7}c"), "a bc");
    }
}
