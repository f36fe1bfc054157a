//! A refactor whose process is killed: nothing half applied, offered again, nothing paid for twice.

use std::process::{Command, Stdio};

use serde_json::json;
use testkit::editor::Profile;
use testkit::{Editor, Match, ModelServer, Reply};

use super::Shell;
use super::plans::{file, shell, two_notes};
use crate::support::wait_until_indexed;

fn command(shell: &Shell, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tierline"));
    command.args(arguments).current_dir(shell.fixture.root()).env("HOME", shell.home.path());
    for (name, folder) in [("XDG_CONFIG_HOME", "config"), ("XDG_STATE_HOME", "state"), ("XDG_CACHE_HOME", "cache")] {
        command.env(name, shell.home.path().join(folder));
    }
    command
}

const WRITE_TWO_NOTES: [&str; 3] = ["refactor", "write two notes", "--apply"];

/// A refactor that is killed while its second note is being written: the plan and the first note are paid for.
fn killed_refactor(models: &ModelServer, shell: &Shell) {
    models.on(Match::schema("plan_v2")).reply(two_notes());
    models
        .on(Match::schema("edit_v1").containing("write the other"))
        .reply(Reply::stall())
        .reply(file("pub const OTHER: u8 = 1;\n"));
    models.on(Match::schema("edit_v1")).reply(file("pub const NOTE: u8 = 1;\n"));
    let mut killed = command(shell, &WRITE_TWO_NOTES).stderr(Stdio::null()).spawn().unwrap();
    models.wait_for_requests(3);
    killed.kill().unwrap();
    killed.wait().unwrap();
}

#[test]
fn what_was_paid_for_is_used_again_and_the_editor_offers_to_go_on() {
    let models = ModelServer::start();
    let shell = shell(&models);
    killed_refactor(&models, &shell);
    assert!(!shell.fixture.path("src/note.rs").exists(), "nothing was applied");

    let builder = Editor::builder(Profile::VsCode, shell.fixture.root());
    let editor = builder.spawn(command(&shell, &["lsp"]));
    editor.choose("Go on");
    wait_until_indexed(&editor);
    editor.wait_for_message("planned in 2 steps (flagship · $0 (cached))");
    let uri = editor.shown_documents()[0]["uri"].clone();
    editor.execute_command(lsp::command::PLAN, vec![json!({"v": 1, "uri": uri, "do": "apply"})]).unwrap();
    editor.wait_for_edit();
    editor.wait_for_message("in 2 files");
    assert_eq!(editor.text("src/note.rs"), "pub const NOTE: u8 = 1;\n");
    let asked = models.requests().len();
    assert_eq!(asked, 4, "only what had not been answered is asked again");
    models.assert_all_matched();
    editor.shutdown();

    let editor = Editor::builder(Profile::VsCode, shell.fixture.root()).spawn(command(&shell, &["lsp"]));
    wait_until_indexed(&editor);
    let questions =
        editor.recording().messages().into_iter().filter(|message| message.content["method"] == "window/showMessageRequest");
    assert_eq!(questions.count(), 0, "what came to its end is not offered");
}

#[test]
fn the_command_line_goes_on_by_itself_when_it_is_asked_again() {
    let models = ModelServer::start();
    let shell = shell(&models);
    killed_refactor(&models, &shell);
    let again = command(&shell, &WRITE_TWO_NOTES).output().unwrap();
    assert_eq!(again.status.code(), Some(0), "{}", String::from_utf8_lossy(&again.stderr));
    assert!(String::from_utf8_lossy(&again.stderr).contains("was cut off before"), "{}", String::from_utf8_lossy(&again.stderr));
    assert!(shell.fixture.path("src/note.rs").exists() && shell.fixture.path("src/other_note.rs").exists());
    assert_eq!(models.requests().len(), 4);
}

/// How often the next test kills; `TIERLINE_KILLS=50` for as often as it is worth to wait for.
const KILLS: &str = "TIERLINE_KILLS";

#[test]
fn killed_at_any_moment_it_is_whole_and_asks_again_only_what_was_not_answered() {
    let kills: u64 = std::env::var(KILLS).ok().and_then(|count| count.parse().ok()).unwrap_or(5);
    let mut chance = fastrand::Rng::with_seed(6);
    let written = |shell: &Shell| ["src/note.rs", "src/other_note.rs"].map(|path| shell.fixture.path(path).exists());
    let mut whole = std::time::Duration::from_secs(1);
    for kill in 0..=kills {
        let models = ModelServer::start();
        let shell = shell(&models);
        models.on(Match::schema("plan_v2")).always(two_notes());
        models.on(Match::schema("edit_v1").containing("write the other")).always(file("pub const OTHER: u8 = 1;\n"));
        models.on(Match::schema("edit_v1")).always(file("pub const NOTE: u8 = 1;\n"));
        let begun = std::time::Instant::now();
        let mut running = command(&shell, &WRITE_TWO_NOTES).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        if kill == 0 {
            // The first is left alone, to see how long it takes.
            assert!(running.wait().unwrap().success());
            whole = begun.elapsed();
            continue;
        }
        std::thread::sleep(whole.mul_f64(chance.f64()));
        running.kill().unwrap();
        running.wait().unwrap();
        // Any start puts back what was cut off while it was written; what was applied is taken back.
        drop(shell.run(&["undo"]));
        assert_eq!(written(&shell), [false, false], "kill {kill}: all or nothing");
        let again = command(&shell, &WRITE_TWO_NOTES).output().unwrap();
        assert_eq!(again.status.code(), Some(0), "kill {kill}: {}", String::from_utf8_lossy(&again.stderr));
        assert_eq!(written(&shell), [true, true], "kill {kill}");
        // One request at a time is under way here: the one that the kill cut off is all that may be asked twice.
        let asked = models.requests().len();
        assert!((3..=4).contains(&asked), "kill {kill}: {asked} requests");
    }
}
