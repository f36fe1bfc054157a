//! Code spans: how names and paths stand in a plan document.

/// What one line of a plan consists of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// A word without blanks.
    Word(String),
    /// What stood in backticks.
    Code(String),
}

/// The words and code spans of a line. Commas stand between others and are passed over.
///
/// # Errors
/// Fails where a code span has no end.
pub(super) fn tokens(line: &str) -> Result<Vec<Token>, String> {
    let mut tokens = Vec::new();
    let mut rest = line.trim_start();
    while !rest.is_empty() {
        let ticks = rest.len() - rest.trim_start_matches('`').len();
        if ticks == 0 {
            let end = rest.find([' ', '\t', '`']).unwrap_or(rest.len());
            let word = rest[..end].trim_end_matches(',');
            if !word.is_empty() {
                tokens.push(Token::Word(word.to_owned()));
            }
            rest = rest[end..].trim_start();
            continue;
        }
        let (body, behind) = close(&rest[ticks..], ticks).ok_or("a backtick has no second one")?;
        let padded = body.strip_prefix(' ').and_then(|body| body.strip_suffix(' ')).filter(|inner| !inner.trim().is_empty());
        tokens.push(Token::Code(padded.unwrap_or(body).to_owned()));
        rest = behind.trim_start_matches(',').trim_start();
    }
    Ok(tokens)
}

/// What stands before the next run of exactly so many backticks, and what behind it.
fn close(text: &str, ticks: usize) -> Option<(&str, &str)> {
    let mut at = 0;
    while let Some(found) = text[at..].find('`') {
        let start = at + found;
        let run = text[start..].len() - text[start..].trim_start_matches('`').len();
        if run == ticks {
            return Some((&text[..start], &text[start + run..]));
        }
        at = start + run;
    }
    None
}

/// Names in code spans, with commas between them.
pub(super) fn list(names: &[String]) -> String {
    let spans: Vec<String> = names.iter().map(|name| code(name)).collect();
    spans.join(", ")
}

/// One name in a code span.
pub(super) fn code(name: &str) -> String {
    let padded = name.starts_with('`') || name.ends_with('`') || (name.starts_with(' ') && name.ends_with(' '));
    let longest = name.split(|character| character != '`').map(str::len).max().unwrap_or(0);
    let (fence, gap) = ("`".repeat(longest + 1), if padded { " " } else { "" });
    format!("{fence}{gap}{name}{gap}{fence}")
}

#[cfg(test)]
mod tests {
    use super::{Token, code, tokens};

    #[test]
    fn every_name_comes_back() {
        for name in ["a", "src/a b.rs", "`", "a``b", "`x", " y ", "operator,", "a (b)"] {
            let line = format!("edit {}, {} to x", code(name), code("z"));
            let wanted = [
                Token::Word("edit".into()),
                Token::Code(name.into()),
                Token::Code("z".into()),
                Token::Word("to".into()),
                Token::Word("x".into()),
            ];
            assert_eq!(tokens(&line).unwrap(), wanted, "{line}");
        }
        assert!(tokens("edit `a").is_err());
    }
}
