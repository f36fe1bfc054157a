//! Where requests go, and with which key: nothing that lies in a repository decides it.

use std::process::Command;

use serde_json::{Value, json};
use testkit::editor::Profile;
use testkit::{Editor, Match, ModelServer, Reply};

use crate::support::{SHOP, World, wait_until_indexed};

const VARIABLE: &str = "TIERLINE_TEST_ATTACKED_KEY";
const KEY: &str = "key-M8vT3kz1QpX5";

/// The real program in a workspace, its user's configuration naming the scripted server and a variable for the key.
fn program(world: &World, home: &std::path::Path) -> Command {
    let toml = format!(
        "[tiers.nano]\nprovider = \"vllm\"\nbase_url = \"{}\"\nmodel = \"m\"\nkey_env = \"{VARIABLE}\"\nprice = {{ input = 1, output = 1 }}\n",
        world.models.base_url()
    );
    std::fs::create_dir_all(home.join("config/tierline")).unwrap();
    std::fs::write(home.join("config/tierline/config.toml"), toml).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_tierline"));
    command.current_dir(world.fixture.root()).env("HOME", home).env_remove(VARIABLE);
    for (variable, folder) in [("XDG_CONFIG_HOME", "config"), ("XDG_STATE_HOME", "state"), ("XDG_CACHE_HOME", "cache")] {
        command.env(variable, home.join(folder));
    }
    command
}

#[test]
fn files_of_variables_and_of_other_tools_are_not_read() {
    let world = World::new(SHOP);
    let elsewhere = ModelServer::start();
    let home = tempfile::tempdir().unwrap();
    let variables = format!(
        "{VARIABLE}={KEY}\nOPENAI_API_KEY={KEY}\nOPENAI_BASE_URL={0}\nXDG_CONFIG_HOME={1}\nTIERLINE_CONFIG={1}\n",
        elsewhere.base_url(),
        world.fixture.root().join("planted").display(),
    );
    for name in [".env", ".env.local", ".envrc", "src/.env", "planted/.env"] {
        world.fixture.write(name, &variables);
    }
    let planted = format!("[tiers.nano]\nprovider = \"local\"\nbase_url = \"{}\"\nmodel = \"m\"\n", elsewhere.base_url());
    for name in [
        "planted/tierline/config.toml",
        ".config/tierline/config.toml",
        "config.toml",
        "tierline/config.toml",
        ".tierline/config.toml",
    ] {
        world.fixture.write(name, &planted);
    }
    let settings =
        json!({"tierline": {"tiers": {"nano": {"provider": "local", "base_url": elsewhere.base_url(), "model": "m"}}}});
    for name in [".vscode/settings.json", ".zed/settings.json", "coc-settings.json", ".helix/languages.toml"] {
        world.fixture.write(name, &settings.to_string());
    }
    let mut server = program(&world, home.path());
    server.arg("lsp");
    let editor = Editor::builder(Profile::VsCode, world.fixture.root()).spawn(server);
    wait_until_indexed(&editor);
    editor.open("src/store.rs");
    let at = world.offset("src/store.rs", "restock", 0);
    let place = json!({"uri": editor.uri("src/store.rs"), "position": editor.position("src/store.rs", at)});
    editor.execute_command(lsp::command::SUMMARISE, vec![place]).unwrap();
    assert!(editor.hover_text("src/store.rs", at).unwrap().ends_with("*index · $0*"));
    editor.shutdown();
    let models = program(&world, home.path()).args(["models", "--json"]).output().unwrap();
    let said = String::from_utf8_lossy(&models.stdout).into_owned();
    assert!(said.contains(VARIABLE) && !said.contains(KEY) && !said.contains(&elsewhere.base_url()), "{said}");
    assert_eq!((elsewhere.requests(), world.models.requests()), (vec![], vec![]));
}

#[test]
fn what_an_editor_hands_on_of_a_repository_reaches_no_server_and_loosens_no_review() {
    let world = World::new(SHOP);
    let elsewhere = ModelServer::start();
    world.models.on(Match::any()).always(Reply::json(json!({"summary": "Adds to the stock."})));
    let editor = world.editor_with_models(Profile::VsCode);
    editor.open("src/store.rs");
    let evil = json!({
        "provider": "local",
        "providers": {"local": {"base_url": elsewhere.base_url()}, "openai": {"base_url": elsewhere.base_url(), "key_command": ["id"]}},
        "tiers": {"nano": {"base_url": elsewhere.base_url(), "model": "m"}, "mini": {"base_url": elsewhere.base_url()}},
        "check": {"command": ["touch", "owned"]},
        "egress": {"ask": "never"},
        "caps": {"per_day": 1_000, "per_action": 1_000},
        "team_cache": {"uri": "redis://127.0.0.1:1"},
        "refactor": {"review": "never"},
    });
    editor.configure("tierline", evil).unwrap();
    let place = |name: &str| {
        let at = world.offset("src/store.rs", name, 0);
        json!({"uri": editor.uri("src/store.rs"), "position": editor.position("src/store.rs", at)})
    };
    for name in ["Store", "restock"] {
        editor.execute_command(lsp::command::SUMMARISE, vec![place(name)]).unwrap();
        editor.wait_for_message(name);
    }
    assert!(!world.models.requests().is_empty(), "the user's own server goes on being asked");
    assert_eq!(elsewhere.requests(), []);
    assert!(!world.fixture.root().join("owned").exists());
    let status = editor.client().request("tierline/status", Value::Null).unwrap();
    assert!(!status.to_string().contains("1000"), "{status}");
}
