//! What a complete session writes down: the real program at its most talkative, with a server that repeats the key wherever it can. The
//! key is in no log, in no message and in no file, and no secret of the code is in a log.

use std::fs::{self, File};
use std::path::Path;
use std::process::Command;

use lsp::command;
use serde_json::json;
use testkit::editor::Profile;
use testkit::{Editor, Match, Reply};

use crate::support::{World, wait_until_indexed};

const KEY: &str = "key-Q7rk2zpX9vB4mT1s";
const VARIABLE: &str = "TIERLINE_TEST_LOGGED_KEY";

fn program(world: &World, home: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tierline"));
    command
        .current_dir(world.fixture.root())
        .env("XDG_CONFIG_HOME", home.join("config"))
        .env("XDG_STATE_HOME", home.join("state"))
        .env("XDG_CACHE_HOME", home.join("cache"))
        .env("TIERLINE_LOG", "trace")
        .env(VARIABLE, KEY)
        .stderr(File::options().create(true).append(true).open(home.join("log")).unwrap());
    command
}

/// Every file below a folder with its bytes.
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push((path.display().to_string(), fs::read(&path).unwrap()));
        }
    }
    found
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

#[test]
fn a_complete_session_writes_the_key_nowhere_and_no_secret_into_a_log() {
    let secret = ["ghp_", "a1B2c3D4e5F6g7H8", "a1B2c3D4e5F6g7H8k9L0"].concat();
    let world = World::new(&format!(
        "//- src/lib.rs\n/// Opens the gate.\npub fn open_gate() -> &'static str {{\n    \"{secret}\"\n}}\n"
    ));
    let home = tempfile::tempdir().unwrap();
    let tier = |name: &str| {
        format!(
            "[tiers.{name}]\nprovider = \"vllm\"\nbase_url = \"{}\"\nmodel = \"{name}\"\nkey_env = \"{VARIABLE}\"\nprice = {{ input = 1, output = 1 }}\n",
            world.models.base_url()
        )
    };
    fs::create_dir_all(home.path().join("config/tierline")).unwrap();
    fs::write(home.path().join("config/tierline/config.toml"), ["nano", "mini", "flagship"].map(tier).concat()).unwrap();
    let echo = |status: u16| Reply::status(status, json!({"error": {"message": format!("not with {KEY}"), "type": KEY}}));
    let models = &world.models;
    models.on(Match::schema("summary_v1")).reply(echo(500)).always(Reply::json(json!({"summary": "Opens a gate."})).model(KEY));
    models.on(Match::schema("explain_v1")).reply(echo(401)).always(Reply::refusal(format!("I was given {KEY}")));
    models.on(Match::schema("lookup_v1")).always(Reply::text(format!("not JSON, but {KEY}")));
    models.on(Match::any()).always(echo(400).header("x-request-id", KEY));

    let mut server = program(&world, home.path());
    server.arg("lsp");
    let mut editor = Editor::builder(Profile::VsCode, world.fixture.root()).spawn(server);
    wait_until_indexed(&editor);
    editor.open("src/lib.rs");
    let at = world.offset("src/lib.rs", "open_gate", 0);
    let place = json!({"uri": editor.uri("src/lib.rs"), "position": editor.position("src/lib.rs", at)});
    for _ in 0..2 {
        editor.hover("src/lib.rs", at).unwrap();
        editor.execute_command(command::SUMMARISE, vec![place.clone()]).unwrap();
        editor.execute_command(command::EXPLAIN, vec![place.clone()]).unwrap();
    }
    editor.execute_command(command::LOOKUP, vec![json!({"question": "where is the gate opened?"})]).unwrap();
    editor.execute_command(command::REFACTOR, vec![json!({"v": 1, "instruction": "let it close the gate too"})]).unwrap();
    editor.wait_for_message("no plan");
    let wanted = ["summary_v1", "explain_v1", "lookup_v1", "plan_v2"];
    crate::support::until("every kind of request", || {
        let seen = models.requests();
        wanted.iter().all(|name| seen.iter().any(|request| request.schema_name() == Some(name))).then_some(())
    });
    editor.forgive();
    let said = format!("{:?}", editor.recording());
    editor.shutdown();

    let mut printed = Vec::new();
    for arguments in [
        &["hover", "src/lib.rs:2:8", "--summary"][..],
        &["lookup", "where is the gate opened?"],
        &["refactor", "let it close the gate too"],
        &["models", "--check"],
        &["report", "--json"],
        &["doctor"],
        &["egress", "--all"],
    ] {
        printed.extend(program(&world, home.path()).args(arguments).output().unwrap().stdout);
    }
    assert!(models.requests().iter().all(|request| request.header("authorization") == Some(format!("Bearer {KEY}").as_str())));
    let logged = fs::read(home.path().join("log")).unwrap();
    assert!(holds(&logged, "an attempt failed"), "{}", String::from_utf8_lossy(&logged));
    assert!(!holds(&logged, KEY) && !holds(&logged, &secret), "{}", String::from_utf8_lossy(&logged));
    assert!(!holds(&printed, KEY) && !said.contains(KEY), "{said}");
    let kept = files(home.path());
    assert!(kept.iter().any(|(name, _)| name.ends_with("ledger.sqlite")));
    let leaks: Vec<&String> = kept.iter().filter(|(_, bytes)| holds(bytes, KEY)).map(|(name, _)| name).collect();
    assert_eq!(leaks, Vec::<&String>::new());
}
