//! Every behaviour of a server, over both protocols.

use std::time::Duration;

use models::{Configuration, ModelError, Tier, TokenLimitField, Wire};
use serde_json::json;
use testkit::{Match, Reply};

use crate::support::{World, job, word};

const WIRES: [Wire; 3] = [Wire::Responses, Wire::Chat, Wire::Messages];

#[tokio::test(flavor = "multi_thread")]
async fn a_request_says_what_is_wanted_and_the_reply_is_read() {
    for wire in WIRES {
        let world = World::new(wire);
        world.server.on(Match::any().containing("which?")).reply(Reply::json(word("this")).usage(40, 10, 5));
        let answer = world.ask(&job("lookup", "which?")).await.unwrap();
        assert_eq!((answer.json, answer.tier, answer.cached), (word("this"), Tier::Nano, false));
        assert_eq!((answer.usage.input, answer.usage.cached, answer.usage.output), (40, 10, 5));
        let request = world.server.requests().remove(0);
        assert_eq!((request.model(), request.prompt().starts_with("Answer in a word.")), (Some("nano-model"), true));
        let limit = if wire == Wire::Responses { "max_output_tokens" } else { "max_tokens" };
        assert_eq!(request.body[limit], json!(50));
        assert_eq!(request.body.get("temperature"), None);
        world.server.assert_all_matched();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn openai_gets_its_own_fields_and_nobody_else_does() {
    for wire in [Wire::Responses, Wire::Chat] {
        let openai = |configuration: &mut Configuration| {
            for profile in configuration.tiers.values_mut() {
                profile.endpoint.openai_fields = true;
                profile.endpoint.token_limit_field = TokenLimitField::MaxCompletionTokens;
                profile.effort = Some("none".into());
                profile.verbosity = Some("low".into());
            }
        };
        let world = World::with(wire, openai);
        world.server.on(Match::any()).reply(Reply::json(word("x")));
        world.ask(&job("lookup", "?")).await.unwrap();
        let body = world.server.requests().remove(0).body;
        let (effort, limit) = match wire {
            Wire::Responses => (&body["reasoning"]["effort"], &body["max_output_tokens"]),
            _ => (&body["reasoning_effort"], &body["max_completion_tokens"]),
        };
        let verbosity = if wire == Wire::Responses { &body["text"]["verbosity"] } else { &body["verbosity"] };
        assert_eq!(verbosity, &json!("low"));
        assert_eq!((effort, limit, &body["store"]), (&json!("none"), &json!(50), &json!(false)));
        assert_eq!(body["prompt_cache_key"], json!("lookup-1-01234567"));
        // A project may have set a dearer one for requests that name none.
        assert_eq!(body["service_tier"], json!("default"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_without_service_tiers_is_asked_for_none_and_still_told_to_store_nothing() {
    let world = World::with(Wire::Responses, |configuration| {
        configuration.tiers.values_mut().for_each(|profile| profile.endpoint.openai_fields = true);
    });
    let refused = Reply::status(400, json!({"error": {"message": "Unsupported parameter: 'service_tier'"}}));
    world.server.on(Match::any()).reply(refused).always(Reply::json(word("x")));
    world.ask(&job("lookup", "?")).await.unwrap();
    let bodies: Vec<_> = world.server.requests().into_iter().map(|request| request.body).collect();
    assert_eq!(bodies.len(), 2);
    assert_eq!((bodies[1].get("service_tier"), &bodies[1]["store"]), (None, &json!(false)));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_answer_is_never_taken_for_one() {
    let cases = [
        (Reply::refusal("I will not."), "refused", "refusal"),
        (Reply::incomplete("{\"text\": \"wh"), "incomplete", "incomplete"),
        (Reply::incomplete("{\"text\": \"whole\"}"), "incomplete", "incomplete"),
        (Reply::filtered(), "filtered", "error"),
        (Reply::text("{\"text\": \"cut"), "schema", "schema_fail"),
        (Reply::text("```json\n{\"text\": \"fenced\"}\n```"), "schema", "schema_fail"),
        (Reply::json(json!({"text": 1})), "schema", "schema_fail"),
        (Reply::json(json!({"text": "x", "more": 1})), "schema", "schema_fail"),
        (Reply::raw(200, "<html>"), "server", "error"),
        (Reply::raw(200, "{}"), "server", "error"),
        (Reply::json(word("x")).cut(), "cut", "error"),
        (Reply::json(word("x")).ended_early(), "cut", "error"),
        (Reply::json(word("x")).garbled(), "server", "error"),
        (Reply::huge(9 << 20), "transport", "error"),
        (Reply::endless(), "transport", "error"),
        (Reply::close(), "transport", "error"),
    ];
    for wire in WIRES {
        for (reply, code, outcome) in &cases {
            let world = World::new(wire);
            world.server.on(Match::any()).reply(reply.clone());
            let job = job("summary", "?");
            // Anthropic's filter and its model decline in the same word.
            let declined = wire == Wire::Messages && *code == "filtered";
            let (code, outcome) = if declined { (&"refused", &"refusal") } else { (code, outcome) };
            let error = world.ask(&job).await.unwrap_err();
            assert_eq!(error.code(), *code, "{wire} {reply:?} {error}");
            assert_eq!((world.server.requests().len(), world.gateway.peek(&job)), (1, None), "{wire} {reply:?}");
            let line = world.lines().remove(0);
            assert_eq!((line.state.as_str(), line.outcome.as_deref()), ("settled", Some(*outcome)), "{wire} {reply:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_error_is_retried_as_often_as_the_kind_of_job_allows() {
    for wire in WIRES {
        for (kind, requests) in [("summary", 1), ("lookup", 2), ("edit", 3), ("plan", 3)] {
            let world = World::new(wire);
            let slow = Reply::status(429, json!({"error": {"message": "slow", "code": "rate_limit_exceeded"}}));
            world.server.on(Match::any()).always(slow.header("retry-after-ms", "1"));
            let error = world.ask(&job(kind, "?")).await.unwrap_err();
            assert_eq!((error.code(), world.server.requests().len()), ("rate_limited", requests), "{wire} {kind}");
            assert!(world.lines().iter().all(|line| line.state == "void" && line.http_status == Some(429)));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_recovers_is_believed() {
    for wire in WIRES {
        let world = World::new(wire);
        let on = world
            .server
            .on(Match::any())
            .reply(Reply::status(500, json!({"error": {"message": "oops"}})).header("retry-after-ms", "1"));
        on.reply(Reply::json(word("yes")));
        assert_eq!(world.ask(&job("lookup", "?")).await.unwrap().json, word("yes"));
        let attempts: Vec<_> = world.lines().iter().map(|line| (line.attempt, line.http_status)).collect();
        assert_eq!(attempts, [(1, Some(500)), (2, Some(200))]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_money_and_no_key_are_final() {
    for wire in WIRES {
        for (status, code) in [(429, "insufficient_quota"), (429, "project_spend_limit_exceeded"), (401, "invalid_api_key")] {
            let world = World::new(wire);
            world.server.on(Match::any()).always(Reply::status(status, json!({"error": {"message": "no", "code": code}})));
            let error = world.ask(&job("plan", "?")).await.unwrap_err();
            assert_eq!((world.server.requests().len(), error.code()), (1, if status == 401 { "auth" } else { "quota" }));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_asks_to_wait_past_the_deadline_is_not_waited_for() {
    for seconds in ["90", "3600"] {
        let world = World::new(Wire::Chat);
        let slow = Reply::status(429, json!({"error": {"message": "slow"}})).header("retry-after", seconds);
        world.server.on(Match::any()).always(slow);
        for _ in 0..2 {
            let error = world.ask(&job("plan", "?")).await.unwrap_err();
            assert!(matches!(error, ModelError::RateLimited { retry_after: Some(_), .. }), "{error}");
        }
        assert_eq!(world.server.requests().len(), 1, "the second job knows that the server wants to be left alone");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_deadline_ends_a_request_that_stalls() {
    // Side by side, each with a deadline within which a request gets out on a busy machine too.
    let ended = WIRES.into_iter().flat_map(|wire| {
        [Reply::stall(), Reply::json(word("x")).held_in_the_middle()].map(|reply| {
            tokio::spawn(async move {
                let world = World::new(wire);
                world.server.on(Match::any()).reply(reply);
                let mut job = job("plan", "?");
                job.deadline = Duration::from_secs(3);
                assert_eq!(world.ask(&job).await.unwrap_err().code(), "timeout");
                tokio::task::block_in_place(|| world.server.wait_until_closed(0));
                assert_eq!(world.server.requests().len(), 1);
            })
        })
    });
    for cell in ended.collect::<Vec<_>>() {
        cell.await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redirect_is_not_followed() {
    let (world, elsewhere) = (World::new(Wire::Chat), testkit::ModelServer::start());
    let address = format!("{}/chat/completions", elsewhere.base_url());
    world.server.on(Match::any()).always(Reply::raw(307, "").header("location", address));
    let error = world.ask(&job("plan", "?")).await.unwrap_err();
    assert!(error.to_string().contains("base_url"), "{error}");
    assert_eq!(elsewhere.requests(), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_without_schemas_is_asked_in_words_and_remembered() {
    for wire in [Wire::Responses, Wire::Chat] {
        let world = World::new(wire);
        let refuse = |what: &str| Reply::status(400, json!({"error": {"message": format!("{what} is not supported")}}));
        let on = world
            .server
            .on(Match::any())
            .reply(refuse("response_format json_schema"))
            .reply(refuse("response_format json_object"));
        on.reply(Reply::text("```json\n{\"text\": \"a\"}\n```")).reply(Reply::text("{\"text\": \"b\"}"));
        assert_eq!(world.ask(&job("summary", "first?")).await.unwrap().json, word("a"));
        assert_eq!(world.ask(&job("summary", "second?")).await.unwrap().json, word("b"));
        let requests = world.server.requests();
        let schemas: Vec<_> = requests.iter().map(|request| request.schema_name().is_some()).collect();
        assert_eq!(schemas, [true, false, false, false]);
        assert!(requests[1..].iter().all(|request| request.prompt().contains("additionalProperties")));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn anthropic_is_asked_by_schema_then_by_tool_then_in_words() {
    let world = World::new(Wire::Messages);
    let refuse = |what: &str| Reply::status(400, json!({"error": {"message": format!("{what}: not permitted")}}));
    let on = world.server.on(Match::any()).reply(refuse("output_config.format")).reply(refuse("tool_choice"));
    on.reply(Reply::text("{\"text\": \"a\"}"));
    assert_eq!(world.ask(&job("summary", "first?")).await.unwrap().json, word("a"));
    let bodies: Vec<_> = world.server.requests().into_iter().map(|request| request.body).collect();
    let schema = &bodies[0]["output_config"]["format"]["schema"];
    assert_eq!(schema["properties"]["text"], json!({"type": "string"}), "no bounds");
    assert_eq!(bodies[1]["tool_choice"], json!({"type": "tool", "name": "word_v1"}));
    assert!(bodies[2].get("tools").is_none() && bodies[2]["system"].as_str().unwrap().contains("additionalProperties"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_field_that_a_server_refuses_is_left_out_and_stays_out() {
    let world = World::new(Wire::Chat);
    let refuse = |what: &str| Reply::status(400, json!({"error": {"message": format!("unknown parameter: {what}")}}));
    let on = world.server.on(Match::any()).reply(refuse("stream_options")).reply(refuse("stream"));
    on.reply(refuse("max_tokens")).always(Reply::json(word("a")));
    for question in ["first?", "second?"] {
        assert_eq!(world.ask(&job("summary", question)).await.unwrap().json, word("a"));
    }
    let later = world.another(Wire::Chat, |_| {});
    later.ask(&job("summary", "third?"), &Default::default()).await.unwrap();
    let requests = world.server.requests();
    let sent = |name: &str| requests.iter().map(|request| request.body.get(name).is_some()).collect::<Vec<_>>();
    assert_eq!(sent("stream_options"), [true, false, false, false, false, false]);
    assert_eq!(sent("max_tokens"), [true, true, true, false, false, false]);
    assert_eq!(requests[4].body["stream"], json!(false));
    assert_eq!(requests[4].body["max_completion_tokens"], json!(50));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_died_in_the_pool_is_replaced() {
    let world = World::new(Wire::Chat);
    world.server.on(Match::any()).reply(Reply::json(word("a")).then_close()).always(Reply::json(word("b")));
    for turn in 0..10 {
        world.ask(&job("summary", &format!("{turn}?"))).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_prompt_that_cannot_fit_is_not_sent() {
    let world = World::with(Wire::Chat, |configuration| {
        configuration.tiers.values_mut().for_each(|profile| profile.context_tokens = 1_000);
    });
    let error = world.ask(&job("plan", &"let it = be(1);\n".repeat(1_000))).await.unwrap_err();
    assert_eq!((error.code(), world.server.requests().len(), world.lines().len()), ("too_long", 0, 0));
}
