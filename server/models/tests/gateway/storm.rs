//! A storm: jobs of three processes that share one ledger, to a server that refuses, fails, cuts, stalls and asks to slow down, while
//! jobs are cancelled. What the ledger books is compared with what the server bills, job by job and to the pico-dollar.
//!
//! What is equal, exactly: a job all of whose replies arrived is booked at what the server bills for it. A reply that broke off (by a
//! cut, a deadline, a cancel) is booked at its worst case, because its usage never arrived; so no job is ever booked below its bill.
//!
//! `cargo test` runs some hundred jobs; `tests/gateway/storm` runs ten thousand and prints the figures.

mod replies;
mod worker;

use std::collections::BTreeMap;
use std::process::Command;

use models::{Gateway, LedgerEntry};
use testkit::{Match, ModelServer, Reported, SeenRequest};

use worker::Orders;

const PROCESSES: usize = 3;
const DOLLAR: u128 = 1_000_000_000_000;

/// What is booked and billed for one job, in pico-dollars.
#[derive(Debug, Default)]
struct Account {
    booked: u128,
    billed: u128,
    broken_off: bool,
}

struct Storm {
    lines: Vec<LedgerEntry>,
    requests: Vec<SeenRequest>,
    ends: BTreeMap<String, u64>,
    price: u64,
    _folder: tempfile::TempDir,
}

impl Storm {
    /// Runs the jobs in processes of their own and reads what is left of them.
    fn rage(replies: Vec<testkit::Reply>, orders: impl Fn(usize) -> Orders) -> Storm {
        let (server, folder) = (ModelServer::start(), tempfile::tempdir().unwrap());
        replies.into_iter().fold(server.on(Match::any()), |on, reply| on.reply(reply)).always(replies::good(100, 20));
        let mut price = 0;
        let processes: Vec<_> = (0..PROCESSES)
            .map(|process| {
                let orders = Orders { base_url: server.base_url(), folder: folder.path().to_owned(), process, ..orders(process) };
                price = orders.price;
                Command::new(std::env::current_exe().unwrap())
                    .args(["storm::worker::process", "--exact", "--ignored", "--quiet"])
                    .env(worker::ORDERS, serde_json::to_string(&orders).unwrap())
                    .stdout(std::process::Stdio::null())
                    .spawn()
                    .unwrap()
            })
            .collect();
        for mut process in processes {
            assert!(process.wait().unwrap().success(), "a process of the storm failed");
        }
        let mut ends = BTreeMap::new();
        for process in 0..PROCESSES {
            let told: BTreeMap<String, u64> =
                serde_json::from_slice(&std::fs::read(worker::ends_file(folder.path(), process)).unwrap()).unwrap();
            told.into_iter().for_each(|(end, count)| *ends.entry(end).or_default() += count);
        }
        let configuration = models::Configuration::none(folder.path().join("state"), folder.path().join("cache"));
        let lines = Gateway::new(configuration).ledger().entries().unwrap();
        Storm { lines, requests: server.requests(), ends, price, _folder: folder }
    }

    fn bill(&self, reported: Option<Reported>) -> u128 {
        let times = |tokens: u64, price: u64| u128::from(tokens) * u128::from(price);
        reported.map_or(0, |usage| {
            times(usage.input - usage.cached, self.price) + times(usage.cached, self.price / 10) + times(usage.output, self.price)
        })
    }

    /// What is booked and billed, by the action of each job, which stands in its question too.
    fn accounts(&self) -> BTreeMap<String, Account> {
        let mut accounts = BTreeMap::<String, Account>::new();
        for line in &self.lines {
            let account = accounts.entry(line.action.clone()).or_default();
            account.booked += line.cost.pico_usd();
            account.broken_off |= line.state != "void" && line.usage.estimated;
        }
        for request in &self.requests {
            let action = worker::action_in(&request.prompt());
            let account = accounts.get_mut(&action).expect("no request is sent without a line in the ledger");
            account.billed += self.bill(request.billed);
        }
        accounts
    }

    fn check(&self, name: &str) -> (u128, u128) {
        let accounts = self.accounts();
        for (action, account) in &accounts {
            assert!(account.booked >= account.billed, "{name}, {action}: {account:?}");
            assert!(account.broken_off || account.booked == account.billed, "{name}, {action}: {account:?}");
        }
        let sum = |of: fn(&Account) -> u128| accounts.values().map(of).sum::<u128>();
        let (booked, billed) = (sum(|account| account.booked), sum(|account| account.billed));
        let broken_off = accounts.values().filter(|account| account.broken_off).count();
        tell(&format!(
            "{name}: {} jobs in {PROCESSES} processes {:?}; {} requests, {} lines; the server bills {billed} p$, the ledger books \
             {booked} p$; {broken_off} jobs had a reply that broke off",
            self.ends.values().sum::<u64>(),
            self.ends,
            self.requests.len(),
            self.lines.len(),
        ));
        (booked, billed)
    }
}

#[expect(clippy::print_stderr, reason = "the figures are what the long run is for")]
fn tell(text: &str) {
    eprintln!("{text}");
}

/// How many jobs, all processes together.
fn jobs() -> usize {
    std::env::var("TIERLINE_STORM_JOBS").ok().and_then(|text| text.parse().ok()).unwrap_or(600)
}

fn orders(cap_micro_usd: u64, price: u64) -> impl Fn(usize) -> Orders {
    move |process| Orders {
        jobs: jobs() / PROCESSES + usize::from(process < jobs() % PROCESSES),
        cap_micro_usd,
        price,
        ..Orders::default()
    }
}

#[test]
fn the_ledgers_sum_is_the_servers_where_every_usage_arrives() {
    let storm = Storm::rage(replies::heard(jobs() * 2), orders(1_000_000_000, 1_000_000));
    let (booked, billed) = storm.check("every usage arrives");
    assert_eq!(booked, billed);
    assert_eq!(storm.lines.len(), storm.requests.len());
}

#[test]
fn what_breaks_off_or_is_cancelled_is_never_booked_below_the_bill() {
    let storm =
        Storm::rage(replies::all(jobs() * 2), |process| Orders { faults: true, ..orders(1_000_000_000, 1_000_000)(process) });
    let (booked, billed) = storm.check("cuts, stalls and cancels");
    assert!(booked > billed && storm.ends.contains_key("cancelled"), "{:?}", storm.ends);
}

#[test]
fn with_a_cap_of_a_dollar_no_request_past_it_reaches_the_server() {
    // At this price the dollar is spent after about two thirds of the jobs.
    let price = 9_000_000_000 / jobs() as u64;
    let storm = Storm::rage(replies::all(jobs() * 2), |process| Orders { faults: true, ..orders(1_000_000, price)(process) });
    let (booked, billed) = storm.check("a cap of $1");
    assert!(billed <= booked && booked <= DOLLAR);
    assert!(storm.ends["over_budget"] > 0 && booked > DOLLAR * 9 / 10, "{booked} {:?}", storm.ends);
}
