//! Sessions and byte streams that nobody would write by hand. Each comes from a number, so that one that finds something can be had again:
//! it becomes a case of its own here. `TIERLINE_FUZZ_SECONDS=600 cargo test --test fuzz` goes on for as long with numbers that were not
//! tried before, and prints the number of what fails; `TIERLINE_FUZZ_NUMBER=1` tries one again.

#![expect(clippy::unwrap_used, reason = "a test has nobody to hand an error to")]

mod server;
mod sessions;
mod sources;
mod streams;

use std::io::{self, Write};
use std::time::{Duration, Instant};

/// The numbers to be tried: a few that are always the same, the one that is asked for, or as many new ones as there is time for.
fn numbers(few: u64) -> Box<dyn Iterator<Item = u64>> {
    let asked = |name: &str| std::env::var(name).ok().and_then(|number| number.parse().ok());
    if let Some(number) = asked("TIERLINE_FUZZ_NUMBER") {
        return Box::new(std::iter::once(number));
    }
    match asked("TIERLINE_FUZZ_SECONDS") {
        None => Box::new(0..few),
        Some(seconds) => {
            let end = Instant::now() + Duration::from_secs(seconds);
            let first = fastrand::u64(1 << 32..1 << 48);
            // An abort ends the process without a word of what it was at.
            let told = |number: &u64| drop(writeln!(io::stderr(), "number {number}"));
            Box::new((first..).take_while(move |_| Instant::now() < end).inspect(told))
        }
    }
}
