//! `textDocument/hover`: the index's answer at once; a summary that is not known yet is asked for and shown by the next hover,
//! or by this one where it comes within the patience.

use std::sync::Arc;

use assist::{Bill, HoverOptions, Refused, SummaryPolicy, Target, Unanswered, Why, may_leave, summarise};
use index::SymbolRef;
use models::{ModelError, Tier};
use tower_lsp::gen_lsp_types as proto;
use tower_lsp::jsonrpc::Result;

use crate::handlers::brief;
use crate::session::{Located, Session};
use crate::{from_proto, to_proto};

pub(crate) async fn hover(session: &Arc<Session>, params: proto::HoverParams) -> Result<Option<proto::Hover>> {
    let params = params.text_document_position_params;
    let Some(located) = session.locate(&params.text_document.uri) else { return Ok(None) };
    let located = Arc::new(located);
    let rendered = brief(|| render(session, &located, params.position, false)).await;
    let Some(Rendered { symbol, hover, wants_summary, .. }) = rendered else { return Ok(None) };
    if !wants_summary {
        return Ok(Some(hover));
    }
    let patience = located.snapshot.settings().hover.patience();
    let job = tokio::spawn(make_summary(Arc::clone(session), Arc::clone(&located), symbol.clone()));
    // The job goes on when the patience, or the user, has gone: the next hover shows what it makes.
    let Ok(Ok(is_made)) = tokio::time::timeout(patience, job).await else { return Ok(Some(hover)) };
    if !is_made && session.may_summarise(symbol.get().body_hash) {
        return Ok(Some(hover));
    }
    let again = brief(|| render(session, &located, params.position, !is_made)).await;
    Ok(Some(again.map_or(hover, |again| again.hover)))
}

/// A hover in the terms of the protocol, and what there is to know of it.
pub(crate) struct Rendered {
    pub(crate) symbol: SymbolRef,
    pub(crate) hover: proto::Hover,
    pub(crate) bill: Bill,
    /// Whether a summary is to be made of it.
    pub(crate) wants_summary: bool,
}

/// The hover at a position; with `is_now`, what was asked in vain was asked for this very hover.
pub(crate) fn render(session: &Session, located: &Located, position: proto::Position, is_now: bool) -> Option<Rendered> {
    let (snapshot, path) = (&located.snapshot, located.path.as_str());
    let encoding = session.profile().encoding;
    let (text, lines) = snapshot.text_with_lines(path)?;
    let target = Target::at(snapshot, path, lines.offset(&text, from_proto::position(position), encoding))?;
    let settings = snapshot.settings().hover;
    let names = session.names();
    let address = |symbol: &SymbolRef| to_proto::address(&names, snapshot.root(), symbol);
    let shows_summaries = settings.summary != SummaryPolicy::Off;
    let refused = session.refused_summary(target.symbol.get().body_hash).filter(|_| shows_summaries);
    let options = HoverOptions {
        standalone: settings.signature,
        summary: None,
        kept: shows_summaries,
        refused: refused.map(|bill| Refused { bill, is_now }),
        address: Some(&address),
    };
    let hover = assist::hover(snapshot, path, &target, options);
    let range = to_proto::range(lines.position_range(&text, target.span, encoding));
    let contents = to_proto::hover_contents(hover.markdown, session.profile());
    Some(Rendered {
        wants_summary: hover.is_complete && !hover.has_summary && may_summarise(session, located, &target.symbol),
        symbol: target.symbol,
        hover: proto::Hover { contents, range: Some(range) },
        bill: hover.bill,
    })
}

/// Whether a summary may be made: it is allowed, a model can make it, and making it has not failed before.
fn may_summarise(session: &Session, located: &Located, symbol: &SymbolRef) -> bool {
    let snapshot = &located.snapshot;
    snapshot.settings().hover.summary >= SummaryPolicy::OnRequest
        && snapshot.gateway().is_some_and(|gateway| gateway.has(Tier::Nano))
        && session.may_summarise(symbol.get().body_hash)
        && may_leave(snapshot, symbol.path())
}

/// Has the summary made; `true` where there is one now.
async fn make_summary(session: Arc<Session>, located: Arc<Located>, symbol: SymbolRef) -> bool {
    let (job, cancel) = session.start_job();
    let made = summarise(&located.snapshot, &symbol, &cancel).await;
    session.end_job(&job);
    match made {
        Ok(_) => true,
        Err(error) => {
            give_up(&session, &symbol, &error);
            false
        }
    }
}

/// Notes why there is no summary, and what was spent on it. Money, keys and a ledger that cannot be used are the user's to mend, and
/// said once.
pub(crate) fn give_up(session: &Session, symbol: &SymbolRef, error: &Unanswered) {
    tracing::info!("no summary of {}: {error}", symbol.symbol_path());
    match &error.why {
        Why::Rejected(_) => session.give_up_summary(symbol.get().body_hash, error.bill),
        Why::Model(
            ModelError::Auth(_)
            | ModelError::Quota(_)
            | ModelError::OverBudget { .. }
            | ModelError::UnknownPrice { .. }
            | ModelError::LedgerUnreadable(_),
        ) => session.notice(proto::MessageType::Warning, &format!("Tierline: {error}")),
        Why::Model(_) => {}
    }
}
