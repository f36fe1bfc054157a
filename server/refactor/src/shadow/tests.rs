#![cfg(target_os = "linux")]

use std::time::Duration;

use assist::{Host, Settings};
use tokio_util::sync::CancellationToken;

use super::{CheckCommand, Ended, check_now, words};
use crate::{ChangeSet, FileChange};

/// A workspace, and a cache of its own.
struct World {
    root: tempfile::TempDir,
    cache: tempfile::TempDir,
    host: Host,
}

impl World {
    fn new(files: &[(&str, &str)]) -> Self {
        let (root, cache) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        for (path, text) in files {
            let path = root.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        let host = Host::new(root.path(), Settings::default(), None);
        Self { root, cache, host }
    }

    fn command(&self, script: &str) -> CheckCommand {
        let argv = ["sh", "-c", script].map(str::to_owned).to_vec();
        CheckCommand { argv, cache: self.cache.path().to_owned(), deadline: Duration::from_secs(120) }
    }

    fn check(&self, changes: &ChangeSet, script: &str) -> super::Checked {
        check_now(&self.host.snapshot(), changes, &self.command(script), &CancellationToken::new()).unwrap()
    }
}

fn change(path: &str, before: Option<&str>, after: Option<&str>) -> ChangeSet {
    let mut changes = ChangeSet::default();
    let (before, after) = (before.map(Into::into), after.map(Into::into));
    changes.push(FileChange { path: path.into(), before, after, ..FileChange::default() });
    changes
}

#[test]
fn the_command_sees_the_change_and_the_workspace_does_not() {
    let world = World::new(&[("a.txt", "old"), ("b.txt", "typed"), ("sub/c.txt", "c")]);
    world.host.open("b.txt", "not saved", 1);
    let seen =
        world.check(&change("a.txt", Some("old"), Some("new")), "cat a.txt b.txt sub/c.txt; echo made > made.txt; rm sub/c.txt");
    assert_eq!((seen.ended, seen.output.as_str()), (Ended::Well, "newnot savedc"));
    assert_eq!(std::fs::read_to_string(world.root.path().join("a.txt")).unwrap(), "old");
    assert!(world.root.path().join("sub/c.txt").exists() && !world.root.path().join("made.txt").exists());
    let again = world.check(&change("n.txt", None, Some("n")), "cat a.txt b.txt sub/c.txt n.txt made.txt");
    assert_eq!(again.output, "oldnot savedcnmade\n", "the last change is gone, what the tool made is there");
    let gone = world.check(&change("a.txt", Some("old"), None), "ls a.txt n.txt; pwd");
    assert!(!gone.output.lines().any(|line| line == "a.txt" || line == "n.txt"), "{}", gone.output);
}

#[test]
fn a_failure_says_what_was_printed_with_paths_of_the_workspace() {
    let world = World::new(&[("a.txt", "old")]);
    let failed = world.check(&ChangeSet::default(), "echo \"$PWD/a.txt:1: wrong\" >&2; exit 3");
    assert_eq!((failed.ended, failed.output.as_str()), (Ended::Badly, "a.txt:1: wrong\n"));
}

#[test]
fn files_of_the_copy_are_files_of_their_own() {
    use std::os::unix::fs::MetadataExt;
    let world =
        World::new(&[(".gitignore", "node_modules\nbuilt\n"), ("a.txt", "a"), ("node_modules/m/i.js", "m"), ("built/x", "x")]);
    std::fs::hard_link(world.root.path().join("a.txt"), world.root.path().join("b.txt")).unwrap();
    std::os::unix::fs::symlink("m", world.root.path().join("node_modules/l")).unwrap();
    std::os::unix::fs::symlink("/etc/hostname", world.root.path().join("out.txt")).unwrap();
    let seen = world.check(&ChangeSet::default(), "echo x >> a.txt; cat a.txt b.txt node_modules/l/i.js; ls built out.txt");
    assert!(seen.output.starts_with("ax\nam"), "{}", seen.output);
    assert_eq!(seen.ended, Ended::Badly, "neither what is ignored nor a link that leads out is copied");
    assert_eq!(std::fs::read_to_string(world.root.path().join("a.txt")).unwrap(), "a");
    assert_eq!(std::fs::metadata(world.root.path().join("a.txt")).unwrap().nlink(), 2);
}

#[test]
fn keys_are_not_handed_on() {
    // A process is given a key before it begins.
    const KEY: &str = "TIERLINE_PLANTED_TOKEN";
    if std::env::var_os(KEY).is_none() {
        let mut again = std::process::Command::new(std::env::current_exe().unwrap());
        again.args(["shadow::tests::keys_are_not_handed_on", "--exact"]).env(KEY, "planted");
        let output = again.output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
        return;
    }
    let world = World::new(&[("a.txt", "")]);
    let seen = world.check(&ChangeSet::default(), "env");
    let names = seen.output.lines().filter_map(|line| line.split_once('=')).map(|(name, _)| name.to_uppercase());
    let names: Vec<String> = names.collect();
    assert!(names.iter().any(|name| name == "PATH"), "{names:?}");
    assert_eq!(names.iter().find(|name| name.contains("KEY") || name.contains("TOKEN")), None);
}

#[test]
fn a_command_that_is_called_off_or_late_is_ended_with_all_that_it_started() {
    let world = World::new(&[("a.txt", "")]);
    let marker = world.cache.path().join("started");
    // The shell's child would go on for long; its process id is written down.
    let script = format!("sleep 600 & echo $! > '{0}.part'; mv '{0}.part' '{0}'; wait", marker.display());
    let cancel = CancellationToken::new();
    let calls_off = cancel.clone();
    let started = marker.clone();
    let watcher = std::thread::spawn(move || {
        while !started.exists() {
            std::thread::yield_now();
        }
        calls_off.cancel();
    });
    let ended = check_now(&world.host.snapshot(), &ChangeSet::default(), &world.command(&script), &cancel).unwrap();
    watcher.join().unwrap();
    assert_eq!(ended.ended, Ended::Cancelled);
    assert_gone(&marker);

    std::fs::remove_file(&marker).unwrap();
    let late = CheckCommand { deadline: Duration::from_millis(1500), ..world.command(&script) };
    let ended = check_now(&world.host.snapshot(), &ChangeSet::default(), &late, &CancellationToken::new()).unwrap();
    assert_eq!(ended.ended, Ended::Late);
}

/// Waits until the process whose number stands in a file has ended.
fn assert_gone(marker: &std::path::Path) {
    let id: i32 = std::fs::read_to_string(marker).unwrap().trim().parse().unwrap();
    let limit = std::time::Instant::now() + Duration::from_secs(60);
    let is_running = || {
        // One that ended and was not waited for yet is a zombie.
        let status = std::fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
        !status.is_empty() && status.rsplit(')').next().is_none_or(|rest| !rest.trim().starts_with('Z'))
    };
    while is_running() {
        assert!(std::time::Instant::now() < limit, "{id} still runs");
        std::thread::yield_now();
    }
}

#[test]
fn words_are_read_as_a_shell_would_and_nothing_is_expanded() {
    assert_eq!(words("cargo  check --all"), Some(vec!["cargo".into(), "check".into(), "--all".into()]));
    assert_eq!(words("sh -c 'a b' \"\""), Some(vec!["sh".into(), "-c".into(), "a b".into(), String::new()]));
    assert_eq!(words("echo $HOME; rm"), Some(vec!["echo".into(), "$HOME;".into(), "rm".into()]));
    assert_eq!(words("sh 'a"), None);
}

#[test]
fn the_copy_of_a_workspace_that_was_not_checked_for_long_goes() {
    let world = World::new(&[("a.txt", "a")]);
    let [old, new] = ["old", "new"].map(|name| world.cache.path().join("check").join(name));
    for (folder, age) in [(&old, 2 * super::KEPT), (&new, super::KEPT / 2)] {
        std::fs::create_dir_all(folder.join("tree")).unwrap();
        let lock = std::fs::File::create(folder.join(super::LOCK)).unwrap();
        lock.set_modified(std::time::SystemTime::now() - age).unwrap();
    }
    world.check(&ChangeSet::default(), "true");
    assert_eq!((old.exists(), new.exists()), (false, true));
}
