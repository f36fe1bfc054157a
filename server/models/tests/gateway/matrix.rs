//! The matrix: every protocol against everything that a server may do. Each cell ends in the right answer or a typed error, the
//! ledger holds one line for each request that reached the server, and what the server reported is what is booked.

use std::time::Duration;

use models::{Configuration, Wire};
use serde_json::json;
use testkit::{Match, Reply};

use crate::support::{World, job, word};

const WIRES: [Wire; 3] = [Wire::Responses, Wire::Chat, Wire::Messages];

/// How the money of a request is booked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Booked {
    /// As the server reported it.
    Reported,
    /// At the worst case, because the server may have done the work and said nothing.
    Worst,
    /// Not at all: the server did no work.
    Nothing,
}

struct Cell {
    name: &'static str,
    streams: bool,
    replies: Vec<Reply>,
    /// The code of the error; empty for an answer.
    ends: &'static str,
    booked: Vec<Booked>,
}

fn cell(name: &'static str, replies: Vec<Reply>, ends: &'static str, booked: Vec<Booked>) -> Cell {
    Cell { name, streams: true, replies, ends, booked }
}

fn cells() -> Vec<Cell> {
    use Booked::{Nothing, Reported, Worst};
    let good = || Reply::json(word("right")).usage(70, 20, 9);
    let error = |status: u16| Reply::status(status, json!({"error": {"message": "oops"}}));
    vec![
        Cell { streams: false, ..cell("plain", vec![good()], "", vec![Reported]) },
        cell("stream", vec![good()], "", vec![Reported]),
        cell("a stream that nobody asked for", vec![Reply::raw(200, STREAM)], "server", vec![Worst]),
        cell("schema", vec![Reply::json(json!({"text": 1})).usage(8, 0, 3)], "schema", vec![Reported]),
        cell("refusal", vec![Reply::refusal("no").usage(8, 0, 3)], "refused", vec![Reported]),
        cell("incomplete", vec![Reply::incomplete("{\"text\"").usage(8, 0, 3)], "incomplete", vec![Reported]),
        cell("cut stream", vec![good().cut(), good().cut()], "cut", vec![Worst, Worst]),
        cell("cut stream, then well", vec![good().cut(), good()], "", vec![Worst, Reported]),
        cell("stream that ends early", vec![good().ended_early(), good().ended_early()], "cut", vec![Worst, Worst]),
        cell("malformed event", vec![good().garbled()], "server", vec![Worst]),
        cell("429 in ms", vec![error(429).header("retry-after-ms", "1"), good()], "", vec![Nothing, Reported]),
        cell("429 with Retry-After", vec![error(429).header("retry-after", "0.05"), good()], "", vec![Nothing, Reported]),
        cell("429 with a date", vec![error(429).header("retry-after", LONG_AGO), good()], "", vec![Nothing, Reported]),
        cell("429 with reset", vec![used_up(error(429)), good()], "", vec![Nothing, Reported]),
        cell("429 too long", vec![error(429).header("retry-after", "100000")], "rate_limited", vec![Nothing]),
        cell("500", vec![error(500).header("retry-after-ms", "1"), good()], "", vec![Nothing, Reported]),
        cell("slow first token", vec![good().held_before_text()], "timeout", vec![Worst]),
        cell("stall in the middle", vec![good().held_in_the_middle()], "cut", vec![Worst]),
        cell("never-ending stream", vec![Reply::endless()], "transport", vec![Worst]),
        cell("64 MiB", vec![Reply::text("x".repeat(64 << 20))], "server", vec![Worst]),
        Cell { streams: false, ..cell("64 MiB, plain", vec![Reply::huge(64 << 20)], "transport", vec![Worst]) },
    ]
}

/// A date that a clock behind the server's may show; it asks for no wait. What dates mean is tested where they are read.
const LONG_AGO: &str = "Sun, 06 Nov 1994 08:49:37 GMT";

fn used_up(reply: Reply) -> Reply {
    reply.header("x-ratelimit-remaining-tokens", "0").header("x-ratelimit-reset-tokens", "30ms")
}

/// The beginning of a stream of no protocol, under the name of plain JSON.
const STREAM: &str = "data: {\"no\": \"protocol\"}\n\ndata: {nothing\n\n";

#[tokio::test(flavor = "multi_thread")]
async fn every_protocol_ends_well_whatever_the_server_does() {
    for wire in WIRES {
        for Cell { name, streams, replies, ends, booked } in cells() {
            let world = World::with(wire, |configuration: &mut Configuration| {
                // Only where the server is silent on purpose does a deadline have to pass.
                let silent = matches!(name, "slow first token" | "stall in the middle");
                for profile in configuration.tiers.values_mut().filter(|_| silent) {
                    profile.deadlines.first_token = Duration::from_millis(300);
                    profile.deadlines.stall = Duration::from_millis(300);
                }
            });
            let mut on = world.server.on(Match::any());
            let refusals = usize::from(!streams);
            if !streams {
                // Asked to stream, it refuses, and is asked for a plain reply from then on.
                on = on.reply(Reply::status(400, json!({"error": {"message": "stream is not supported"}})));
            }
            for reply in replies {
                on = on.reply(reply);
            }
            let asked = world.ask(&job("lookup", "?")).await;
            let code = asked.as_ref().err().map(|error| error.code()).unwrap_or_default();
            assert_eq!(code, ends, "{wire}, {name}: {asked:?}");
            if let Ok(answer) = asked {
                assert_eq!(answer.json, word("right"), "{wire}, {name}");
            }
            let lines = world.lines();
            assert_eq!(lines.len(), world.server.requests().len(), "{wire}, {name}");
            let found: Vec<_> = lines[refusals..]
                .iter()
                .map(|line| match (line.state.as_str(), line.usage.estimated) {
                    ("void", _) => Booked::Nothing,
                    ("settled", true) if line.cost == line.reserved => Booked::Worst,
                    ("settled", false) => Booked::Reported,
                    other => panic!("{wire}, {name}: {other:?}"),
                })
                .collect();
            assert_eq!(found, booked, "{wire}, {name}");
            let reported: u64 =
                lines.iter().filter(|line| !line.usage.estimated).map(|line| line.usage.input + line.usage.output).sum();
            let told = world.server.reported();
            if !booked.contains(&Booked::Worst) {
                assert_eq!(reported, told.input + told.output, "{wire}, {name}");
            }
        }
    }
}
