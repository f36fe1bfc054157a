//! Which of several functions of one name a call means, by how many arguments it has and by what they are, as far as that is known.

mod given;
mod types;

use syntax::{Arguments, Symbol};

use crate::SymbolRef;
pub(crate) use given::Given;
use types::Type;

/// What it costs that an argument becomes one of many that a parameter takes.
const REPEATED: u32 = 40;

/// How far the arguments of a call are from what a definition takes: 0 where nothing speaks against it, `u32::MAX` where it cannot be
/// meant. Of two definitions the nearer one is meant; those of the same distance may both be.
pub(crate) fn distance(symbol: &Symbol, given: Option<&Given<'_>>) -> u32 {
    let Some(given) = given else { return 0 };
    let Some(parameters) = parameters(&symbol.signature, &symbol.name) else { return 0 };
    cost(&parameters, given).unwrap_or(u32::MAX)
}

/// Whether another of these definitions of one thing is nearer to what a use gives than this one is.
pub(crate) fn is_of_another(symbol: &SymbolRef, all: &[SymbolRef], given: &Given<'_>) -> bool {
    let own = distance(symbol.get(), Some(given));
    own > 0 && all.iter().any(|other| other.id() != symbol.id() && distance(other.get(), Some(given)) < own)
}

/// What it costs to call a function of these parameters; `None` where it cannot be called so.
fn cost(parameters: &[&str], given: &Given<'_>) -> Option<u32> {
    let (least, most) = counts(parameters);
    // More were not told apart.
    let reaches = given.count >= least || given.count == usize::from(Arguments::MANY);
    if !reaches || given.count > most {
        return None;
    }
    let repeats = most == usize::MAX;
    let inherits = |class: &str, above: &str| given.inherits(class, above);
    let mut total = 0;
    for (place, argument) in given.types.iter().enumerate() {
        let Some(parameter) = parameters.get(place).or(parameters.last()) else { break };
        let (Some(argument), Some(wanted)) = (argument, type_of(parameter)) else { continue };
        let as_it_is = if place < parameters.len() { argument.cost(&wanted, inherits) } else { None };
        let as_one_of_many = || argument.cost(&wanted.element()?, inherits).filter(|_| repeats && place + 1 >= parameters.len());
        total += as_it_is.or_else(|| as_one_of_many().map(|cost| cost + REPEATED))?;
    }
    Some(total + if repeats && given.count != parameters.len() { REPEATED } else { 0 })
}

/// How many arguments a function of these parameters takes at least and at most.
fn counts(parameters: &[&str]) -> (usize, usize) {
    let (mut least, mut most) = (0, 0);
    for (place, parameter) in parameters.iter().enumerate() {
        let first = parameter.split_whitespace().next().unwrap_or_default();
        let repeats = parameter.contains("...") || parameter.ends_with('*') || matches!(first, "vararg" | "params");
        // The first of an extension of C# stands in front of the dot.
        let is_optional = repeats || parameter.contains('=') || (place == 0 && first == "this");
        least += usize::from(!is_optional);
        most = if repeats { usize::MAX } else { usize::saturating_add(most, 1) };
    }
    (least, most)
}

/// The type of a parameter that stands in front of its name.
fn type_of(parameter: &str) -> Option<Type> {
    let declared = parameter.split('=').next().unwrap_or(parameter).trim_end();
    let name = declared.rfind(|character: char| !is_word(character))?;
    // Where the name comes first its type is not read.
    if declared.contains(':') { None } else { Type::written(&declared[..=name]) }
}

fn is_word(character: char) -> bool {
    character.is_alphanumeric() || matches!(character, '_' | '$')
}

/// The parameters of a function, by its head; `None` where it has no list of them.
fn parameters<'s>(signature: &'s str, name: &str) -> Option<Vec<&'s str>> {
    let behind = signature.match_indices(name).find_map(|(start, _)| {
        let rest = signature[start + name.len()..].trim_start();
        (!signature[..start].ends_with(is_word) && rest.starts_with(['(', '<', '['])).then_some(rest)
    })?;
    parts_of(behind, '(')
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
    use super::{counts, parameters, type_of};

    #[test]
    fn parameters_are_counted_by_the_head() {
        let counts = |signature: &str| parameters(signature, "put").map(|parameters| counts(&parameters));
        assert_eq!(counts("public void put()"), Some((0, 0)));
        assert_eq!(counts("public <K, V> V put(Map<K, V> map, final K key)"), Some((2, 2)));
        assert_eq!(counts("static void put(String format, Object... values)"), Some((1, usize::MAX)));
        assert_eq!(counts("fun put(key: String, then: (Int, Int) -> Unit = {})"), Some((1, 2)));
        assert_eq!(counts("static bool put(this Store store, params int[] keys)"), Some((0, usize::MAX)));
        assert_eq!(counts("fun <T> put(vararg items: T)"), Some((0, usize::MAX)));
        assert_eq!(counts("int output(int a)"), None);
        assert_eq!(counts("int put"), None);
    }

    #[test]
    fn parameters_are_told_by_the_head() {
        let of = |signature: &str| parameters(signature, "put").map(|parameters| parameters.join("|"));
        assert_eq!(of("public void put()").as_deref(), Some(""));
        assert_eq!(of("public <K, V> V put(Map<K, V> map, final K key)").as_deref(), Some("Map<K, V> map|final K key"));
        assert_eq!(
            of("fun put(key: String, then: (Int, Int) -> Unit = {})").as_deref(),
            Some("key: String|then: (Int, Int) -> Unit = {}")
        );
        assert_eq!(of("int output(int a)"), None);
        assert_eq!(of("int put"), None);
    }

    #[test]
    fn types_stand_in_front_of_names() {
        let of = |parameter: &str| type_of(parameter).map(|found| (found.name.to_string(), found.dimensions));
        assert_eq!(of("final Map<K, V>[] maps"), Some(("Map".into(), 1)));
        assert_eq!(of("Object... values"), Some(("Object".into(), 1)));
        assert_eq!(of("params int[] keys"), Some(("int".into(), 1)));
        assert_eq!(of("string key = \"a\""), Some(("String".into(), 0)));
        assert_eq!(of("key: String"), None);
        assert_eq!(of("key"), None);
    }
}
