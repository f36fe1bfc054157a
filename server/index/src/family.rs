//! Languages that see each other's symbols.

use syntax::Language;

/// The languages that one language shares its names with, as a number.
pub(crate) fn family(language: Language) -> u8 {
    const SHARED: usize = 7;
    match language {
        Language::C | Language::Cpp => 0,
        Language::JavaScript | Language::TypeScript | Language::Tsx => 1,
        Language::Go => 2,
        Language::Java => 3,
        Language::Python => 4,
        Language::Rust => 5,
        Language::OCaml | Language::OCamlInterface => 6,
        // The others keep to themselves.
        other => u8::try_from(other as usize + SHARED).unwrap_or(u8::MAX),
    }
}
