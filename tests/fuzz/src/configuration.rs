//! What is configured.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use assist::{
    Configured, EditorSettings, Fault, Layer, Places, ReviewPolicy, Settings, Trust, configured_by, local_file, workspace_file,
};
use models::{Dollars, Keys};
use text::LineIndex;

use crate::input;

/// Where nothing is: what a file says comes from the input alone.
const NOWHERE: &str = "/nowhere/tierline";

/// Three files (the user's, the workspace's, the user's own in the workspace) and what the editor says now, as JSON. Whatever
/// they say:
/// - each problem has a place in its file, with the line and the column of that place;
/// - a workspace that nobody trusts sets no server, no model, no key, no program and no price, raises no cap and no limit, and
///   loosens no review, and the editor's settings, which may be the repository's, no more;
/// - what is configured has a meaning for the gateway or is refused with a sentence, and no program is started for a key that a
///   workspace named.
pub fn configuration(bytes: &[u8]) {
    let mut parts = input::parts(bytes).map(input::text);
    let [user, workspace, local, editor] = [(); 4].map(|()| parts.next().unwrap_or_default());
    let now = serde_json::from_str(&editor).unwrap_or_default();
    let editor = EditorSettings { now, ..EditorSettings::default() };
    let all = read([&user, &workspace, &local], &editor);
    let alone = read([&user, "", ""], &EditorSettings::default());
    for problem in &all.problems {
        let files = [(places().user_file(), &user), (workspace_file(root()), &workspace), (local_file(root()), &local)];
        let (_, text) = files.iter().find(|(file, _)| *file == problem.file).expect("a problem is one of the three files");
        let Some(place) = problem.place else { continue };
        assert!(place.span.start <= place.span.end && text.get(place.span.range()).is_some(), "{problem:?} in {text:?}");
        let start = LineIndex::new(text).line_span(text, place.line - 1).start as usize;
        assert_eq!(start + place.column - 1, place.span.start as usize, "{problem:?} in {text:?}");
        assert!(!problem.message.is_empty() && !problem.message.contains('\n'), "{problem:?}");
        let refuses = matches!(problem.fault, Fault::Refused | Fault::NeedsTrust);
        assert!(!refuses || problem.file != places().user_file(), "{problem:?}");
    }
    is_no_more(&all, &alone);
    has_a_meaning(&all);
}

fn root() -> &'static Path {
    Path::new(NOWHERE)
}

fn places() -> Places {
    let [config, state, cache] = ["config", "state", "cache"].map(|name| root().join("home").join(name));
    Places { config, state, cache, keeps_index: false }
}

fn read([user, workspace, local]: [&str; 3], editor: &EditorSettings) -> Configured {
    let open = |path: &Path| -> Option<Arc<str>> {
        let texts = [(places().user_file(), user), (workspace_file(root()), workspace), (local_file(root()), local)];
        texts.into_iter().find(|(file, _): &(PathBuf, &str)| file == path).map(|(_, text)| text.into())
    };
    configured_by(&places(), root(), editor, &open)
}

fn is_no_more(all: &Configured, alone: &Configured) {
    assert!(all.trust != Trust::Trusted && !all.settings.is_trusted && all.settings.check().is_none());
    let (caps, own) = (&all.models.caps, &alone.models.caps);
    let within = |cap: Option<Dollars>, own: Option<Dollars>, unset: Option<u64>| {
        let most = own.map(Dollars::micro_usd).or(unset);
        let is = cap.map(Dollars::micro_usd).or(unset);
        assert!(most.is_none_or(|most| is.is_some_and(|is| is <= most)), "{caps:?} is more than {own:?}");
    };
    within(caps.per_action, own.per_action, Some(500_000));
    within(caps.per_day, own.per_day, Some(2_000_000));
    within(caps.per_workspace_day, own.per_workspace_day, None);
    own.per_tier_day.iter().for_each(|(tier, own)| within(caps.per_tier_day.get(tier).copied(), Some(*own), None));
    let as_own = models::Settings { caps: own.clone(), ..all.models.clone() };
    assert_eq!(as_own, alone.models, "a workspace says what models are asked");

    let (is, own) = (&all.settings, &alone.settings);
    let careful = |review: ReviewPolicy| match review {
        ReviewPolicy::Always => 0,
        ReviewPolicy::Models => 1,
        ReviewPolicy::Never => 2,
    };
    assert!(careful(is.review) <= careful(own.review), "{is:?}");
    assert!(is.max_file_bytes <= own.max_file_bytes && is.check_command == own.check_command, "{is:?}");
    // Summaries that are asked for cost nothing until then, so the editor may always ask for that.
    assert!(is.hover.summary <= own.hover.summary.max(Settings::default().hover.summary), "{is:?}");
    let of_workspace = all.values.iter().filter(|value| matches!(value.layer, Layer::Workspace | Layer::Local));
    for value in of_workspace {
        let head = value.name.split('.').next().unwrap_or_default();
        assert!(matches!(head, "hover" | "caps" | "refactor" | "index"), "{value:?}");
    }
}

/// Keys that are nowhere: whoever asks for one is told so.
struct NoKeys<'a>(&'a Configured);

impl Keys for NoKeys<'_> {
    fn variable(&self, _name: &str) -> Option<String> {
        Some("x".to_owned())
    }

    fn printed(&self, command: &[String]) -> Result<String, String> {
        assert!(!command.is_empty(), "{:?}", self.0.models);
        Err("nothing was printed".to_owned())
    }

    fn kept(&self, _name: &str) -> Result<String, String> {
        Ok("y".to_owned())
    }
}

fn has_a_meaning(all: &Configured) {
    match models::resolve_with(&all.models, &NoKeys(all), &places().state, &places().cache) {
        Ok(meant) => {
            for profile in meant.tiers.values() {
                let url = &profile.endpoint.base_url;
                assert!(url.starts_with("https://") || profile.endpoint.loopback, "{url}");
            }
        }
        Err(error) => assert!(!error.0.is_empty()),
    }
}
