//! Frames of the base protocol: header lines, an empty line, a body of `Content-Length` bytes.
//!
//! Shared by the transport and the client. It knows nothing of JSON: a frame is bytes. A stream whose headers cannot be
//! trusted cannot be resynchronised, so every [`FrameError`] is final; what stands *in* a body is somebody else's to judge.

use std::io::{self, BufRead, BufReader, Read, Write};

/// The most bytes that the headers of one frame may take.
pub const MAX_HEADER_BYTES: usize = 8 * 1024;
/// The most bytes that the body of one frame may take.
pub const MAX_BODY_BYTES: u64 = 64 * 1024 * 1024;

/// Why a stream of frames cannot be read on.
#[derive(Debug, thiserror::Error)]
pub enum FrameError {
    /// The headers do not end.
    #[error("the headers of a message are longer than {MAX_HEADER_BYTES} bytes")]
    HeadersTooLong,
    /// A header line is not `Name: value` in ASCII.
    #[error("`{0}` is no header line of the language server protocol (expected `Content-Length: <bytes>`)")]
    NotAHeader(String),
    /// The headers end without saying how long the body is.
    #[error("the headers of a message have no Content-Length")]
    NoLength,
    /// The length is no number, or two lengths contradict each other.
    #[error("`{0}` is no usable Content-Length")]
    BadLength(String),
    /// The length is beyond reason.
    #[error("a message announces {0} bytes; at most {MAX_BODY_BYTES} are read")]
    BodyTooLong(u64),
    /// The stream ends in the middle of a frame.
    #[error("the stream ends in the middle of a message")]
    Truncated,
    /// The stream itself fails.
    #[error("the stream cannot be read: {0}")]
    Io(#[from] io::Error),
}

/// Reads frames off a stream.
#[derive(Debug)]
pub struct FrameReader<R> {
    stream: BufReader<R>,
}

impl<R: Read> FrameReader<R> {
    /// A reader of the frames in `stream`.
    pub fn new(stream: R) -> Self {
        Self { stream: BufReader::with_capacity(64 * 1024, stream) }
    }

    /// The body of the next frame; `None` where the stream ends between two frames.
    ///
    /// # Errors
    /// Fails where the headers are not those of the protocol, the body is too long, or the stream ends or fails midway.
    pub fn read(&mut self) -> Result<Option<Vec<u8>>, FrameError> {
        let Some(length) = self.read_headers()? else { return Ok(None) };
        let mut body = Vec::new();
        (&mut self.stream).take(length).read_to_end(&mut body)?;
        if (body.len() as u64) < length { Err(FrameError::Truncated) } else { Ok(Some(body)) }
    }

    fn read_headers(&mut self) -> Result<Option<u64>, FrameError> {
        let mut left = MAX_HEADER_BYTES;
        let mut length = None;
        loop {
            let mut line = Vec::new();
            (&mut self.stream).take(left as u64).read_until(b'\n', &mut line)?;
            if line.is_empty() && left == MAX_HEADER_BYTES {
                return Ok(None);
            }
            if line.last() != Some(&b'\n') {
                return Err(if line.len() == left { FrameError::HeadersTooLong } else { FrameError::Truncated });
            }
            left -= line.len();
            let line = line.trim_ascii_end();
            if line.is_empty() {
                return length.map(Some).ok_or(FrameError::NoLength);
            }
            if let Some(found) = content_length(line)?
                && length.replace(found).is_some_and(|earlier| earlier != found)
            {
                return Err(FrameError::BadLength(found.to_string()));
            }
            if left == 0 {
                return Err(FrameError::HeadersTooLong);
            }
        }
    }
}

/// The length that a header line announces; `None` for any other header, which is allowed and ignored.
fn content_length(line: &[u8]) -> Result<Option<u64>, FrameError> {
    let not_a_header = || FrameError::NotAHeader(excerpt(line));
    let text = std::str::from_utf8(line).ok().filter(|text| text.is_ascii()).ok_or_else(not_a_header)?;
    let (name, value) = text.split_once(':').ok_or_else(not_a_header)?;
    if !name.trim().eq_ignore_ascii_case("content-length") {
        return Ok(None);
    }
    let value = value.trim();
    if value.is_empty() || !value.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(FrameError::BadLength(excerpt(value.as_bytes())));
    }
    match value.parse() {
        Ok(length) if length <= MAX_BODY_BYTES => Ok(Some(length)),
        Ok(length) => Err(FrameError::BodyTooLong(length)),
        Err(_) => Err(FrameError::BadLength(excerpt(value.as_bytes()))),
    }
}

fn excerpt(bytes: &[u8]) -> String {
    let shown = &bytes[..bytes.len().min(60)];
    let dots = if shown.len() < bytes.len() { "…" } else { "" };
    format!("{}{dots}", String::from_utf8_lossy(shown).escape_debug())
}

/// Writes `body` as one frame, without flushing.
///
/// # Errors
/// Fails where the stream does.
pub fn write(stream: &mut impl Write, body: &[u8]) -> io::Result<()> {
    write!(stream, "Content-Length: {}\r\n\r\n", body.len())?;
    stream.write_all(body)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frames(bytes: &[u8]) -> (Vec<String>, Option<FrameError>) {
        let mut reader = FrameReader::new(bytes);
        let mut bodies = Vec::new();
        loop {
            match reader.read() {
                Ok(Some(body)) => bodies.push(String::from_utf8(body).unwrap()),
                Ok(None) => return (bodies, None),
                Err(error) => return (bodies, Some(error)),
            }
        }
    }

    #[test]
    fn what_is_written_is_read_back() {
        let mut bytes = Vec::new();
        for body in ["{}", "", "{\"ä\":1}"] {
            write(&mut bytes, body.as_bytes()).unwrap();
        }
        let (bodies, error) = frames(&bytes);
        assert_eq!(bodies, ["{}", "", "{\"ä\":1}"]);
        assert!(error.is_none());
    }

    #[test]
    fn header_names_ignore_case_and_other_headers_are_skipped() {
        let (bodies, error) = frames(
            b"content-LENGTH:2\r\nContent-Type: application/vscode-jsonrpc; charset=utf-8\r\nX-A: 1\r\nX-B: 2\r\n\r\n{}\
              Content-Length: 4\n\nnull",
        );
        assert_eq!(bodies, ["{}", "null"]);
        assert!(error.is_none());
    }

    #[test]
    fn a_frame_that_cannot_be_trusted_ends_the_stream_with_a_sentence() {
        let endless = "a: b\r\n".repeat(2000);
        for (bytes, sentence) in [
            ("Content-Type: x\r\n\r\n{}", "the headers of a message have no Content-Length"),
            ("\r\n\r\n", "the headers of a message have no Content-Length"),
            ("Content-Length: 99999999999999\r\n\r\n", "a message announces 99999999999999 bytes; at most 67108864 are read"),
            ("Content-Length: -1\r\n\r\n", "`-1` is no usable Content-Length"),
            ("Content-Length: 2\r\nContent-Length: 3\r\n\r\n{} ", "`3` is no usable Content-Length"),
            ("Content-Length: 5\r\n\r\n{}", "the stream ends in the middle of a message"),
            ("Content-Le", "the stream ends in the middle of a message"),
            ("help\n", "`help` is no header line of the language server protocol (expected `Content-Length: <bytes>`)"),
            (&endless, "the headers of a message are longer than 8192 bytes"),
        ] {
            let (bodies, error) = frames(bytes.as_bytes());
            assert_eq!(bodies, [""; 0]);
            assert_eq!(error.map(|error| error.to_string()).as_deref(), Some(sentence));
        }
    }
}
