//! Nobody waits any more: the request ends, and the ledger says so.

use models::Wire;
use testkit::{Match, Reply};
use tokio_util::sync::CancellationToken;

use crate::support::{World, job, word};

#[tokio::test(flavor = "multi_thread")]
async fn cancelling_closes_the_connection_and_books_the_worst() {
    for reply in [Reply::stall(), Reply::json(word("x")).held_in_the_middle()] {
        let world = World::new(Wire::Responses);
        world.server.on(Match::any()).reply(reply);
        let (cancel, job) = (CancellationToken::new(), job("plan", "?"));
        let (asked, ()) = tokio::join!(world.gateway.ask(&job, &cancel), async {
            tokio::task::block_in_place(|| world.server.wait_for_requests(1));
            cancel.cancel();
        });
        assert_eq!(asked.unwrap_err().code(), "cancelled");
        world.server.wait_until_closed(0);
        let line = loop {
            match world.lines().pop() {
                Some(line) if line.state != "reserved" => break line,
                _ => tokio::task::yield_now().await,
            }
        };
        assert_eq!((line.state.as_str(), line.outcome.as_deref()), ("settled", Some("cancelled")));
        assert!(line.usage.estimated && line.cost == line.reserved);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_goes_on_while_anybody_waits_for_it() {
    let world = World::new(Wire::Chat);
    world.server.on(Match::any()).reply(Reply::json(word("x")).held());
    let (leaving, job) = (CancellationToken::new(), job("plan", "?"));
    let stays = CancellationToken::new();
    let (left, stayed, ()) = tokio::join!(world.gateway.ask(&job, &leaving), world.gateway.ask(&job, &stays), async {
        tokio::task::block_in_place(|| world.server.wait_for_requests(1));
        leaving.cancel();
        tokio::task::yield_now().await;
        world.server.release();
    });
    assert_eq!(left.unwrap_err().code(), "cancelled");
    assert_eq!(stayed.unwrap().json, word("x"));
    assert_eq!(world.server.requests().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dropped_question_closes_the_connection_too() {
    let world = World::new(Wire::Chat);
    world.server.on(Match::any()).reply(Reply::stall());
    let job = job("plan", "?");
    let never = CancellationToken::new();
    tokio::select! {
        biased;
        _ = world.gateway.ask(&job, &never) => panic!("a stalled server answered"),
        () = async { drop(tokio::task::block_in_place(|| world.server.wait_for_requests(1))) } => {}
    }
    world.server.wait_until_closed(0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_was_cancelled_before_is_not_sent() {
    let world = World::new(Wire::Chat);
    let cancel = CancellationToken::new();
    cancel.cancel();
    assert_eq!(world.gateway.ask(&job("plan", "?"), &cancel).await.unwrap_err().code(), "cancelled");
    assert_eq!(world.server.requests(), []);
}
