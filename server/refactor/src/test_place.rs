//! Where a test of a symbol belongs: beside the tests that it has, else where the conventions of its language put them.

use assist::Snapshot;
use index::SymbolRef;
use syntax::Language;

use crate::protected;

/// Where in a file a test is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum TestPlace {
    /// At the end of this module or class.
    Inside(String),
    /// In a new module `tests` at the end of the file: Rust.
    NewModule,
    /// At the end of the file, behind so many blank lines.
    End {
        /// How many.
        blank_lines: usize,
    },
}

impl TestPlace {
    /// What the test stands in, where it is not the file itself.
    pub(crate) fn container(&self) -> Option<&str> {
        match self {
            Self::Inside(path) => Some(path),
            Self::NewModule => Some("tests"),
            Self::End { .. } => None,
        }
    }
}

/// A file for a test.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TestFile {
    /// Its path, relative to the root.
    pub(crate) path: String,
    /// Where in it; `None` where the file is new.
    pub(crate) place: Option<TestPlace>,
}

/// Where a test of `symbol` belongs; `None` where its language has no convention and the symbol no tests to stand beside.
pub(crate) fn find(snapshot: &Snapshot, symbol: &SymbolRef) -> Option<TestFile> {
    let index = snapshot.index();
    let language = symbol.record.language;
    if language == Language::Rust {
        let is_tests = |module: &&syntax::Symbol| module.name == "tests" && module.kind == syntax::SymbolKind::Module;
        let module = symbol.record.file().symbols.iter().rfind(is_tests);
        let place = module.map_or(TestPlace::NewModule, |module| TestPlace::Inside(module.path()));
        return Some(TestFile { path: symbol.path().to_owned(), place: Some(place) });
    }
    if language == Language::Zig {
        return Some(TestFile { path: symbol.path().to_owned(), place: Some(TestPlace::End { blank_lines: 1 }) });
    }
    let beside = index.usage_if_known(symbol, 1).and_then(|usage| usage.tests.first().map(|test| test.path().to_owned()));
    let candidates = candidates(language, symbol.path(), &symbol.get().name);
    let known = beside.or_else(|| candidates.iter().find(|path| index.file(path).is_some()).cloned());
    if let Some(path) = known {
        let place = place_in(snapshot, &path, language);
        return Some(TestFile { path, place: Some(place) });
    }
    let path = candidates.into_iter().find(|path| may_be_made(snapshot, path))?;
    Some(TestFile { path, place: None })
}

fn may_be_made(snapshot: &Snapshot, path: &str) -> bool {
    protected::refusal(path).is_none()
        && snapshot.index().admits_new(path)
        && snapshot.index().absolute(path).symlink_metadata().is_err()
}

fn place_in(snapshot: &Snapshot, path: &str, language: Language) -> TestPlace {
    let blank_lines = if language == Language::Python { 2 } else { 1 };
    let in_class = matches!(
        language,
        Language::Java | Language::Kotlin | Language::CSharp | Language::Scala | Language::Php | Language::Swift
    );
    let is_class = |symbol: &&syntax::Symbol| symbol.kind.has_members() && symbol.parent.is_none();
    let record = snapshot.index().file(path);
    let last = record.and_then(|record| record.file().symbols.iter().rfind(is_class)).map(syntax::Symbol::path);
    match last {
        Some(class) if in_class => TestPlace::Inside(class),
        _ => TestPlace::End { blank_lines },
    }
}

/// The paths that a test file of a source file may have, the most usual first.
fn candidates(language: Language, path: &str, name: &str) -> Vec<String> {
    let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
    let (stem, ending) = file.rsplit_once('.').unwrap_or((file, ""));
    let beside = |file: String| if folder.is_empty() { file } else { format!("{folder}/{file}") };
    // A tests' folder at the root, or beside the folder of the sources.
    let from_root = |folder: &str, file: String| format!("{folder}/{file}");
    let mirrored = |from: &str, to: &str, file: String| {
        let moved = format!("{folder}/").replacen(from, to, 1);
        (moved != format!("{folder}/")).then(|| format!("{moved}{file}"))
    };
    match language {
        Language::Go => vec![beside(format!("{stem}_test.go"))],
        Language::Python => {
            let file = format!("test_{stem}.py");
            vec![from_root("tests", file.clone()), from_root("test", file.clone()), beside(format!("tests/{file}")), beside(file)]
        }
        Language::JavaScript | Language::TypeScript | Language::Tsx => vec![
            beside(format!("{stem}.test.{ending}")),
            beside(format!("{stem}.spec.{ending}")),
            beside(format!("__tests__/{stem}.test.{ending}")),
            from_root("test", format!("{stem}.test.{ending}")),
            from_root("tests", format!("{stem}.test.{ending}")),
        ],
        Language::Java | Language::Kotlin | Language::Scala => {
            let file = format!("{stem}Test.{ending}");
            mirrored("src/main/", "src/test/", file.clone()).into_iter().chain([beside(file)]).collect()
        }
        Language::CSharp => vec![beside(format!("{stem}Tests.cs"))],
        Language::Ruby => vec![from_root("test", format!("{stem}_test.rb")), from_root("spec", format!("{stem}_spec.rb"))],
        Language::Php => vec![from_root("tests", format!("{stem}Test.php"))],
        Language::Elixir => {
            let file = format!("{stem}_test.exs");
            mirrored("lib/", "test/", file.clone()).into_iter().chain([from_root("test", file)]).collect()
        }
        Language::Dart => vec![from_root("test", format!("{stem}_test.dart"))],
        Language::Julia => vec![from_root("test", format!("{stem}_tests.jl"))],
        Language::R => {
            vec![from_root("tests/testthat", format!("test-{stem}.R")), from_root("tests/testthat", format!("test-{name}.R"))]
        }
        // How the tests of these are found and run is every project's own.
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use assist::{Host, Settings};

    use super::{TestFile, TestPlace, find};

    fn place(files: &[(&str, &str)], name: &str) -> Option<TestFile> {
        let folder = tempfile::tempdir().unwrap();
        for (path, text) in files {
            let path = folder.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        let host = Host::new(folder.path(), Settings::default(), None);
        host.index_folder(&|_| {}, &std::sync::atomic::AtomicBool::new(false));
        host.settle();
        let snapshot = host.snapshot();
        find(&snapshot, &snapshot.index().named(name)[0])
    }

    #[test]
    fn a_test_goes_where_the_tests_of_its_language_live() {
        let made = |path: &str| Some(TestFile { path: path.into(), place: None });
        let at = |path: &str, place| Some(TestFile { path: path.into(), place: Some(place) });
        let end = |blank_lines| TestPlace::End { blank_lines };
        assert_eq!(place(&[("src/a.rs", "fn f() {}\n")], "f"), at("src/a.rs", TestPlace::NewModule));
        let tested = "fn f() {}\n#[cfg(test)]\nmod tests {\n    fn t() {}\n}\n";
        assert_eq!(place(&[("src/a.rs", tested)], "f"), at("src/a.rs", TestPlace::Inside("tests".into())));
        assert_eq!(place(&[("p/a.go", "package p\nfunc F() {}\n")], "F"), made("p/a_test.go"));
        let go = [("p/a.go", "package p\nfunc F() {}\n"), ("p/a_test.go", "package p\n")];
        assert_eq!(place(&go, "F"), at("p/a_test.go", end(1)));
        let python =
            [("app/a.py", "def f():\n    pass\n"), ("tests/test_more.py", "from app.a import f\ndef test_f():\n    f()\n")];
        assert_eq!(place(&python, "f"), at("tests/test_more.py", end(2)), "beside the test that it has");
        assert_eq!(place(&python[..1], "f"), made("tests/test_a.py"));
        let java = [("src/main/java/p/A.java", "package p;\nclass A { int f() { return 1; } }\n")];
        assert_eq!(place(&java, "f"), made("src/test/java/p/ATest.java"));
        assert_eq!(place(&[("a.c", "int f(void) { return 1; }\n")], "f"), None);
    }
}
