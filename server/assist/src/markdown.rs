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
        let characters: Vec<char> = visible(word).collect();
        let lower = word.to_ascii_lowercase();
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
                '@' if inside_word => escaped.push_str("&#64;"),
                '_' if inside_word => escaped.push('_'),
                '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '$' => {
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

/// `text` as inline code, with a fence longer than any run of backticks in it; line ends become spaces.
#[must_use]
pub fn code(text: &str) -> String {
    let text: String = visible(text).map(|character| if character == '\n' { ' ' } else { character }).collect();
    let fence = "`".repeat(longest_backtick_run(&text) + 1);
    if text.starts_with('`') || text.ends_with('`') { format!("{fence} {text} {fence}") } else { format!("{fence}{text}{fence}") }
}

/// `text` as a fenced block of `language`, with a fence longer than any run of backticks in it.
#[must_use]
pub fn block(language: &str, text: &str) -> String {
    let text: String = visible(text).collect();
    let fence = "`".repeat((longest_backtick_run(&text) + 1).max(3));
    format!("{fence}{language}\n{}\n{fence}", text.trim_end_matches('\n'))
}

/// Without control characters (but line ends and tabs), bidirectional controls, zero-width characters and Unicode tags, which
/// hide text from a reader but not from a model.
pub fn visible(text: &str) -> impl Iterator<Item = char> + '_ {
    text.chars().filter(|&character| {
        let hidden = matches!(character,
            '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}');
        !hidden && (!character.is_control() || matches!(character, '\n' | '\t'))
    })
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
    let broken = [
        ("://", ": //"),
        ("](", "] ("),
        ("<img", "< img"),
        ("www.", "www ."),
        ("mailto:", "mailto :"),
        ("javascript:", "javascript :"),
    ];
    broken.iter().fold(plain(text), |text, (whole, apart)| text.replace(whole, apart))
}

fn longest_backtick_run(text: &str) -> usize {
    text.split(|character| character != '`').map(str::len).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::{block, code, notice, plain, prose};

    #[test]
    fn prose_cannot_bring_markup() {
        assert_eq!(prose("![x](http://evil)"), "!\\[x\\](http&#58;//evil)");
        assert_eq!(prose("<img src=x>"), "&lt;img src=x&gt;");
        assert_eq!(prose("see www.evil.example"), "see www&#46;evil&#46;example");
        assert_eq!(prose("a\u{202e}b\u{e0041}c\u{1b}[0m"), "abc\\[0m");
        assert_eq!(prose("# snake_case _x_"), "\\# snake_case \\_x\\_");
        assert_eq!(prose("two\n# lines"), "two # lines");
    }

    #[test]
    fn code_cannot_be_left() {
        assert_eq!(code("a`b"), "``a`b``");
        assert_eq!(code("`"), "`` ` ``");
        assert_eq!(block("rust", "x ``` y"), "````rust\nx ``` y\n````");
    }

    #[test]
    fn a_message_holds_no_address() {
        assert_eq!(notice("see http://evil <img> [a](b)"), "see http: //evil < img> [a] (b)");
    }

    #[test]
    fn plain_text_is_one_line() {
        assert_eq!(plain("a\nb\u{200b}\u{7}c"), "a bc");
    }
}
