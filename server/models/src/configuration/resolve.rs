//! From settings to a configuration. Every refusal is a sentence that says what to write instead.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use url::{Host, Url};

use super::dialect::{self, Dialect};
use super::dollars::Dollars;
use super::keys::{Keys, Variables, key};
use super::settings::{ProviderSettings, Settings, TierSettings};
use super::{Caps, Configuration, Deadlines, Endpoint, Limits, PriceSource, Profile, Table, Terms};
use crate::{Prices, Tier, Wire};

/// The settings cannot be meant as they stand.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ConfigError(pub String);

/// Gives the settings meaning. `env` looks up an environment variable; it is asked only for the names that the settings give or
/// that belong to a provider which the settings name. A tier whose key is missing is not an error: it is unavailable, with a reason.
pub fn resolve(
    settings: &Settings,
    env: &dyn Fn(&str) -> Option<String>,
    state_dir: &Path,
    cache_dir: &Path,
) -> Result<Configuration, ConfigError> {
    resolve_with(settings, &Variables(env), state_dir, cache_dir)
}

/// The same with keys that programs may print too.
pub fn resolve_with(
    settings: &Settings,
    keys: &dyn Keys,
    state_dir: &Path,
    cache_dir: &Path,
) -> Result<Configuration, ConfigError> {
    let table = Table::built_in();
    let mut configuration = Configuration::none(state_dir, cache_dir);
    configuration.caps = caps(settings);
    configuration.ask = settings.egress.ask;
    match settings.team_cache.as_ref().map(|team| super::team::team_cache(team, &|name| keys.variable(name))).transpose() {
        Ok(team_cache) => configuration.team_cache = team_cache,
        Err(ConfigError(reason)) => configuration.problems.push(reason),
    }
    for tier in Tier::ALL {
        let own = settings.tiers.get(&tier);
        if own.is_none() && settings.provider.is_none() {
            continue;
        }
        let own = own.cloned().unwrap_or_default();
        match profile(tier, &own, settings, &table, keys).map_err(|error| ConfigError(format!("tier {tier}: {}", error.0)))? {
            Ok(profile) => drop(configuration.tiers.insert(tier, profile)),
            Err(reason) => drop(configuration.unavailable.insert(tier, reason)),
        }
    }
    Ok(configuration)
}

fn caps(settings: &Settings) -> Caps {
    let unset = Caps::default();
    Caps {
        per_action: settings.caps.per_action.map_or(unset.per_action, |dollars| dollars.cost()),
        per_day: settings.caps.per_day.map_or(unset.per_day, |dollars| dollars.cost()),
        per_tier_day: settings.caps.per_tier_day.iter().map(|(tier, dollars)| (*tier, dollars.cost())).collect(),
        per_workspace_day: settings.caps.per_workspace_day.map(Dollars::cost),
    }
}

/// A profile, or the reason why the tier cannot be asked.
fn profile(
    tier: Tier,
    own: &TierSettings,
    settings: &Settings,
    table: &Table,
    keys: &dyn Keys,
) -> Result<Result<Profile, String>, ConfigError> {
    let Some(name) = own.provider.as_deref().or(settings.provider.as_deref()) else {
        return Err(ConfigError(
            "no provider: write provider = \"openai\", provider = \"local\", another built-in one, or the name of a [providers] table".into(),
        ));
    };
    let (provider, dialect) = provider(name, &settings.providers)?;
    let Some(address) = own.base_url.as_deref().or(provider.base_url.as_deref()) else {
        return Err(ConfigError(format!("provider `{name}` has no address: write base_url = \"https://.../v1\"")));
    };
    let url = checked(address)?;
    let loopback = is_loopback(&url);
    let Some(model) = own.model.clone().or_else(|| table.defaults.get(name)?.get(&tier).cloned()) else {
        return Err(ConfigError(format!("no model: write model = \"...\", as the provider `{name}` calls it")));
    };
    let known = if dialect.priced { table.row(&model) } else { None };
    let (prices, price_source) = match (own.price, known) {
        (Some(price), _) => (Some(price.prices()), PriceSource::Configured),
        (None, Some(row)) => (Some(row.price.prices()), table.source_of(row)),
        (None, None) if dialect.free && loopback => (Some(Prices::FREE), PriceSource::ThisMachine),
        (None, None) => (None, PriceSource::Unknown),
    };
    let terms = Terms {
        price_source,
        batch_percent: own.batch_percent.map(|percent| percent.min(100)).or(known.and_then(|row| row.batch)),
        shutdown: known.and_then(|row| row.shutdown.clone()),
        replacement: known.and_then(|row| row.replacement.clone()),
    };
    let azure = matches!(url.host(), Some(Host::Domain(host)) if host.ends_with(".openai.azure.com"));
    // Azure is known by its address, whatever the user calls it.
    let dialect = if azure { dialect::built_in().remove("azure").unwrap_or(dialect) } else { dialect };
    let key = match key(own, &provider, &url, keys) {
        Ok(key) => key,
        Err(reason) => return Ok(Err(reason)),
    };
    let of_tier = |wanted: &BTreeMap<Tier, String>| if dialect.priced { wanted.get(&tier).cloned() } else { None };
    let effort = own
        .effort
        .clone()
        .or_else(|| of_tier(&table.effort).map(|wanted| known.map_or(wanted.clone(), |row| row.effort(&wanted))));
    let verbosity = own.verbosity.clone().or_else(|| of_tier(&table.verbosity));
    Ok(Ok(Profile {
        endpoint: Endpoint {
            // As it was understood and checked, not as it was written: `https:/host` is an address too.
            base_url: url.as_str().trim_end_matches('/').to_owned(),
            wire: own.wire.or(provider.wire).or(dialect.wire).unwrap_or(Wire::Chat),
            key,
            key_header: dialect.key_header,
            token_limit_field: own.token_limit_field.unwrap_or(dialect.token_limit_field),
            openai_fields: dialect.openai_fields,
            first_rung: dialect.first_rung,
            headers: dialect.headers,
            loopback,
        },
        model,
        prices,
        context_tokens: own.context_tokens.or(known.map(|row| row.context_tokens)).unwrap_or(8_192),
        max_output_tokens: own.max_output_tokens.or(known.map(|row| row.max_output_tokens)).unwrap_or(4_096),
        effort: effort.filter(|effort| !effort.is_empty()),
        verbosity: verbosity.filter(|verbosity| !verbosity.is_empty()),
        timeout: Duration::from_secs(own.timeout_seconds.unwrap_or(600).clamp(1, 3_600)),
        deadlines: own.first_token_seconds.map_or(Deadlines::default(), |seconds| Deadlines {
            first_token: Duration::from_secs(seconds.clamp(1, 3_600)),
            ..Deadlines::default()
        }),
        limits: Limits {
            // A server on this machine answers few at once, and the others wait here, where they have an order.
            requests_at_once: own.requests_at_once.unwrap_or(if loopback { 4 } else { Limits::default().requests_at_once }),
            requests_per_minute: own.requests_per_minute,
            tokens_per_minute: own.tokens_per_minute,
            ..Limits::default()
        },
        terms,
    }))
}

/// The provider of a name: what is built in, with the user's own table over it.
fn provider(name: &str, tables: &BTreeMap<String, ProviderSettings>) -> Result<(ProviderSettings, Dialect), ConfigError> {
    let own = tables.get(name).cloned();
    let mut known = dialect::built_in();
    let dialect = match known.remove(name) {
        Some(dialect) => dialect,
        None if own.is_some() => Dialect::default(),
        None => {
            let names = known.into_keys().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(", ");
            return Err(ConfigError(format!(
                "provider `{name}` is not known: write one of {names}, or add a [providers.{name}] table with a base_url"
            )));
        }
    };
    let own = own.unwrap_or_default();
    // A key belongs to its address: another address does not inherit the built-in key.
    let inherits = own.base_url.is_none() || dialect.base_url.is_none();
    let is_elsewhere = own.key_command.is_some() || own.key_keychain.is_some();
    let inherited = dialect.key_env.clone().filter(|_| inherits && !is_elsewhere);
    let (key_env, base_url) = (own.key_env.clone().or(inherited), own.base_url.clone().or_else(|| dialect.base_url.clone()));
    Ok((ProviderSettings { key_env, base_url, ..own }, dialect))
}

fn checked(address: &str) -> Result<Url, ConfigError> {
    let url = Url::parse(address).map_err(|error| ConfigError(format!("base_url `{address}` is no address: {error}")))?;
    if !url.username().is_empty() || url.password().is_some() || url.query().is_some() || url.fragment().is_some() {
        return Err(ConfigError("base_url must be an address alone: no user, password, query or fragment".into()));
    }
    match url.scheme() {
        "https" => Ok(url),
        "http" if is_loopback(&url) => Ok(url),
        _ => Err(ConfigError(format!("base_url `{address}` must begin with https://; http:// is allowed only to this machine"))),
    }
}

pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Cost, KeyHeader, TokenLimitField};

    fn resolved(toml: &str, variables: &[(&str, &str)]) -> Result<Configuration, ConfigError> {
        let settings: Settings = toml::from_str(toml).unwrap();
        let env = |name: &str| variables.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
        resolve(&settings, &env, Path::new("/state"), Path::new("/cache"))
    }

    #[test]
    fn a_key_in_the_environment_alone_configures_nothing() {
        let configuration = resolved("", &[("OPENAI_API_KEY", "sk-1")]).unwrap();
        assert!(configuration.tiers.is_empty() && configuration.unavailable.is_empty());
    }

    #[test]
    fn naming_the_provider_configures_all_three_tiers() {
        let configuration = resolved("provider = \"openai\"", &[("OPENAI_API_KEY", "sk-1")]).unwrap();
        let models: Vec<_> = configuration.tiers.values().map(|profile| profile.model.as_str()).collect();
        assert_eq!(models, ["gpt-5.4-nano", "gpt-5.4-mini", "gpt-5.4"]);
        let nano = &configuration.tiers[&Tier::Nano];
        assert_eq!((nano.endpoint.wire, nano.prices.map(|prices| prices.cached)), (Wire::Responses, Some(20_000)));
        assert!(!format!("{configuration:?}").contains("sk-1"));
    }

    #[test]
    fn a_missing_key_makes_a_tier_unavailable_and_says_which_variable_to_set() {
        let configuration = resolved("provider = \"openai\"", &[]).unwrap();
        assert!(configuration.tiers.is_empty());
        assert!(configuration.unavailable[&Tier::Nano].contains("OPENAI_API_KEY"));
    }

    #[test]
    fn a_missing_secret_of_the_teams_cache_is_said_and_disables_nothing_else() {
        let toml = "provider = \"openai\"\n[team_cache]\nuri = \"redis://cache.example\"\nkey_env = \"TEAM\"";
        let configuration = resolved(toml, &[("OPENAI_API_KEY", "sk-1")]).unwrap();
        assert_eq!((configuration.tiers.len(), configuration.team_cache), (3, None));
        assert!(configuration.problems[0].contains("TEAM"), "{:?}", configuration.problems);
    }

    #[test]
    fn a_program_prints_the_key_of_its_own_address_only() {
        struct Printer;
        impl Keys for Printer {
            fn variable(&self, name: &str) -> Option<String> {
                Some(format!("variable {name}"))
            }

            fn printed(&self, command: &[String]) -> Result<String, String> {
                if command[0] == "pass" { Ok(format!("{}\n", command[1])) } else { Err("it is locked".to_owned()) }
            }

            fn kept(&self, name: &str) -> Result<String, String> {
                if name == "work" { Ok("kept".to_owned()) } else { Err("there is none".to_owned()) }
            }
        }
        let resolved = |toml: &str| {
            let settings: Settings = toml::from_str(toml).unwrap();
            resolve_with(&settings, &Printer, Path::new("/state"), Path::new("/cache")).unwrap()
        };
        let provider = "provider = \"openai\"\n[providers.openai]\nkey_command = [\"pass\", \"openai\"]\n";
        let key = |configuration: &Configuration, tier| configuration.tiers[&tier].endpoint.key.clone();
        let all = resolved(provider);
        assert!(key(&all, Tier::Nano).is_some_and(|key| key.expose() == "openai"));
        let own = resolved(&format!("{provider}[tiers.mini]\nkey_env = \"MINE\""));
        assert!(key(&own, Tier::Mini).is_some_and(|key| key.expose() == "variable MINE"));
        let moved = resolved(&format!("{provider}[tiers.nano]\nbase_url = \"https://elsewhere.example/v1\""));
        assert_eq!(key(&moved, Tier::Nano), None);
        let locked = resolved("provider = \"openai\"\n[providers.openai]\nkey_command = [\"vault\"]");
        assert!(locked.unavailable[&Tier::Nano].contains("it is locked"), "{:?}", locked.unavailable);
        // The same holds for what the keychain keeps, and the variable of a built-in provider is not looked at beside it.
        let kept = resolved(
            "provider = \"openai\"\n[providers.openai]\nkey_keychain = \"work\"\n[tiers.nano]\nbase_url = \"https://elsewhere.example/v1\"\n\
             [tiers.flagship]\nkey_keychain = \"home\"",
        );
        assert!(key(&kept, Tier::Mini).is_some_and(|key| key.expose() == "kept"));
        assert_eq!(key(&kept, Tier::Nano), None);
        let reason = &kept.unavailable[&Tier::Flagship];
        assert!(reason.contains("`home`") && reason.contains("there is none"), "{reason}");
    }

    #[test]
    fn a_key_is_not_sent_to_another_address_than_its_own() {
        let toml = "[tiers.nano]\nprovider = \"openai\"\nbase_url = \"https://elsewhere.example/v1\"";
        let configuration = resolved(toml, &[("OPENAI_API_KEY", "sk-1")]).unwrap();
        assert_eq!(configuration.tiers[&Tier::Nano].endpoint.key, None);
        let toml = "provider = \"openai\"\n[providers.openai]\nbase_url = \"https://elsewhere.example/v1\"";
        let configuration = resolved(toml, &[("OPENAI_API_KEY", "sk-1")]).unwrap();
        assert_eq!(configuration.tiers[&Tier::Nano].endpoint.key, None);
    }

    #[test]
    fn a_local_server_is_free_and_speaks_chat() {
        let toml = "[tiers.nano]\nprovider = \"local\"\nbase_url = \"http://localhost:11434/v1/\"\nmodel = \"qwen\"";
        let nano = resolved(toml, &[]).unwrap().tiers.remove(&Tier::Nano).unwrap();
        assert_eq!((nano.endpoint.base_url.as_str(), nano.endpoint.wire), ("http://localhost:11434/v1", Wire::Chat));
        assert_eq!((nano.prices, nano.endpoint.token_limit_field), (Some(Prices::FREE), TokenLimitField::MaxTokens));
    }

    #[test]
    fn an_address_is_asked_as_it_was_checked() {
        for (written, asked) in [
            ("https:/gpu.example/v1", "https://gpu.example/v1"),
            (" HTTPS://GPU.example:443/v1// ", "https://gpu.example/v1"),
            ("http:localhost:8080/v1", "http://localhost:8080/v1"),
        ] {
            let toml = format!("[tiers.nano]\nprovider = \"local\"\nbase_url = \"{written}\"\nmodel = \"m\"");
            let nano = resolved(&toml, &[]).unwrap().tiers.remove(&Tier::Nano).unwrap();
            assert_eq!(nano.endpoint.base_url, asked, "{written}");
        }
    }

    #[test]
    fn each_built_in_provider_is_spoken_to_in_its_way() {
        let keys = [("ANTHROPIC_API_KEY", "k"), ("AZURE_OPENAI_API_KEY", "k"), ("OPENROUTER_API_KEY", "k")];
        for (name, more, wire, header, free) in [
            ("anthropic", "", Wire::Messages, KeyHeader::XApiKey, false),
            ("azure", "base_url = \"https://r.openai.azure.com/openai/v1\"", Wire::Responses, KeyHeader::ApiKey, false),
            ("ollama", "", Wire::Chat, KeyHeader::Bearer, true),
            ("lm_studio", "", Wire::Chat, KeyHeader::Bearer, true),
            ("vllm", "base_url = \"https://gpu.example/v1\"", Wire::Chat, KeyHeader::Bearer, false),
            ("litellm", "", Wire::Chat, KeyHeader::Bearer, false),
            ("openrouter", "", Wire::Chat, KeyHeader::Bearer, false),
        ] {
            let toml = format!("[tiers.nano]\nprovider = \"{name}\"\nmodel = \"m\"\n[providers.{name}]\n{more}");
            let nano = resolved(&toml, &keys).unwrap().tiers.remove(&Tier::Nano).unwrap();
            assert_eq!((nano.endpoint.wire, nano.endpoint.key_header, nano.prices.is_some()), (wire, header, free), "{name}");
        }
    }

    #[test]
    fn a_model_that_is_not_in_the_table_has_no_price_until_it_is_given_one() {
        let toml = "[tiers.mini]\nprovider = \"openai\"\nmodel = \"gpt-9\"";
        let key = [("OPENAI_API_KEY", "sk-1")];
        assert_eq!(resolved(toml, &key).unwrap().tiers[&Tier::Mini].prices, None);
        let priced = format!("{toml}\nprice = {{ input = 1, cached = 0.1, output = 10 }}");
        assert_eq!(resolved(&priced, &key).unwrap().tiers[&Tier::Mini].prices.map(|prices| prices.cached), Some(100_000));
    }

    #[test]
    fn effort_and_verbosity_come_from_the_table_and_a_users_word_counts_as_it_is() {
        let key = [("OPENAI_API_KEY", "sk-1")];
        let mini = |toml: &str| resolved(toml, &key).unwrap().tiers.remove(&Tier::Mini).unwrap();
        let of = |profile: Profile| (profile.effort.unwrap_or_default(), profile.verbosity.unwrap_or_default());
        assert_eq!(of(mini("provider = \"openai\"")), ("low".into(), "low".into()));
        let nano = "provider = \"openai\"\n[tiers.nano]\nmodel = \"gpt-6.1-sol\"";
        assert_eq!(resolved(nano, &key).unwrap().tiers[&Tier::Nano].effort.as_deref(), Some("low"));
        let own = "provider = \"openai\"\n[tiers.mini]\neffort = \"minimal\"\nverbosity = \"medium\"";
        assert_eq!(of(mini(own)), ("minimal".into(), "medium".into()));
        let local = "[tiers.mini]\nprovider = \"ollama\"\nmodel = \"m\"";
        assert_eq!(of(mini(local)), (String::new(), String::new()));
    }

    #[test]
    fn wrong_settings_are_refused_with_a_sentence_that_says_what_to_write() {
        for (toml, said) in [
            ("[tiers.nano]\nmodel = \"x\"", "provider ="),
            ("[tiers.nano]\nprovider = \"acme\"", "[providers.acme]"),
            ("provider = \"acme\"\n[providers.acme]", "base_url ="),
            ("provider = \"acme\"\n[providers.acme]\nbase_url = \"https://acme.example/v1\"", "model ="),
            ("provider = \"local\"\n[providers.local]\nbase_url = \"http://192.168.1.5:8080/v1\"", "https://"),
            ("provider = \"local\"\n[providers.local]\nbase_url = \"https://user:pass@acme.example/v1\"", "no user"),
        ] {
            let error = resolved(toml, &[]).unwrap_err().to_string();
            assert!(error.contains(said), "{error}");
        }
    }

    #[test]
    fn caps_are_two_dollars_a_day_unless_set() {
        let caps = resolved("[caps]\nper_action = 0.01\nper_workspace_day = 1\n[caps.per_tier_day]\nflagship = \"1.50\"", &[])
            .unwrap()
            .caps;
        assert_eq!((caps.per_action.micro_usd(), caps.per_day.micro_usd()), (10_000, 2_000_000));
        assert_eq!(caps.per_tier_day[&Tier::Flagship].micro_usd(), 1_500_000);
        assert_eq!(caps.per_workspace_day.map(Cost::micro_usd), Some(1_000_000));
    }
}
