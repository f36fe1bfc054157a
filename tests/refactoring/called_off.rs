//! Calling a refactor off, at every stage: it is over at once, no request goes on, and every byte is as it was.

use std::path::Path;
use std::time::{Duration, Instant};

use lsp::command;
use serde_json::json;
use testkit::editor::Profile;
use testkit::{Match, Reply};

use super::{NEW_RESTOCK, Outline, done, good_callers, on_disk, order, plan, three_steps, worker};
use crate::support::{SHOP, World, until};

/// It is over after this long at the latest.
const AT_ONCE: Duration = Duration::from_millis(50);

/// By what the server asks its user.
const QUESTION: &str = "window/showMessageRequest";

/// Where a refactor is when it is called off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// The planner was asked.
    Planning,
    /// The planner was asked again with what it wanted to see.
    LookingUp,
    /// Three workers are at work.
    Editing,
    /// A worker mends what a check found in its answer.
    Repairing,
    /// The check command runs.
    Checking,
    /// A worker mends what the command complained of.
    Mending,
    /// The user is asked whether to apply it.
    Asking,
}

impl Stage {
    const ALL: [Self; 7] =
        [Self::Planning, Self::LookingUp, Self::Editing, Self::Repairing, Self::Checking, Self::Mending, Self::Asking];

    /// A workspace in which a refactor gets as far as this and stays there, how many requests were sent then, and what the prompts of those
    /// say that are open.
    fn world(self, outline: &Outline) -> (World, usize, Option<&'static str>) {
        let world = World::new(SHOP);
        let planned = || plan(&three_steps(outline));
        let store = || done(&[("replace_symbol", "s4", "", NEW_RESTOCK)]);
        match self {
            Self::Planning => {
                world.models.on(Match::schema("plan_v2")).reply(Reply::stall());
                (world, 1, Some("Request: "))
            }
            Self::LookingUp => {
                let wants = json!([{"kind": "read", "of": "restock"}]);
                let wants = Reply::json(json!({"summary": "", "invariants": [], "lookups": wants, "steps": []}));
                world.models.on(Match::schema("plan_v2")).reply(wants).reply(Reply::stall());
                (world, 2, Some("You looked this up."))
            }
            Self::Editing => {
                world.models.on(Match::schema("plan_v2")).reply(planned());
                world.models.on(Match::schema("edit_v1")).always(Reply::stall());
                (world, 4, Some("Step: "))
            }
            Self::Repairing => {
                world.models.on(Match::schema("plan_v2")).reply(planned());
                let wrong = done(&[("replace_symbol", "s99", "", NEW_RESTOCK)]);
                world.models.on(worker("src/store.rs")).reply(wrong).reply(Reply::stall());
                good_callers(&world);
                (world, 5, Some("That answer was refused"))
            }
            Self::Checking => {
                checked_by(&world, &format!("echo $$ > '{0}.part'; mv '{0}.part' '{0}'; sleep 600", marker(&world)));
                world.models.on(Match::schema("plan_v2")).reply(planned());
                world.models.on(worker("src/store.rs")).reply(store());
                good_callers(&world);
                (world, 4, None)
            }
            Self::Mending => {
                // Without the change the command has nothing to say.
                checked_by(&world, "! grep -q note src/store.rs || { echo src/store.rs:1: a note; exit 1; }");
                world.models.on(Match::schema("plan_v2")).reply(planned());
                world.models.on(Match::schema("edit_v1").containing("src/store.rs:1: a note")).reply(Reply::stall());
                world.models.on(worker("src/store.rs")).reply(store());
                good_callers(&world);
                (world, 5, Some("Mend only what it says"))
            }
            Self::Asking => {
                world.models.on(Match::schema("plan_v2")).reply(planned());
                world.models.on(worker("src/store.rs")).reply(store());
                good_callers(&world);
                (world, 4, None)
            }
        }
    }
}

/// The file in which a running command leaves its number.
fn marker(world: &World) -> String {
    world.places().config.join("running").display().to_string()
}

/// Trusts the workspace, and has a script judge what comes of a refactor.
fn checked_by(world: &World, script: &str) {
    let places = world.places();
    std::fs::create_dir_all(&places.config).unwrap();
    std::fs::write(places.user_file(), format!("check.command = [\"sh\", \"-c\", {script:?}]\n")).unwrap();
    assist::look_at_trust(&places, world.fixture.root()).grant.unwrap().give(&places).unwrap();
}

/// Calls a refactor off at a stage, and says how long it took until its user was told that it is over.
#[track_caller]
fn called_off(stage: Stage, outline: &Outline) -> Duration {
    let (world, sent, open) = stage.world(outline);
    // One that shows edits itself is not asked.
    let editor = world.editor_with_models(if stage == Stage::Asking { Profile::Neovim } else { Profile::VsCode });
    editor.answer(QUESTION, None);
    let before = on_disk(&world);
    let job = order(&editor);
    world.models.wait_for_requests(sent);
    if stage == Stage::Checking {
        until("the command", || Path::new(&marker(&world)).exists().then_some(()));
    }
    if stage == Stage::Asking {
        editor.client().wait_for_server_request(QUESTION).unwrap();
    }
    let begun = Instant::now();
    let answer = editor.execute_command(command::CANCEL, vec![json!({"v": 1, "job": job})]).unwrap();
    assert_eq!(answer["cancelled"], true, "{stage:?}");
    editor.wait_for_message("cancelled; nothing was changed");
    let took = begun.elapsed();
    let asked = world.models.requests();
    let is_open = |number: &usize| open.is_some_and(|text| asked[*number].prompt().contains(text));
    let open: Vec<usize> = (0..asked.len()).filter(is_open).collect();
    assert_eq!(open.is_empty(), matches!(stage, Stage::Checking | Stage::Asking), "{stage:?}");
    open.into_iter().for_each(|request| world.models.wait_until_closed(request));
    if stage == Stage::Checking {
        let id = std::fs::read_to_string(marker(&world)).unwrap();
        until("the end of the command", || (!Path::new("/proc").join(id.trim()).join("exe").exists()).then_some(()));
    }
    until("the end of the job", || {
        let answer = editor.execute_command(command::CANCEL, vec![json!({"v": 1, "job": job})]).unwrap();
        (answer["cancelled"] == false).then_some(())
    });
    assert_eq!(world.models.requests().len(), sent, "{stage:?}: nothing is asked afterwards");
    assert_eq!(on_disk(&world), before, "{stage:?}");
    took
}

/// Calls off a few times: on a machine that does other work, too, one time may be late.
#[track_caller]
fn is_over_at_once(stage: Stage) {
    let outline = Outline::of_shop();
    let fastest = (0..3).map(|_| called_off(stage, &outline)).min().unwrap();
    assert!(fastest <= AT_ONCE, "{stage:?}: {fastest:?}");
}

#[test]
fn while_it_is_planned() {
    is_over_at_once(Stage::Planning);
}

#[test]
fn while_the_planner_looks_things_up() {
    is_over_at_once(Stage::LookingUp);
}

#[test]
fn while_workers_edit() {
    is_over_at_once(Stage::Editing);
}

#[test]
fn while_a_worker_mends_its_answer() {
    is_over_at_once(Stage::Repairing);
}

#[cfg(unix)]
#[test]
fn while_the_check_command_runs() {
    is_over_at_once(Stage::Checking);
}

#[cfg(unix)]
#[test]
fn while_a_worker_mends_what_the_command_said() {
    is_over_at_once(Stage::Mending);
}

#[test]
fn while_the_user_is_asked() {
    is_over_at_once(Stage::Asking);
}

/// Prints how long it takes until a refactor that is called off is over:
/// `cargo test --release --test it -- --ignored --nocapture called_off::figures`.
#[cfg(unix)]
#[test]
#[ignore = "a measurement"]
#[expect(clippy::print_stdout, reason = "it is a table that is asked for")]
fn figures() {
    const TIMES: usize = 20;
    let outline = Outline::of_shop();
    println!("\n| stage | called off | p50 ms | max ms |\n|---|---:|---:|---:|");
    for stage in Stage::ALL {
        let mut took: Vec<Duration> = (0..TIMES).map(|_| called_off(stage, &outline)).collect();
        took.sort();
        let ms = |took: Duration| took.as_secs_f64() * 1_000.0;
        println!("| {stage:?} | {TIMES} | {:.1} | {:.1} |", ms(took[TIMES / 2]), ms(took[TIMES - 1]));
    }
}
