//! Notes what the extraction is made of, so that records that another extraction made are known as such.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

fn main() -> io::Result<()> {
    let mut files = Vec::new();
    collect(Path::new("src"), &mut files)?;
    // Grammars come with the versions of their crates. A crate that was taken out of the workspace has no such file.
    let lock = PathBuf::from("../../Cargo.lock");
    let grammars = grammars(&std::fs::read_to_string(&lock).unwrap_or_default());
    files.push(lock);
    files.sort();
    let mut hasher = DefaultHasher::new();
    let mut out = io::stdout().lock();
    for file in files {
        writeln!(out, "cargo::rerun-if-changed={}", file.display())?;
        (file.to_string_lossy(), std::fs::read(&file).unwrap_or_default()).hash(&mut hasher);
    }
    writeln!(out, "cargo::rerun-if-changed=src")?;
    writeln!(out, "cargo::rustc-env=TIERLINE_GRAMMARS={grammars}")?;
    writeln!(out, "cargo::rustc-env=TIERLINE_EXTRACTION={:016x}", hasher.finish())
}

/// The crates of grammars in a lock file, as `name@version` with spaces between.
fn grammars(lock: &str) -> String {
    let mut lines = lock.lines();
    let mut found = Vec::new();
    while let Some(line) = lines.next() {
        if let Some(name) = line.strip_prefix("name = \"").filter(|name| name.starts_with("tree-sitter-"))
            && let Some(version) = lines.next().and_then(|line| line.strip_prefix("version = \""))
        {
            found.push(format!("{}@{}", name.trim_end_matches('"'), version.trim_end_matches('"')));
        }
    }
    found.join(" ")
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
