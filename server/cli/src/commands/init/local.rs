//! Model servers that run on this machine already: told of, and written into the file only where the user says so.

use models::{LocalServer, Tier, local_server_at, local_servers};

use crate::commands::block_on;
use crate::failure::Failure;

/// So many models of a server are named.
const NAMED: usize = 5;

/// A server and the model that is to be asked there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Choice {
    pub(super) server: LocalServer,
    pub(super) model: String,
}

/// The servers that answer.
pub(super) fn found() -> Result<Vec<LocalServer>, Failure> {
    block_on(local_servers())
}

/// The server of a provider's name or at an address, and the model that is named or else its first.
pub(super) fn named(name: &str, model: Option<&str>) -> Result<Choice, Failure> {
    let is_address = name.contains("://");
    let servers = if is_address { block_on(local_server_at(name))?.into_iter().collect() } else { found()? };
    match servers.iter().find(|server| is_address || server.provider == name) {
        Some(server) => chosen(server, model),
        None if servers.is_empty() => Err(Failure::new(
            "not_found",
            format!("no model server answers on this machine{}", if is_address { " there" } else { "" }),
        )),
        None => {
            let names: Vec<&str> = servers.iter().map(|server| server.provider.as_str()).collect();
            Err(Failure::new("not_found", format!("{name} does not answer on this machine; {} does", names.join(", "))))
        }
    }
}

fn chosen(server: &LocalServer, model: Option<&str>) -> Result<Choice, Failure> {
    let listed = match model {
        None => server.models.first(),
        Some(model) => server.models.iter().find(|listed| *listed == model),
    };
    match listed {
        Some(listed) => Ok(Choice { server: server.clone(), model: listed.clone() }),
        None => Err(Failure::new("not_found", format!("{} lists no such model: {}", server.base_url, models(server)))),
    }
}

/// The first of the servers that the user takes. A server without a model is told of and not offered.
pub(super) fn offered(servers: &[LocalServer], mut agrees: impl FnMut(&str) -> bool) -> Option<Choice> {
    servers.iter().filter_map(|server| chosen(server, None).ok()).find(|choice| {
        agrees(&format!(
            "{} runs at {} with {}. Have {} asked for everything? Nothing leaves this machine, and it costs nothing.",
            choice.server.provider,
            choice.server.base_url,
            models(&choice.server),
            assist::markdown::plain(&choice.model),
        ))
    })
}

/// A server and its models in a line, for people.
pub(super) fn told(server: &LocalServer) -> String {
    let how = if server.models.is_empty() {
        "it lists no model yet".to_owned()
    } else {
        format!("`tierline init --local {}` has it asked", server.provider)
    };
    format!("{} runs at {} with {}; {how}", server.provider, server.base_url, models(server))
}

fn models(server: &LocalServer) -> String {
    if server.models.is_empty() {
        return "no model".to_owned();
    }
    let named: Vec<String> = server.models.iter().take(NAMED).map(|name| assist::markdown::plain(name)).collect();
    let more = server.models.len().saturating_sub(NAMED);
    if more == 0 { named.join(", ") } else { format!("{} and {more} more", named.join(", ")) }
}

/// The sections that name the server for every tier.
pub(super) fn sections(choice: &Choice) -> String {
    // What JSON writes as a text is one in TOML too.
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    let mut text =
        "\n# A server that ran on this machine when this file was written. The tiers may as well have models of their own.\n"
            .to_owned();
    for tier in Tier::ALL {
        text.push_str(&format!(
            "[tiers.{tier}]\nprovider = {}\nbase_url = {}\nmodel = {}\n# context_tokens = 8192  # as the server was started\n",
            quoted(&choice.server.provider),
            quoted(&choice.server.base_url),
            quoted(&choice.model),
        ));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server(provider: &str, models: &[&str]) -> LocalServer {
        LocalServer {
            provider: provider.to_owned(),
            base_url: "http://127.0.0.1:1/v1".to_owned(),
            models: models.iter().map(|name| (*name).to_owned()).collect(),
        }
    }

    #[test]
    fn the_first_that_the_user_takes_is_written_and_none_where_none_is_taken() {
        let servers = [server("llama_cpp", &[]), server("ollama", &["small", "large"]), server("vllm", &["v"])];
        let mut asked = Vec::new();
        let choice = offered(&servers, |question| {
            asked.push(question.to_owned());
            asked.len() == 2
        });
        assert_eq!(choice, Some(Choice { server: servers[2].clone(), model: "v".to_owned() }));
        assert!(asked[0].contains("small, large") && asked.len() == 2, "{asked:?}");
        assert_eq!(offered(&servers, |_| false), None);
    }

    #[test]
    fn a_name_that_a_server_made_up_is_a_text_and_nothing_else() {
        let choice = Choice { server: server("ollama", &[]), model: "a\"\n[caps]\nper_day = 1\u{200b}".to_owned() };
        let table: toml::Table = sections(&choice).parse().unwrap();
        assert_eq!(table.keys().collect::<Vec<_>>(), ["tiers"]);
        assert_eq!(table["tiers"]["nano"]["model"].as_str(), Some(choice.model.as_str()));
    }
}
