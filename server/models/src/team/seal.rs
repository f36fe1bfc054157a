//! Signed entries. The signature is a keyed BLAKE3 hash of the answer's key and of the entry, so that nobody without the team's
//! secret can put an answer in, change one, or give one to another question.

use std::io;

use crate::Secret;
use crate::cache::{Kept, Key, decode, encode};

/// The first word of a sealed entry, with the version of the format.
const MAGIC: &str = "tierline-team-1";

pub(super) struct SigningKey([u8; 32]);

impl SigningKey {
    pub(super) fn new(secret: &Secret) -> SigningKey {
        SigningKey(blake3::derive_key("tierline 2026-11 the signature of a team's cache", secret.expose().as_bytes()))
    }

    pub(super) fn seal(&self, key: &Key, kept: &Kept) -> io::Result<Vec<u8>> {
        let entry = encode(key, kept)?;
        let mut bytes = format!("{MAGIC} {}\n", self.sign(key, &entry).to_hex()).into_bytes();
        bytes.extend_from_slice(&entry);
        Ok(bytes)
    }

    /// The answer; `None` where the bytes are not what somebody with the team's secret wrote under this key.
    pub(super) fn open(&self, key: &Key, bytes: &[u8]) -> Option<Kept> {
        let line = bytes.iter().position(|byte| *byte == b'\n')?;
        let (header, entry) = (std::str::from_utf8(&bytes[..line]).ok()?, &bytes[line + 1..]);
        let signature = blake3::Hash::from_hex(header.strip_prefix(MAGIC)?.strip_prefix(' ')?).ok()?;
        // Comparing two hashes takes the same time wherever they differ.
        if signature == self.sign(key, entry) { decode(key, entry) } else { None }
    }

    fn sign(&self, key: &Key, entry: &[u8]) -> blake3::Hash {
        let mut hasher = blake3::Hasher::new_keyed(&self.0);
        hasher.update(key.hex().as_bytes());
        hasher.update(entry);
        hasher.finalize()
    }
}

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("SigningKey([key])")
    }
}
