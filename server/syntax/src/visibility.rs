//! Who may use a symbol, as far as its own head says.

use crate::{Language, SymbolKind, Visibility};

/// The visibility that a definition states. `signature` is its head; `exported` tells of an `export` in front of it.
pub(crate) fn visibility(language: Language, kind: SymbolKind, name: &str, signature: &str, exported: bool) -> Visibility {
    let modifier = |word: &str| {
        let mut words = signature.split(|character: char| !character.is_alphanumeric() && !matches!(character, '_' | '$' | '#'));
        words.find(|part| *part == word || *part == name) == Some(word)
    };
    match language {
        Language::Rust if signature.starts_with("pub ") => Visibility::Public,
        Language::Rust if signature.starts_with("pub(") || matches!(kind, SymbolKind::EnumMember | SymbolKind::Macro) => {
            Visibility::Unstated
        }
        Language::Rust => Visibility::Private,
        Language::Go if name.starts_with(char::is_uppercase) => Visibility::Public,
        Language::Go => Visibility::Private,
        Language::Python if name.starts_with('_') && !name.ends_with("__") => Visibility::Private,
        Language::Python => Visibility::Public,
        Language::JavaScript | Language::TypeScript | Language::Tsx if exported => Visibility::Public,
        Language::JavaScript | Language::TypeScript | Language::Tsx if name.starts_with('#') || modifier("private") => {
            Visibility::Private
        }
        Language::Java if modifier("public") => Visibility::Public,
        Language::Java if modifier("private") => Visibility::Private,
        Language::C | Language::Cpp if modifier("static") && kind == SymbolKind::Function => Visibility::Private,
        _ => Visibility::Unstated,
    }
}
