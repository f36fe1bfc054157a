//! A whole session: who asked what, who answered, and whether the server kept to the protocol.

use std::collections::{HashMap, HashSet};

use lsp::client::Side;
use serde_json::{Map, Value};

use super::types::Direction;
use super::{MetaModel, Type, brief};

/// Follows the messages of both sides and collects what is wrong with those of the server. The client may say what it likes.
#[derive(Debug, Default)]
pub struct Conversation {
    own: Vec<String>,
    asked_by_client: HashMap<String, String>,
    asked_by_server: HashMap<String, String>,
    created_tokens: HashSet<String>,
    begun_tokens: HashSet<String>,
    ended_tokens: HashSet<String>,
    faults: Vec<String>,
}

impl Conversation {
    /// A conversation in which methods that begin with one of `own` are our own, beyond the meta-model.
    #[must_use]
    pub fn new(own: &[&str]) -> Self {
        Self { own: own.iter().map(|&prefix| prefix.to_owned()).collect(), ..Self::default() }
    }

    /// Takes the next message.
    pub fn observe(&mut self, from: Side, message: &Value) {
        match from {
            Side::Client => self.client_says(message),
            Side::Server => {
                if let Err(fault) = self.server_says(message) {
                    self.faults.push(format!("{fault}\n    in {}", brief(message)));
                }
            }
        }
    }

    /// What was wrong, and which requests of the client never got an answer.
    #[must_use]
    pub fn finish(mut self) -> Vec<String> {
        let mut unanswered: Vec<_> = self.asked_by_client.into_iter().collect();
        unanswered.sort();
        self.faults.extend(unanswered.into_iter().map(|(id, method)| format!("request {id} ({method}) was never answered")));
        self.faults
    }

    fn client_says(&mut self, message: &Value) {
        let id = message.get("id").map(Value::to_string);
        let method = message.get("method").and_then(Value::as_str);
        for name in ["workDoneToken", "partialResultToken"] {
            if let Some(token) = message.get("params").and_then(|params| params.get(name)) {
                self.created_tokens.insert(token.to_string());
            }
        }
        match (method, id) {
            (Some(method), Some(id)) => drop(self.asked_by_client.insert(id, method.to_owned())),
            (None, Some(id)) => drop(self.asked_by_server.remove(&id)),
            _ => {}
        }
    }

    fn server_says(&mut self, message: &Value) -> Result<(), String> {
        let object = message.as_object().ok_or("a message is no object")?;
        if object.get("jsonrpc") != Some(&Value::from("2.0")) {
            return Err("`jsonrpc` is not \"2.0\"".to_owned());
        }
        match object.get("method") {
            Some(Value::String(method)) => self.server_asks(method, object),
            Some(_) => Err("`method` is no string".to_owned()),
            None => self.server_answers(object),
        }
    }

    fn server_asks(&mut self, method: &str, message: &Map<String, Value>) -> Result<(), String> {
        only(message, &["jsonrpc", "id", "method", "params"])?;
        if let Some(id) = message.get("id") {
            if !(id.is_string() || id.is_i64()) {
                return Err(format!("`id` of {method} is {id}"));
            }
            if self.asked_by_server.insert(id.to_string(), method.to_owned()).is_some() {
                return Err(format!("the id {id} of {method} is in use"));
            }
        }
        let model = MetaModel::official();
        let known = match message.get("id") {
            Some(_) => model.request(method).map(|request| (request.message_direction, request.params.as_ref())),
            None => model.notification(method).map(|it| (it.message_direction, it.params.as_ref())),
        };
        let Some((direction, params)) = known else {
            let free = method.starts_with("$/") || self.own.iter().any(|prefix| method.starts_with(prefix));
            let what = if message.contains_key("id") { "request" } else { "notification" };
            return if free { Ok(()) } else { Err(format!("the protocol has no {what} {method}")) };
        };
        if direction == Direction::ClientToServer {
            return Err(format!("{method} is not for servers to send"));
        }
        check_params(method, params, message.get("params"))?;
        self.follow_progress(method, &message.get("params").cloned().unwrap_or_default())
    }

    fn server_answers(&mut self, message: &Map<String, Value>) -> Result<(), String> {
        only(message, &["jsonrpc", "id", "result", "error"])?;
        let id = message.get("id").ok_or("a message has neither `method` nor `id`")?;
        match (message.get("result"), message.get("error")) {
            (Some(_), Some(_)) => return Err("an answer has both `result` and `error`".to_owned()),
            (None, None) => return Err("an answer has neither `result` nor `error`".to_owned()),
            (None, Some(error)) => check_error(error)?,
            (Some(_), None) => {}
        }
        if id.is_null() {
            let refusal = message.contains_key("error");
            return if refusal { Ok(()) } else { Err("an answer without an id is no error".to_owned()) };
        }
        let method = self.asked_by_client.remove(&id.to_string()).ok_or_else(|| format!("nobody waits for an answer to {id}"))?;
        match (message.get("result"), MetaModel::official().request(&method)) {
            (Some(result), Some(request)) => {
                let checked = MetaModel::official().check(&request.result, result, "result");
                checked.map_err(|fault| format!("the answer to {method}: {fault}"))
            }
            _ => Ok(()),
        }
    }

    /// A token is made by the client or by `create`, begins once, reports in between, and ends once.
    fn follow_progress(&mut self, method: &str, params: &Value) -> Result<(), String> {
        let token = params["token"].to_string();
        if method == "window/workDoneProgress/create" {
            let fresh = self.created_tokens.insert(token.clone());
            return if fresh { Ok(()) } else { Err(format!("the token {token} is created twice")) };
        }
        let value = &params["value"];
        let Some(kind) = value["kind"].as_str().filter(|_| method == "$/progress") else { return Ok(()) };
        let (name, in_season) = match kind {
            "begin" => {
                let known = self.created_tokens.contains(&token);
                ("WorkDoneProgressBegin", known && self.begun_tokens.insert(token.clone()))
            }
            "report" => ("WorkDoneProgressReport", self.begun_tokens.contains(&token) && !self.ended_tokens.contains(&token)),
            "end" => ("WorkDoneProgressEnd", self.begun_tokens.contains(&token) && self.ended_tokens.insert(token.clone())),
            _ => return Ok(()),
        };
        let checked = MetaModel::official().check_named(name, value, "params.value");
        checked.map_err(|fault| format!("$/progress: {fault}"))?;
        if in_season { Ok(()) } else { Err(format!("`{kind}` of the progress {token} is out of season")) }
    }
}

fn check_params(method: &str, expected: Option<&Type>, params: Option<&Value>) -> Result<(), String> {
    match (expected, params) {
        (None, None) => Ok(()),
        (None, Some(_)) => Err(format!("{method} has no params")),
        (Some(_), None) => Err(format!("{method} lacks its params")),
        (Some(expected), Some(params)) => {
            let checked = MetaModel::official().check(expected, params, "params");
            checked.map_err(|fault| format!("{method}: {fault}"))
        }
    }
}

fn check_error(error: &Value) -> Result<(), String> {
    let object = error.as_object().ok_or("`error` is no object")?;
    only(object, &["code", "message", "data"])?;
    let whole = object.get("code").is_some_and(Value::is_i64) && object.get("message").is_some_and(Value::is_string);
    if whole { Ok(()) } else { Err("`error` needs a whole number `code` and a string `message`".to_owned()) }
}

fn only(message: &Map<String, Value>, known: &[&str]) -> Result<(), String> {
    let unknown = message.keys().find(|key| !known.contains(&key.as_str()));
    unknown.map_or(Ok(()), |key| Err(format!("the property `{key}` has no place in a message")))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn faults(messages: &[(Side, Value)]) -> Vec<String> {
        let mut conversation = Conversation::new(&["tierline/"]);
        for (from, message) in messages {
            conversation.observe(*from, message);
        }
        let first_lines = conversation.finish().into_iter();
        first_lines.map(|fault| fault.lines().next().unwrap_or_default().to_owned()).collect()
    }

    fn of_server(message: Value) -> Vec<String> {
        faults(&[(Side::Server, message)])
    }

    #[test]
    fn a_proper_session_has_no_faults() {
        let messages = [
            (Side::Client, json!({ "jsonrpc": "2.0", "id": 1, "method": "textDocument/hover", "params": {} })),
            (
                Side::Server,
                json!({ "jsonrpc": "2.0", "id": "p", "method": "window/workDoneProgress/create", "params": { "token": "t" } }),
            ),
            (Side::Client, json!({ "jsonrpc": "2.0", "id": "p", "result": null })),
            (
                Side::Server,
                json!({ "jsonrpc": "2.0", "method": "$/progress", "params": { "token": "t", "value": { "kind": "begin", "title": "x" } } }),
            ),
            (
                Side::Server,
                json!({ "jsonrpc": "2.0", "method": "$/progress", "params": { "token": "t", "value": { "kind": "end" } } }),
            ),
            (Side::Server, json!({ "jsonrpc": "2.0", "method": "tierline/anything", "params": { "at": "all" } })),
            (Side::Server, json!({ "jsonrpc": "2.0", "id": 1, "result": { "contents": { "kind": "plaintext", "value": "" } } })),
            (Side::Server, json!({ "jsonrpc": "2.0", "id": null, "error": { "code": -32700, "message": "no JSON" } })),
        ];
        assert_eq!(faults(&messages), [""; 0]);
    }

    #[test]
    fn what_the_server_must_not_say_is_caught() {
        let log = |params: Value| json!({ "jsonrpc": "2.0", "method": "window/logMessage", "params": params });
        for (message, fault) in [
            (log(json!({ "type": 3, "mesage": "x" })), "window/logMessage: params: `message` is missing (LogMessageParams)"),
            (log(json!({ "type": "3", "message": "x" })), "window/logMessage: params.type: \"3\" is no uinteger"),
            (json!({ "jsonrpc": "2.0", "method": "window/logMessage" }), "window/logMessage lacks its params"),
            (
                json!({ "jsonrpc": "2.0", "method": "textDocument/didOpen", "params": {} }),
                "textDocument/didOpen is not for servers to send",
            ),
            (
                json!({ "jsonrpc": "2.0", "id": 1, "method": "textDocument/hover", "params": {} }),
                "textDocument/hover is not for servers to send",
            ),
            (
                json!({ "jsonrpc": "2.0", "id": 1, "method": "window/logMessage", "params": {} }),
                "the protocol has no request window/logMessage",
            ),
            (json!({ "jsonrpc": "2.0", "method": "window/noSuch" }), "the protocol has no notification window/noSuch"),
            (
                json!({ "jsonrpc": "2.0", "id": 1, "method": "workspace/codeLens/refresh", "params": null }),
                "workspace/codeLens/refresh has no params",
            ),
            (json!({ "jsonrpc": "2.0", "id": 7, "result": null }), "nobody waits for an answer to 7"),
            (json!({ "jsonrpc": "2.0", "id": 7 }), "an answer has neither `result` nor `error`"),
            (
                json!({ "jsonrpc": "2.0", "id": 7, "error": { "code": 1.5, "message": "" } }),
                "`error` needs a whole number `code` and a string `message`",
            ),
            (json!({ "id": 7, "result": null }), "`jsonrpc` is not \"2.0\""),
            (json!({ "jsonrpc": "2.0", "id": 7, "result": null, "note": 1 }), "the property `note` has no place in a message"),
        ] {
            assert_eq!(of_server(message), [fault]);
        }
    }

    #[test]
    fn each_request_has_exactly_one_answer_of_its_type() {
        let asked = (Side::Client, json!({ "jsonrpc": "2.0", "id": 1, "method": "textDocument/hover", "params": {} }));
        let answer = |result: Value| (Side::Server, json!({ "jsonrpc": "2.0", "id": 1, "result": result }));
        assert_eq!(faults(std::slice::from_ref(&asked)), ["request 1 (textDocument/hover) was never answered"]);
        assert_eq!(faults(&[asked.clone(), answer(Value::Null), answer(Value::Null)]), ["nobody waits for an answer to 1"]);
        let misspelled = answer(json!({ "contents": "x", "rnage": {} }));
        assert_eq!(faults(&[asked, misspelled]), ["the answer to textDocument/hover: result.rnage: Hover has no such property"]);
    }

    #[test]
    fn progress_keeps_its_order() {
        let progress = |value: Value| {
            (Side::Server, json!({ "jsonrpc": "2.0", "method": "$/progress", "params": { "token": 1, "value": value } }))
        };
        let create = json!({ "jsonrpc": "2.0", "id": 0, "method": "window/workDoneProgress/create", "params": { "token": 1 } });
        let begin = progress(json!({ "kind": "begin", "title": "x" }));
        let end = progress(json!({ "kind": "end" }));
        assert_eq!(faults(std::slice::from_ref(&begin)), ["`begin` of the progress 1 is out of season"]);
        assert_eq!(faults(&[(Side::Server, create), begin, end.clone(), end]), ["`end` of the progress 1 is out of season"]);
    }
}
