//! The plan that a user reads: opened as a document, edited as text, carried out as far as it is ticked.

use lsp::{command, kind};
use serde_json::{Value, json};
use testkit::editor::{Profile, Trigger};
use testkit::{Editor, Match};

use super::{FILES, INSTRUCTION, NEW_RESTOCK, Outline, done, good_callers, on_disk, plan, step, three_steps, worker};
use crate::support::{SHOP, World, until};

/// Asks for the plan of the three steps and opens it as an editor does, and says where it is.
#[track_caller]
fn planned(world: &World, editor: &Editor, steps: &[Value]) -> String {
    world.models.on(Match::schema("plan_v2")).reply(plan(steps));
    editor.execute_command(command::REFACTOR, vec![json!({"v": 1, "instruction": INSTRUCTION})]).unwrap();
    editor.wait_for_message("planned in");
    let shown = editor.shown_documents();
    let uri = shown.last().expect("the plan is shown")["uri"].as_str().unwrap();
    let path = uri.strip_prefix("file://").unwrap().to_owned();
    editor.open(&path);
    path
}

/// What the menu of the plan offers on a line that holds a text.
#[track_caller]
fn menu(editor: &Editor, plan: &str, line: &str) -> Vec<Value> {
    let at = editor.text(plan).find(line).unwrap_or_else(|| panic!("{line} is not in {}", editor.text(plan)));
    editor.code_actions(plan, at..at, &[], Trigger::Invoked).unwrap()
}

#[track_caller]
fn choose(editor: &Editor, plan: &str, line: &str, title: &str) {
    let actions = menu(editor, plan, line);
    let action = actions.iter().find(|action| action["title"].as_str().unwrap().contains(title));
    editor.run(action.unwrap_or_else(|| panic!("{title}: {actions:?}"))).unwrap();
}

#[track_caller]
fn replace(editor: &Editor, plan: &str, old: &str, new: &str) {
    let at = editor.text(plan).find(old).unwrap_or_else(|| panic!("{old} is not in {}", editor.text(plan)));
    editor.edit(plan, at..at + old.len(), new);
}

/// The diagnostics of the plan at this version of it.
#[track_caller]
fn diagnostics(editor: &Editor, plan: &str) -> Vec<Value> {
    let (uri, version) = (editor.uri(plan), editor.version(plan).unwrap());
    let told = editor.client().wait_for_notification("textDocument/publishDiagnostics", |params| {
        params["uri"] == uri.as_str() && params["version"] == version
    });
    told.unwrap()["diagnostics"].as_array().unwrap().clone()
}

#[test]
fn only_the_ticked_steps_are_carried_out_and_the_plan_is_done_with() {
    let outline = Outline::of_shop();
    let world = World::new(SHOP);
    let editor = world.editor_with_models(Profile::VsCode);
    let before = on_disk(&world);
    let mut steps = three_steps(&outline);
    steps.push(step("e4", "rename", "", &[&outline.id("forecast")], json!({"new_name": "outlook", "depends_on": ["e3"]})));
    let plan = planned(&world, &editor, &steps);
    let text = editor.text(&plan);
    assert!(text.contains("- [x] **e1** edit_symbol `restock` in `src/store.rs` (mini, about "), "{text}");
    assert!(text.contains("- [x] **e4** rename `forecast` in `src/report.rs` to `outlook` (index)\n  - after e3\n"), "{text}");
    assert_eq!(diagnostics(&editor, &plan), Vec::<Value>::new());
    assert_eq!(world.models.requests().len(), 1, "no worker is asked before the plan was read");
    assert_eq!(on_disk(&world), before);

    replace(&editor, &plan, "- [x] **e3**", "- [ ] **e3**");
    let told = diagnostics(&editor, &plan);
    assert_eq!(told[0]["message"], "e4 needs e3, which is not ticked");
    let line = text.lines().position(|line| line.contains("**e4**")).unwrap();
    assert_eq!(told[0]["range"]["start"]["line"], line);
    let actions = menu(&editor, &plan, "**e4**");
    assert_eq!(actions[0]["title"], "Apply the ticked steps (3 of 4)");
    assert!(actions[0]["disabled"]["reason"].as_str().unwrap().contains("e4 needs e3"), "{actions:?}");

    replace(&editor, &plan, "- [x] **e4**", "- [ ] **e4**");
    replace(&editor, &plan, "the goal of e1", "the goal of e1, which the user wrote");
    assert_eq!(diagnostics(&editor, &plan), Vec::<Value>::new());
    let more = done(&[("replace_text", "s4", "+= amount", "+= amount + 1")]);
    world.models.on(worker("src/store.rs")).reply(more);
    let back = done(&[("replace_text", "s1", "restock(store, content)", "restock(store, content + 1)")]);
    world.models.on(worker("src/cart.rs")).reply(back);
    choose(&editor, &plan, "**e1**", "Apply the ticked steps (2 of 4)");
    assert_eq!(editor.wait_for_edit().answer["applied"], true);
    editor.wait_for_message("in 2 files");
    assert!(editor.text("src/store.rs").contains("amount + 1") && editor.text("src/cart.rs").contains("content + 1"));
    assert_eq!(world.fixture.read("src/report.rs"), before[3], "what is not ticked is not done");
    let asked = world.models.requests();
    assert!(asked.iter().any(|request| request.prompt().contains("which the user wrote")));
    until("the end of the plan", || (!std::path::Path::new(&plan).exists()).then_some(()));
    world.models.assert_all_matched();

    editor.execute_command(command::UNDO, vec![json!({"v": 1})]).unwrap();
    editor.wait_for_message("undone");
    for (path, text) in FILES.iter().zip(&before) {
        assert_eq!(&editor.text(path), text, "{path}");
    }
}

#[test]
fn what_cannot_be_read_is_marked_and_not_carried_out() {
    let world = World::new(SHOP);
    let editor = world.editor_with_models(Profile::Neovim);
    let plan = planned(&world, &editor, &three_steps(&Outline::of_shop()));
    replace(&editor, &plan, "**e2** edit_symbol", "**e2** edit_symbl");
    let told = diagnostics(&editor, &plan);
    assert!(told[0]["message"].as_str().unwrap().contains("there is no kind \"edit_symbl\""), "{told:?}");
    let actions = menu(&editor, &plan, "**e2**");
    let refused = actions.iter().find(|action| action["title"].as_str().unwrap().starts_with("Apply"));
    assert!(refused.is_none_or(|action| action["disabled"]["reason"].is_string()), "{refused:?}");
    let apply = json!({"v": 1, "uri": editor.uri(&plan), "do": "apply"});
    editor.execute_command(command::PLAN, vec![apply]).unwrap();
    editor.wait_for_message("the plan cannot be read: line");
    assert_eq!(world.models.requests().len(), 1);
}

#[test]
fn a_step_is_raised_planned_anew_and_the_plan_thrown_away() {
    let outline = Outline::of_shop();
    let world = World::new(SHOP);
    let editor = world.editor_with_models(Profile::VsCode);
    let plan = planned(&world, &editor, &three_steps(&outline));
    choose(&editor, &plan, "**e2**", "Have the flagship do step e2");
    editor.wait_for_edit();
    assert!(
        editor.text(&plan).contains("**e2** edit_symbol `give_back` in `src/cart.rs` (flagship, about "),
        "{}",
        editor.text(&plan)
    );

    // The planner of one step is shown another outline: its ids are read from what it was asked first.
    let one_step = || Match::schema("plan_v2").containing("Plan only this one step anew");
    world.models.on(one_step()).reply(testkit::Reply::status(400, json!({"error": {"message": "not now"}})));
    choose(&editor, &plan, "**e2**", "Plan step e2 anew");
    editor.wait_for_message("no plan");
    let outline = Outline(world.models.requests().last().unwrap().prompt());
    let anew = [
        step("a", "rename", "", &[&outline.id("give_back")], json!({"new_name": "take_back"})),
        step("b", "edit_symbol", &outline.id("src/cart.rs"), &[&outline.id("give_back")], json!({"depends_on": ["a"]})),
    ];
    world.models.on(one_step()).reply(super::plan(&anew));
    choose(&editor, &plan, "**e2**", "Plan step e2 anew");
    editor.wait_for_edit();
    let text = editor.text(&plan);
    assert!(text.contains("**e2** rename `give_back` in `src/cart.rs` to `take_back` (index)"), "{text}");
    assert!(text.contains("**e2-2** edit_symbol `give_back` in `src/cart.rs` (mini"), "{text}");
    assert!(text.contains("  - after e2\n"), "{text}");

    choose(&editor, &plan, "**e2**", "Discard");
    until("the end of the plan", || (!std::path::Path::new(&plan).exists()).then_some(()));
}

#[test]
fn a_plan_can_be_carried_out_from_any_file_and_nothing_is_said_unasked() {
    let world = World::new(SHOP);
    let editor = world.editor_with_models(Profile::VsCode);
    editor.open("src/cart.rs");
    let offered = |editor: &Editor| editor.code_actions("src/cart.rs", 0..0, &[kind::WAITING_PLAN], Trigger::Invoked).unwrap();
    assert_eq!(offered(&editor), Vec::<Value>::new());
    let plan = planned(&world, &editor, &three_steps(&Outline::of_shop()));
    let automatic = editor.code_actions(&plan, 0..0, &[], Trigger::Automatic).unwrap();
    assert_eq!(automatic, Vec::<Value>::new());
    let actions = offered(&editor);
    assert_eq!(actions.len(), 2, "{actions:?}");
    world.models.on(worker("src/store.rs")).reply(done(&[("replace_symbol", "s4", "", NEW_RESTOCK)]));
    good_callers(&world);
    editor.run(&actions[0]).unwrap();
    editor.wait_for_message("in 3 files");
    assert_eq!(offered(&editor), Vec::<Value>::new());
}

#[test]
fn a_client_that_shows_no_documents_has_it_carried_out_at_once() {
    let world = World::new(SHOP);
    world.models.on(Match::schema("plan_v2")).reply(plan(&three_steps(&Outline::of_shop())));
    world.models.on(worker("src/store.rs")).reply(done(&[("replace_symbol", "s4", "", NEW_RESTOCK)]));
    good_callers(&world);
    let builder = Editor::builder(Profile::VsCode, world.fixture.root());
    let editor = world.connect(builder.capabilities(|it| it["window"]["showDocument"]["support"] = false.into()), true);
    editor.execute_command(command::REFACTOR, vec![json!({"v": 1, "instruction": INSTRUCTION})]).unwrap();
    editor.wait_for_message("in 3 files");
}

#[test]
fn steps_that_leave_a_caller_behind_are_refused() {
    let world = World::new(SHOP);
    let editor = world.editor_with_models(Profile::VsCode);
    let before = on_disk(&world);
    let plan = planned(&world, &editor, &three_steps(&Outline::of_shop()));
    replace(&editor, &plan, "- [x] **e3**", "- [ ] **e3**");
    world.models.on(worker("src/store.rs")).reply(done(&[("replace_symbol", "s4", "", NEW_RESTOCK)]));
    good_callers(&world);
    choose(&editor, &plan, "**e1**", "Apply");
    let told = editor.wait_for_message("the result was refused");
    let told = told["message"].as_str().unwrap();
    assert!(told.contains("signatures: src/report.rs:5 calls restock with 2 arguments, as before, and it takes 3"), "{told}");
    assert_eq!(on_disk(&world), before);
    assert!(std::path::Path::new(&plan).exists(), "the plan can be mended");
}

#[test]
fn a_planner_looks_things_up_for_nothing_and_not_without_end() {
    let world = World::new(SHOP);
    let look_up = |kind: &str, of: &str| json!({"kind": kind, "of": of});
    let asks = |look_ups: Value| {
        testkit::Reply::json(json!({"summary": "more", "invariants": [], "lookups": look_ups, "steps": []})).usage(2_000, 0, 10)
    };
    let rules = world.models.on(Match::schema("plan_v2"));
    let rules =
        rules.reply(asks(json!([look_up("references", "restock"), look_up("read", "give_back"), look_up("read", "nothing")])));
    rules.always(asks(json!([look_up("outline", "src/report.rs")])));
    let editor = world.editor_with_models(Profile::VsCode);
    editor.execute_command(command::REFACTOR, vec![json!({"v": 1, "instruction": INSTRUCTION})]).unwrap();
    let told = editor.wait_for_message("no plan");
    let told = told["message"].as_str().unwrap();
    assert!(told.contains("there are no more look-ups") && told.contains("flagship · $0.01"), "{told}");
    let asked = world.models.requests();
    assert_eq!(asked.len(), 5, "three rounds, the last word, and its repair");
    let second = asked[1].prompt();
    assert!(second.contains("references restock:") && second.contains("give_back") && second.contains("forecast"), "{second}");
    assert!(second.contains("restock(store, content)"), "the source that was asked for: {second}");
    assert!(second.contains("read nothing:\nnothing of that name is known"), "{second}");
    assert!(second.contains("Rounds of look-ups that are left: 2"), "{second}");
    assert!(asked[3].prompt().contains("left: 0"), "{}", asked[3].prompt());
}

#[test]
fn a_new_file_is_the_same_in_every_editor() {
    for profile in [Profile::VsCode, Profile::Neovim] {
        let world = World::new(SHOP);
        let editor = world.editor_with_models(profile);
        let made = step("e1", "create_file", "", &[], json!({"new_path": "src/note.rs"}));
        let plan = planned(&world, &editor, &[made]);
        world.models.on(worker("src/note.rs")).reply(done(&[("write_file", "", "", "pub const BACK: u32 = 1;\n")]));
        choose(&editor, &plan, "**e1**", "Apply");
        editor.wait_for_message("in 1 file");
        assert_eq!(editor.text("src/note.rs"), "pub const BACK: u32 = 1;\n", "{profile:?}");
    }
}
