//! What the server of the storm answers: the same for the same number of replies, whoever asks first.

use fastrand::Rng;
use serde_json::json;
use testkit::Reply;

use crate::support::word;

/// A good answer with its usage.
pub(super) fn good(input: u64, output: u64) -> Reply {
    Reply::json(word("x")).usage(input, input / 3, output)
}

/// Replies whose usage arrives or that cost nothing: answers, refusals, answers of a wrong shape, cut answers, failures, and every two
/// hundred a storm of requests to slow down.
pub(super) fn heard(count: usize) -> Vec<Reply> {
    let mut random = Rng::with_seed(20_261_124);
    (0..count).map(|number| if number % 200 < 15 { slow_down(&mut random) } else { plain(&mut random) }).collect()
}

/// The same with replies that break off.
pub(super) fn all(count: usize) -> Vec<Reply> {
    let mut random = Rng::with_seed(20_261_125);
    (0..count)
        .map(|number| match number % 200 {
            0..15 => slow_down(&mut random),
            _ if random.u8(..100) < 15 => broken(&mut random),
            _ => plain(&mut random),
        })
        .collect()
}

fn slow_down(random: &mut Rng) -> Reply {
    let error = json!({"error": {"message": "slow down", "code": "rate_limit_exceeded"}});
    Reply::status(429, error).header("retry-after-ms", random.u32(1..6).to_string())
}

fn plain(random: &mut Rng) -> Reply {
    let (input, cached, output) = (random.u64(50..250), random.u64(..50), random.u64(1..50));
    let used = |reply: Reply| reply.usage(input, cached, output).reasoning(output / 2);
    match random.u8(..100) {
        0..72 => used(Reply::json(word("x"))),
        72..79 => used(Reply::refusal("no")),
        79..86 => used(Reply::incomplete("{\"te")),
        86..91 => used(Reply::json(json!({"text": 5}))),
        91..96 => Reply::status(500, json!({"error": {"message": "oops"}})).header("retry-after-ms", "1"),
        _ => Reply::status(503, json!({"error": {"message": "busy"}})).header("retry-after-ms", "2"),
    }
}

fn broken(random: &mut Rng) -> Reply {
    let good = good(random.u64(50..250), random.u64(1..50));
    match random.u8(..7) {
        0 => good.cut(),
        1 => good.ended_early(),
        2 => good.garbled(),
        3 => good.held_in_the_middle(),
        4 => good.held_before_text(),
        5 => good.held(),
        _ => good.closed(),
    }
}
