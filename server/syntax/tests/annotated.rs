//! The annotated samples in `tests/fixtures/queries`. A line that ends in a comment `//: …` (`#: …`, `/*: … */` and the like, as the language
//! has it) names all that must be listed of it, and nothing else may be. `queries/README.md` explains the words.

use std::{fmt::Write as _, fs, path::PathBuf};

use syntax::{FileSymbols, Language, Limits, Reference, parse};

fn directory() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/queries")
}

fn sample(language: Language) -> (PathBuf, String) {
    let entries = fs::read_dir(directory()).expect("the samples are there");
    let path = entries
        .map(|entry| entry.expect("an entry can be read").path())
        .find(|path| path.file_stem().is_some_and(|stem| stem == language.name()))
        .unwrap_or_else(|| panic!("no sample of {}", language.name()));
    let text = fs::read_to_string(&path).expect("a sample can be read");
    (path, text)
}

/// What is listed of one line, in its order.
fn listed(file: &FileSymbols, line: u32) -> Vec<String> {
    let symbols = file.symbols.iter().filter(|symbol| symbol.line == line);
    let references = file.references().filter(|reference| reference.line() == line);
    let mut found: Vec<(u32, String)> = symbols
        .map(|symbol| (symbol.column, format!("definition.{} {}", kind(symbol.kind), symbol.path())))
        .chain(references.map(|reference| (reference.column(), usage(&reference))))
        .collect();
    found.sort_by_key(|(column, _)| *column);
    found.into_iter().map(|(_, what)| what).collect()
}

fn kind(kind: syntax::SymbolKind) -> &'static str {
    match kind {
        syntax::SymbolKind::Macro => "macro",
        syntax::SymbolKind::TypeAlias => "type",
        kind => kind.as_str(),
    }
}

fn usage(reference: &Reference) -> String {
    let kind = format!("{:?}", reference.kind).to_lowercase();
    let mut text = match (reference.shorthand, reference.local) {
        (true, true) => "local.shorthand ".to_owned(),
        (true, false) => "reference.shorthand ".to_owned(),
        (false, true) => "local ".to_owned(),
        (false, false) => format!("reference.{kind} "),
    };
    let join = if reference.member {
        "."
    } else if reference.qualifier.is_empty() {
        ""
    } else {
        "::"
    };
    write!(text, "{}{join}{}", reference.qualifier, reference.name).expect("a string takes all");
    text
}

/// The annotation of a line, and what it expects.
fn expected(line: &str) -> Option<Vec<String>> {
    let (_, annotation) = ["//: ", "#: ", "--: ", "/*: ", "(*: ", "{-: "].iter().find_map(|marker| line.split_once(marker))?;
    let annotation = annotation.trim_end();
    let annotation = ["*/", "*)", "-}"].iter().find_map(|end| annotation.strip_suffix(end)).unwrap_or(annotation).trim_end();
    Some(annotation.split(", ").map(str::to_owned).collect())
}

#[test]
fn all_that_is_annotated_is_listed_and_nothing_else() {
    for &language in Language::ALL {
        let (path, text) = sample(language);
        let file = parse(language, &text, None, &Limits::default()).expect("a sample is within limits").file;
        assert_eq!(file.error_count, 0, "{} is broken", path.display());
        let mut captures = 0;
        for (line, content) in text.lines().enumerate() {
            let Some(expected) = expected(content) else { continue };
            captures += expected.len();
            let found = listed(&file, u32::try_from(line).expect("a sample is short"));
            assert_eq!(found, expected, "{}:{}", path.display(), line + 1);
        }
        assert!(captures >= 30, "{} annotates only {captures} captures", path.display());
    }
}

#[test]
fn every_definition_has_a_span_around_its_name_and_a_parent_before_it() {
    for &language in Language::ALL {
        let (path, text) = sample(language);
        let file = parse(language, &text, None, &Limits::default()).expect("a sample is within limits").file;
        for (position, symbol) in file.symbols.iter().enumerate() {
            let place = format!("{} {}", path.display(), symbol.path());
            assert!(symbol.span.contains(symbol.name_span), "{place}");
            assert!(symbol.full_span.contains(symbol.span), "{place}");
            assert_eq!(symbol.name_span.of(&text), symbol.name, "{place}");
            assert!(symbol.signature.contains(symbol.name.as_str()), "{place}: {}", symbol.signature);
            assert!(symbol.parent.is_none_or(|parent| (parent as usize) < position), "{place}");
        }
        for reference in file.references() {
            assert_eq!(reference.span.of(&text), reference.name, "{}", path.display());
            let names = file.symbols.iter().filter(|symbol| symbol.name_span == reference.span);
            assert!(reference.shorthand || names.count() == 0, "{}: {} is a definition's name", path.display(), reference.name);
        }
    }
}
