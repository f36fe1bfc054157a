//! Notes what the extraction is made of, so that records that another extraction made are known as such.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

fn main() -> io::Result<()> {
    let mut files = Vec::new();
    collect(Path::new("src"), &mut files)?;
    // Grammars come with the versions of their crates. A crate that was taken out of the workspace has no such file.
    files.push(PathBuf::from("../../Cargo.lock"));
    files.sort();
    let mut hasher = DefaultHasher::new();
    let mut out = io::stdout().lock();
    for file in files {
        writeln!(out, "cargo::rerun-if-changed={}", file.display())?;
        (file.to_string_lossy(), std::fs::read(&file).unwrap_or_default()).hash(&mut hasher);
    }
    writeln!(out, "cargo::rerun-if-changed=src")?;
    writeln!(out, "cargo::rustc-env=TIERLINE_EXTRACTION={:016x}", hasher.finish())
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
