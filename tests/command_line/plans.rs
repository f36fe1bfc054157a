//! A plan as a file: printed, edited, carried out, refused where it no longer fits.

use testkit::{Match, ModelServer, Reply};

use super::Shell;

const PLAN: &str = "plan.md";

/// A shell whose models are a script.
fn shell(models: &ModelServer) -> Shell {
    let shell = Shell::new();
    let tier = |name: &str| {
        let price = "price = { input = 2.5, output = 15.0 }";
        format!("[tiers.{name}]\nprovider = \"local\"\nbase_url = \"{}\"\nmodel = \"{name}\"\n{price}\n", models.base_url())
    };
    shell.configure(&["nano", "mini", "flagship"].map(tier).concat());
    shell
}

/// Writes the plan of a rename and of a new file, as a shell would with `>`.
fn written(models: &ModelServer, shell: &Shell) -> String {
    let step = |id: &str, kind: &str, changes: serde_json::Value| {
        let mut step = serde_json::json!({
            "id": id, "kind": kind, "file": "", "new_path": "", "symbols": [], "may_delete": [], "new_name": "",
            "goal": "write it", "interface": [], "depends_on": [],
        });
        changes.as_object().unwrap().iter().for_each(|(key, value)| step[key] = value.clone());
        step
    };
    let steps = [
        step("e1", "create_file", serde_json::json!({"new_path": "src/note.rs"})),
        step("e2", "create_file", serde_json::json!({"new_path": "src/other_note.rs"})),
    ];
    let plan = serde_json::json!({"summary": "two notes", "invariants": ["all stays"], "lookups": [], "steps": steps});
    models.on(Match::schema("plan_v2")).reply(Reply::json(plan));
    let markdown = shell.sentence(&["refactor", "write two notes", "--plan"]);
    shell.fixture.write(PLAN, &markdown);
    markdown
}

#[test]
fn a_plan_is_printed_edited_and_carried_out() {
    let models = ModelServer::start();
    let shell = shell(&models);
    let markdown = written(&models, &shell);
    assert!(markdown.contains("- [x] **e1** create_file `src/note.rs` (mini, about "), "{markdown}");
    assert!(markdown.contains(", $0.0"), "the estimate says what it costs: {markdown}");
    shell.fixture.write(PLAN, &markdown.replace("[x] **e2**", "[ ] **e2**"));
    let op = serde_json::json!({"op": "write_file", "symbol": "", "find": "", "text": "pub const NOTE: u8 = 1;\n"});
    models.on(Match::schema("edit_v1")).reply(Reply::json(serde_json::json!({"status": "done", "note": "", "ops": [op]})));
    let shown = shell.json(&["refactor", "--diff", "--plan", PLAN]);
    assert_eq!((&shown["status"], &shown["edits"][0]["file"]), (&"verified".into(), &"src/note.rs".into()));
    assert!(!shell.fixture.path("src/note.rs").exists());
    let applied = shell.json(&["refactor", "--apply", "--plan", PLAN]);
    assert_eq!(applied["status"], "applied");
    assert_eq!(applied["receipt"]["cost_micro_usd"], 0, "the answer was paid for when it was shown");
    assert!(shell.fixture.path("src/note.rs").exists() && !shell.fixture.path("src/other_note.rs").exists());
    assert_eq!(models.requests().len(), 2);

    let (code, message) = shell.error(&["refactor", "--apply", "--plan", PLAN], 1);
    assert_eq!(code, "plan_unfit");
    assert!(message.contains("e1: src/note.rs exists already"), "{message}");
}

#[test]
fn what_cannot_be_read_is_said_with_its_line() {
    let models = ModelServer::start();
    let shell = shell(&models);
    let markdown = written(&models, &shell);
    let line = markdown.lines().position(|line| line.contains("**e2**")).unwrap() + 1;
    shell.fixture.write(PLAN, &markdown.replace("**e2** create_file", "**e2** creat_file"));
    let (code, message) = shell.error(&["refactor", "--apply", "--plan", PLAN], 1);
    assert_eq!(code, "plan_unreadable");
    assert!(message.contains(&format!("{PLAN}:{line}: there is no kind \"creat_file\"")), "{message}");
    for arguments in [&["refactor", "x", "--apply", "--plan", PLAN][..], &["refactor", "--apply", "--plan"], &["refactor"]] {
        assert_eq!(shell.run(arguments).status.code(), Some(2), "{arguments:?}");
    }
}
