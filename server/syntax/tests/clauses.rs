//! Functions that are written in several clauses, as in Haskell and Elixir.

use syntax::{Language, Symbol};

use crate::symbols::{file, symbol};

#[test]
fn the_clauses_of_a_function_are_one_symbol() {
    let haskell = "f :: Int -> Int\nf 0 = g 1\nf n = h n\n\ng = 2\n";
    let listed = file(Language::Haskell, haskell);
    assert_eq!(listed.symbols.iter().map(Symbol::path).collect::<Vec<_>>(), ["f", "g"]);
    assert_eq!(listed.symbols[0].span.of(haskell), "f :: Int -> Int\nf 0 = g 1\nf n = h n");
    assert_eq!((listed.symbols[0].line, listed.symbols[0].end_line), (0, 2));
    let calls = listed.references().filter(|reference| matches!(reference.name, "g" | "h"));
    assert!(calls.into_iter().all(|reference| reference.enclosing == Some(0)), "they stand in f");

    let elixir = "defmodule A do\n  def f(0), do: 1\n  def f(n), do: n\n  @doc \"Another.\"\n  def f(a, b), do: a\nend\n";
    let paths: Vec<String> = file(Language::Elixir, elixir).symbols.iter().map(Symbol::path).collect();
    assert_eq!(paths, ["A", "A::f", "A::f"], "a clause with its own documentation is another function");
}

#[test]
fn a_changed_clause_changes_the_hash() {
    let hash = |text: &str| symbol(Language::Haskell, text, "f").body_hash;
    assert_ne!(hash("f 0 = 1\nf n = 2\n"), hash("f 0 = 1\nf n = 3\n"));
    assert_ne!(hash("f 0 = 1\nf n = 2\n"), hash("f 0 = 2\nf n = 2\n"));
    assert_eq!(hash("f 0 = 1\nf n = 2\n"), hash("f  0 = 1\n-- why\nf n =  2\n"));
}

#[test]
fn a_clause_apart_leaves_the_first_as_long_as_it_was() {
    let text = "f :: Int\n\ng = 1\n\nf = 2\n";
    assert_eq!(symbol(Language::Haskell, text, "f").span.of(text), "f :: Int");
}
