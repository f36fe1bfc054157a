//! `textDocument/codeAction`: what can be done here, when the user asks. Nothing for a request that the editor sends by itself,
//! and never a model: the work begins when an action is chosen.

mod offers;
mod plan_offers;

use std::sync::Arc;

use serde_json::Value;
use text::PositionRange;
use tower_lsp::gen_lsp_types as proto;
use tower_lsp::jsonrpc::Result;

use self::offers::Offers;
use crate::handlers::blocking;
use crate::session::Session;
use crate::{from_proto, plans};

pub(crate) async fn code_action(
    session: &Arc<Session>,
    params: proto::CodeActionParams,
) -> Result<Option<Vec<proto::CodeActionResponse>>> {
    if params.context.trigger_kind == Some(proto::CodeActionTriggerKind::Automatic) {
        return Ok(None);
    }
    let plan = plans::path(session, &params.text_document.uri);
    let located = if plan.is_some() { None } else { session.locate(&params.text_document.uri) };
    let session = Arc::clone(session);
    let actions = blocking(move || {
        let wanted = params.context.only.map(|kinds| {
            let kinds = kinds.into_iter().filter_map(|kind| serde_json::to_value(kind).ok()?.as_str().map(str::to_owned));
            kinds.collect::<Vec<String>>()
        });
        let range = from_proto::range(params.range);
        let offered = match (plan.and_then(|path| plans::opened(&session, &path)), located) {
            (Some(plan), _) => plan_offers::all(&session, &plan, &params.text_document.uri, range.start.line as usize),
            (None, Some(located)) => {
                let place = Place { uri: params.text_document.uri, range, diagnostics: params.context.diagnostics };
                Offers::new(&session, &located, &place).all()
            }
            (None, None) => Vec::new(),
        };
        offered
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
    range: PositionRange,
    diagnostics: Vec<proto::Diagnostic>,
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
    /// What it would mend.
    diagnostic: Option<proto::Diagnostic>,
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
            diagnostics: self.diagnostic.map(|diagnostic| vec![diagnostic]),
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

/// The instruction in a line that is nothing but a comment addressed to us.
pub(crate) fn in_comment(line: &str) -> Option<&str> {
    let line = line.trim();
    let body = ["//", "#", "--", "/*", "<!--", "(*", "{-", ";", "%"].iter().find_map(|marker| line.strip_prefix(marker))?;
    let body = body.trim_start_matches(['/', '#', '-', '*', '!', '=', '[', '\'']).trim_start();
    let instruction = body.strip_prefix("tierline:")?;
    let instruction = instruction.trim_end();
    let instruction =
        ["*/", "-->", "*)", "-}", "=#", "]]"].iter().find_map(|end| instruction.strip_suffix(end)).unwrap_or(instruction).trim();
    Some(instruction).filter(|instruction| !instruction.is_empty())
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
            "#= tierline: do it =#",
            "--[[ tierline: do it ]]",
            "#' tierline: do it",
        ] {
            assert_eq!(in_comment(line), Some("do it"), "{line}");
        }
        for line in ["let x = 1; // tierline: do it", "// tierline:", "tierline: do it", "// see tierline: x"] {
            assert_eq!(in_comment(line), None, "{line}");
        }
    }
}
