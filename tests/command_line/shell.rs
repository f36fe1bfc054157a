//! Completions and manual pages.

use std::io::Write;
use std::process::{Command, Stdio};

use super::Shell;

#[test]
fn bash_completes_commands_and_options() {
    let shell = Shell::new();
    let script = shell.sentence(&["completions", "bash"]);
    // What the shell does when the tabulator is pressed: the words so far, and which of them is being written.
    let press = |words: &str, at: usize| {
        let word = format!("\"${{COMP_WORDS[{at}]}}\" \"${{COMP_WORDS[{at}-1]}}\"");
        let ask =
            format!("{script}\nCOMP_WORDS=({words}); COMP_CWORD={at}\n_tierline tierline {word}\necho \"${{COMPREPLY[*]}}\"");
        let mut bash = Command::new("bash").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        bash.stdin.take().unwrap().write_all(ask.as_bytes()).unwrap();
        String::from_utf8(bash.wait_with_output().unwrap().stdout).unwrap()
    };
    assert_eq!(press("tierline ref", 1), "references refactor\n");
    assert_eq!(press("tierline refactor --ap", 2), "--apply\n");
}

#[test]
fn every_shell_that_is_named_has_completions() {
    let shell = Shell::new();
    for name in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = shell.sentence(&["completions", name]);
        assert!(script.contains("refactor") && script.contains("lookup"), "{name}: {script}");
    }
    assert_eq!(shell.run(&["completions", "cmd"]).status.code(), Some(2));
}

#[test]
fn every_command_has_a_manual_page() {
    let shell = Shell::new();
    let folder = shell.home.path().join("man/man1");
    let output = shell.run(&["man", folder.to_str().unwrap()]);
    assert!(output.status.success(), "{output:?}");
    let page = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap();
    assert!(page("tierline.1").contains("An AI language server that delegates"));
    assert!(page("tierline-refactor.1").contains("Apply the verified change"));
    assert!(page("tierline-cache-gc.1").contains("in MiB"));

    let file = shell.fixture.path("src/lib.rs");
    let refused = shell.run(&["man", file.to_str().unwrap()]);
    assert_eq!(refused.status.code(), Some(1), "a file is no folder: {refused:?}");
}
