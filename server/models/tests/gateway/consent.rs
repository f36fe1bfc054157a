use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use models::{AskPolicy, Gateway, Job, ModelError, Priority, Wire};
use testkit::{Match, Reply};
use tokio_util::sync::CancellationToken;

use crate::support::{World, job, word};

fn world(policy: AskPolicy) -> World {
    let world = World::with(Wire::Chat, |it| it.ask = policy);
    world.server.on(Match::any()).always(Reply::json(word("yes")).usage(5, 0, 3));
    world
}

/// Answers every question in the same way and counts them.
fn answering(gateway: &Gateway, answer: bool) -> Arc<AtomicUsize> {
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    gateway.ask_user_with(Arc::new(move |question| {
        assert!(question.host.starts_with("127.0.0.1:") && question.model == "nano-model", "{question:?}");
        count.fetch_add(1, Ordering::Relaxed);
        Box::pin(async move { answer })
    }));
    asked
}

async fn ask(gateway: &Gateway, job: &Job, priority: Priority) -> Result<(), ModelError> {
    gateway.ask_at(job, priority, &CancellationToken::new()).await.map(drop)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_yes_is_asked_for_once_and_outlives_the_process() {
    let world = world(AskPolicy::Always);
    let asked = answering(&world.gateway, true);
    let (first, second) = (job("edit", "one"), job("edit", "two"));
    let (a, b) =
        tokio::join!(ask(&world.gateway, &first, Priority::Interactive), ask(&world.gateway, &second, Priority::Interactive));
    assert_eq!((a, b), (Ok(()), Ok(())));
    assert_eq!(asked.load(Ordering::Relaxed), 1);
    let next = world.another(Wire::Chat, |it| it.ask = AskPolicy::Always);
    assert_eq!(ask(&next, &job("edit", "three"), Priority::Background).await, Ok(()));
    assert_eq!(world.server.requests().len(), 3);

    assert_eq!(models::forget_consents(&world.folder.path().join("state"), "0123456789abcdef").unwrap(), 1);
    let refused = ask(&next, &job("edit", "four"), Priority::Background).await.unwrap_err();
    assert_eq!(refused.code(), "not_allowed");
    let elsewhere = Job { workspace: "another".into(), ..job("edit", "five") };
    assert!(ask(&next, &elsewhere, Priority::Interactive).await.is_err());
    assert_eq!(world.server.requests().len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_no_holds_for_the_session_and_nothing_is_sent_or_reserved() {
    let world = world(AskPolicy::Always);
    let asked = answering(&world.gateway, false);
    for question in ["one", "two"] {
        let refused = ask(&world.gateway, &job("edit", question), Priority::Interactive).await.unwrap_err();
        assert!(matches!(refused, ModelError::NotAllowed { .. }), "{refused}");
    }
    assert_eq!(asked.load(Ordering::Relaxed), 1);
    assert_eq!(world.server.requests(), []);
    assert_eq!(world.lines(), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn work_that_nobody_waits_for_asks_nobody() {
    let world = world(AskPolicy::Always);
    let asked = answering(&world.gateway, true);
    assert!(ask(&world.gateway, &job("edit", "one"), Priority::Background).await.is_err());
    assert_eq!(asked.load(Ordering::Relaxed), 0);
    assert_eq!(world.server.requests(), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn this_machine_needs_no_word_and_another_one_does() {
    let local = world(AskPolicy::Remote);
    assert_eq!(ask(&local.gateway, &job("edit", "one"), Priority::Interactive).await, Ok(()));
    let remote = World::with(Wire::Chat, |it| it.tiers.values_mut().for_each(|profile| profile.endpoint.loopback = false));
    assert!(matches!(ask(&remote.gateway, &job("edit", "one"), Priority::Interactive).await, Err(ModelError::NotAllowed { .. })));
    assert_eq!(remote.server.requests(), []);
}
