//! Which files come in, and what a build tells of the others.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use index::{Index, Options};

use crate::folder::{Folder, paths};

#[test]
fn ignore_files_and_hidden_files_stay_out() {
    let folder =
        Folder::new("//- src/a.rs\nfn a() {}\n//- gen/b.rs\nfn b() {}\n//- own/c.rs\nfn c() {}\n//- .hidden/d.rs\nfn d() {}\n");
    folder.write(".gitignore", "/gen/\n");
    folder.write(".tierlineignore", "own\n");
    let index = folder.index();
    assert_eq!(paths(&index), ["src/a.rs"]);
    for (path, admitted) in
        [("src/new.rs", true), ("gen/b.rs", false), ("own/c.rs", false), (".hidden/d.rs", false), ("../x.rs", false)]
    {
        assert_eq!(index.admits(path), admitted, "{path}");
    }
}

#[test]
fn rules_of_the_caller_hold_too() {
    let folder = Folder::new("//- src/a.rs\nfn a() {}\n//- vendor/deep/b.rs\nfn b() {}\n");
    let options = Options { ignore: vec!["vendor/".to_owned()], ..Options::default() };
    let (index, _) = Index::build(folder.root(), &options, &|_| {}, &AtomicBool::new(false));
    assert_eq!(paths(&index), ["src/a.rs"]);
    assert!(!index.admits("vendor/deep/b.rs"));
}

#[test]
fn what_cannot_be_read_is_counted_by_reason() {
    let folder = Folder::new("//- a.rs\nfn a() {}\n//- notes.txt\nhello\n");
    std::fs::write(folder.root().join("latin.rs"), b"// caf\xe9\n").unwrap();
    folder.write("large.rs", &"// long\n".repeat(200_000));
    folder.write("line.rs", &format!("// {}\n", "x".repeat(20_000)));
    let (index, report) = folder.build();
    assert_eq!(paths(&index), ["a.rs"]);
    let skipped: Vec<_> = report.skipped.into_iter().collect();
    assert_eq!(skipped, [("long-line", 1), ("not-utf8", 1), ("too-large", 1), ("unknown-language", 1)]);
    assert_eq!((report.files, report.parsed, report.reused, report.symbols), (1, 1, 0, 1));
}

#[cfg(unix)]
#[test]
fn links_and_pipes_are_not_followed() {
    let folder = Folder::new("//- src/a.rs\nfn a() {}\n");
    std::os::unix::fs::symlink(folder.root(), folder.root().join("src/loop")).unwrap();
    std::os::unix::fs::symlink(folder.root().join("src/a.rs"), folder.root().join("src/b.rs")).unwrap();
    let made = std::process::Command::new("mkfifo").arg(folder.root().join("pipe.rs")).status();
    let (index, report) = folder.build();
    assert_eq!(paths(&index), ["src/a.rs"]);
    assert_eq!(report.skipped.get("symlink"), Some(&2));
    if made.is_ok_and(|status| status.success()) {
        assert_eq!(report.skipped.get("not-a-file"), Some(&1));
    }
    let refreshed =
        index.refresh(&[folder.root().join("src/b.rs"), folder.root().join("src/loop/src/a.rs"), folder.root().join("pipe.rs")]);
    assert_eq!(paths(&refreshed), ["src/a.rs"]);
}

#[test]
fn a_build_that_is_called_off_leaves_the_index_as_it_was() {
    let folder = Folder::new("//- a.rs\nfn a() {}\n//- b.rs\nfn b() {}\n");
    let cancel = AtomicBool::new(false);
    let stop = |_| cancel.store(true, Ordering::Relaxed);
    let (index, report) = Index::build(folder.root(), &Options { threads: 1, ..Options::default() }, &stop, &cancel);
    assert!(report.cancelled);
    assert_eq!(index.counts().files, 0);
}

#[test]
fn progress_comes_to_its_end() {
    let folder = Folder::new("//- a.rs\nfn a() {}\n//- b.rs\nfn b() {}\n//- c.rs\nfn c() {}\n");
    let most = AtomicUsize::new(0);
    let note = |progress: index::Progress| {
        assert_eq!(progress.total, 3);
        most.fetch_max(progress.done, Ordering::Relaxed);
    };
    drop(Index::build(folder.root(), &Options::default(), &note, &AtomicBool::new(false)));
    assert_eq!(most.load(Ordering::Relaxed), 3);
}

#[test]
fn a_folder_that_is_not_there_is_an_empty_index() {
    let folder = Folder::new("");
    let (index, report) = Index::build(&folder.root().join("nowhere"), &Options::default(), &|_| {}, &AtomicBool::new(false));
    assert_eq!((index.counts().files, report.files), (0, 0));
}
