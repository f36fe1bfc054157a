//! A plan as a file: printed, edited, carried out, refused where it no longer fits.

use testkit::{Match, ModelServer, Reply};

use super::Shell;

const PLAN: &str = "plan.md";

/// A shell whose models are a script.
pub(super) fn shell(models: &ModelServer) -> Shell {
    let shell = Shell::new();
    let tier = |name: &str| {
        let price = "price = { input = 2.5, output = 15.0 }";
        format!("[tiers.{name}]\nprovider = \"local\"\nbase_url = \"{}\"\nmodel = \"{name}\"\n{price}\n", models.base_url())
    };
    shell.configure(&["nano", "mini", "flagship"].map(tier).concat());
    shell
}

/// The answer of a planner: two new files, the second one after the first.
pub(super) fn two_notes() -> Reply {
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
        step(
            "e2",
            "create_file",
            serde_json::json!({"new_path": "src/other_note.rs", "goal": "write the other", "depends_on": ["e1"]}),
        ),
    ];
    let plan = serde_json::json!({"summary": "two notes", "invariants": ["all stays"], "lookups": [], "steps": steps});
    Reply::json(plan)
}

/// What a worker answers that writes a file.
pub(super) fn file(text: &str) -> Reply {
    let op = serde_json::json!({"op": "write_file", "symbol": "", "find": "", "text": text});
    Reply::json(serde_json::json!({"status": "done", "note": "", "ops": [op]}))
}

/// Writes the plan of two new files, as a shell would with `>`.
fn written(models: &ModelServer, shell: &Shell) -> String {
    models.on(Match::schema("plan_v2")).reply(two_notes());
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
    models.on(Match::schema("edit_v1")).reply(file("pub const NOTE: u8 = 1;\n"));
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

/// Carries the two notes out with a check that wants a word in one of them.
fn checked(shell: &Shell, word: &str) -> std::process::Output {
    // Without the change there is no such file, and nothing to complain of.
    let check =
        format!("sh -c '[ ! -e src/note.rs ] || grep -q {word} src/note.rs || {{ echo src/note.rs:1: no {word}; exit 1; }}'");
    shell.run(&["refactor", "write two notes", "--apply", "--json", "--check", &check])
}

#[cfg(unix)]
#[test]
fn what_the_check_complains_of_goes_back_to_the_worker_and_then_to_the_user() {
    let models = ModelServer::start();
    let shell = shell(&models);
    models.on(Match::schema("plan_v2")).always(two_notes());
    models.on(Match::schema("edit_v1").containing("write the other")).always(file("pub const OTHER: u8 = 1;\n"));
    let mended = serde_json::json!({"op": "replace_text", "symbol": "file", "find": "1;", "text": "1; // WORD"});
    let mended = Reply::json(serde_json::json!({"status": "done", "note": "", "ops": [mended]}));
    models.on(Match::schema("edit_v1").containing("src/note.rs:1: no WORD")).reply(mended);
    models
        .on(Match::schema("edit_v1").containing("no NEVER"))
        .always(Reply::json(serde_json::json!({"status": "cannot", "note": "there is no such word", "ops": []})));
    models.on(Match::schema("edit_v1")).always(file("pub const NOTE: u8 = 1;\n"));

    let refused = checked(&shell, "NEVER");
    assert_eq!(refused.status.code(), Some(1));
    let said = String::from_utf8_lossy(&refused.stdout).into_owned() + &String::from_utf8_lossy(&refused.stderr);
    assert!(said.contains("step e1 (src/note.rs) was refused") && said.contains("there is no such word"), "{said}");
    assert!(!shell.fixture.path("src/note.rs").exists());

    let applied = checked(&shell, "WORD");
    assert_eq!(applied.status.code(), Some(0), "{}", String::from_utf8_lossy(&applied.stderr));
    assert_eq!(shell.fixture.read("src/note.rs"), "pub const NOTE: u8 = 1; // WORD\n");
    let receipt = shell.json(&["receipt"]);
    let lines: Vec<&str> = receipt["lines"].as_array().unwrap().iter().map(|line| line["what"].as_str().unwrap()).collect();
    let wanted = ["failed", "fails without the change", "mended src/note.rs", "passed"];
    assert!(lines.iter().any(|line| line.ends_with(wanted[0])) && lines.iter().any(|line| *line == wanted[2]), "{lines:?}");
    assert!(lines.last().unwrap().ends_with(wanted[3]) && !lines.iter().any(|line| line.contains(wanted[1])), "{lines:?}");
    assert_eq!((receipt["instruction"].as_str(), receipt["files"].as_u64()), (Some("write two notes"), Some(2)));
    let account = &receipt["account"];
    assert!(account["same_calls_at_flagship_micro_usd"].as_u64().unwrap() > 0, "{account}");
    assert!(account["one_flagship_agent"]["input_tokens"].as_u64().unwrap() > 0, "{account}");
    assert!(shell.sentence(&["receipt"]).contains("One flagship that reads every file of the plan whole"));
}
