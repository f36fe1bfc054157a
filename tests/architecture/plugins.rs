//! The languages that our own plugins ask the server about are those that it knows.

use std::collections::BTreeSet;

use syntax::Language;

/// What VS Code calls a language where it has a name of its own for it, or more than one.
const IN_VS_CODE: [(&str, &[&str]); 4] = [
    ("bash", &["shellscript"]),
    ("javascript", &["javascript", "javascriptreact"]),
    ("ocaml_interface", &["ocaml"]),
    ("tsx", &["typescriptreact"]),
];

/// The same for Neovim's file types.
const IN_NEOVIM: [(&str, &[&str]); 5] = [
    ("bash", &["bash", "sh"]),
    ("csharp", &["cs"]),
    ("javascript", &["javascript", "javascriptreact"]),
    ("ocaml_interface", &["ocaml"]),
    ("tsx", &["typescriptreact"]),
];

#[test]
fn the_plugins_ask_about_every_language_and_no_other() {
    let vs_code = include_str!("../../editors/vscode/src/languages.ts");
    assert_eq!(quoted(vs_code, "const IDS = [", "];"), expected(&IN_VS_CODE, &[]));
    let neovim = include_str!("../../editors/nvim/lsp/tierline.lua");
    // Our own files are TOML.
    assert_eq!(quoted(neovim, "filetypes = {", "\n  },"), expected(&IN_NEOVIM, &["toml"]));
}

#[test]
fn the_endings_that_vs_code_is_told_are_those_of_a_language() {
    let endings = quoted(include_str!("../../editors/vscode/src/languages.ts"), "const ENDINGS = [", "];");
    let known: BTreeSet<&str> = Language::ALL.iter().flat_map(|language| language.extensions()).copied().collect();
    assert_eq!(endings.difference(&known).collect::<Vec<_>>(), Vec::<&&str>::new());
}

fn expected(own: &[(&'static str, &'static [&'static str])], more: &[&'static str]) -> BTreeSet<&'static str> {
    let of = |language: &Language| match own.iter().find(|(name, _)| *name == language.name()) {
        Some((_, ids)) => ids.to_vec(),
        None => vec![language.name()],
    };
    Language::ALL.iter().flat_map(of).chain(more.iter().copied()).collect()
}

/// What stands in single quotes between two marks.
fn quoted<'text>(text: &'text str, from: &str, to: &str) -> BTreeSet<&'text str> {
    let list = text.split_once(from).and_then(|(_, rest)| rest.split_once(to)).map(|(list, _)| list).unwrap();
    list.split('\'').skip(1).step_by(2).collect()
}
