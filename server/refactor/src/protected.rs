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

/// Files that are run, or that say what is run, when somebody builds, installs or tests; in small letters. A plan changes them only where
/// the user's own request names them.
const SENSITIVE: &[&str] = &[
    "makefile",
    "gnumakefile",
    "justfile",
    "cmakelists.txt",
    "build.rs",
    "cargo.toml",
    "package.json",
    "go.mod",
    "setup.py",
    "setup.cfg",
    "pyproject.toml",
    "conftest.py",
    "sitecustomize.py",
    "usercustomize.py",
    "tox.ini",
    "noxfile.py",
    "rakefile",
    "gemfile",
    "pom.xml",
    "gradlew",
    "dockerfile",
    "vagrantfile",
    ".bazelrc",
    ".babelrc",
];

/// How the names of such files begin, and how they end, in small letters.
const SENSITIVE_STARTS: &[&str] =
    &["dockerfile.", "docker-compose", "compose.y", "azure-pipelines", "bitbucket-pipelines", "tsconfig", "requirements"];
const SENSITIVE_ENDS: &[&str] = &[
    ".sh",
    ".bash",
    ".zsh",
    ".ps1",
    ".bat",
    ".cmd",
    ".lock",
    "-lock.json",
    "-lock.yaml",
    ".mk",
    ".gradle",
    ".gradle.kts",
    ".gemspec",
    ".config.js",
    ".config.cjs",
    ".config.mjs",
    ".config.ts",
];

/// Whether a file is run, or says what is run, when somebody builds, installs or tests.
#[must_use]
pub fn is_sensitive(path: &str) -> bool {
    let file = path.rsplit('/').next().unwrap_or(path).to_lowercase();
    SENSITIVE.contains(&file.as_str())
        || SENSITIVE_STARTS.iter().any(|start| file.starts_with(start))
        || SENSITIVE_ENDS.iter().any(|end| file.ends_with(end))
}

/// Why a plan that was made for what the user `said` may not touch a file; `None` where it may.
pub(crate) fn unasked(path: &str, said: &str) -> Option<&'static str> {
    let file = path.rsplit('/').next().unwrap_or(path).to_lowercase();
    let is_part = |character: char| character.is_alphanumeric() || matches!(character, '_' | '-' | '.');
    let mut words = said.split(|character: char| !is_part(character)).map(|word| word.trim_end_matches('.').to_lowercase());
    (is_sensitive(path) && !words.any(|word| word == file))
        .then_some("it is run, or says what is run, by builds and tests, so that only a request that names it changes it")
}

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
    use super::{refusal, refusal_of_new, unasked};

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
    fn what_builds_run_is_changed_only_where_it_is_named() {
        let paths = [
            "Makefile",
            "build.rs",
            "sub/Cargo.toml",
            "package.json",
            "Dockerfile.dev",
            "scripts/a.SH",
            "uv.lock",
            "vite.config.ts",
        ];
        for path in paths {
            assert!(unasked(path, "clean up the build").is_some(), "{path}");
            let name = path.rsplit('/').next().unwrap();
            assert_eq!(unasked(path, &format!("clean up {name}.")), None, "{path}");
            assert_eq!(unasked(path, &format!("clean up `{path}`")), None, "{path}");
        }
        assert!(unasked("build.rs", "clean up rebuild.rs").is_some(), "another file");
        assert_eq!(unasked("src/builder.rs", "clean up"), None);
    }

    #[test]
    fn code_is_not_protected() {
        for path in ["src/lib.rs", "a b/c.py", "gitignore.rs", "console.rs", "src/null.c", "com10", "auxiliary/x.go"] {
            assert_eq!(refusal(path), None, "{path}");
        }
    }
}
