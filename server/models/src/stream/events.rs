//! Server-sent events: from bytes, split anywhere, to the data of each event. The kept crates that read such streams hold a line of any
//! length, and a server may send one without an end; here a line and an event are bounded.

/// The longest event, in bytes. A terminal event of the Responses API holds the whole reply once more.
pub(super) const MAX_EVENT: usize = 4 << 20;

/// An event has no end within the limit.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct TooLong;

/// The reader of one stream.
#[derive(Debug)]
pub(super) struct Events {
    /// The longest event that is read, in bytes.
    longest: usize,
    line: Vec<u8>,
    data: Vec<u8>,
    /// Whether the event that is being read has a `data` line.
    filled: bool,
    /// Whether the last byte was a carriage return, so that a line feed ends nothing more.
    returned: bool,
    begun: bool,
}

impl Events {
    /// Reads events of at most so many bytes.
    pub(super) fn within(longest: usize) -> Self {
        Events { longest, line: Vec::new(), data: Vec::new(), filled: false, returned: false, begun: false }
    }

    /// Reads on, and hands over the data of each event that is complete. Comments, names, ids and retry times are passed over.
    pub(super) fn feed(&mut self, bytes: &[u8], each: &mut dyn FnMut(&[u8])) -> Result<(), TooLong> {
        let mut rest = bytes;
        while !rest.is_empty() {
            if std::mem::take(&mut self.returned) && rest[0] == b'\n' {
                rest = &rest[1..];
                continue;
            }
            let Some(end) = rest.iter().position(|byte| matches!(byte, b'\n' | b'\r')) else {
                return self.take(rest);
            };
            self.take(&rest[..end])?;
            self.returned = rest[end] == b'\r';
            rest = &rest[end + 1..];
            self.end_of_line(each);
        }
        Ok(())
    }

    /// Takes in a part of a line. What is too long is so wherever the bytes were split.
    fn take(&mut self, part: &[u8]) -> Result<(), TooLong> {
        if self.line.len() + part.len() + self.data.len() > self.longest {
            return Err(TooLong);
        }
        self.line.extend_from_slice(part);
        Ok(())
    }

    fn end_of_line(&mut self, each: &mut dyn FnMut(&[u8])) {
        let mut line = self.line.as_slice();
        if !std::mem::replace(&mut self.begun, true) {
            line = line.strip_prefix("\u{feff}".as_bytes()).unwrap_or(line);
        }
        if line.is_empty() {
            if std::mem::take(&mut self.filled) {
                each(&self.data);
                self.data.clear();
            }
        } else if let Some(value) = line.strip_prefix(b"data") {
            // `database: x` is another field; `data` alone is an empty line of data.
            if let Some(value) = value.strip_prefix(b":").or_else(|| value.is_empty().then_some(value)) {
                if std::mem::replace(&mut self.filled, true) {
                    self.data.push(b'\n');
                }
                self.data.extend_from_slice(value.strip_prefix(b" ").unwrap_or(value));
            }
        }
        self.line.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(chunks: &[&str]) -> Vec<String> {
        let (mut events, mut found) = (Events::within(MAX_EVENT), Vec::new());
        for chunk in chunks {
            events.feed(chunk.as_bytes(), &mut |data| found.push(String::from_utf8_lossy(data).into_owned())).unwrap();
        }
        found
    }

    #[test]
    fn lines_end_in_every_way_and_data_lines_are_joined() {
        assert_eq!(read(&["\u{feff}data: a\r\rdata:b\n\ndata:  c\r\ndata\r\n\r\n"]), ["a", "b", " c\n"]);
        assert_eq!(read(&["data: a\r", "\ndata: b\r\n", "\r", "\n"]), ["a\nb"]);
    }

    #[test]
    fn comments_and_other_fields_are_passed_over() {
        assert_eq!(read(&[": x\n\nevent: message\nid: 1\nretry: 5\ndatabase: 1\n\ndata: a\n\ndata: not ended"]), ["a"]);
    }

    #[test]
    fn a_line_without_an_end_is_refused() {
        let mut events = Events::within(MAX_EVENT);
        let chunk = vec![b'x'; 1 << 20];
        let fed = (0..8).map(|_| events.feed(&chunk, &mut |_| ())).collect::<Vec<_>>();
        assert!(fed[..4].iter().all(Result::is_ok) && fed[4..].iter().all(Result::is_err));
        assert!(read(&[&"data: x\n".repeat(100_000)]).is_empty());
    }

    #[test]
    fn what_is_too_long_is_so_in_every_split() {
        for (text, is_fine) in [("data: 1234567\n\n", true), ("data: 12345678\n\n", false), ("data: 123\ndata: 45\n\n", true)] {
            for width in 1..=text.len() {
                let mut events = Events::within(13);
                let fine = text.as_bytes().chunks(width).all(|chunk| events.feed(chunk, &mut |_| ()).is_ok());
                assert_eq!(fine, is_fine, "{text:?} in pieces of {width}");
            }
        }
    }
}
