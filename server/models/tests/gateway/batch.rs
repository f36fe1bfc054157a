//! Batches: half the price, the same walls.

use models::{Configuration, Cost, Gateway, Job, Tier, Wire};
use serde_json::json;
use testkit::{Match, Reply};

use crate::support::{World, job, word};

fn with_batches(configuration: &mut Configuration) {
    configuration.tiers.values_mut().for_each(|profile| profile.terms.batch_percent = Some(50));
}

fn jobs(count: usize) -> Vec<Job> {
    (0..count).map(|number| Job { whole_bytes: 4_000, ..job("summary", &format!("{number}?")) }).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_is_sent_by_one_process_and_collected_by_another_at_half_the_price() {
    for wire in [Wire::Responses, Wire::Chat, Wire::Messages] {
        let world = World::with(wire, with_batches);
        world.server.takes_batches();
        let on = world
            .server
            .on(Match::any())
            .reply(Reply::json(word("x")).usage(60, 0, 10))
            .reply(Reply::refusal("no").usage(8, 0, 2));
        on.reply(Reply::status(500, json!({"error": {"message": "oops"}}))).always(Reply::json(word("y")).usage(40, 20, 10));
        let jobs = jobs(4);
        let ticket = world.gateway.send_batch(&jobs).await.unwrap();
        assert_eq!((ticket.jobs(), world.server.requests().len()), (4, 0));
        assert!(world.lines().iter().all(|line| line.state == "reserved"));
        assert!(!world.gateway.look_at_batch(&ticket).await.unwrap().has_ended());

        let later = world.another(wire, with_batches);
        let ticket = later.pending_batch(&jobs[0].workspace).unwrap();
        world.server.finish_batches();
        let state = later.look_at_batch(&ticket).await.unwrap();
        // The last job is not asked any more: it is paid for all the same.
        let answers = later.collect_batch(&ticket, &state, &jobs[..3]).await.unwrap();
        let ends: std::collections::BTreeMap<_, _> = answers.into_iter().collect();
        assert_eq!(ends.len(), 3, "{wire}");
        for (at, answer) in &ends {
            if let Ok(answer) = answer {
                later.keep(&jobs[*at], answer);
                assert_eq!(later.peek(&jobs[*at]).map(|kept| kept.json), Some(answer.json.clone()));
            }
        }
        assert_eq!(later.pending_batch(&jobs[0].workspace), None);
        let (told, cost) = (world.server.reported(), later.ledger().total_today().unwrap());
        let full = (told.input - told.cached) * 1_000_000 + told.cached * 100_000 + told.output * 1_000_000;
        assert_eq!(cost.pico_usd() * 2, u128::from(full), "{wire}");
        let states: Vec<_> = world.lines().iter().map(|line| line.state.clone()).collect();
        assert_eq!(states.iter().filter(|state| *state == "void").count(), 1);
        assert!(world.lines().iter().all(|line| line.whole_bytes == 4_000));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_holds_no_more_than_the_caps_allow_and_nothing_is_booked_for_one_that_is_refused() {
    let world = World::with(Wire::Chat, |configuration| {
        with_batches(configuration);
        configuration.caps.per_day = Cost::from_micro_usd(1_000);
    });
    assert_eq!(world.gateway.send_batch(&jobs(9)).await.unwrap_err().code(), "not_found");
    assert_eq!(world.gateway.ledger().total_today().unwrap(), Cost::ZERO);
    world.server.takes_batches();
    let ticket = world.gateway.send_batch(&jobs(9)).await.unwrap();
    let booked = world.gateway.ledger().total_today().unwrap();
    assert!(ticket.jobs() > 0 && ticket.jobs() < 9 && booked.micro_usd() <= 1_000, "{} {booked}", ticket.jobs());
}

#[tokio::test(flavor = "multi_thread")]
async fn equal_jobs_of_a_batch_are_one_request_and_one_line_of_the_ledger() {
    let world = World::with(Wire::Chat, with_batches);
    world.server.takes_batches();
    let jobs = [jobs(2), jobs(1)].concat();
    let ticket = world.gateway.send_batch(&jobs).await.unwrap();
    assert_eq!((jobs.len(), ticket.jobs(), world.lines().len()), (3, 2, 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_is_not_looked_for_at_another_server() {
    let world = World::with(Wire::Chat, with_batches);
    world.server.takes_batches();
    let ticket = world.gateway.send_batch(&jobs(1)).await.unwrap();
    let elsewhere = World::with(Wire::Chat, with_batches);
    assert_eq!(elsewhere.gateway.look_at_batch(&ticket).await.unwrap_err().code(), "not_configured");
    let percent = |gateway: &Gateway| gateway.batch_percent(Tier::Nano);
    assert_eq!((percent(&world.gateway), percent(&World::new(Wire::Chat).gateway)), (Some(50), None));
}
