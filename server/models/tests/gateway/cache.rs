use models::{Part, Wire};
use testkit::{Match, Reply};

use crate::support::{World, job, word};

#[tokio::test(flavor = "multi_thread")]
async fn a_part_is_known_by_its_meaning_where_it_has_one() {
    let world = World::new(Wire::Chat);
    world.server.on(Match::any()).reply(Reply::json(word("yes")));
    let asked = |text: &str, meaning: &str| {
        let mut job = job("summary", "What is this?");
        job.input.push(Part::text(text).meaning(meaning));
        job
    };
    let first = asked("fn a() {}", "a");
    let answer = world.ask(&first).await.unwrap();
    world.gateway.keep(&first, &answer);
    let again = world.gateway.peek(&asked("fn a()  { /* the same */ }", "a")).unwrap();
    assert!(again.cached);
    assert!(world.gateway.peek(&asked("fn a() {}", "b")).is_none());
    // What a part says and what another one means are two things.
    let mut said = job("summary", "What is this?");
    said.input.push(Part::text("a"));
    assert!(world.gateway.peek(&said).is_none());
    assert_eq!(world.server.requests().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn line_ends_are_no_difference_and_versions_are() {
    let world = World::new(Wire::Chat);
    world.server.on(Match::any()).reply(Reply::json(word("yes")));
    let first = job("summary", "one\ntwo");
    let answer = world.ask(&first).await.unwrap();
    world.gateway.keep(&first, &answer);
    assert!(world.gateway.peek(&job("summary", "one\r\ntwo")).is_some());
    let mut other = first.clone();
    other.prompt_version += 1;
    assert!(world.gateway.peek(&other).is_none());
    assert!(world.gateway.peek(&job("explain", "one\ntwo")).is_none());
}
