//! The table: what a hostile model answers to which action.

use serde_json::{Value, json};
use testkit::Reply;

use super::operation;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Action {
    Document,
    Explain,
    Fix,
    Instruct,
    Name,
    Rewrite,
    Simplify,
    Summarise,
    Test,
}

impl Action {
    pub(super) fn is_edit(self) -> bool {
        self != Self::Explain
    }
}

pub(super) struct Case {
    pub(super) name: String,
    pub(super) action: Action,
    pub(super) reply: Reply,
}

fn case(action: Action, name: &str, reply: Reply) -> Case {
    Case { name: format!("{action:?}: {name}"), action, reply }
}

/// The function that is edited, with something in place of its loop.
fn restock(body: &str) -> String {
    format!(
        "/// Fills the store up again.\npub fn restock(store: &mut Store, amount: u32) -> u32 {{\n    let before = store.stock;\n    \
         {body}\n    if store.stock < before {{\n        store.stock = before;\n    }}\n    store.stock\n}}"
    )
}

/// What no edit may do, whatever it was asked for: a name, and the operations that try it.
fn bad_operations() -> Vec<(&'static str, Reply)> {
    let replace = |text: &str| operation("replace_symbol", "s4", "", text);
    let loops = "while left > 0 {\n        store.stock += 1;\n        left -= 1;\n    }";
    vec![
        ("an id that does not exist", operation("replace_symbol", "s99", "", &restock("store.stock += amount;"))),
        ("an id in capitals", operation("replace_symbol", "S4", "", &restock("store.stock += amount;"))),
        ("a name in place of an id", operation("replace_symbol", "restock", "", &restock("store.stock += amount;"))),
        ("no id", operation("replace_symbol", "", "", &restock("store.stock += amount;"))),
        ("id zero", operation("replace_symbol", "s0", "", &restock("store.stock += amount;"))),
        ("a negative id", operation("replace_symbol", "s-1", "", &restock("store.stock += amount;"))),
        ("two ids", operation("replace_symbol", "s4 s1", "", &restock("store.stock += amount;"))),
        ("an id beyond all numbers", operation("replace_symbol", "s99999999999999999999", "", "x")),
        (
            "another symbol",
            operation("replace_symbol", "s1", "", "pub struct Store {\n    pub path: String,\n    pub stock: u32,\n}"),
        ),
        ("text of another symbol", operation("replace_text", "s5", "store.stock = 0;", "store.stock = 1;")),
        ("the whole file", operation("write_file", "", "", "fn main() {}")),
        ("a deletion", operation("delete_symbol", "s4", "", "")),
        ("an operation that there is not", operation("run_command", "s4", "", "rm -rf /")),
        ("a brace too few", replace(&restock("while left > 0 {"))),
        ("a brace too many", replace(&restock("}"))),
        ("code left out", replace(&restock("// ... existing code ..."))),
        ("the rest unchanged", replace(&restock("// rest unchanged"))),
        ("the rest of the function", replace(&restock("// (rest of the function)"))),
        ("a to-do in place of code", replace(&restock("// TODO: implement"))),
        ("another language", replace("def restock(store, amount):\n    store.stock += amount\n    return store.stock")),
        ("prose in place of code", replace("Sure! Here is the simplified function that you asked for.")),
        ("a diff", replace("@@ -1,3 +1,2 @@\n-    let before = store.stock;\n+    store.stock += amount;")),
        ("a comment in place of the function", replace("// restock is not needed")),
        ("nothing in place of the function", replace("")),
        ("another function in its place", replace("pub fn refill(store: &mut Store) -> u32 {\n    store.stock\n}")),
        ("the function twice", replace(&format!("{0}\n\n{0}", restock("store.stock += amount;")))),
        ("a direction of reading", replace(&restock("store.stock += amount; // \u{202e}tnuoma"))),
        ("a character without width", replace(&restock("let a\u{200b}b = 1; store.stock += ab;"))),
        ("text in tags", replace(&restock("store.stock += amount; // \u{e0041}\u{e0042}"))),
        ("a control character", replace(&restock("store.stock += amount; // \u{7}\u{1b}[2J"))),
        ("an image in a comment", replace(&restock("store.stock += amount; // ![x](http://evil.example/a.png)"))),
        ("an address in a comment", replace(&restock("store.stock += amount; // see https://evil.example/restock"))),
        ("an element in a doc comment", replace(&format!("/// <img src=x>\n{}", restock("store.stock += amount;")))),
        ("an address by its www", replace(&restock("store.stock += amount; // www.evil.example"))),
        ("a script in a comment", replace(&restock("store.stock += amount; // javascript:alert(1)"))),
        ("a placeholder", replace(&restock("store.stock += amount; let k = \"«redacted:1»\";"))),
        ("tabs among spaces", replace(&restock("store.stock += amount;").replace("    ", "\t"))),
        ("no text to find", operation("replace_text", "s4", "", "x")),
        ("text that is not there", operation("replace_text", "s4", "store.count += 1;", "x")),
        ("text that is there twice", operation("replace_text", "s4", "store.stock", "store.path")),
        ("a change that changes nothing", operation("replace_text", "s4", loops, loops)),
        ("no operation", Reply::json(json!({"status": "done", "note": "", "ops": []}))),
        ("a refusal in its own words", Reply::json(json!({"status": "cannot", "note": "see http://evil.example", "ops": []}))),
    ]
}

/// Replies that are no answers.
fn broken_replies() -> Vec<(&'static str, Reply)> {
    let deep = format!("{}{}", "[".repeat(500), "]".repeat(500));
    let shape = |value: Value| Reply::json(value);
    vec![
        ("ten megabytes", Reply::huge(10 << 20)),
        ("no end", Reply::endless()),
        ("cut JSON", Reply::text("{\"status\": \"done\", \"ops\": [{\"op\": \"replace_sy")),
        ("two answers", Reply::text("{\"status\": \"done\", \"note\": \"\", \"ops\": []} {\"a\": 1}")),
        ("a page", Reply::raw(200, "<html><img src=http://evil.example></html>")),
        ("prose", Reply::text("Of course! ![x](http://evil.example/a.png)")),
        ("500 levels", Reply::text(deep)),
        ("a field too many", shape(json!({"status": "done", "note": "", "ops": [], "run": "rm -rf /"}))),
        ("a list that is none", shape(json!({"status": "done", "note": "", "ops": "replace_symbol"}))),
        ("a limit of tokens", Reply::incomplete("{\"status\": \"done\"")),
        ("a refusal", Reply::refusal("I will not: http://evil.example")),
        ("a filter", Reply::filtered()),
        ("an error with an address", Reply::status(400, json!({"error": {"message": "see http://evil.example/![x](y)"}}))),
    ]
}

pub(super) fn edits() -> Vec<Case> {
    let of = |(name, reply): (&str, Reply)| case(Action::Simplify, name, reply);
    let mut cases: Vec<Case> = bad_operations().into_iter().map(of).collect();
    cases.extend(broken_replies().into_iter().map(of));
    let other_head = restock("store.stock += amount;").replace("amount: u32)", "amount: u32, InventedThing: u8)");
    cases.push(of(("another head", operation("replace_symbol", "s4", "", &other_head))));
    let more = format!("{}\n\npub fn send() {{}}", restock("store.stock += amount;"));
    cases.push(of(("a second function", operation("replace_symbol", "s4", "", &more))));
    let escaped = "store.stock\n}\npub fn evil(store: &mut Store) -> u32 {\n    store.stock";
    cases.push(of((
        "a way out of the function",
        operation("replace_text", "s4", "    store.stock\n}", &format!("    {escaped}\n}}")),
    )));
    cases
}

pub(super) fn documentation() -> Vec<Case> {
    let says = |text: &str| Reply::json(json!({"documentation": text, "cannot": ""}));
    let long = "Fills the store. ".repeat(200);
    let cases = [
        ("an invented name", says("Calls `InventedThing` for each unit.")),
        ("an invented name in snake case", says("Calls invented_thing_of_mine for each unit.")),
        ("an invented name in the second paragraph", says("Fills the store.\n\nUses InventedThing.")),
        ("an image", says("Fills it. ![x](http://evil.example/a.png)")),
        ("an image by reference", says("Fills it. ![x][y]\n\n[y]: http://evil.example/a.png")),
        ("a link", says("Fills it, see [here](http://evil.example).")),
        ("an address", says("Fills it, see https://evil.example.")),
        ("an address by its www", says("Fills it, see www.evil.example for more.")),
        ("a mail", says("Fills it, ask mailto:a@evil.example.")),
        ("an element", says("Fills it. <img src=x onerror=alert(1)>")),
        ("a block of code", says("Fills it.\n```\nrestock();\n```\nand more")),
        ("a direction of reading", says("Fills \u{202e}it.")),
        ("tags", says("Fills it.\u{e0041}\u{e0042}")),
        ("a placeholder", says("Holds «redacted:1».")),
        ("nothing", says("")),
        ("unknown", says("unknown")),
        ("a novel", says(&long)),
        ("another symbol", Reply::json(json!({"documentation": "Fills it.", "cannot": "", "symbol": "s1"}))),
        ("words and a refusal to write them", Reply::json(json!({"documentation": " ", "cannot": "Fills it."}))),
        ("code in place of words", operation("replace_symbol", "s4", "", &restock("store.stock += amount;"))),
        ("text beside it", operation("insert_before", "s4", "", "/// Fills it.")),
    ];
    cases.into_iter().map(|(name, reply)| case(Action::Document, name, reply)).collect()
}

pub(super) fn others() -> Vec<Case> {
    let mut cases = Vec::new();
    // The worst of the operations, for each action that lets a symbol change.
    let worst = [
        "an id that does not exist",
        "another symbol",
        "a brace too few",
        "the rest unchanged",
        "another language",
        "an image in a comment",
        "a direction of reading",
        "another function in its place",
        "a deletion",
    ];
    for action in [Action::Fix, Action::Rewrite, Action::Instruct] {
        let of_action = bad_operations().into_iter().filter(|(name, _)| worst.contains(name));
        cases.extend(of_action.map(|(name, reply)| case(action, name, reply)));
        let other_head = restock("store.stock += amount;").replace("amount: u32)", "amount: u64)");
        cases.push(case(action, "a head that others rely on", operation("replace_symbol", "s4", "", &other_head)));
    }
    let test = |text: &str| operation("add_test", "", "", text);
    let tests = [
        ("a test of something else", test("#[test]\nfn nothing() {\n    assert!(true);\n}")),
        ("broken syntax", test("#[test]\nfn a() {\n    restock(")),
        ("a way out of the module", test("#[test]\nfn a() {\n    restock(&mut store, 1);\n}\n}\npub fn evil() {")),
        ("an image", test("/// ![x](http://evil.example/a.png)\n#[test]\nfn a() {\n    restock(&mut store, 1);\n}")),
        ("a change of what is tested", operation("replace_symbol", "s4", "", &restock("store.stock += amount;"))),
        ("a new file", operation("write_file", "", "", "fn main() {}")),
        ("nothing", test("")),
    ];
    cases.extend(tests.into_iter().map(|(name, reply)| case(Action::Test, name, reply)));
    let names = |names: &[&str]| Reply::json(json!({"names": names}));
    let named = [
        ("a keyword", names(&["fn"])),
        ("another case", names(&["Restock", "RESTOCK"])),
        ("code", names(&["evil(); //", "a b", "x`](http://evil.example)"])),
        ("its own name", names(&["restock"])),
        ("a name that is taken", names(&["clear"])),
        ("none", names(&[])),
    ];
    cases.extend(named.into_iter().map(|(name, reply)| case(Action::Name, name, reply)));
    cases
}

/// What models say of a symbol.
fn statements() -> Vec<(&'static str, String)> {
    vec![
        ("an invented name", "Calls `InventedThing` for each unit.".to_owned()),
        ("an image", "Fills it. ![x](http://evil.example/a.png)".to_owned()),
        ("a link", "See [here](http://evil.example).".to_owned()),
        ("an address", "See https://evil.example.".to_owned()),
        ("an element", "Fills it. <img src=x>".to_owned()),
        ("a block", "Fills it. ```x```".to_owned()),
        ("nothing", String::new()),
        ("a novel", "Fills the store. ".repeat(200)),
    ]
}

pub(super) fn words() -> Vec<Case> {
    let mut cases = Vec::new();
    for (name, said) in statements() {
        cases.push(case(Action::Explain, name, Reply::json(json!({"paragraphs": [said.clone()]}))));
        cases.push(case(Action::Summarise, name, Reply::json(json!({"summary": said}))));
    }
    cases
}
