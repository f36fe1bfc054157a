//! A reply that comes event by event: bytes in, the assembled reply out. The type of an event is read from its JSON, because some
//! servers send no `event:` lines.

mod events;

use serde_json::Value;

use crate::wire::{Assembly, Reply, Step};
use events::{Events, MAX_EVENT};

/// How far a reply has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Heard {
    /// Nothing of the answer yet.
    Waiting,
    /// The answer has begun.
    Begun,
    /// The terminal event was there; what follows does not matter.
    Ended,
    /// It cannot be read on.
    Broken,
}

/// Why a stream has no reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Unheard {
    /// It ended before its terminal event.
    Cut,
    /// An event is not what the protocol knows, or is too long.
    Malformed(String),
}

/// The reader of one stream.
pub(crate) struct Hearing {
    events: Events,
    assembly: Box<dyn Assembly>,
    heard: Heard,
    malformed: Option<String>,
}

impl Hearing {
    pub(crate) fn new(assembly: Box<dyn Assembly>) -> Self {
        Self::within(assembly, MAX_EVENT)
    }

    /// One that takes no longer event than so many bytes.
    pub(crate) fn within(assembly: Box<dyn Assembly>, longest: usize) -> Self {
        Hearing { events: Events::within(longest), assembly, heard: Heard::Waiting, malformed: None }
    }

    /// Reads the next bytes, wherever they were split.
    pub(crate) fn hear(&mut self, bytes: &[u8]) -> Heard {
        let Hearing { events, assembly, heard, malformed } = self;
        let read = events.feed(bytes, &mut |data| {
            // What stands behind the end came along with it by chance.
            if matches!(heard, Heard::Ended | Heard::Broken) {
                return;
            }
            match step(assembly.as_mut(), data) {
                Ok(Step::Quiet) => {}
                Ok(Step::Begun) => *heard = Heard::Begun,
                Ok(Step::End) => *heard = Heard::Ended,
                Err(message) => {
                    *malformed = Some(message);
                    *heard = Heard::Broken;
                }
            }
        });
        if read.is_err() && !matches!(heard, Heard::Ended | Heard::Broken) {
            *malformed = Some("an event of the reply has no end".into());
            *heard = Heard::Broken;
        }
        *heard
    }

    /// The reply, once the terminal event was there or the server ended the stream in an orderly way.
    pub(crate) fn reply(mut self) -> Result<Reply, Unheard> {
        if !matches!(self.heard, Heard::Ended | Heard::Broken) {
            // The last event may lack its empty line.
            self.hear(b"\n\n");
        }
        match self.malformed {
            Some(message) => Err(Unheard::Malformed(message)),
            None => self.assembly.reply(self.heard == Heard::Ended).ok_or(Unheard::Cut),
        }
    }
}

fn step(assembly: &mut dyn Assembly, data: &[u8]) -> Result<Step, String> {
    match data.trim_ascii() {
        b"" => Ok(Step::Quiet),
        b"[DONE]" => Ok(assembly.done()),
        data => {
            let event: Value = serde_json::from_slice(data).map_err(|_| "an event of the reply is not JSON".to_owned())?;
            Ok(assembly.event(&event))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Wire;
    use crate::wire::{Stop, adapter};

    const CHAT: &str = ": keep alive\n\ndata: {\"choices\": []}\n\n\
        data: {\"choices\": [{\"delta\": {\"content\": \"h\u{e9}\"}}]}\r\n\r\n\
        data: {\"choices\":\ndata: [{\"delta\": {\"content\": \"llo\"}, \"finish_reason\": \"stop\"}]}\n\n\
        data: {\"choices\": [], \"usage\": {\"prompt_tokens\": 3, \"completion_tokens\": 2}}\n\ndata: [DONE]\n\n";

    fn hearing() -> Hearing {
        Hearing::new(adapter(Wire::Chat).assembly())
    }

    #[test]
    fn any_split_of_the_bytes_gives_the_same_reply() {
        let mut whole = hearing();
        assert_eq!(whole.hear(CHAT.as_bytes()), Heard::Ended);
        let whole = whole.reply().unwrap();
        assert_eq!(
            (whole.text.as_str(), &whole.stop, whole.usage.map(|usage| usage.output)),
            ("h\u{e9}llo", &Stop::Done, Some(2))
        );
        for at in 0..CHAT.len() {
            for width in [1, 7] {
                let mut split = hearing();
                split.hear(&CHAT.as_bytes()[..at]);
                for chunk in CHAT.as_bytes()[at..].chunks(width) {
                    split.hear(chunk);
                }
                assert_eq!(split.reply().unwrap(), whole, "split at {at}");
            }
        }
    }

    #[test]
    fn every_end_before_the_terminal_event_is_a_cut() {
        let last = CHAT.find("\"finish_reason\"").unwrap();
        for at in 0..last {
            if !CHAT.is_char_boundary(at) {
                continue;
            }
            let mut cut = hearing();
            cut.hear(&CHAT.as_bytes()[..at]);
            assert!(cut.reply().is_err(), "cut at {at}");
        }
    }

    #[test]
    fn what_follows_the_end_in_the_same_bytes_is_not_heard() {
        let more = "data: {\"choices\": [{\"delta\": {\"content\": \"more\"}, \"finish_reason\": \"length\"}]}\n\ndata: {\n\n";
        let mut both = hearing();
        assert_eq!(both.hear([CHAT, more].concat().as_bytes()), Heard::Ended);
        let mut one = hearing();
        one.hear(CHAT.as_bytes());
        assert_eq!(both.reply(), one.reply());
    }

    #[test]
    fn an_event_that_is_not_json_is_malformed() {
        let mut hearing = hearing();
        assert_eq!(hearing.hear(b"data: {\"choices\": [{\n\n"), Heard::Broken);
        assert!(matches!(hearing.reply(), Err(Unheard::Malformed(_))));
    }
}
