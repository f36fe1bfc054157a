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
        if fresh.file.error_count == 0 {
            prop_assert_eq!(&again.file, &fresh.file);
        }
        (document, tree) = (next, again.tree);
    }
    Ok(())
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
