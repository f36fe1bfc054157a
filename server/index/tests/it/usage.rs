//! Who uses a symbol, in numbers, against the list of its uses.

use std::sync::atomic::AtomicBool;

use index::{Index, Options, SymbolRef};
use syntax::{Certainty, Language, ReferenceKind};

use crate::folder::{Folder, named, parse};

/// A folder in which one function is called often, from many files and in several ways.
fn folder() -> Folder {
    let folder = Folder::new(
        "//- lib.py\ndef often(value):\n    return value\n\n\nclass Other:\n    def often(self):\n        return 1\n",
    );
    for number in 0..40 {
        let import = if number % 3 == 0 { "from lib import often\n" } else { "import lib\n" };
        let call = if number % 3 == 0 { "often(1)" } else { "lib.often(1)" };
        let text = format!(
            "{import}\n\ndef user_{number}(thing):\n    {call}\n    {call}\n    thing.often()\n\n\nclass User{number}:\n    def run(self):\n        return {call}\n"
        );
        folder.write(&format!("{}_{number}.py", if number % 5 == 0 { "test" } else { "user" }), &text);
    }
    folder
}

/// Holds the numbers to the list.
fn check(index: &Index, symbol: &SymbolRef) {
    let usage = index.usage(symbol, 1_000);
    let (certain, by_name): (Vec<_>, Vec<_>) =
        index.references_of(symbol).into_iter().partition(|hit| hit.certainty > Certainty::SameName);
    let calls = certain.iter().filter(|hit| hit.get().kind == ReferenceKind::Call).count();
    assert_eq!((usage.certain, usage.by_name, usage.calls), (certain.len(), by_name.len(), calls));
    let mut files: Vec<&str> = certain.iter().map(|hit| hit.path()).collect();
    files.dedup();
    assert_eq!(usage.files, files.len());
    let mut around: Vec<String> = certain.iter().filter_map(|hit| hit.enclosing()).map(|user| user.id().to_string()).collect();
    around.sort();
    around.dedup();
    let mut told: Vec<String> = usage.users.iter().chain(&usage.tests).map(|user| user.id().to_string()).collect();
    told.sort();
    assert_eq!(told, around);
    assert_eq!((usage.user_count, usage.test_count), (usage.users.len(), usage.tests.len()));
}

#[test]
fn the_numbers_are_those_of_the_list_of_uses() {
    let folder = folder();
    let index = folder.index();
    let all = index.named("often");
    assert_eq!(all.len(), 2);
    all.iter().for_each(|symbol| check(&index, symbol));
    assert_eq!(index.usage(&all[0], 2).users.len(), 2, "no more are named than were asked for");
}

#[test]
fn who_does_not_wait_is_told_that_nobody_knows_yet() {
    let folder = Folder::new("//- lib.py\ndef often():\n    pass\n");
    for number in 0..6 {
        folder.write(&format!("user_{number}.py"), &format!("from lib import often\n{}", "often()\n".repeat(10_000)));
    }
    let (index, _) = Index::empty(folder.root()).start(&Options::default(), &|_| {}, &AtomicBool::new(false));
    let symbol = named(&index, "often");
    assert!(index.usage_if_known(&symbol, 4).is_none());
    index.link();
    assert_eq!(index.usage_if_known(&symbol, 4).unwrap().calls, 60_000);
}

#[test]
fn an_edit_of_a_body_or_of_a_head_counts_at_once() {
    let folder = folder();
    let index = folder.index();
    for text in [
        "import lib\n\n\ndef user_1(thing):\n    lib.often(2)\n    return 3\n\n\nclass User1:\n    def run(self):\n        return 4\n",
        "import lib\n\n\ndef user_new(thing):\n    lib.often(2)\n",
        "from elsewhere import often\n\n\ndef user_1(thing):\n    often(2)\n",
    ] {
        let edited = index.with_text("user_1.py", text, parse(Language::Python, text));
        edited.named("often").iter().for_each(|symbol| check(&edited, symbol));
    }
    let text = "def often(value):\n    local = value\n    return local\n\n\nclass Other:\n    def often(self):\n        return often(1)\n";
    let edited = index.with_text("lib.py", text, parse(Language::Python, text));
    edited.named("often").iter().for_each(|symbol| check(&edited, symbol));
    let without = edited.without("test_0.py");
    without.named("often").iter().for_each(|symbol| check(&without, symbol));
    let text = "def seldom(value):\n    return value\n";
    let edited = index.with_text("lib.py", text, parse(Language::Python, text));
    check(&edited, &named(&edited, "seldom"));
}
