//! `signatures`: no caller is left that calls a function as it was called before its parameters changed.
//!
//! Parameters and arguments are counted as the text has them. Where the text does not tell (a spread, a lambda, generic arguments)
//! nothing is said: a compiler finds the rest.

use std::ops::RangeInclusive;

use index::{Index, SymbolRef};
use syntax::{Certainty, Language, ReferenceKind, SymbolKind};

use super::symbols;
use crate::overlay::Overlay;

pub(super) fn faults(overlay: &Overlay) -> Vec<String> {
    let (base, now) = (overlay.base(), overlay.now());
    let mut faults = Vec::new();
    for change in overlay.changes().files() {
        for symbol in symbols(now.index(), &change.path) {
            let Some((was, is)) = changed(base.index(), now.index(), &symbol) else { continue };
            for hit in now.index().references_of(&symbol) {
                let reference = hit.get();
                if hit.certainty == Certainty::SameName || reference.kind != ReferenceKind::Call {
                    continue;
                }
                let Some(text) = now.text(hit.path()) else { continue };
                let Some(given) = arguments(hit.record.language, &text[reference.span.end as usize..]) else { continue };
                // A method that is named by its type is given its receiver, too.
                let fits = is.contains(&given) || (has_receiver(&symbol) && given > 0 && is.contains(&(given - 1)));
                if !fits && was.contains(&given) {
                    let (name, line) = (symbol.symbol_path(), reference.line() + 1);
                    faults.push(format!(
                        "{}:{line} calls {name} with {given} arguments, as before, and it takes {}",
                        hit.path(),
                        said(&is)
                    ));
                }
            }
        }
    }
    faults
}

fn said(counts: &RangeInclusive<usize>) -> String {
    match (*counts.start(), *counts.end()) {
        (least, usize::MAX) => format!("at least {least}"),
        (least, most) if least == most => least.to_string(),
        (least, most) => format!("{least} to {most}"),
    }
}

/// How many arguments a function took and takes, where that changed and can be told.
fn changed(base: &Index, now: &Index, symbol: &SymbolRef) -> Option<(RangeInclusive<usize>, RangeInclusive<usize>)> {
    let is_function =
        matches!(symbol.get().kind, SymbolKind::Function | SymbolKind::Method) && symbol.record.language != Language::JavaScript;
    let same = |index: &Index| -> Vec<SymbolRef> {
        symbols(index, symbol.path()).filter(|other| other.symbol_path() == symbol.symbol_path()).collect()
    };
    let (before, after) = (same(base), same(now));
    // Of several of one name nobody knows which is called.
    let ([before], [_]) = (before.as_slice(), after.as_slice()) else { return None };
    if !is_function || before.get().signature == symbol.get().signature {
        return None;
    }
    let (was, is) = (parameters(before)?, parameters(symbol)?);
    (was != is).then_some((was, is))
}

fn has_receiver(symbol: &SymbolRef) -> bool {
    symbol.get().kind == SymbolKind::Method || !symbol.get().container.is_empty()
}

/// How many arguments a function takes, its receiver not counted.
fn parameters(symbol: &SymbolRef) -> Option<RangeInclusive<usize>> {
    use Language::{C, CSharp, Cpp, Go, Java, Python, Rust, Tsx, TypeScript};
    let (language, signature) = (symbol.record.language, symbol.get().signature.as_ref());
    if !matches!(language, C | CSharp | Cpp | Go | Java | Python | Rust | Tsx | TypeScript) {
        return None;
    }
    let name = symbol.get().name.as_str();
    let at = signature
        .match_indices(name)
        .map(|(at, _)| at + name.len())
        .find_map(|end| open(&signature[end..]).map(|open| end + open))?;
    let (inside, _) = split(&signature[at..])?;
    let (mut least, mut most) = (0_usize, 0_usize);
    for (position, parameter) in inside.iter().enumerate() {
        let bare = parameter.trim();
        let word = bare.split([':', '=', ' ']).next().unwrap_or_default();
        let is_receiver = match language {
            Rust => bare.trim_start_matches(['&', '\'']).split([':', ' ']).any(|word| word == "self"),
            Python => position == 0 && matches!(word, "self" | "cls") && !symbol.get().container.is_empty(),
            Tsx | TypeScript => word == "this",
            CSharp => bare.starts_with("this "),
            _ => false,
        };
        if bare.is_empty()
            || is_receiver
            || (bare == "void" && matches!(language, C | Cpp))
            || (language == Python && bare == "/")
        {
            continue;
        }
        if bare.starts_with('*') && language == Python {
            // Behind a bare star stands what is given by its name, which is an argument all the same.
            if bare != "*" {
                most = usize::MAX;
            }
            continue;
        }
        if bare.contains("...") || bare.starts_with("params ") {
            most = usize::MAX;
            continue;
        }
        let is_optional =
            bare.contains('=') || (matches!(language, Tsx | TypeScript) && bare.split(':').next()?.trim().ends_with('?'));
        least += usize::from(!is_optional);
        most = most.saturating_add(1);
    }
    Some(least..=most)
}

/// How many arguments a call has, by the text behind its name; `None` where that cannot be told.
fn arguments(language: Language, behind: &str) -> Option<usize> {
    let at = open(behind)?;
    let (inside, whole) = split(&behind[at..])?;
    let unclear = ["//", "/*", "#", "<", "...", "lambda", "|", "'"];
    let spreads = language == Language::Python && inside.iter().any(|argument| argument.trim().starts_with('*'));
    if spreads || unclear.iter().any(|sign| whole.contains(sign)) {
        return None;
    }
    Some(inside.iter().filter(|argument| !argument.trim().is_empty()).count())
}

/// Where the bracket opens that follows a name, type arguments passed over.
fn open(behind: &str) -> Option<usize> {
    let trimmed = behind.trim_start_matches("::").trim_start();
    let skipped = behind.len() - trimmed.len();
    match trimmed.chars().next()? {
        '(' => Some(skipped),
        opening @ ('<' | '[') => {
            let closing = if opening == '<' { '>' } else { ']' };
            let mut depth = 0_usize;
            for (at, character) in trimmed.char_indices() {
                if character == opening {
                    depth += 1;
                } else if character == closing && !trimmed[..at].ends_with(['-', '=']) {
                    depth -= 1;
                    if depth == 0 {
                        let rest = &trimmed[at + 1..];
                        return rest.starts_with('(').then_some(skipped + at + 1);
                    }
                }
            }
            None
        }
        _ => None,
    }
}

/// What stands between the commas of a bracket that opens at the beginning of a text, and all of it.
fn split(text: &str) -> Option<(Vec<&str>, &str)> {
    let (mut depth, mut angles, mut quote) = (0_usize, 0_usize, None);
    let (mut parts, mut start) = (Vec::new(), 1);
    let mut characters = text.char_indices();
    while let Some((at, character)) = characters.next() {
        match (quote, character) {
            (Some(_), '\\') => {
                characters.next();
            }
            (Some(open), close) if open == close => quote = None,
            (Some(_), _) => {}
            (None, '"' | '`') => quote = Some(character),
            (None, '(' | '[' | '{') => depth += 1,
            (None, ')' | ']' | '}') => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    parts.push(&text[start..at]);
                    return Some((parts, &text[1..at]));
                }
            }
            (None, '<') => angles += 1,
            (None, '>') if !text[..at].ends_with(['-', '=']) => angles = angles.saturating_sub(1),
            (None, ',') if depth == 1 && angles == 0 => {
                parts.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{arguments, faults};
    use crate::checks::fixture::overlay;
    use syntax::Language;

    /// What is found where the first file becomes `after` and the second one calls it as before.
    fn found(files: &[(&str, &str)], after: &str) -> Vec<String> {
        let (_folder, overlay) = overlay(files, &[(files[0].0, Some(after))]);
        faults(&overlay)
    }

    #[test]
    fn a_caller_that_was_forgotten_is_found() {
        let rust = [
            ("src/lib.rs", "pub mod b;\n\npub fn fill(n: u32) -> u32 {\n    n\n}\n"),
            ("src/b.rs", "use crate::fill;\n\nfn go() {\n    fill(1);\n}\n"),
        ];
        let wanted = "src/b.rs:4 calls fill with 1 arguments, as before, and it takes 2";
        assert_eq!(found(&rust, &rust[0].1.replace("n: u32)", "n: u32, note: &str)")), [wanted]);
        assert_eq!(found(&rust, &rust[0].1.replace("n: u32)", "n: u64)")), Vec::<String>::new());

        let python = [("a.py", "def fill(n):\n    return n\n"), ("b.py", "from a import fill\n\nfill(1)\n")];
        assert_eq!(found(&python, "def fill(n, note):\n    return n\n").len(), 1);
        assert_eq!(found(&python, "def fill(n, note=\"\"):\n    return n\n"), Vec::<String>::new());
        assert_eq!(found(&python, "def fill(*n):\n    return n\n"), Vec::<String>::new());

        let script = [
            ("a.ts", "export function fill(n: number): number {\n  return n;\n}\n"),
            ("b.ts", "import { fill } from \"./a\";\n\nfill(1);\n"),
        ];
        let with = |parameters: &str| script[0].1.replace("n: number", parameters);
        assert_eq!(found(&script, &with("n: number, note: string")).len(), 1);
        assert_eq!(found(&script, &with("n: number, note?: string")), Vec::<String>::new());
        assert_eq!(found(&script, &with("n: Map<string, number>")), Vec::<String>::new());

        let go =
            [("a.go", "package a\n\nfunc Fill(n int) int { return n }\n"), ("b.go", "package a\n\nfunc go_() { Fill(1) }\n")];
        assert_eq!(found(&go, &go[0].1.replace("n int", "n, m int")).len(), 1);
        assert_eq!(found(&go, &go[0].1.replace("n int", "n ...int")), Vec::<String>::new());
    }

    #[test]
    fn arguments_are_counted_where_they_can_be() {
        let count = |text| arguments(Language::Rust, text);
        assert_eq!((count("(a, b(c, d), [e, f])"), count("()"), count("(a,)")), (Some(3), Some(0), Some(1)));
        assert_eq!(count("(\"a, b\", c)"), Some(2));
        assert_eq!((count("(|a, b| a)"), count("(a < b, c)"), count(" = 1"), count("(a")), (None, None, None, None));
        assert_eq!(arguments(Language::Python, "(*all, b)"), None);
    }
}
