//! A batch: many jobs in one file, which a server works off within a day at a lower price. What was sent is noted in the state directory
//! before anything else happens, so that any later process can collect the answers.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{ModelError, Tier, files};

/// The most requests that one batch takes.
pub(crate) const MOST: usize = 50_000;
/// The longest file of answers that is read, in bytes.
pub(crate) const MAX_OUTPUT: usize = 512 << 20;
/// What divides the parts of the upload; no JSON line holds it.
pub(crate) const BOUNDARY: &str = "tierline-7d1f0c5e9b3a4826";

/// A batch that was sent and whose answers were not collected yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BatchTicket {
    /// The server's name for it.
    pub id: String,
    /// The tier that was asked.
    pub tier: Tier,
    /// The hash that names the workspace.
    pub workspace: String,
    /// The address that it was sent to; it is looked for nowhere else.
    pub(crate) address: String,
    /// The ledger's line of each job, by the job's key.
    pub(crate) lines: BTreeMap<String, i64>,
}

/// How far a batch is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BatchState {
    /// The server's word: `validating`, `in_progress`, `finalizing`, `completed`, `failed`, `expired`, `cancelled`, ... Anthropic's
    /// `ended` is `completed` here.
    pub status: String,
    /// How many requests there are.
    pub total: u64,
    /// How many are worked off.
    pub done: u64,
    pub(crate) output: Option<String>,
    pub(crate) errors: Option<String>,
}

impl BatchState {
    /// Whether nothing more will come.
    pub fn has_ended(&self) -> bool {
        matches!(self.status.as_str(), "completed" | "failed" | "expired" | "cancelled")
    }

    pub(crate) fn read(body: &Value) -> Result<BatchState, ModelError> {
        let text = |name: &str| body.get(name).and_then(Value::as_str).map(str::to_owned);
        let count = |name: &str| body.pointer(&format!("/request_counts/{name}")).and_then(Value::as_u64).unwrap_or(0);
        if let Some(status) = text("processing_status") {
            let ends = ["succeeded", "errored", "canceled", "expired"].map(count).iter().sum();
            let status = if status == "ended" { "completed".to_owned() } else { status };
            return Ok(BatchState { status, total: count("processing") + ends, done: ends, output: None, errors: None });
        }
        let status = text("status").ok_or_else(|| malformed("the server does not say how far the batch is"))?;
        Ok(BatchState {
            status,
            total: count("total"),
            done: count("completed") + count("failed"),
            output: text("output_file_id"),
            errors: text("error_file_id"),
        })
    }
}

impl BatchTicket {
    /// How many jobs were sent.
    pub fn jobs(&self) -> usize {
        self.lines.len()
    }

    /// The batch of a workspace that waits to be collected.
    pub(crate) fn load(state_dir: &Path, workspace: &str) -> Option<BatchTicket> {
        serde_json::from_slice(&std::fs::read(path(state_dir, workspace)).ok()?).ok()
    }

    pub(crate) fn keep(&self, state_dir: &Path) -> std::io::Result<()> {
        let path = path(state_dir, &self.workspace);
        path.parent().map_or(Ok(()), files::private_directory)?;
        let part = path.with_extension(format!("{:016x}", fastrand::u64(..)));
        let mut file = files::private_file(&part)?;
        file.write_all(&serde_json::to_vec(self)?)?;
        file.sync_all()?;
        std::fs::rename(&part, &path)
    }

    pub(crate) fn forget(&self, state_dir: &Path) -> std::io::Result<()> {
        std::fs::remove_file(path(state_dir, &self.workspace))
    }
}

fn path(state_dir: &Path, workspace: &str) -> PathBuf {
    state_dir.join("batches").join(format!("{}.json", blake3::hash(workspace.as_bytes()).to_hex()))
}

/// One request as a line of the file.
pub(crate) fn line(key: &str, path: &str, body: &Value) -> String {
    json!({"custom_id": key, "method": "POST", "url": format!("/v1{path}"), "body": body}).to_string()
}

/// One request as Anthropic takes it. The name of a job is 64 characters long, which is as long as it may be.
pub(crate) fn request(key: &str, body: &Value) -> String {
    json!({"custom_id": key, "params": body}).to_string()
}

/// The body of Anthropic's batch.
pub(crate) fn requests(lines: &[String]) -> Vec<u8> {
    format!("{{\"requests\":[{}]}}", lines.join(",")).into_bytes()
}

/// The file as it is uploaded.
pub(crate) fn upload(lines: &[String]) -> Vec<u8> {
    let head = format!(
        "--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"purpose\"\r\n\r\nbatch\r\n--{BOUNDARY}\r\ncontent-disposition: \
         form-data; name=\"file\"; filename=\"batch.jsonl\"\r\ncontent-type: application/jsonl\r\n\r\n"
    );
    format!("{head}{}\n\r\n--{BOUNDARY}--\r\n", lines.join("\n")).into_bytes()
}

/// What became of each request, by its key: the status and the body. A line that cannot be read is none.
pub(crate) fn outcomes(output: &[u8]) -> BTreeMap<String, (u16, Value)> {
    let read = |line: &[u8]| {
        let mut line: Value = serde_json::from_slice(line).ok()?;
        let key = line.get("custom_id")?.as_str()?.to_owned();
        if let Some(mut result) = line.get_mut("result").map(Value::take) {
            return Some((key, result_of(&mut result)));
        }
        let status = line.pointer("/response/status_code").and_then(Value::as_u64).and_then(|status| u16::try_from(status).ok());
        match line.pointer_mut("/response/body") {
            Some(body) => Some((key, (status.unwrap_or(500), body.take()))),
            None => Some((key, (status.unwrap_or(500), line))),
        }
    };
    output.split(|byte| *byte == b'\n').filter_map(read).collect()
}

/// One of Anthropic's results: what did not succeed is not billed.
fn result_of(result: &mut Value) -> (u16, Value) {
    let kind = result.get("type").and_then(Value::as_str).unwrap_or_default().to_owned();
    match kind.as_str() {
        "succeeded" => (200, result["message"].take()),
        "errored" if result.pointer("/error/error/type").and_then(Value::as_str) == Some("invalid_request_error") => {
            (400, result["error"].take())
        }
        "errored" => (500, result["error"].take()),
        other => (500, json!({"error": {"message": format!("the batch ended before it: {other}")}})),
    }
}

pub(crate) fn malformed(text: &str) -> ModelError {
    ModelError::Server { status: 200, message: text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_and_errors_are_told_apart_and_noise_is_passed_over() {
        let output = b"{\"custom_id\": \"a\", \"response\": {\"status_code\": 200, \"body\": {\"x\": 1}}}\n\nnoise\n\
            {\"custom_id\": \"b\", \"response\": {\"status_code\": 429, \"body\": {\"error\": {}}}}\n\
            {\"custom_id\": \"c\", \"response\": null, \"error\": {\"code\": \"batch_expired\"}}";
        let found = outcomes(output);
        assert_eq!(
            found.iter().map(|(key, (status, _))| (key.as_str(), *status)).collect::<Vec<_>>(),
            [("a", 200), ("b", 429), ("c", 500)]
        );
        assert_eq!(found["a"].1, json!({"x": 1}));
    }

    #[test]
    fn anthropics_results_are_read_and_what_did_not_succeed_is_an_error() {
        let output = br#"{"custom_id": "a", "result": {"type": "succeeded", "message": {"x": 1}}}
            {"custom_id": "b", "result": {"type": "errored", "error": {"error": {"type": "invalid_request_error", "message": "no"}}}}
            {"custom_id": "c", "result": {"type": "errored", "error": {"error": {"type": "api_error", "message": "oops"}}}}
            {"custom_id": "d", "result": {"type": "expired"}}"#;
        let found = outcomes(output);
        assert_eq!(found.values().map(|(status, _)| *status).collect::<Vec<_>>(), [200, 400, 500, 500]);
        assert_eq!(found["b"].1["error"]["message"], json!("no"));
        let counts = json!({"processing": 3, "succeeded": 4, "errored": 1, "canceled": 0, "expired": 2});
        let state = |status: &str| BatchState::read(&json!({"processing_status": status, "request_counts": counts})).unwrap();
        assert_eq!((state("in_progress").total, state("in_progress").done, state("in_progress").has_ended()), (10, 7, false));
        assert!(state("ended").has_ended());
    }

    #[test]
    fn a_ticket_outlives_its_process() {
        let folder = tempfile::tempdir().unwrap();
        let ticket = BatchTicket {
            id: "batch_1".into(),
            tier: Tier::Nano,
            workspace: "w".into(),
            address: "https://example.org/v1".into(),
            lines: [("k".to_owned(), 7)].into(),
        };
        ticket.keep(folder.path()).unwrap();
        assert_eq!(BatchTicket::load(folder.path(), "w"), Some(ticket.clone()));
        assert_eq!(BatchTicket::load(folder.path(), "another"), None);
        ticket.forget(folder.path()).unwrap();
        assert_eq!(BatchTicket::load(folder.path(), "w"), None);
    }
}
