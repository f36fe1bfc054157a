//! One workspace, several processes: servers and a command at once, one killed while it writes, a store that turns into noise.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;
use testkit::{Editor, Profile};

use crate::support::{until, wait_until_indexed};

const FILES: usize = 1_200;

/// A workspace of many small files and a user of its own.
struct Site {
    folder: TempDir,
    home: TempDir,
}

impl Site {
    fn new() -> Self {
        let this = Self { folder: TempDir::new().unwrap(), home: TempDir::new().unwrap() };
        std::fs::create_dir(this.folder.path().join(".git")).unwrap();
        for number in 0..FILES {
            this.write(number, &format!("/// Number {number}.\npub fn part_{number}() {{ part_{}() }}\n", number + 1));
        }
        this
    }

    fn write(&self, number: usize, text: &str) {
        std::fs::write(self.folder.path().join(format!("part_{number}.rs")), text).unwrap();
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tierline"));
        command.args(arguments).current_dir(self.folder.path()).env("HOME", self.home.path());
        for (variable, folder) in [("XDG_CONFIG_HOME", "config"), ("XDG_STATE_HOME", "state"), ("XDG_CACHE_HOME", "cache")] {
            command.env(variable, self.home.path().join(folder));
        }
        command
    }

    fn server(&self) -> Editor {
        Editor::builder(Profile::VsCode, self.folder.path()).spawn(self.command(&["lsp"]))
    }

    fn index(&self) -> Value {
        report(self.command(&["index", "--json"]))
    }

    /// The database, once it is there.
    fn database(&self) -> Option<PathBuf> {
        let folder = self.home.path().join("cache/tierline/v1/ws");
        let workspace = std::fs::read_dir(folder).ok()?.next()?.ok()?.path();
        Some(workspace.join("index.sqlite")).filter(|path| path.exists())
    }
}

#[track_caller]
fn report(mut command: Command) -> Value {
    let output = command.output().unwrap();
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)))
}

#[track_caller]
fn finds(editor: &Editor, name: &str) -> bool {
    editor.workspace_symbol(name).unwrap().iter().any(|symbol| symbol["name"] == name)
}

fn role(editor: &Editor) -> String {
    let status = editor.client().request("tierline/status", Value::Null).unwrap();
    status["stores"][0].as_str().unwrap_or_default().to_owned()
}

fn kill(editor: &mut Editor) {
    let child = editor.client_mut().child().unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    editor.forgive();
}

#[test]
fn a_process_that_is_killed_while_it_writes_leaves_a_store_that_is_right() {
    let site = Site::new();
    let mut killed = site.command(&["index"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    until("the first batch", || {
        let log = site.database()?.with_file_name("index.sqlite-wal");
        log.metadata().is_ok_and(|found| found.len() > 100_000).then_some(())
    });
    killed.kill().unwrap();
    killed.wait().unwrap();
    let command = site.command(&["index", "--json"]);
    let (one, other) = (site.server(), site.server());
    let third = std::thread::spawn(move || report(command));
    for editor in [&one, &other] {
        wait_until_indexed(editor);
        assert!(finds(editor, "part_0") && finds(editor, &format!("part_{}", FILES - 1)));
    }
    let third = third.join().unwrap();
    assert_eq!((&third["files"], &third["symbols"]), (&FILES.into(), &FILES.into()));
    one.shutdown();
    other.shutdown();
    let last = site.index();
    assert_eq!((&last["files"], &last["parsed"], &last["store"]["role"]), (&FILES.into(), &0.into(), &"leader".into()));
}

#[test]
fn a_follower_sees_what_the_leader_writes_and_takes_its_place() {
    let site = Site::new();
    let mut leader = site.server();
    wait_until_indexed(&leader);
    let follower = site.server();
    wait_until_indexed(&follower);
    assert_eq!((role(&leader).as_str(), role(&follower).as_str()), ("leader", "follower"));
    // Only the leader's editor tells of the change.
    site.write(7, "pub fn fresh() {}\n");
    leader.file_event("part_7.rs", 2).unwrap();
    until("the leader's change", || finds(&follower, "fresh").then_some(()));
    kill(&mut leader);
    until("the lead", || (role(&follower) == "leader").then_some(()));
    site.write(8, "pub fn fresher() {}\n");
    follower.file_event("part_8.rs", 2).unwrap();
    until("the change", || finds(&follower, "fresher").then_some(()));
    follower.shutdown();
    let last = site.index();
    assert_eq!((&last["files"], &last["parsed"]), (&FILES.into(), &0.into()));
}

#[test]
fn noise_in_the_store_changes_no_answer() {
    let site = Site::new();
    assert_eq!(site.index()["parsed"], FILES);
    let running = site.server();
    wait_until_indexed(&running);
    let database = site.database().unwrap();
    let length = usize::try_from(database.metadata().unwrap().len()).unwrap();
    let noise: Vec<u8> = (0..length).map(|at| (at.wrapping_mul(2_654_435_761) >> 7).to_le_bytes()[0]).collect();
    std::fs::write(&database, noise).unwrap();
    site.write(9, "pub fn after_the_noise() {}\n");
    running.file_event("part_9.rs", 2).unwrap();
    until("the change", || finds(&running, "after_the_noise").then_some(()));
    assert!(finds(&running, "part_0"));
    let second = site.server();
    wait_until_indexed(&second);
    assert!(finds(&second, "after_the_noise") && finds(&second, "part_0"));
    second.shutdown();
    running.shutdown();
    let mended = site.index();
    assert_eq!(mended["files"], FILES);
    assert_eq!(site.index()["parsed"], 0, "{mended}");
}

#[test]
fn ten_thousand_changes_at_once_are_one_change() {
    let site = Site::new();
    let editor = site.server();
    wait_until_indexed(&editor);
    for number in 0..FILES {
        site.write(number, &format!("pub fn other_{number}() {{}}\n"));
    }
    let changes: Vec<Value> =
        (0..10_000).map(|number| serde_json::json!({"uri": editor.uri(&format!("part_{number}.rs")), "type": 2})).collect();
    let params = serde_json::json!({ "changes": changes });
    editor.client().notify("workspace/didChangeWatchedFiles", params).unwrap();
    until("the change", || (finds(&editor, "other_0") && finds(&editor, &format!("other_{}", FILES - 1))).then_some(()));
    assert!(!finds(&editor, "part_0"));
    editor.shutdown();
}

#[test]
fn without_a_store_nothing_is_written() {
    let site = Site::new();
    let report = report(site.command(&["index", "--json", "--no-store"]));
    assert_eq!((&report["files"], &report["store"]), (&FILES.into(), &Value::Null));
    assert_eq!(site.database(), None);
}
