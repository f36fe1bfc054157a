//! Look-ups: a question answered by symbols, as the answer to a command or, for whoever's editor shows no answers, as a document.

use std::sync::Arc;

use assist::{Bill, LookupHit, lookup, markdown};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;
use tower_lsp::gen_lsp_types as proto;
use tower_lsp::jsonrpc::Result;

use crate::jobs::{self, Watch};
use crate::locator::Locator;
use crate::session::Session;
use crate::to_proto;
use crate::transport::turn;

/// The most symbols that a look-up answers with, and how many where nobody says.
const MOST_HITS: usize = 50;
const HITS: usize = 10;

/// The argument of the command.
#[derive(Deserialize)]
pub(crate) struct Question {
    question: String,
    limit: Option<usize>,
    /// Whether the answer is shown as a document.
    #[serde(default)]
    pub(crate) show: bool,
}

impl Question {
    fn limit(&self) -> usize {
        self.limit.unwrap_or(HITS).min(MOST_HITS)
    }
}

/// The answer to the command.
pub(crate) async fn look_up(session: &Arc<Session>, question: Question, token: Option<proto::ProgressToken>) -> Result<Value> {
    // The first part is done in the turn of the protocol, and the index is too slow for that.
    turn::end().await;
    let cancel = CancellationToken::new();
    // Dropped with the request, which calls the model's answer off too.
    let _cancel_on_drop = cancel.clone().drop_guard();
    // Called off, the index answers alone.
    let _progress = session.outbox.progress_of("Looking up", &cancel, token);
    let found = Found::of(session, &question, &cancel).await;
    let hit = |(hit, place): &(LookupHit, Option<proto::Location>)| {
        let symbol = &hit.ranked.symbol;
        json!({
            "name": symbol.get().name.as_str(),
            "container": symbol.get().container.as_str(),
            "kind": to_proto::symbol_kind(symbol.get().kind),
            "location": place,
            "score": hit.ranked.score,
            "why": hit.ranked.why,
        })
    };
    Ok(json!({
        "tier": found.bill.source.as_str(),
        "cost_micro_usd": found.bill.cost.micro_usd(),
        "cached": found.bill.cached,
        "hits": found.hits.iter().map(hit).collect::<Vec<_>>(),
        "notes": found.notes,
    }))
}

/// The answer as a document.
pub(crate) async fn show(session: Arc<Session>, question: Question, cancel: CancellationToken) {
    let watch = Watch::new(&session, "Looking up", &cancel);
    let found = Found::of(&session, &question, &cancel).await;
    let mut paragraphs = vec![format!("# {}", markdown::prose(&question.question))];
    let line = |(hit, place): &(LookupHit, Option<proto::Location>)| {
        let symbol = &hit.ranked.symbol;
        let address = place.as_ref().map(|place| format!("{}#L{}", place.uri, place.range.start.line + 1)).unwrap_or_default();
        let at = markdown::code(&format!("{}:{}", symbol.path(), symbol.get().line + 1));
        format!("- {} in {at}: {}", markdown::link(&symbol.symbol_path(), &address), markdown::prose(&hit.ranked.why))
    };
    paragraphs.push(match found.hits.as_slice() {
        [] => "Nothing in this workspace answers that.".to_owned(),
        hits => hits.iter().map(line).collect::<Vec<_>>().join("\n"),
    });
    paragraphs.extend(found.notes.iter().map(|note| format!("*{}*", markdown::prose(note))));
    paragraphs.push(format!("*{}*", found.bill));
    drop(watch);
    jobs::show_document(&session, &question.question, &(paragraphs.join("\n\n") + "\n")).await;
}

/// What was found in all folders.
struct Found {
    hits: Vec<(LookupHit, Option<proto::Location>)>,
    bill: Bill,
    notes: Vec<String>,
}

impl Found {
    async fn of(session: &Session, question: &Question, cancel: &CancellationToken) -> Self {
        let shares = session.shares();
        let mut all = Self { hits: Vec::new(), bill: Bill::index(), notes: Vec::new() };
        for share in &shares {
            let snapshot = &share.snapshot;
            let found = lookup(snapshot, &question.question, question.limit(), cancel).await;
            all.bill = all.bill.and(found.bill);
            all.notes.extend(found.note);
            let locator = Locator::new(session, snapshot);
            let own = found.hits.into_iter().filter(|hit| share.owns(hit.ranked.symbol.path()));
            all.hits.extend(own.map(|hit| {
                let place = locator.symbol(&hit.ranked.symbol);
                (hit, place)
            }));
        }
        all
    }
}
