//! `tierline trust`: lets a workspace's own queries count, as they are now.

use assist::{Places, Trust, grant_trust, revoke_trust, trust, trust_covers};
use serde_json::json;

use crate::arguments::Options;
use crate::failure::Failure;
use crate::output::Output;
use crate::workspace::root;

pub(crate) fn run(options: &Options, output: &Output, show: bool, revoke: bool) -> Result<(), Failure> {
    let places = Places::of_user();
    let root = root(options, None)?;
    let files =
        trust_covers(&root).map_err(|error| Failure::new("untrusted", format!("this workspace cannot be trusted: {error}")))?;
    if revoke {
        revoke_trust(&places, &root)?;
    } else if !show {
        grant_trust(&places, &root)?;
    }
    let state = match trust(&places, &root) {
        Trust::NotNeeded => "not needed",
        Trust::Trusted => "trusted",
        Trust::Changed => "changed",
        Trust::Untrusted => "untrusted",
    };
    output.json(&json!({"root": root, "trust": state, "files": files}));
    output.line(match state {
        "trusted" => "trusted as it is now; any change to these files ends it:",
        "changed" => "not trusted, because these files have changed since it was; look at them and run `tierline trust`:",
        "untrusted" => "not trusted; its own queries do not count:",
        _ => "this workspace brings no queries of its own, so there is nothing to trust",
    });
    if state != "not needed" {
        files.iter().for_each(|file| output.line(&format!("  {}", assist::markdown::plain(&file.display().to_string()))));
    }
    Ok(())
}
