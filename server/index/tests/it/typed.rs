//! What members mean by the types that the text tells.

use crate::folder::Folder;

#[test]
fn a_member_is_told_by_what_its_value_was_declared_or_begins_as() {
    let folder = Folder::new(
        "//- src/store.ts
export class Base<D> { def!: D; close() {} }
export interface Row { id: string; tags: Tag[] }
export interface Tag { id: string }
export class Store extends Base<Row> {
    rows: Row[] = [];
    first(): Row { return this.rows[0]; }
    self(): this { return this; }
    close() { super.close(); }
}
export class Other { id = 1; first() {} rows = 2; def = 3; self() {} close() {} tags = 4; }
export function open(): Promise<Store> { return null!; }
//- src/ns.ts
export * as stores from './store';
//- src/main.ts
import * as s from './store';
import { stores } from './ns';
import { open } from './store';
async function main(given: s.Store, { first }: s.Row) {
    const made = new s.Store();
    made.first();
    made.self().rows;
    const opened = await open();
    opened.def.id;
    for (const tag of given.rows[0].tags) { tag.id; }
    const { tags } = given.first();
    { const made = new stores.Other(); made.def; }
    let unknown = compute();
    unknown.rows;
}
",
    );
    let index = folder.index();
    let means = |needle: &str| folder.meanings(&index, "src/main.ts", needle);
    assert_eq!(means("    made.^first()"), ["src/store.ts#Store::first exact"]);
    assert_eq!(means("made.self().^rows"), ["src/store.ts#Store::rows exact"], "a method that returns what it is called on");
    assert_eq!(means("opened.^def"), ["src/store.ts#Base::def exact"], "what a function is declared to return");
    assert_eq!(means("opened.def.^id"), ["src/store.ts#Row::id exact"], "a type argument of what is inherited");
    assert_eq!(means("tag.^id"), ["src/store.ts#Tag::id exact"], "an element of a list");
    assert_eq!(means("const { ^tags }"), ["src/store.ts#Row::tags exact"], "a value that is taken apart");
    assert_eq!(
        means("; made.^def"),
        ["src/store.ts#Other::def exact"],
        "a name that another one hides, of a module that is handed on"
    );
    let namesakes = means("unknown.^rows");
    assert_eq!(namesakes.len(), 2, "{namesakes:?}");
    assert!(namesakes.iter().all(|meaning| meaning.ends_with("same-name")), "{namesakes:?}");
    let inherited = folder.meanings(&index, "src/store.ts", "super.^close");
    assert_eq!(inherited, ["src/store.ts#Base::close exact"], "not the own one");
}

#[test]
fn a_type_that_extends_what_its_own_name_leads_to_is_looked_into_once() {
    let folder = Folder::new(
        "//- src/stream.ts
export interface Stream<A> extends Stream.Variance<A>, Stream.Unknown<A> {}
export declare namespace Stream {
    export interface Variance<A> { kept: A; }
}
export interface Ring<A> { inner: Ring<A>['inner']['next']; }
export interface Other { kept: number; pipe: number; next: number; }
export function use(stream: Stream<number>, ring: Ring<number>) {
    stream.kept;
    stream.pipe;
    ring.inner.next;
}
",
    );
    let index = folder.index();
    let means = |needle: &str| folder.meanings(&index, "src/stream.ts", needle);
    assert_eq!(means("stream.^kept"), ["src/stream.ts#Stream::Variance::kept exact"]);
    assert_eq!(means("stream.^pipe"), ["src/stream.ts#Other::pipe same-name"]);
    assert_eq!(means("inner.^next"), ["src/stream.ts#Other::next same-name"]);
}

#[test]
fn the_keys_of_an_object_are_those_of_the_type_that_is_wanted() {
    let folder = Folder::new(
        "//- src/lib.ts
export interface Options { path: string; inner: Inner; on: (event: Event) => void }
export interface Inner { depth: number }
export interface Event { kind: string }
export interface Other { path: string; depth: number; kind: string }
export type Either = Options | Other;
export function run(name: string, options: Partial<Options>) {}
export function build(): Options {
    return { path: 'x' };
}
run('a', { path: 'y', inner: { depth: 1 }, on: (event) => { event.kind; } });
const wide = { path: 'z' };
export function both(either: Either) { either.path; }
",
    );
    let index = folder.index();
    let means = |needle: &str| folder.meanings(&index, "src/lib.ts", needle);
    assert_eq!(means("{ ^path: 'x'"), ["src/lib.ts#Options::path exact"], "what the function returns");
    assert_eq!(means("{ ^path: 'y'"), ["src/lib.ts#Options::path exact"], "what the parameter takes");
    assert_eq!(means("{ ^depth: 1"), ["src/lib.ts#Inner::depth exact"], "an object in an object");
    assert_eq!(means("event.^kind"), ["src/lib.ts#Event::kind exact"], "the parameter of a function that is wanted");
    assert!(means("{ ^path: 'z'").iter().all(|meaning| meaning.ends_with("same-name")), "nobody says what is wanted");
    let both = means("either.^path");
    assert_eq!(both, ["src/lib.ts#Options::path same-name", "src/lib.ts#Other::path same-name"], "either may be meant");
    let path = index.search("Options::path", 1).remove(0);
    let likely: Vec<u32> = index.likely_references_of(&path).iter().map(|hit| hit.get().line() + 1).collect();
    assert_eq!(likely, [8, 10, 12], "the union's, and not the key that nobody says the type of");
}

#[test]
fn python_values_are_what_they_were_annotated_or_made_as() {
    let folder = Folder::new(
        "//- app/base.py
class Base:
    name: str
    def close(self): pass
    def run(self): pass
//- app/store.py
import typing as t
from .base import Base
class Row:
    def run(self): pass
class Store(Base):
    rows: list[Row]
    def __init__(self, parent: t.Optional['Store'] = None):
        self.parent = parent
        self.row = Row()
        self.name = 'x'
    def __enter__(self) -> 'Store': return self
    def close(self):
        super().close()
        self.row.run()
        self.parent.row.run()
        return self.name
    def first(self) -> Row: ...
class Other:
    def run(self): pass
    def close(self): pass
    name = 1
def open_store() -> Store: ...
def use():
    with open_store() as store:
        store.close()
        store.first().run()
    for row in open_store().rows:
        row.run()
    try: pass
    except Other as error:
        error.run()
",
    );
    let index = folder.index();
    let means = |needle: &str| folder.meanings(&index, "app/store.py", needle);
    assert_eq!(means("t.Optional['^Store']"), ["app/store.py#Store exact"], "a type in quotes");
    assert_eq!(means("super().^close"), ["app/base.py#Base::close exact"]);
    assert_eq!(means("        self.row.^run"), ["app/store.py#Row::run exact"], "what the field is made as");
    assert_eq!(means("self.parent.row.^run"), ["app/store.py#Row::run exact"], "through a parameter's annotation");
    assert_eq!(means("return self.^name"), ["app/base.py#Base::name exact"], "declared in the base, only set here");
    assert_eq!(means("store.^close()"), ["app/store.py#Store::close exact"], "what `with` binds");
    assert_eq!(means("first().^run"), ["app/store.py#Row::run exact"], "what a method is annotated to return");
    assert_eq!(means("        row.^run"), ["app/store.py#Row::run exact"], "an element");
    assert_eq!(means("error.^run"), ["app/store.py#Other::run exact"], "what was caught");
}

#[test]
fn what_require_brings_in_is_looked_through() {
    let folder = Folder::new(
        "//- lib/util.js
function trim() {}
class Cleaner { sweep() {} }
module.exports = { trim, Cleaner };
//- lib/main.js
const { trim, Cleaner: Broom } = require('./util');
const util = require('./util');
const own = 1;
trim();
util.trim();
new Broom().sweep();
own;
const thing = { sweep: 1 };
",
    );
    let index = folder.index();
    let means = |needle: &str| folder.meanings(&index, "lib/main.js", needle);
    assert_eq!(means("\n^trim();").first().map(String::as_str), Some("lib/util.js#trim imported"));
    assert_eq!(means("util.^trim()"), ["lib/util.js#trim imported"]);
    assert_eq!(means("new Broom().^sweep"), ["lib/util.js#Cleaner::sweep exact"]);
    assert_eq!(means("\n^own;"), ["lib/main.js#own exact"]);
    assert_eq!(means("{ ^sweep: 1"), ["lib/util.js#Cleaner::sweep same-name"], "a key says nothing of what has its name");
}

#[test]
fn types_that_lead_through_many_others_are_given_up_before_the_stack_ends() {
    let mut text = String::from("interface Node { part: Node; name: string }\ntype Part0 = Node;\n");
    for part in 1..20 {
        text += &format!("type Part{part} = Way{part}x0;\n");
        for way in 0..17 {
            text += &format!("type Way{part}x{way} = Way{part}x{};\n", way + 1);
        }
        text += &format!("type Way{part}x17 = Part{}['part'];\n", part - 1);
    }
    text += "function far(near: Part2, node: Part19) {\n    near.name;\n    node.name;\n}\n";
    let folder = Folder::new(&format!("//- src/main.ts\n{text}"));
    let index = folder.index();
    assert_eq!(folder.meanings(&index, "src/main.ts", "node.^name").len(), 1);
    assert_eq!(folder.meanings(&index, "src/main.ts", "near.^name"), ["src/main.ts#Node::name exact"]);
}
