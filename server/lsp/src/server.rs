//! The server: backend and transport put together.

use std::io::{Read, Write};

use assist::{Gateways, Places};
use tower_lsp::{ClientSocket, LspService};

use crate::backend::Backend;
use crate::transport::{self, Outcome};

/// Serves one client over any two streams until it leaves. Needs a multi-threaded runtime.
pub async fn serve(
    input: impl Read + Send + 'static,
    output: impl Write + Send + 'static,
    places: Places,
    gateways: impl Into<Gateways>,
) -> Outcome {
    let (service, socket) = build(places, gateways.into());
    transport::serve(service, socket, input, output).await
}

/// Serves one client over the process's stdin and stdout until it leaves. Once stdin has ended, the process is gone within two
/// seconds, by force if need be. Needs a multi-threaded runtime.
pub async fn serve_stdio(places: Places, gateways: impl Into<Gateways>) -> Outcome {
    let (service, socket) = build(places, gateways.into());
    transport::serve_stdio(service, socket).await
}

fn build(places: Places, gateways: Gateways) -> (LspService<Backend>, ClientSocket) {
    LspService::build(|client| Backend::new(client, places, gateways))
        .custom_method("window/workDoneProgress/cancel", Backend::work_done_progress_cancel)
        .custom_method("tierline/status", Backend::status)
        .custom_method("tierline/summary", Backend::summary)
        .finish()
}
