//! What a terminal is sent: whatever a repository calls its files, symbols and settings, it gets no orders but our colours.

use std::process::{Command, Output};

use tempfile::TempDir;
use testkit::Fixture;

/// Sets the title, clears the screen, writes to the clipboard, hides what follows, turns the direction.
const ORDERS: &str = "\u{1b}]0;owned\u{7}\u{1b}[2J\u{1b}]52;c;b3duZWQ=\u{7}\u{1b}[8m\u{9b}2J\u{202e}\u{200b}\u{e0041}";

struct Shell {
    fixture: Fixture,
    home: TempDir,
}

impl Shell {
    fn run(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tierline"));
        command.args(arguments).current_dir(self.fixture.root()).env("HOME", self.home.path());
        for (variable, folder) in [("XDG_CONFIG_HOME", "config"), ("XDG_STATE_HOME", "state"), ("XDG_CACHE_HOME", "cache")] {
            command.env(variable, self.home.path().join(folder));
        }
        // As on a terminal, where nothing is taken out by the way to it, and at its most talkative.
        command.env("CLICOLOR_FORCE", "1").env("TIERLINE_LOG", "debug").output().unwrap()
    }
}

/// What is left of an output without our colours that is neither text nor a line end.
fn orders(bytes: &[u8]) -> Vec<char> {
    let text = String::from_utf8_lossy(bytes);
    let mut plain = String::new();
    for (number, part) in text.split("\u{1b}[").enumerate() {
        let codes = part.split_once('m').map(|(codes, _)| codes).filter(|codes| codes.bytes().all(|byte| byte.is_ascii_digit()));
        match codes {
            _ if number == 0 => plain.push_str(part),
            Some(codes) if ["0", "1", "2", "31", "32", "33", "36"].contains(&codes) => plain.push_str(&part[codes.len() + 1..]),
            _ => {
                plain.push('\u{1b}');
                plain.push_str(part);
            }
        }
    }
    plain
        .chars()
        .filter(|character| {
            character.is_control() && !matches!(character, '\n' | '\t') || models::egress::is_invisible(*character)
        })
        .collect()
}

#[test]
fn no_command_hands_the_orders_of_a_repository_to_the_terminal() {
    let fixture = Fixture::new("//- src/plain.rs\npub fn plain() {}\n");
    let file = format!("src/a{ORDERS}b.kt");
    let source = format!("/** Says {ORDERS}. */\nfun `na{ORDERS}me`() {{}}\n\nfun caller() {{ `na{ORDERS}me`() }}\n");
    fixture.write(&file, &source);
    let escaped: String = ORDERS.chars().map(|character| format!("\\U{:08x}", u32::from(character))).collect();
    fixture.write(
        "tierline.toml",
        &format!("\"{escaped}\" = 1\n[hover]\nsummary = \"{escaped}\"\n[tiers.nano]\nmodel = \"{escaped}\"\n"),
    );
    let shell = Shell { fixture, home: TempDir::new().unwrap() };
    let place = format!("{file}:4:5");
    let missing = format!("{ORDERS}.rs");
    let mut printed = 0;
    for arguments in [
        &["index"][..],
        &["symbols", "."],
        &["symbols", &file],
        &["lookup", "caller says"],
        &["lookup", ORDERS],
        &["hover", &place],
        &["references", &place],
        &["resolve"],
        &["egress", "--all"],
        &["egress", &file],
        &["doctor"],
        &["config", "show", "--origin"],
        &["config", "check"],
        &["trust", "--show"],
        &["refactor", "rename caller to called", "--diff"],
        &["refactor", &format!("rename {ORDERS} to x"), "--diff"],
        &["symbols", &missing],
        &["hover", &missing],
        &["models"],
        &["report"],
    ] {
        for more in [&[][..], &["--json"]] {
            let output = shell.run(&[arguments, more].concat());
            for (bytes, stream) in [(&output.stdout, "stdout"), (&output.stderr, "stderr")] {
                printed += bytes.len();
                assert_eq!(
                    orders(bytes),
                    Vec::<char>::new(),
                    "{arguments:?} {more:?} {stream}: {:?}",
                    String::from_utf8_lossy(bytes)
                );
            }
        }
    }
    assert!(printed > 2_000, "{printed}");
}
