//! Files that are not code and may name code: manifests, configuration, lists of services.

use std::path::Path;

use assist::Snapshot;

/// How many files are looked at at most.
const MOST_FILES: usize = 20_000;
/// Files larger than this hold data.
const MOST_BYTES: u64 = 512 * 1024;

const ENDINGS: &[&str] = &[
    "xml",
    "properties",
    "yml",
    "yaml",
    "json",
    "gradle",
    "kts",
    "toml",
    "cfg",
    "ini",
    "html",
    "vue",
    "svelte",
    "astro",
    "mdx",
    "mk",
    "txt",
];

/// The first file that is not code and holds one of these texts.
pub(super) fn mention(snapshot: &Snapshot, texts: &[String]) -> Option<String> {
    let mut folders = vec![snapshot.root().to_owned()];
    let mut looked_at = 0;
    while let Some(folder) = folders.pop() {
        let Ok(entries) = std::fs::read_dir(&folder) else { continue };
        for entry in entries.flatten() {
            let (path, name) = (entry.path(), entry.file_name());
            let Ok(kind) = entry.file_type() else { continue };
            let name = name.to_string_lossy();
            if kind.is_dir() {
                let is_made = matches!(&*name, "node_modules" | "target" | "dist" | "build" | "__pycache__" | "vendor");
                if !is_made && !name.starts_with('.') {
                    folders.push(path);
                }
                continue;
            }
            looked_at += 1;
            if looked_at > MOST_FILES || !kind.is_file() || !may_name_code(&path) {
                continue;
            }
            let is_small = entry.metadata().is_ok_and(|metadata| metadata.len() <= MOST_BYTES);
            let Some(text) = is_small.then(|| std::fs::read_to_string(&path).ok()).flatten() else { continue };
            if texts.iter().any(|wanted| text.contains(wanted.as_str())) {
                return snapshot.index().relative(&path);
            }
        }
    }
    None
}

fn may_name_code(path: &Path) -> bool {
    let is_service = path.components().any(|part| part.as_os_str() == "services");
    let lock = path.file_name().is_some_and(|name| name.to_string_lossy().contains("lock"));
    is_service || (!lock && path.extension().is_some_and(|ending| ENDINGS.iter().any(|known| ending == *known)))
}
