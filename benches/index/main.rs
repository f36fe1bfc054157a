//! What the index costs, each figure beside its bound in the same run.
//!
//! `cargo bench --bench index -- [FOLDER...]` measures on these folders, else on this repository. Each run is a process of its own,
//! so that its processor time and its memory are its own; runs of bound and index alternate, and the least of each counts: what is
//! more than the least is the machine's other work.
//!
//! `cargo bench --bench index -- run walk|bound|cold|linked|latency|keep|warm|during FOLDER THREADS` makes one such run, for a profiler or an instruction counter:
//! `valgrind --tool=callgrind target/release/deps/index-* run cold FOLDER 1`. `walk` looks at each file, `bound` parses it and keeps
//! nothing, `cold` lists what it defines and uses, `linked` makes all tables. `keep` leaves an index in the folder for temporary files,
//! from which `warm` starts and searches once. `latency` asks an index that is ready, by the processor time of the thread that answers;
//! `during` asks for hovers while the index is made.

mod bound;
mod latency;
mod run;
mod table;

use std::io::{self, Write};
use std::path::PathBuf;

/// That of the program that is shipped.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

/// That of the program that is shipped.
#[cfg(target_env = "musl")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> io::Result<()> {
    let mut arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    if arguments.first().is_some_and(|first| first == "run") {
        let words: Vec<&str> = arguments[1..].iter().map(String::as_str).collect();
        let [what, folder, threads] = words[..] else {
            return Err(io::Error::other("run walk|bound|cold|linked|latency|keep|warm|during FOLDER THREADS"));
        };
        let threads = threads.parse().map_err(io::Error::other)?;
        return writeln!(io::stdout(), "{}", run::once(what, &PathBuf::from(folder), threads)?);
    }
    if arguments.is_empty() {
        arguments.push(env!("CARGO_MANIFEST_DIR").to_owned());
    }
    for folder in arguments {
        table::print(&folder)?;
    }
    Ok(())
}
