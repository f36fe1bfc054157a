//! Search, ranking and the map.

use crate::folder::{Folder, named};

fn house() -> Folder {
    Folder::new(
        "//- src/lib.rs
pub mod retry;
pub mod http;
//- src/retry.rs
/// Decides whether a failed request is tried again, and after which delay.
pub fn should_retry(attempt: u32) -> bool { attempt < limit() }
/// The largest number of attempts.
pub fn limit() -> u32 { 3 }
pub struct RetryPolicy { pub delay: u32 }
//- src/http.rs
use crate::retry::{limit, should_retry};
pub struct HttpRequestParser;
impl HttpRequestParser {
    /// Reads the head of a request.
    pub fn parse_head(&self) { limit(); }
}
pub fn send() { if should_retry(limit()) { limit(); } }
pub fn parsec() {}
",
    )
}

fn found(folder: &Folder, query: &str) -> Vec<String> {
    folder.index().search(query, 10).iter().map(|symbol| symbol.symbol_path()).collect()
}

#[test]
fn names_are_found_by_their_whole_beginning_parts_and_letters() {
    let folder = house();
    assert_eq!(found(&folder, "limit"), ["limit"]);
    assert_eq!(found(&folder, "parse"), ["HttpRequestParser::parse_head", "parsec", "HttpRequestParser"]);
    assert_eq!(found(&folder, "HRP")[0], "HttpRequestParser");
    assert_eq!(found(&folder, "httppars")[0], "HttpRequestParser");
    assert_eq!(found(&folder, "shldretry")[0], "should_retry");
    assert_eq!(found(&folder, "HttpRequestParser::head"), ["HttpRequestParser::parse_head"]);
    assert!(found(&folder, "zebra").is_empty());
    assert!(found(&folder, "").is_empty());
}

#[test]
fn a_question_finds_what_answers_it_and_says_why() {
    let folder = house();
    let ranked = folder.index().rank("Where are retries decided?", 5);
    assert_eq!(ranked[0].symbol.symbol_path(), "should_retry");
    assert!(ranked[0].why.contains("retry in name"), "{}", ranked[0].why);
    let ranked = folder.index().rank("how long is the delay after a failed request", 5);
    assert_eq!(ranked[0].symbol.symbol_path(), "should_retry", "{ranked:?}");
    assert!(folder.index().rank("zebra", 5).is_empty());
    assert_eq!(folder.index().rank("request", 1).len(), 1);
}

#[test]
fn what_many_lean_on_matters_more() {
    let folder = house();
    let index = folder.index();
    let importance = |name: &str| index.importance(&named(&index, name));
    assert!(importance("limit") > importance("send"));
    assert!(importance("limit") > importance("parsec"));
}

#[test]
fn the_map_keeps_to_its_size_and_stays_near_its_focus() {
    let folder = house();
    let index = folder.index();
    let map = index.map(&[named(&index, "send")], 10_000);
    assert_eq!(map[0].symbol_path(), "send");
    let at = |name: &str| map.iter().position(|symbol| symbol.symbol_path() == name);
    assert!(at("should_retry") < at("parsec") || at("parsec").is_none(), "{map:?}");
    let small = index.map(&[], 120);
    let bytes: usize = small.iter().map(|symbol| symbol.get().signature.len() + 1).sum();
    assert!(!small.is_empty() && bytes <= 120);
}

#[test]
fn tests_and_code_of_others_are_prominent_last() {
    let folder = crate::folder::Folder::new(
        "//- src/lib.rs
pub fn used() {}
pub fn unused() {}
//- tests/all.rs
fn helper() {}
fn one() { helper(); used(); }
fn two() { helper(); used(); }
//- vendor/x.rs
pub fn brought() {}
",
    );
    let names: Vec<String> = folder.index().prominent(10).iter().map(index::SymbolRef::symbol_path).collect();
    assert_eq!(names[..2], ["used", "unused"], "{names:?}");
    assert_eq!(folder.index().prominent(1).len(), 1);
}

#[test]
fn a_name_in_another_script_is_found_once_in_either_case() {
    let folder = Folder::new("//- a.py\nclass ÜberSetzer:\n    pass\n");
    assert_eq!(found(&folder, "über"), ["ÜberSetzer"]);
}

/// Sets the time at which a file was last written.
fn age(folder: &Folder, path: &str, days: u64) {
    let file = std::fs::File::options().write(true).open(folder.root().join(path)).unwrap();
    let written = std::time::SystemTime::now() - std::time::Duration::from_secs(days * 24 * 3_600 + 60);
    file.set_modified(written).unwrap();
}

#[test]
fn what_was_written_lately_comes_first() {
    let text = "/// Sells what is in stock.\npub fn sell() {}\n";
    let folder = Folder::new(&format!("//- a.rs\n{text}//- b.rs\n{text}//- c.rs\n{text}"));
    age(&folder, "a.rs", 400);
    age(&folder, "b.rs", 1);
    age(&folder, "c.rs", 30);
    let index = folder.index();
    let order = |index: &index::Index| -> [Vec<String>; 2] {
        let of = |symbol: &index::SymbolRef| symbol.path().to_owned();
        [
            index.search("sell", 9).iter().map(of).collect(),
            index.rank("sell stock", 9).iter().map(|one| of(&one.symbol)).collect(),
        ]
    };
    assert_eq!(order(&index), [["b.rs", "c.rs", "a.rs"]; 2]);
    // What is being edited is the newest of all; `b.rs` was written a day ago, and is not much behind.
    let edited = format!("{text}// Soon more.\n");
    let index = index.with_text("a.rs", &edited, crate::folder::parse(syntax::Language::Rust, &edited));
    assert_eq!(order(&index)[0][2], "c.rs");
}

#[test]
fn what_a_program_wrote_comes_behind_what_people_wrote() {
    let folder = Folder::new(
        "//- a.rs\n// @generated\n/// Sells what is in stock.\npub fn sell() {}\n//- b.rs\n/// Sells what is in stock.\npub fn sell() {}\n",
    );
    let index = folder.index();
    assert_eq!(index.rank("sell stock", 9)[0].symbol.path(), "b.rs");
    assert_eq!(index.search("sell", 1)[0].path(), "b.rs");
}

#[test]
fn a_question_finds_what_shares_no_word_with_it() {
    let folder = Folder::new(
        "//- src/a.rs
pub fn release_mutex(guard: u32) {}
pub fn draw_circle(radius: u32) {}
pub fn parse_header(line: u32) {}
",
    );
    let index = folder.index();
    let found = index.rank("render a round shape", 3);
    assert_eq!(found[0].symbol.symbol_path(), "draw_circle");
    assert_eq!(found[0].why, "near in meaning");
    let words = index::Ingredients { meaning: 0.0, ..index::Ingredients::default() };
    assert!(index.rank_with("render a round shape", 3, words).is_empty());
}

#[test]
fn what_is_typed_is_found_by_its_meaning_at_once() {
    let folder = house();
    let text = "pub fn draw_circle(radius: u32) {}\n";
    let language = syntax::Language::detect("src/a.rs", text).unwrap();
    let parsed = syntax::parse(language, text, None, &syntax::Limits::default()).unwrap();
    let index = folder.index().with_text("src/a.rs", text, parsed.file);
    assert_eq!(index.rank("render a round shape", 3)[0].symbol.symbol_path(), "draw_circle");
    let gone = index.without("src/a.rs");
    assert!(gone.rank("render a round shape", 3).iter().all(|ranked| ranked.symbol.symbol_path() != "draw_circle"));
}

#[test]
fn what_says_most_of_a_question_is_found_among_very_many() {
    let folder = Folder::new("//- src/lib.rs\nfn open_window() {}\n");
    for file in 0..13 {
        let many: String = (0..800).map(|number| format!("fn open_{file}_{number}() {{}}\n")).collect();
        folder.write(&format!("src/many_{file}.rs"), &many);
    }
    let ranked = folder.index().rank("how do I open a window?", 3);
    assert_eq!(ranked[0].symbol.symbol_path(), "open_window", "{ranked:?}");
    assert_eq!(ranked.len(), 3);
}
