//! How JavaScript and TypeScript write the path of a module.

/// The endings that an import leaves out.
const ENDINGS: &[&str] = &[".d.ts", ".tsx", ".ts", ".jsx", ".js", ".mts", ".cts", ".mjs", ".cjs"];

/// The path of a module as a file writes it that called another one `sample`, which stands in `of`: with or without an ending, as that
/// is written. `None` where `sample` is no relative path, so that only configuration knows where it leads.
pub(super) fn written(importer: &str, to: &str, sample: &str, of: &str) -> Option<String> {
    if !sample.starts_with('.') {
        return None;
    }
    let shown = ENDINGS.iter().find(|ending| sample.ends_with(**ending)).copied();
    let bare = bare(to);
    // `./folder` stands for the index file in it.
    let short = bare.strip_suffix("/index").filter(|_| !sample.trim_end_matches('/').ends_with("/index") && of_index(of));
    let path = match (shown, short) {
        (Some(ending), _) => format!("{bare}{ending}"),
        (None, Some(short)) => short.to_owned(),
        (None, None) => bare.to_owned(),
    };
    Some(relative(importer, &path))
}

fn of_index(path: &str) -> bool {
    bare(path).ends_with("/index") || bare(path) == "index"
}

/// A path without its ending.
pub(super) fn bare(path: &str) -> &str {
    ENDINGS.iter().find_map(|ending| path.strip_suffix(ending)).unwrap_or(path)
}

/// The path of a file from the folder of another.
pub(super) fn relative(importer: &str, path: &str) -> String {
    let folder: Vec<&str> = importer.split('/').collect();
    let folder = &folder[..folder.len() - 1];
    let target: Vec<&str> = path.split('/').collect();
    let common = folder.iter().zip(&target[..target.len() - 1]).take_while(|(a, b)| a == b).count();
    let up = folder.len() - common;
    let start = if up == 0 { "./".to_owned() } else { "../".repeat(up) };
    format!("{start}{}", target[common..].join("/"))
}

#[cfg(test)]
mod tests {
    use super::written;

    #[test]
    fn a_path_is_written_as_its_neighbour_was() {
        assert_eq!(written("src/a.ts", "src/b.ts", "./c", "src/c.ts").as_deref(), Some("./b"));
        assert_eq!(written("src/a.ts", "src/x/b.ts", "./c.js", "src/c.ts").as_deref(), Some("./x/b.js"));
        assert_eq!(written("src/y/a.ts", "src/b.ts", "../c", "src/c.ts").as_deref(), Some("../b"));
        assert_eq!(written("src/a.ts", "lib/b.ts", "./c", "src/c.ts").as_deref(), Some("../lib/b"));
        assert_eq!(written("src/a.ts", "src/b.ts", "@/c", "src/c.ts"), None);
    }
}
