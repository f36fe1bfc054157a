//! Refactors over several files, from the instruction to the files: what is applied, what is refused, and that a refusal leaves
//! every byte as it was.

mod beside;
mod called_off;
mod conflicts;
mod delegated;
mod plans;
mod refused;
mod renames;

use lsp::command;
use serde_json::{Value, json};
use testkit::editor::Profile;
use testkit::{Editor, Match, Reply};

use crate::support::{SHOP, World};

/// The free instruction of these tests.
const INSTRUCTION: &str = "let restock take a note and pass it from every caller";

const FILES: [&str; 5] = ["src/cart.rs", "src/lib.rs", "src/other.rs", "src/report.rs", "src/store.rs"];

/// What a planner is shown: the ids that the outline gives to files and symbols.
pub(crate) struct Outline(String);

impl Outline {
    /// Asks for a plan that is not given, and reads what the planner was shown.
    pub(crate) fn of_shop() -> Self {
        let world = World::new(SHOP);
        world.models.on(Match::schema("plan_v2")).reply(Reply::status(400, json!({"error": {"message": "not now"}})));
        let editor = world.editor_with_models(Profile::VsCode);
        order(&editor);
        editor.wait_for_message("no plan");
        Self(world.models.requests()[0].prompt())
    }

    pub(crate) fn id(&self, name: &str) -> String {
        let line = self
            .0
            .lines()
            .map(str::trim)
            .find(|line| line.split_whitespace().nth(1).is_some_and(|word| word.trim_end_matches(':') == name));
        line.and_then(|line| line.split_whitespace().next()).unwrap_or_else(|| panic!("{name} is not in {}", self.0)).to_owned()
    }
}

/// A step of a scripted plan; `changes` is laid over what every step has.
pub(crate) fn step(id: &str, kind: &str, file: &str, symbols: &[&str], changes: Value) -> Value {
    let mut step = json!({
        "id": id, "kind": kind, "file": file, "new_path": "", "symbols": symbols, "may_delete": [], "new_name": "",
        "goal": format!("the goal of {id}"), "interface": ["pub fn restock(store: &mut Store, amount: u32, note: &str) -> u32"],
        "depends_on": [],
    });
    for (key, value) in changes.as_object().unwrap() {
        step[key] = value.clone();
    }
    step
}

pub(crate) fn plan(steps: &[Value]) -> Reply {
    Reply::json(json!({"summary": "a note for restock", "invariants": [], "lookups": [], "steps": steps})).usage(2_000, 0, 300)
}

/// Operations of a worker: kind, symbol, text to find, new text.
pub(crate) fn done(ops: &[(&str, &str, &str, &str)]) -> Reply {
    let ops: Vec<Value> =
        ops.iter().map(|(op, symbol, find, text)| json!({"op": op, "symbol": symbol, "find": find, "text": text})).collect();
    Reply::json(json!({"status": "done", "note": "", "ops": ops})).usage(500, 0, 100)
}

pub(crate) fn worker(file: &str) -> Match {
    Match::schema("edit_v1").containing(format!("File {file} "))
}

/// Gives the instruction, to be carried out without a look at the plan, and says what the job is called.
pub(crate) fn order(editor: &Editor) -> String {
    let argument = json!({"v": 1, "instruction": INSTRUCTION, "review": false});
    let answer = editor.execute_command(command::REFACTOR, vec![argument]).unwrap();
    answer["job"].as_str().unwrap().to_owned()
}

/// The three steps that the instruction really takes.
fn three_steps(outline: &Outline) -> Vec<Value> {
    let file = |path: &str| outline.id(path);
    let symbol = |name: &str| outline.id(name);
    vec![
        step("e1", "edit_symbol", &file("src/store.rs"), &[&symbol("restock")], json!({})),
        step("e2", "edit_symbol", &file("src/cart.rs"), &[&symbol("give_back")], json!({})),
        step("e3", "edit_symbol", &file("src/report.rs"), &[&symbol("forecast")], json!({})),
    ]
}

pub(crate) const NEW_RESTOCK: &str = "/// Fills the store up again, and says how much it holds.
pub fn restock(store: &mut Store, amount: u32, note: &str) -> u32 {
    store.path.push_str(note);
    store.stock += amount;
    store.stock
}";

/// Lets the workers of cart and report answer as they should.
fn good_callers(world: &World) {
    world.models.on(worker("src/cart.rs")).always(done(&[(
        "replace_text",
        "s1",
        "restock(store, content)",
        "restock(store, content, \"back\")",
    )]));
    world.models.on(worker("src/report.rs")).always(done(&[(
        "replace_text",
        "s1",
        "restock(store, 10)",
        "restock(store, 10, \"new\")",
    )]));
}

/// A world whose models make the change of three files; `store` says how the worker of the store replies.
fn three_files(outline: &Outline, store: impl FnOnce(Reply) -> Reply) -> World {
    let world = World::new(SHOP);
    world.models.on(Match::schema("plan_v2")).reply(plan(&three_steps(outline)));
    world.models.on(worker("src/store.rs")).reply(store(done(&[("replace_symbol", "s4", "", NEW_RESTOCK)])));
    good_callers(&world);
    world
}

/// All files as they are on disk.
fn on_disk(world: &World) -> Vec<String> {
    FILES.iter().map(|path| world.fixture.read(path)).collect()
}
