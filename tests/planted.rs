//! Planted secrets: forty formats, made up while the test runs, a `.env`, keys and ignored files. Every path to a model is gone, and
//! nothing of them, down to twelve characters in a row, is in anything that the server received.

use std::collections::{BTreeSet, HashMap};
use std::fmt::Write;
use std::process::Command;

use lsp::command;
use serde_json::{Value, json};
use testkit::editor::Profile;
use testkit::{Match, Reply};

use crate::support::World;

/// Random text of an alphabet, with small letters, capitals and digits where it has them.
fn random(alphabet: &str, length: usize) -> String {
    let characters: Vec<char> = alphabet.chars().collect();
    let mut text: Vec<char> = (0..length).map(|_| characters[fastrand::usize(..characters.len())]).collect();
    for (at, class) in [char::is_ascii_digit, char::is_ascii_lowercase, char::is_ascii_uppercase].iter().enumerate() {
        if let Some(character) = characters.iter().copied().find(class) {
            text[length / 2 + at] = character;
        }
    }
    text.into_iter().collect()
}

const HEX: &str = "0123456789abcdef";
const UPPER: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const MIXED: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/// Each format's name, the code that it stands in, and the secret.
fn planted() -> Vec<(&'static str, String, String)> {
    let mixed = |length| random(MIXED, length);
    let quoted = |secret: String| (format!("\"{secret}\""), secret);
    let tokens: [(&str, String); 32] = [
        ("aws", format!("AKIA{}", random(UPPER, 16))),
        ("aws session", format!("ASIA{}", random(UPPER, 16))),
        ("github", format!("ghp_{}", mixed(36))),
        ("github oauth", format!("gho_{}", mixed(36))),
        ("github server", format!("ghs_{}", mixed(36))),
        ("github fine-grained", format!("github_pat_{}", mixed(82))),
        ("gitlab", format!("glpat-{}", mixed(20))),
        ("gitlab runner", format!("glrt-{}", mixed(20))),
        ("openai", format!("sk-proj-{}", mixed(48))),
        ("anthropic", format!("sk-ant-api03-{}AA", mixed(93))),
        ("stripe live", format!("sk_live_{}", mixed(24))),
        ("stripe restricted", format!("rk_live_{}", mixed(24))),
        ("stripe webhook", format!("whsec_{}", mixed(32))),
        ("slack bot", format!("xoxb-{}-{}-{}", random("0123456789", 12), random("0123456789", 12), mixed(24))),
        ("slack app", format!("xapp-1-A{}-{}", mixed(10), mixed(40))),
        ("slack webhook", format!("https://hooks.slack.com/services/T{}/B{}/{}", random(UPPER, 8), random(UPPER, 8), mixed(24))),
        ("google", format!("AIza{}", mixed(35))),
        ("google oauth", format!("ya29.{}", mixed(60))),
        ("json web token", format!("eyJ{}.eyJ{}.{}", mixed(20), mixed(40), mixed(43))),
        ("npm", format!("npm_{}", mixed(36))),
        ("pypi", format!("pypi-AgEIcHlwaS5vcmc{}", mixed(60))),
        ("hugging face", format!("hf_{}", mixed(34))),
        ("digitalocean", format!("dop_v1_{}", random(HEX, 64))),
        ("sendgrid", format!("SG.{}.{}", mixed(22), mixed(43))),
        ("shopify", format!("shpat_{}", random(HEX, 32))),
        ("databricks", format!("dapi{}", random(HEX, 32))),
        ("doppler", format!("dp.pt.{}", mixed(43))),
        ("grafana", format!("glsa_{}_{}", mixed(32), random(HEX, 8))),
        ("linear", format!("lin_api_{}", mixed(40))),
        ("postman", format!("PMAK-{}-{}", random(HEX, 24), random(HEX, 34))),
        ("age", format!("AGE-SECRET-KEY-1{}", random("QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L", 58))),
        ("random text", mixed(44)),
    ];
    let mut planted: Vec<_> = tokens
        .into_iter()
        .map(|(name, secret)| {
            let (code, secret) = quoted(secret);
            (name, code, secret)
        })
        .collect();
    let password = mixed(16);
    planted.push(("address", format!("\"postgres://app:{password}@db.internal/shop\""), password));
    let account = mixed(86) + "==";
    planted.push(("azure", format!("\"DefaultEndpointsProtocol=https;AccountKey={account};\""), account));
    for (name, key) in
        [("password", "password"), ("api key", "api_key"), ("access token", "access_token"), ("secret", "client_secret")]
    {
        let secret = mixed(24);
        planted.push((name, format!("{{ let {key} = \"{secret}\"; {key} }}"), secret));
    }
    for kind in ["RSA ", "OPENSSH "] {
        let lines: Vec<String> = (0..12).map(|_| mixed(64)).collect();
        let dashes = "-".repeat(5);
        let block =
            format!("\"{dashes}BEGIN {kind}PRIVATE KEY{dashes}\n{}\n{dashes}END {kind}PRIVATE KEY{dashes}\"", lines.join("\n"));
        planted.push(("private key", block, lines.concat()));
    }
    planted
}

/// The names of the secrets of which so much stands in a text that it helps whoever reads it.
fn leaked<'name>(texts: &[String], secrets: impl Iterator<Item = (&'name str, &'name str)>) -> BTreeSet<&'name str> {
    const PIECE: usize = 12;
    let pieces: HashMap<&[u8], &str> =
        secrets.flat_map(|(name, secret)| secret.as_bytes().windows(PIECE).map(move |piece| (piece, name))).collect();
    texts.iter().flat_map(|text| text.as_bytes().windows(PIECE)).filter_map(|piece| pieces.get(piece).copied()).collect()
}

#[test]
fn no_byte_of_a_planted_secret_reaches_a_model() {
    let planted = planted();
    assert_eq!(planted.len(), 40);
    let mut source = String::from("//- src/lib.rs\npub mod keys;\n//- .tierlineignore\nsrc/private.rs\n");
    let hidden = [random(MIXED, 12), random(MIXED, 12), random(MIXED, 12)].map(|text| format!("plain{text}"));
    write!(source, "//- .env\nGREETING={}\n//- deploy/server.pem\n{}\n", hidden[0], hidden[1]).unwrap();
    write!(source, "//- src/private.rs\n/// Opens the {}.\npub fn open_gate() {{}}\n//- src/keys.rs\n", hidden[2]).unwrap();
    for (number, (_, code, secret)) in planted.iter().enumerate() {
        let doc = if secret.contains(' ') { "" } else { code.trim_matches(['{', '}']) };
        let doc = doc.replace('\n', " ");
        writeln!(source, "/// Opens gate {number} with {doc}.\npub fn open_gate_{number}() -> &'static str {{\n    {code}\n}}\n")
            .unwrap();
    }
    let world = World::new(&source);
    let models = &world.models;
    models.on(Match::schema("summary_v1")).always(Reply::json(json!({"summary": "Opens a gate."})));
    models.on(Match::schema("explain_v1")).always(Reply::json(json!({"paragraphs": ["Opens a gate."]})));
    models.on(Match::schema("lookup_v1")).always(Reply::json(json!({"choices": [{"number": 1, "why": "it opens a gate"}]})));
    // The planner is shown a dozen symbols, the asked ones among them, so that the workers are sent to eight gates at a time.
    let step = json!({
        "id": "e1", "kind": "edit_symbol", "file": "f1", "new_path": "", "symbols": (1..=12).map(|number| format!("s{number}")).collect::<Vec<_>>(),
        "may_delete": [], "new_name": "", "goal": "let the gates say which they are", "interface": [], "depends_on": [],
    });
    models
        .on(Match::schema("plan_v2"))
        .always(Reply::json(json!({"summary": "gates that speak", "invariants": [], "lookups": [], "steps": [step]})));
    // A server that names the placeholders where the checks quote what they refuse: the reason goes back to it, and so must no secret.
    let curious = |number: usize| {
        let symbol = format!("«redacted:{number}»");
        Reply::json(json!({
            "status": "done", "note": "", "ops": [{"op": "replace_symbol", "symbol": symbol, "find": "", "text": "x"}],
        }))
        // As many tokens as the prompt has: what reads less of it writes no code.
        .usage(20_000, 0, 20)
    };
    let on = (0..32).fold(models.on(Match::schema("edit_v1")), |on, number| on.reply(curious(number % 8 + 1)));
    on.always(curious(1));
    let mut editor = world.editor_with_models(Profile::VsCode);
    for path in ["src/keys.rs", "src/private.rs", ".env"] {
        editor.open(path);
    }
    let ask = |command: &str, argument: Value| editor.execute_command(command, vec![argument]);
    for number in 0..planted.len() {
        let at = world.offset("src/keys.rs", &format!("open_gate_{number}("), 0);
        let place = json!({"uri": editor.uri("src/keys.rs"), "position": editor.position("src/keys.rs", at)});
        editor.hover("src/keys.rs", at).unwrap();
        ask(command::EXPLAIN, place.clone()).unwrap();
        ask(command::SUMMARISE, place).unwrap();
        ask(command::LOOKUP, json!({"question": format!("where is gate {number} opened?")})).unwrap();
    }
    let at = world.offset("src/private.rs", "open_gate", 0);
    editor.hover("src/private.rs", at).unwrap();
    let place = json!({"uri": editor.uri("src/private.rs"), "position": editor.position("src/private.rs", at)});
    ask(command::EXPLAIN, place).unwrap();
    let asked =
        |name: &str| models.requests().into_iter().filter(|request| request.schema_name() == Some(name)).collect::<Vec<_>>();
    for round in 0..planted.len() / 8 {
        let names: Vec<String> = (0..8).map(|number| format!("open_gate_{}", round * 8 + number)).collect();
        let order = json!({"instruction": format!("let {} say which they are", names.join(", ")), "review": false, "uri": editor.uri("src/keys.rs")});
        let before = asked("edit_v1").len();
        ask(command::REFACTOR, order).unwrap();
        crate::support::until("a worker", || (asked("edit_v1").len() > before).then_some(()));
    }
    editor.wait_for_message("refused");
    let wanted = ["summary_v1", "explain_v1", "lookup_v1", "plan_v2", "edit_v1"];
    crate::support::until("every kind of request", || {
        (asked("explain_v1").len() >= planted.len() && wanted.iter().all(|name| !asked(name).is_empty())).then_some(())
    });
    // A round of workers may still be under way: what was counted may have been a repair of the round before.
    // Between a private key in a comment and one in the code below it everything is taken out, the function's head too.
    let named = planted.iter().enumerate().filter(|(_, (name, ..))| *name != "private key").map(|(number, _)| number);
    let named: Vec<usize> = named.collect();
    let workers = crate::support::until("workers that are shown every gate", || {
        std::thread::sleep(std::time::Duration::from_millis(50));
        let workers: String = asked("edit_v1").iter().map(|request| request.prompt()).collect();
        let is_shown = |number: &usize| workers.contains(&format!("fn open_gate_{number}() -> &'static str {{"));
        named.iter().all(is_shown).then_some(workers)
    });
    let refused: Vec<&str> = workers.lines().filter(|line| line.contains("was refused: ")).collect();
    assert!(refused.iter().any(|line| line.contains("no symbol \"«redacted:")), "what was refused went back: {refused:#?}");
    let listing = Command::new(env!("CARGO_BIN_EXE_tierline"))
        .args(["egress", "src/keys.rs", "--json"])
        .current_dir(world.fixture.root())
        .env("XDG_CONFIG_HOME", world.fixture.root().join("none"))
        .env("XDG_STATE_HOME", world.places().state)
        .env("XDG_CACHE_HOME", world.places().cache)
        .output()
        .unwrap();
    assert!(listing.status.success(), "{}", String::from_utf8_lossy(&listing.stderr));
    let mut sent: Vec<String> =
        models.requests().iter().map(|request| format!("{}{:?}", request.body, request.headers)).collect();
    sent.push(String::from_utf8(listing.stdout).unwrap());
    let all = planted
        .iter()
        .map(|(name, _, secret)| (*name, secret.as_str()))
        .chain(hidden.iter().map(|text| ("hidden", text.as_str())));
    assert_eq!(leaked(&sent, all), BTreeSet::new());
    let listed = sent.pop().unwrap();
    assert!(listed.contains("«redacted:"));
    editor.forgive();
}
