//! `tierline/summary`: the hover of a plugin that can fill in what comes late. It takes what a hover takes and waits for the summary;
//! a client that gives up cancels the request, and with it the model's answer.

use std::sync::Arc;

use assist::summarise;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;
use tower_lsp::gen_lsp_types as proto;
use tower_lsp::jsonrpc::Result;

use super::hover::{Rendered, give_up, render};
use crate::handlers::brief;
use crate::session::Session;

/// What is asked for, and the token that shows the client how far it is.
#[derive(Deserialize)]
pub(crate) struct SummaryParams {
    #[serde(flatten)]
    place: proto::TextDocumentPositionParams,
    #[serde(rename = "workDoneToken")]
    token: Option<proto::ProgressToken>,
}

/// A job that ends, and is called off, when whoever waits for it goes.
struct Waiting {
    session: Arc<Session>,
    job: String,
    cancel: CancellationToken,
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.cancel.cancel();
        self.session.end_job(&self.job);
    }
}

pub(crate) async fn summary(session: &Arc<Session>, params: SummaryParams) -> Result<Value> {
    let Some(located) = session.locate(&params.place.text_document.uri) else { return Ok(Value::Null) };
    let position = params.place.position;
    let Some(bare) = brief(|| render(session, &located, position, false)).await else { return Ok(Value::Null) };
    if !bare.wants_summary {
        return Ok(answer(&bare, None));
    }
    let (job, cancel) = session.start_job();
    let waiting = Waiting { session: Arc::clone(session), job, cancel };
    let _progress = params.token.map(|token| session.outbox.progress("Summarising", false, Some(token)));
    match summarise(&located.snapshot, &bare.symbol, &waiting.cancel).await {
        Ok(_) => {
            let whole = brief(|| render(session, &located, position, false)).await;
            Ok(answer(whole.as_ref().unwrap_or(&bare), None))
        }
        Err(error) => {
            give_up(session, &bare.symbol, &error);
            let shown = brief(|| render(session, &located, position, true)).await;
            Ok(answer(shown.as_ref().unwrap_or(&bare), Some(error.to_string())))
        }
    }
}

fn answer(shown: &Rendered, note: Option<String>) -> Value {
    json!({
        "contents": shown.hover.contents,
        "range": shown.hover.range,
        "tier": shown.bill.source.as_str(),
        "cost_micro_usd": shown.bill.cost.micro_usd(),
        "cached": shown.bill.cached,
        "note": note.map(|note| assist::markdown::plain(&note)),
    })
}
