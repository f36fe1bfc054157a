//! Methods that have one name with others are renamed with all of them, or not at all.

use assist::{Host, Settings};
use index::Hit;

use crate::overlay::Overlay;
use crate::rename::{find, rename};

/// The files after a method was renamed to `go`, one after the other, and the uses that were left; or why it was not.
fn renamed(files: &[(&str, &str)], name: &str, file: &str) -> Result<(String, Vec<Hit>), String> {
    let folder = tempfile::tempdir().unwrap();
    let host = Host::new(folder.path(), Settings::default(), None);
    files.iter().for_each(|(path, text)| host.open(path, *text, 1));
    let snapshot = host.snapshot();
    let symbol = find(snapshot.index(), name, Some(file)).unwrap();
    let renamed = rename(&snapshot, &symbol, "go").map_err(|error| error.to_string())?;
    let now = Overlay::new(&snapshot).edited(&renamed.edits).unwrap();
    let texts = files.iter().map(|(path, _)| now.now().text(path).unwrap().to_string());
    Ok((texts.collect(), renamed.left))
}

/// Expects that all of these words of the files become `go`, and nothing else does.
#[track_caller]
fn renames_all(files: &[(&str, &str)], name: &str, file: &str) {
    let marked: String = files.iter().map(|(_, text)| *text).collect();
    let plain: Vec<(&str, String)> = files.iter().map(|(path, text)| (*path, text.replace(['«', '»'], ""))).collect();
    let plain: Vec<(&str, &str)> = plain.iter().map(|(path, text)| (*path, text.as_str())).collect();
    let expected: Vec<&str> =
        marked.split(['«', '»']).enumerate().map(|(at, part)| if at % 2 == 1 { "go" } else { part }).collect();
    assert_eq!(renamed(&plain, name, file).map(|(text, _)| text), Ok(expected.concat()), "{name} in {file}");
}

#[track_caller]
fn refuses(files: &[(&str, &str)], name: &str, file: &str, reason: &str) {
    let error = renamed(files, name, file).unwrap_err();
    assert!(error.contains(reason), "{error}");
}

const LIB: (&str, &str) = ("src/lib.rs", "pub mod a;\npub mod b;\n");
const A: &str = "pub trait Job {\n    fn «toil»(&self);\n    fn twice(&self) {\n        self.«toil»();\n        Self::«toil»(self);\n    }\n}\n\n\
                 pub fn all(jobs: &[Box<dyn Job>]) {\n    jobs.iter().for_each(|job| job.«toil»());\n}\n";
const B: &str = "use crate::a::Job;\n\nstruct One;\nimpl Job for One {\n    fn «toil»(&self) {}\n}\n\nstruct Two<T>(T);\n\
                 impl<T> Job for Two<T>\nwhere\n    T: Copy,\n{\n    fn «toil»(&self) {\n        One.«toil»();\n        Job::«toil»(&One);\n    }\n}\n";

#[test]
fn a_trait_is_renamed_with_all_that_implements_it() {
    for (name, file) in [("Job::toil", "src/a.rs"), ("One::toil", "src/b.rs"), ("Two::toil", "src/b.rs")] {
        renames_all(&[LIB, ("src/a.rs", A), ("src/b.rs", B)], name, file);
    }
}

#[test]
fn what_only_has_the_name_stays() {
    let other = "use std::fmt::Debug;\n\nstruct Three;\nimpl Three {\n    fn toil(&self) {}\n}\n\nstruct Four;\nimpl Other for Four {\n    fn toil(&self) {}\n}\n\n\
                 pub trait Other: Debug {\n    fn toil(&self);\n}\n\nfn go_on() {\n    Three.toil();\n}\n";
    let lib = ("src/lib.rs", "pub mod a;\npub mod b;\npub mod c;\n");
    // What a closure is given is not known, and no longer one of a name that only the trait has.
    let a = A.replace("job.«toil»()", "job.toil()");
    let files = [lib, ("src/a.rs", &*a), ("src/b.rs", B), ("src/c.rs", other)];
    renames_all(&files, "One::toil", "src/b.rs");
    let plain: Vec<(&str, String)> = files.iter().map(|(path, text)| (*path, text.replace(['«', '»'], ""))).collect();
    let plain: Vec<(&str, &str)> = plain.iter().map(|(path, text)| (*path, text.as_str())).collect();
    let (_, left) = renamed(&plain, "One::toil", "src/b.rs").unwrap();
    assert_eq!(left.iter().map(Hit::path).collect::<Vec<_>>(), ["src/a.rs"], "it is said");
}

#[test]
fn what_the_standard_library_may_have_is_left() {
    let text = "pub trait Hook {\n    fn finish(&mut self);\n}\nstruct A;\nimpl Hook for A {\n    fn finish(&mut self) {}\n}\n\
                fn show(f: &mut std::fmt::Formatter<'_>) {\n    f.debug_struct(\"A\").finish();\n}\n";
    let (text, left) = renamed(&[("src/lib.rs", text)], "Hook::finish", "src/lib.rs").unwrap();
    assert_eq!((text.matches("fn go(").count(), text.contains("\").finish()"), left.len()), (2, true, 1), "{text}");
}

#[test]
fn what_implements_a_foreign_trait_keeps_its_name() {
    let foreign = "struct A;\nimpl<T> Job<T> for A\nwhere\n    T: Copy,\n{\n    fn run(&self) {}\n}\n";
    refuses(&[("src/lib.rs", foreign)], "A::run", "src/lib.rs", "src/lib.rs:6 implements a trait, which asks for that name");
    refuses(&[("src/lib.rs", "struct A;\nimpl Job for A { fn run(&self) {} }\n")], "A::run", "src/lib.rs", "implements a trait");
    let long = "struct A;\nimpl<'a, T: Copy> std::fmt::Display\n    for A<'a, T>\n{\n    fn fmt(&self) {}\n}\n";
    refuses(&[("src/lib.rs", long)], "A::fmt", "src/lib.rs", "implements a trait");
    renames_all(&[("src/lib.rs", "struct A;\nimpl A {\n    fn «run»(&self) {}\n}\n")], "A::run", "src/lib.rs");
}

#[test]
fn a_trait_of_which_not_everything_is_known_keeps_its_name() {
    let two = "mod x {\n    pub trait Job {\n        fn run(&self);\n    }\n}\nmod y {\n    pub trait Job {\n        fn run(&self);\n    }\n}\n\
               use unknown::*;\nstruct A;\nimpl Job for A {\n    fn run(&self) {}\n}\n";
    refuses(&[("src/lib.rs", two)], "x::Job::run", "src/lib.rs", "may implement it");
    let mocked = "#[automock]\npub trait Job {\n    fn run(&self);\n}\n";
    refuses(&[("src/lib.rs", mocked)], "Job::run", "src/lib.rs", "has `automock`, which may make more of it");
    let plain = "/// Works.\n#[must_use]\n#[cfg(unix)]\npub trait Job {\n    fn «run»(&self);\n}\n";
    renames_all(&[("src/lib.rs", plain)], "Job::run", "src/lib.rs");
}

#[test]
fn a_trait_by_another_name_is_the_same() {
    let alias = "use crate::a::Job as Task;\n\nstruct One;\nimpl Task for One {\n    fn toil(&self) {}\n}\n";
    let lib = ("src/lib.rs", "pub mod a;\npub mod b;\n");
    let a = A.replace(['«', '»'], "");
    if let Ok((text, _)) = renamed(&[lib, ("src/a.rs", &a), ("src/b.rs", alias)], "Job::toil", "src/a.rs") {
        assert!(!text.contains("fn toil"), "an implementation was left behind: {text}");
    }
}

const SHAPE: (&str, &str) = ("Shape.java", "interface Shape {\n    double «area»();\n}\n");
const CIRCLE: (&str, &str) =
    ("Circle.java", "class Circle implements Shape {\n    @Override public double «area»() {\n        return 3;\n    }\n}\n");
const RING: (&str, &str) = (
    "Ring.java",
    "class Ring extends Circle {\n    @Override public double «area»() {\n        return super.«area»() - 1;\n    }\n}\n",
);
const USE: (&str, &str) = (
    "Use.java",
    "class Use {\n    double of(Shape shape, Ring ring) {\n        return shape.«area»() + ring.«area»();\n    }\n}\n",
);

#[test]
fn methods_that_override_each_other_are_renamed_together() {
    for (name, file) in [("Shape::area", "Shape.java"), ("Circle::area", "Circle.java"), ("Ring::area", "Ring.java")] {
        renames_all(&[SHAPE, CIRCLE, RING, USE], name, file);
    }
    let stranger = ("Map.java", "class Map {\n    double area() {\n        return 1;\n    }\n}\n");
    renames_all(&[SHAPE, CIRCLE, RING, stranger], "Circle::area", "Circle.java");
}

#[test]
fn a_class_that_has_both_joins_them() {
    let base = ("Base.java", "class Base {\n    public double «area»() {\n        return 1;\n    }\n}\n");
    let joint = ("Joint.java", "class Joint extends Base implements Shape {\n}\n");
    renames_all(&[SHAPE, base, joint], "Base::area", "Base.java");
    let alone = ("Joint.java", "class Joint extends Base {\n}\n");
    renames_all(&[("Shape.java", "interface Shape {\n    double area();\n}\n"), base, alone], "Base::area", "Base.java");
}

#[test]
fn methods_of_which_not_all_are_known_keep_their_name() {
    let plain = |(path, text): (&'static str, &str)| (path, text.replace(['«', '»'], ""));
    let (shape, circle) = (plain(SHAPE), plain(CIRCLE));
    let refuses = |more: &[(&str, &str)], reason: &str| {
        let files: Vec<(&str, &str)> =
            [(shape.0, shape.1.as_str()), (circle.0, circle.1.as_str())].into_iter().chain(more.iter().copied()).collect();
        refuses(&files, "Shape::area", "Shape.java", reason);
    };
    let foreign = ("Far.java", "class Far extends Circle implements Distant {\n}\n");
    refuses(&[foreign], "Far.java:1 has a parent that is not known");
    let nameless = "class Use {\n    Shape one() {\n        return new Shape() {\n            public double area() {\n                return 1;\n            }\n        };\n    }\n}\n";
    refuses(&[("Use.java", nameless)], "stands in a class without a name");
    let thread = "class A extends Thread {\n    @Override public void run() {}\n}\n";
    super::tests::refuses(&[("A.java", thread)], "A::run", "A.java", "outside of the workspace");
    renames_all(&[("A.java", "class A {\n    public void «run»() {}\n}\n")], "A::run", "A.java");
}
