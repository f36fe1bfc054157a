//! `textDocument/definition` and `textDocument/references`, for workspaces whose language has no server of its own.

use std::collections::HashSet;
use std::sync::Arc;

use index::SymbolRef;
use text::Span;
use tower_lsp::gen_lsp_types as proto;
use tower_lsp::jsonrpc::Result;

use crate::handlers::blocking;
use crate::handlers::workspace_symbol::location;
use crate::session::{Located, Session};
use crate::{from_proto, to_proto};

/// The most places that one answer holds.
const MOST_PLACES: usize = 10_000;

pub(crate) async fn definition(
    session: &Arc<Session>,
    params: proto::DefinitionParams,
) -> Result<Option<proto::DefinitionResponse>> {
    let places = places(session, params.text_document_position_params, |session, located, offset| {
        let mut targets = located.snapshot.index().target_at(&located.path, offset);
        // What is less sure than the first answer is noise beside it.
        let surest = targets.first()?.1;
        targets.retain(|(_, certainty)| *certainty == surest);
        Some(targets.iter().filter_map(|(symbol, _)| location(session, &located.snapshot, symbol)).collect())
    });
    Ok(places.await?.map(|places| proto::DefinitionResponse::Definition(proto::Definition::LocationList(places))))
}

pub(crate) async fn references(session: &Arc<Session>, params: proto::ReferenceParams) -> Result<Option<Vec<proto::Location>>> {
    let with_declaration = params.context.include_declaration;
    places(session, params.text_document_position_params, move |session, located, offset| {
        let snapshot = &located.snapshot;
        let symbol = snapshot.index().target_at(&located.path, offset).into_iter().next()?.0;
        let declarations = if with_declaration { snapshot.index().same_symbol(&symbol) } else { Vec::new() };
        let declared = declarations.iter().map(|symbol: &SymbolRef| (symbol.path().to_owned(), symbol.get().name_span));
        let hits = snapshot.index().likely_references_of(&symbol);
        let used = hits.iter().map(|hit| (hit.path().to_owned(), hit.get().span));
        let mut seen: HashSet<(String, Span)> = HashSet::new();
        let distinct = declared.chain(used).filter(|place| seen.insert(place.clone())).take(MOST_PLACES);
        Some(distinct.filter_map(|(path, span)| place(session, located, &path, span)).collect())
    })
    .await
}

/// What an answer makes of a place in a document; `None` where navigation is off or nothing stands there.
async fn places(
    session: &Arc<Session>,
    params: proto::TextDocumentPositionParams,
    answer: impl FnOnce(&Session, &Located, usize) -> Option<Vec<proto::Location>> + Send + 'static,
) -> Result<Option<Vec<proto::Location>>> {
    let Some(located) = session.locate(&params.text_document.uri) else { return Ok(None) };
    if !located.snapshot.settings().navigation {
        return Ok(None);
    }
    let session = Arc::clone(session);
    blocking(move || {
        let offset = located.offset(from_proto::position(params.position), session.profile())?;
        answer(&session, &located, offset)
    })
    .await
}

fn place(session: &Session, located: &Located, path: &str, span: Span) -> Option<proto::Location> {
    let uri = to_proto::uri(&located.snapshot.root().join(path))?;
    let (text, lines) = located.snapshot.text_with_lines(path)?;
    Some(proto::Location { uri, range: to_proto::range(lines.position_range(&text, span, session.profile().encoding)) })
}
