//! One answer as bytes: a header line with the length and the checksum of the body, then the body as JSON.

use std::io;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Key;
use crate::{Answer, Cost, Tier, Usage};

/// The first word of every entry, with the version of the format.
const MAGIC: &str = "tierline-answer-2";

/// An answer as it is kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Kept {
    pub(crate) model: String,
    pub(crate) usage: Usage,
    /// What it cost when it was asked.
    pub(crate) cost: Cost,
    /// When it was asked, in seconds since 1970; an entry of an earlier version does not say.
    #[serde(default)]
    pub(crate) made: Option<u64>,
    pub(crate) json: Value,
}

impl Kept {
    /// An answer that has just come.
    pub(crate) fn now(answer: &Answer) -> Self {
        let made = SystemTime::now().duration_since(UNIX_EPOCH).ok().map(|since| since.as_secs());
        Kept { model: answer.model.clone(), usage: answer.usage, cost: answer.cost, made, json: answer.json.clone() }
    }

    /// The answer to a job of a tier now, at no cost.
    pub(crate) fn answer(&self, tier: Tier) -> Answer {
        Answer {
            json: self.json.clone(),
            tier,
            model: self.model.clone(),
            usage: self.usage,
            cost: Cost::ZERO,
            cached: true,
            ms: 0,
            redacted: 0,
            age: self.age(),
            entry: None,
        }
    }

    /// How long ago it came; `None` where nobody knows.
    fn age(&self) -> Option<Duration> {
        let made = UNIX_EPOCH.checked_add(Duration::from_secs(self.made?))?;
        // A clock that was put back since makes nothing older.
        Some(SystemTime::now().duration_since(made).unwrap_or_default())
    }
}

pub(crate) fn encode(key: &Key, kept: &Kept) -> io::Result<Vec<u8>> {
    let body = serde_json::to_vec(kept)?;
    let mut bytes = format!("{MAGIC} {} {}\n", body.len(), checksum(key, &body)).into_bytes();
    bytes.extend_from_slice(&body);
    Ok(bytes)
}

/// The answer; `None` where the bytes are not exactly what was written under this key.
pub(crate) fn decode(key: &Key, bytes: &[u8]) -> Option<Kept> {
    let line = bytes.iter().position(|byte| *byte == b'\n')?;
    let (header, body) = (std::str::from_utf8(&bytes[..line]).ok()?, &bytes[line + 1..]);
    let mut words = header.split(' ');
    let fits = words.next() == Some(MAGIC)
        && words.next()?.parse() == Ok(body.len())
        && words.next() == Some(checksum(key, body).as_str())
        && words.next().is_none();
    if fits { serde_json::from_slice(body).ok() } else { None }
}

/// The key is part of the checksum: an entry that was copied under another name is damaged.
fn checksum(key: &Key, body: &[u8]) -> String {
    let mut hasher = blake3::Hasher::new();
    hasher.update(key.hex().as_bytes());
    hasher.update(body);
    hasher.finalize().to_hex().to_string()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_entry_that_is_cut_changed_or_moved_is_none() {
        let key = Key::numbered(7);
        let usage = Usage { input: 3, ..Usage::default() };
        let kept = Kept { model: "m".into(), usage, cost: Cost::from_pico_usd(7), made: Some(9), json: json!({"a": "é"}) };
        let whole = encode(&key, &kept).unwrap();
        assert_eq!(decode(&key, &whole), Some(kept));
        assert_eq!(decode(&Key::numbered(8), &whole), None);
        for length in 0..whole.len() {
            assert_eq!(decode(&key, &whole[..length]), None, "cut at {length}");
        }
        for place in 0..whole.len() {
            let mut bytes = whole.clone();
            bytes[place] ^= 1;
            assert_eq!(decode(&key, &bytes), None, "changed at {place}");
        }
    }

    #[test]
    fn an_entry_of_an_earlier_version_has_no_age() {
        let kept: Kept = serde_json::from_value(json!({
            "model": "m", "usage": Usage::default(), "cost": Cost::ZERO, "json": {},
        }))
        .unwrap();
        assert_eq!(kept.age(), None);
        let future = Kept { made: Some(u64::MAX / 4), ..kept.clone() };
        assert!(future.age().is_none_or(|age| age.is_zero()));
        let old = Kept { made: Some(0), ..kept };
        assert!(old.age().unwrap() > Duration::from_secs(365 * 86_400));
    }
}
