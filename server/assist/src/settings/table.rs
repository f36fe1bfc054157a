//! The table of all keys. A key that is not here does not exist; what is here is read, checked, described and documented by it.

use toml::Value;

use super::key::{Key, Kind, Reach, whole};
use super::{ReviewPolicy, Settings, SummaryPolicy};

const ANY: Kind = Kind::Whole { least: 0, most: u64::MAX };
const SOME: Kind = Kind::Whole { least: 1, most: u64::MAX };
const SECONDS: Kind = Kind::Whole { least: 1, most: 86_400 };

const SUMMARY: Kind = Kind::OneOf(&[
    ("off", "none is shown"),
    ("cached", "kept ones are shown, none is made"),
    ("on_request", "a hover has the summary of its symbol made"),
    ("auto", "summaries are made ahead of the first hover too, while you do nothing, for at most half of a day's cap"),
]);
// The most careful first: what a repository says of it may only make it more so.
const REVIEW: Kind = Kind::OneOf(&[
    ("always", "all of them"),
    ("models", "those that models made"),
    ("never", "none: they have passed the checks, and one command undoes them"),
]);
const WIRE: Kind = Kind::OneOf(&[
    ("responses", "OpenAI's Responses API"),
    ("chat", "Chat Completions, which most servers speak"),
    ("messages", "Anthropic's Messages API"),
]);
const ASK: Kind = Kind::OneOf(&[
    ("never", "none: the configuration is word enough"),
    ("remote", "those on other machines"),
    ("always", "those on this machine too"),
]);
const LIMIT_FIELD: Kind = Kind::OneOf(&[
    ("max_tokens", "what every compatible server knows"),
    ("max_completion_tokens", "what newer models of OpenAI demand"),
]);

/// A key that becomes one of [`Settings`].
const fn own(
    name: &'static str,
    kind: Kind,
    default: &'static str,
    reach: Reach,
    set: fn(&mut Settings, &Value),
    doc: &'static str,
) -> Key {
    Key { name, kind, default, doc, reach, set: Some(set) }
}

/// A key that the gateway reads.
const fn models(name: &'static str, kind: Kind, default: &'static str, reach: Reach, doc: &'static str) -> Key {
    Key { name, kind, default, doc, reach, set: None }
}

/// Every key, section by section.
pub const KEYS: &[Key] = &[
    models(
        "provider",
        Kind::Text,
        "",
        Reach::User,
        "The provider of every tier that names none: a built-in one (`tierline models` lists them) or a name under `providers`. Naming it is enough to configure all three tiers where its models are known.",
    ),
    models("providers.<name>.base_url", Kind::Text, "", Reach::User, "The address of the server, up to and including `/v1`."),
    models("providers.<name>.wire", WIRE, "", Reach::User, "The protocol that the server speaks."),
    models(
        "providers.<name>.key_env",
        Kind::Text,
        "",
        Reach::User,
        "The name of the environment variable that holds the key. The key itself never stands in a file.",
    ),
    models(
        "providers.<name>.key_command",
        Kind::Command,
        "",
        Reach::User,
        "A program that prints the key, such as a password manager. It is started without a shell.",
    ),
    models(
        "providers.<name>.key_keychain",
        Kind::Text,
        "",
        Reach::User,
        "The name under which the keychain of the system holds the key; `tierline key set NAME` puts it there.",
    ),
    models("tiers.<tier>.provider", Kind::Text, "", Reach::Trusted, "The provider of this tier, by its name."),
    models("tiers.<tier>.model", Kind::Text, "", Reach::Trusted, "The model, as its server calls it."),
    models(
        "tiers.<tier>.base_url",
        Kind::Text,
        "",
        Reach::Trusted,
        "The address of the server, where it is not the provider's. A key of the provider is not sent there.",
    ),
    models("tiers.<tier>.wire", WIRE, "", Reach::Trusted, "The protocol, where it is not the provider's."),
    models("tiers.<tier>.key_env", Kind::Text, "", Reach::User, "The environment variable that holds this tier's key."),
    models("tiers.<tier>.key_command", Kind::Command, "", Reach::User, "A program that prints this tier's key."),
    models(
        "tiers.<tier>.key_keychain",
        Kind::Text,
        "",
        Reach::User,
        "The name under which the keychain of the system holds this tier's key.",
    ),
    models(
        "tiers.<tier>.batch_percent",
        Kind::Whole { least: 0, most: 100 },
        "",
        Reach::User,
        "What a request in a batch costs, in per cent of the others, where the server takes OpenAI's batches.",
    ),
    models("tiers.<tier>.context_tokens", SOME, "", Reach::Trusted, "The model's context window, in tokens."),
    models(
        "tiers.<tier>.max_output_tokens",
        Kind::Whole { least: 1, most: u32::MAX as u64 },
        "",
        Reach::Trusted,
        "The longest reply, in tokens.",
    ),
    models(
        "tiers.<tier>.effort",
        Kind::Text,
        "",
        Reach::Trusted,
        "The reasoning effort that is asked for; an empty text asks for none at all.",
    ),
    models(
        "tiers.<tier>.verbosity",
        Kind::Text,
        "",
        Reach::Trusted,
        "How long answers are to be at a server that knows OpenAI's own fields; an empty text asks for nothing.",
    ),
    models(
        "tiers.<tier>.timeout_seconds",
        SECONDS,
        "",
        Reach::Trusted,
        "The longest time that any one job may take, in seconds.",
    ),
    models(
        "tiers.<tier>.first_token_seconds",
        SECONDS,
        "300",
        Reach::Trusted,
        "The longest time until an answer begins, in seconds.",
    ),
    models(
        "tiers.<tier>.requests_at_once",
        Kind::Whole { least: 1, most: 1_024 },
        "16",
        Reach::Trusted,
        "How many requests may be under way at once.",
    ),
    models(
        "tiers.<tier>.requests_per_minute",
        Kind::Whole { least: 1, most: u32::MAX as u64 },
        "",
        Reach::Trusted,
        "How many requests may be sent in a minute.",
    ),
    models(
        "tiers.<tier>.tokens_per_minute",
        Kind::Whole { least: 1, most: u32::MAX as u64 },
        "",
        Reach::Trusted,
        "How many tokens may be sent and asked for in a minute.",
    ),
    models(
        "tiers.<tier>.token_limit_field",
        LIMIT_FIELD,
        "",
        Reach::User,
        "What the token limit is called by a server that speaks `chat`.",
    ),
    models("tiers.<tier>.price.input", Kind::Dollars, "", Reach::User, "What a million prompt tokens cost."),
    models(
        "tiers.<tier>.price.cached",
        Kind::Dollars,
        "",
        Reach::User,
        "What a million prompt tokens cost that the server has cached.",
    ),
    models(
        "tiers.<tier>.price.cache_write",
        Kind::Dollars,
        "",
        Reach::User,
        "What a million prompt tokens cost that are written into the server's cache.",
    ),
    models("tiers.<tier>.price.output", Kind::Dollars, "", Reach::User, "What a million reply tokens cost."),
    models(
        "tiers.<tier>.price.long_prompt.above_tokens",
        SOME,
        "",
        Reach::User,
        "From how many prompt tokens on a request has the other prices of this section.",
    ),
    models("tiers.<tier>.price.long_prompt.input", Kind::Dollars, "", Reach::User, "The same price for long prompts."),
    models("tiers.<tier>.price.long_prompt.cached", Kind::Dollars, "", Reach::User, "The same price for long prompts."),
    models("tiers.<tier>.price.long_prompt.cache_write", Kind::Dollars, "", Reach::User, "The same price for long prompts."),
    models("tiers.<tier>.price.long_prompt.output", Kind::Dollars, "", Reach::User, "The same price for long prompts."),
    models("caps.per_action", Kind::Dollars, "0.50", Reach::Lower, "The most that one action of yours may cost, in dollars."),
    models("caps.per_day", Kind::Dollars, "2.00", Reach::Lower, "The most that a UTC day may cost, over all tiers and windows."),
    models("caps.per_workspace_day", Kind::Dollars, "", Reach::Lower, "The most that one workspace may cost in a UTC day."),
    models("caps.per_tier_day.<tier>", Kind::Dollars, "", Reach::Lower, "The most that one tier may cost in a UTC day."),
    models(
        "egress.ask",
        ASK,
        "\"remote\"",
        Reach::User,
        "Which servers need your yes before the first text of a workspace goes to them.",
    ),
    models(
        "team_cache.uri",
        Kind::Text,
        "",
        Reach::User,
        "The cache that your team shares: `redis://…`, `rediss://…`, `s3://bucket/folder?region=…&endpoint=…` or `webdav+https://…`.",
    ),
    models(
        "team_cache.key_env",
        Kind::Text,
        "",
        Reach::User,
        "The environment variable that holds the secret by which the team's entries are signed.",
    ),
    models("team_cache.user", Kind::Text, "", Reach::User, "Your name at a WebDAV server."),
    models(
        "team_cache.password_env",
        Kind::Text,
        "",
        Reach::User,
        "The environment variable that holds the password of the Redis or WebDAV server.",
    ),
    own(
        "hover.summary",
        SUMMARY,
        "\"on_request\"",
        Reach::Lower,
        |settings, value| settings.hover.summary = value.clone().try_into::<SummaryPolicy>().unwrap_or_default(),
        "When hovers show what a model says of a symbol in a sentence.",
    ),
    own(
        "hover.signature",
        Kind::Flag,
        "false",
        Reach::Anyone,
        |settings, value| settings.hover.signature = value.as_bool().unwrap_or_default(),
        "Whether hovers show signature and documentation too, where no other server does.",
    ),
    own(
        "hover.patience_ms",
        Kind::Whole { least: 0, most: 500 },
        "80",
        Reach::Editor,
        |settings, value| settings.hover.patience_ms = number(value),
        "How long a hover waits for a summary that is being made, in milliseconds. Editors show no hover before all servers have answered.",
    ),
    own(
        "hover.deadline_seconds",
        SECONDS,
        "30",
        Reach::Editor,
        |settings, value| settings.hover.deadline_seconds = number(value),
        "How long a summary may take before it is given up, in seconds.",
    ),
    own(
        "navigation.enabled",
        Kind::Flag,
        "false",
        Reach::Editor,
        |settings, value| settings.navigation = value.as_bool().unwrap_or_default(),
        "Whether outlines, definitions and references are served too, for languages without a server of their own. Read when the server starts.",
    ),
    own(
        "lookup.deadline_seconds",
        SECONDS,
        "30",
        Reach::Editor,
        |settings, value| settings.lookup_deadline_seconds = number(value),
        "How long a look-up may take before the index answers alone, in seconds.",
    ),
    own(
        "explain.deadline_seconds",
        SECONDS,
        "60",
        Reach::Editor,
        |settings, value| settings.explain_deadline_seconds = number(value),
        "How long an explanation may take before the index answers alone, in seconds.",
    ),
    own(
        "refactor.deadline_seconds",
        SECONDS,
        "300",
        Reach::Editor,
        |settings, value| settings.refactor_deadline_seconds = number(value),
        "How long one step of a refactor may take, in seconds.",
    ),
    own(
        "refactor.review",
        REVIEW,
        "\"models\"",
        Reach::Lower,
        |settings, value| settings.review = value.clone().try_into::<ReviewPolicy>().unwrap_or_default(),
        "Which changes of several files are shown to you before they are applied.",
    ),
    own(
        "check.command",
        Kind::Command,
        "",
        Reach::Trusted,
        |settings, value| settings.check_command = value.clone().try_into().ok(),
        "A program that checks the workspace after a change, like [\"cargo\", \"check\"]. It runs the workspace's own code, so it is started only in a workspace that you trust, without a shell and without your keys.",
    ),
    own(
        "index.threads",
        Kind::Whole { least: 0, most: 1_024 },
        "0",
        Reach::Editor,
        |settings, value| settings.index_threads = size(value),
        "How many threads make the index; 0 is as many as the machine has cores.",
    ),
    own(
        "index.max_file_bytes",
        ANY,
        "1048576",
        Reach::Lower,
        |settings, value| settings.max_file_bytes = size(value),
        "Files larger than this are neither indexed nor sent, in bytes.",
    ),
    own(
        "index.store",
        Kind::Flag,
        "true",
        Reach::Editor,
        |settings, value| settings.keep_index = value.as_bool().unwrap_or_default(),
        "Whether the index is kept on disk, so that the next start parses only what changed.",
    ),
];

fn number(value: &Value) -> u64 {
    whole(value).unwrap_or_default()
}

fn size(value: &Value) -> usize {
    usize::try_from(number(value)).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests;
