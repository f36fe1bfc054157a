//! Model servers that already run on this machine. They are looked for when the user sets Tierline up, and never used unasked: what is
//! found is offered, and only what stands in the user's configuration is spoken to afterwards.

use std::time::Duration;

use futures::future::join_all;
use serde::Deserialize;
use serde_json::Value;
use url::Url;

use crate::configuration::{Dialect, built_in_dialects, is_loopback};
use crate::transport::{Raw, Transport};
use crate::{Deadlines, Endpoint, Traffic, Wire};

/// A server on this machine answers at once or is not there.
const PATIENCE: Duration = Duration::from_millis(800);
/// The longest list of models that is read, in bytes.
const MAX_LIST: usize = 1 << 20;
/// So many models are told of one server, and so many characters of a name.
const MAX_MODELS: usize = 100;
const MAX_NAME: usize = 200;

/// A model server that runs on this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocalServer {
    /// The name of its built-in provider, as it stands in a configuration: `ollama`, `llama_cpp`, `lm_studio`, `vllm`, or `local` for one
    /// that does not say what it is.
    pub provider: String,
    /// The address up to and including `/v1`.
    pub base_url: String,
    /// The models that it lists, in its order, without those that only embed. The names are the server's: whoever shows them
    /// escapes them.
    pub models: Vec<String>,
}

/// Looks for model servers at the ports where they usually listen on this machine (Ollama 11434, llama.cpp 8080, LM Studio 1234,
/// vLLM 8000) and asks each for its models. Nothing leaves the machine, no key and no text is sent, and it takes a second at most.
pub async fn local_servers() -> Vec<LocalServer> {
    let dialects = built_in_dialects().into_iter().filter(|(_, dialect)| dialect.discovered);
    let addresses = dialects.filter_map(|(name, dialect)| Some((name, dialect.base_url.clone()?, dialect)));
    look(addresses.collect()).await
}

/// The model server at an address of this machine, up to and including `/v1`; `None` where none answers, or the address is of another
/// machine. Like [`local_servers`] it sends no key and no text.
pub async fn local_server_at(base_url: &str) -> Option<LocalServer> {
    let base_url = base_url.trim_end_matches('/');
    let is_here = Url::parse(base_url).is_ok_and(|url| url.scheme() == "http" && is_loopback(&url));
    let dialect = built_in_dialects().remove("local").filter(|_| is_here)?;
    look(vec![("local".to_owned(), base_url.to_owned(), dialect)]).await.pop()
}

/// The servers that answer at these addresses, in their order.
async fn look(addresses: Vec<(String, String, Dialect)>) -> Vec<LocalServer> {
    let transport = Transport::new(&Traffic::Live);
    let asked = addresses.into_iter().map(|(name, base_url, dialect)| {
        let transport = &transport;
        async move {
            let endpoint = Endpoint {
                base_url: base_url.clone(),
                wire: Wire::Chat,
                key: None,
                key_header: dialect.key_header,
                token_limit_field: dialect.token_limit_field,
                openai_fields: false,
                loopback: true,
                first_rung: dialect.first_rung,
                headers: dialect.headers,
            };
            let deadlines = Deadlines { connect: PATIENCE, ..Deadlines::default() };
            let asked = transport.get(&endpoint, deadlines, "/models", MAX_LIST);
            let raw = tokio::time::timeout(PATIENCE, asked).await.ok()?.ok()?;
            let (kind, models) = read(&raw)?;
            Some(LocalServer { provider: kind.map_or(name, str::to_owned), base_url, models })
        }
    });
    join_all(asked).await.into_iter().flatten().collect()
}

#[derive(Deserialize)]
struct Entry {
    id: String,
    #[serde(default)]
    owned_by: String,
}

/// What a server says of itself and its models; nothing where it is no model server, as many programs listen at such ports.
fn read(raw: &Raw) -> Option<(Option<&'static str>, Vec<String>)> {
    if raw.status != 200 {
        return None;
    }
    let mut body: Value = serde_json::from_slice(&raw.body).ok()?;
    let entries: Vec<Entry> = serde_json::from_value(body.get_mut("data")?.take()).ok()?;
    let kind = entries.iter().find_map(|entry| kind(&entry.owned_by));
    let fits = |entry: &Entry| {
        let name = entry.id.as_str();
        !name.is_empty() && name.chars().count() <= MAX_NAME && !name.chars().any(char::is_control) && !embeds(name)
    };
    Some((kind, entries.into_iter().filter(fits).take(MAX_MODELS).map(|entry| entry.id).collect()))
}

/// Some servers sign their lists, wherever they listen.
fn kind(owner: &str) -> Option<&'static str> {
    match owner {
        "library" => Some("ollama"),
        "llamacpp" => Some("llama_cpp"),
        "organization_owner" => Some("lm_studio"),
        "vllm" => Some("vllm"),
        _ => None,
    }
}

/// A model that makes vectors answers no question.
fn embeds(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.contains("embed") || name.contains("rerank")
}

#[cfg(test)]
mod tests {
    use testkit::ModelServer;

    use super::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn what_runs_is_found_and_what_is_no_model_server_is_not() {
        let server = ModelServer::start();
        server.lists(&[("qwen2.5-coder:7b", None), ("nomic-embed-text:latest", None), ("gpt-oss:20b", None)]);
        let page = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let page_address = format!("http://{}/v1", page.local_addr().unwrap());
        std::thread::spawn(move || {
            use std::io::{Read, Write};
            let (mut stream, _) = page.accept().unwrap();
            let mut request = [0; 1_024];
            let _ = stream.read(&mut request);
            stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 13\r\n\r\n<html></html>").unwrap();
        });
        let nobody = {
            let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
            format!("http://{}/v1", listener.local_addr().unwrap())
        };
        let dialect = |name: &str| built_in_dialects().remove(name).unwrap();
        let addresses = vec![
            ("vllm".to_owned(), page_address, dialect("vllm")),
            ("ollama".to_owned(), server.base_url(), dialect("ollama")),
            ("lm_studio".to_owned(), nobody, dialect("lm_studio")),
        ];
        let found = look(addresses).await;
        let models = vec!["qwen2.5-coder:7b".to_owned(), "gpt-oss:20b".to_owned()];
        assert_eq!(found, [LocalServer { provider: "ollama".into(), base_url: server.base_url(), models }]);
        let at = local_server_at(&format!("{}/", server.base_url())).await.unwrap();
        assert_eq!((at.provider.as_str(), &at.models), ("local", &found[0].models));
        assert_eq!(local_server_at("http://192.0.2.1/v1").await, None, "it is another machine");
        assert_eq!(server.requests(), [], "only the list is asked for");
    }

    #[test]
    fn a_server_that_signs_its_list_is_known_by_it() {
        let raw = |body: &str| Raw { status: 200, headers: Default::default(), body: body.into(), streamed: false };
        let signed = raw(r#"{"object": "list", "data": [{"id": "m.gguf", "owned_by": "llamacpp"}]}"#);
        assert_eq!(read(&signed), Some((Some("llama_cpp"), vec!["m.gguf".to_owned()])));
        assert_eq!(read(&raw(r#"{"data": []}"#)), Some((None, Vec::new())));
        assert_eq!(read(&raw(r#"{"data": [{"id": "a\u001b[31m"}]}"#)), Some((None, Vec::new())));
        assert_eq!(read(&raw("[]")), None);
    }

    #[test]
    fn the_ports_are_those_of_this_machine() {
        let found: Vec<_> =
            built_in_dialects().into_iter().filter(|(_, dialect)| dialect.discovered).filter_map(|(_, it)| it.base_url).collect();
        let port = |port: u16| format!("http://127.0.0.1:{port}/v1");
        assert_eq!(found, [port(8080), port(1234), port(11434), port(8000)]);
    }
}
