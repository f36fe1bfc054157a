//! Members of local variables and of fields, by how they are declared; and which of several definitions of one name is meant.

use syntax::SymbolKind;

use crate::folder::Folder;

#[test]
fn local_variables_of_go_are_what_they_are_declared_as_or_made_by() {
    let folder = Folder::new(
        "//- shop/shop.go
package shop
type Store struct { Stock Shelf }
type Shelf struct { Count int }
type Depot struct { Count int }
func (s *Store) Close() {}
func (d *Depot) Close() {}
func Open(name string) (*Store, error) { return nil, nil }
func Rent() *Depot { return nil }
func local() { s := &Store{}; s.Close() }
//- main.go
package main
import \"example.com/shop\"
func main() {
    s, err := shop.Open(\"a\")
    s.Close()
    var d *shop.Depot
    d.Close() // declared
    r := shop.Rent()
    r.Count = 1
    s.Stock.Count = 2
    func(d *shop.Store) { d.Close() /* inner */ }(s)
    x := other()
    x.Close() // unknown
}
",
    );
    let index = folder.index();
    let means = |path: &str, needle: &str| folder.meanings(&index, path, needle);
    assert_eq!(means("shop/shop.go", "s.^Close() }"), ["shop/shop.go#Store::Close exact"]);
    assert_eq!(means("main.go", "s.^Close()"), ["shop/shop.go#Store::Close exact"]);
    assert_eq!(means("main.go", "d.^Close() // declared"), ["shop/shop.go#Depot::Close exact"]);
    assert_eq!(means("main.go", "r.^Count"), ["shop/shop.go#Depot::Count exact"]);
    assert_eq!(means("main.go", "s.Stock.^Count"), ["shop/shop.go#Shelf::Count exact"]);
    assert_eq!(means("main.go", "d.^Close() /* inner"), ["shop/shop.go#Store::Close exact"]);
    let unknown = means("main.go", "x.^Close() // unknown");
    assert_eq!(unknown.len(), 2, "{unknown:?}");
    assert!(unknown.iter().all(|meaning| meaning.ends_with("same-name")), "{unknown:?}");
}

#[test]
fn local_variables_and_fields_of_java_are_what_they_are_declared_as() {
    let folder = Folder::new(
        "//- src/Shop.java
package shop;
class Store { void close() {} Shelf stock; }
class Shelf { void close() {} }
class Shop {
    private Store store;
    void all(java.util.List<Shelf> shelves) {
        Store first = open();
        first.close();
        for (Shelf shelf : shelves) { shelf.close(); }
        store.close();
        store.stock.close();
        var made = new Shelf();
        made.close();
    }
}
",
    );
    let index = folder.index();
    let means = |needle: &str| folder.meanings(&index, "src/Shop.java", needle);
    assert_eq!(means("first.^close"), ["src/Shop.java#Store::close exact"]);
    assert_eq!(means("shelf.^close"), ["src/Shop.java#Shelf::close exact"]);
    assert_eq!(means("   store.^close"), ["src/Shop.java#Store::close exact"]);
    assert_eq!(means("store.stock.^close"), ["src/Shop.java#Shelf::close exact"]);
    assert_eq!(means("made.^close"), ["src/Shop.java#Shelf::close exact"]);
}

#[test]
fn a_call_means_the_overload_that_takes_its_arguments() {
    let folder = Folder::new(
        "//- src/Store.java
package shop;
class Store {
    void put(String key) { put(key, 1); }
    void put(String key, int count) { put(key, count, f(1, 2)); }
    void put(String key, int... counts) { put(\"a,b\"); }
}
",
    );
    let index = folder.index();
    let text = std::fs::read_to_string(folder.root().join("src/Store.java")).unwrap();
    let line = |needle: &str| index.target_at("src/Store.java", text.find(needle).unwrap())[0].0.get().line;
    assert_eq!(line("put(key, 1)"), 3);
    assert_eq!(line("put(key, count, f"), 4);
    assert_eq!(line("put(\"a,b\")"), 2);
    let all = index.named("put");
    let of = |line: u32| all.iter().find(|symbol| symbol.get().line == line).unwrap();
    let likely = |line: u32| index.likely_references_of(of(line)).iter().map(|hit| hit.get().line()).collect::<Vec<u32>>();
    assert_eq!(likely(2), [4], "only the call with one argument");
    assert_eq!(likely(3), [2]);
    assert_eq!(index.references_of(of(2)).len(), 3, "they are one thing to a rename");
}

#[test]
fn a_call_means_the_overload_whose_parameters_its_arguments_are_nearest_to() {
    let folder = Folder::new(
        "//- src/Store.java
package shop;
class Store {
    void put(Object key) {}
    void put(int[] keys) {}
    void put(long key) {}
    void put(String key) {}
    void put(Shelf shelf) {}
    <T> void put(T[] things) {}
    private char letter;
    private Shelf[] shelves;
    Shelf first() { return null; }
    void use(int[] given, Unknown other, Depot depot) {
        put(given); // array
        put(given[0]); // element
        put(\"a\" + other); // text
        put((long) other.size()); // cast
        put(letter); // widened
        put(this.shelves); // things
        put(first()); // result
        put(depot); // inherits
        put(other.some().thing()); // unknown
        final boolean done = true;
        put(done); // boxed
        int[] local = given.clone();
        put(local); // local
    }
}
class Shelf {}
class Depot extends Shelf {}
",
    );
    let index = folder.index();
    let text = std::fs::read_to_string(folder.root().join("src/Store.java")).unwrap();
    let line_of = |needle: &str| u32::try_from(text[..text.find(needle).unwrap()].matches('\n').count()).unwrap();
    let first = |comment: &str| {
        let at = text.find(&format!("; // {comment}")).unwrap();
        index.target_at("src/Store.java", text[..at].rfind("put(").unwrap())[0].0.get().line
    };
    for (comment, definition) in [
        ("array", "put(int[] keys)"),
        ("element", "put(long key)"),
        ("text", "put(String key)"),
        ("cast", "put(long key)"),
        ("widened", "put(long key)"),
        ("things", "put(T[] things)"),
        ("result", "put(Shelf shelf)"),
        ("inherits", "put(Shelf shelf)"),
        ("boxed", "put(Object key)"),
        ("local", "put(int[] keys)"),
    ] {
        assert_eq!(first(comment), line_of(definition), "{comment}");
    }
    let all = index.named("put");
    let likely = |definition: &str| {
        let symbol = all.iter().find(|symbol| symbol.get().line == line_of(definition)).unwrap();
        index.likely_references_of(symbol).iter().map(|hit| hit.get().line()).collect::<Vec<u32>>()
    };
    assert_eq!(likely("put(int[] keys)"), ["// array", "// unknown", "// local"].map(line_of));
    assert_eq!(likely("put(String key)"), ["// text", "// unknown"].map(line_of));
}

#[test]
fn what_a_type_from_elsewhere_has_is_no_likely_reference() {
    let folder = Folder::new(
        "//- src/Store.java
package shop;
class Store {
    boolean isOpen() { return true; }
    void use(java.nio.channels.Channel channel, Store other, java.util.List<Store> all) {
        channel.isOpen();
        other.isOpen();
        all.get(0).isOpen();
    }
}
",
    );
    let index = folder.index();
    let lines: Vec<u32> = index.likely_references_of(&index.named("isOpen")[0]).iter().map(|hit| hit.get().line()).collect();
    assert_eq!(lines, [5, 6]);
}

#[test]
fn a_function_of_c_is_where_it_is_defined() {
    let folder = Folder::new(
        "//- a/store.h
int open_store(void);
extern int store_count;
//- b/store.c
#include \"../a/store.h\"
int store_count = 0;
int open_store(void) { return store_count; }
static int later(void);
int early(void) { return later(); }
static int later(void) { return 1; }
//- a/main.c
#include \"store.h\"
int main(void) { return open_store() + store_count; }
",
    );
    let index = folder.index();
    let first = |path: &str, needle: &str| {
        let text = std::fs::read_to_string(folder.root().join(path)).unwrap();
        let (symbol, _) = index.target_at(path, text.find(needle).unwrap()).remove(0);
        format!("{}:{}", symbol.path(), symbol.get().line)
    };
    assert_eq!(first("a/main.c", "open_store()"), "b/store.c:2");
    assert_eq!(first("a/main.c", "store_count;"), "b/store.c:1");
    assert_eq!(first("b/store.c", "later(); }"), "b/store.c:5");
}

#[test]
fn of_what_shares_a_name_in_typescript_a_type_is_meant_where_types_stand() {
    let folder = Folder::new(
        "//- src/effect.ts
export declare namespace Effect { interface Variance<A> { a: A } }
export interface Effect<A> extends Effect.Variance<A> { b: A }
export type Maker = () => Effect<string>;
export const Maker = (): Effect.Variance<string> => ({ a: '' });
//- src/use.ts
import { Effect, Maker } from './effect';
class Own implements Effect<number> { a = 1; b = 2 }
export let one: Effect<number> = new Own();
export let two: Effect.Variance<number> = one;
export let three: Maker = () => Maker();
",
    );
    let index = folder.index();
    let first = |needle: &str| {
        let text = std::fs::read_to_string(folder.root().join("src/use.ts")).unwrap();
        let offset = text.find(&needle.replace('^', "")).unwrap() + needle.find('^').unwrap();
        index.target_at("src/use.ts", offset).remove(0).0.get().kind
    };
    assert_eq!(first("implements ^Effect"), SymbolKind::Interface);
    assert_eq!(first("one: ^Effect<"), SymbolKind::Interface);
    assert_eq!(first("two: ^Effect."), SymbolKind::Namespace);
    assert_eq!(first("three: ^Maker"), SymbolKind::TypeAlias);
    assert_ne!(first("=> ^Maker()"), SymbolKind::TypeAlias);
}

#[test]
fn of_a_structure_and_a_function_of_one_name_the_one_is_meant_that_can_stand_there() {
    let folder = Folder::new(
        "//- store.c
int stock(void) { return 1; }
struct stock { int size; };
int first(struct stock *given) { return stock(); }
//- Shape.hs
module Shape where
data Shape = Shape Int
area :: Shape -> Int
area given = case given of { Shape size -> size }
",
    );
    let index = folder.index();
    let first = |path: &str, needle: &str| {
        let text = std::fs::read_to_string(folder.root().join(path)).unwrap();
        let offset = text.find(&needle.replace('^', "")).unwrap() + needle.find('^').unwrap();
        index.target_at(path, offset).remove(0).0.get().kind
    };
    assert_eq!(first("store.c", "struct ^stock *"), SymbolKind::Struct);
    assert_eq!(first("store.c", "return ^stock("), SymbolKind::Function);
    assert_eq!(first("Shape.hs", ":: ^Shape ->"), SymbolKind::Enum);
    assert_eq!(first("Shape.hs", "{ ^Shape size"), SymbolKind::EnumMember);
}
