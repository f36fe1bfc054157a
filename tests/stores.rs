//! One workspace, several processes: servers and a command at once, one killed while it writes, a store that turns into noise.

use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use rustix::process::{Pid, Signal, WaitOptions, kill_process, waitpid};
use serde_json::Value;
use tempfile::TempDir;
use testkit::{Editor, Profile};

use crate::support::{until, wait_until_indexed};

const FILES: usize = 1_200;

/// A workspace of many small files and a user of its own.
pub(crate) struct Site {
    pub(crate) folder: TempDir,
    pub(crate) home: TempDir,
}

impl Site {
    fn new() -> Self {
        Self::with(FILES)
    }

    /// Each file has one function, which the one in the file before it calls.
    pub(crate) fn with(files: usize) -> Self {
        let this = Self { folder: TempDir::new().unwrap(), home: TempDir::new().unwrap() };
        std::fs::create_dir(this.folder.path().join(".git")).unwrap();
        for number in 0..files {
            this.write(number, &format!("/// Number {number}.\npub fn part_{number}() {{ part_{}() }}\n", number + 1));
        }
        this
    }

    pub(crate) fn write(&self, number: usize, text: &str) {
        std::fs::write(self.folder.path().join(format!("part_{number}.rs")), text).unwrap();
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tierline"));
        command.args(arguments).current_dir(self.folder.path()).env("HOME", self.home.path());
        for (variable, folder) in [("XDG_CONFIG_HOME", "config"), ("XDG_STATE_HOME", "state"), ("XDG_CACHE_HOME", "cache")] {
            command.env(variable, self.home.path().join(folder));
        }
        command
    }

    pub(crate) fn server(&self) -> Editor {
        Editor::builder(Profile::VsCode, self.folder.path()).spawn(self.command(&["lsp"]))
    }

    pub(crate) fn index(&self) -> Value {
        report(self.command(&["index", "--json"]))
    }

    /// A process that was stopped while it writes the store: it leads, and does nothing more.
    fn stopped_while_it_writes(&self) -> Child {
        for _ in 0..50 {
            let mut child = self.command(&["index"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
            until("the first batch", || {
                let log = self.database().map(|path| path.with_file_name("index.sqlite-wal"));
                let has_begun = log.and_then(|log| log.metadata().ok()).is_some_and(|found| found.len() > 100_000);
                (has_begun || child.try_wait().unwrap().is_some()).then_some(())
            });
            // One that has ended cannot be stopped.
            let pid = Pid::from_child(&child);
            let is_stopped = kill_process(pid, Signal::STOP).is_ok()
                && waitpid(Some(pid), WaitOptions::UNTRACED).is_ok_and(|state| state.is_some_and(|(_, state)| state.stopped()));
            if is_stopped {
                return child;
            }
            std::fs::remove_dir_all(self.home.path().join("cache")).unwrap();
        }
        panic!("no process was stopped in time");
    }

    /// Overwrites a file of the store with as many bytes that mean nothing.
    fn garble(&self, name: &str) {
        let path = self.database().unwrap().with_file_name(name);
        let length = path.metadata().map_or(0, |found| found.len());
        let noise: Vec<u8> = (0..length).map(|at| (at.wrapping_mul(2_654_435_761) >> 7).to_le_bytes()[0]).collect();
        std::fs::write(path, noise).unwrap();
    }

    /// The database, once it is there.
    pub(crate) fn database(&self) -> Option<PathBuf> {
        let folder = self.home.path().join("cache/tierline/v1/ws");
        let workspace = std::fs::read_dir(folder).ok()?.next()?.ok()?.path();
        Some(workspace.join("index.sqlite")).filter(|path| path.exists())
    }
}

#[track_caller]
pub(crate) fn report(mut command: Command) -> Value {
    let output = command.output().unwrap();
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)))
}

#[track_caller]
pub(crate) fn finds(editor: &Editor, name: &str) -> bool {
    editor.workspace_symbol(name).unwrap().iter().any(|symbol| symbol["name"] == name)
}

pub(crate) fn role(editor: &Editor) -> String {
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
fn three_at_once_of_which_one_is_killed_while_it_writes_and_noise_in_the_store_then() {
    let site = Site::new();
    let last = format!("part_{}", FILES - 1);
    let mut killed = site.stopped_while_it_writes();
    let servers = [site.server(), site.server()];
    for editor in &servers {
        wait_until_indexed(editor);
        assert!(finds(editor, "part_0") && finds(editor, &last));
        assert_eq!(role(editor), "follower");
    }
    killed.kill().unwrap();
    killed.wait().unwrap();
    let beside = site.index();
    assert_eq!((&beside["files"], &beside["symbols"]), (&FILES.into(), &FILES.into()));
    until("a new leader", || servers.iter().any(|editor| role(editor) == "leader").then_some(()));

    for name in ["index.sqlite", "index.sqlite-wal"] {
        site.garble(name);
    }
    site.write(9, "pub fn after_the_noise() {}\n");
    for editor in &servers {
        editor.file_event("part_9.rs", 2).unwrap();
        until("the change", || finds(editor, "after_the_noise").then_some(()));
        assert!(finds(editor, "part_0") && finds(editor, &last) && !finds(editor, "part_9"));
        editor.open("part_8.rs");
        let hover = editor.hover_text("part_8.rs", editor.text("part_8.rs").find("part_8").unwrap()).unwrap();
        assert!(hover.contains("1 use"), "the call in another file is known: {hover}");
    }
    let beside = site.index();
    assert_eq!((&beside["files"], &beside["symbols"]), (&FILES.into(), &FILES.into()));
    servers.into_iter().for_each(Editor::shutdown);
    let mended = site.index();
    assert_eq!(mended["files"], FILES);
    let again = site.index();
    assert_eq!((&again["files"], &again["parsed"], &again["store"]["role"]), (&FILES.into(), &0.into(), &"leader".into()));
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
    site.garble("index.sqlite");
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
fn without_a_store_nothing_is_written() {
    let site = Site::new();
    let report = report(site.command(&["index", "--json", "--no-store"]));
    assert_eq!((&report["files"], &report["store"]), (&FILES.into(), &Value::Null));
    assert_eq!(site.database(), None);
}
