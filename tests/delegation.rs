//! Which tier is asked, how often and why: against the scripted server, over every small job's own delegation.

use std::time::Duration;

use assist::{Flaw, Host, Settings, Unanswered, Why, delegate, lookup, prefetch, summarise};
use models::{ActionId, Gateway, Job, LedgerEntry, ModelError, Part, Schema, Tally, Tier};
use serde_json::{Value, json};
use testkit::{Match, Reply};
use tokio_util::sync::CancellationToken;

use crate::support::{SHOP, World};

fn job() -> Job {
    Job {
        kind: "classify",
        tier: Tier::Nano,
        prompt_version: 1,
        instructions: "Answer in a word.".into(),
        input: vec![Part::text("which one?")],
        schema: Schema {
            name: "word_v1",
            json: json!({
                "type": "object", "properties": {"word": {"type": "string"}}, "required": ["word"], "additionalProperties": false
            }),
        },
        max_output_tokens: 50,
        deadline: Duration::from_secs(60),
        action: ActionId::new(),
        workspace: "0123456789abcdef".into(),
        escalated_from: None,
        whole_bytes: 0,
        tally: Tally::default(),
    }
}

/// Only `good` stands, and who says `unknown` does not know.
fn check(answer: &Value) -> Result<String, Flaw> {
    match answer["word"].as_str() {
        Some("good") => Ok("good".to_owned()),
        Some("unknown") => Err(Flaw::Unable("the model does not know".to_owned())),
        other => Err(Flaw::Wrong(format!("{other:?} is not the word"))),
    }
}

async fn ask(gateway: &Gateway) -> Result<assist::Delegated<String>, Unanswered> {
    delegate(gateway, job(), Tier::Mini, &CancellationToken::new(), check).await
}

fn word(word: &str) -> Reply {
    Reply::json(json!({"word": word}))
}

/// The models that were asked, in their order.
fn asked(world: &World) -> Vec<String> {
    world.models.requests().iter().map(|request| request.model().unwrap().to_owned()).collect()
}

fn lines(gateway: &Gateway) -> Vec<LedgerEntry> {
    gateway.ledger().entries().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_is_refused_goes_back_once_and_then_one_tier_up() {
    let world = World::new(SHOP);
    let gateway = world.gateway();
    world.models.on(Match::any().model("nano-model")).always(word("bad"));
    world.models.on(Match::any().model("mini-model")).reply(word("worse")).reply(word("good"));
    let answered = ask(&gateway).await.unwrap();
    assert_eq!(asked(&world), ["nano-model", "nano-model", "mini-model", "mini-model"]);
    assert_eq!((answered.value.as_str(), answered.bill.source), ("good", assist::Source::Model(Tier::Mini)));
    // Four times a hundred tokens in and twenty out, a micro-dollar each.
    assert_eq!(answered.bill.cost.micro_usd(), 480);
    let prompts: Vec<String> = world.models.requests().iter().map(testkit::SeenRequest::prompt).collect();
    assert!(!prompts[0].contains("refused") && !prompts[2].contains("refused"), "{prompts:#?}");
    assert!(prompts[1].contains("Some(\"bad\") is not the word"), "{}", prompts[1]);
    assert!(prompts[3].contains("worse") && !prompts[3].contains("bad"), "each tier hears of its own answer: {}", prompts[3]);
    let lines = lines(&gateway);
    let why: Vec<_> = lines.iter().map(|line| (line.outcome.as_deref().unwrap(), line.escalated_from.as_deref())).collect();
    assert_eq!(
        why,
        [("validation_fail", None), ("validation_fail", None), ("validation_fail", Some("nano")), ("ok", Some("nano"))]
    );
    // What stands is kept as the answer of the job itself.
    let again = ask(&gateway).await.unwrap();
    assert_eq!((again.bill.cached, again.bill.cost.micro_usd(), world.models.requests().len()), (true, 0, 4));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shape_that_is_missed_twice_goes_one_tier_up_and_is_on_the_bill() {
    let world = World::new(SHOP);
    world.models.on(Match::any().model("nano-model")).reply(Reply::text("no JSON")).reply(Reply::incomplete("{\"word\": "));
    world.models.on(Match::any().model("mini-model")).reply(word("good"));
    let answered = ask(&world.gateway()).await.unwrap();
    assert_eq!(asked(&world), ["nano-model", "nano-model", "mini-model"]);
    assert_eq!(answered.bill.cost.micro_usd(), 360);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_declines_or_does_not_know_is_not_asked_twice() {
    for reply in [word("unknown"), Reply::refusal("I would rather not")] {
        let world = World::new(SHOP);
        world.models.on(Match::any().model("nano-model")).always(reply);
        world.models.on(Match::any().model("mini-model")).reply(word("good"));
        ask(&world.gateway()).await.unwrap();
        assert_eq!(asked(&world), ["nano-model", "mini-model"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_fault_of_the_transport_moves_a_job_to_a_dearer_tier() {
    let unavailable = || Reply::status(503, json!({"error": {"message": "overloaded"}}));
    for (first, code) in [(word("bad"), "server"), (unavailable(), "server")] {
        let world = World::new(SHOP);
        world.models.on(Match::any().model("nano-model")).reply(first).always(unavailable());
        let failed = ask(&world.gateway()).await.unwrap_err();
        assert_eq!(failed.code(), code);
        assert!(asked(&world).iter().all(|model| model == "nano-model"), "{:?}", asked(&world));
    }
    // What was paid for before the fault is on the bill.
    let world = World::new(SHOP);
    world.models.on(Match::any()).reply(word("bad")).always(Reply::status(401, json!({"error": {"message": "wrong key"}})));
    let failed = ask(&world.gateway()).await.unwrap_err();
    assert!(matches!(failed.why, Why::Model(ModelError::Auth(_))), "{failed}");
    assert_eq!((failed.bill.source, failed.bill.cost.micro_usd()), (assist::Source::Model(Tier::Nano), 120));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_was_kept_and_no_longer_stands_is_asked_for_anew() {
    let world = World::new(SHOP);
    let gateway = world.gateway();
    world.models.on(Match::any()).reply(word("good")).reply(word("better"));
    ask(&gateway).await.unwrap();
    let stands = |answer: &Value| if answer["word"] == "better" { Ok(()) } else { Err("it is not better".to_owned()) };
    let answered = delegate(&gateway, job(), Tier::Mini, &CancellationToken::new(), stands).await.unwrap();
    assert_eq!((asked(&world).len(), answered.bill.cost.micro_usd()), (2, 120));
    assert!(!world.models.requests()[1].prompt().contains("refused"), "it is the first question once more");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_prefetch_says_it_may_cost_covers_all_that_is_reserved_for_it() {
    let world = World::new(SHOP);
    let gateway = world.gateway();
    let long = format!("{{\"summary\": \"{}\"}}", "\\\" `no_such_name` ".repeat(60));
    world.models.on(Match::schema("summary_v1")).always(Reply::text(long));
    let host = Host::new(world.fixture.root(), Settings::default(), Some(gateway.clone()));
    host.index_folder(&|_| {}, &std::sync::atomic::AtomicBool::new(false));
    host.settle();
    let snapshot = host.snapshot();
    let wanted = prefetch(&snapshot, "src/store.rs");
    assert_eq!(wanted.symbols.len(), 2);
    for symbol in &wanted.symbols {
        let failed = summarise(&snapshot, symbol, &CancellationToken::new()).await.unwrap_err();
        assert_eq!(failed.code(), "answer_rejected");
    }
    let lines = lines(&gateway);
    assert_eq!(lines.len(), 8, "two symbols, two tiers, twice");
    let reserved: models::Cost = lines.iter().map(|line| line.reserved).sum();
    assert!(reserved <= wanted.worst, "{reserved} were reserved, {} were said", wanted.worst);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_look_up_whose_choices_were_refused_says_what_they_cost() {
    let world = World::new(SHOP);
    let gateway = world.gateway();
    world
        .models
        .on(Match::schema("lookup_v1"))
        .always(Reply::json(json!({"choices": [{"number": 99, "why": "it is far away"}]})));
    let host = Host::new(world.fixture.root(), Settings::default(), Some(gateway));
    host.index_folder(&|_| {}, &std::sync::atomic::AtomicBool::new(false));
    host.settle();
    let found = lookup(&host.snapshot(), "where is the store filled up again?", 3, &CancellationToken::new()).await;
    assert_eq!((found.bill.source, found.bill.cost.micro_usd()), (assist::Source::Index, 480));
    assert!(found.note.is_some_and(|note| note.contains("99")) && !found.hits.is_empty());
}
