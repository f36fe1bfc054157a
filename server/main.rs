//! The front door of Tierline: everything behind it stands in the `cli` crate.

fn main() -> std::process::ExitCode {
    cli::run()
}
