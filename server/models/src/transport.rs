//! One HTTP request, and what became of it. Only here is a connection opened, and only here does a key leave its type.

use std::time::{Duration, Instant};

use dashmap::DashMap;

use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use reqwest::redirect::Policy;
use reqwest::{Client, ClientBuilder, Response};

use crate::stream::{Heard, Hearing};
use crate::traffic::{Recorded, Tap, Traffic};
use crate::{Deadlines, Endpoint, KeyHeader};

/// The longest reply that is read, in bytes.
const MAX_REPLY: usize = 8 << 20;
/// The longest error text that is read, in bytes.
const MAX_ERROR: usize = 64 << 10;

/// After the terminal event of a stream its end is awaited for so long, in the background, so that the connection can be used again.
const FAREWELL: Duration = Duration::from_secs(1);

/// What a server sent. It is all that a recording has to hold.
#[derive(Debug)]
pub(crate) struct Raw {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
    /// Whether the body is a stream of events, which the hearing has read.
    pub(crate) streamed: bool,
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
    /// The answer did not begin in time.
    Silent(Duration),
    /// The reply paused for too long.
    Stalled(Duration),
    /// The reply is longer than any answer can be.
    TooLong,
    /// The exchange is to be replayed, and was never recorded.
    Unrecorded(String),
}

impl Broken {
    /// What happened, in a sentence without its full stop.
    pub(crate) fn told(self) -> String {
        match self {
            Broken::NotSent(text) | Broken::Closed(text) | Broken::Cut(text) | Broken::Unrecorded(text) => text,
            Broken::Silent(waited) | Broken::Stalled(waited) => format!("nothing came for {} ms", waited.as_millis()),
            Broken::TooLong => "the reply is longer than 8 MiB".to_owned(),
        }
    }
}

/// The clients: one for other machines, which speaks only https, and one for this machine, which uses no proxy; each with the time
/// that a connection may take.
#[derive(Debug)]
pub(crate) struct Transport {
    clients: DashMap<(bool, Duration), Client>,
    tap: Tap,
}

impl Transport {
    pub(crate) fn new(traffic: &Traffic) -> Transport {
        Transport { clients: DashMap::new(), tap: Tap::new(traffic) }
    }

    /// Sends one request and reads its reply to the end. A stream of events is read by the hearing as it comes.
    pub(crate) async fn post(
        &self,
        endpoint: &Endpoint,
        deadlines: Deadlines,
        path: &str,
        body: Vec<u8>,
        hearing: &mut Hearing,
    ) -> Result<Raw, Broken> {
        if let Some(replayed) = self.tap.replayed(path, &body) {
            let Recorded { status, headers, body } = replayed.map_err(Broken::Unrecorded)?;
            let streamed = (200..300).contains(&status) && is_stream(&headers, &body);
            if streamed {
                hearing.hear(&body);
            }
            return Ok(Raw { status, headers, body, streamed });
        }
        let asked = if self.tap.records() { body.clone() } else { Vec::new() };
        let raw = self.send(endpoint, deadlines, path, body, hearing).await?;
        if self.tap.records() {
            let reply = Recorded { status: raw.status, headers: raw.headers.clone(), body: raw.body.clone() };
            self.tap.record(endpoint, path, &asked, &reply);
        }
        Ok(raw)
    }

    /// Asks for something that is neither streamed nor recorded.
    pub(crate) async fn get(&self, endpoint: &Endpoint, deadlines: Deadlines, path: &str, most: usize) -> Result<Raw, Broken> {
        let url = format!("{}{path}", endpoint.base_url);
        let request = self.client(endpoint.loopback, deadlines.connect)?.get(url).headers(headers(endpoint)?);
        let response = request.send().await.map_err(|error| Broken::NotSent(describe(&error)))?;
        let (status, headers) = (response.status(), response.headers().clone());
        let body = read(response, deadlines.stall, status.is_success().then_some(most)).await?;
        Ok(Raw { status: status.as_u16(), headers, body, streamed: false })
    }

    /// Sends something that is not recorded.
    pub(crate) async fn put(
        &self,
        endpoint: &Endpoint,
        deadlines: Deadlines,
        path: &str,
        kind: &str,
        body: Vec<u8>,
    ) -> Result<Raw, Broken> {
        let url = format!("{}{path}", endpoint.base_url);
        let mut headers = headers(endpoint)?;
        headers.insert(CONTENT_TYPE, HeaderValue::from_str(kind).map_err(|error| Broken::NotSent(error.to_string()))?);
        let request = self.client(endpoint.loopback, deadlines.connect)?.post(url).headers(headers).body(body);
        let response = request.send().await.map_err(|error| {
            let text = describe(&error);
            if error.is_connect() || error.is_builder() { Broken::NotSent(text) } else { Broken::Closed(text) }
        })?;
        let (status, headers) = (response.status(), response.headers().clone());
        let body = read(response, deadlines.stall, status.is_success().then_some(MAX_REPLY)).await?;
        Ok(Raw { status: status.as_u16(), headers, body, streamed: false })
    }

    async fn send(
        &self,
        endpoint: &Endpoint,
        deadlines: Deadlines,
        path: &str,
        body: Vec<u8>,
        hearing: &mut Hearing,
    ) -> Result<Raw, Broken> {
        let client = self.client(endpoint.loopback, deadlines.connect)?;
        let headers = headers(endpoint)?;
        let url = format!("{}{path}", endpoint.base_url);
        let sent = Instant::now();
        let response = client.post(url).headers(headers).body(body).send().await.map_err(|error| {
            let text = describe(&error);
            if error.is_connect() || error.is_builder() { Broken::NotSent(text) } else { Broken::Closed(text) }
        })?;
        let status = response.status();
        let headers = response.headers().clone();
        let streamed = status.is_success() && is_stream(&headers, b"");
        let body = if streamed {
            hear(response, sent + deadlines.first_token, deadlines, hearing).await?
        } else {
            read(response, deadlines.stall, if status.is_success() { Some(MAX_REPLY) } else { None }).await?
        };
        // Some servers give a stream no name of its own.
        let unnamed = !streamed && status.is_success() && is_stream(&headers, &body);
        if unnamed {
            hearing.hear(&body);
        }
        Ok(Raw { status: status.as_u16(), headers, body, streamed: streamed || unnamed })
    }

    fn client(&self, loopback: bool, connect: Duration) -> Result<Client, Broken> {
        if let Some(client) = self.clients.get(&(loopback, connect)) {
            return Ok(client.clone());
        }
        let builder = builder().connect_timeout(connect);
        let builder = if loopback { builder.no_proxy() } else { builder.https_only(true) };
        let client = builder.build().map_err(|error| Broken::NotSent(describe(&error)))?;
        Ok(self.clients.entry((loopback, connect)).or_insert(client).clone())
    }
}

/// Whether a body is a stream of events, by its header or, in spite of it, by how it begins.
fn is_stream(headers: &HeaderMap, body: &[u8]) -> bool {
    let named = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let starts = |word: &str| body.trim_ascii_start().starts_with(word.as_bytes());
    named.is_some_and(|name| name.to_ascii_lowercase().starts_with("text/event-stream")) || starts("data:") || starts("event:")
}

/// Redirects are not followed: one would carry the key and the text to a server that nobody named.
fn builder() -> ClientBuilder {
    Client::builder()
        .redirect(Policy::none())
        .pool_idle_timeout(Duration::from_secs(90))
        .user_agent(concat!("tierline/", env!("CARGO_PKG_VERSION")))
}

fn headers(endpoint: &Endpoint) -> Result<HeaderMap, Broken> {
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(ACCEPT, HeaderValue::from_static("text/event-stream, application/json"));
    for (name, text) in &endpoint.headers {
        let unfit = |_: String| Broken::NotSent(format!("the header {name} holds characters that no header may hold"));
        let name = HeaderName::from_bytes(name.as_bytes()).map_err(|error| unfit(error.to_string()))?;
        headers.insert(name, HeaderValue::from_str(text).map_err(|error| unfit(error.to_string()))?);
    }
    if let Some(key) = &endpoint.key {
        let (name, text) = match endpoint.key_header {
            KeyHeader::Bearer => (AUTHORIZATION, format!("Bearer {}", key.expose())),
            KeyHeader::ApiKey => (HeaderName::from_static("api-key"), key.expose().to_owned()),
            KeyHeader::XApiKey => (HeaderName::from_static("x-api-key"), key.expose().to_owned()),
        };
        let mut value = HeaderValue::from_str(&text)
            .map_err(|_| Broken::NotSent("the key holds characters that no header may hold".into()))?;
        value.set_sensitive(true);
        headers.insert(name, value);
    }
    Ok(headers)
}

/// Reads a stream of events until its terminal one.
async fn hear(mut response: Response, first: Instant, deadlines: Deadlines, hearing: &mut Hearing) -> Result<Vec<u8>, Broken> {
    let (mut body, mut heard) = (Vec::new(), Heard::Waiting);
    loop {
        let until = if heard == Heard::Waiting { first } else { Instant::now() + deadlines.stall };
        let chunk = match tokio::time::timeout_at(until.into(), response.chunk()).await {
            Err(_) if heard == Heard::Waiting => return Err(Broken::Silent(deadlines.first_token)),
            Err(_) => return Err(Broken::Stalled(deadlines.stall)),
            Ok(Err(error)) => return Err(Broken::Cut(describe(&error))),
            Ok(Ok(None)) => return Ok(body),
            Ok(Ok(Some(chunk))) => chunk,
        };
        body.extend_from_slice(&chunk);
        heard = hearing.hear(&chunk);
        match heard {
            Heard::Ended => {
                tokio::spawn(tokio::time::timeout(FAREWELL, async move { while let Ok(Some(_)) = response.chunk().await {} }));
                return Ok(body);
            }
            Heard::Broken => return Ok(body),
            Heard::Waiting | Heard::Begun if body.len() > MAX_REPLY => return Err(Broken::TooLong),
            Heard::Waiting | Heard::Begun => {}
        }
    }
}

/// Reads a body up to a limit. Beyond it a reply is an error, while an error text, which has no limit of its own, is cut.
async fn read(mut response: Response, stall: Duration, limit: Option<usize>) -> Result<Vec<u8>, Broken> {
    let mut body = Vec::new();
    loop {
        let chunk = match tokio::time::timeout(stall, response.chunk()).await {
            Err(_) => return Err(Broken::Stalled(stall)),
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
