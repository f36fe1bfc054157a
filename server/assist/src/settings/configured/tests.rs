//! What each layer may say, and which of them counts.

use models::{Cost, Tier};
use serde_json::json;

use super::*;
use crate::SummaryPolicy;

/// A user and a workspace.
struct Desk {
    folder: tempfile::TempDir,
    places: Places,
    reader: SettingsReader,
}

impl Desk {
    fn new(user: &str, workspace: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let places = Places { config: at("config"), state: at("state"), cache: at("cache"), keeps_index: true };
        std::fs::create_dir(&places.config).unwrap();
        let desk = Self { folder, places, reader: SettingsReader::default() };
        desk.write("config/config.toml", user);
        desk.write(WORKSPACE_FILE, workspace);
        desk
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.folder.path().join(name), text).unwrap();
    }

    fn load(&self) -> Configured {
        self.load_with(&EditorSettings::default())
    }

    fn load_with(&self, editor: &EditorSettings) -> Configured {
        self.reader.load(&self.places, self.folder.path(), editor)
    }

    fn trust(&self) {
        self.load().grant.unwrap().give(&self.places).unwrap();
    }
}

fn faults(configured: &Configured) -> Vec<Fault> {
    configured.problems.iter().map(|problem| problem.fault).collect()
}

#[test]
fn each_layer_goes_before_those_below_it_and_is_named() {
    let desk = Desk::new("[hover]\nsummary = 'auto'\npatience_ms = 20\n", "[hover]\nsummary = 'on_request'\nsignature = true\n");
    desk.write(LOCAL_FILE, "\nhover.summary = 'cached'\n");
    let said = |configured: &Configured, name: &str| {
        let value = configured.values.iter().find(|value| value.name == name).unwrap().clone();
        (value.value.to_string(), value.layer.as_str(), value.line)
    };
    let configured = desk.load();
    assert_eq!(said(&configured, "hover.summary"), ("\"cached\"".to_owned(), "local", Some(2)));
    assert_eq!(said(&configured, "hover.signature"), ("true".to_owned(), "workspace", Some(3)));
    assert_eq!(said(&configured, "hover.patience_ms"), ("20".to_owned(), "user", Some(3)));
    assert_eq!(said(&configured, "caps.per_day"), ("2.0".to_owned(), "built-in", None));
    assert_eq!(configured.problems, []);
    let editor = EditorSettings { now: json!({"hover": {"summary": "off"}, "other": 1}), ..EditorSettings::default() };
    let configured = desk.load_with(&editor);
    assert_eq!(said(&configured, "hover.summary").1, "editor");
    assert_eq!(configured.settings.hover.summary, SummaryPolicy::Off);
}

#[test]
fn a_workspace_may_only_quieten() {
    let desk = Desk::new("[hover]\nsummary = 'cached'", "[hover]\nsummary = 'auto'");
    let configured = desk.load();
    assert_eq!((configured.settings.hover.summary, faults(&configured)), (SummaryPolicy::Cached, vec![Fault::NeedsTrust]));
    desk.write(WORKSPACE_FILE, "[hover]\nsummary = 'off'");
    let configured = desk.load();
    assert_eq!((configured.settings.hover.summary, faults(&configured)), (SummaryPolicy::Off, vec![]));
}

#[test]
fn a_workspace_lowers_caps_and_raises_none() {
    let caps = |user: &str, workspace: &str| {
        let desk = Desk::new(user, workspace);
        let configured = desk.load();
        let per_day = configured.models.caps.per_day.map(models::Dollars::cost);
        desk.trust();
        (per_day, faults(&configured), desk.load().models.caps.per_day.map(models::Dollars::cost))
    };
    let micro = |micro| Some(Cost::from_micro_usd(micro));
    assert_eq!(caps("", "caps.per_day = 0.1"), (micro(100_000), vec![], micro(100_000)));
    assert_eq!(caps("", "caps.per_day = 3"), (None, vec![Fault::NeedsTrust], micro(3_000_000)), "two dollars are built in");
    assert_eq!(caps("caps.per_day = 0.2", "caps.per_day = '0.3'"), (micro(200_000), vec![Fault::NeedsTrust], micro(300_000)));
}

#[test]
fn a_workspace_names_no_server_no_key_and_no_program() {
    for (toml, fault) in [
        ("provider = 'local'", Fault::Refused),
        ("[providers.corp]\nbase_url = 'http://127.0.0.1:1'", Fault::Refused),
        ("[providers.corp]\nkey_command = ['cat', '/etc/passwd']", Fault::Refused),
        ("[tiers.nano]\nkey_env = 'HOME'", Fault::Refused),
        ("[tiers.nano]\nkey_command = ['id']", Fault::Refused),
        ("[providers.corp]\nkey_keychain = 'openai'", Fault::Refused),
        ("[tiers.nano]\nkey_keychain = 'openai'", Fault::Refused),
        ("[tiers.nano]\nprice.input = 0", Fault::Refused),
        ("[egress]\nask = 'never'", Fault::Refused),
        ("[team_cache]\nuri = 'redis://evil'", Fault::Refused),
        ("[tiers.nano]\nbase_url = 'http://127.0.0.1:1'", Fault::NeedsTrust),
        ("[tiers.nano]\nprovider = 'local'", Fault::NeedsTrust),
        ("[check]\ncommand = ['sh', '-c', 'id']", Fault::NeedsTrust),
        ("[hover]\ndeadline_seconds = 9", Fault::NeedsTrust),
        ("[index]\nmax_file_bytes = 99999999", Fault::NeedsTrust),
        ("caps.per_action = 0.51", Fault::NeedsTrust),
    ] {
        let nothing = Desk::new("", "").load();
        for name in [WORKSPACE_FILE, LOCAL_FILE] {
            let desk = Desk::new("", "");
            desk.write(name, toml);
            let configured = desk.load();
            assert_eq!(faults(&configured), [fault], "{toml}");
            assert_eq!(configured.problems[0].file.file_name().unwrap(), name);
            assert_eq!((&configured.settings, &configured.models), (&nothing.settings, &nothing.models), "{toml}");
            // Trust brings what needs it, and nothing else.
            desk.trust();
            let trusted = desk.load();
            assert_eq!(trusted.problems.is_empty(), fault == Fault::NeedsTrust, "{toml}");
            let nothing = Settings { is_trusted: true, ..nothing.settings.clone() };
            let is_changed = trusted.models != models::Settings::default() || trusted.settings != nothing;
            assert_eq!(is_changed, fault == Fault::NeedsTrust, "{toml}");
        }
    }
}

#[test]
fn trust_ends_with_any_change_and_says_so() {
    let desk = Desk::new("", "check.command = ['make', 'check']");
    assert_eq!((desk.load().trust, desk.load().settings.check()), (Trust::Untrusted, None));
    assert_eq!(desk.load().unlocks[0].to_string(), "check.command = [\"make\", \"check\"]");
    desk.trust();
    let trusted = desk.load();
    assert_eq!(trusted.settings.check().unwrap(), ["make", "check"]);
    assert_eq!((trusted.trust, trusted.problems.len(), trusted.unlocks.len()), (Trust::Trusted, 0, 1));
    desk.write(WORKSPACE_FILE, "check.command = ['make', 'evil']");
    let changed = desk.load();
    assert_eq!((changed.trust, changed.settings.check()), (Trust::Changed, None));
    assert!(changed.problems[0].message.contains("has changed since"), "{:?}", changed.problems);
}

#[test]
fn a_program_of_the_users_own_runs_only_where_the_user_trusts() {
    let desk = Desk::new("check.command = ['cargo', 'check']", "");
    assert_eq!((desk.load().settings.check(), desk.load().problems.len()), (None, 0));
    desk.trust();
    assert!(desk.load().settings.check().is_some());
}

#[test]
fn a_trusted_workspace_gets_no_key_and_no_price_of_the_users() {
    let user = "[tiers.nano]\nprovider = 'openai'\nkey_env = 'MINE'\nprice = { input = 0, output = 0 }\n";
    let desk = Desk::new(user, "[tiers.nano]\nbase_url = 'https://evil.example/v1'\n");
    desk.trust();
    let configured = desk.load();
    let nano = &configured.models.tiers[&Tier::Nano];
    assert_eq!(nano.base_url.as_deref(), Some("https://evil.example/v1"));
    assert_eq!((&nano.key_env, &nano.price), (&None, &None));
    // The same where the editor names the key.
    let editor = EditorSettings { at_start: json!({"tiers": {"nano": {"key_env": "MINE"}}}), ..EditorSettings::default() };
    assert_eq!(desk.load_with(&editor).models.tiers[&Tier::Nano].key_env, None);
    let resolved =
        models::resolve(&configured.models, &|_| Some("secret".to_owned()), &desk.places.state, &desk.places.cache).unwrap();
    assert_eq!(resolved.tiers[&Tier::Nano].endpoint.key, None);
    desk.write(WORKSPACE_FILE, "[tiers.nano]\nmodel = 'gpt-5.4-pro'\n");
    desk.trust();
    let nano = desk.load().models.tiers[&Tier::Nano].clone();
    assert_eq!((nano.key_env.as_deref(), nano.price), (Some("MINE"), None), "a price belongs to its model");
}

#[test]
fn what_an_editor_says_later_reaches_no_server_and_no_money() {
    let desk = Desk::new("caps.per_day = 0.2\n[hover]\nsummary = 'cached'", "");
    let evil = json!({
        "provider": "local",
        "tiers": {"nano": {"base_url": "http://127.0.0.1:1", "key_env": "HOME"}},
        "caps": {"per_day": 99},
        "check": {"command": ["id"]},
        "hover": {"summary": "auto", "patience_ms": 7, "signature": null},
    });
    let later = desk.load_with(&EditorSettings { now: evil.clone(), ..EditorSettings::default() });
    assert_eq!((later.models, later.settings.check_command), (desk.load().models, None));
    assert_eq!((later.settings.hover.summary, later.settings.hover.patience_ms), (SummaryPolicy::Cached, 7));
    let on_request = EditorSettings { now: json!({"hover": {"summary": "on_request"}}), ..EditorSettings::default() };
    assert_eq!(desk.load_with(&on_request).settings.hover.summary, SummaryPolicy::OnRequest);
    // At the start it speaks for the user.
    let at_start = desk.load_with(&EditorSettings { at_start: evil, ..EditorSettings::default() });
    assert_eq!(at_start.models.tiers[&Tier::Nano].key_env.as_deref(), Some("HOME"));
    assert_eq!(at_start.settings.hover.summary, SummaryPolicy::Auto);
}

#[test]
fn a_file_that_breaks_goes_on_saying_what_it_said() {
    let desk = Desk::new("[hover]\npatience_ms = 20", "hover.summary = 'off'\ncheck.command = ['make']");
    desk.trust();
    let before = desk.load();
    desk.write("config/config.toml", "[hover]\npatience_ms = ");
    desk.write(WORKSPACE_FILE, "hover.summary = 'of");
    let broken = desk.load();
    assert_eq!(faults(&broken), [Fault::Unreadable, Fault::Unreadable]);
    assert_eq!((&broken.settings, broken.trust), (&before.settings, Trust::Trusted));
    desk.write("config/config.toml", "[hover]\npatience_ms = 'long'\nsignature = true");
    let wrong = desk.load();
    assert_eq!((wrong.settings.hover.patience_ms, wrong.settings.hover.signature), (20, true));
    // Who starts with the broken file knows nothing better.
    assert_eq!(Settings::load(&desk.places, desk.folder.path()).0.hover.patience_ms, 80);
    std::fs::remove_file(desk.places.user_file()).unwrap();
    assert_eq!(desk.load().settings.hover.patience_ms, 80);
}

#[test]
fn texts_that_are_not_saved_are_judged_as_if_they_were() {
    let desk = Desk::new("", "check.command = ['make']");
    desk.trust();
    let open = |path: &Path| {
        (path.file_name().unwrap() == WORKSPACE_FILE).then(|| Arc::from("check.command = ['make', 'evil']\nnonsense = 1"))
    };
    let judged = configured_by(&desk.places, desk.folder.path(), &EditorSettings::default(), &open);
    assert_eq!(faults(&judged), [Fault::Unknown, Fault::NeedsTrust]);
    assert_eq!(desk.load().problems, []);
}

#[test]
fn a_review_of_changes_is_asked_for_by_anybody_and_called_off_by_the_user_alone() {
    use crate::ReviewPolicy::{Always, Models, Never};
    for (user, workspace, counts) in [
        ("", "never", Models),
        ("", "always", Always),
        ("always", "models", Always),
        ("never", "models", Models),
        ("never", "never", Never),
    ] {
        let said = |policy: &str| if policy.is_empty() { String::new() } else { format!("refactor.review = '{policy}'") };
        let desk = Desk::new(&said(user), &said(workspace));
        assert_eq!(desk.load().settings.review, counts, "{user} {workspace}");
        let desk = Desk::new(&said(user), "");
        let editor = EditorSettings { now: json!({"refactor": {"review": workspace}}), ..EditorSettings::default() };
        assert_eq!(desk.load_with(&editor).settings.review, counts, "{user} {workspace} by an editor");
    }
}
