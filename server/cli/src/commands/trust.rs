//! `tierline trust`: lets what a workspace asks for count, as it is now.

use assist::{Places, Trust, look_at_trust, markdown, revoke_trust};
use serde_json::json;

use crate::arguments::Options;
use crate::failure::Failure;
use crate::output::Output;
use crate::workspace::root;

pub(crate) fn run(options: &Options, output: &Output, show: bool, revoke: bool) -> Result<(), Failure> {
    let places = Places::of_user();
    let root = root(options, None)?;
    let mut found = look_at_trust(&places, &root);
    if revoke {
        revoke_trust(&places, &root)?;
    } else if !show {
        let Some(grant) = &found.grant else {
            let message = "this workspace cannot be trusted: below .tierline/queries is a link, or what cannot be read";
            return Err(Failure::new("untrusted", message));
        };
        // What is shown below is what is trusted: the files were read once.
        grant.give(&places)?;
    }
    let trust = look_at_trust(&places, &root).trust;
    found.trust = trust;
    let files = found.grant.as_ref().map_or(&[][..], |grant| grant.files());
    output.json(&json!({
        "root": root,
        "trust": trust.as_str(),
        "files": files,
        "unlocks": found.unlocks.iter().map(|unlock| json!({"file": unlock.file, "key": unlock.name, "value": unlock.value})).collect::<Vec<_>>(),
    }));
    output.line(match trust {
        Trust::Trusted => "trusted as it is now; any change to these files ends it:",
        Trust::Changed => "not trusted, because these files have changed since it was; look at them and run `tierline trust`:",
        Trust::Untrusted => "not trusted; what these files ask for beyond what every repository may does not count:",
        Trust::NotNeeded => "this workspace asks for nothing that would need trust",
    });
    if trust != Trust::NotNeeded {
        files.iter().for_each(|file| output.line(&format!("  {}", markdown::plain(&file.display().to_string()))));
        let queries = files.iter().filter(|file| file.starts_with(".tierline")).count();
        let head = if trust == Trust::Trusted { "what counts by it:" } else { "what would count by it:" };
        if queries > 0 || !found.unlocks.is_empty() {
            output.line(head);
        }
        if queries > 0 {
            output.line("  its own queries, from the next start on");
        }
        found.unlocks.iter().for_each(|unlock| output.line(&format!("  {}", markdown::plain(&unlock.to_string()))));
    }
    Ok(())
}
