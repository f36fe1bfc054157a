//! A repository that is made up, and functions in any.

use std::fmt::Write;
use std::fs;
use std::io;
use std::path::Path;

/// Functions in a file.
const FUNCTIONS: usize = 20;

/// Writes so many files of Rust, each function of which calls others in its own file and elsewhere.
pub(crate) fn write(root: &Path, files: usize) -> io::Result<()> {
    for file in 0..files {
        let folder = root.join(format!("src/part_{}", file / 100));
        fs::create_dir_all(&folder)?;
        let far = (file * 7 + 13) % files;
        let mut text = format!("use crate::part_{}::file_{far}::work_{far}_0;\n\n", far / 100);
        for function in 0..FUNCTIONS {
            let next = (function + 1) % FUNCTIONS;
            let _ = write!(
                text,
                "/// Works on item {function} of file {file}.\npub fn work_{file}_{function}(amount: u32) -> u32 {{\n    let near = if amount > 3 {{ work_{file}_{next}(amount - 1) }} else {{ 0 }};\n    near + work_{far}_0(amount)\n}}\n\n"
            );
        }
        fs::write(folder.join(format!("file_{file}.rs")), text)?;
    }
    Ok(())
}

/// So many files of a folder, each with the offsets of the names of its functions.
pub(crate) fn functions(root: &Path, files: usize) -> Vec<(String, Vec<usize>)> {
    let walk = ignore::WalkBuilder::new(root).sort_by_file_path(Path::cmp).build();
    let found = walk.filter_map(|entry| {
        let entry = entry.ok()?;
        let path = entry.path().strip_prefix(root).ok()?.to_str()?.to_owned();
        let keyword = match entry.path().extension()?.to_str()? {
            "rs" => " fn ",
            "go" => "func ",
            "py" => "def ",
            "ts" | "js" => "function ",
            _ => return None,
        };
        let text = fs::read_to_string(entry.path()).ok()?;
        let offsets: Vec<usize> = text.match_indices(keyword).map(|(at, found)| at + found.len()).collect();
        (offsets.len() >= 3).then_some((path, offsets))
    });
    found.take(files).collect()
}
