//! What a workspace may throw at the index, and what a machine may lack: each is counted or said, and nothing waits for it.

use std::fs::{self, File, Permissions};
use std::os::unix::fs::{PermissionsExt, chown, symlink};
use std::os::unix::net::UnixListener;
use std::os::unix::process::CommandExt;
use std::process::Command;
use std::time::Duration;

use lsp::client::Client;
use serde_json::{Value, json};
use testkit::{Editor, Profile};

use crate::stores::{Site, finds, report, role};
use crate::support::{until, wait_until_indexed};

/// Somebody who may not read everything, as the superuser may.
const NOBODY: u32 = 65_534;

/// Whether this is the superuser and may run our program as somebody else.
fn can_be_nobody() -> bool {
    let mut program = Command::new(env!("CARGO_BIN_EXE_tierline"));
    rustix::process::geteuid().is_root() && program.uid(NOBODY).gid(NOBODY).arg("--version").output().is_ok()
}

#[test]
fn what_cannot_be_read_is_counted_in_the_report_and_by_the_doctor() {
    let site = Site::with(3);
    let folder = site.folder.path();
    let make = |program: &str, arguments: &[&str]| {
        Command::new(program).args(arguments).current_dir(folder).output().is_ok_and(|output| output.status.success())
    };
    symlink(".", folder.join("circle")).unwrap();
    symlink("there.rs", folder.join("here.rs")).unwrap();
    symlink("here.rs", folder.join("there.rs")).unwrap();
    let _socket = UnixListener::bind(folder.join("socket.rs")).unwrap();
    let pipe = make("mkfifo", &["pipe.rs"]);
    // Only the superuser makes devices, and not in every container. Whoever reads this one never comes to its end.
    let device = make("mknod", &["zero.rs", "c", "1", "5"]);
    fs::write(folder.join("secret.rs"), "pub fn secret() {}\n").unwrap();
    fs::create_dir(folder.join("private")).unwrap();
    fs::write(folder.join("private/inner.rs"), "pub fn inner() {}\n").unwrap();
    for closed in ["secret.rs", "private"] {
        fs::set_permissions(folder.join(closed), Permissions::from_mode(0o000)).unwrap();
    }
    let as_nobody = can_be_nobody();
    if as_nobody {
        for place in [folder, site.home.path()] {
            chown(place, Some(NOBODY), Some(NOBODY)).unwrap();
        }
    }
    let run = |arguments: &[&str]| {
        let mut command = site.command(arguments);
        if as_nobody {
            command.uid(NOBODY).gid(NOBODY);
        }
        report(command)
    };
    let mut expected = json!({"not-a-file": 1 + usize::from(pipe) + usize::from(device), "symlink": 3});
    let mut files = 3;
    if rustix::process::geteuid().is_root() && !as_nobody {
        files += 2;
    } else {
        expected["unreadable"] = json!(2);
    }
    let before = run(&["doctor", "--json"]);
    assert_eq!((&before["index"]["skipped"], &before["index"]["unread"]), (&expected, &files.into()));
    let indexed = run(&["index", "--json"]);
    assert_eq!((&indexed["skipped"], &indexed["files"]), (&expected, &files.into()));
    let after = run(&["doctor", "--json"]);
    assert_eq!((&after["index"]["skipped"], &after["index"]["files"]), (&expected, &files.into()));
}

/// Ways to have less room than an index needs: no file may grow beyond 400 blocks, or the cache lies on a file system of 400 KiB. `$0` is
/// the program, `$1` its cache.
const NARROW: [(&str, &[&str], &str); 2] = [
    ("a limit on files", &["sh", "-c"], "trap '' XFSZ; ulimit -f 400; exec \"$0\" lsp"),
    (
        "a small file system",
        &["unshare", "--user", "--map-root-user", "--mount", "sh", "-c"],
        "mount -t tmpfs -o size=400k none \"$1\" && exec \"$0\" lsp",
    ),
];

#[test]
fn on_a_full_disk_the_server_answers_and_says_so_once() {
    for (way, prefix, script) in NARROW {
        let site = Site::with(1_200);
        let cache = site.home.path().join("cache");
        fs::create_dir(&cache).unwrap();
        let mount = ["unshare", "--user", "--map-root-user", "--mount", "mount", "-t", "tmpfs", "none"];
        let can_mount =
            || Command::new(mount[0]).args(&mount[1..]).arg(&cache).output().is_ok_and(|output| output.status.success());
        if prefix[0] == "unshare" && !can_mount() {
            continue;
        }
        let log = site.home.path().join("log");
        let template = site.command(&[]);
        let mut command = Command::new(prefix[0]);
        command.args(&prefix[1..]).args([script, env!("CARGO_BIN_EXE_tierline")]).arg(&cache);
        command.envs(template.get_envs().filter_map(|(name, value)| Some((name, value?))));
        command.current_dir(site.folder.path()).stderr(File::create(&log).unwrap());
        let editor = Editor::builder(Profile::VsCode, site.folder.path()).spawn(command);
        wait_until_indexed(&editor);
        assert!(finds(&editor, "part_0") && finds(&editor, "part_1199"), "{way}");
        until("the end of writing", || (role(&editor) == "none").then_some(()));
        for name in ["first_change", "second_change"] {
            site.write(5, &format!("pub fn {name}() {{}}\n"));
            editor.file_event("part_5.rs", 2).unwrap();
            until("the change", || finds(&editor, name).then_some(()));
        }
        editor.shutdown();
        let log = fs::read_to_string(log).unwrap();
        assert_eq!(log.matches("not written to disk any more").count(), 1, "{way}: {log}");
        // With room again everything is kept.
        assert_eq!(site.index()["files"], 1_200, "{way}");
        assert_eq!(site.index()["parsed"], 0, "{way}");
    }
}

const MANY: usize = 10_000;

/// A client that keeps no record of what it says, and lets the server know of files that change.
fn client(site: &Site) -> Client {
    let client = Client::builder().deadline(Duration::from_secs(60)).spawn(site.command(&["lsp"])).unwrap();
    let capabilities = json!({
        "window": {"workDoneProgress": true},
        "workspace": {"didChangeWatchedFiles": {"dynamicRegistration": true}},
        "textDocument": {"hover": {"contentFormat": ["markdown"]}},
    });
    let root = format!("file://{}", site.folder.path().display());
    client.initialize(json!({"processId": null, "rootUri": root, "capabilities": capabilities})).unwrap();
    client
}

fn knows(client: &Client, name: &str) -> bool {
    let found = client.request("workspace/symbol", json!({"query": name})).unwrap();
    found.as_array().is_some_and(|found| found.iter().any(|symbol| symbol["name"] == name))
}

/// What was said of progress and not looked at yet.
fn progress(client: &Client) -> impl Iterator<Item = Value> {
    let messages = client.take_notifications().into_iter();
    messages.filter(|(method, _)| method == "$/progress").map(|(_, params)| params)
}

#[test]
fn ten_thousand_changes_at_once_are_one_change_that_shows_and_can_be_called_off() {
    let site = Site::with(MANY);
    let mut client = client(&site);
    let uri = |name: &str| format!("file://{}/{name}.rs", site.folder.path().display());
    until("the index", || {
        let status = client.request("tierline/status", Value::Null).unwrap();
        (status["indexing"] == false && status["files"] == MANY).then_some(())
    });
    let (first, last) = (format!("part_{}", MANY - 1), format!("other_{}", MANY - 1));
    for number in 0..MANY {
        site.write(number, &format!("pub fn other_{number}() {{}}\n"));
    }
    let document = json!({"uri": uri("typed"), "languageId": "rust", "version": 1, "text": "pub fn typed() {}\n"});
    client.notify("textDocument/didOpen", json!({"textDocument": document})).unwrap();
    // Indexing gives way to whoever types: so there is time to see it, and to call it off.
    let mut version = 1;
    let mut types = || {
        version += 1;
        // However often: a line of ten thousand characters would not be read.
        let text = format!("pub fn typed() {{}}{}\n", " ".repeat(version % 100));
        let document = json!({"uri": uri("typed"), "version": version});
        let change = json!({"textDocument": document, "contentChanges": [{"text": text}]});
        client.notify("textDocument/didChange", change).unwrap();
        let place = json!({"textDocument": document, "position": {"line": 0, "character": 8}});
        let hover = client.request("textDocument/hover", place).unwrap();
        assert!(hover.to_string().contains("typed"), "an answer comes all the while: {hover}");
    };
    types();
    drop(progress(&client));
    let changes: Vec<Value> = (0..MANY).map(|number| json!({"uri": uri(&format!("part_{number}")), "type": 2})).collect();
    client.notify("workspace/didChangeWatchedFiles", json!({ "changes": changes })).unwrap();
    let said = until("the end of what was called off", || {
        types();
        progress(&client).find_map(|params| {
            if params["value"]["kind"] == "begin" {
                assert_eq!((&params["value"]["title"], &params["value"]["cancellable"]), (&"Indexing".into(), &true.into()));
                client.notify("window/workDoneProgress/cancel", json!({"token": params["token"]})).unwrap();
            }
            (params["value"]["kind"] == "end").then(|| params["value"]["message"].clone())
        })
    });
    assert_eq!(said, "called off");
    // Each second somebody looks for what is left to be read.
    std::thread::sleep(Duration::from_millis(2_500));
    assert_eq!((knows(&client, &first), knows(&client, &last)), (true, false), "everything is as it was");

    // The next change brings the others with it.
    client.notify("workspace/didChangeWatchedFiles", json!({ "changes": changes[..1] })).unwrap();
    let mut kinds = Vec::new();
    until("the end of the indexing", || {
        // Typing holds it until a report was seen.
        if !kinds.contains(&json!("report")) {
            types();
        }
        kinds.extend(progress(&client).map(|params| params["value"]["kind"].clone()));
        kinds.contains(&json!("end")).then_some(())
    });
    assert_eq!(kinds.iter().filter(|kind| *kind == "begin").count(), 1, "all changes are one: {kinds:?}");
    assert!(knows(&client, "other_0") && knows(&client, &last) && !knows(&client, &first));
    client.shutdown().unwrap();
}
