//! The name of an answer: everything that could change it, and nothing else.

use crate::{Job, Profile};

/// Another version of what is taken out of texts before they are sent is another answer.
const EGRESS_VERSION: u32 = 2;

/// The name of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Key([u8; 32]);

impl Key {
    /// The key of a job on a model. The tier and the server's address are not in it: a team that asks one model shares its answers.
    /// A part that says what it means is known by that, any other by its text.
    pub(crate) fn of(job: &Job, profile: &Profile) -> Key {
        let mut hasher = blake3::Hasher::new_derive_key("tierline 2026-11 answers of models, by meaning");
        let mut field = |bytes: &[u8]| {
            hasher.update(&(bytes.len() as u64).to_le_bytes());
            hasher.update(bytes);
        };
        field(job.kind.as_bytes());
        field(&job.prompt_version.to_le_bytes());
        field(job.schema.name.as_bytes());
        field(job.schema.json.to_string().as_bytes());
        field(profile.model.as_bytes());
        field(profile.effort.as_deref().unwrap_or_default().as_bytes());
        // Unless it is the built-in one, so that answers that were kept before it could be set still count.
        if let Some(verbosity) = profile.verbosity.as_deref().filter(|verbosity| *verbosity != "low") {
            field(b"verbosity");
            field(verbosity.as_bytes());
        }
        field(&job.max_output_tokens.min(profile.max_output_tokens).to_le_bytes());
        field(&EGRESS_VERSION.to_le_bytes());
        field(job.instructions.replace("\r\n", "\n").as_bytes());
        for part in &job.input {
            match &part.meaning {
                Some(meaning) => {
                    field(b"meaning");
                    field(meaning.as_bytes());
                }
                None => {
                    field(b"text");
                    field(part.text.replace("\r\n", "\n").as_bytes());
                }
            }
        }
        Key(*hasher.finalize().as_bytes())
    }

    /// The key as 64 hexadecimal digits.
    pub(crate) fn hex(&self) -> String {
        blake3::Hash::from_bytes(self.0).to_hex().to_string()
    }

    /// The key with these digits.
    pub(crate) fn from_hex(hex: &str) -> Option<Key> {
        blake3::Hash::from_hex(hex).ok().map(|hash| Key(*hash.as_bytes()))
    }

    #[cfg(test)]
    pub(crate) fn numbered(number: u8) -> Key {
        Key([number; 32])
    }
}
