//! What an HTTP error means, and whether the same request may be sent again.

use std::time::{Duration, SystemTime};

use reqwest::header::HeaderMap;
use serde_json::Value;

use crate::abilities::Field;
use crate::{Endpoint, ModelError, wait};

/// A server that asks to wait for longer is not waited for.
pub(crate) const MAX_WAIT: Duration = Duration::from_secs(120);
/// The longest text of a server that is shown, in characters.
const MAX_SHOWN: usize = 300;
/// Codes and types that mean money: they are never retried.
const MONEY: &[&str] = &[
    "insufficient_quota",
    "credit_balance_exhausted",
    "organization_spend_limit_exceeded",
    "project_spend_limit_exceeded",
    "organization_usage_limit_exceeded",
    "billing_hard_limit_reached",
    "billing_not_active",
    "billing_error",
];

/// What to do after an error.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Next {
    /// The same request would fail again.
    Final,
    /// The same request may succeed later.
    Retry { after: Option<Duration> },
    /// The server refuses a field; without it the same request may succeed.
    Without(Field),
}

/// An error and what to do after it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Failure {
    pub(crate) error: ModelError,
    pub(crate) next: Next,
}

/// Reads an error reply.
pub(crate) fn classify(status: u16, headers: &HeaderMap, body: &[u8], endpoint: &Endpoint) -> Failure {
    let Told { message, code, kind, param } = Told::read(body);
    // It becomes a part of a sentence of ours, which has its own full stop.
    let message = shown(&message, endpoint).trim_end_matches(['.', ' ']).to_owned();
    let is = |words: &[&str]| words.iter().any(|word| *word == code || *word == kind);
    let lower = format!("{message} {param}").to_lowercase();
    let last = |error| Failure { error, next: Next::Final };
    let again = |error| Failure { error, next: retry(headers) };
    match status {
        _ if is(MONEY) || lower.contains("credit balance is too low") => last(ModelError::Quota(message)),
        401 | 403 => last(ModelError::Auth(message)),
        // What LiteLLM's proxy says of a key that is not its master key, where it keeps no database of others.
        400 if is(&["no_db_connection"]) => last(ModelError::Auth(message)),
        402 => last(ModelError::Quota(message)),
        404 => last(ModelError::NotFound(message)),
        413 => last(ModelError::TooLong(message)),
        400 if is(&["content_filter"]) || lower.contains("content management policy") => last(ModelError::Filtered(message)),
        400 | 422
            if is(&["context_length_exceeded", "exceed_context_size_error"])
                || lower.contains("context length")
                || lower.contains("prompt is too long") =>
        {
            last(ModelError::TooLong(message))
        }
        400 | 422 => Failure { next: refused_field(&lower), error: ModelError::BadRequest { status, message } },
        429 => again(ModelError::RateLimited { message, retry_after: wait::asked(headers, SystemTime::now()) }),
        408 | 409 | 500..=599 => again(ModelError::Server { status, message }),
        300..=399 => {
            let message = "it redirects, which is not followed: set base_url to the address it leads to".into();
            last(ModelError::BadRequest { status, message })
        }
        _ => last(ModelError::BadRequest { status, message }),
    }
}

/// Which of our optional fields a refusal names. The longer names come first, because they hold the shorter ones.
fn refused_field(text: &str) -> Next {
    const NAMES: &[(&str, Field)] = &[
        ("stream_options", Field::StreamUsage),
        ("include_usage", Field::StreamUsage),
        ("response_format", Field::Shape),
        ("text.format", Field::Shape),
        ("output_config.format", Field::Shape),
        ("json_schema", Field::Shape),
        ("json_object", Field::Shape),
        ("tool_choice", Field::Shape),
        ("grammar", Field::Shape),
        ("reasoning", Field::Effort),
        ("effort", Field::Effort),
        ("max_tokens", Field::TokenLimit),
        ("max_completion_tokens", Field::TokenLimit),
        ("service_tier", Field::ServiceTier),
        ("verbosity", Field::Extras),
        ("prompt_cache_key", Field::Extras),
        ("'store'", Field::Extras),
        ("stream", Field::Stream),
    ];
    NAMES.iter().find(|(name, _)| text.contains(name)).map_or(Next::Final, |(_, field)| Next::Without(*field))
}

fn retry(headers: &HeaderMap) -> Next {
    let after = wait::asked(headers, SystemTime::now());
    if wait::pointless(headers) || after.is_some_and(|after| after > MAX_WAIT) { Next::Final } else { Next::Retry { after } }
}

/// What an error body says, in any of the forms that servers use.
struct Told {
    message: String,
    code: String,
    kind: String,
    param: String,
}

impl Told {
    fn read(body: &[u8]) -> Told {
        let value: Value = serde_json::from_slice(body).unwrap_or_default();
        let error = value.get("error").unwrap_or(&value);
        // Some servers send the code as a number.
        let word = |name: &str| match error.get(name) {
            Some(Value::String(text)) => text.clone(),
            Some(Value::Number(number)) => number.to_string(),
            _ => String::new(),
        };
        let inner = error.pointer("/innererror/code").and_then(Value::as_str);
        let code = if inner == Some("ResponsibleAIPolicyViolation") { "content_filter".into() } else { word("code") };
        let message = match (error.as_str(), word("message"), value.get("detail")) {
            (Some(text), _, _) => text.to_owned(),
            (None, text, _) if !text.is_empty() => text,
            (None, _, Some(detail)) => detail.as_str().map_or_else(|| detail.to_string(), str::to_owned),
            _ => "no reason given".to_owned(),
        };
        Told { message, code, kind: word("type"), param: word("param") }
    }
}

/// A server's text, fit to be shown: short, without control characters, without the key.
pub(crate) fn shown(text: &str, endpoint: &Endpoint) -> String {
    let scrubbed = endpoint.key.as_ref().map_or_else(|| text.to_owned(), |key| key.scrub(text));
    let (text, _) = crate::egress::redact(&scrubbed);
    text.chars().map(|character| if character.is_control() { ' ' } else { character }).take(MAX_SHOWN).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use reqwest::header::{HeaderName, HeaderValue};
    use serde_json::json;

    use super::*;
    use crate::{KeyHeader, Secret, TokenLimitField, Wire};

    fn endpoint() -> Endpoint {
        Endpoint {
            base_url: "https://example.org/v1".into(),
            wire: Wire::Chat,
            key: Some(Secret::new("key-of-mine")),
            key_header: KeyHeader::Bearer,
            token_limit_field: TokenLimitField::MaxTokens,
            openai_fields: false,
            loopback: false,
            first_rung: crate::Rung::Schema,
            headers: Default::default(),
        }
    }

    fn classified(status: u16, headers: &[(&str, &str)], body: Value) -> Failure {
        let headers: BTreeMap<_, _> = headers.iter().copied().collect();
        let headers = headers
            .into_iter()
            .map(|(name, value)| (HeaderName::from_bytes(name.as_bytes()).unwrap(), HeaderValue::from_str(value).unwrap()))
            .collect();
        classify(status, &headers, body.to_string().as_bytes(), &endpoint())
    }

    #[test]
    fn each_status_has_its_meaning() {
        for (status, body, code, retried) in [
            (400, json!({"error": {"message": "no", "code": "invalid_value"}}), "bad_request", false),
            (400, json!({"error": {"message": "long", "code": "context_length_exceeded"}}), "too_long", false),
            (400, json!({"error": {"message": "x", "innererror": {"code": "ResponsibleAIPolicyViolation"}}}), "filtered", false),
            (401, json!({"error": {"message": "no"}}), "auth", false),
            (400, json!({"error": {"message": "No connected db.", "type": "no_db_connection", "code": "400"}}), "auth", false),
            (404, json!({"error": {"message": "no model"}}), "not_found", false),
            (422, json!({"detail": [{"msg": "field"}]}), "bad_request", false),
            (429, json!({"error": {"message": "slow", "type": "rate_limit_error", "code": "slow_down"}}), "rate_limited", true),
            (429, json!({"error": {"message": "pay", "type": "insufficient_quota"}}), "quota", false),
            (429, json!({"error": {"message": "pay", "code": "project_spend_limit_exceeded"}}), "quota", false),
            (500, json!({"error": {"code": 500, "message": "x", "type": "server_error"}}), "server", true),
            (503, json!({"error": "Loading model"}), "server", true),
            (302, json!({}), "bad_request", false),
        ] {
            let failure = classified(status, &[], body);
            assert_eq!((failure.error.code(), matches!(failure.next, Next::Retry { .. })), (code, retried), "{status}");
        }
    }

    #[test]
    fn a_refused_schema_steps_down_and_a_refused_effort_is_left_out() {
        let body = json!({"error": {"message": "'response_format' of type 'json_schema' is not supported"}});
        assert_eq!(classified(400, &[], body).next, Next::Without(Field::Shape));
        let body = json!({"error": {"message": "Unsupported value", "param": "reasoning.effort"}});
        assert_eq!(classified(400, &[], body).next, Next::Without(Field::Effort));
    }

    #[test]
    fn the_wait_that_the_server_asks_for_is_read() {
        let next = |headers: &[(&str, &str)]| classified(429, headers, json!({})).next;
        assert_eq!(next(&[("retry-after", "1.5")]), Next::Retry { after: Some(Duration::from_millis(1_500)) });
        assert_eq!(
            next(&[("retry-after-ms", "20"), ("retry-after", "9")]),
            Next::Retry { after: Some(Duration::from_millis(20)) }
        );
        assert_eq!(next(&[("retry-after", "-3")]), Next::Retry { after: None });
        assert_eq!(next(&[("retry-after", "NaN")]), Next::Retry { after: None });
        assert_eq!(next(&[("retry-after", "121")]), Next::Final);
        assert_eq!(next(&[("x-should-retry", "false")]), Next::Final);
    }

    #[test]
    fn the_key_and_control_characters_never_reach_a_message() {
        let body = json!({"error": {"message": format!("bad key key-of-mine\u{1b}[31m {}", "x".repeat(1_000))}});
        let message = classified(401, &[], body).error.to_string();
        assert!(!message.contains("key-of-mine") && !message.contains('\u{1b}') && message.len() < 500, "{message}");
        let ended = classified(401, &[], json!({"error": {"message": "No such key."}})).error.to_string();
        assert!(ended.contains("No such key. Check"), "{ended}");
    }
}
