//! How a language is told, and what an identifier is in it.

use syntax::{Language, Limits, identifier_at, is_comment_or_string, parse};

#[test]
fn a_file_tells_its_language_by_extension_name_or_first_line() {
    for (path, first_line, language) in [
        ("src/main.rs", "", Some(Language::Rust)),
        ("a/b.tsx", "", Some(Language::Tsx)),
        ("a/b.d.mts", "", Some(Language::TypeScript)),
        ("store.h", "", Some(Language::C)),
        ("store.hpp", "", Some(Language::Cpp)),
        ("tools/run", "#!/usr/bin/env -S python3.11 -u", Some(Language::Python)),
        ("tools/run", "#!/usr/bin/node", Some(Language::JavaScript)),
        ("SConstruct", "", Some(Language::Python)),
        ("app/Rakefile", "", Some(Language::Ruby)),
        ("shop.gemspec", "", Some(Language::Ruby)),
        ("build.gradle.kts", "", Some(Language::Kotlin)),
        ("tools/run", "#!/usr/bin/env php", Some(Language::Php)),
        ("Shop.m", "", None),
        ("shop.pl", "", None),
        ("README.md", "", None),
        ("tools/run", "#!/bin/sh", Some(Language::Bash)),
        ("tools/run", "#!/usr/bin/awk -f", None),
        ("rs", "", None),
    ] {
        assert_eq!(Language::detect(path, first_line), language, "{path} {first_line}");
    }
}

#[test]
fn a_header_is_cpp_where_only_cpp_can_begin_so() {
    for (head, language) in [
        ("#include <stddef.h>\nstruct point { int x; };\n", Language::C),
        ("#include <string>\nvoid name();\n", Language::Cpp),
        ("/* class Store {\n class Shop { */\n// namespace a {\nint a(void);\n", Language::C),
        ("#pragma once\n\nnamespace shop {\n", Language::Cpp),
        ("template <class T>\nT max(T a, T b);\n", Language::Cpp),
        ("class Store final {\n", Language::Cpp),
        ("class Store;\n", Language::Cpp),
        ("void print(const std::string &text);\n", Language::Cpp),
        ("#ifdef __cplusplus\nnamespace shop {\n#endif\nint a(void);\n", Language::C),
        ("#ifdef __cplusplus\nextern \"C\" {\n#endif\nint a(void);\n", Language::C),
        ("@interface Store : NSObject\n@end\n", Language::C),
    ] {
        assert_eq!(Language::detect("store.h", head), Some(language), "{head}");
    }
}

#[test]
fn a_language_is_found_by_its_own_name() {
    for &language in Language::ALL {
        assert_eq!(Language::from_name(language.name()), Some(language));
        assert_eq!(Language::ALL[language as usize], language);
    }
    assert_eq!(Language::from_name("typescriptreact"), Some(Language::Tsx));
    assert_eq!(Language::from_name("cobol"), None);
}

#[test]
fn a_new_name_is_an_identifier_and_no_keyword() {
    for (language, name, valid) in [
        (Language::Rust, "store", true),
        (Language::Rust, "r#type", true),
        (Language::Rust, "type", false),
        (Language::Rust, "r#self", false),
        (Language::Rust, "_", false),
        (Language::Rust, "2nd", false),
        (Language::Rust, "a-b", false),
        (Language::Rust, "", false),
        (Language::Python, "größe", true),
        (Language::Python, "None", false),
        (Language::JavaScript, "$el", true),
        (Language::JavaScript, "#age", true),
        (Language::Cpp, "namespace", false),
        (Language::C, "namespace", true),
        (Language::Go, "func", false),
        (Language::Java, "record", true),
    ] {
        assert_eq!(language.is_identifier(name), valid, "{} {name}", language.name());
    }
}

#[test]
fn an_identifier_is_found_from_both_of_its_ends() {
    let text = "let größe = r#type + x2;";
    for (offset, found) in [(0, None), (4, Some("größe")), (6, Some("größe")), (11, Some("größe")), (12, None)] {
        assert_eq!(identifier_at(Language::Rust, text, offset).map(|span| span.of(text)), found, "{offset}");
    }
    let raw = text.find("type").expect("it is there");
    assert_eq!(identifier_at(Language::Rust, text, raw).map(|span| span.of(text)), Some("r#type"));
    assert_eq!(identifier_at(Language::Rust, text, 10_000), None);
}

#[test]
fn names_in_comments_and_strings_are_no_names() {
    for (language, text) in [
        (Language::Rust, "fn a() { /* name */ b(\"name\"); // name\n}"),
        (Language::Python, "a = 'name' # name\n"),
        (Language::JavaScript, "const a = `name` + 'name'; // name"),
        (Language::Go, "package p // name\nvar a = \"name\" + `name`\n"),
    ] {
        let tree = parse(language, text, None, &Limits::default()).expect("within limits").tree;
        for (offset, _) in text.match_indices("name") {
            assert!(is_comment_or_string(&tree, offset), "{} {offset}", language.name());
        }
        let outside = text.find('a').expect("it is there");
        assert!(!is_comment_or_string(&tree, outside), "{}", language.name());
    }
}

#[test]
fn a_hole_in_a_template_is_code() {
    let text = "const a = `name ${value} name`;";
    let tree = parse(Language::JavaScript, text, None, &Limits::default()).expect("within limits").tree;
    assert!(!is_comment_or_string(&tree, text.find("value").expect("it is there")));
    assert!(is_comment_or_string(&tree, text.rfind("name").expect("it is there")));
    let text = "a = f'name {value}'\n";
    let tree = parse(Language::Python, text, None, &Limits::default()).expect("within limits").tree;
    assert!(!is_comment_or_string(&tree, text.find("value").expect("it is there")));
}

#[test]
fn what_a_comment_says_is_read_with_the_lines_around_it() {
    let cases = [
        (
            Language::Rust,
            "fn a() {\n    // Where is it,\n    // and why?\n\n    // Not this.\n    b();\n}\n",
            "Where",
            "Where is it,\nand why?",
        ),
        (Language::Rust, "/// Says one.\n/// And two.\npub fn a() {}\n", "two", "Says one.\nAnd two."),
        (Language::Python, "def a():\n    # Where is it?\n    b()  # behind\n", "Where", "Where is it?"),
        (Language::Go, "/* Where is it?\n   Here. */\nfunc a() {}\n", "Here", "Where is it?\nHere."),
        (Language::C, "#include <a.h>\n// Where is it?\n#define B 1\n", "Where", "Where is it?"),
    ];
    for (language, text, at, said) in cases {
        let tree = parse(language, text, None, &Limits::default()).unwrap().tree;
        let offset = text.find(at).unwrap();
        assert_eq!(tree.comment_at(text, offset).as_deref(), Some(said), "{}", language.name());
        let end = offset + text[offset..].find('\n').unwrap();
        assert_eq!(tree.comment_at(text, end).as_deref(), Some(said), "the end of its line, {}", language.name());
    }
    let text = "#include <a.h>\nint a(void) { return 1; }\n";
    let tree = parse(Language::C, text, None, &Limits::default()).unwrap().tree;
    assert_eq!(tree.comment_at(text, 3), None);
    assert_eq!(tree.comment_at(text, text.len()), None);
}
