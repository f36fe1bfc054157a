//! Explain: a document on one symbol, from the index alone or with a model's paragraphs that passed their check.

use std::time::Duration;

use index::{Hit, SymbolRef};
use models::{ActionId, Job, Schema, Tally, Tier};
use serde_json::{Value, json};
use syntax::Certainty;
use tokio_util::sync::CancellationToken;

use crate::delegate::{Delegated, Flaw, Unanswered, delegate};
use crate::documentation::documentation;
use crate::facts::Facts;
use crate::hover::role;
use crate::wording::plural;
use crate::{Bill, Prompt, Snapshot, check, claims, egress, markdown, symbol_at};

const PROMPT: Prompt = Prompt::new(include_str!("prompt/explain.md"));

/// How many uses the document lists with their places.
const LISTED_USES: usize = 30;

/// An explanation of one symbol.
#[derive(Clone, Debug)]
pub struct Explanation {
    /// The symbol's path, for a title.
    pub title: String,
    /// The document, as Markdown that is safe to render.
    pub markdown: String,
    /// Who wrote it, and for how much.
    pub bill: Bill,
}

/// Explains the symbol at a byte offset of a file; `None` where no known symbol is. Without a model it holds what the index
/// knows; when the model cannot be asked or its answer does not stand, the document says so.
pub async fn explain(snapshot: &Snapshot, path: &str, offset: usize, cancel: &CancellationToken) -> Option<Explanation> {
    let symbol = symbol_at(snapshot, path, offset)?;
    let facts = Facts::of(snapshot, &symbol);
    let mut bill = Bill::index();
    let mut sections = vec![
        format!("# {}", markdown::code(&symbol.symbol_path())),
        markdown::block(symbol.record.language.fence(), &symbol.get().signature),
    ];
    if !symbol.get().doc.is_empty() {
        sections.push(documentation(&symbol.get().doc, symbol.record.language.fence()));
    }
    match paragraphs(snapshot, &symbol, &facts, cancel).await {
        None => {}
        Some(Ok(explained)) => {
            bill = bill.and(explained.bill);
            sections.push("## What it does".to_owned());
            sections.extend(explained.value.iter().map(|paragraph| markdown::prose(paragraph)));
        }
        Some(Err(error)) => {
            sections.push(format!("*No model's explanation: {}*", markdown::prose(&error.to_string())));
            bill = Bill { cost: error.bill.cost, ..bill };
        }
    }
    sections.push("## Its place".to_owned());
    sections.push(format!("Defined in {}", markdown::code(&format!("{}:{}", symbol.path(), symbol.get().line + 1))));
    sections.extend(role(&facts));
    if facts.usage.as_ref().is_some_and(|usage| usage.certain > 0) {
        let mut certain = snapshot.index().references_of(&symbol);
        certain.retain(|hit| hit.certainty > Certainty::SameName);
        sections.push("## Its uses".to_owned());
        sections.push(uses(&certain));
    }
    sections.push(format!("*{bill}*"));
    Some(Explanation { title: symbol.symbol_path(), markdown: sections.join("\n\n") + "\n", bill })
}

fn uses(hits: &[Hit]) -> String {
    let mut lines: Vec<String> = hits
        .iter()
        .take(LISTED_USES)
        .map(|hit| {
            let place = markdown::code(&format!("{}:{}", hit.path(), hit.get().line() + 1));
            match hit.enclosing() {
                Some(user) => format!("- {place} in {}", markdown::code(&user.symbol_path())),
                None => format!("- {place}"),
            }
        })
        .collect();
    if hits.len() > LISTED_USES {
        lines.push(format!("- and {}", plural(hits.len() - LISTED_USES, "more use", "more uses")));
    }
    lines.join("\n")
}

/// `None` where no model is configured for it.
async fn paragraphs(
    snapshot: &Snapshot,
    symbol: &SymbolRef,
    facts: &Facts,
    cancel: &CancellationToken,
) -> Option<Result<Delegated<Vec<String>>, Unanswered>> {
    let gateway = snapshot.gateway().filter(|gateway| gateway.has(Tier::Mini))?;
    if let Err(refusal) = egress::check(snapshot, symbol.path()) {
        return Some(Err(refusal));
    }
    let shown = PROMPT.render(&[
        ("symbol", &symbol.symbol_path()),
        ("kind", symbol.get().kind.as_str()),
        ("file", symbol.path()),
        ("source", &facts.source(snapshot)),
        ("facts", &facts.for_prompt()),
    ]);
    let job = Job {
        kind: "explain",
        tier: Tier::Mini,
        prompt_version: PROMPT.version(),
        instructions: PROMPT.instructions(),
        input: vec![facts.part(&shown)],
        schema: Schema {
            name: "explain_v1",
            json: json!({
                "type": "object",
                "properties": {"paragraphs": {"type": "array", "items": {"type": "string"}}},
                "required": ["paragraphs"],
                "additionalProperties": false,
            }),
        },
        max_output_tokens: 1_500,
        deadline: Duration::from_secs(snapshot.settings().explain_deadline_seconds),
        action: ActionId::new(),
        workspace: snapshot.workspace_id(),
        escalated_from: None,
        whole_bytes: snapshot.whole_bytes([symbol.path()]),
        tally: Tally::default(),
    };
    Some(
        delegate(gateway, job, Tier::Mini, cancel, |answer| {
            let paragraphs: Vec<String> = answer
                .get("paragraphs")
                .and_then(Value::as_array)
                .map(|list| list.iter().filter_map(Value::as_str).map(str::to_owned).collect())
                .unwrap_or_default();
            if paragraphs.is_empty() {
                return Err(Flaw::Unable("the model does not know".to_owned()));
            }
            for paragraph in &paragraphs {
                check::prose(snapshot.index(), &shown, paragraph, 900).map_err(|rejection| rejection.to_string())?;
                if let Some(untrue) = claims::untrue(snapshot, symbol, paragraph) {
                    return Err(Flaw::Wrong(untrue));
                }
            }
            Ok(paragraphs)
        })
        .await,
    )
}
