//! Changes: whatever way a state was come to, the answers are those of a fresh build.

use std::collections::BTreeSet;
use std::sync::atomic::AtomicBool;

use index::{Index, Options};
use syntax::Language;

use crate::folder::{Folder, named, parse, paths, show, uses};

/// Everything that an index says of meaning, in one comparable piece.
fn answers(index: &Index) -> BTreeSet<String> {
    let mut answers = BTreeSet::new();
    for record in index.files() {
        for reference in record.file().references() {
            let at = format!("{}:{}", record.path, reference.span.start);
            let meant: BTreeSet<String> =
                index.definitions_of(record, &reference).iter().map(|(symbol, certainty)| show(symbol, *certainty)).collect();
            answers.insert(format!("{at} {meant:?}"));
        }
        for place in 0..record.file().symbols.len() {
            let symbol = index::SymbolRef::new(record, u32::try_from(place).unwrap()).unwrap();
            answers.insert(format!("{symbol:?} {:?}", uses(index, &symbol)));
            assert_eq!(index.by_id(&symbol.id()), Some(symbol));
        }
    }
    for query in ["alpha", "be", "gam", "one"] {
        answers.extend(index.search(query, 1000).iter().map(|symbol| format!("{query} {symbol:?}")));
        answers.extend(index.rank(query, 1000).iter().map(|ranked| format!("{query} {:?} {}", ranked.symbol, ranked.why)));
    }
    answers
}

/// Small programs that lean on each other, by number.
fn program(number: usize) -> String {
    let names = ["alpha", "beta", "gamma", "delta"];
    let name = |offset: usize| names[(number + offset) % names.len()];
    let module = ["one", "two", "three"][number % 3];
    format!(
        "use crate::{module}::{};\nuse super::*;\npub struct {}Box {{ {}: u8 }}\nimpl {0}Box {{ pub fn {}(&self) -> u8 {{ self.{1}() + {}() }} }}\n\
         pub fn {}() {{ {}(); crate::{module}::{}(); }}\n",
        name(0),
        name(1),
        name(2),
        name(2),
        name(3),
        name(1),
        name(0),
        name(3)
    )
}

#[test]
fn a_row_of_edits_equals_a_fresh_build() {
    for seed in 0..12_u64 {
        let folder = Folder::new("//- src/lib.rs\npub mod one; pub mod two; pub mod three;\n");
        let files = ["src/one.rs", "src/two.rs", "src/three.rs", "src/one/four.rs"];
        for (number, path) in files.iter().enumerate().take(3) {
            folder.write(path, &program(number));
        }
        let mut index = folder.index();
        let mut state = seed * 7919 + 17;
        for _ in 0..8 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let number = usize::try_from(state >> 33).unwrap();
            let path = files[number % files.len()];
            if number % 5 == 0 && folder.root().join(path).exists() {
                folder.remove(path);
                index = index.without(path);
            } else {
                let text = program(number / 7);
                folder.write(path, &text);
                index = index.with_text(path, &text, parse(Language::Rust, &text));
            }
            if number % 11 == 0 {
                index = index.fold();
            }
            let fresh = folder.index();
            assert_eq!(paths(&index), paths(&fresh), "seed {seed}");
            assert_eq!(answers(&index), answers(&fresh), "seed {seed}");
        }
        assert_eq!(answers(&index.fold()), answers(&index), "seed {seed}");
    }
}

#[test]
fn a_picture_does_not_change_when_the_next_is_made() {
    let folder = Folder::new("//- a.rs\npub fn old() {}\n");
    let before = folder.index();
    let text = "pub fn new_name() {}\n";
    let after = before.with_text("a.rs", text, parse(Language::Rust, text));
    assert_eq!((before.named("old").len(), before.named("new_name").len()), (1, 0));
    assert_eq!((after.named("old").len(), after.named("new_name").len()), (0, 1));
}

#[test]
fn what_is_unchanged_is_not_parsed_again() {
    let folder = Folder::new("//- a.rs\nfn a() {}\n//- b.rs\nfn b() {}\n");
    let first = folder.index();
    folder.write("b.rs", "fn c() {}\n");
    folder.write("d.rs", "fn d() {}\n");
    let (second, report) = first.rebuild(&Options::default(), &|_| {}, &AtomicBool::new(false));
    assert_eq!((report.reused, report.parsed, report.files), (1, 2, 3));
    assert!(second.named("b").is_empty());
    assert!(std::sync::Arc::ptr_eq(first.file("a.rs").unwrap().file(), second.file("a.rs").unwrap().file()));
}

#[test]
fn the_disk_is_taken_over_path_by_path() {
    let folder = Folder::new("//- a.rs\nfn a() {}\n//- sub/b.rs\nfn b() {}\n//- sub/c.rs\nfn c() {}\n");
    folder.write(".gitignore", "out/\n");
    let index = folder.index();
    folder.write("a.rs", "fn a2() {}\n");
    folder.write("new.rs", "fn fresh() {}\n");
    folder.write("out/made.rs", "fn made() {}\n");
    folder.remove("sub/b.rs");
    let at = |path: &str| folder.root().join(path);
    let index = index.refresh(&[at("a.rs"), at("new.rs"), at("out/made.rs"), at("sub/b.rs")]);
    assert_eq!(paths(&index), ["a.rs", "new.rs", "sub/c.rs"]);
    named(&index, "a2");
    std::fs::remove_dir_all(at("sub")).unwrap();
    assert_eq!(paths(&index.refresh(&[at("sub")])), ["a.rs", "new.rs"]);
    folder.write(".gitignore", "");
    assert_eq!(paths(&index.refresh(&[at(".gitignore")])), ["a.rs", "new.rs", "out/made.rs"]);
}

#[test]
fn an_edit_hides_what_the_base_said() {
    let folder = Folder::new("//- src/lib.rs\nmod a;\nfn go() { a::start(); }\n//- src/a.rs\npub fn start() {}\n");
    let index = folder.index();
    assert_eq!(uses(&index, &named(&index, "start")), ["src/lib.rs:2:14 start (exact)"]);
    let text = "\nmod a;\nfn go() { a::stop(); }\n";
    let index = index.with_text("src/lib.rs", text, parse(Language::Rust, text));
    assert!(uses(&index, &named(&index, "start")).is_empty());
    assert!(folder.meanings(&folder.index(), "src/lib.rs", "a::^start")[0].ends_with("exact"));
}
