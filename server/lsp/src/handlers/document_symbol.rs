//! `textDocument/documentSymbol`: the outline of an open document as it is now, whether the workspace has been indexed or not.

use std::sync::Arc;

use syntax::Symbol;
use text::{LineIndex, PositionEncoding};
use tower_lsp::gen_lsp_types as proto;
use tower_lsp::jsonrpc::Result;

use crate::handlers::blocking;
use crate::session::Session;
use crate::to_proto;

/// How deep an outline goes: what is nested deeper stands beside the last level. Clients read the answer by recursion.
const DEEPEST: u32 = 32;

pub(crate) async fn document_symbol(
    session: &Arc<Session>,
    params: proto::DocumentSymbolParams,
) -> Result<Option<proto::DocumentSymbolResponse>> {
    let uri = params.text_document.uri;
    let Some(located) = session.locate(&uri) else { return Ok(None) };
    if !located.snapshot.settings().navigation {
        return Ok(None);
    }
    let profile = session.profile();
    let (encoding, is_tree) = (profile.encoding, profile.outline_trees);
    blocking(move || {
        let record = located.snapshot.index().file(&located.path)?;
        let (text, lines) = located.snapshot.text_with_lines(&located.path)?;
        let document = Document { uri, text: &text, lines: &lines, encoding };
        let symbols = &record.file().symbols;
        Some(if is_tree {
            proto::DocumentSymbolResponse::DocumentSymbolList(document.tree(symbols))
        } else {
            let flat = symbols.iter().map(|symbol| document.information(symbol)).collect();
            proto::DocumentSymbolResponse::SymbolInformationList(flat)
        })
    })
    .await
}

struct Document<'a> {
    uri: proto::Uri,
    text: &'a str,
    lines: &'a LineIndex,
    encoding: PositionEncoding,
}

impl Document<'_> {
    /// The symbols below those that they stand in, in the order of the file.
    fn tree(&self, symbols: &[Symbol]) -> Vec<proto::DocumentSymbol> {
        let mut parents: Vec<(Option<usize>, u32)> = Vec::with_capacity(symbols.len());
        for (place, symbol) in symbols.iter().enumerate() {
            let parent = symbol.parent.map(|parent| parent as usize).filter(|&parent| parent < place);
            parents.push(match parent.map(|parent| (parent, parents[parent])) {
                None => (None, 0),
                Some((_, (beside, DEEPEST))) => (beside, DEEPEST),
                Some((parent, (_, depth))) => (Some(parent), depth + 1),
            });
        }
        let mut nodes: Vec<proto::DocumentSymbol> = symbols.iter().map(|symbol| self.node(symbol)).collect();
        let mut roots = Vec::new();
        // From the last to the first, so that a symbol has all its children before it goes below its parent.
        while let Some(mut node) = nodes.pop() {
            if let Some(children) = &mut node.children {
                children.reverse();
            }
            match parents[nodes.len()].0 {
                Some(parent) => nodes[parent].children.get_or_insert_default().push(node),
                None => roots.push(node),
            }
        }
        roots.reverse();
        roots
    }

    fn node(&self, symbol: &Symbol) -> proto::DocumentSymbol {
        #[expect(deprecated, reason = "the type has the field, we do not fill it")]
        proto::DocumentSymbol {
            name: name(symbol),
            detail: None,
            kind: to_proto::symbol_kind(symbol.kind),
            tags: None,
            deprecated: None,
            range: to_proto::range(self.lines.position_range(self.text, symbol.full_span, self.encoding)),
            selection_range: to_proto::range(self.lines.position_range(self.text, symbol.name_span, self.encoding)),
            children: None,
        }
    }

    fn information(&self, symbol: &Symbol) -> proto::SymbolInformation {
        let range = to_proto::range(self.lines.position_range(self.text, symbol.full_span, self.encoding));
        let base = proto::BaseSymbolInformation {
            name: name(symbol),
            kind: to_proto::symbol_kind(symbol.kind),
            tags: None,
            container_name: Some(symbol.container.to_string()).filter(|container| !container.is_empty()),
        };
        #[expect(deprecated, reason = "the type has the field, we do not fill it")]
        proto::SymbolInformation {
            deprecated: None,
            location: proto::Location { uri: self.uri.clone(), range },
            base_symbol_information: base,
        }
    }
}

/// VS Code throws a whole outline away for one blank name.
fn name(symbol: &Symbol) -> String {
    if symbol.name.trim().is_empty() { "(unnamed)".to_owned() } else { symbol.name.to_string() }
}
