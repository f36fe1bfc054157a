//! `textDocument/definition` and `textDocument/references`, for workspaces whose language has no server of its own.

use std::collections::HashSet;
use std::sync::Arc;

use index::SymbolRef;
use text::Span;
use tower_lsp::gen_lsp_types as proto;
use tower_lsp::jsonrpc::Result;

use crate::from_proto;
use crate::handlers::blocking;
use crate::locator::Locator;
use crate::session::{Located, Session};

/// The most places that one answer holds.
const MOST_PLACES: usize = 10_000;

pub(crate) async fn definition(
    session: &Arc<Session>,
    params: proto::DefinitionParams,
) -> Result<Option<proto::DefinitionResponse>> {
    let places = places(session, params.text_document_position_params, |locator, located, offset| {
        let mut targets = located.snapshot.index().target_at(&located.path, offset);
        // What is less sure than the first answer is noise beside it.
        let surest = targets.first()?.1;
        targets.retain(|(_, certainty)| *certainty == surest);
        Some(targets.iter().filter_map(|(symbol, _)| locator.symbol(symbol)).collect())
    });
    Ok(places.await?.map(|places| proto::DefinitionResponse::Definition(proto::Definition::LocationList(places))))
}

pub(crate) async fn references(session: &Arc<Session>, params: proto::ReferenceParams) -> Result<Option<Vec<proto::Location>>> {
    let with_declaration = params.context.include_declaration;
    places(session, params.text_document_position_params, move |locator, located, offset| {
        let snapshot = &located.snapshot;
        let symbol = snapshot.index().target_at(&located.path, offset).into_iter().next()?.0;
        let declarations = if with_declaration { snapshot.index().same_symbol(&symbol) } else { Vec::new() };
        let declared = declarations.iter().map(|symbol: &SymbolRef| (&symbol.record, symbol.get().name_span));
        let hits = snapshot.index().likely_references_of(&symbol);
        let used = hits.iter().map(|hit| (&hit.record, hit.get().span));
        let mut seen: HashSet<(&str, Span)> = HashSet::new();
        let distinct = declared.chain(used).filter(|(record, span)| seen.insert((&record.path, *span))).take(MOST_PLACES);
        Some(distinct.filter_map(|(record, span)| locator.span(record, span)).collect())
    })
    .await
}

/// What an answer makes of a place in a document; `None` where navigation is off or nothing stands there.
async fn places(
    session: &Arc<Session>,
    params: proto::TextDocumentPositionParams,
    answer: impl FnOnce(&Locator<'_>, &Located, usize) -> Option<Vec<proto::Location>> + Send + 'static,
) -> Result<Option<Vec<proto::Location>>> {
    let Some(located) = session.locate(&params.text_document.uri) else { return Ok(None) };
    if !located.snapshot.settings().navigation {
        return Ok(None);
    }
    let session = Arc::clone(session);
    blocking(move || {
        let offset = located.offset(from_proto::position(params.position), session.profile())?;
        answer(&Locator::new(&session, &located.snapshot), &located, offset)
    })
    .await
}
