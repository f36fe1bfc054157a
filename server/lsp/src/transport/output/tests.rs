use std::sync::mpsc::sync_channel;
use std::time::Duration;

use serde_json::{Value, json};
use tower_lsp::jsonrpc::Id;

use super::*;
use crate::framing::FrameReader;

type Bytes = Arc<Mutex<Vec<u8>>>;

/// A stream that takes at once what `takes` says of a frame's length, and the rest when it is let.
struct Stream<T> {
    bytes: Bytes,
    takes: T,
    let_go: Option<Receiver<()>>,
}

struct AtOnce<T> {
    bytes: Bytes,
    takes: T,
}

impl<T: FnMut(usize) -> usize + Send> Prompt for AtOnce<T> {
    fn write_now(&mut self, frame: &[u8]) -> usize {
        let taken = (self.takes)(frame.len());
        self.bytes.lock().unwrap().extend_from_slice(&frame[..taken]);
        taken
    }
}

impl<T> Write for Stream<T> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if let Some(let_go) = &self.let_go {
            let _ = let_go.recv();
        }
        self.bytes.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<T: FnMut(usize) -> usize + Clone + Send + 'static> Output for Stream<T> {
    fn prompt(&self) -> Option<Box<dyn Prompt>> {
        Some(Box::new(AtOnce { bytes: Arc::clone(&self.bytes), takes: self.takes.clone() }))
    }
}

fn answer(id: i64) -> Response {
    Response::from_ok(Id::Number(id), json!("x".repeat(usize::try_from(id).unwrap() % 50)))
}

fn ids(bytes: &Bytes) -> Vec<i64> {
    let bytes = bytes.lock().unwrap();
    let mut frames = FrameReader::new(&bytes[..]);
    std::iter::from_fn(|| frames.read().unwrap())
        .map(|body| serde_json::from_slice::<Value>(&body).unwrap()["id"].as_i64().unwrap())
        .collect()
}

fn written(done: &Receiver<()>) {
    done.recv_timeout(Duration::from_secs(20)).unwrap_err();
}

#[test]
fn whatever_the_stream_takes_at_once_frames_stay_whole_and_in_order() {
    let bytes = Bytes::default();
    let mut frames = 0_usize;
    let takes = move |length: usize| {
        frames += 1;
        length * (frames % 4) / 3
    };
    let (inbox, _messages) = tokio::sync::mpsc::unbounded_channel();
    let (writer, done) = spawn(Stream { bytes: Arc::clone(&bytes), takes, let_go: None }, inbox);
    let senders: Vec<_> = (0..4)
        .map(|sender| {
            let writer = writer.clone();
            thread::spawn(move || (0..250).for_each(|number| writer.respond(&answer(sender * 1_000 + number))))
        })
        .collect();
    senders.into_iter().for_each(|sender| sender.join().unwrap());
    drop(writer);
    written(&done);

    let ids = ids(&bytes);
    for sender in 0..4 {
        let of_one: Vec<i64> = ids.iter().filter(|&id| id / 1_000 == sender).map(|id| id % 1_000).collect();
        assert_eq!(of_one, Vec::from_iter(0..250));
    }
    assert_eq!(ids.len(), 1_000);
}

#[test]
fn what_waits_for_the_stream_is_not_overtaken() {
    let bytes = Bytes::default();
    let (go, let_go) = sync_channel(0);
    // Nothing of the first frame is taken at once; all of any other would be.
    let mut is_first = true;
    let takes = move |length: usize| if std::mem::take(&mut is_first) { 0 } else { length };
    let (inbox, _messages) = tokio::sync::mpsc::unbounded_channel();
    let (writer, done) = spawn(Stream { bytes: Arc::clone(&bytes), takes, let_go: Some(let_go) }, inbox);
    for id in 1..=3 {
        writer.respond(&answer(id));
    }
    assert_eq!(ids(&bytes), [0; 0]);
    drop(go);
    drop(writer);
    written(&done);
    assert_eq!(ids(&bytes), [1, 2, 3]);
}

#[test]
fn nothing_follows_what_was_sent_before_the_end() {
    let bytes = Bytes::default();
    let (inbox, _messages) = tokio::sync::mpsc::unbounded_channel();
    let (writer, done) = spawn(Stream { bytes: Arc::clone(&bytes), takes: |length| length, let_go: None }, inbox);
    writer.respond(&answer(1));
    writer.close();
    writer.respond(&answer(2));
    written(&done);
    assert_eq!(ids(&bytes), [1]);
}
