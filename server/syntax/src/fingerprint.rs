//! What a listing depends on besides the text.

use crate::{Language, UserQuery};

impl Language {
    /// Differs wherever the same text in this language may be listed differently: with other code, another grammar or another
    /// query. Compiles nothing.
    #[must_use]
    pub fn fingerprint(self) -> [u8; 8] {
        let mut hasher = blake3::Hasher::new();
        hasher.update(env!("TIERLINE_EXTRACTION").as_bytes());
        let query = UserQuery::of(self).and_then(UserQuery::source).unwrap_or_else(|| self.spec().query());
        hasher.update(query.as_bytes());
        let mut fingerprint = [0; 8];
        fingerprint.copy_from_slice(&hasher.finalize().as_bytes()[..8]);
        fingerprint
    }
}
