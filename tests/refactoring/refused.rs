//! Answers that must not reach a file: each is refused with a reason, and every byte stays as it was.

use serde_json::{Value, json};
use testkit::editor::Profile;
use testkit::{Match, Reply};

use super::{NEW_RESTOCK, Outline, done, good_callers, on_disk, order, plan, step, three_steps, worker};
use crate::support::{SHOP, World};

/// Has the plan carried out with the store's worker answering `answer`, on every tier that is asked, and expects the refusal.
#[track_caller]
fn refused(steps: &[Value], answer: Reply, reason: &str) {
    let world = World::new(SHOP);
    world.models.on(Match::schema("plan_v2")).reply(plan(steps));
    world.models.on(worker("src/store.rs")).always(answer);
    good_callers(&world);
    let editor = world.editor_with_models(Profile::VsCode);
    editor.open("src/store.rs");
    let before = on_disk(&world);
    order(&editor);
    let message = editor.wait_for_message("refused");
    let text = message["message"].as_str().unwrap();
    assert!(text.contains(reason), "{text}");
    assert!(text.contains("flagship · $0.00"), "a refusal says what it cost: {text}");
    assert_eq!(on_disk(&world), before);
    assert_eq!(editor.text("src/store.rs"), before[4]);
    let edits = editor.recording().messages().into_iter().filter(|message| message.content["method"] == "workspace/applyEdit");
    assert_eq!(edits.count(), 0);
}

#[track_caller]
fn refused_worker(ops: &[(&str, &str, &str, &str)], reason: &str) {
    refused(&three_steps(&Outline::of_shop()), done(ops), reason);
}

#[test]
fn an_unknown_symbol() {
    refused_worker(&[("replace_symbol", "s99", "", NEW_RESTOCK)], "there is no symbol \"s99\"");
}

#[test]
fn a_symbol_that_is_not_part_of_the_step() {
    refused_worker(&[("replace_symbol", "s1", "", "pub struct Store;")], "Store is not part of this step");
}

#[test]
fn a_file_that_is_cut() {
    let steps = |outline: &Outline| {
        let mut steps = three_steps(outline);
        steps[0]["symbols"] = json!([outline.id("Store")]);
        steps
    };
    let cut = done(&[("replace_symbol", "s1", "", "/// Keeps what is sold.\npub struct Store {\n    pub path: String,\n}")]);
    refused(&steps(&Outline::of_shop()), cut, "Store::stock would be lost from src/store.rs");
}

#[test]
fn broken_syntax() {
    let broken = NEW_RESTOCK.replace("store.stock\n}", "store.stock +\n}");
    refused_worker(&[("replace_symbol", "s4", "", &broken)], "syntax: src/store.rs");
}

#[test]
fn code_that_is_left_out() {
    let lazy = NEW_RESTOCK.replace("    store.stock += amount;", "    // ... existing code ...");
    refused_worker(&[("replace_symbol", "s4", "", &lazy)], "completeness: src/store.rs");
}

#[test]
fn a_reply_that_is_cut() {
    let cut = Reply::incomplete("{\"status\": \"done\", \"ops\": [{\"op\": \"replace_sy").usage(500, 0, 100);
    let world = World::new(SHOP);
    world.models.on(Match::schema("plan_v2")).reply(plan(&three_steps(&Outline::of_shop())));
    world.models.on(worker("src/store.rs")).always(cut);
    good_callers(&world);
    let editor = world.editor_with_models(Profile::VsCode);
    let before = on_disk(&world);
    order(&editor);
    editor.wait_for_message("step e1 (src/store.rs) was refused");
    assert_eq!(on_disk(&world), before);
}

#[test]
fn text_to_find_that_occurs_twice() {
    refused_worker(&[("replace_text", "s4", "store.stock", "store.count")], "occurs more than once");
}

#[test]
fn operations_that_overlap() {
    let ops = [("replace_text", "s4", "store.stock += amount;", "x();"), ("replace_symbol", "s4", "", NEW_RESTOCK)];
    refused_worker(&ops, "overlap");
}

#[test]
fn a_definition_that_is_used_elsewhere_is_not_deleted() {
    let outline = Outline::of_shop();
    let restock = outline.id("restock");
    // Nothing else of that name is left that the callers could mean.
    let mut steps = vec![
        step("e0", "rename", "", &[&outline.id("Shelf::restock")], json!({"new_name": "fill"})),
        step("e1", "edit_symbol", &outline.id("src/store.rs"), &[], json!({"may_delete": [restock], "depends_on": ["e0"]})),
    ];
    steps[1]["symbols"] = json!([]);
    refused(&steps, done(&[("delete_symbol", "s4", "", "")]), "would still use restock, which is gone");
}

#[test]
fn a_deletion_that_the_plan_does_not_allow() {
    refused_worker(&[("delete_symbol", "s4", "", "")], "does not allow restock to be deleted");
}

#[test]
fn plans_with_addresses_that_do_not_exist_or_may_not_be_written() {
    let outline = Outline::of_shop();
    let store = outline.id("src/store.rs");
    let create = |path: &str| step("e1", "create_file", "", &[], json!({"new_path": path}));
    let cases = [
        (step("e1", "edit_symbol", "f99", &[], json!({})), "there is no file f99"),
        (step("e1", "edit_symbol", &store, &["s99"], json!({})), "there is no symbol s99"),
        (step("e1", "edit_symbol", &store, &[&outline.id("give_back")], json!({})), "give_back is not in src/store.rs"),
        (step("e1", "edit_symbol", &store, &[], json!({"depends_on": ["e2"]})), "it depends on e2"),
        (step("e1", "edit_symbol", &store, &[], json!({"depends_on": ["e1"]})), "it depends on e1"),
        (create(".git/hooks/pre-commit"), "may not be created"),
        (create("../outside.rs"), "may not be created"),
        (create("src/store.rs"), "exists already"),
        (create(".vscode/settings.json"), "may not be created"),
        (create("build.rs"), "only a request that names it changes it"),
        (create("scripts/install.sh"), "only a request that names it changes it"),
    ];
    for (step, reason) in cases {
        no_plan(&[step], reason);
    }
}

#[test]
fn a_plan_of_too_many_steps() {
    let create =
        |number: usize| step(&format!("e{number}"), "create_file", "", &[], json!({"new_path": format!("src/n{number}.rs")}));
    let steps: Vec<Value> = (1..=51).map(create).collect();
    no_plan(&steps, "the plan has 51 steps, more than 50");
}

/// A plan that is answered with what is wrong with it, and of which nothing is carried out.
fn no_plan(steps: &[Value], reason: &str) {
    let world = World::new(SHOP);
    world.models.on(Match::schema("plan_v2")).always(plan(steps).usage(20_000, 0, 4_000));
    let editor = world.editor_with_models(Profile::VsCode);
    let before = on_disk(&world);
    order(&editor);
    let message = editor.wait_for_message("no plan");
    let text = message["message"].as_str().unwrap();
    assert!(text.contains(reason), "{text}");
    assert_eq!(on_disk(&world), before);
    let asked = world.models.requests();
    assert_eq!(asked.len(), 2, "it goes back once, and no worker is paid for a plan that does not stand");
    assert!(asked[1].prompt().contains(reason), "it goes back with the reasons: {}", asked[1].prompt());
}
