//! Files that no plan may touch: what version control, editors and agents read as orders.

/// Folders whose whole content is protected, in small letters.
const FOLDERS: &[&str] = &[
    ".git",
    ".hg",
    ".svn",
    ".jj",
    ".vscode",
    ".idea",
    ".fleet",
    ".zed",
    ".helix",
    ".devcontainer",
    ".cursor",
    ".claude",
    ".codex",
    ".tierline",
    ".github",
    ".circleci",
    ".husky",
    ".cargo",
];

/// Files, in small letters.
const FILES: &[&str] = &[
    ".nvim.lua",
    ".nvimrc",
    ".exrc",
    ".vimrc",
    ".dir-locals.el",
    ".mcp.json",
    "agents.md",
    "claude.md",
    ".envrc",
    ".npmrc",
    ".pypirc",
    ".netrc",
    ".gitlab-ci.yml",
    "jenkinsfile",
    ".pre-commit-config.yaml",
    "tierline.toml",
    "tierline.local.toml",
];

/// Endings, in small letters.
const ENDINGS: &[&str] = &[".code-workspace", ".sublime-project", ".cursorrules", ".pth"];

/// Names that Windows takes for devices, whatever ending they have.
const DEVICES: &[&str] = &["con", "prn", "aux", "nul"];

/// Why a new file may not have this path; `None` where it may. Besides [`refusal`], its name must be in composed form (NFC), in which every
/// file system keeps it apart from no other name that looks the same.
pub(crate) fn refusal_of_new(path: &str) -> Option<&'static str> {
    refusal(path).or_else(|| (!unicode_normalization::is_nfc(path)).then_some("its name has a second form that looks the same"))
}

/// Whether a part of a path, in small letters, is a device of Windows.
fn is_device(part: &str) -> bool {
    let stem = part.split('.').next().unwrap_or_default().trim_end();
    let numbered = |prefix| stem.strip_prefix(prefix).is_some_and(|rest| matches!(rest.as_bytes(), [b'1'..=b'9']));
    DEVICES.contains(&stem) || numbered("com") || numbered("lpt")
}

/// Why a path may not be written by a plan; `None` where it may. The path is relative to the root. Names are compared without
/// regard to case, because some file systems do not regard it either.
pub(crate) fn refusal(path: &str) -> Option<&'static str> {
    if path.is_empty() || path.starts_with('/') || path.contains(['\\', ':', '\0']) || path.chars().any(char::is_control) {
        return Some("it is not a plain relative path");
    }
    let parts: Vec<String> = path.split('/').map(str::to_lowercase).collect();
    if parts.iter().any(|part| part.is_empty() || part == "." || part == "..") {
        return Some("it is not a plain relative path");
    }
    if parts.iter().any(|part| part.ends_with('.') || part.ends_with(' ') || part.len() > 255) {
        return Some("a part of it ends in a dot or a space, or is too long");
    }
    if parts.iter().any(|part| is_device(part)) {
        return Some("a part of it is a device on Windows");
    }
    let (file, folders) = parts.split_last()?;
    let protected = folders.iter().any(|folder| FOLDERS.contains(&folder.as_str()))
        || FOLDERS.contains(&file.as_str())
        || FILES.contains(&file.as_str())
        || file.starts_with(".env")
        || ENDINGS.iter().any(|ending| file.ends_with(ending));
    protected.then_some("editors, agents or build services take orders from it")
}

#[cfg(test)]
mod tests {
    use super::{refusal, refusal_of_new};

    #[test]
    fn orders_are_protected() {
        for path in
            [".git/hooks/pre-commit", ".GIT/config", "a/.vscode/settings.json", "x.code-workspace", ".env.local", "sub/CLAUDE.md"]
        {
            assert!(refusal(path).is_some(), "{path}");
        }
    }

    #[test]
    fn ways_out_are_refused() {
        for path in ["../x", "a/../b", "/etc/passwd", "C:\\x", "a:b", "", "a//b", ".git./x", "a/b ", "a\nb", "a/NUL.rs", "com1"] {
            assert!(refusal(path).is_some(), "{path:?}");
        }
    }

    #[test]
    fn a_new_name_has_one_form() {
        assert!(refusal_of_new("src/u\u{308}ber.rs").is_some(), "decomposed");
        assert_eq!(refusal_of_new("src/über.rs"), None);
        assert_eq!(refusal("src/u\u{308}ber.rs"), None, "a file that is there may be called so");
    }

    #[test]
    fn code_is_not_protected() {
        for path in ["src/lib.rs", "a b/c.py", "gitignore.rs", "console.rs", "src/null.c", "com10", "auxiliary/x.go"] {
            assert_eq!(refusal(path), None, "{path}");
        }
    }
}
