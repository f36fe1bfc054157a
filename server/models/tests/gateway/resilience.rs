//! A server that fails, or that has enough to do.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use models::{Configuration, ModelError, Tier, Wire};
use serde_json::json;
use testkit::{Match, Reply};
use tokio_util::sync::CancellationToken;

use crate::support::{World, job, word};

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_fails_five_times_is_left_alone_and_the_error_says_until_when() {
    let world = World::new(Wire::Chat);
    world.server.on(Match::any()).always(Reply::status(500, json!({"error": {"message": "oops"}})));
    for number in 0..5 {
        assert_eq!(world.ask(&job("summary", &format!("{number}?"))).await.unwrap_err().code(), "server");
    }
    let error = world.ask(&job("summary", "one more?")).await.unwrap_err();
    assert!(matches!(&error, ModelError::Resting { again_in, .. } if *again_in > Duration::ZERO), "{error}");
    assert!(error.to_string().contains("oops"), "{error}");
    assert_eq!((world.server.requests().len(), world.lines().len()), (5, 5));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_key_is_no_fault_of_the_server() {
    let world = World::new(Wire::Chat);
    let refused = || Reply::status(401, json!({"error": {"message": "no such key"}}));
    let on = (0..6).fold(world.server.on(Match::any()), |on, _| on.reply(refused()));
    on.always(Reply::json(word("x")));
    for number in 0..6 {
        assert_eq!(world.ask(&job("plan", &format!("{number}?"))).await.unwrap_err().code(), "auth");
    }
    world.ask(&job("plan", "with the key that was mended?")).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_does_not_keep_to_the_schema_twice_is_asked_in_a_plainer_way() {
    let world = World::new(Wire::Chat);
    let wrong = || Reply::json(json!({"text": 5}));
    let on = world.server.on(Match::any()).reply(wrong()).reply(Reply::json(word("x"))).reply(wrong()).reply(wrong());
    on.always(Reply::json(word("x")));
    for (number, code) in ["schema", "", "schema", "schema", ""].into_iter().enumerate() {
        let asked = world.ask(&job("summary", &format!("{number}?"))).await;
        assert_eq!(asked.err().map(|error| error.code()).unwrap_or_default(), code, "{number}");
    }
    let kind = |request: &testkit::SeenRequest| request.body["response_format"]["type"].as_str().unwrap_or_default().to_owned();
    let kinds: Vec<_> = world.server.requests().iter().map(kind).collect();
    assert_eq!(kinds, ["json_schema", "json_schema", "json_schema", "json_schema", "json_object"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_money_at_once_and_after_the_rest_one_request_tries() {
    let no_rest = |configuration: &mut Configuration| {
        configuration.tiers.values_mut().for_each(|profile| profile.limits.rest = Duration::ZERO);
    };
    for (change, then) in [(None, "resting"), (Some(no_rest), "")] {
        let world = World::with(Wire::Chat, |configuration| change.into_iter().for_each(|change| change(configuration)));
        let broke = Reply::status(429, json!({"error": {"message": "pay", "code": "insufficient_quota"}}));
        world.server.on(Match::any()).reply(broke).always(Reply::json(word("x")));
        let error = world.ask(&job("plan", "a")).await.unwrap_err();
        assert!(error.to_string().contains("Add credit"), "{error}");
        let second = world.ask(&job("plan", "b")).await;
        assert_eq!(second.err().map(|error| error.code()).unwrap_or_default(), then);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_more_requests_are_under_way_than_a_tier_allows() {
    let two = |configuration: &mut Configuration| {
        configuration.tiers.values_mut().for_each(|profile| profile.limits.requests_at_once = 2);
    };
    let world = World::with(Wire::Chat, two);
    world.server.on(Match::any()).always(Reply::json(word("x")).held());
    let gateway = Arc::new(world.gateway);
    let asking: Vec<_> = (0..6)
        .map(|number| {
            let gateway = Arc::clone(&gateway);
            tokio::spawn(async move { gateway.ask(&job("summary", &format!("{number}?")), &CancellationToken::new()).await })
        })
        .collect();
    world.server.wait_for_requests(2);
    for _ in 0..1_000 {
        tokio::task::yield_now().await;
    }
    assert_eq!(world.server.requests().len(), 2, "the others wait");
    world.server.release();
    for answer in asking {
        answer.await.unwrap().unwrap();
    }
    assert_eq!(world.server.requests().len(), 6);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tier_over_its_requests_in_a_minute_waits_and_the_deadline_ends_the_waiting() {
    let one = |configuration: &mut Configuration| {
        configuration.tiers.values_mut().for_each(|profile| profile.limits.requests_per_minute = Some(1));
    };
    let world = World::with(Wire::Chat, one);
    world.server.on(Match::any()).always(Reply::json(word("x")));
    world.ask(&job("summary", "a")).await.unwrap();
    let mut second = job("summary", "b");
    second.deadline = Duration::from_millis(100);
    assert_eq!(world.ask(&second).await.unwrap_err().code(), "timeout");
    assert_eq!((world.server.requests().len(), world.lines().len()), (1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_used_up_limit_is_waited_for_before_the_next_request() {
    let at = SystemTime::now() + Duration::from_secs(100);
    let date = jiff::Timestamp::try_from(at).unwrap().to_string();
    for (wire, limit, reset, until) in [
        (Wire::Chat, "x-ratelimit-remaining-requests", "x-ratelimit-reset-requests", "1m30s"),
        (Wire::Messages, "anthropic-ratelimit-requests-remaining", "anthropic-ratelimit-requests-reset", date.as_str()),
    ] {
        let world = World::new(wire);
        world.server.on(Match::any()).reply(Reply::json(word("x")).header(limit, "0").header(reset, until));
        world.ask(&job("summary", "a")).await.unwrap();
        let error = world.ask(&job("summary", "b")).await.unwrap_err();
        assert!(matches!(error, ModelError::RateLimited { retry_after: Some(_), .. }), "{error}");
        assert_eq!(world.server.requests().len(), 1, "{wire}");
        // The limit is that model's own.
        world.server.on(Match::any()).reply(Reply::json(word("y")));
        let mut other = job("plan", "c");
        other.tier = Tier::Flagship;
        assert_eq!(world.ask(&other).await.unwrap().json, word("y"), "{wire}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_does_not_begin_in_time_is_not_waited_for() {
    for wire in [Wire::Responses, Wire::Chat, Wire::Messages] {
        let world = World::with(wire, |configuration| {
            let short = Duration::from_millis(100);
            configuration.tiers.values_mut().for_each(|profile| profile.deadlines.first_token = short);
        });
        world.server.on(Match::any()).reply(Reply::json(word("x")).held_before_text());
        let error = world.ask(&job("plan", "?")).await.unwrap_err();
        assert_eq!((error.code(), world.server.requests().len()), ("timeout", 1), "{wire}");
        world.server.wait_until_closed(0);
        let line = world.lines().remove(0);
        assert!(line.usage.estimated && line.cost == line.reserved, "{wire}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_drops_a_part_of_the_prompt_writes_no_code() {
    let code = "        let value = self.table.get(&key).copied().unwrap_or_default();\n".repeat(200);
    for (kind, read, code_of_error) in [("edit", 1_024, "truncated"), ("plan", 1_024, "truncated"), ("edit", 3_600, "")] {
        let world = World::new(Wire::Chat);
        world.server.on(Match::any()).reply(Reply::json(word("x")).usage(read, 0, 5));
        let asked = world.ask(&job(kind, &code)).await;
        assert_eq!(asked.err().map(|error| error.code()).unwrap_or_default(), code_of_error, "{kind} {read}");
        let line = world.lines().remove(0);
        assert_eq!((line.usage.input, line.state.as_str()), (read, "settled"), "it is paid for all the same");
    }
    let world = World::new(Wire::Chat);
    world.server.on(Match::any()).reply(Reply::json(word("x")).usage(1_024, 0, 5));
    assert_eq!(world.ask(&job("summary", &code)).await.unwrap().json, word("x"), "what only informs has its own check");
}
