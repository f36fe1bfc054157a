//! Files that no plan may touch: what version control, editors and agents read as orders.
//!
//! Names are compared as the most lenient file system would: without regard to case, to the form in which letters are composed, and to
//! what Unicode holds for the same letter.

use unicode_normalization::UnicodeNormalization;

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
    ".vim",
    ".nvim",
    ".cursor",
    ".claude",
    ".codex",
    ".gemini",
    ".windsurf",
    ".kiro",
    ".roo",
    ".cline",
    ".clinerules",
    ".continue",
    ".amazonq",
    ".junie",
    ".opencode",
    ".aider",
    ".agents",
    ".tierline",
    ".github",
    ".gitlab",
    ".gitea",
    ".forgejo",
    ".circleci",
    ".buildkite",
    ".woodpecker",
    ".teamcity",
    ".husky",
    ".cargo",
    ".mvn",
    ".yarn",
];

/// Files, in small letters.
const FILES: &[&str] = &[
    ".nvim.lua",
    ".nvimrc",
    ".exrc",
    ".vimrc",
    ".lvimrc",
    ".dir-locals.el",
    ".dir-locals-2.el",
    ".editorconfig",
    ".mcp.json",
    "mcp.json",
    "agents.md",
    "agent.md",
    "claude.md",
    "claude.local.md",
    "gemini.md",
    ".windsurfrules",
    ".roomodes",
    ".goosehints",
    ".aider.conf.yml",
    // What they name leaves this machine, or stays here.
    ".gitignore",
    ".ignore",
    ".tierlineignore",
    ".gitmodules",
    ".gitattributes",
    ".gitconfig",
    // A folder that holds it is a repository to git, whatever the folder is called.
    "head",
    "commondir",
    ".envrc",
    ".npmrc",
    ".pypirc",
    ".netrc",
    ".yarnrc",
    ".yarnrc.yml",
    ".pnpmfile.cjs",
    ".gitlab-ci.yml",
    ".travis.yml",
    ".drone.yml",
    ".cirrus.yml",
    ".woodpecker.yml",
    "appveyor.yml",
    "jenkinsfile",
    ".pre-commit-config.yaml",
    ".lintstagedrc",
    "lefthook.yml",
    "tierline.toml",
    "tierline.local.toml",
];

/// Files that are run, or that say what is run, when somebody builds, installs or tests; in small letters. A plan changes them only where
/// the user's own request names them.
const SENSITIVE: &[&str] = &[
    "makefile",
    "gnumakefile",
    "justfile",
    ".justfile",
    "taskfile.yml",
    "cmakelists.txt",
    "meson.build",
    "sconstruct",
    "sconscript",
    "wscript",
    "build.xml",
    "build",
    "build.bazel",
    "workspace",
    "workspace.bazel",
    "module.bazel",
    "configure",
    "configure.ac",
    "build.rs",
    "cargo.toml",
    "rust-toolchain",
    "rust-toolchain.toml",
    "build.zig",
    "build.sbt",
    "package.swift",
    "mix.exs",
    "setup.hs",
    "dune",
    "package.json",
    "deno.json",
    "bunfig.toml",
    "gulpfile.js",
    "gruntfile.js",
    "go.mod",
    "go.work",
    "setup.py",
    "setup.cfg",
    "pyproject.toml",
    "conftest.py",
    "sitecustomize.py",
    "usercustomize.py",
    "tox.ini",
    "noxfile.py",
    "fabfile.py",
    "dodo.py",
    "pytest.ini",
    "rakefile",
    "gemfile",
    "podfile",
    "fastfile",
    "composer.json",
    "pom.xml",
    "gradlew",
    "mvnw",
    "gradle.properties",
    "gradle-wrapper.properties",
    "directory.build.props",
    "directory.build.targets",
    "nuget.config",
    "flake.nix",
    "default.nix",
    "shell.nix",
    "dockerfile",
    "containerfile",
    "procfile",
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
    ".cmake",
    ".bzl",
    ".gradle",
    ".gradle.kts",
    ".gemspec",
    ".podspec",
    ".rake",
    ".cabal",
    ".csproj",
    ".fsproj",
    ".vbproj",
    ".vcxproj",
    ".props",
    ".targets",
    ".config.js",
    ".config.cjs",
    ".config.mjs",
    ".config.ts",
];

/// Whether a file is run, or says what is run, when somebody builds, installs or tests.
#[must_use]
pub fn is_sensitive(path: &str) -> bool {
    let file = folded(path.rsplit('/').next().unwrap_or(path));
    SENSITIVE.contains(&file.as_str())
        || SENSITIVE_STARTS.iter().any(|start| file.starts_with(start))
        || SENSITIVE_ENDS.iter().any(|end| file.ends_with(end))
}

/// Why a plan that was made for what the user `said` may not touch a file; `None` where it may. What nobody can see parts no words: they
/// are those that stand in the plan's document, by which this is asked once more.
pub(crate) fn unasked(path: &str, said: &str) -> Option<&'static str> {
    let said: String = assist::markdown::visible(said).collect();
    let file = folded(path.rsplit('/').next().unwrap_or(path));
    let is_part = |character: char| character.is_alphanumeric() || matches!(character, '_' | '-' | '.');
    let mut words = said.split(|character: char| !is_part(character)).map(|word| folded(word.trim_end_matches('.')));
    (is_sensitive(path) && !words.any(|word| word == file))
        .then_some("it is run, or says what is run, by builds and tests, so that only a request that names it changes it")
}

/// Endings, in small letters.
const ENDINGS: &[&str] = &[".code-workspace", ".sublime-project", ".sublime-workspace", ".cursorrules", ".pth"];

/// Names that Windows takes for devices, whatever ending they have.
const DEVICES: &[&str] = &["con", "prn", "aux", "nul", "conin$", "conout$"];

/// A name as the most lenient file system compares it. Going to capitals and back brings together what differs in one case only, such as
/// the dotless i; a dot that stands by itself above a letter is dropped.
fn folded(name: &str) -> String {
    let capitals = name.nfkc().flat_map(char::to_uppercase);
    capitals.flat_map(char::to_lowercase).nfkc().filter(|character| *character != '\u{307}').collect()
}

/// Whether Windows may take a part of a path for the short name of another: `GIT~1` is `.git` to it.
fn is_short_name(part: &str) -> bool {
    let stem = part.split('.').next().unwrap_or_default();
    stem.len() <= 8
        && stem.rsplit_once('~').is_some_and(|(_, number)| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
}

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

/// Why a path may not be written by a plan; `None` where it may. The path is relative to the root.
pub(crate) fn refusal(path: &str) -> Option<&'static str> {
    if path.is_empty() || path.starts_with('/') || path.contains(['\\', ':', '\0']) || path.chars().any(char::is_control) {
        return Some("it is not a plain relative path");
    }
    // Some file systems pass over such characters, so that `.git` could be named with one inside.
    if path.chars().any(models::egress::is_invisible) {
        return Some("it holds a character that nobody can see");
    }
    let parts: Vec<String> = path.split('/').map(folded).collect();
    if parts.iter().any(|part| part.is_empty() || part == "." || part == ".." || part.contains(['/', '\\', ':'])) {
        return Some("it is not a plain relative path");
    }
    if path.split('/').any(|part| part.ends_with('.') || part.ends_with(' ') || part.len() > 255) {
        return Some("a part of it ends in a dot or a space, or is too long");
    }
    if parts.iter().any(|part| is_device(part)) {
        return Some("a part of it is a device on Windows");
    }
    if parts.iter().any(|part| is_short_name(part)) {
        return Some("a part of it is a short name on Windows");
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
    fn what_some_file_system_takes_for_a_protected_name_is_protected() {
        for path in [
            ".g\u{131}t/config",
            ".G\u{130}T/config",
            ".g\u{200c}it/hooks/pre-commit",
            ".git\u{feff}/config",
            "\u{2060}.git/config",
            ".v\u{17f}code/settings.json",
            "\u{ff0e}\u{ff47}\u{ff49}\u{ff54}/config",
            "CLAUDE.MD",
            "claude.m\u{1d485}",
            "CLA\u{ad}UDE.md",
            ".hu\u{17f}\u{212a}y/pre-commit",
            "GIT~1/hooks/pre-commit",
            "git~2",
            "sub/VSCODE~1/SETTIN~1.JSO",
            "bare/HEAD",
            "worktree/.git",
            ".gitmodules",
            "src/.tierlineignore",
            ".Gitignore",
        ] {
            assert!(refusal(path).is_some(), "{path:?}");
        }
    }

    #[test]
    fn ways_out_are_refused() {
        for path in ["../x", "a/../b", "/etc/passwd", "C:\\x", "a:b", "", "a//b", ".git./x", "a/b ", "a\nb", "a/NUL.rs", "com1"]
            .into_iter()
            .chain([
                "a/b.",
                "\\\\?\\C:\\x",
                "\\\\server\\x",
                "./a",
                "a/./b",
                "a/..",
                "\u{ff0e}\u{ff0e}/x",
                "a\u{ff0f}..\u{ff0f}b",
            ])
            .chain(["a\u{ff1a}b", "a.rs::$DATA", "COM\u{b9}.rs", "lpt9", "conin$", "a\0b", "a\u{202e}b", "a\u{2028}b"])
        {
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
        assert!(unasked("BU\u{131}LD.r\u{17f}", "clean up").is_some(), "the same file on some disks");
        assert!(unasked("Makefile", "clean\u{200b}Makefile").is_some(), "a word that a reader sees as another");
        assert_eq!(unasked("src/builder.rs", "clean up"), None);
    }

    #[test]
    fn code_is_not_protected() {
        for path in ["src/lib.rs", "a b/c.py", "gitignore.rs", "console.rs", "src/null.c", "com10", "auxiliary/x.go"]
            .into_iter()
            .chain(["src/~a.rs", "backup~", "src/head.rs", "docs/ü/你好.md", "Straße.kt", "src/a~10b.rs", "approximate~1.rs"])
        {
            assert_eq!(refusal(path), None, "{path}");
        }
    }
}
