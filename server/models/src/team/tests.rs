//! A shared cache that is poisoned, slow or dead does no harm.

use std::collections::HashMap;

use parking_lot::Mutex;
use serde_json::json;

use super::*;
use crate::{Cost, Secret, Usage};

#[derive(Debug, Default)]
struct Fake {
    held: Mutex<HashMap<String, Vec<u8>>>,
    reads: Mutex<u32>,
    is_dead: bool,
    is_slow: bool,
}

impl Shelf for Fake {
    fn read(&self, name: String) -> Doing<Option<Vec<u8>>> {
        *self.reads.lock() += 1;
        let (dead, slow, found) = (self.is_dead, self.is_slow, self.held.lock().get(&name).cloned());
        Box::pin(async move {
            if slow {
                std::future::pending::<()>().await;
            }
            if dead { Err("gone".into()) } else { Ok(found) }
        })
    }

    fn write(&self, name: String, bytes: Vec<u8>) -> Doing<()> {
        self.held.lock().insert(name, bytes);
        Box::pin(std::future::ready(Ok(())))
    }
}

fn team(fake: &Arc<Fake>, secret: &str) -> Team {
    let shelf: Arc<dyn Shelf> = Arc::<Fake>::clone(fake);
    Team::on(shelf, SigningKey::new(&Secret::new(secret)))
}

fn kept(text: &str) -> Kept {
    Kept { model: "m".into(), usage: Usage::default(), cost: Cost::ZERO, made: None, json: json!({"text": text}) }
}

#[tokio::test]
async fn what_one_shares_another_gets() {
    let fake = Arc::new(Fake::default());
    let one = team(&fake, "secret");
    one.put(&Key::numbered(1), &kept("one"));
    one.flush().await;
    assert_eq!(team(&fake, "secret").get(&Key::numbered(1)).await, Some(kept("one")));
    assert_eq!(team(&fake, "secret").get(&Key::numbered(2)).await, None);
}

#[tokio::test]
async fn an_entry_that_is_poisoned_cut_moved_or_signed_by_another_key_is_refused() {
    let fake = Arc::new(Fake::default());
    let one = team(&fake, "secret");
    one.put(&Key::numbered(1), &kept("one"));
    one.flush().await;
    let whole = fake.held.lock().values().next().unwrap().clone();
    let get = async |number: u8, bytes: &[u8], secret: &str| {
        fake.held.lock().insert(name(&Key::numbered(number)), bytes.to_vec());
        team(&fake, secret).get(&Key::numbered(number)).await
    };
    assert_eq!(get(1, &whole, "secret").await, Some(kept("one")));
    assert_eq!(get(1, &whole, "another").await, None);
    assert_eq!(get(2, &whole, "secret").await, None, "an answer to another question");
    for length in 0..whole.len() {
        assert_eq!(get(1, &whole[..length], "secret").await, None, "cut at {length}");
    }
    for place in 0..whole.len() {
        let mut bytes = whole.clone();
        bytes[place] ^= 4;
        assert_eq!(get(1, &bytes, "secret").await, None, "changed at {place}");
    }
    // A whole entry, only unsigned.
    let unsigned = whole[whole.iter().position(|byte| *byte == b'\n').unwrap() + 1..].to_vec();
    assert_eq!(get(1, &unsigned, "secret").await, None);
}

#[tokio::test]
async fn a_slow_or_dead_one_is_left_alone_after_three_tries() {
    for fake in [Fake { is_slow: true, ..Fake::default() }, Fake { is_dead: true, ..Fake::default() }] {
        let fake = Arc::new(fake);
        let team = team(&fake, "secret");
        for _ in 0..50 {
            assert_eq!(team.get(&Key::numbered(1)).await, None);
        }
        assert_eq!(*fake.reads.lock(), 3);
    }
}
