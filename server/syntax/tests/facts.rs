//! What is told of one symbol in Lua, Bash, Elixir, Haskell, OCaml, Zig, Julia and R: as `symbols.rs` asks it of others.

use syntax::{FileSymbols, Language, Limits, Symbol, Visibility, parse};

fn file(language: Language, text: &str) -> std::sync::Arc<FileSymbols> {
    parse(language, text, None, &Limits::default()).expect("within limits").file
}

fn symbol(language: Language, text: &str, path: &str) -> Symbol {
    let file = file(language, text);
    let found = file.symbols.iter().find(|symbol| symbol.path() == path);
    found
        .cloned()
        .unwrap_or_else(|| panic!("{path} is not among {:?}", file.symbols.iter().map(Symbol::path).collect::<Vec<_>>()))
}

#[test]
fn documentation_is_found_and_stripped_of_its_markers() {
    for (language, text, path, doc) in [
        (Language::Lua, "--- One.\n-- @param a two\nlocal function f(a) end", "f", "One.\n@param a two"),
        (Language::Lua, "--[[ One. ]]\nfunction M.f() end", "M::f", "One."),
        (Language::Lua, "-- Apart.\n\nfunction f() end", "f", ""),
        (Language::Bash, "#!/bin/sh\n# One.\n# Two.\nf() { :; }", "f", "One.\nTwo."),
        (Language::Bash, "#!/bin/sh\n# shellcheck disable=SC2034\nf() { :; }", "f", ""),
        (
            Language::Elixir,
            "defmodule A do\n  @doc \"\"\"\n  One.\n\n    Two.\n  \"\"\"\n  @spec f(1) :: 2\n  def f(a), do: a\nend",
            "A::f",
            "One.\n\n  Two.",
        ),
        (Language::Elixir, "defmodule A do\n  @moduledoc ~S\"\"\"\n  One.\n  \"\"\"\nend", "A", "One."),
        (Language::Elixir, "defmodule A do\n  @doc false\n  def f(a), do: a\nend", "A::f", ""),
        (Language::Haskell, "module A where\nimport B\n\n-- | One.\n-- Two.\nf :: Int\nf = 1\n", "f", "One.\nTwo."),
        (Language::Haskell, "data A = B -- ^ One.\n  | C\n", "A::B", "One."),
        (Language::Haskell, "{-| One. -}\nf = 1\n", "f", "One."),
        (Language::OCaml, "(** One.\n    Two. *)\nlet f x = x", "f", "One.\nTwo."),
        (Language::OCaml, "(** Of the group. *)\nlet rec f x = g x\nand g x = f x", "f", "Of the group."),
        (Language::OCaml, "(** Of the group. *)\nlet rec f x = g x\nand g x = f x", "g", ""),
        (Language::OCamlInterface, "val a : int\n(** One. *)\n\nval b : int\n(** Two. *)\n", "a", "One."),
        (Language::OCamlInterface, "val a : int\n(** One. *)\n\nval b : int\n(** Two. *)\n", "b", "Two."),
        (Language::OCamlInterface, "val a : int\n\n(** Two. *)\nval b : int\n", "b", "Two."),
        (Language::OCamlInterface, "type a = A (** One. *) | B\n", "a::A", "One."),
        (Language::OCamlInterface, "(** {1 A section} *)\nval a : int\n", "a", ""),
        (Language::Zig, "//! Of the file.\n/// One.\n/// Two.\npub fn f() void {}", "f", "One.\nTwo."),
        (Language::Julia, "\"\"\"\n    f(x)\n\nOne.\n\"\"\"\nf(x) = x\n", "f", "    f(x)\n\nOne."),
        (Language::Julia, "\"One.\"\n@inline function f(x) x end\n", "f", "One."),
        (Language::R, "#' One.\n#'\n#' @export\nf <- function(x) x\n", "f", "One.\n\n@export"),
        (Language::R, "# Not one.\nf <- function(x) x\n", "f", ""),
    ] {
        assert_eq!(symbol(language, text, path).doc.trim_start_matches('\n'), doc, "{text}");
    }
}

#[test]
fn a_signature_is_one_line_without_body() {
    for (language, text, path, signature) in [
        (Language::Lua, "local f = function(a,\n  b) return a end", "f", "local f = function(a, b)"),
        (Language::Lua, "local M = { a = 1 }", "M", "local M"),
        (Language::Bash, "function f {\n  :\n}", "f", "function f"),
        (
            Language::Elixir,
            "defmodule A do\n  def f(a, b \\\\ 1) when a > b do\n    a\n  end\nend",
            "A::f",
            "def f(a, b \\\\ 1) when a > b",
        ),
        (Language::Elixir, "defmodule A do\n  def f(a), do: a\nend", "A::f", "def f(a)"),
        (Language::Haskell, "f :: Ord a\n  => a\n  -> Int\nf x = 1\n", "f", "f :: Ord a => a -> Int"),
        (Language::Haskell, "f x\n  | x > 1 = 2\n", "f", "f x"),
        (Language::Haskell, "data A a = B | C deriving Show\n", "A", "data A a"),
        (Language::OCaml, "let rec f ~a ?(b = 1) c : int = c", "f", "let rec f ~a ?(b = 1) c : int"),
        (Language::OCaml, "let rec f x = g x\nand g x = f x", "g", "let g x"),
        (Language::OCaml, "module F (X : S) = struct\n let a = 1 end", "F", "module F (X : S)"),
        (Language::OCamlInterface, "module M : sig\n  val a : int\nend", "M", "module M"),
        (Language::Elixir, "defmodule A do\n  defstruct [:a, b: 0]\nend", "A::a", ":a"),
        (Language::Elixir, "defmodule A do\n  defstruct a: 1,\n    b: 0\nend", "A::b", "b: 0"),
        (Language::Zig, "pub const A = struct {\n  a: u8,\n};", "A", "pub const A = struct"),
        (Language::Zig, "pub fn f(\n  a: u8,\n) !void {}", "f", "pub fn f(a: u8) !void"),
        (Language::Julia, "function f(x::T; y=1)::Int where T\n  x\nend", "f", "function f(x::T; y=1)::Int where T"),
        (Language::Julia, "f(x) = x + 1\n", "f", "f(x)"),
        (Language::Julia, "module A\nx = 1\nend\n", "A", "module A"),
        (Language::R, "f <- function(x,\n  y = 2) {\n  x\n}\n", "f", "f <- function(x, y = 2)"),
    ] {
        assert_eq!(&*symbol(language, text, path).signature, signature, "{text}");
    }
}

#[test]
fn visibility_is_what_the_language_says() {
    for (language, text, path, visibility) in [
        (Language::Lua, "local function f() end", "f", Visibility::Private),
        (Language::Lua, "function M.f() end", "M::f", Visibility::Public),
        (Language::Elixir, "defmodule A do\n  def f(a), do: a\nend", "A::f", Visibility::Public),
        (Language::Elixir, "defmodule A do\n  defp f(a), do: a\nend", "A::f", Visibility::Private),
        (Language::OCaml, "class c = object method private m = 1 end", "c::m", Visibility::Private),
        (Language::Zig, "pub fn f() void {}", "f", Visibility::Public),
        (Language::Zig, "fn f() void {}", "f", Visibility::Private),
        (Language::Julia, "_f(x) = x\n", "_f", Visibility::Private),
        (Language::R, ".f <- function(x) x\n", ".f", Visibility::Private),
        (Language::Haskell, "f = 1\n", "f", Visibility::Unstated),
    ] {
        assert_eq!(symbol(language, text, path).visibility, visibility, "{text}");
    }
}

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

#[test]
fn imports_name_their_source_their_name_and_their_alias() {
    for (language, text, imports) in [
        (Language::Lua, "local a = require(\"b.c\")", vec![("b.c", "", "a")]),
        (Language::Bash, "source ./a.sh", vec![("./a.sh", "*", "*")]),
        (
            Language::Elixir,
            "alias A.{B, C}\nalias A.B.D\nalias A.E, as: F\nimport G",
            vec![("A", "B", "B"), ("A", "C", "C"), ("A.B.D", "", "D"), ("A.E", "", "F"), ("G", "*", "*")],
        ),
        (
            Language::Haskell,
            "import A.B (c, D)\nimport qualified E.F as G\nimport qualified E.H\nimport I\nimport J hiding (k)\n",
            vec![("A.B", "c", "c"), ("A.B", "D", "D"), ("E.F", "", "G"), ("E.H", "", "E.H"), ("I", "*", "*"), ("J", "*", "*")],
        ),
        (Language::OCaml, "open A.B\nmodule C = D.E", vec![("A.B", "*", "*"), ("D.E", "", "C")]),
        (Language::Zig, "const a = @import(\"b.zig\");", vec![("b.zig", "", "a")]),
        (
            Language::Julia,
            "using A: b\nimport C.D\nimport E as F\nusing G\ninclude(\"h.jl\")\n",
            vec![("A", "b", "b"), ("C.D", "", "D"), ("E", "", "F"), ("G", "*", "*"), ("h.jl", "*", "*")],
        ),
        (Language::R, "library(a)\nsource(\"b.R\")\n", vec![("a", "*", "*"), ("b.R", "*", "*")]),
    ] {
        let listed = file(language, text);
        let found: Vec<_> =
            listed.imports.iter().map(|import| (import.from.as_str(), import.name.as_str(), import.alias.as_str())).collect();
        assert_eq!(found, imports, "{text}");
    }
}

#[test]
fn a_sentence_that_ends_above_a_name_is_no_path_to_it() {
    for (language, text) in [
        (Language::Rust, "fn f() {\n    // Or else.\n    go();\n}"),
        (Language::Zig, "fn f() void {\n    // Or else.\n    go();\n}"),
        (Language::Lua, "-- Or else.\ngo()"),
    ] {
        let listed = file(language, text);
        let go = listed.references().find(|reference| reference.name == "go").expect("it is listed");
        assert_eq!((go.qualifier, go.member), ("", false), "{text}");
    }
}
