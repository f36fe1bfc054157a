//! Asking before something happens that cannot be taken back.

use std::io::{IsTerminal, Write};

use crate::failure::Failure;
use crate::output::harmless;

/// Asks on a terminal; elsewhere only `--yes` is a yes.
pub(crate) fn confirm(question: &str, yes: bool) -> Result<(), Failure> {
    if yes {
        return Ok(());
    }
    if !std::io::stdin().is_terminal() {
        return Err(Failure::new("not_confirmed", format!("{question} Nothing was done: say --yes where nobody can be asked")));
    }
    let mut stderr = anstream::stderr().lock();
    write!(stderr, "{} [y/N] ", harmless(question))?;
    stderr.flush()?;
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer)?;
    match answer.trim().to_lowercase().as_str() {
        "y" | "yes" => Ok(()),
        _ => Err(Failure::new("not_confirmed", "nothing was done")),
    }
}
