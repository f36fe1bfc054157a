//! What is too big, too long, too slow or too deep.

use std::fmt::Write as _;

use syntax::{Language, Limits, Skip, parse};

fn skip(text: &str, limits: &Limits) -> Option<Skip> {
    parse(Language::Rust, text, None, limits).err()
}

#[test]
fn a_text_over_the_size_is_skipped() {
    let limits = Limits { max_bytes: 10, ..Limits::default() };
    assert_eq!(skip("fn a() {} // long", &limits), Some(Skip::TooLarge));
    assert_eq!(skip("fn a() {}", &limits), None);
}

#[test]
fn a_text_with_a_long_line_is_skipped() {
    let limits = Limits { max_line_bytes: 12, ..Limits::default() };
    assert_eq!(skip("fn a() {}\nfn a_longer_one() {}\n", &limits), Some(Skip::LongLine));
    assert_eq!(skip("fn a() {}\nfn b() {}\n", &limits), None);
}

#[test]
fn a_parse_without_time_ends() {
    let mut text = String::new();
    for number in 0..20_000 {
        writeln!(text, "fn f{number}(x: u32) -> u32 {{ x + {number} }}").expect("a string takes all");
    }
    assert_eq!(skip(&text, &Limits { parse_ms: 0, ..Limits::default() }), Some(Skip::Timeout));
}

#[test]
fn deep_nesting_neither_overflows_nor_hides_what_follows() {
    let limits = Limits { max_line_bytes: 100_000, parse_ms: 60_000, ..Limits::default() };
    for (language, head, tail) in [
        (Language::Rust, "fn deep() { let x = ", "; }\nfn after() {}\n"),
        (Language::Python, "deep = ", "\ndef after(): pass\n"),
        (Language::JavaScript, "const deep = ", ";\nfunction after() {}\n"),
        (Language::C, "int deep = ", ";\nint after(void);\n"),
        (Language::Go, "package p\nvar deep = ", "\nfunc after() {}\n"),
        (Language::Java, "class A { int deep = ", "; void after() {} }\n"),
    ] {
        let text = format!("{head}{}1{}{tail}", "(".repeat(20_000), ")".repeat(20_000));
        let parsed = parse(language, &text, None, &limits).expect("deep nesting is no reason to skip");
        let names: Vec<&str> = parsed.file.symbols.iter().map(|symbol| symbol.name.as_str()).collect();
        assert!(names.ends_with(&["after"]), "{}: {names:?}", language.name());
    }
}

#[test]
fn deeply_nested_definitions_are_listed_down_to_the_limit() {
    let text = format!("{}{}", "mod m { ".repeat(300), "}".repeat(300));
    let all = parse(Language::Rust, &text, None, &Limits::default()).expect("within limits").file;
    assert_eq!(all.symbols.len(), 300);
    let some = parse(Language::Rust, &text, None, &Limits { max_depth: 100, ..Limits::default() }).expect("within limits").file;
    assert!((40..60).contains(&some.symbols.len()), "{}", some.symbols.len());
}

#[test]
fn broken_text_is_counted_and_still_listed() {
    let text = "fn a() {}\nfn b( {\nstruct C;\n";
    let parsed = parse(Language::Rust, text, None, &Limits::default()).expect("within limits");
    assert!(parsed.file.error_count > 0);
    assert_eq!(parsed.file.error_count as usize, parsed.tree.error_count());
    assert!(!parsed.tree.error_spans().is_empty());
    assert!(parsed.file.symbols.iter().any(|symbol| symbol.name == "a"));
}

#[test]
fn a_long_list_of_imports_takes_no_longer_than_its_length() {
    let names: String = (0..20_000).map(|number| format!("  name{number},\n")).collect();
    let text = format!("import {{\n{names}}} from './names';\n");
    let limits = Limits { parse_ms: 60_000, ..Limits::default() };
    let parsed = parse(Language::TypeScript, &text, None, &limits).expect("within limits");
    assert_eq!(parsed.file.imports.len(), 20_000);
    assert!(parsed.file.imports.iter().all(|import| import.from == "./names"));
}

#[test]
fn a_long_list_of_declarators_takes_no_longer_than_its_length() {
    let names: String = (0..60_000).map(|number| format!("*name{number},\n")).collect();
    let limits = Limits { parse_ms: 10_000, ..Limits::default() };
    let parsed = parse(Language::C, &format!("int {names}last;\n"), None, &limits).expect("within limits");
    assert_eq!(parsed.file.symbols.len(), 60_001);
}

/// Each look from one node to those beside it begins at the root.
#[test]
fn a_long_comment_is_read_in_no_more_time_than_its_length_takes() {
    let text = "# one\n".repeat(100_000);
    let tree = parse(Language::Julia, &text, None, &Limits::default()).expect("within limits").tree;
    assert_eq!(tree.comment_at(&text, 300_001).map(|said| said.lines().count()), Some(100_000));
}

#[test]
fn values_that_are_made_inside_of_one_another_take_no_stack_for_each() {
    let text = format!("const made = {}Thing;\n", "new\n".repeat(4_500));
    let parse = move || parse(Language::JavaScript, &text, None, &Limits::default()).map(|parsed| parsed.file.symbols.len());
    let thread = std::thread::Builder::new().stack_size(512 << 10).spawn(parse).expect("a thread");
    assert_eq!(thread.join().expect("no panic"), Ok(1));
}

/// tree-sitter lets go of what it followed by a function that calls itself for each of these lines.
#[test]
fn a_text_that_is_read_in_several_ways_takes_no_more_stack_than_there_is() {
    let text = ". Enter = \n".repeat(4_000);
    let parse = move || parse(Language::JavaScript, &text, None, &Limits::default()).map(|parsed| parsed.file.symbols.len());
    let thread = std::thread::Builder::new().stack_size(192 << 10).spawn(parse).expect("a thread");
    assert!(matches!(thread.join().expect("no panic"), Ok(0) | Err(Skip::Timeout)));
}

/// The parser's own scanner is not asked whether its time is over.
#[test]
fn a_kotlin_text_that_ends_in_an_annotation_is_parsed_to_its_end() {
    for text in ["class A\n@B", "class A\n@B(c", "class A {\n  val b = 1\n  @C(d e", "class A {\n  val b = 1\n  @C(d) @E"] {
        let parsed = parse(Language::Kotlin, text, None, &Limits::default()).unwrap();
        assert_eq!(&*parsed.file.symbols[0].name, "A", "{text:?}");
    }
}
