//! What the documents promise of themselves: links lead somewhere, and what is to be copied works.

use std::path::{Component, Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

/// The documents for users and contributors, from the root.
fn documents() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found: Vec<PathBuf> = ["", "docs", "editors", "editors/vscode", "editors/nvim", "queries"]
        .iter()
        .filter_map(|folder| std::fs::read_dir(root.join(folder)).ok())
        .flatten()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "md"))
        .collect();
    found.sort();
    assert!(found.len() > 15, "{found:?}");
    found
}

/// Where the links of a page lead, without the part of the page; those to other machines are left out.
fn links(text: &str) -> impl Iterator<Item = &str> {
    let targets = text.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(target, _)| target);
    targets.filter(|target| !target.contains("://") && !target.starts_with('#') && !target.contains(char::is_whitespace))
}

/// Whether a line is the heading that a link names by its words: in small letters, with `-` for blanks and no other marks.
fn is_named(line: &str, name: &str) -> bool {
    let words = line.trim_start_matches('#').trim().to_lowercase().replace(' ', "-");
    line.starts_with('#') && words.chars().filter(|letter| letter.is_alphanumeric() || *letter == '-').eq(name.chars())
}

/// A path without `..`.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        if part == Component::ParentDir {
            plain.pop();
        } else {
            plain.push(part);
        }
    }
    plain
}

#[test]
fn links_lead_to_files_that_are_there() {
    let mut dead = Vec::new();
    for page in documents() {
        let text = std::fs::read_to_string(&page).unwrap();
        for link in links(&text) {
            let (file, heading) = link.split_once('#').unwrap_or((link, ""));
            let target = page.parent().unwrap().join(file);
            let is_there =
                || heading.is_empty() || std::fs::read_to_string(&target).unwrap().lines().any(|line| is_named(line, heading));
            if !target.exists() || !is_there() {
                dead.push(format!("{}: {link}", page.display()));
            }
        }
    }
    assert!(dead.is_empty(), "{dead:#?}");
}

#[test]
fn the_book_has_every_page_and_its_links_stay_in_it() {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
    let summary = std::fs::read_to_string(docs.join("SUMMARY.md")).unwrap();
    let chapters: Vec<PathBuf> = links(&summary).map(|link| docs.join(link)).collect();
    let pages = documents().into_iter().filter(|page| page.parent() == Some(&docs) && !page.ends_with("SUMMARY.md"));
    let missing: Vec<_> = pages.filter(|page| !chapters.contains(page)).collect();
    assert!(missing.is_empty(), "{missing:?}");

    let mut outside = Vec::new();
    for chapter in &chapters {
        let text = std::fs::read_to_string(chapter).unwrap();
        // A page that is another file's text is where that file's links are followed from.
        let text = match text.trim().strip_prefix("{{#include ").and_then(|rest| rest.strip_suffix("}}")) {
            Some(included) => std::fs::read_to_string(docs.join(included)).unwrap(),
            None => text,
        };
        for link in links(&text) {
            let target = plain(&docs.join(link.split('#').next().unwrap()));
            if !chapters.contains(&target) {
                outside.push(format!("{}: {link}", chapter.display()));
            }
        }
    }
    assert!(outside.is_empty(), "{outside:#?}");
}

#[test]
fn configurations_to_copy_are_taken_without_a_complaint() {
    let mut seen = 0;
    for page in documents().into_iter().filter(|page| !page.ends_with("editors/README.md")) {
        let text = std::fs::read_to_string(&page).unwrap();
        for example in text.split("```toml\n").skip(1).map(|rest| rest.split("```").next().unwrap()) {
            let home = TempDir::new().unwrap();
            std::fs::create_dir_all(home.path().join("config/tierline")).unwrap();
            std::fs::write(home.path().join("config/tierline/config.toml"), example).unwrap();
            let output = Command::new(env!("CARGO_BIN_EXE_tierline"))
                .args(["config", "check"])
                .current_dir(home.path())
                .env("HOME", home.path())
                .env("XDG_CONFIG_HOME", home.path().join("config"))
                .env("OPENAI_API_KEY", "a-key")
                .output()
                .unwrap();
            assert!(output.status.success(), "{}: {example}\n{output:?}", page.display());
            seen += 1;
        }
    }
    assert!(seen > 4, "{seen}");
}
