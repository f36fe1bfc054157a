//! Just enough HTTP/1.1 to be a model server, and to misbehave like one: connections that stay open, bodies with a length.

use std::io::{self, BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

use serde_json::Value;

use super::reply::{Fault, Rendered};
use super::{Reply, SeenRequest, Shared};

/// No request of a test is longer, in bytes.
const MAX_REQUEST: usize = 64 << 20;
/// A piece of a stream that has no end: a comment, which any client passes over.
const ENDLESS: &[u8; 0x400] = &{
    let mut piece = [b' '; 0x400];
    piece[0] = b':';
    piece[0x3ff] = b'\n';
    piece
};

/// Serves one connection until either side ends it.
pub(super) fn serve(stream: &TcpStream, shared: &Shared) {
    drop(stream.set_nodelay(true));
    let mut reader = BufReader::new(stream);
    while let Ok(Some((request, raw))) = read(&mut reader) {
        if matches!(answer(stream, shared, request, &raw), Ok(true)) && !shared.stopped() {
            continue;
        }
        break;
    }
    drop(stream.shutdown(Shutdown::Both));
}

/// Reads a request; nothing when the client has ended the connection in between.
fn read(reader: &mut BufReader<&TcpStream>) -> io::Result<Option<(SeenRequest, Vec<u8>)>> {
    let mut line = String::new();
    if reader.read_line(&mut line)? == 0 {
        return Ok(None);
    }
    let mut words = line.split_whitespace().map(str::to_owned);
    let (method, path) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        headers.push((name.to_lowercase(), value.trim().to_owned()));
    }
    let length = headers.iter().find(|(name, _)| name == "content-length").and_then(|(_, value)| value.parse().ok()).unwrap_or(0);
    if length > MAX_REQUEST {
        return Err(ErrorKind::InvalidData.into());
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    let raw = body;
    let body = serde_json::from_slice(&raw).unwrap_or_default();
    Ok(Some((SeenRequest { method, path, headers, body, matched: false, closed_by_client: false, billed: None }, raw)))
}

/// Answers a request and says whether the connection stays open.
fn answer(mut stream: &TcpStream, shared: &Shared, request: SeenRequest, raw: &[u8]) -> io::Result<bool> {
    if let Some((status, body)) = shared.batch(&request, raw) {
        write_head(stream, status, "application/json", &[], Some(body.len()))?;
        return stream.write_all(&body).map(|()| true);
    }
    if request.method == "GET" && request.path.ends_with("/models") {
        let body = shared.models().to_string();
        write_head(stream, 200, "application/json", &[], Some(body.len()))?;
        return stream.write_all(body.as_bytes()).map(|()| true);
    }
    let path = request.path.clone();
    let model = request.body.get("model").and_then(Value::as_str).unwrap_or_default().to_owned();
    let streams = request.body.get("stream") == Some(&Value::Bool(true));
    let (number, reply) = shared.take(request);
    let sent = send(stream, shared, &reply, reply.render(&path, &model, streams), streams);
    match &sent {
        Ok(Sent::All) => return Ok(reply.fault != Some(Fault::CloseAfter)),
        Ok(Sent::ClientLeft) | Err(_) => shared.client_closed(number),
        Ok(Sent::AsMuchAsTheFaultAllows) => {}
    }
    Ok(false)
}

enum Sent {
    All,
    AsMuchAsTheFaultAllows,
    ClientLeft,
}

fn send(mut stream: &TcpStream, shared: &Shared, reply: &Reply, rendered: Rendered, streams: bool) -> io::Result<Sent> {
    let Rendered { status, streamed, first, body } = rendered;
    let half = if reply.fault == Some(Fault::StallBeforeText) { first } else { body.len() / 2 };
    let kind =
        if streamed || (streams && reply.fault == Some(Fault::Endless)) { "text/event-stream" } else { "application/json" };
    match reply.fault {
        Some(Fault::CloseAtOnce) => return Ok(Sent::AsMuchAsTheFaultAllows),
        Some(Fault::Stall) if !hold(stream, shared)? => return Ok(Sent::ClientLeft),
        Some(Fault::Endless) => {
            write_head(stream, status, kind, reply.headers(), None)?;
            while !shared.stopped() {
                stream.write_all(b"400\r\n")?;
                stream.write_all(&if streams { *ENDLESS } else { [b' '; 0x400] })?;
                stream.write_all(b"\r\n")?;
            }
            return Ok(Sent::AsMuchAsTheFaultAllows);
        }
        Some(Fault::Cut) => {
            write_head(stream, status, kind, reply.headers(), Some(body.len()))?;
            stream.write_all(&body[..half])?;
            return Ok(Sent::AsMuchAsTheFaultAllows);
        }
        _ => {}
    }
    // Counted before the last byte, so that a client that has the reply finds it counted.
    let whole = !matches!(reply.fault, Some(Fault::EndEarly | Fault::Garble));
    shared.sent(reply.reported().filter(|_| whole || !streamed));
    write_head(stream, status, kind, reply.headers(), Some(body.len()))?;
    stream.write_all(&body[..half])?;
    if matches!(reply.fault, Some(Fault::StallInTheMiddle | Fault::StallBeforeText)) && !hold(stream, shared)? {
        return Ok(Sent::ClientLeft);
    }
    stream.write_all(&body[half..])?;
    Ok(Sent::All)
}

/// Waits until the server is released, and says so; or until the client goes away.
fn hold(stream: &TcpStream, shared: &Shared) -> io::Result<bool> {
    stream.set_read_timeout(Some(Duration::from_millis(5)))?;
    let released = loop {
        if shared.released_after_a_moment() {
            break true;
        }
        match stream.peek(&mut [0]) {
            Ok(0) => break false,
            Ok(_) => {}
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut | ErrorKind::Interrupted) => {}
            Err(_) => break false,
        }
    };
    stream.set_read_timeout(None)?;
    Ok(released)
}

fn write_head(
    mut stream: &TcpStream,
    status: u16,
    kind: &str,
    headers: &[(String, String)],
    length: Option<usize>,
) -> io::Result<()> {
    let mut head = format!("HTTP/1.1 {status} Scripted\r\ncontent-type: {kind}\r\n");
    match length {
        Some(length) => head.push_str(&format!("content-length: {length}\r\n")),
        None => head.push_str("transfer-encoding: chunked\r\n"),
    }
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str("\r\n");
    stream.write_all(head.as_bytes())
}
