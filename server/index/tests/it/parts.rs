//! Unions whose parts are told apart, what is built in, functions in objects, and names under another name.

use crate::folder::Folder;

#[test]
fn a_condition_says_which_part_of_a_union_a_value_is() {
    let folder = Folder::new(
        "//- src/shape.ts
export interface Circle { kind: 'circle'; size: number }
export interface Square { kind: 'square'; size: string }
export type Shape = Circle | Square;
export class Failure { size = 0; }
export function area(shape: Shape, error: unknown) {
    switch (shape.kind) {
        case 'circle': return shape.size;
        case 'square': { return shape.size + 1; }
    }
    if (shape.kind === 'square' && error) { shape.size + 2; }
    if (error instanceof Failure) { error.size + 3; }
    shape.size + 4;
}
",
    );
    let index = folder.index();
    let means = |needle: &str| folder.meanings(&index, "src/shape.ts", needle);
    assert_eq!(means("return shape.^size;"), ["src/shape.ts#Circle::size exact"]);
    assert_eq!(means("shape.^size + 1"), ["src/shape.ts#Square::size exact"]);
    assert_eq!(means("shape.^size + 2"), ["src/shape.ts#Square::size exact"]);
    assert_eq!(means("error.^size + 3"), ["src/shape.ts#Failure::size exact"]);
    let open = means("shape.^size + 4");
    assert_eq!(open, ["src/shape.ts#Circle::size same-name", "src/shape.ts#Square::size same-name"], "either may be meant");
}

#[test]
fn isinstance_says_what_a_value_is_in_its_block() {
    let folder = Folder::new(
        "//- app/shape.py
class Circle:
    def area(self): pass
class Square:
    def area(self): pass
def total(shape, other):
    if isinstance(shape, Circle) and other:
        shape.area()
    elif isinstance(shape, Square):
        return shape.area()
    if isinstance(shape, Circle) or other:
        other = shape.area()
",
    );
    let index = folder.index();
    let means = |needle: &str| folder.meanings(&index, "app/shape.py", needle);
    assert_eq!(means("        shape.^area"), ["app/shape.py#Circle::area exact"]);
    assert_eq!(means("return shape.^area"), ["app/shape.py#Square::area exact"]);
    assert_eq!(means("other = shape.^area").len(), 2, "it may be no circle");
}

#[test]
fn lists_hold_what_they_are_declared_to_hold_whatever_is_done_with_them() {
    let folder = Folder::new(
        "//- src/list.ts
export interface Row { id: string; tags: Tag[] }
export interface Tag { id: string; name: string }
export interface Other { id: string; name: string; tags: string }
export interface Makes<T, D = T['tags']> { new (given: D): T }
export function fill(rows: Row[], Maker: Makes<Row>, byName: Map<string, Tag>) {
    rows.push({ id: 'a' });
    rows.map((row) => row.tags);
    rows.filter(Boolean).forEach((kept) => kept.id);
    rows.find(Boolean)?.tags.map(({ name }) => name);
    byName.get('x')!.name;
    new Maker(1).id;
}
",
    );
    let index = folder.index();
    let means = |needle: &str| folder.meanings(&index, "src/list.ts", needle);
    assert_eq!(means("{ ^id: 'a'"), ["src/list.ts#Row::id exact"]);
    assert_eq!(means("row.^tags"), ["src/list.ts#Row::tags exact"]);
    assert_eq!(means("kept.^id"), ["src/list.ts#Row::id exact"]);
    assert_eq!(means("({ ^name }"), ["src/list.ts#Tag::name exact"]);
    assert_eq!(means("byName.get('x')!.^name"), ["src/list.ts#Tag::name exact"]);
    assert_eq!(means("new Maker(1).^id"), ["src/list.ts#Row::id exact"], "what its signature says that it makes");
}

#[test]
fn a_function_in_an_object_is_a_use_of_what_the_object_is_wanted_as() {
    let folder = Folder::new(
        "//- src/watch.ts
export interface Observer { next(value: number): void; done: () => void }
export function watch(observer: Observer) {}
watch({ next(value) {}, done: () => {} });
const alone = { next(value) {} };
",
    );
    let index = folder.index();
    let lines = |name: &str| {
        let symbol = index.search(name, 1).remove(0);
        index.references_of(&symbol).iter().map(|hit| (hit.get().line() + 1, hit.certainty.as_str())).collect::<Vec<_>>()
    };
    assert_eq!(lines("Observer::next"), [(3, "exact")]);
    assert_eq!(lines("Observer::done"), [(3, "exact")]);
    assert_eq!(folder.meanings(&index, "src/watch.ts", "watch({ ^next").len(), 1, "it is a definition too");
    let text = std::fs::read_to_string(folder.root().join("src/watch.ts")).unwrap();
    let own = index.symbol_at("src/watch.ts", text.find("next(value) {}").unwrap()).unwrap();
    assert!(index.references_of(&own).is_empty(), "the use is none of the function");
}

#[test]
fn likely_references_know_other_names_and_what_is_exported() {
    let folder = Folder::new(
        "//- src/a.ts
function open() {}
export { open };
//- src/b.ts
import { open as start } from './a';
start();
const stop = 1;
",
    );
    let index = folder.index();
    let open = index.search("open", 1).remove(0);
    let likely: Vec<String> =
        index.likely_references_of(&open).iter().map(|hit| format!("{}:{}", hit.path(), hit.get().line() + 1)).collect();
    assert_eq!(likely, ["src/a.ts:2", "src/b.ts:1", "src/b.ts:2"]);
    let sure: Vec<String> = index.references_of(&open).iter().map(|hit| hit.path().to_owned()).collect();
    assert_eq!(sure, ["src/a.ts", "src/b.ts"], "a rename leaves the other name alone");
}
