//! `workspace/symbol`: by name, or by a question that begins with `?`. No model is asked: editors send this at every keystroke.

use std::sync::Arc;

use index::SymbolRef;
use tower_lsp::gen_lsp_types as proto;
use tower_lsp::jsonrpc::Result;

use crate::handlers::blocking;
use crate::locator::Locator;
use crate::session::Session;
use crate::to_proto;

/// The most symbols that one answer holds.
const MOST_SYMBOLS: usize = 128;

pub(crate) async fn workspace_symbol(
    session: &Arc<Session>,
    params: proto::WorkspaceSymbolParams,
) -> Result<Option<proto::WorkspaceSymbolResponse>> {
    session.attention.touched();
    let shares = session.shares();
    let session = Arc::clone(session);
    let found = blocking(move || {
        let found = shares.iter().flat_map(|share| {
            let snapshot = &share.snapshot;
            let symbols = match params.query.strip_prefix('?') {
                Some(question) => snapshot.index().rank(question, MOST_SYMBOLS).into_iter().map(|ranked| ranked.symbol).collect(),
                // Nothing asked for is answered by what matters most.
                None if params.query.trim().is_empty() => snapshot.index().prominent(MOST_SYMBOLS),
                None => snapshot.index().search(&params.query, MOST_SYMBOLS),
            };
            let locator = Locator::new(&session, snapshot);
            let own = symbols.into_iter().filter(|symbol| share.owns(symbol.path()));
            own.filter_map(|symbol| render(&locator, &symbol)).enumerate().collect::<Vec<_>>()
        });
        // What is best in one folder stands before what is poor in another.
        let mut found: Vec<(usize, _)> = found.collect();
        found.sort_by_key(|(rank, _)| *rank);
        found.into_iter().map(|(_, symbol)| symbol).take(MOST_SYMBOLS).collect()
    });
    Ok(Some(proto::WorkspaceSymbolResponse::SymbolInformationList(found.await?)))
}

/// `SymbolInformation` rather than the newer `WorkspaceSymbol`, because every client knows it.
fn render(locator: &Locator<'_>, symbol: &SymbolRef) -> Option<proto::SymbolInformation> {
    let location = locator.symbol(symbol)?;
    let container = symbol.get().container.to_string();
    let base = proto::BaseSymbolInformation {
        name: symbol.get().name.to_string(),
        kind: to_proto::symbol_kind(symbol.get().kind),
        tags: None,
        container_name: Some(container).filter(|container| !container.is_empty()),
    };
    #[expect(deprecated, reason = "the type has the field, we do not fill it")]
    let information = proto::SymbolInformation { deprecated: None, location, base_symbol_information: base };
    Some(information)
}
