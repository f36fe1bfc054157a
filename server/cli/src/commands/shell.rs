//! What the shell knows of the program: completions and manual pages, made from the arguments themselves.

use std::io::Write;
use std::path::Path;

use clap::CommandFactory;
use clap_complete::Shell;

use crate::arguments::Arguments;
use crate::failure::Failure;
use crate::output::Output;

const NAME: &str = "tierline";

/// Prints the completions of a shell.
pub(crate) fn completions(shell: Shell) {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), NAME, &mut script);
    // A reader that has gone, such as `head`, has seen what it wanted.
    let _ = std::io::stdout().lock().write_all(&script);
}

/// Writes the manual pages into a folder, `tierline.1` and one for each command.
///
/// # Errors
/// Fails where the folder cannot be made or written.
pub(crate) fn man(output: &Output, folder: &Path) -> Result<(), Failure> {
    let refused = |error: std::io::Error| Failure::new("io", format!("{}: {error}", folder.display()));
    std::fs::create_dir_all(folder).map_err(refused)?;
    clap_mangen::generate_to(Arguments::command().disable_help_subcommand(true), folder).map_err(refused)?;
    output.remark(&format!("the manual pages are in {}", folder.display()));
    Ok(())
}
