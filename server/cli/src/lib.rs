//! The command line: the same engine without an editor.
//!
//! Results go to stdout, for people or with `--json` for programs; progress and errors go to stderr. The exit code is 0 where a
//! command did what it was asked, 1 where it could not, and 2 where it was asked wrongly.

mod arguments;
mod commands;
mod confirm;
mod failure;
mod output;
mod place;
mod terminal;
mod tour;
mod workspace;

use std::process::ExitCode;

use clap::Parser;

use arguments::{Arguments, Command, Eval, Options};
use failure::Failure;
use output::Output;

#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

#[cfg(target_env = "musl")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Runs the program with the arguments of the process.
#[must_use]
pub fn run() -> ExitCode {
    let wants_json = std::env::args().any(|argument| argument == "--json");
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return usage(&error, wants_json),
    };
    let output = Output::new(arguments.json);
    start_log(&arguments);
    let places = assist::Places::of_user();
    let trusted = trusted_root(&arguments.options, &places);
    let counts = syntax::use_queries(assist::user_queries(&places, trusted.as_deref()));
    debug_assert!(counts, "nothing was parsed yet");
    match dispatch(arguments, &output) {
        Ok(code) => code,
        Err(failure) => {
            output.failure(&failure);
            ExitCode::from(failure.exit_code)
        }
    }
}

/// The workspace, where it is trusted. One whose queries wait for that is named.
fn trusted_root(options: &Options, places: &assist::Places) -> Option<std::path::PathBuf> {
    let root = workspace::root(options, None).ok()?;
    let found = assist::look_at_trust(places, &root);
    if found.trust == assist::Trust::Trusted {
        return Some(root);
    }
    if found.grant.is_none_or(|grant| grant.has_queries()) {
        tracing::warn!("the queries of {} do not count, because it is not trusted: see `tierline trust --show`", root.display());
    }
    None
}

/// Help and version are what was asked for; everything else is a wrong call.
fn usage(error: &clap::Error, wants_json: bool) -> ExitCode {
    if error.use_stderr() {
        if wants_json {
            let text = error.render().to_string();
            let sentence = text.lines().next().unwrap_or_default().trim_start_matches("error: ").to_owned();
            Output::new(true).error_json("usage", &sentence);
        }
        // A closed stderr leaves nobody to tell.
        let _ = error.print();
        ExitCode::from(2)
    } else {
        let _ = error.print();
        ExitCode::SUCCESS
    }
}

/// Logs go to stderr, warnings only unless more is asked for; editors show stderr as errors. The watcher of files warns of every watched
/// folder that is deleted, which nobody has to mend.
fn start_log(arguments: &Arguments) {
    let filter = tracing_subscriber::EnvFilter::try_new(format!("notify=error,{}", arguments.log_level))
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn"));
    let started = tracing_subscriber::fmt().with_env_filter(filter).with_writer(|| output::Log).with_ansi(false).try_init();
    debug_assert!(started.is_ok(), "the log is started once");
}

fn dispatch(arguments: Arguments, output: &Output) -> Result<ExitCode, Failure> {
    let options = &arguments.options;
    match arguments.command.unwrap_or(Command::Lsp { stdio: true }) {
        Command::Lsp { .. } => return commands::lsp::run(options),
        Command::Tour { path, question } => tour::run(options, output, path.as_deref(), question.as_deref())?,
        Command::Index { path } => commands::index::run(options, output, path.as_deref())?,
        Command::Symbols { path } => commands::symbols::run(options, output, &path)?,
        Command::Resolve { references } => commands::resolve::run(options, output, references)?,
        Command::Languages => commands::languages::run(options, output)?,
        Command::References { place } => commands::references::run(options, output, &place)?,
        Command::Lookup { question, limit } => commands::lookup::run(options, output, &question, limit)?,
        Command::Eval { what: Eval::Lookup { folders, per_folder, keep_others } } => {
            commands::eval::lookup::run(output, &folders, per_folder, keep_others)?;
        }
        Command::Eval { what: Eval::Prompts { cases, packages, only } } => {
            commands::eval::prompts::run(options, output, &cases, &packages, &only)?;
        }
        Command::Hover { place, summary } => commands::hover::run(options, output, &place, summary)?,
        Command::Refactor(wanted) => commands::refactor::run(options, output, wanted)?,
        Command::Receipt => commands::receipt::run(options, output)?,
        Command::Undo => commands::undo::run(options, output)?,
        Command::Report { since, by } => commands::report::run(output, since, by)?,
        Command::Models { all, check } => return commands::models::run(options, output, all, check),
        Command::Prefetch { path, dry_run, batch } => {
            commands::prefetch::run(options, output, path.as_deref(), dry_run, batch)?;
        }
        Command::Cache { action } => commands::cache::run(options, output, &action)?,
        Command::Config { action } => return commands::config::run(options, output, &action),
        Command::Init { workspace, provider, local, model } => {
            let (provider, local, model) = (provider.as_deref(), local.as_deref(), model.as_deref());
            commands::init::run(options, output, &commands::init::Wanted { workspace, provider, local, model })?;
        }
        Command::Trust { show, revoke } => commands::trust::run(options, output, show, revoke)?,
        Command::Key { action } => commands::key::run(output, &action)?,
        Command::Egress { forget: true, .. } => commands::egress::forget(options, output)?,
        Command::Egress { file, .. } => commands::egress::run(options, output, file.as_deref())?,
        Command::Doctor => commands::doctor::run(options, output)?,
        Command::Completions { shell } => commands::shell::completions(shell),
        Command::Man { folder } => commands::shell::man(output, &folder)?,
    }
    Ok(ExitCode::SUCCESS)
}
