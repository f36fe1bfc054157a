//! Answering from a recording. Equal requests are answered in the order in which they were, and the last answer stands for all
//! that come after it.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use parking_lot::Mutex;
use serde_json::Value;

use super::Recorded;
use super::exchange::{Exchange, Request};

#[derive(Debug)]
pub(crate) struct Player {
    directory: PathBuf,
    recording: Mutex<Option<Recording>>,
}

#[derive(Debug, Default)]
struct Recording {
    /// The exchanges with the names of their files, in the order in which they ended.
    exchanges: Vec<(String, Exchange)>,
    /// How often each request was asked already.
    asked: HashMap<String, usize>,
    /// The files that are no exchanges.
    unread: Vec<String>,
}

impl Player {
    pub(super) fn new(directory: &Path) -> Player {
        Player { directory: directory.to_owned(), recording: Mutex::new(None) }
    }

    pub(super) fn answer(&self, path: &str, body: &[u8]) -> Result<Recorded, String> {
        let mut recording = self.recording.lock();
        let recording = recording.get_or_insert_with(|| Recording::read(&self.directory));
        let request = Request::new(path, body);
        let fitting: Vec<&Exchange> =
            recording.exchanges.iter().map(|(_, exchange)| exchange).filter(|exchange| exchange.request == request).collect();
        let Some(last) = fitting.last() else {
            let printed = serde_json::to_string_pretty(&request).unwrap_or_default();
            let why = recording.nearest(&request);
            tracing::error!("a request that was not recorded: {why}\n{printed}");
            return Err(format!("no exchange in {} answers this {} request; {why}", self.directory.display(), request.name()));
        };
        let turn = recording.asked.entry(format!("{path} {}", request.body)).or_default();
        let exchange = fitting.get(*turn).unwrap_or(last);
        *turn += 1;
        Ok(exchange.response.reply())
    }
}

impl Recording {
    fn read(directory: &Path) -> Recording {
        let mut recording = Recording::default();
        let files = fs::read_dir(directory).into_iter().flatten().flatten();
        let mut names: Vec<String> = files.filter_map(|file| file.file_name().into_string().ok()).collect();
        names.retain(|name| !name.starts_with('.') && name.ends_with(".json"));
        names.sort();
        for name in names {
            let text = fs::read_to_string(directory.join(&name)).unwrap_or_default();
            match serde_json::from_str(&text) {
                Ok(exchange) => recording.exchanges.push((name, exchange)),
                Err(_) => recording.unread.push(name),
            }
        }
        recording
    }

    /// Which recorded request is most like this one, and where the two part.
    fn nearest(&self, request: &Request) -> String {
        let distance = |exchange: &Exchange| {
            let mut parts = Vec::new();
            differences(&request.body, &exchange.request.body, String::new(), &mut parts);
            (exchange.request.path != request.path, parts)
        };
        let unread = match self.unread.first() {
            Some(name) => format!("; {name} is no exchange"),
            None => String::new(),
        };
        let measured = self.exchanges.iter().map(|(name, exchange)| (name, distance(exchange)));
        match measured.min_by_key(|(_, (other_path, parts))| (*other_path, parts.iter().map(|part| part.weight).sum::<usize>())) {
            None => format!("it holds no exchange{unread}"),
            Some((name, (_, parts))) => {
                let places: Vec<&str> = parts.iter().take(5).map(|part| part.place.as_str()).collect();
                format!("the nearest is {name}, which differs at {}{unread}", places.join(", "))
            }
        }
    }
}

/// A place where two requests part.
struct Difference {
    place: String,
    /// How much: the lines that only one of two texts has, or one.
    weight: usize,
}

fn differences(asked: &Value, recorded: &Value, place: String, found: &mut Vec<Difference>) {
    match (asked, recorded) {
        _ if asked == recorded => {}
        (Value::Object(left), Value::Object(right)) => {
            let added = right.keys().filter(|name| !left.contains_key(*name));
            for name in left.keys().chain(added) {
                let of = |fields: &serde_json::Map<String, Value>| fields.get(name).cloned().unwrap_or_default();
                differences(&of(left), &of(right), format!("{place}/{name}"), found);
            }
        }
        (Value::Array(left), Value::Array(right)) => {
            for at in 0..left.len().max(right.len()) {
                let of = |items: &[Value]| items.get(at).cloned().unwrap_or_default();
                differences(&of(left), &of(right), format!("{place}/{at}"), found);
            }
        }
        (Value::String(left), Value::String(right)) => {
            let line = left.lines().zip(right.lines()).take_while(|(left, right)| left == right).count();
            let only = |one: &str, other: &str| one.lines().filter(|line| !other.lines().any(|known| known == *line)).count();
            let weight = 1 + only(left, right) + only(right, left);
            found.push(Difference { place: format!("{place} line {}", line + 1), weight });
        }
        _ => found.push(Difference { place, weight: 1 }),
    }
}
