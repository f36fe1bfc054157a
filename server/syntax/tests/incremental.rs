//! A tree that is edited and parsed again yields what a fresh parse of the new text yields.

use proptest::prelude::*;
use syntax::{Language, Limits, parse};
use text::{ContentChange, Document, Position, PositionEncoding, PositionRange};

const RUST: &str = include_str!("../../../tests/fixtures/queries/rust.rs");
const PYTHON: &str = include_str!("../../../tests/fixtures/queries/python.py");
const TYPESCRIPT: &str = include_str!("../../../tests/fixtures/queries/typescript.ts");
const CPP: &str = include_str!("../../../tests/fixtures/queries/cpp.cpp");

/// A change: where it begins, how many lines and characters it takes, and what it puts there.
fn change() -> impl Strategy<Value = (u32, u32, u32, u32, String)> {
    let pieces = prop_oneof![
        Just(String::new()),
        Just("{".to_owned()),
        Just("}\n".to_owned()),
        Just("\"".to_owned()),
        Just("/*".to_owned()),
        Just("    fn added() {}\n".to_owned()),
        Just("\ndef added(x):\n    return x\n".to_owned()),
        Just("𝒳 = é;\r\n".to_owned()),
        "[a-z(){};:.<> \n]{0,12}",
    ];
    (0_u32..60, 0_u32..60, 0_u32..3, 0_u32..30, pieces)
}

fn check(language: Language, text: &str, changes: &[(u32, u32, u32, u32, String)]) -> Result<(), TestCaseError> {
    let limits = Limits { parse_ms: 60_000, ..Limits::default() };
    let mut document = Document::new(text, 0);
    let mut tree = parse(language, text, None, &limits).expect("within limits").tree;
    for (line, character, lines, characters, new) in changes {
        let start = Position { line: *line, character: *character };
        let end = Position { line: line + lines, character: *characters };
        let change = ContentChange { range: Some(PositionRange { start, end }), text: new.clone() };
        let (next, applied) = document.apply(&[change], PositionEncoding::Utf16, 0);
        for change in &applied {
            tree.edit(change);
        }
        let again = parse(language, &next.text, Some(&tree), &limits).expect("within limits");
        let fresh = parse(language, &next.text, None, &limits).expect("within limits");
        // Where the text is broken, tree-sitter may mend it in another way when it starts from an old tree.
        if fresh.file.error_count == 0 && again.file != fresh.file {
            for (again, fresh) in again.file.symbols.iter().zip(&fresh.file.symbols) {
                prop_assert_eq!(again, fresh, "{}", language.name());
            }
            for (again, fresh) in again.file.references().zip(fresh.file.references()) {
                prop_assert_eq!(format!("{again:?}"), format!("{fresh:?}"), "{}", language.name());
            }
            prop_assert!(false, "{}: as many symbols, uses and imports", language.name());
        }
        (document, tree) = (next, again.tree);
    }
    Ok(())
}

/// What is typed inside of a function, mostly text that leaves the file whole.
fn typing() -> impl Strategy<Value = (u32, u32, u32, u32, String)> {
    let pieces = prop_oneof![
        "[a-z]{1,3}",
        Just(" ".to_owned()),
        Just("\n".to_owned()),
        Just("(1)".to_owned()),
        Just("/* é */".to_owned()),
        Just("{}".to_owned()),
    ];
    (0_u32..60, 0_u32..60, Just(0), Just(0), pieces)
        .prop_map(|(line, character, lines, _, new)| (line, character, lines, character, new))
}

fn check_typing(language: Language, changes: &[(u32, u32, u32, u32, String)]) -> Result<(), TestCaseError> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/fixtures/queries");
    let samples = std::fs::read_dir(folder).expect("the samples are there");
    let sample =
        samples.flatten().map(|entry| entry.path()).find(|path| path.file_stem().is_some_and(|stem| stem == language.name()));
    let text = std::fs::read_to_string(sample.expect("each language has a sample")).expect("a sample can be read");
    // Twice the same, so that something stands behind whatever is changed.
    check(language, &text.repeat(2), changes)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn typing_in_any_language_lists_what_a_fresh_parse_lists(number in 0_usize..64, changes in prop::collection::vec(typing(), 1..8)) {
        check_typing(Language::ALL[number % Language::ALL.len()], &changes)?;
    }
}

#[test]
fn a_change_in_a_function_moves_what_stands_behind_it() {
    let text = "struct A;\nimpl A {\n    fn one(&self) -> u32 { two() }\n    /// Two.\n    fn two(&self) { self.one(); }\n}\nfn two() -> u32 { 2 }\n";
    let changes = [
        (2, 27, 0, 27, "\n        let x = 1;\n".to_owned()),
        (3, 16, 0, 16, "23".to_owned()),
        (4, 0, 0, 0, "  three(x);".to_owned()),
    ];
    check(Language::Rust, text, &changes).expect("a spliced file is a fresh one");
}

#[test]
fn a_change_in_a_function_leaves_modules_what_they_are() {
    let text = "const fs = require('fs');\nfunction one() { fs.read(1); }\nfunction two() {}\n";
    check(Language::JavaScript, text, &[(1, 17, 0, 17, " ".to_owned())]).expect("a spliced file is a fresh one");
}

#[test]
fn errors_that_a_text_does_not_have_do_not_stay_from_an_old_tree() {
    let insert = |line: u32, character: u32, new: &str| (line, character, 0, character, new.to_owned());
    let changes = [
        insert(37, 8, "/* é */"),
        insert(8, 27, "/* é */"),
        insert(17, 50, "a"),
        insert(5, 43, "xy"),
        insert(22, 39, "abc"),
        insert(34, 1, "a"),
    ];
    check_typing(Language::Cpp, &changes).expect("a tree from an old one is a fresh one");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn rust_parsed_again_is_rust_parsed_afresh(changes in prop::collection::vec(change(), 1..5)) {
        check(Language::Rust, RUST, &changes)?;
    }

    #[test]
    fn python_parsed_again_is_python_parsed_afresh(changes in prop::collection::vec(change(), 1..5)) {
        check(Language::Python, PYTHON, &changes)?;
    }

    #[test]
    fn typescript_parsed_again_is_typescript_parsed_afresh(changes in prop::collection::vec(change(), 1..5)) {
        check(Language::TypeScript, TYPESCRIPT, &changes)?;
    }

    #[test]
    fn cpp_parsed_again_is_cpp_parsed_afresh(changes in prop::collection::vec(change(), 1..5)) {
        check(Language::Cpp, CPP, &changes)?;
    }
}
