//! Caps, the ledger and the cache: what is paid, and what is not paid twice.

use std::path::Path;
use std::sync::Arc;

use models::{Cost, Gateway, Prices, Tier, Wire};
use serde_json::json;
use testkit::{Match, Reply};
use tokio_util::sync::CancellationToken;

use crate::support::{World, job, word};

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_may_pass_a_cap_is_never_sent() {
    for cap in ["per_action", "per_day", "per_tier_day", "per_workspace_day"] {
        let world = World::with(Wire::Chat, |configuration| {
            let cent = Cost::from_micro_usd(100);
            match cap {
                "per_action" => configuration.caps.per_action = cent,
                "per_day" => configuration.caps.per_day = cent,
                "per_workspace_day" => configuration.caps.per_workspace_day = Some(cent),
                _ => drop(configuration.caps.per_tier_day.insert(Tier::Nano, cent)),
            }
        });
        let error = world.ask(&job("plan", "?")).await.unwrap_err();
        assert!(error.to_string().contains(cap), "{error}");
        assert_eq!((error.code(), world.server.requests().len(), world.lines().len()), ("over_budget", 0, 0));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_workspace_that_has_spent_its_share_leaves_the_others_theirs() {
    let world = World::with(Wire::Chat, |configuration| {
        configuration.caps.per_workspace_day = Some(Cost::from_micro_usd(1_000));
    });
    world.server.on(Match::any()).always(Reply::json(word("x")).usage(700, 0, 50));
    world.ask(&job("summary", "a")).await.unwrap();
    let error = world.ask(&job("summary", "b")).await.unwrap_err();
    assert!(error.to_string().contains("per_workspace_day"), "{error}");
    let mut elsewhere = job("summary", "b");
    elsewhere.workspace = "fedcba9876543210".into();
    world.ask(&elsewhere).await.unwrap();
    assert_eq!(world.server.requests().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_price_is_over_every_cap() {
    let world =
        World::with(Wire::Chat, |configuration| configuration.tiers.values_mut().for_each(|profile| profile.prices = None));
    let error = world.ask(&job("summary", "?")).await.unwrap_err();
    assert_eq!((error.code(), world.server.requests().len()), ("unknown_price", 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_ledger_only_a_free_server_is_asked() {
    let broken = |folder: &Path| {
        std::fs::create_dir_all(folder.join("state")).unwrap();
        std::fs::write(folder.join("state/ledger.sqlite"), "no database, but long enough to be looked at as one would be")
            .unwrap();
    };
    let paid = World::new(Wire::Chat);
    broken(paid.folder.path());
    assert_eq!(paid.ask(&job("plan", "?")).await.unwrap_err().code(), "ledger_unreadable");
    assert_eq!(paid.server.requests(), []);

    let free = World::with(Wire::Chat, |configuration| {
        configuration.tiers.values_mut().for_each(|profile| profile.prices = Some(Prices::FREE));
    });
    broken(free.folder.path());
    free.server.on(Match::any()).reply(Reply::json(word("x")));
    let job = job("plan", "?");
    let answer = free.ask(&job).await.unwrap();
    free.gateway.keep(&job, &answer);
    assert_eq!(free.gateway.peek(&job).map(|answer| answer.json), Some(word("x")));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_ledger_is_what_the_server_reported_to_the_token() {
    for wire in [Wire::Responses, Wire::Chat] {
        let world = World::new(wire);
        let slow = || Reply::status(429, json!({"error": {"message": "slow"}})).header("retry-after-ms", "1");
        let on = world.server.on(Match::any()).reply(slow()).reply(Reply::json(word("a")).usage(900, 300, 40).reasoning(7));
        let on = on.reply(Reply::refusal("no").usage(50, 0, 9)).reply(Reply::incomplete("{").usage(60, 1, 50));
        on.reply(Reply::json(json!({"text": 5})).usage(70, 70, 3)).reply(Reply::status(503, json!({})));
        for question in ["a", "b", "c", "d", "e"] {
            let kind = if question == "a" { "edit" } else { "summary" };
            drop(world.ask(&job(kind, question)).await);
        }
        let (lines, told) = (world.lines(), world.server.reported());
        let sum = |of: fn(&models::Usage) -> u64| lines.iter().map(|line| of(&line.usage)).sum::<u64>();
        assert_eq!(lines.len(), 6);
        assert_eq!((sum(|u| u.input), sum(|u| u.cached)), (told.input, told.cached));
        assert_eq!((sum(|u| u.output), sum(|u| u.reasoning)), (told.output, told.reasoning));
        let cost: Cost = lines.iter().map(|line| line.cost).sum();
        let tokens = u128::from(told.input - told.cached) * 1_000_000
            + u128::from(told.cached) * 100_000
            + u128::from(told.output) * 1_000_000;
        assert_eq!((cost.pico_usd(), world.gateway.ledger().total_today().unwrap()), (tokens, cost));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reply_without_usage_is_booked_at_its_worst() {
    let world = World::new(Wire::Chat);
    world.server.on(Match::any()).reply(Reply::json(word("x")).without_usage());
    let answer = world.ask(&job("summary", "?")).await.unwrap();
    let line = world.lines().remove(0);
    assert!(answer.usage.estimated && line.usage.estimated);
    assert_eq!((line.cost, line.usage.output), (line.reserved, 50));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_is_cached_only_when_the_callers_check_has_passed() {
    let world = World::new(Wire::Chat);
    world.server.on(Match::any()).reply(Reply::json(word("wrong"))).reply(Reply::json(word("right")));
    let job = job("summary", "?");
    let wrong = world.ask(&job).await.unwrap();
    assert_eq!(world.gateway.peek(&job), None);
    world.gateway.reject(&job, &wrong, "names a symbol that does not exist");
    let right = world.ask(&job).await.unwrap();
    world.gateway.keep(&job, &right);

    let later = world.another(Wire::Chat, |_| {});
    let answer = later.ask(&job, &CancellationToken::new()).await.unwrap();
    assert_eq!((answer.json, answer.cached, answer.cost), (word("right"), true, Cost::ZERO));
    assert_eq!(world.server.requests().len(), 2);
    let outcomes: Vec<_> = world.lines().into_iter().map(|line| (line.outcome.unwrap_or_default(), line.resolved)).collect();
    assert_eq!(outcomes, [("validation_fail".to_owned(), Some(false)), ("ok".to_owned(), Some(true))]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_a_process_was_killed_over_is_checked_by_the_next_and_not_paid_again() {
    let world = World::new(Wire::Chat);
    world.server.on(Match::any()).reply(Reply::json(word("paid"))).reply(Reply::json(word("asked anew")));
    let job = job("summary", "?");
    // Nobody says `keep` or `reject`, as where the process is killed before its check.
    assert_eq!(world.ask(&job).await.unwrap().json, word("paid"));

    let next = world.another(Wire::Chat, |_| {});
    assert_eq!(next.peek(&job), None, "nothing is shown that was not checked");
    let found = next.ask(&job, &CancellationToken::new()).await.unwrap();
    assert_eq!((&found.json, found.cached, found.cost), (&word("paid"), true, Cost::ZERO));
    assert_eq!(world.server.requests().len(), 1);
    next.reject(&job, &found, "it does not stand");
    assert_eq!(next.ask(&job, &CancellationToken::new()).await.unwrap().json, word("asked anew"), "it is not found again");
    assert_eq!(world.server.requests().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_ledger_keeps_what_the_cache_saved_and_what_whole_files_would_have_cost() {
    let world = World::new(Wire::Chat);
    world.server.on(Match::any()).always(Reply::json(word("x")).usage(60, 0, 10));
    let mut job = job("summary", "?");
    job.whole_bytes = 4_000;
    let answer = world.ask(&job).await.unwrap();
    world.gateway.keep(&job, &answer);
    world.ask(&job).await.unwrap();
    world.gateway.flush().await;
    let saved = |gateway: &Gateway| gateway.ledger().saved_since(std::time::UNIX_EPOCH).unwrap();
    assert_eq!(saved(&world.gateway), [], "who paid has saved nothing");
    let line = world.lines().remove(0);
    assert_eq!((line.whole_bytes, line.whole_files_cost.map(Cost::micro_usd)), (4_000, Some(1_000 + 10)));

    for _ in 0..2 {
        let later = world.another(Wire::Chat, |_| {});
        assert!(later.peek(&job).is_some());
        for _ in 0..3 {
            assert!(later.recall(&job).is_some());
        }
    }
    let saved = saved(&world.gateway);
    assert_eq!((saved.len(), saved[0].answers, saved[0].cost.micro_usd()), (1, 2, 140));
    assert_eq!((saved[0].kind.as_str(), saved[0].tier.as_str()), ("summary", "nano"));
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_may_change_the_answer_is_another_question() {
    let world = World::new(Wire::Chat);
    world.server.on(Match::any()).always(Reply::json(word("x")));
    let plain = job("summary", "line one\nline two");
    let answer = world.ask(&plain).await.unwrap();
    world.gateway.keep(&plain, &answer);
    let mut same = job("summary", "line one\r\nline two");
    (same.action, same.workspace) = (plain.action.clone(), "another".into());
    assert!(world.gateway.peek(&same).is_some());
    let changes: [fn(&mut models::Job); 6] = [
        |job| job.kind = "lookup",
        |job| job.prompt_version = 2,
        |job| job.instructions.push('!'),
        |job| job.max_output_tokens = 49,
        |job| job.schema.json["title"] = json!("t"),
        |job| job.tier = Tier::Mini,
    ];
    for (number, change) in changes.into_iter().enumerate() {
        let mut other = plain.clone();
        change(&mut other);
        assert_eq!(world.gateway.peek(&other), None, "change {number}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_equal_jobs_at_once_are_one_request() {
    let world = World::new(Wire::Chat);
    world.server.on(Match::any()).always(Reply::json(word("x")).held());
    let gateway = Arc::new(world.gateway);
    let asking: Vec<_> = (0..1_000)
        .map(|_| {
            let gateway = Arc::clone(&gateway);
            tokio::spawn(async move { gateway.ask(&job("summary", "?"), &CancellationToken::new()).await.unwrap() })
        })
        .collect();
    world.server.wait_for_requests(1);
    world.server.release();
    let mut paid = 0;
    for answer in asking {
        paid += u32::from(answer.await.unwrap().cost > Cost::ZERO);
    }
    assert_eq!((paid, world.server.requests().len()), (1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn two_processes_with_one_ledger_stay_under_one_cap() {
    let cap = |configuration: &mut models::Configuration| configuration.caps.per_day = Cost::from_micro_usd(2_000);
    let world = World::with(Wire::Chat, cap);
    world.server.on(Match::any()).always(Reply::json(word("x")).usage(60, 0, 10));
    let gateways: Vec<Arc<Gateway>> = (0..2).map(|_| Arc::new(world.another(Wire::Chat, cap))).collect();
    let asking: Vec<_> = (0..40)
        .map(|number| {
            let gateway = Arc::clone(&gateways[number % 2]);
            tokio::spawn(async move { gateway.ask(&job("summary", &format!("{number}?")), &CancellationToken::new()).await })
        })
        .collect();
    let mut refused = 0;
    for answer in asking {
        refused += u32::from(answer.await.unwrap().is_err_and(|error| error.code() == "over_budget"));
    }
    let told = world.server.reported();
    assert!(refused > 0 && told.replies > 0, "{refused} refused, {told:?}");
    assert!(told.input + told.output <= 2_000, "{told:?}");
    assert_eq!(world.gateway.ledger().total_today().unwrap().micro_usd(), told.input + told.output);
}
