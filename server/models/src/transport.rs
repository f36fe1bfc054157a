//! One HTTP request, and what became of it. Only here is a connection opened, and only here does a key leave its type.

use std::sync::OnceLock;
use std::time::Duration;

use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use reqwest::redirect::Policy;
use reqwest::{Client, ClientBuilder, Response};

use crate::{Endpoint, KeyHeader};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// Once a reply has begun, its bytes may not pause for longer; before it begins only the job's deadline counts.
const STALL_TIMEOUT: Duration = Duration::from_secs(60);
/// The longest reply that is read, in bytes.
const MAX_REPLY: usize = 8 << 20;
/// The longest error text that is read, in bytes.
const MAX_ERROR: usize = 64 << 10;

/// What a server sent.
#[derive(Debug)]
pub(crate) struct Raw {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

/// Why there is no complete reply.
#[derive(Debug)]
pub(crate) enum Broken {
    /// No connection came about: the server did no work.
    NotSent(String),
    /// The connection was closed before the first byte of a reply.
    Closed(String),
    /// The reply broke off.
    Cut(String),
    /// The reply paused for too long.
    Stalled,
    /// The reply is longer than any answer can be.
    TooLong,
}

/// The clients: one for other machines, which speaks only https, and one for this machine, which uses no proxy.
#[derive(Debug, Default)]
pub(crate) struct Transport {
    remote: OnceLock<Client>,
    loopback: OnceLock<Client>,
}

impl Transport {
    pub(crate) async fn post(&self, endpoint: &Endpoint, path: &str, body: Vec<u8>) -> Result<Raw, Broken> {
        let client = self.client(endpoint.loopback)?;
        let headers = headers(endpoint)?;
        let url = format!("{}{path}", endpoint.base_url);
        let response = client.post(url).headers(headers).body(body).send().await.map_err(|error| {
            let text = describe(&error);
            if error.is_connect() || error.is_builder() { Broken::NotSent(text) } else { Broken::Closed(text) }
        })?;
        let status = response.status();
        let headers = response.headers().clone();
        let body = read(response, if status.is_success() { Some(MAX_REPLY) } else { None }).await?;
        Ok(Raw { status: status.as_u16(), headers, body })
    }

    fn client(&self, loopback: bool) -> Result<Client, Broken> {
        let (cell, builder) =
            if loopback { (&self.loopback, builder().no_proxy()) } else { (&self.remote, builder().https_only(true)) };
        if let Some(client) = cell.get() {
            return Ok(client.clone());
        }
        let client = builder.build().map_err(|error| Broken::NotSent(describe(&error)))?;
        Ok(cell.get_or_init(|| client).clone())
    }
}

/// Redirects are not followed: one would carry the key and the text to a server that nobody named.
fn builder() -> ClientBuilder {
    Client::builder()
        .redirect(Policy::none())
        .connect_timeout(CONNECT_TIMEOUT)
        .pool_idle_timeout(Duration::from_secs(90))
        .user_agent(concat!("tierline/", env!("CARGO_PKG_VERSION")))
}

fn headers(endpoint: &Endpoint) -> Result<HeaderMap, Broken> {
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
    if let Some(key) = &endpoint.key {
        let (name, text) = match endpoint.key_header {
            KeyHeader::Bearer => (AUTHORIZATION, format!("Bearer {}", key.expose())),
            KeyHeader::ApiKey => (HeaderName::from_static("api-key"), key.expose().to_owned()),
        };
        let mut value = HeaderValue::from_str(&text)
            .map_err(|_| Broken::NotSent("the key holds characters that no header may hold".into()))?;
        value.set_sensitive(true);
        headers.insert(name, value);
    }
    Ok(headers)
}

/// Reads a body up to a limit. Beyond it a reply is an error, while an error text, which has no limit of its own, is cut.
async fn read(mut response: Response, limit: Option<usize>) -> Result<Vec<u8>, Broken> {
    let mut body = Vec::new();
    loop {
        let chunk = match tokio::time::timeout(STALL_TIMEOUT, response.chunk()).await {
            Err(_) => return Err(Broken::Stalled),
            Ok(Err(error)) if limit.is_some() => return Err(Broken::Cut(describe(&error))),
            Ok(Err(_)) | Ok(Ok(None)) => return Ok(body),
            Ok(Ok(Some(chunk))) => chunk,
        };
        body.extend_from_slice(&chunk);
        match limit {
            Some(limit) if body.len() > limit => return Err(Broken::TooLong),
            None if body.len() > MAX_ERROR => {
                body.truncate(MAX_ERROR);
                return Ok(body);
            }
            _ => {}
        }
    }
}

/// The error and its causes, without the address.
fn describe(error: &reqwest::Error) -> String {
    let mut causes = Vec::new();
    let mut cause = std::error::Error::source(error);
    while let Some(inner) = cause {
        causes.push(inner.to_string());
        cause = inner.source();
    }
    match causes.pop() {
        Some(last) => last,
        None if error.is_timeout() => "it took too long".into(),
        None => "the request failed".into(),
    }
}
