//! What can go wrong between a job and its answer. Every sentence says what happened; none holds a key or a prompt.

use std::time::Duration;

use crate::{Cost, Tier};

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ModelError {
    /// No model stands behind the tier.
    #[error("no model is configured for the {tier} tier{}", reason.as_deref().map(|text| format!(": {text}")).unwrap_or_default())]
    NotConfigured {
        /// The tier.
        tier: Tier,
        /// What to do about it, when configuration knows.
        reason: Option<String>,
    },
    /// The worst case of the call does not fit under a cap. Nothing was sent.
    #[error("the {cap} cap of {limit} does not allow this call: {spent} is spent or reserved and the call may cost {needed}")]
    OverBudget {
        /// Which cap: `per_action`, `per_day`, `per_tier_day` or `per_workspace_day`.
        cap: &'static str,
        /// The cap.
        limit: Cost,
        /// What is spent or reserved under it.
        spent: Cost,
        /// The worst case of this call.
        needed: Cost,
    },
    /// The model's price is not known, which counts as over the cap. Nothing was sent.
    #[error("the price of {model} is not known, so it cannot be kept under a cap: set `price` for the {tier} tier")]
    UnknownPrice {
        /// The tier.
        tier: Tier,
        /// The model.
        model: String,
    },
    /// The text comes from a file that never leaves this machine. Nothing was sent.
    #[error("{0}")]
    Denied(#[from] crate::egress::Denied),
    /// The user has not said that texts of this workspace may go to the server. Nothing was sent.
    #[error(
        "nothing of this workspace may go to {host} before you allow it: say yes when you are asked, or run a command with --yes"
    )]
    NotAllowed {
        /// Host and port of the server.
        host: String,
    },
    /// The key was refused.
    #[error("the model server refused the key: {0}. Check the variable that `key_env` names, and what the key may do there")]
    Auth(String),
    /// The account has no money or has reached its own limit.
    #[error(
        "the account at the model server is exhausted: {0}. Add credit or raise its limit there, or configure another provider"
    )]
    Quota(String),
    /// Too many requests.
    #[error("the model server asks to slow down: {message}")]
    RateLimited {
        /// What the server said.
        message: String,
        /// How long it asks to wait.
        retry_after: Option<Duration>,
    },
    /// The prompt is longer than the model can read.
    #[error("the input is too long for the model: {0}")]
    TooLong(String),
    /// The server read only a part of the prompt and did not say so. What it answered is not believed where it would become code.
    #[error(
        "the model server read about {seen} of some {expected} tokens and dropped the rest without a word: start it with a larger context \
         window (Ollama: OLLAMA_CONTEXT_LENGTH; llama.cpp: -c), and write its size as `context_tokens`"
    )]
    Truncated {
        /// The tokens that it says it read.
        seen: u64,
        /// About how many there were.
        expected: u64,
    },
    /// The server does not know the model or the path.
    #[error("the model server does not know this: {0}")]
    NotFound(String),
    /// The server says that the request is wrong.
    #[error("the model server refused the request ({status}): {message}")]
    BadRequest {
        /// The HTTP status.
        status: u16,
        /// What the server said.
        message: String,
    },
    /// The reply is not JSON of the asked shape.
    #[error("the reply does not have the asked shape: {0}")]
    Schema(String),
    /// The model declined, in its own words.
    #[error("the model declined: {0}")]
    Refused(String),
    /// The reply was cut because it reached the token limit.
    #[error("the reply was cut at {max_output_tokens} tokens")]
    Incomplete {
        /// The limit that was sent.
        max_output_tokens: u32,
    },
    /// A content filter stopped the request or the reply.
    #[error("a content filter of the model server stopped this: {0}")]
    Filtered(String),
    /// The server failed.
    #[error("the model server failed ({status}): {message}")]
    Server {
        /// The HTTP status.
        status: u16,
        /// What the server said.
        message: String,
    },
    /// The server could not be reached, or the connection broke.
    #[error("the model server cannot be reached: {0}")]
    Transport(String),
    /// The reply broke off before its end. The server may bill it all the same.
    #[error("the reply broke off: {0}")]
    Cut(String),
    /// The answer was to come from a recording, which does not have it. Nothing was sent.
    #[error("nothing was recorded for this: {0}")]
    NotRecorded(String),
    /// The server failed so often that it is left alone for a while. Nothing was sent.
    #[error("{host} is left alone after it failed: it is tried again in {} s ({reason})", again_in.as_secs_f64().ceil())]
    Resting {
        /// Host and port of the server.
        host: String,
        /// Until the next try.
        again_in: Duration,
        /// What went wrong last.
        reason: String,
    },
    /// The deadline passed.
    #[error("no answer within {} ms", .0.as_millis())]
    Timeout(Duration),
    /// The asker went away.
    #[error("cancelled")]
    Cancelled,
    /// The ledger cannot be read or written, so no paid call is made.
    #[error("the ledger cannot be used, so no paid call is made: {0}")]
    LedgerUnreadable(String),
}

impl ModelError {
    /// A short name for JSON output and the ledger.
    pub fn code(&self) -> &'static str {
        match self {
            ModelError::NotConfigured { .. } => "not_configured",
            ModelError::OverBudget { .. } => "over_budget",
            ModelError::UnknownPrice { .. } => "unknown_price",
            ModelError::Denied(_) => "denied",
            ModelError::NotAllowed { .. } => "not_allowed",
            ModelError::Auth(_) => "auth",
            ModelError::Quota(_) => "quota",
            ModelError::RateLimited { .. } => "rate_limited",
            ModelError::TooLong(_) => "too_long",
            ModelError::Truncated { .. } => "truncated",
            ModelError::NotFound(_) => "not_found",
            ModelError::BadRequest { .. } => "bad_request",
            ModelError::Schema(_) => "schema",
            ModelError::Refused(_) => "refused",
            ModelError::Incomplete { .. } => "incomplete",
            ModelError::Filtered(_) => "filtered",
            ModelError::Server { .. } => "server",
            ModelError::Transport(_) => "transport",
            ModelError::Cut(_) => "cut",
            ModelError::NotRecorded(_) => "not_recorded",
            ModelError::Resting { .. } => "resting",
            ModelError::Timeout(_) => "timeout",
            ModelError::Cancelled => "cancelled",
            ModelError::LedgerUnreadable(_) => "ledger_unreadable",
        }
    }

    /// Whether the answer itself was wrong, so that a dearer tier may do better. Never true for money or transport.
    pub fn is_answer_fault(&self) -> bool {
        matches!(self, ModelError::Schema(_) | ModelError::Refused(_) | ModelError::Incomplete { .. })
    }
}
