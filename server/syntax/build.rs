//! Notes what the extraction is made of, so that records that another extraction made are known as such.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// The crates whose other version may list the same text otherwise, by how their names begin: parsers, patterns, hashes.
const LISTING: [&str; 3] = ["tree-sitter", "regex", "rustc-hash"];

fn main() -> io::Result<()> {
    let mut files = Vec::new();
    collect(Path::new("src"), &mut files)?;
    files.sort();
    // A crate that was taken out of the workspace has no such file.
    let lock = "../../Cargo.lock";
    let crates = crates(&std::fs::read_to_string(lock).unwrap_or_default());
    let mut hasher = DefaultHasher::new();
    crates.hash(&mut hasher);
    let grammars: Vec<&str> = crates.iter().map(String::as_str).filter(|one| one.starts_with("tree-sitter-")).collect();
    let grammars = grammars.join(" ");
    let mut out = io::stdout().lock();
    for file in files {
        writeln!(out, "cargo::rerun-if-changed={}", file.display())?;
        (file.to_string_lossy(), std::fs::read(&file).unwrap_or_default()).hash(&mut hasher);
    }
    writeln!(out, "cargo::rerun-if-changed={lock}")?;
    writeln!(out, "cargo::rerun-if-changed=src")?;
    writeln!(out, "cargo::rustc-env=TIERLINE_GRAMMARS={grammars}")?;
    writeln!(out, "cargo::rustc-env=TIERLINE_EXTRACTION={:016x}", hasher.finish())
}

/// The crates of a lock file that have a part in listing, each as `name@version`.
fn crates(lock: &str) -> Vec<String> {
    let mut lines = lock.lines();
    let mut found = Vec::new();
    while let Some(line) = lines.next() {
        if let Some(name) = line.strip_prefix("name = \"").filter(|name| LISTING.iter().any(|start| name.starts_with(start)))
            && let Some(version) = lines.next().and_then(|line| line.strip_prefix("version = \""))
        {
            found.push(format!("{}@{}", name.trim_end_matches('"'), version.trim_end_matches('"')));
        }
    }
    found
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    Ok(())
}
