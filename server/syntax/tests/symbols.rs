//! What is told of one symbol: its documentation, extent, signature, hash and visibility; and what a file imports and uses.

use syntax::{FileSymbols, Language, Limits, Symbol, Visibility, parse};

pub(crate) fn file(language: Language, text: &str) -> std::sync::Arc<FileSymbols> {
    parse(language, text, None, &Limits::default()).expect("within limits").file
}

pub(crate) fn symbol(language: Language, text: &str, path: &str) -> Symbol {
    let file = file(language, text);
    let found = file.symbols.iter().find(|symbol| symbol.path() == path);
    found
        .cloned()
        .unwrap_or_else(|| panic!("{path} is not among {:?}", file.symbols.iter().map(Symbol::path).collect::<Vec<_>>()))
}

fn hash(language: Language, text: &str, path: &str) -> u64 {
    symbol(language, text, path).body_hash
}

#[test]
fn documentation_is_found_and_stripped_of_its_markers() {
    for (language, text, path, doc) in [
        (Language::Rust, "/// One.\n///\n/// Two.\n#[must_use]\nfn a() {}", "a", "One.\n\nTwo."),
        (Language::Rust, "// Not one.\nfn a() {}", "a", ""),
        (Language::Rust, "//! Of the file.\n\nfn a() {}", "a", ""),
        (Language::Rust, "enum A {\n    /// One.\n    B, // not B's\n    C,\n}", "A::C", ""),
        (Language::Rust, "/** One.\n * Two.\n */\nstruct A;", "A", "One.\nTwo."),
        (Language::Go, "package p\n\n// A is one.\n// Two.\nfunc A() {}", "A", "A is one.\nTwo."),
        (Language::Go, "package p\n\n// Apart.\n\nfunc A() {}", "A", ""),
        (Language::C, "/* One. */\nint a(void) { return 1; }", "a", "One."),
        (Language::Cpp, "/// One.\ntemplate <class T>\nvoid a(T t) {}", "a", "One."),
        (Language::Java, "/**\n * One.\n *\n * @param x two\n */\n@Ann\nclass A {}", "A", "One.\n\n@param x two"),
        (Language::TypeScript, "/** One. */\nexport const a = () => 1;", "a", "One."),
        (Language::TypeScript, "class A {\n  /** One. */\n  @dec()\n  b() {}\n}", "A::b", "One."),
        (Language::Python, "def a():\n    \"\"\"One.\n\n    Two.\n    \"\"\"\n    return 1\n", "a", "One.\n\nTwo."),
        (Language::Python, "@dec\nclass A:\n    r'''One.'''\n", "A", "One."),
        (Language::CSharp, "/// <summary>\n/// One.\n/// </summary>\n[Ann]\nclass A {}", "A", "One."),
        (Language::CSharp, "class A {\n  /// <summary>One.</summary>\n  int B => 1;\n}", "A::B", "One."),
        (Language::Ruby, "# One.\n# Two.\nclass A\nend", "A", "One.\nTwo."),
        (Language::Ruby, "# frozen_string_literal: true\nclass A\nend", "A", ""),
        (Language::Php, "<?php\n/**\n * One.\n */\n#[Ann]\nclass A {}", "A", "One."),
        (Language::Kotlin, "/** One. */\n@Ann\nfun a() {}", "a", "One."),
        (Language::Swift, "/// One.\n@Ann\npublic func a() {}", "a", "One."),
        (Language::Scala, "/** One. */\n@ann def a = 1", "a", "One."),
        (Language::Dart, "class A {\n  /// One.\n  @ann\n  int b() => 1;\n}", "A::b", "One."),
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
        (Language::Haskell, "-----\n-- plain\n-- | One.\n-- Two.\n\nf :: Int\nf = 1\n", "f", "One.\nTwo."),
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
        assert_eq!(&*symbol(language, text, path).doc, doc, "{text}");
    }
}

#[test]
fn the_full_extent_holds_all_that_belongs_to_a_definition() {
    for (language, text, path, start) in [
        (Language::Rust, "fn z() {}\n/// Doc.\n#[inline]\nfn a() {}", "a", "/// Doc."),
        (Language::Rust, "fn z() {} // of z\n#[inline]\nfn a() {}", "a", "#[inline]"),
        (Language::Python, "x = 1\n@one\n@two(3)\ndef a(): pass\n", "a", "@one"),
        (Language::TypeScript, "let z;\n/** Doc. */\n@one\nexport class A {}", "A", "/** Doc. */"),
        (Language::JavaScript, "let z;\nexport default function a() {}", "a", "export"),
        (Language::Java, "class B {\n /** Doc. */\n @One int a() { return 1; } }", "B::a", "/** Doc. */"),
        (Language::Cpp, "int z;\n// Doc.\ntemplate <class T> struct A {};", "A", "// Doc."),
        (Language::Go, "package p\n\n// Doc.\ntype A struct{}", "A", "// Doc."),
    ] {
        let symbol = symbol(language, text, path);
        let full = symbol.full_span.of(text);
        assert!(full.starts_with(start), "{full:?} of {text}");
        assert!(full.trim_end_matches(';').ends_with(symbol.span.of(text).trim_end_matches(';')), "{full:?} of {text}");
    }
}

#[test]
fn a_signature_is_one_line_without_body_and_attributes() {
    for (language, text, path, signature) in [
        (
            Language::Rust,
            "#[a]\npub fn a(\n    x: u8, // one\n    y: u8,\n) -> u8 {\n  x\n}",
            "a",
            "pub fn a(x: u8, y: u8) -> u8",
        ),
        (Language::Rust, "pub struct A(pub u8, String);", "A", "pub struct A(pub u8, String)"),
        (
            Language::Python,
            "@dec\nasync def a(x: int,\n            y=2) -> int:\n    pass\n",
            "a",
            "async def a(x: int, y=2) -> int",
        ),
        (Language::Java, "class A { @Override public  int b( int c ) { return c; } }", "A::b", "public int b(int c)"),
        (Language::Go, "package p\nfunc (s *S) A(x int) error { return nil }", "S::A", "func (s *S) A(x int) error"),
        (Language::TypeScript, "export const a = async (x: number) => { return x; };", "a", "const a = async (x: number)"),
        (Language::C, "typedef struct { int x; } a;", "a", "typedef struct a"),
        (Language::Cpp, "struct A { A(int x) : x(x) {} int x; };", "A::A", "A(int x)"),
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
fn white_space_and_comments_do_not_change_a_hash() {
    let pairs = [
        (Language::Rust, "fn a(x: u8) -> u8 { x + 1 }", "/// Doc.\nfn a( x: u8 )\n    -> u8 {\n    // why\n    x + 1\n}"),
        (Language::Python, "def a(x):\n    return x\n", "def a( x ):\n  '''Doc.'''\n  # why\n  return x\n"),
        (Language::Go, "package p\nfunc a() { b(); c() }", "package p\nfunc a() {\n\tb(); c() // why\n}"),
        (Language::JavaScript, "function a() { return 1; }", "function a()\n{ /* why */ return 1; }"),
    ];
    for (language, one, other) in pairs {
        assert_eq!(hash(language, one, "a"), hash(language, other, "a"), "{other}");
    }
}

#[test]
fn tokens_and_meaningful_indentation_change_a_hash() {
    let a = |text| hash(Language::Rust, text, "a");
    assert_ne!(a("fn a() { 1 }"), a("fn a() { 2 }"));
    assert_ne!(a("fn a() { \"x y\" }"), a("fn a() { \"x  y\" }"));
    let p = |text| hash(Language::Python, text, "a");
    assert_ne!(p("def a():\n    if x:\n        b()\n    c()\n"), p("def a():\n    if x:\n        b()\n        c()\n"));
    assert_ne!(a("fn a() { fn b() { 1 } }"), a("fn a() { fn b() { 2 } }"));
}

#[test]
fn visibility_is_what_the_language_says() {
    for (language, text, path, visibility) in [
        (Language::Rust, "pub fn a() {}", "a", Visibility::Public),
        (Language::Rust, "pub(crate) fn a() {}", "a", Visibility::Unstated),
        (Language::Rust, "fn a() {}", "a", Visibility::Private),
        (Language::Go, "package p\nfunc A() {}", "A", Visibility::Public),
        (Language::Go, "package p\nfunc a() {}", "a", Visibility::Private),
        (Language::Python, "def _a(): pass\n", "_a", Visibility::Private),
        (Language::Java, "class A { private int b; }", "A::b", Visibility::Private),
        (Language::TypeScript, "export function a() {}", "a", Visibility::Public),
        (Language::C, "static int a(void) { return 1; }", "a", Visibility::Private),
        (Language::CSharp, "public class A { private int b; }", "A", Visibility::Public),
        (Language::Php, "<?php\nclass A { private $b; }", "A::b", Visibility::Private),
        (Language::Kotlin, "fun a() {}", "a", Visibility::Public),
        (Language::Kotlin, "internal fun a() {}", "a", Visibility::Unstated),
        (Language::Swift, "fileprivate func a() {}", "a", Visibility::Private),
        (Language::Scala, "object A { private def b = 1 }", "A::b", Visibility::Private),
        (Language::Scala, "object A { private[shop] def b = 1 }", "A::b", Visibility::Unstated),
        (Language::Dart, "class _A {}", "_A", Visibility::Private),
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
fn imports_name_their_source_their_name_and_their_alias() {
    let cases: [(Language, &str, &[&str]); 16] = [
        (
            Language::Rust,
            "use a::{self, b::{C, D as E}, f::*}; // x\npub use crate::g;\nuse self::h as _;",
            &["|a|a", "a::b|C|C", "a::b|D|E", "a::f|*|*", "crate|g|g", "self|h|_"],
        ),
        (
            Language::Python,
            "import a.b\nimport c as d\nfrom .e import f as g, h\nfrom i import *\n",
            &["a.b||a.b", "c||d", ".e|f|g", ".e|h|h", "i|*|*"],
        ),
        (
            Language::TypeScript,
            "import a, { b as c, d } from './e';\nimport * as f from 'g';\nimport 'h';\nexport { i } from './j';\nexport * from './k';",
            &["./e|b|c", "./e|d|d", "./e|default|a", "g|*|f", "h||", "./j|i|i", "./k|*|*"],
        ),
        (Language::JavaScript, "import { a } from \"b\";", &["b|a|a"]),
        (
            Language::Go,
            "package p\nimport (\n\t\"fmt\"\n\tx \"a/b\"\n\t. \"c\"\n\t\"d/e/v2\"\n)\n",
            &["fmt||fmt", "a/b||x", "c|*|*", "d/e/v2||e"],
        ),
        (Language::Java, "import a.b.C;\nimport a.d.*;\nimport static a.E.f;", &["a.b|C|C", "a.d|*|*", "a.E|f|f"]),
        (Language::C, "#include <a/b.h>\n#include \"c.h\"\n", &["a/b.h|*|*", "c.h|*|*"]),
        (Language::Cpp, "#include \"c.hpp\"\n", &["c.hpp|*|*"]),
        (Language::Lua, "local a = require(\"b.c\")", &["b.c||a"]),
        (Language::Bash, "source ./a.sh", &["./a.sh|*|*"]),
        (
            Language::Elixir,
            "alias A.{B, C}\nalias A.B.D\nalias A.E, as: F\nimport G",
            &["A|B|B", "A|C|C", "A.B.D||D", "A.E||F", "G|*|*"],
        ),
        (
            Language::Haskell,
            "import A.B (c, D)\nimport qualified E.F as G\nimport qualified E.H\nimport I\nimport J hiding (k)\n",
            &["A.B|c|c", "A.B|D|D", "E.F||G", "E.H||E.H", "I|*|*", "J|*|*"],
        ),
        (Language::OCaml, "open A.B\nmodule C = D.E", &["A.B|*|*", "D.E||C"]),
        (Language::Zig, "const a = @import(\"b.zig\");", &["b.zig||a"]),
        (
            Language::Julia,
            "using A: b\nimport C.D\nimport E as F\nusing G\ninclude(\"h.jl\")\n",
            &["A|b|b", "C.D||D", "E||F", "G|*|*", "h.jl|*|*"],
        ),
        (Language::R, "library(a)\nsource(\"b.R\")\n", &["a|*|*", "b.R|*|*"]),
    ];
    for (language, text, expected) in cases {
        let imports: Vec<String> = file(language, text)
            .imports
            .iter()
            .map(|import| format!("{}|{}|{}", import.from, import.name, import.alias))
            .collect();
        assert_eq!(imports, expected, "{text}");
    }
}

#[test]
fn a_local_name_hides_a_symbol_only_where_it_is_bound() {
    let text = "fn config() {}\nfn a() { let config = config(); config; }\nfn b() { config() }\nfn c(config: u8) { config; self.config; x::config; }";
    let uses: Vec<bool> =
        file(Language::Rust, text).references().filter(|use_| use_.name == "config").map(|use_| use_.local).collect();
    assert_eq!(uses, [false, true, false, true, false, false]);
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

#[test]
fn places_are_plain_where_every_encoding_counts_alike() {
    let place = |text: &str, name: &str| {
        let start = text.find(name).unwrap();
        file(Language::Rust, text).plain_place(text::Span::new(start, start + name.len()))
    };
    let text = "fn a() {}\r\n/* ä */ fn b() {}\nfn c() {}";
    assert_eq!(place(text, "a()"), Some((0, 3)));
    assert_eq!(place(text, "b()"), None, "a letter before it takes two bytes");
    assert_eq!(place(text, "c() {}"), Some((2, 3)));
    assert_eq!(place(text, "{}\r\n/* ä */"), None, "it goes on in the next line");
    let lone = "fn a() {}\n// b\rfn c() {}\nfn d() {}\n";
    assert_eq!(place(lone, "a"), Some((0, 3)));
    assert_eq!((place(lone, "c"), place(lone, "d")), (None, None), "clients count a lone carriage return as the end of a line");
}
