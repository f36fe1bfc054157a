use std::sync::Arc;

use super::*;
use crate::{Usage, Wire};

fn wanted(action: &str, tier: Tier, worst_micro: u64) -> Reservation {
    Reservation {
        action: action.into(),
        workspace: "w".into(),
        kind: "summary",
        tier,
        host: "h".into(),
        wire: Wire::Chat,
        model: "m".into(),
        price_table: "t".into(),
        attempt: 1,
        escalated_from: None,
        whole_bytes: 4_000,
        bound: Usage { input: 10, output: 5, estimated: true, ..Usage::default() },
        worst: Cost::from_micro_usd(worst_micro),
    }
}

fn settlement(cost_micro: u64) -> Settlement {
    Settlement {
        void: false,
        outcome: Outcome::Ok,
        usage: Usage { input: 3, output: 2, ..Usage::default() },
        cost: Cost::from_micro_usd(cost_micro),
        flagship_cost: Some(Cost::from_micro_usd(cost_micro * 12)),
        whole_files_cost: Some(Cost::from_micro_usd(cost_micro * 40)),
        http_status: Some(200),
        model_reported: Some("m-1".into()),
        service_tier: None,
        request_id: None,
        total_ms: 4,
    }
}

fn caps(action: u64, day: u64) -> Caps {
    Caps { per_action: Cost::from_micro_usd(action), per_day: Cost::from_micro_usd(day), ..Caps::default() }
}

#[test]
fn a_reservation_counts_at_its_worst_until_it_is_settled() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = Ledger::new(folder.path());
    let id = ledger.reserve(&wanted("a", Tier::Nano, 100), &caps(1_000, 1_000)).unwrap();
    assert_eq!(ledger.total_today().unwrap().micro_usd(), 100);
    ledger.settle(id, &settlement(30)).unwrap();
    assert_eq!(ledger.total_today().unwrap().micro_usd(), 30);
    ledger.judge(id, false, Some("names a symbol that does not exist")).unwrap();
    let entry = ledger.entries().unwrap().remove(0);
    assert_eq!(
        (entry.state.as_str(), entry.outcome.as_deref(), entry.resolved),
        ("settled", Some("validation_fail"), Some(false))
    );
    assert_eq!((entry.usage.input, entry.reserved.micro_usd(), entry.flagship_cost.map(Cost::micro_usd)), (3, 100, Some(360)));
}

#[test]
fn every_cap_is_a_wall() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = Ledger::new(folder.path());
    let mut caps = caps(100, 250);
    caps.per_tier_day.insert(Tier::Flagship, Cost::from_micro_usd(50));
    let refused = |reservation: &Reservation| match ledger.reserve(reservation, &caps) {
        Err(Refusal::OverCap { cap, .. }) => cap,
        other => panic!("{other:?}"),
    };
    assert_eq!(refused(&wanted("a", Tier::Nano, 101)), "per_action");
    ledger.reserve(&wanted("a", Tier::Nano, 100), &caps).unwrap();
    assert_eq!(refused(&wanted("a", Tier::Nano, 1)), "per_action");
    assert_eq!(refused(&wanted("b", Tier::Flagship, 51)), "per_tier_day");
    ledger.reserve(&wanted("b", Tier::Mini, 100), &caps).unwrap();
    assert_eq!(refused(&wanted("c", Tier::Nano, 51)), "per_day");
    ledger.reserve(&wanted("c", Tier::Flagship, 50), &caps).unwrap();
    ledger.reserve(&wanted("c", Tier::Nano, 0), &caps).unwrap();
}

#[test]
fn many_writers_never_pass_a_cap_together() {
    let folder = tempfile::tempdir().unwrap();
    let path: Arc<Path> = folder.path().into();
    let writers: Vec<_> = (0..4)
        .map(|writer| {
            let path = Arc::clone(&path);
            std::thread::spawn(move || {
                let ledger = Ledger::new(&path);
                (0..20)
                    .filter(|turn| {
                        ledger.reserve(&wanted(&format!("{writer}-{turn}"), Tier::Nano, 100), &caps(100, 2_500)).is_ok()
                    })
                    .count()
            })
        })
        .collect();
    let allowed: usize = writers.into_iter().map(|writer| writer.join().unwrap()).sum();
    assert_eq!(allowed, 25);
    assert_eq!(Ledger::new(&path).total_today().unwrap().micro_usd(), 2_500);
}

#[test]
fn a_broken_ledger_is_an_error_and_is_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ledger.sqlite");
    std::fs::write(&file, "this is no database, and it is long enough to be read as a header of one, or so it seems").unwrap();
    let before = std::fs::read(&file).unwrap();
    let ledger = Ledger::new(folder.path());
    assert!(ledger.total_today().is_err());
    assert!(matches!(ledger.reserve(&wanted("a", Tier::Nano, 1), &caps(10, 10)), Err(Refusal::Unreadable(_))));
    assert_eq!(std::fs::read(&file).unwrap(), before);
}

#[test]
fn the_ledger_of_a_newer_program_is_not_touched() {
    let folder = tempfile::tempdir().unwrap();
    Ledger::new(folder.path()).total_today().unwrap();
    let file = folder.path().join("ledger.sqlite");
    Connection::open(&file).unwrap().pragma_update(None, "user_version", 99).unwrap();
    assert!(Ledger::new(folder.path()).total_today().unwrap_err().message.contains("newer"));
}

#[cfg(unix)]
#[test]
fn only_the_user_may_read_the_ledger() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let ledger = Ledger::new(&folder.path().join("state"));
    ledger.total_today().unwrap();
    assert_eq!(std::fs::metadata(ledger.path()).unwrap().permissions().mode() & 0o777, 0o600);
}
