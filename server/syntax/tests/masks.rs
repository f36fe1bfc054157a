//! What a grammar cannot read hides nothing; macros are listed as uses; and all of it is followed when the text is edited.

use std::sync::Arc;

use syntax::{FileSymbols, Language, Limits, parse};
use text::{ContentChange, Document, Position, PositionEncoding, PositionRange};

fn file(language: Language, text: &str) -> Arc<FileSymbols> {
    parse(language, text, None, &Limits::default()).expect("it is within limits").file
}

fn names(file: &FileSymbols) -> Vec<String> {
    file.symbols.iter().map(|symbol| format!("{} {}", symbol.kind.as_str(), symbol.path())).collect()
}

/// What is listed of a text that must leave the grammar no question.
fn listed(language: Language, text: &str) -> Vec<String> {
    let file = file(language, text);
    assert_eq!(file.error_count, 0, "{text}");
    names(&file)
}

#[test]
fn a_macro_around_a_c_declaration_hides_nothing() {
    let text = "FOO_API void *(*Foo_Alloc)(size_t bytes) FOO_ATTR;\n\
        FOO_API size_t (*Foo_Size)(void *what) FOO_ATTR;\n\
        FOO_API int foo_log(int level, ...) FOO_ATTR FOO_PRINTF(2, 3);\n\
        static size_t count GUARDED_BY(lock) = 1;\n\
        struct FOO_PACKED head { int length; };\n\
        FOO_EXPORT struct head make_head(void);\n";
    let expected = [
        "variable Foo_Alloc",
        "variable Foo_Size",
        "function foo_log",
        "variable count",
        "struct head",
        "field head::length",
        "function make_head",
    ];
    assert_eq!(listed(Language::C, text), expected);
}

#[test]
fn what_stands_in_for_a_macro_is_no_name_in_a_broken_text() {
    let file = file(Language::C, "struct{f y:RD_H(R)n p");
    let told: Vec<(&str, u32)> = file.references().map(|reference| (reference.name, reference.span.start)).collect();
    assert_eq!(told, [("f", 7), ("RD_H", 11), ("R", 16), ("n", 18), ("p", 20)]);
}

#[test]
fn a_macro_in_a_cpp_class_hides_nothing() {
    let text = "FOO_BEGIN_NAMESPACE\nFOO_BEGIN_EXPORT\n\ntemplate <class T> using own = T;\nclass LOCKABLE Mutex {\n FOO_PRIVATE:\n  \
        FOO_WARNING(suppress : 1)\n  Mutex(int n) noexcept : n_(n), m_(n) {}\n};\nFOO_NAMESPACE namespace detail {\n\
        class FOO_EXPORT Store final : public Base {\n Q_OBJECT\n public:\n  FOO_CONSTEXPR Store(int n) : n_(n) {}\n\
        FOO_INLINE ~Store() FOO_NOEXCEPT(true) {}\n  void lock() EXCLUSIVE_LOCK(mu_);\n  int get() const FOO_PURE { return n_; }\n\
        private:\n  std::mutex mu_ ACQUIRED_AFTER(other_);\n  int n_ GUARDED_BY(mu_) = 0;\n};\n}\nFOO_END_NAMESPACE\n";
    let expected = [
        "class own",
        "class Mutex",
        "constructor Mutex::Mutex",
        "namespace detail",
        "class detail::Store",
        "constructor detail::Store::Store",
        "method detail::Store::~Store",
        "method detail::Store::lock",
        "method detail::Store::get",
        "field detail::Store::mu_",
        "field detail::Store::n_",
    ];
    assert_eq!(listed(Language::Cpp, text), expected);
}

#[test]
fn a_word_in_capitals_that_means_something_is_read() {
    let text = "static const FOO_TYPE *table;\nFOO_TYPE first(FOO_TYPE x);\nstruct FOO_HEAD head;\nFOO_TYPE const last = 1;\n\
        static size_t FOO_SIZE(int x);\nint run(int x) {\n  if (x) FOO_BAR(x);\n  int y = (int) FOO_MAX;\n  while (y) FOO_STEP(y);\n  \
        return FOO_OK;\n}\n";
    let expected = ["variable table", "function first", "variable head", "variable last", "function FOO_SIZE", "function run"];
    assert_eq!(listed(Language::C, text), expected);
    let file = file(Language::C, text);
    let uses =
        |name: &str| file.references().filter(|reference| reference.name == name).map(|found| found.kind).collect::<Vec<_>>();
    assert_eq!(uses("FOO_TYPE"), [syntax::ReferenceKind::Type; 4]);
    assert_eq!(uses("FOO_BAR"), [syntax::ReferenceKind::Call]);
    assert_eq!(uses("FOO_OK"), [syntax::ReferenceKind::Other]);
}

#[test]
fn a_masked_macro_is_a_use_and_part_of_the_signature() {
    let text = "/* FOO_API int no; */\n\n/** Opens. */\nFOO_API int store_open(void) FOO_LOCKS(mu->inner, \"FOO_NO\");\n";
    let file = file(Language::C, text);
    let uses: Vec<_> =
        file.references().map(|found| (found.name.to_owned(), found.qualifier.to_owned(), found.enclosing)).collect();
    let expected = [("FOO_API", ""), ("FOO_LOCKS", ""), ("mu", ""), ("inner", "mu")];
    assert_eq!(uses, expected.map(|(name, before)| (name.to_owned(), before.to_owned(), Some(0))));
    assert_eq!(&*file.symbols[0].doc, "Opens.");
    assert_eq!(&*file.symbols[0].signature, "FOO_API int store_open(void) FOO_LOCKS(mu->inner, \"FOO_NO\")");
}

/// Types `edits` (line, character, how many characters go, what comes) and compares each state with a fresh parse.
fn type_in(language: Language, text: &str, edits: &[(u32, u32, u32, &str)]) {
    let mut document = Document::new(text, 0);
    let mut tree = parse(language, text, None, &Limits::default()).expect("it is within limits").tree;
    for &(line, character, gone, new) in edits {
        let range = PositionRange { start: Position { line, character }, end: Position { line, character: character + gone } };
        let (next, applied) =
            document.apply(&[ContentChange { range: Some(range), text: new.to_owned() }], PositionEncoding::Utf8, 0);
        applied.iter().for_each(|change| tree.edit(change));
        let again = parse(language, &next.text, Some(&tree), &Limits::default()).expect("it is within limits");
        let fresh = parse(language, &next.text, None, &Limits::default()).expect("it is within limits");
        assert_eq!(again.tree.error_count(), fresh.tree.error_count(), "{}", next.text);
        assert_eq!(names(&again.file), names(&fresh.file), "{}", next.text);
        assert_eq!(again.file, fresh.file, "{}", next.text);
        (document, tree) = (next, again.tree);
    }
}

#[test]
fn an_edited_text_is_masked_as_a_fresh_one() {
    let c = "FOO_API int one(void) FOO_ATTR;\nint two(int x) {\n  return x;\n}\nFOO_API void (*three)(int x);\n";
    // A macro comes to be, goes, moves, and is one because of what is typed behind or before it.
    let edits = [
        (2, 9, 1, "xy"),
        (0, 0, 8, ""),
        (0, 0, 0, "FOO_API "),
        (0, 3, 4, "api"),
        (0, 3, 3, "_API"),
        (0, 13, 0, "n"),
        (0, 29, 0, "x"),
        (1, 0, 0, "\n\nFOO_EXTRA(1)\n"),
        (3, 11, 0, "2"),
        (3, 0, 12, ""),
        (0, 0, 0, "/*"),
        (0, 2, 0, "*/"),
        (7, 8, 4, "int"),
    ];
    type_in(Language::C, c, &edits);
    let cpp = "class FOO_API A {\n  int a GUARDED_BY(mu);\n  FOO_INLINE A() {}\n  int f() FOO_CONST { return a; }\n};\n";
    type_in(
        Language::Cpp,
        cpp,
        &[(1, 18, 0, "x"), (0, 9, 1, ""), (0, 9, 0, "_"), (3, 29, 0, "+ 1"), (2, 2, 11, ""), (0, 14, 1, "AB")],
    );
}

const OVERLOADED: &str = "\
/** Boxes. */
export interface Box<out A, in B = never> extends Base<A> {
  /** What is in it. */
  content: A | import('./none').None<B> | `no \\`A\\``
}
export const map: {
  /** Maps. */
  <A, B>(f: (a: A) => B): (self: Box<A>) => Box<B>
  /** Maps at once. */
  <A, B>(self: Box<A>, f: (a: A) => B): Box<B>
} = dual(2, <A, B>(self: Box<A>, f: (a: A) => B): Box<B> => open(self, f))
";

#[test]
fn signatures_without_semicolons_and_variance_hide_nothing() {
    assert_eq!(listed(Language::TypeScript, OVERLOADED), ["interface Box", "property Box::content", "constant map"]);
    let file = file(Language::TypeScript, OVERLOADED);
    assert_eq!(&*file.symbols[0].signature, "interface Box<out A, in B = never> extends Base<A>");
    assert_eq!(&*file.symbols[1].doc, "What is in it.");
    let names: Vec<&str> = file.references().map(|found| found.name).collect();
    assert!(
        names.contains(&"dual") && names.contains(&"open") && names.contains(&"None") && !names.contains(&"out"),
        "{names:?}"
    );
}

#[test]
fn what_types_alone_are_exported_from_is_imported_and_an_overridden_field_listed() {
    let text = "export type * from './a'\nexport type * as b from './b'\nabstract class C {\n  abstract override readonly d: string\n}\n";
    assert_eq!(listed(Language::TypeScript, text), ["class C", "field C::d"]);
    let file = file(Language::TypeScript, text);
    let imports: Vec<_> = file.imports.iter().map(|import| (import.from.as_str(), import.alias.as_str())).collect();
    assert_eq!(imports, [("./a", "*"), ("./b", "b")]);
}

#[test]
fn edited_typescript_is_masked_as_fresh() {
    let edits = [
        (8, 2, 0, "x"),
        (8, 2, 1, ""),
        (6, 49, 1, ""),
        (6, 49, 0, "B"),
        (8, 1, 0, "\t "),
        (8, 0, 4, ""),
        (8, 0, 0, "  "),
        (1, 24, 0, "p"),
        (1, 24, 1, ""),
        (1, 21, 4, ""),
        (5, 0, 0, "// "),
        (5, 0, 3, ""),
        (7, 17, 2, ""),
        (7, 17, 0, "*/"),
    ];
    type_in(Language::TypeScript, OVERLOADED, &edits);
}
