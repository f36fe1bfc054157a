//! `textDocument/codeAction`: what can be done here, when the user asks. Nothing for a request that the editor sends by itself,
//! and never a model: the work begins when an action is chosen.

use std::sync::Arc;

use assist::{Trust, local_file, workspace_file};
use models::Tier;
use serde_json::{Value, json};
use text::Position;
use tower_lsp::gen_lsp_types as proto;
use tower_lsp::jsonrpc::Result;

use crate::capabilities::{command, kind};
use crate::from_proto;
use crate::handlers::blocking;
use crate::session::{Located, Session};

pub(crate) async fn code_action(
    session: &Arc<Session>,
    params: proto::CodeActionParams,
) -> Result<Option<Vec<proto::CodeActionResponse>>> {
    if params.context.trigger_kind == Some(proto::CodeActionTriggerKind::Automatic) {
        return Ok(None);
    }
    let Some(located) = session.locate(&params.text_document.uri) else { return Ok(None) };
    let session = Arc::clone(session);
    let actions = blocking(move || {
        let wanted = params.context.only.map(|kinds| {
            let kinds = kinds.into_iter().filter_map(|kind| serde_json::to_value(kind).ok()?.as_str().map(str::to_owned));
            kinds.collect::<Vec<String>>()
        });
        let place = Place { uri: params.text_document.uri, position: from_proto::position(params.range.start) };
        let mut actions = Vec::new();
        actions.extend(instruction(&session, &located, &place));
        actions.extend(about_symbol(&session, &located, &place));
        actions.extend(undo(&session, &located, &place));
        actions.extend(trust(&session, &located, &place));
        actions
            .into_iter()
            .filter(|action| wanted.as_ref().is_none_or(|wanted| wanted.iter().any(|kind| is_within(action.kind, kind))))
            .filter_map(|action| action.render(&session))
            .collect::<Vec<_>>()
    })
    .await?;
    Ok(Some(actions))
}

struct Place {
    uri: proto::Uri,
    position: Position,
}

/// An action before it is put into the client's terms.
struct Action {
    title: String,
    kind: &'static str,
    command: &'static str,
    argument: Value,
    /// Whether a model's text may come of it.
    is_by_model: bool,
    /// Why it cannot be chosen now.
    disabled: Option<String>,
}

impl Action {
    fn render(self, session: &Session) -> Option<proto::CodeActionResponse> {
        let profile = session.profile();
        let title = assist::markdown::plain(&self.title);
        if self.disabled.is_some() && !(profile.action_literals && profile.action_disabled) {
            return None;
        }
        let command = proto::Command {
            title: title.clone(),
            tooltip: None,
            command: self.command.to_owned(),
            arguments: Some(vec![self.argument]),
        };
        if !profile.action_literals {
            return Some(proto::CodeActionResponse::Command(command));
        }
        let is_tagged = self.is_by_model && profile.action_tags;
        Some(proto::CodeActionResponse::CodeAction(proto::CodeAction {
            title,
            kind: Some(proto::CodeActionKind::from(self.kind)),
            command: self.disabled.is_none().then_some(command),
            disabled: self.disabled.map(|reason| proto::CodeActionDisabled { reason }),
            tags: is_tagged.then(|| vec![proto::CodeActionTag::LLMGenerated]),
            ..proto::CodeAction::default()
        }))
    }
}

/// Whether `kind` is `filter` or lies below it.
fn is_within(kind: &str, filter: &str) -> bool {
    filter.is_empty() || kind == filter || kind.strip_prefix(filter).is_some_and(|rest| rest.starts_with('.'))
}

fn about_symbol(session: &Session, located: &Located, place: &Place) -> Vec<Action> {
    let snapshot = &located.snapshot;
    let Some(offset) = located.offset(place.position, session.profile()) else { return Vec::new() };
    let Some(hover) = assist::hover(snapshot, &located.path, offset, false, None) else { return Vec::new() };
    let name = hover.symbol.get().name.clone();
    let has = |tier| snapshot.gateway().is_some_and(|gateway| gateway.has(tier));
    let at = json!({
        "v": 1,
        "uri": place.uri,
        "position": {"line": place.position.line, "character": place.position.character},
    });
    vec![
        Action {
            title: format!("Explain `{name}`"),
            kind: kind::EXPLAIN,
            command: command::EXPLAIN,
            argument: at.clone(),
            is_by_model: has(Tier::Mini),
            disabled: None,
        },
        Action {
            title: format!("Summarise `{name}`"),
            kind: kind::SUMMARISE,
            command: command::SUMMARISE,
            argument: at,
            is_by_model: true,
            disabled: (!has(Tier::Nano))
                .then(|| "No nano model is configured; `tierline doctor` says how to configure one".to_owned()),
        },
    ]
}

/// `// tierline: rename a to b` on the line of the cursor.
fn instruction(session: &Session, located: &Located, place: &Place) -> Option<Action> {
    let (text, lines) = located.snapshot.text_with_lines(&located.path)?;
    let line = place.position.line;
    let found = in_comment(lines.line_span(&text, line as usize).of(&text))?;
    let is_exact = matches!(refactor::Instruction::parse(found), refactor::Instruction::Rename { .. });
    let can_plan = |tier| located.snapshot.gateway().is_some_and(|gateway| gateway.has(tier));
    let disabled = if is_exact || (can_plan(Tier::Flagship) && can_plan(Tier::Mini)) {
        (!session.profile().apply_edit).then(|| "Your editor does not apply edits that a server sends".to_owned())
    } else {
        Some("This needs a flagship and a mini model; `tierline doctor` says how to configure them".to_owned())
    };
    Some(Action {
        title: format!("Carry out: {found}"),
        kind: kind::INSTRUCTION,
        command: command::REFACTOR,
        argument: json!({"v": 1, "instruction": found, "uri": place.uri, "comment": {"line": line}}),
        is_by_model: !is_exact,
        disabled,
    })
}

/// The instruction in a line that is nothing but a comment addressed to us.
pub(crate) fn in_comment(line: &str) -> Option<&str> {
    let line = line.trim();
    let body = ["//", "#", "--", "/*", "<!--", "(*", "{-", ";", "%"].iter().find_map(|marker| line.strip_prefix(marker))?;
    let body = body.trim_start_matches(['/', '#', '-', '*', '!']).trim_start();
    let instruction = body.strip_prefix("tierline:")?;
    let instruction = instruction.trim_end();
    let instruction =
        ["*/", "-->", "*)", "-}"].iter().find_map(|end| instruction.strip_suffix(end)).unwrap_or(instruction).trim();
    Some(instruction).filter(|instruction| !instruction.is_empty())
}

fn undo(session: &Session, located: &Located, place: &Place) -> Option<Action> {
    let entry = session.journal(&located.snapshot).last().ok()??;
    let files = if entry.file_count() == 1 { "1 file".to_owned() } else { format!("{} files", entry.file_count()) };
    Some(Action {
        title: format!("Undo “{}” ({files})", entry.instruction),
        kind: kind::UNDO,
        command: command::UNDO,
        argument: json!({"v": 1, "uri": place.uri}),
        is_by_model: false,
        disabled: None,
    })
}

/// In a configuration file of a workspace that asks for what needs trust.
fn trust(session: &Session, located: &Located, place: &Place) -> Option<Action> {
    let root = located.snapshot.root();
    let path = root.join(&located.path);
    if path != workspace_file(root) && path != local_file(root) {
        return None;
    }
    let waits = matches!(session.configured(root).trust, Trust::Untrusted | Trust::Changed);
    waits.then(|| Action {
        title: "Trust this workspace…".to_owned(),
        kind: kind::TRUST,
        command: command::TRUST,
        argument: json!({"v": 1, "uri": place.uri}),
        is_by_model: false,
        disabled: None,
    })
}

#[cfg(test)]
mod tests {
    use super::{in_comment, is_within};

    #[test]
    fn kinds_are_filtered_as_a_hierarchy() {
        assert!(is_within("refactor.rewrite.tierline.instruction", "refactor"));
        assert!(is_within("source.tierline.explain", ""));
        assert!(!is_within("source.tierline.explain", "source.fixAll"));
        assert!(!is_within("refactoring", "refactor"));
    }

    #[test]
    fn instructions_are_found_in_every_comment_form() {
        for line in [
            "// tierline: do it",
            "  # tierline: do it",
            "-- tierline: do it",
            "/* tierline: do it */",
            "/// tierline: do it",
            "<!-- tierline: do it -->",
            "(* tierline: do it *)",
            "{- tierline: do it -}",
        ] {
            assert_eq!(in_comment(line), Some("do it"), "{line}");
        }
        for line in ["let x = 1; // tierline: do it", "// tierline:", "tierline: do it", "// see tierline: x"] {
            assert_eq!(in_comment(line), None, "{line}");
        }
    }
}
