//! What names mean, language by language.

use crate::folder::{Folder, named, uses};

#[test]
fn rust_names_mean_what_scope_import_and_path_say() {
    let folder = Folder::new(
        "//- src/lib.rs
pub mod store;
mod other;
pub use store::Store;
//- src/store.rs
pub struct Store { pub size: u32 }
impl Store {
    pub fn create() -> Self { Self::blank() }
    fn blank() -> Self { Store { size: 0 } }
    pub fn grow_by(&self) { self.blank_out(); }
    fn blank_out(&self) { helper(); }
}
fn helper() {}
//- src/other.rs
use crate::Store;
use std::fs::File;
fn helper() {}
pub fn work(input: &Store) {
    let made = Store::create();
    made.grow_by();
    helper();
    crate::store::Store::create();
    File::create();
    input.size;
    let helper = 1;
    drop(helper);
}
#[cfg(test)]
mod tests {
    use super::*;
    fn check() { work(); }
}
",
    );
    let index = folder.index();
    let means = |path: &str, needle: &str| folder.meanings(&index, path, needle);
    assert_eq!(means("src/other.rs", "crate::^Store;"), ["src/store.rs#Store imported"]);
    assert_eq!(means("src/other.rs", "= ^Store::create"), ["src/store.rs#Store imported"]);
    assert_eq!(means("src/other.rs", "= Store::^create"), ["src/store.rs#Store::create exact"]);
    assert_eq!(means("src/other.rs", "crate::store::Store::^create"), ["src/store.rs#Store::create exact"]);
    assert_eq!(means("src/other.rs", "made.^grow_by"), ["src/store.rs#Store::grow_by exact"]);
    assert_eq!(means("src/other.rs", "    ^helper();"), ["src/other.rs#helper exact"]);
    assert_eq!(means("src/other.rs", "input.^size"), ["src/store.rs#Store::size exact"]);
    assert_eq!(means("src/other.rs", "check() { ^work"), ["src/other.rs#work exact"]);
    assert_eq!(means("src/store.rs", "self.^blank_out"), ["src/store.rs#Store::blank_out exact"]);
    assert_eq!(means("src/store.rs", "Self::^blank()"), ["src/store.rs#Store::blank exact"]);
    assert!(means("src/other.rs", "drop(^helper)").is_empty(), "a local variable");
    assert!(means("src/other.rs", "File::^create").is_empty(), "from another crate");
    let create = index.search("Store::create", 1).remove(0);
    assert_eq!(uses(&index, &create), ["src/other.rs:5:23 create (exact)", "src/other.rs:8:26 create (exact)"]);
    assert_eq!(index.callees(&named(&index, "work")).len(), 3);
    assert_eq!(index.callers(&named(&index, "blank_out")).len(), 1);
}

#[test]
fn a_name_that_several_bear_is_told_by_its_name_only() {
    let folder = Folder::new(
        "//- src/lib.rs
mod a; mod b;
fn go(x: u32) { x.spin_up(); x.len(); only().turn_once(); }
//- src/a.rs
pub struct A; impl A { pub fn spin_up(&self) {} pub fn len(&self) {} pub fn turn_once(&self) {} }
//- src/b.rs
pub struct B; impl B { pub fn spin_up(&self) {} }
",
    );
    let index = folder.index();
    let spin = folder.meanings(&index, "src/lib.rs", "x.^spin_up");
    assert_eq!(spin.len(), 2);
    assert!(spin.iter().all(|meaning| meaning.ends_with("same-name")), "{spin:?}");
    assert_eq!(folder.meanings(&index, "src/lib.rs", "x.^len"), ["src/a.rs#A::len same-name"]);
    assert_eq!(folder.meanings(&index, "src/lib.rs", "only().^turn_once"), ["src/a.rs#A::turn_once exact"]);
}

#[test]
fn python_follows_packages_and_relative_imports() {
    let folder = Folder::new(
        "//- app/__init__.py
from .store import Store
//- app/store.py
class Base:
    def close_down(self): pass
class Store(Base):
    def load(self):
        self.close_down()
        return self.items_of()
    def items_of(self): pass
def connect(): pass
//- app/cli.py
import os
import app.store
from app import Store
from . import store
from .store import connect as dial
def main():
    s = Store()
    store.connect()
    dial()
    os.connect()
    app.store.connect()
",
    );
    let index = folder.index();
    let means = |path: &str, needle: &str| folder.meanings(&index, path, needle);
    assert_eq!(means("app/cli.py", "= ^Store()"), ["app/store.py#Store imported"]);
    assert_eq!(means("app/cli.py", "    store.^connect"), ["app/store.py#connect imported"]);
    assert_eq!(means("app/cli.py", "    ^dial()"), ["app/store.py#connect imported"]);
    assert_eq!(means("app/cli.py", "app.store.^connect"), ["app/store.py#connect imported"]);
    assert!(means("app/cli.py", "os.^connect").is_empty());
    assert_eq!(means("app/store.py", "self.^close_down"), ["app/store.py#Base::close_down exact"]);
    assert_eq!(means("app/store.py", "self.^items_of"), ["app/store.py#Store::items_of exact"]);
}

#[test]
fn scripts_follow_relative_paths_and_re_exports() {
    let folder = Folder::new(
        "//- src/store/index.ts
export * from './impl';
export { helper as assist } from './impl';
//- src/store/impl.ts
export class Store { loadAll() { this.reset_all(); } reset_all() {} }
export function helper() {}
//- src/main.ts
import { Store, assist } from './store';
import * as impl from './store/impl.js';
import { helper } from 'elsewhere';
function main(store: Store) { new Store(); assist(); impl.helper(); helper(); store.loadAll(); }
",
    );
    let index = folder.index();
    let means = |path: &str, needle: &str| folder.meanings(&index, path, needle);
    assert_eq!(means("src/main.ts", "new ^Store"), ["src/store/impl.ts#Store imported"]);
    assert_eq!(means("src/main.ts", "; ^assist()"), ["src/store/impl.ts#helper imported"]);
    assert_eq!(means("src/main.ts", "impl.^helper()"), ["src/store/impl.ts#helper imported"]);
    assert_eq!(means("src/main.ts", "store.^loadAll"), ["src/store/impl.ts#Store::loadAll exact"]);
    assert_eq!(means("src/store/impl.ts", "this.^reset_all"), ["src/store/impl.ts#Store::reset_all exact"]);
    assert!(means("src/main.ts", "; ^helper()").is_empty(), "from another package");
}

#[test]
fn go_packages_are_folders() {
    let folder = Folder::new(
        "//- store/store.go
package store
type Store struct { size int }
func Open() *Store { return nil }
func (s *Store) Grow() { helper() }
//- store/helper.go
package store
func helper() {}
//- main.go
package main
import (
\t\"os\"
\t\"example.com/app/store\"
)
func helper() {}
func main() { store.Open(); os.Open(); helper() }
",
    );
    let index = folder.index();
    let means = |path: &str, needle: &str| folder.meanings(&index, path, needle);
    assert_eq!(means("main.go", "store.^Open"), ["store/store.go#Open imported"]);
    assert!(means("main.go", "os.^Open").is_empty());
    assert_eq!(means("main.go", "; ^helper"), ["main.go#helper exact"]);
    assert_eq!(means("store/store.go", "{ ^helper"), ["store/helper.go#helper exact"]);
}

#[test]
fn java_classes_are_files() {
    let folder = Folder::new(
        "//- src/com/shop/Store.java
package com.shop;
public class Store extends Base { void fillUp() { settle(); fillMore(); } void fillMore() {} }
//- src/com/shop/Base.java
package com.shop;
class Base { void settle() {} }
//- src/com/app/Main.java
package com.app;
import com.shop.Store;
import java.util.List;
class Main { void main(Store store) { new Store(); store.fillMore(); } }
",
    );
    let index = folder.index();
    let means = |path: &str, needle: &str| folder.meanings(&index, path, needle);
    assert_eq!(means("src/com/app/Main.java", "new ^Store"), ["src/com/shop/Store.java#Store imported"]);
    assert_eq!(means("src/com/app/Main.java", "store.^fillMore"), ["src/com/shop/Store.java#Store::fillMore exact"]);
    assert_eq!(means("src/com/shop/Store.java", "extends ^Base"), ["src/com/shop/Base.java#Base exact"]);
    assert_eq!(means("src/com/shop/Store.java", "{ ^settle"), ["src/com/shop/Base.java#Base::settle exact"]);
}

#[test]
fn c_declarations_and_definitions_are_one() {
    let folder = Folder::new(
        "//- include/store.h
struct store { int size; };
int store_open(struct store *s);
//- src/store.c
#include \"store.h\"
static int helper(void) { return 0; }
int store_open(struct store *s) { return helper(); }
//- src/main.c
#include \"store.h\"
static int helper(void) { return 1; }
int main(void) { helper(); return store_open(0); }
",
    );
    let index = folder.index();
    let means = |path: &str, needle: &str| folder.meanings(&index, path, needle);
    assert_eq!(means("src/main.c", "{ ^helper"), ["src/main.c#helper exact"]);
    let both = means("src/main.c", "return ^store_open");
    assert_eq!(both.len(), 2, "{both:?}");
    assert!(both.iter().all(|meaning| meaning.ends_with("imported")));
    for symbol in index.named("store_open") {
        assert_eq!(uses(&index, &symbol), ["src/main.c:3:35 store_open (imported)"]);
    }
}

#[test]
fn a_call_on_a_value_means_only_what_can_be_called_on_one() {
    let folder = Folder::new(
        "//- src/lib.rs
pub struct Rule { pub matching: bool }
impl Rule {
    pub fn everything() -> Self { Rule { matching: true } }
    pub fn matching(&self) -> bool { self.matching }
    pub fn with_label(&self, label: &str) -> String { label.to_owned() }
}
pub fn check(rules: &[Rule], other: Other) -> bool {
    let made = Rule::everything();
    let found = other.everything();
    let told = other.with_label();
    let plain = other.with_label(\"x\");
    made.matching() && made.matching
}
",
    );
    let index = folder.index();
    let means = |needle: &str| folder.meanings(&index, "src/lib.rs", needle);
    assert_eq!(means("Rule::^everything();"), ["src/lib.rs#Rule::everything exact"]);
    assert_eq!(means("other.^everything()"), Vec::<String>::new(), "it takes no self");
    assert_eq!(means("made.^matching()"), ["src/lib.rs#Rule::matching:2 exact"], "the method, which has the field's name");
    assert_eq!(means("&& made.^matching"), ["src/lib.rs#Rule::matching exact"], "the field, which has the method's name");
    assert_eq!(means("other.^with_label();"), ["src/lib.rs#Rule::with_label same-name"], "the arguments speak against it");
}

#[test]
fn members_that_standard_libraries_have_too_are_never_certain_by_name_alone() {
    for (file, source, needle) in [
        (
            "src/lib.rs",
            "pub struct A; impl A { pub fn unwrap_or_default(&self) {} }\npub fn f(x: Option<u8>) { x.unwrap_or_default(); }\n",
            "x.^unwrap_or_default",
        ),
        ("a.go", "package a\ntype C struct{}\nfunc (c *C) Execute() {}\nfunc f() { t := g(); t.Execute() }\n", "t.^Execute"),
        ("a.py", "class A:\n    def partition(self, x): pass\ndef f(s):\n    s.partition('x')\n", "s.^partition"),
        ("a.ts", "class A { padStart() {} }\nfunction f(s) { s.padStart(); }\n", "s.^padStart"),
    ] {
        let folder = Folder::new(&format!("//- {file}\n{source}"));
        let meanings = folder.meanings(&folder.index(), file, needle);
        assert!(meanings.iter().all(|meaning| meaning.ends_with("same-name")), "{file}: {meanings:?}");
    }
}

#[test]
fn a_crate_that_hands_others_on_is_looked_through() {
    let folder = Folder::new(
        "//- crates/searcher/src/lib.rs
mod inner;
pub use crate::inner::Builder;
//- crates/searcher/src/inner.rs
pub struct Builder;
impl Builder { pub fn create() -> Self { Builder } }
//- crates/grep/src/lib.rs
pub extern crate grep_searcher as searcher;
//- crates/core/src/main.rs
fn search() -> grep::searcher::Builder { grep::searcher::Builder::create() }
",
    );
    let index = folder.index();
    let means = |needle: &str| folder.meanings(&index, "crates/core/src/main.rs", needle);
    assert_eq!(means("-> grep::searcher::^Builder"), ["crates/searcher/src/inner.rs#Builder exact"]);
    assert_eq!(means("::^create"), ["crates/searcher/src/inner.rs#Builder::create exact"]);
}

#[test]
fn of_namesakes_the_nearest_come_first() {
    let folder = Folder::new(
        "//- far/away.ts
export interface Away { status: number }
//- near/issue.ts
export interface Issue { status: string }
//- near/use.ts
import { Issue } from './issue';
export function show(list) { return list[0].status; }
",
    );
    let index = folder.index();
    let means = folder.meanings(&index, "near/use.ts", "].^status");
    assert_eq!(means, ["near/issue.ts#Issue::status same-name", "far/away.ts#Away::status same-name"]);
}

#[test]
fn a_label_is_a_field_of_the_type_in_front_of_the_braces() {
    let folder = Folder::new(
        "//- src/lib.rs
pub mod shape;
pub struct Version { pub major: u64 }
pub struct Range { pub major: u64 }
impl Version {
    fn new(major: u64) -> Self { Self { major } }
    fn wider(&self, other: &Self, range: &Range) -> bool { other.major > range.major }
}
fn parse(major: u64) -> Version { Version { major } }
fn read() -> Range { crate::Range { major: 1 } }
fn split(Version { major: first, .. }: Version, Range { major, .. }: Range) -> u64 { first + major }
//- src/shape.rs
pub enum Shape { Circle { radius: u32 }, Ring { radius: u32 } }
pub fn small(shape: &Shape) -> bool { matches(shape) }
fn matches(shape: &Shape) -> bool { match shape { Shape::Circle { radius } => *radius < 3, Shape::Ring { radius: r } => *r < 4 } }
//- main.go
package main
type Route struct { Name string }
type Router struct { Name string }
func main() { _ = Route{Name: \"a\"}; _ = &Router{Name: \"b\"} }
",
    );
    let index = folder.index();
    let means = |path: &str, needle: &str| folder.meanings(&index, path, needle);
    let (version, range) = (["src/lib.rs#Version::major exact"], ["src/lib.rs#Range::major exact"]);
    assert_eq!(means("src/lib.rs", "Self { ^major"), version);
    assert_eq!(means("src/lib.rs", "{ Version { ^major"), version);
    assert_eq!(means("src/lib.rs", "crate::Range { ^major"), range);
    assert_eq!(means("src/lib.rs", "split(Version { ^major"), version);
    assert_eq!(means("src/lib.rs", ", Range { ^major"), range);
    assert_eq!(means("src/lib.rs", "other.^major"), version, "a parameter of the own type");
    assert_eq!(means("src/lib.rs", "range.^major"), range);
    assert_eq!(means("src/shape.rs", "Shape::Circle { ^radius"), ["src/shape.rs#Shape::Circle::radius exact"]);
    assert_eq!(means("src/shape.rs", "Shape::Ring { ^radius"), ["src/shape.rs#Shape::Ring::radius exact"]);
    assert_eq!(means("main.go", " Route{^Name"), ["main.go#Route::Name exact"]);
    assert_eq!(means("main.go", "&Router{^Name"), ["main.go#Router::Name exact"]);
}
