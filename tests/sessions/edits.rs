//! Edits by a model of one symbol or one file: what each action changes, and that it changes nothing else.

use lsp::{command, kind};
use serde_json::{Value, json};
use testkit::editor::{Policy, Profile, Trigger};
use testkit::{Editor, Match, Reply};

use crate::support::{World, until};

/// A file with Windows line ends and tabs, one in Python, one in Go.
const TOOLS: &str = "
    //- src/lib.rs
    pub mod tally;
    //- src/tally.rs
    use std::collections::BTreeMap;

    pub struct Tally {
        counts: BTreeMap<String, u32>,
    }

    impl Tally {
        pub fn add(&mut self, name: &str) -> u32 {
            let count = self.counts.entry(name.to_owned()).or_default();
            *count += 1;
            if *count > 0 {
                return *count;
            }
            0
        }
    }

    pub fn largest(tally: &Tally) -> Option<u32> {
        tally.counts.values().copied().max()
    }
    //- app/shapes.py
    import math


    class Circle:
        def __init__(self, radius):
            self.radius = radius

        def area(self):
            return math.pi * self.radius ** 2


    def double(circle):
        return Circle(circle.radius * 2)
    //- pkg/add.go
    package pkg

    func Add(a int, b int) int {
    \treturn a + b
    }
    ";

fn world() -> World {
    World::new(&TOOLS.replace("\\t", "\t"))
}

fn done(ops: &[(&str, &str, &str, &str)]) -> Reply {
    let ops: Vec<Value> =
        ops.iter().map(|(op, symbol, find, text)| json!({"op": op, "symbol": symbol, "find": find, "text": text})).collect();
    Reply::json(json!({"status": "done", "note": "", "ops": ops}))
}

/// Chooses the action of a kind at a place, and says what the job is called.
#[track_caller]
fn choose(editor: &Editor, path: &str, at: usize, kind: &str) -> Value {
    let actions = editor.code_actions(path, at..at, &[kind], Trigger::Invoked).unwrap();
    assert_eq!(actions.len(), 1, "{kind}: {actions:?}");
    let job = editor.run(&actions[0]).unwrap()["job"].clone();
    assert!(job.is_string());
    job
}

/// Has an action carried out with one answer of the model, and says what the file is then.
#[track_caller]
fn carried_out(world: &World, profile: Profile, path: &str, name: &str, kind: &str, answer: Reply) -> String {
    let schema = if kind == kind::DOCUMENT { "document_v1" } else { "edit_v1" };
    world.models.on(Match::schema(schema)).reply(answer);
    let editor = world.editor_with_models(profile);
    editor.open(path);
    choose(&editor, path, world.offset(path, name, 0), kind);
    let edit = editor.wait_for_edit();
    assert_eq!(edit.answer["applied"], true, "{edit:?}");
    editor.wait_for_message("mini · $0.0002");
    world.models.assert_all_matched();
    editor.text(path)
}

#[test]
fn documentation_is_written_in_the_form_of_the_language_and_nothing_else_changes() {
    let cases = [
        (
            "src/tally.rs",
            "add(&mut",
            "Counts a `name` once more.\n\nReturns how often it was counted.",
            "    /// Counts a `name` once more.\n    ///\n    /// Returns how often it was counted.\n    pub fn add",
        ),
        (
            "app/shapes.py",
            "area",
            "The area of the circle.",
            "    def area(self):\n        \"\"\"The area of the circle.\"\"\"\n        return",
        ),
        ("pkg/add.go", "Add", "Add returns the sum of both numbers.", "// Add returns the sum of both numbers.\nfunc Add"),
    ];
    for (path, name, prose, expected) in cases {
        let world = world();
        let before = world.fixture.read(path);
        let answer = Reply::json(json!({"documentation": prose, "cannot": ""}));
        let after = carried_out(&world, Profile::VsCode, path, name, kind::DOCUMENT, answer);
        assert!(after.contains(expected), "{after}");
        let added: Vec<&str> = after.lines().filter(|line| !before.lines().any(|known| known == *line)).collect();
        let is_doc = |line: &&str| line.trim_start().starts_with(['/', '"']);
        assert!(added.iter().all(is_doc), "{added:?}");
        assert_eq!(after.lines().count() - added.len(), before.lines().count(), "every line is still there");
    }
}

#[test]
fn documentation_that_is_there_is_replaced() {
    let world = World::new(
        "
        //- src/a.rs
        /// Old words.
        /// More of them.
        #[inline]
        pub fn one() -> u32 {
            1
        }
        ",
    );
    let answer = Reply::json(json!({"documentation": "The number one.", "cannot": ""}));
    let after = carried_out(&world, Profile::Neovim, "src/a.rs", "one", kind::DOCUMENT, answer);
    assert_eq!(after, "/// The number one.\n#[inline]\npub fn one() -> u32 {\n    1\n}\n");
}

#[test]
fn simplify_keeps_the_head_and_the_line_ends() {
    let world = world();
    let windows = world.fixture.read("src/tally.rs").replace('\n', "\r\n");
    world.fixture.write("src/tally.rs", &windows);
    let new = "pub fn add(&mut self, name: &str) -> u32 {\n    let count = self.counts.entry(name.to_owned()).or_default();\n    \
               *count += 1;\n    *count\n}";
    let answer = done(&[("replace_symbol", "s3", "", new)]);
    let after = carried_out(&world, Profile::Eglot, "src/tally.rs", "add(&mut", kind::SIMPLIFY, answer);
    assert!(after.contains("        *count += 1;\r\n        *count\r\n    }\r\n}\r\n"), "{after:?}");
    assert_eq!(after.matches('\n').count(), after.matches("\r\n").count());
}

#[test]
fn a_test_goes_where_tests_live() {
    let world = world();
    let test = "#[test]\nfn the_largest_is_found() {\n    assert_eq!(largest(&Tally { counts: BTreeMap::new() }), None);\n}";
    let after = carried_out(&world, Profile::VsCode, "src/tally.rs", "largest", kind::TEST, done(&[("add_test", "", "", test)]));
    let module =
        "\n#[cfg(test)]\nmod tests {\n    use super::*;\n\n    #[test]\n    fn the_largest_is_found() {\n        assert_eq!";
    assert!(after.contains(module), "{after}");

    let world = self::world();
    let file = "package pkg\n\nimport \"testing\"\n\nfunc TestAdd(t *testing.T) {\n\tif Add(1, 2) != 3 {\n\t\tt.Fail()\n\t}\n}\n";
    world.models.on(Match::schema("edit_v1")).reply(done(&[("write_file", "", "", file)]));
    let editor = world.editor_with_models(Profile::VsCode);
    editor.open("pkg/add.go");
    choose(&editor, "pkg/add.go", world.offset("pkg/add.go", "Add", 0), kind::TEST);
    editor.wait_for_message("generate a test for Add in 1 file");
    assert_eq!(editor.text("pkg/add_test.go"), file);
    assert!(world.models.requests()[0].prompt().contains("return a + b"), "the worker sees what it tests");

    editor.execute_command(command::UNDO, vec![json!({"v": 1})]).unwrap();
    editor.wait_for_message("undone");
    assert!(!world.fixture.path("pkg/add_test.go").exists());
}

#[test]
fn a_client_that_creates_no_files_is_told_why_no_test_can_be_written() {
    let world = world();
    let editor = world.connect(
        Editor::builder(Profile::VsCode, world.fixture.root())
            .capabilities(|it| it["workspace"]["workspaceEdit"]["resourceOperations"] = json!([])),
        true,
    );
    editor.open("pkg/add.go");
    let at = world.offset("pkg/add.go", "Add", 0);
    let actions = editor.code_actions("pkg/add.go", at..at, &[kind::TEST], Trigger::Invoked).unwrap();
    assert_eq!(actions[0]["disabled"]["reason"], "Your editor cannot create pkg/add_test.go");
}

#[test]
fn the_user_chooses_among_names_that_the_index_can_give() {
    let world = world();
    let names = json!({"names": ["Largest", "double", "fn", "greatest", "most", "highest_count"]});
    world.models.on(Match::schema("name_v1")).reply(Reply::json(names));
    let editor = world.editor_with_models(Profile::VsCode);
    editor.open("src/tally.rs");
    editor.choose("most");
    choose(&editor, "src/tally.rs", world.offset("src/tally.rs", "largest", 0), kind::NAME);
    editor.wait_for_message("rename largest to most in 1 file");
    assert!(editor.text("src/tally.rs").contains("pub fn most("));
    let asked =
        editor.recording().messages().into_iter().find(|message| message.content["method"] == "window/showMessageRequest");
    let titles = asked.unwrap().content["params"]["actions"].clone();
    assert_eq!(titles, json!([{"title": "double"}, {"title": "greatest"}, {"title": "most"}]), "no keyword, no capital");
}

#[test]
fn a_choice_that_is_dismissed_changes_nothing() {
    let world = world();
    world.models.on(Match::schema("name_v1")).reply(Reply::json(json!({"names": ["most"]})));
    let editor = world.editor_with_models(Profile::VsCode);
    editor.open("src/tally.rs");
    let job = choose(&editor, "src/tally.rs", world.offset("src/tally.rs", "largest", 0), kind::NAME);
    until("the question", || {
        let messages = editor.recording().messages();
        messages.iter().any(|message| message.content["method"] == "window/showMessageRequest").then_some(())
    });
    until("the end of the job", || {
        let answer = editor.execute_command(command::CANCEL, vec![json!({"v": 1, "job": job})]).unwrap();
        (answer["cancelled"] == false).then_some(())
    });
    assert_eq!(editor.text("src/tally.rs"), world.fixture.read("src/tally.rs"));
}

#[test]
fn a_diagnostic_is_fixed_where_it_stands() {
    let world = world();
    let fix = done(&[("replace_text", "s3", "*count > 0", "*count >= 1")]);
    world.models.on(Match::schema("edit_v1")).reply(fix);
    let editor = world.editor_with_models(Profile::VsCode);
    editor.open("src/tally.rs");
    let at = world.offset("src/tally.rs", "*count > 0", 0);
    let range = editor.range("src/tally.rs", at..at + 10);
    let diagnostic = json!({"range": range, "message": "this comparison\nis odd", "source": "rustc", "severity": 2});
    let elsewhere = json!({"range": editor.range("src/tally.rs", 0..3), "message": "far away"});
    let context = json!({"diagnostics": [diagnostic, elsewhere], "triggerKind": 1, "only": ["quickfix"]});
    let params = json!({"textDocument": {"uri": editor.uri("src/tally.rs")}, "range": range, "context": context});
    let actions = editor.client().request("textDocument/codeAction", params).unwrap();
    let actions = actions.as_array().unwrap();
    assert_eq!(actions.len(), 1, "{actions:?}");
    assert_eq!((&actions[0]["title"], &actions[0]["kind"]), (&json!("Fix “this comparison”"), &json!("quickfix.tierline")));
    assert_eq!(actions[0]["diagnostics"], json!([diagnostic]));
    assert_ne!(actions[0]["isPreferred"], true);
    editor.run(&actions[0]).unwrap();
    editor.wait_for_message("fix: this comparison in 1 file");
    assert!(editor.text("src/tally.rs").contains("if *count >= 1 {"));
    let prompt = world.models.requests()[0].prompt();
    assert!(prompt.contains("this comparison\nis odd") && !prompt.contains("pub fn largest(tally: &Tally) -> Option<u32> {"));
}

#[test]
fn an_instruction_for_one_symbol_asks_no_planner() {
    let world = world();
    let text =
        world.fixture.read("src/tally.rs").replace("pub fn largest", "// tierline: say zero here for none\npub fn largest");
    world.fixture.write("src/tally.rs", &text);
    let answer = done(&[("replace_text", "s4", ".max()", ".max().or(Some(0))")]);
    let after = carried_out(&world, Profile::VsCode, "src/tally.rs", "tierline:", kind::INSTRUCTION, answer);
    assert!(after.contains(".max().or(Some(0))") && !after.contains("tierline:"), "the comment goes with it: {after}");
    assert_eq!(world.models.requests().len(), 1, "neither a plan nor a classification was paid for");
}

#[test]
fn nano_is_asked_in_doubt_and_held_against_the_references() {
    let world = world();
    let text = world.fixture.read("src/tally.rs").replace("pub fn largest", "// tierline: make it faster\npub fn largest");
    world.fixture.write("src/tally.rs", &text);
    // Nothing else uses it: several files cannot be meant.
    let said = json!({"reach": "several", "changes_interface": false});
    world.models.on(Match::schema("classify_v1").model("nano-model")).reply(Reply::json(said));
    world.models.on(Match::schema("edit_v1").model("mini-model")).reply(done(&[("replace_text", "s4", "copied()", "cloned()")]));
    let editor = world.editor_with_models(Profile::VsCode);
    editor.open("src/tally.rs");
    choose(&editor, "src/tally.rs", world.offset("src/tally.rs", "tierline:", 0), kind::INSTRUCTION);
    // Twice 100 in and 20 out, a micro-dollar each.
    editor.wait_for_message("make it faster in 1 file (mini · $0.0003)");
    assert!(editor.text("src/tally.rs").contains("values().cloned().max()"));
    world.models.assert_all_matched();
}

#[test]
fn a_head_that_others_rely_on_is_not_changed_by_an_edit_of_one_symbol() {
    let world = World::new(crate::support::SHOP);
    let text = world.fixture.read("src/store.rs").replace("/// Fills", "// tierline: log here what comes\n/// Fills");
    world.fixture.write("src/store.rs", &text);
    let head = "pub fn restock(store: &mut Store, amount: u32) -> u32 {";
    let other = "pub fn restock(store: &mut Store, amount: u32, log: bool) -> u32 {";
    world.models.on(Match::schema("edit_v1")).always(done(&[("replace_text", "s4", head, other)]));
    let editor = world.editor_with_models(Profile::VsCode);
    editor.open("src/store.rs");
    choose(&editor, "src/store.rs", world.offset("src/store.rs", "tierline:", 0), kind::INSTRUCTION);
    editor.wait_for_message("the head of restock must stay");
    assert_eq!(editor.text("src/store.rs"), text);
}

#[test]
fn a_selection_is_rewritten_by_the_instruction_that_a_plugin_asked_for() {
    let world = world();
    let old = "if *count > 0 {\n            return *count;\n        }\n        0";
    world.models.on(Match::schema("edit_v1")).reply(done(&[("replace_text", "s3", old, "*count")]));
    let editor = world.editor_with_models(Profile::VsCode);
    editor.open("src/tally.rs");
    let (from, to) = (world.offset("src/tally.rs", "if *count", 0), world.offset("src/tally.rs", "0\n    }", 0) + 1);
    let actions = editor.code_actions("src/tally.rs", from..to, &[kind::SELECTION], Trigger::Invoked).unwrap();
    assert_eq!(actions[0]["title"], "Rewrite selection…");
    let mut argument = actions[0]["command"]["arguments"][0].clone();
    argument["instruction"] = json!("return it at once");
    editor.execute_command(command::REWRITE, vec![argument]).unwrap();
    editor.wait_for_message("rewrite: return it at once in 1 file");
    assert!(editor.text("src/tally.rs").contains("*count += 1;\n        *count\n    }"), "{}", editor.text("src/tally.rs"));
}

#[test]
fn an_editor_without_an_input_box_gets_a_comment_to_write_in() {
    for (name, kind, width) in [("let count", kind::SELECTION, 9), ("add(&mut", kind::PLAN, 0)] {
        let world = world();
        let editor = world.editor_with_models(Profile::Neovim);
        editor.open("src/tally.rs");
        let at = world.offset("src/tally.rs", name, 0);
        let actions = editor.code_actions("src/tally.rs", at..at + width, &[kind], Trigger::Invoked).unwrap();
        editor.run(&actions[0]).unwrap();
        editor.wait_for_message("write what is to be done behind `tierline:`");
        let text = editor.text("src/tally.rs");
        let line = text.lines().find(|line| line.contains("tierline:")).unwrap();
        assert_eq!(line.trim(), "// tierline:");
        let next = text.lines().skip_while(|line| !line.contains("tierline:")).nth(1).unwrap();
        let indent = |line: &str| line.len() - line.trim_start().len();
        assert_eq!(indent(line), indent(next));
        assert!(world.models.requests().is_empty(), "nothing is asked before there is an instruction");
    }
}

#[test]
fn an_answer_is_mended_once_and_then_goes_one_tier_up() {
    let broken = done(&[("replace_text", "s4", ".max()", ".max(")]);
    let good = || done(&[("replace_text", "s4", ".max()", ".min()")]);
    let of_tier = |tier: &str| Match::schema("edit_v1").model(format!("{tier}-model"));
    let order = |world: &World| {
        let editor = world.editor_with_models(Profile::VsCode);
        editor.open("src/tally.rs");
        choose(&editor, "src/tally.rs", world.offset("src/tally.rs", "largest", 0), kind::SIMPLIFY);
        editor
    };
    let world = world();
    world.models.on(of_tier("mini")).reply(broken.clone()).reply(good());
    let editor = order(&world);
    editor.wait_for_message("simplify largest in 1 file (mini · $0.0003)");
    let repair = world.models.requests()[1].prompt();
    assert!(repair.contains("syntax: src/tally.rs") && repair.contains(".max("), "it is told what is wrong: {repair}");
    assert_eq!(world.models.requests().len(), 2);
    drop(editor);

    // The same once more costs nothing: what was mended is kept.
    let editor = order(&world);
    editor.wait_for_message("simplify largest in 1 file (mini · $0 (cached))");
    drop(editor);

    let world = self::world();
    world.models.on(of_tier("mini")).always(broken.clone());
    world.models.on(of_tier("flagship")).reply(good());
    let editor = order(&world);
    editor.wait_for_message("simplify largest in 1 file (flagship · $0.0004)");
    drop(editor);

    let world = self::world();
    world.models.on(Match::schema("edit_v1")).always(broken);
    let editor = order(&world);
    editor.wait_for_message("simplify largest: nothing was changed, because no model's answer passed its check: syntax");
    assert_eq!(world.models.requests().len(), 4, "mini twice, flagship twice, and no more");
    assert_eq!(editor.text("src/tally.rs"), world.fixture.read("src/tally.rs"));
}

#[test]
fn an_edit_moves_with_its_symbol_while_the_user_types_elsewhere() {
    for (typed_in, applied) in [("use std", true), ("tally.counts", false)] {
        let world = world();
        world.models.on(Match::schema("edit_v1")).reply(done(&[("replace_text", "s4", ".max()", ".min()")]).held());
        let editor = world.editor_with_models(Profile::Neovim);
        editor.open("src/tally.rs");
        choose(&editor, "src/tally.rs", world.offset("src/tally.rs", "largest", 0), kind::SIMPLIFY);
        world.models.wait_for_requests(1);
        let at = world.offset("src/tally.rs", typed_in, 0);
        editor.edit("src/tally.rs", at..at, "/* typed */ ");
        world.models.release();
        if applied {
            editor.wait_for_message("simplify largest in 1 file");
            assert!(editor.text("src/tally.rs").starts_with("/* typed */ use std"));
            assert!(editor.text("src/tally.rs").contains(".min()"));
        } else {
            editor.wait_for_message("these files changed meanwhile: src/tally.rs");
            assert!(editor.text("src/tally.rs").contains("/* typed */ tally.counts.values().copied().max()"));
        }
    }
}

#[test]
fn what_editors_do_with_an_edit_is_noticed() {
    let cases = [
        (Profile::VsCode, Policy::Refuse, "your editor did not apply the edit: the user refused"),
        (Profile::Neovim, Policy::HalfSilently, "do not hold it: src/tally.rs"),
    ];
    for (profile, policy, message) in cases {
        let world = world();
        world.models.on(Match::schema("edit_v1")).reply(done(&[("replace_text", "s4", ".max()", ".min()")]));
        let editor = world.editor_with_models(profile);
        editor.open("src/tally.rs");
        editor.set_policy(policy);
        choose(&editor, "src/tally.rs", world.offset("src/tally.rs", "largest", 0), kind::SIMPLIFY);
        editor.wait_for_message(message);
        assert_eq!(editor.text("src/tally.rs"), world.fixture.read("src/tally.rs"));
        let at = world.offset("src/tally.rs", "largest", 0);
        let undo = || editor.code_actions("src/tally.rs", at..at, &[kind::UNDO], Trigger::Invoked).unwrap();
        until("an end of the offer to undo", || undo().is_empty().then_some(()));
    }
}

#[test]
fn what_would_be_sent_is_shown_without_sending_it() {
    let world = world();
    let text = world.fixture.read("src/tally.rs").replace("*count += 1;", "*count += 1; let api_key = \"abcd1234efgh5678\";");
    world.fixture.write("src/tally.rs", &text);
    let editor = world.editor_with_models(Profile::VsCode);
    editor.open("src/tally.rs");
    choose(&editor, "src/tally.rs", world.offset("src/tally.rs", "add(&mut", 0), kind::EGRESS);
    let shown = until("the document", || editor.shown_documents().first().cloned());
    let document = std::fs::read_to_string(shown["uri"].as_str().unwrap().strip_prefix("file://").unwrap()).unwrap();
    for part in ["mini-model", "«redacted:1»", "or_default", "For the documentation of Tally::add"] {
        assert!(document.contains(part), "{part:?} is not in {document}");
    }
    assert!(!document.contains("abcd1234efgh5678"));
    assert!(world.models.requests().is_empty());
}

#[test]
fn a_secret_comes_back_where_its_placeholder_stood_and_no_placeholder_comes_into_a_file() {
    let world = world();
    let text = world.fixture.read("src/tally.rs").replace("*count += 1;", "*count += 1; let api_key = \"abcd1234efgh5678\";");
    world.fixture.write("src/tally.rs", &text);
    let new = |number: u32| {
        let body = "let count = self.counts.entry(name.to_owned()).or_default();";
        let key = format!("let api_key = \"«redacted:{number}»\";");
        format!("pub fn add(&mut self, name: &str) -> u32 {{\n    {body}\n    {key}\n    *count += 1;\n    *count\n}}")
    };
    let invented = done(&[("replace_symbol", "s3", "", &new(7))]);
    world.models.on(Match::schema("edit_v1")).reply(invented).reply(done(&[("replace_symbol", "s3", "", &new(1))]));
    let editor = world.editor_with_models(Profile::VsCode);
    editor.open("src/tally.rs");
    choose(&editor, "src/tally.rs", world.offset("src/tally.rs", "add(&mut", 0), kind::SIMPLIFY);
    let message = editor.wait_for_message("Tierline");
    assert!(message["message"].as_str().unwrap().contains("simplify add in 1 file"), "{message}");
    let after = editor.text("src/tally.rs");
    assert!(
        after.contains("let api_key = \"abcd1234efgh5678\";\n        *count += 1;") && !after.contains("redacted"),
        "{after}"
    );
    assert!(world.models.requests().iter().all(|request| !request.prompt().contains("abcd1234efgh5678")));
}
