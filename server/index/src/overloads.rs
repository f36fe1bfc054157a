//! Which of several functions of one name a call means, as far as the number of its arguments tells. What types they have is not
//! looked at.

use syntax::{Arguments, Language, Reference, Symbol};

use crate::SymbolRef;

/// Whether a definition takes as many arguments as a use gives it; where either is not known, or functions of a language do not differ
/// by that, it may.
pub(crate) fn takes(language: Language, symbol: &Symbol, reference: &Reference<'_>) -> bool {
    if !language.has_overloads() {
        return true;
    }
    let given = match reference.arguments {
        Some(Arguments::None) => 0,
        Some(Arguments::Counted(count)) => count,
        _ => return true,
    };
    let Some((least, most)) = parameter_counts(&symbol.signature, &symbol.name) else { return true };
    // So many, or more that were not counted.
    let reaches = given == Arguments::MANY || usize::from(given) >= least;
    reaches && usize::from(given) <= most
}

/// Whether of these definitions of one thing another takes the arguments of a use and this one does not.
pub(crate) fn is_of_another(symbol: &SymbolRef, all: &[SymbolRef], reference: &Reference<'_>) -> bool {
    let takes = |symbol: &SymbolRef| takes(symbol.record.language, symbol.get(), reference);
    !takes(symbol) && all.iter().any(|other| other.id() != symbol.id() && takes(other))
}

/// How many arguments a function takes at least and at most, by its head; `None` where it has no parameter list.
fn parameter_counts(signature: &str, name: &str) -> Option<(usize, usize)> {
    let is_word = |character: char| character.is_alphanumeric() || character == '_';
    let behind = signature.match_indices(name).find_map(|(start, _)| {
        let rest = signature[start + name.len()..].trim_start();
        (!signature[..start].ends_with(is_word) && rest.starts_with(['(', '<', '['])).then_some(rest)
    })?;
    let list = parts_of(behind, '(')?;
    let (mut least, mut most) = (0, 0);
    for (place, parameter) in list.into_iter().enumerate() {
        let mut words = parameter.split_whitespace();
        let first = words.next().unwrap_or_default();
        let repeats = parameter.contains("...") || parameter.ends_with('*') || matches!(first, "vararg" | "params");
        // The first of an extension of C# stands in front of the dot.
        let is_optional = repeats || parameter.contains('=') || (place == 0 && first == "this");
        least += usize::from(!is_optional);
        most = if repeats { usize::MAX } else { usize::saturating_add(most, 1) };
    }
    Some((least, most))
}

/// What stands between the commas in the first bracket of a kind, brackets inside of it left whole. Type parameters in front of it are
/// passed over.
fn parts_of(text: &str, open: char) -> Option<Vec<&str>> {
    let mut depth = 0_u32;
    let mut start = None;
    let mut parts = Vec::new();
    let mut before = ' ';
    for (at, character) in text.char_indices() {
        match character {
            _ if character == open && depth == 0 && start.is_none() => start = Some(at + 1),
            '(' | '[' | '{' | '<' => depth += 1,
            '>' if matches!(before, '-' | '=') => {}
            ')' | ']' | '}' | '>' | ',' if depth == 0 => {
                let part = text[start?..at].trim();
                if !part.is_empty() {
                    parts.push(part);
                }
                if character != ',' {
                    return Some(parts);
                }
                start = Some(at + 1);
            }
            ')' | ']' | '}' | '>' => depth -= 1,
            _ => {}
        }
        before = character;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::parameter_counts;

    #[test]
    fn parameters_are_counted_by_the_head() {
        let counts = |signature: &str| parameter_counts(signature, "put");
        assert_eq!(counts("public void put()"), Some((0, 0)));
        assert_eq!(counts("public <K, V> V put(Map<K, V> map, final K key)"), Some((2, 2)));
        assert_eq!(counts("static void put(String format, Object... values)"), Some((1, usize::MAX)));
        assert_eq!(counts("fun put(key: String, then: (Int, Int) -> Unit = {})"), Some((1, 2)));
        assert_eq!(counts("static bool put(this Store store, params int[] keys)"), Some((0, usize::MAX)));
        assert_eq!(counts("fun <T> put(vararg items: T)"), Some((0, usize::MAX)));
        assert_eq!(counts("int output(int a)"), None);
        assert_eq!(counts("int put"), None);
    }
}
