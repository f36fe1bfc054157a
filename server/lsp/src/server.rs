//! The server: backend and transport put together.

use std::io::{Read, Write};
use std::sync::Arc;

use assist::Places;
use models::Gateway;
use tower_lsp::LspService;

use crate::backend::Backend;
use crate::transport::{self, Outcome};

/// Serves one client until it leaves. Call it inside a tokio runtime.
pub async fn serve(
    input: impl Read + Send + 'static,
    output: impl Write + Send + 'static,
    places: Places,
    gateway: Option<Arc<Gateway>>,
) -> Outcome {
    let (service, socket) = LspService::build(|client| Backend::new(client, places, gateway))
        .custom_method("window/workDoneProgress/cancel", Backend::work_done_progress_cancel)
        .custom_method("tierline/status", Backend::status)
        .finish();
    transport::serve(service, socket, input, output).await
}
