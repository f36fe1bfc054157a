//! Batches: requests go up, in a file (OpenAI) or in one body (Anthropic), and when the test says so the answers come down, each by the
//! rules of the server.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{ModelServer, SeenRequest, Shared};

/// What was uploaded, and what was made of it.
#[derive(Debug, Default)]
pub(super) struct Batches {
    /// Whether the server takes batches at all.
    taken: bool,
    finished: bool,
    files: BTreeMap<String, Vec<u8>>,
    /// The input file and, once it is worked off, the file of answers.
    batches: BTreeMap<String, (String, Option<String>)>,
}

impl ModelServer {
    /// Takes batches from now on.
    pub fn takes_batches(&self) {
        self.shared.state.lock().batches.taken = true;
    }

    /// Works off every batch, those that come later too.
    pub fn finish_batches(&self) {
        self.shared.state.lock().batches.finished = true;
    }
}

impl Shared {
    /// The reply to a request that is about files or batches.
    pub(super) fn batch(&self, request: &SeenRequest, raw: &[u8]) -> Option<(u16, Vec<u8>)> {
        let path = request.path.strip_prefix("/v1/")?;
        let words: Vec<&str> = path.split('/').collect();
        if !matches!(words.first(), Some(&"files" | &"batches")) && !words.starts_with(&["messages", "batches"]) {
            return None;
        }
        if !self.state.lock().batches.taken {
            return Some((404, br#"{"error": {"message": "no such path"}}"#.to_vec()));
        }
        let value = match (request.method.as_str(), words.as_slice()) {
            ("POST", ["files"]) => json!({"id": self.file(requests_in(raw)), "object": "file", "purpose": "batch"}),
            ("POST", ["batches"]) => {
                let mut state = self.state.lock();
                let id = format!("batch-{}", state.batches.batches.len() + 1);
                let file = request.body["input_file_id"].as_str().unwrap_or_default().to_owned();
                state.batches.batches.insert(id.clone(), (file, None));
                json!({"id": id, "object": "batch", "status": "validating"})
            }
            ("POST", ["messages", "batches"]) => {
                let file = self.file(lines_of(&request.body["requests"]));
                let mut state = self.state.lock();
                let id = format!("msgbatch-{}", state.batches.batches.len() + 1);
                state.batches.batches.insert(id.clone(), (file, None));
                json!({"id": id, "type": "message_batch", "processing_status": "in_progress"})
            }
            ("GET", ["messages", "batches", id]) => told_by_anthropic(&self.progress(id)?),
            ("GET", ["messages", "batches", id, "results"]) => {
                let output = self.state.lock().batches.batches.get(*id)?.1.clone()?;
                let answers = self.state.lock().batches.files.get(&output)?.clone();
                return Some((200, results(&answers)));
            }
            ("GET", ["batches", id]) => self.progress(id)?,
            ("GET", ["files", id, "content"]) => return Some((200, self.state.lock().batches.files.get(*id)?.clone())),
            _ => return None,
        };
        Some((200, value.to_string().into_bytes()))
    }

    fn file(&self, bytes: Vec<u8>) -> String {
        let mut state = self.state.lock();
        let id = format!("file-{}", state.batches.files.len() + 1);
        state.batches.files.insert(id.clone(), bytes);
        id
    }

    fn progress(&self, id: &str) -> Option<Value> {
        let (input, output, finished) = {
            let state = self.state.lock();
            let (input, output) = state.batches.batches.get(id)?.clone();
            (state.batches.files.get(&input)?.clone(), output, state.batches.finished)
        };
        let lines: Vec<Value> = input.split(|byte| *byte == b'\n').filter_map(|line| serde_json::from_slice(line).ok()).collect();
        if !finished {
            return Some(
                json!({"id": id, "status": "in_progress", "request_counts": {"total": lines.len(), "completed": 0, "failed": 0}}),
            );
        }
        let output = output.unwrap_or_else(|| {
            let answers: Vec<String> = lines.iter().map(|line| self.worked_off(line).to_string()).collect();
            let file = self.file(answers.join("\n").into_bytes());
            if let Some(batch) = self.state.lock().batches.batches.get_mut(id) {
                batch.1 = Some(file.clone());
            }
            file
        });
        let counts = json!({"total": lines.len(), "completed": lines.len(), "failed": 0});
        Some(json!({"id": id, "status": "completed", "output_file_id": output, "request_counts": counts}))
    }

    fn worked_off(&self, line: &Value) -> Value {
        let path = line["url"].as_str().unwrap_or_default().to_owned();
        let (method, body) = ("POST".to_owned(), line["body"].clone());
        let model = body["model"].as_str().unwrap_or_default().to_owned();
        let request = SeenRequest {
            method,
            path: path.clone(),
            headers: Vec::new(),
            body,
            matched: false,
            closed_by_client: false,
            billed: None,
        };
        let (_, reply) = self.take(request);
        self.sent(reply.reported());
        let rendered = reply.render(&path, &model, false);
        let body: Value = serde_json::from_slice(&rendered.body).unwrap_or_default();
        json!({"custom_id": line["custom_id"], "response": {"status_code": rendered.status, "body": body}, "error": null})
    }
}

/// Anthropic's requests as the lines of a file.
fn lines_of(requests: &Value) -> Vec<u8> {
    let line = |request: &Value| {
        json!({"custom_id": request["custom_id"], "method": "POST", "url": "/v1/messages", "body": request["params"]}).to_string()
    };
    requests.as_array().into_iter().flatten().map(line).collect::<Vec<_>>().join("\n").into_bytes()
}

fn told_by_anthropic(progress: &Value) -> Value {
    let has_ended = progress["status"] == "completed";
    let (total, done) = (&progress["request_counts"]["total"], &progress["request_counts"]["completed"]);
    let waiting = total.as_u64().unwrap_or(0) - done.as_u64().unwrap_or(0);
    json!({
        "id": progress["id"], "type": "message_batch", "processing_status": if has_ended { "ended" } else { "in_progress" },
        "request_counts": {"processing": waiting, "succeeded": done, "errored": 0, "canceled": 0, "expired": 0},
    })
}

/// A file of answers as Anthropic's results.
fn results(answers: &[u8]) -> Vec<u8> {
    let result = |line: &[u8]| {
        let line: Value = serde_json::from_slice(line).ok()?;
        let response = &line["response"];
        let result = if response["status_code"] == 200 {
            json!({"type": "succeeded", "message": response["body"]})
        } else {
            json!({"type": "errored", "error": response["body"]})
        };
        Some(json!({"custom_id": line["custom_id"], "result": result}).to_string())
    };
    answers.split(|byte| *byte == b'\n').filter_map(result).collect::<Vec<_>>().join("\n").into_bytes()
}

/// The lines of JSON in an upload.
fn requests_in(raw: &[u8]) -> Vec<u8> {
    let lines: Vec<&[u8]> = raw.split(|byte| *byte == b'\n').filter(|line| line.first() == Some(&b'{')).collect();
    lines.join(&b'\n')
}
