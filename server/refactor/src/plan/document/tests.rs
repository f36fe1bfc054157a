use assist::{Host, Settings, Snapshot};
use index::SymbolRef;

use super::PlanDocument;
use crate::{Plan, PlanFault, Step, StepKind};

const STORE: &str = "pub struct Store;\n\nimpl Store {\n    pub fn open() {}\n}\n\npub fn fill(n: u32) -> u32 {\n    n\n}\n";

fn host() -> (tempfile::TempDir, Host) {
    let folder = tempfile::tempdir().unwrap();
    let host = Host::new(folder.path(), Settings::default(), None);
    host.open("src/store.rs", STORE, 1);
    host.open("src/cart `b`.rs", "pub fn give() {}\n", 1);
    (folder, host)
}

fn symbol(now: &Snapshot, path: &str, name: &str) -> SymbolRef {
    now.index().named(name).into_iter().find(|symbol| symbol.path() == path).unwrap()
}

fn step(id: &str, kind: StepKind, file: &str) -> Step {
    Step {
        id: id.into(),
        kind,
        file: file.into(),
        symbols: Vec::new(),
        may_delete: Vec::new(),
        new_name: String::new(),
        new_path: String::new(),
        goal: String::new(),
        interface: Vec::new(),
        depends_on: Vec::new(),
        is_raised: false,
    }
}

/// A step of every kind.
fn plan(now: &Snapshot) -> Plan {
    let store = "src/store.rs";
    let goal = "Give it a note.\n\n```rust\nfn fill(n: u32, note: &str)\n```\n![x](http://evil) -->".to_owned();
    let (fill, open) = (symbol(now, store, "fill"), symbol(now, store, "open"));
    let steps = vec![
        Step { symbols: vec![open.clone()], new_name: "load".into(), ..step("e1", StepKind::Rename, store) },
        Step { symbols: vec![fill.clone()], new_path: "src/fill.rs".into(), ..step("e2", StepKind::Move, store) },
        Step { symbols: vec![symbol(now, store, "Store")], ..step("e3", StepKind::Delete, store) },
        Step { new_path: "src/cart.rs".into(), ..step("e4", StepKind::RenameFile, "src/cart `b`.rs") },
        step("e5", StepKind::DeleteFile, "src/cart `b`.rs"),
        Step {
            symbols: vec![fill.clone()],
            goal: goal.clone(),
            interface: vec!["pub fn fill(n: u32, note: &str) -> u32".into()],
            is_raised: true,
            ..step("e6", StepKind::ChangeSignature, store)
        },
        Step {
            symbols: vec![open.clone(), fill],
            may_delete: vec![symbol(now, store, "Store")],
            goal: goal.clone(),
            depends_on: vec!["e6".into(), "e1".into()],
            ..step("e7", StepKind::EditSymbol, store)
        },
        Step { goal: goal.clone(), ..step("e8", StepKind::EditFile, "src/cart `b`.rs") },
        Step {
            symbols: vec![open],
            goal: "one line".into(),
            depends_on: vec!["e7".into()],
            ..step("e9", StepKind::Insert, store)
        },
        Step { goal, ..step("e10", StepKind::CreateFile, "src/new.rs") },
    ];
    Plan { summary: "A note\nfor everybody.".into(), invariants: vec!["nothing is lost".into(), "`x` stays".into()], steps }
}

#[test]
fn a_plan_of_every_kind_comes_back_to_the_letter() {
    let (_folder, host) = host();
    let now = host.snapshot();
    let mut document = PlanDocument::of(&now, "let fill take a note", &plan(&now));
    document.steps[2].is_ticked = false;
    document.comment = Some("src/a -->.rs".into());
    document.steps[6].estimate = Some((1_234_567, Some(models::Cost::from_micro_usd(12_003))));
    let markdown = document.to_markdown();
    let mut read = PlanDocument::parse(&markdown).unwrap_or_else(|faults| panic!("{faults:?}\n{markdown}"));
    for step in &mut read.steps {
        let line = markdown.lines().nth(step.line).unwrap();
        assert!(line.contains(&format!("**{}**", step.id)), "{line}");
        step.line = 0;
    }
    assert_eq!(read, document);
    assert_eq!(read.to_markdown(), markdown);
}

#[test]
fn what_was_written_down_is_what_is_carried_out() {
    let (_folder, host) = host();
    let now = host.snapshot();
    let whole = plan(&now);
    let plan = Plan { steps: vec![whole.steps[0].clone(), whole.steps[9].clone()], ..whole };
    let document = PlanDocument::parse(&PlanDocument::of(&now, "x", &plan).to_markdown()).unwrap();
    let resolved = document.resolve(&now).unwrap();
    assert_eq!(resolved.summary, plan.summary);
    assert_eq!(resolved.invariants, plan.invariants);
    assert_eq!((resolved.steps[0].symbols.clone(), resolved.steps[0].new_name.as_str()), (plan.steps[0].symbols.clone(), "load"));
    assert_eq!((resolved.steps[1].file.as_str(), &resolved.steps[1].goal), ("src/new.rs", &plan.steps[1].goal));
}

#[track_caller]
fn faults(change: impl Fn(&str) -> String) -> Vec<(usize, String)> {
    let (_folder, host) = host();
    let now = host.snapshot();
    let markdown = change(&PlanDocument::of(&now, "x", &plan(&now)).to_markdown());
    let faults = PlanDocument::parse(&markdown).expect_err("the change is a fault");
    let line = |fault: PlanFault| (fault.line, fault.message);
    let wrong = markdown.lines().position(|line| line.contains("HERE"));
    let faults: Vec<_> = faults.into_iter().map(line).collect();
    if let Some(wrong) = wrong {
        assert!(faults.iter().all(|(line, _)| *line == wrong), "{wrong}: {faults:?}");
    }
    faults
}

#[test]
fn every_fault_has_its_line_and_says_what_is_wrong() {
    let cases = [
        ("- [x] **e1** rename", "- [y] **HERE** rename", "a step begins with a box"),
        ("**e2** move", "**HERE** mvoe", "there is no kind \"mvoe\""),
        ("**e2** move `fill`", "**HERE** move `fill", "a backtick has no second one"),
        ("`src/fill.rs` (index)", "`src/fill.rs` (mini) HERE", "is carried out by the index"),
        (" to `src/fill.rs` (index)", " HERE", "paths and names stand in backticks"),
        (" to `load`", " (HERE)", "says what it leads to"),
        ("**e3** delete `Store` in `src/store.rs`", "**e3** delete `Store` HERE", "stand in backticks"),
        ("(flagship)", "(HERE)", "a worker is mini or flagship"),
        ("  - after e6, e1", "  - HERE e6, e1", "a step has `after`"),
        ("  - may delete `Store`", "  - may delete HERE", "names stand in backticks"),
        ("**e2** move", "**e1** move", "there are two steps e1"),
        ("- [x] **e9**", "[x] **e9** HERE", "this is neither a step"),
        ("## Steps", "## Stepz", "there is no such section"),
        (" (index)\n", " (index)\n  - goal: HERE\n", "has `after`"),
        (
            " (index)\n",
            " (index)\n  - goal:\n    ```\n    Keep it short.\n    ```\n",
            "carried out by the index, which reads no goal",
        ),
    ];
    for (old, new, expected) in cases {
        let found = faults(|markdown| {
            assert!(markdown.contains(old), "{old} is not in {markdown}");
            markdown.replacen(old, new, 1)
        });
        assert!(found.iter().any(|(_, message)| message.contains(expected)), "{new}: {found:?}");
    }
}

#[test]
fn a_document_that_was_cut_is_not_carried_out() {
    let (_folder, host) = host();
    let now = host.snapshot();
    let markdown = PlanDocument::of(&now, "x", &plan(&now)).to_markdown();
    let lines: Vec<&str> = markdown.lines().collect();
    for end in 0..lines.len() {
        assert!(PlanDocument::parse(&lines[..end].join("\n")).is_err(), "cut after line {end}");
    }
}

/// The document of one step that edits `fill`, and of another one that depends on it.
fn two_steps(now: &Snapshot) -> PlanDocument {
    let fill = symbol(now, "src/store.rs", "fill");
    let edit = Step { symbols: vec![fill.clone()], goal: "do it".into(), ..step("e1", StepKind::EditSymbol, "src/store.rs") };
    let insert = Step {
        symbols: vec![fill],
        goal: "add one".into(),
        depends_on: vec!["e1".into()],
        ..step("e2", StepKind::Insert, "src/store.rs")
    };
    let plan = Plan { steps: vec![edit, insert], ..Plan::default() };
    PlanDocument::parse(&PlanDocument::of(now, "x", &plan).to_markdown()).unwrap()
}

#[test]
fn what_a_ticked_step_needs_has_to_be_ticked() {
    let (folder, host) = host();
    std::fs::create_dir_all(folder.path().join("src")).unwrap();
    std::fs::write(folder.path().join("src/store.rs"), STORE).unwrap();
    let mut document = two_steps(&host.snapshot());
    document.steps[0].is_ticked = false;
    let faults = document.resolve(&host.snapshot()).unwrap_err();
    assert_eq!(faults[0].message, "e2 needs e1, which is not ticked");
    document.steps[1].is_ticked = false;
    assert_eq!(document.resolve(&host.snapshot()).unwrap_err()[0].message, "no step is ticked");
}

#[test]
fn a_symbol_that_moved_is_found_and_one_that_changed_is_refused() {
    let (folder, host) = host();
    std::fs::create_dir_all(folder.path().join("src")).unwrap();
    for path in ["src/store.rs", "src/fill.rs"] {
        std::fs::write(folder.path().join(path), STORE).unwrap();
    }
    let document = two_steps(&host.snapshot());
    host.open("src/store.rs", format!("// typed above\n\n{STORE}"), 2);
    let plan = document.resolve(&host.snapshot()).unwrap();
    assert_eq!(plan.steps[0].symbols[0].get().line, 8);

    let (rest, fill) = STORE.split_at(STORE.find("pub fn fill").unwrap());
    host.open("src/store.rs", rest, 3);
    host.open("src/fill.rs", format!("mod inner {{\n    {}\n}}\n", fill.trim_end().replace('\n', "\n    ")), 1);
    let plan = document.resolve(&host.snapshot()).unwrap();
    assert_eq!((plan.steps[0].file.as_str(), plan.steps[0].symbols[0].symbol_path().as_str()), ("src/fill.rs", "inner::fill"));

    host.open("src/fill.rs", "", 2);
    let gone = document.resolve(&host.snapshot()).unwrap_err();
    assert_eq!(gone[0].message, "e1: fill is no longer in src/store.rs; plan this step again");
    host.open("src/store.rs", STORE.replace("    n\n", "    n + 1\n"), 4);
    let changed = document.resolve(&host.snapshot()).unwrap_err();
    assert_eq!(changed[0].message, "e1: fill in src/store.rs changed since the plan was made; plan this step again");
}
