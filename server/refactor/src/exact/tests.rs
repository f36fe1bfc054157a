//! Exact steps on small workspaces: what they write, and what they refuse.

use std::collections::BTreeMap;

use assist::{Host, Settings, Snapshot};

use super::{Exact, ExactError, delete, delete_file, move_symbol, proven, rename_file};
use crate::overlay::Overlay;
use crate::rename::find;

/// The files that a step changes, with their new texts, or why it is refused. Files of `source` begin with `//- path`.
fn carried(
    source: &str,
    step: impl FnOnce(&Snapshot) -> Result<Exact, ExactError>,
) -> Result<BTreeMap<String, Option<String>>, String> {
    let folder = tempfile::tempdir().unwrap();
    let host = Host::new(folder.path(), Settings::default(), None);
    for file in source.split("//- ").skip(1) {
        let (path, text) = file.split_once('\n').unwrap();
        host.open(path, text, 1);
    }
    let (next, exact) = proven(&Overlay::new(&host.snapshot()), step).map_err(|error| error.to_string())?;
    let changes = next.changes();
    assert!(changes.files().iter().all(|change| exact.files().any(|path| path == change.path)), "all it changes is told");
    Ok(changes.files().iter().map(|change| (change.path.clone(), change.after.as_deref().map(str::to_owned))).collect())
}

fn moved(source: &str, name: &str, to: &str) -> Result<BTreeMap<String, Option<String>>, String> {
    carried(source, |now| move_symbol(now, &find(now.index(), name, None)?, to))
}

fn deleted(source: &str, name: &str) -> Result<BTreeMap<String, Option<String>>, String> {
    carried(source, |now| delete(now, &find(now.index(), name, None)?))
}

fn text(files: &BTreeMap<String, Option<String>>, path: &str) -> String {
    files.get(path).unwrap_or_else(|| panic!("{path} is not among {files:?}")).clone().unwrap_or_default()
}

const PYTHON: &str = "//- shop/__init__.py
//- shop/tax.py
from os import path
import json

RATE = 3


# What the state takes.
def tax(amount: int) -> int:
    \"\"\"The tax.\"\"\"
    return json.loads(str(amount)) * RATE


def where():
    return path.join(\"a\", \"b\")
//- shop/cart.py
from shop.tax import tax, where as place


def total(amount):
    return amount + tax(amount), place()
//- shop/report.py
from . import tax


def line():
    return tax.tax(1)
";

#[test]
fn a_function_of_python_takes_its_imports_along_and_its_importers_follow() {
    let files = moved(PYTHON, "tax", "shop/state.py").unwrap();
    let wanted = "import json\nfrom .tax import RATE\n\n\n# What the state takes.\ndef tax(amount: int) -> int:\n    \"\"\"The tax.\"\"\"\n    return json.loads(str(amount)) * RATE\n";
    assert_eq!(text(&files, "shop/state.py"), wanted);
    let left = "from os import path\n\nRATE = 3\n\n\ndef where():\n    return path.join(\"a\", \"b\")\n";
    assert_eq!(text(&files, "shop/tax.py"), left);
    assert!(text(&files, "shop/cart.py").starts_with("from shop.tax import where as place\nfrom shop.state import tax\n\n"));
    assert_eq!(
        text(&files, "shop/report.py"),
        "from . import tax\nfrom . import state\n\n\ndef line():\n    return state.tax(1)\n"
    );
}

#[test]
fn a_name_in_a_quoted_type_of_python_is_imported_too() {
    let source = PYTHON.replacen("amount: int) -> int", "amount: \"path.Kind\") -> int", 1);
    let files = moved(&source, "tax", "shop/state.py").unwrap();
    assert!(text(&files, "shop/state.py").contains("from os import path\n"), "{files:?}");
}

#[test]
fn what_hangs_on_its_python_module_stays() {
    for (from, to, why) in [
        ("return json", "return __name__, json", "hangs on its module"),
        ("RATE = 3", "RATE = 3\nRATE = 4", "bound more than once"),
        ("def where():", "def where():\n    tax(1)", "would import"),
        ("# What the state takes.", "@register", "may note where"),
        ("import json\n", "try:\n    import json\nexcept ImportError:\n    pass\n", "under a condition"),
        ("import tax, where as place", "import *", "imports everything"),
    ] {
        let source = PYTHON.replacen(from, to, 1);
        let error = moved(&source, "tax", "shop/state.py").unwrap_err();
        assert!(error.contains(why), "{to}: {error}");
    }
}

const RUST: &str = "//- src/lib.rs
pub mod cart;
pub mod store;
//- src/store.rs
use std::collections::HashMap;
use std::fmt;

/// Keeps things.
#[derive(Debug)]
pub struct Store {
    pub things: HashMap<String, u32>,
}

impl Store {
    pub fn sum(&self) -> u32 {
        double(self.things.values().sum())
    }
}

impl fmt::Display for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, \"{}\", self.sum())
    }
}

fn double(x: u32) -> u32 {
    x * 2
}

pub fn empty() -> Store {
    Store { things: HashMap::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums() {
        assert_eq!(empty().sum(), double(0));
    }
}
//- src/cart.rs
use crate::store::{Store, empty};

pub fn fill() -> Store {
    crate::store::empty()
}

pub fn both(store: &Store) -> (u32, Store) {
    (store.sum(), empty())
}
";

#[test]
fn a_type_of_rust_takes_its_implementations_along() {
    let files = moved(RUST, "Store", "src/depot.rs").unwrap();
    assert_eq!(text(&files, "src/lib.rs"), "pub mod cart;\npub mod store;\npub mod depot;\n");
    let depot = text(&files, "src/depot.rs");
    let head = "use crate::store::double;\nuse std::collections::HashMap;\nuse std::fmt;\n\n/// Keeps things.\n#[derive(Debug)]\npub struct Store {";
    assert!(depot.starts_with(head), "{depot}");
    assert!(depot.contains("impl fmt::Display for Store {") && depot.contains("impl Store {"), "{depot}");
    let store = text(&files, "src/store.rs");
    assert!(store.starts_with("use std::collections::HashMap;\nuse crate::depot::Store;\n"), "{store}");
    assert!(store.contains("pub(crate) fn double") && !store.contains("impl"), "{store}");
    assert!(text(&files, "src/cart.rs").starts_with("use crate::store::{empty};\nuse crate::depot::Store;\n\n"));
}

#[test]
fn a_function_of_rust_is_followed_by_paths_globs_and_imports() {
    let files = moved(RUST, "empty", "src/cart.rs").unwrap();
    let cart = text(&files, "src/cart.rs");
    assert!(cart.starts_with("use crate::store::{Store};\nuse std::collections::HashMap;\n\n"), "{cart}");
    assert!(
        cart.contains("    crate::cart::empty()\n")
            && cart.ends_with("pub fn empty() -> Store {\n    Store { things: HashMap::new() }\n}\n"),
        "{cart}"
    );
    let store = text(&files, "src/store.rs");
    assert!(store.contains("    use super::*;\n    use crate::cart::empty;\n"), "{store}");
    let private = RUST.replacen("pub things", "things", 1);
    assert!(moved(&private, "empty", "src/cart.rs").unwrap_err().contains("Store::things, which is private"));
}

const SCRIPT: &str = "//- src/tax.ts
import { read } from './io';
import type { Money } from './money';

const rate = 3;

export interface Taxed {
  amount: Money;
}

/** The tax. */
export function tax(amount: Money): Taxed {
  return { amount: read(amount) * rate };
}

export function other() {
  return read(1);
}
//- src/io.ts
export function read(x: number) {
  return x;
}
//- src/money.ts
export type Money = number;
//- src/cart.ts
import { tax, other } from './tax';

export const total = (x: number) => [tax(x), other()];
//- src/index.ts
export * from './tax';
";

#[test]
fn a_function_of_typescript_is_followed_by_imports_and_barrels() {
    let files = moved(SCRIPT, "tax", "src/state/tax.ts").unwrap();
    let wanted = "import type { Money } from '../money';\nimport type { Taxed } from '../tax';\nimport { rate } from '../tax';\nimport { read } from '../io';\n\n/** The tax. */\nexport function tax(";
    let state = text(&files, "src/state/tax.ts");
    assert!(state.starts_with(wanted), "{state}");
    assert!(text(&files, "src/tax.ts").contains("export const rate = 3;"));
    assert!(text(&files, "src/cart.ts").starts_with("import { other } from './tax';\nimport { tax } from './state/tax';\n"));
    assert_eq!(text(&files, "src/index.ts"), "export * from './tax';\nexport { tax } from './state/tax';\n");
    let mocked = format!("{SCRIPT}//- test/a.ts\njest.mock('../src/tax');\n");
    assert!(moved(&mocked, "tax", "src/state/tax.ts").unwrap_err().contains("loads a module by a path"));
}

const GO: &str = "//- shop/tax.go
package shop

import (
	\"fmt\"
	\"strings\"
)

// Tax is what the state takes.
func Tax(amount int) string {
	return strings.Repeat(\"x\", amount)
}

func show() {
	fmt.Println(Tax(1))
}
//- shop/cart.go
package shop

func total() string {
	return Tax(2)
}
";

#[test]
fn a_function_of_go_moves_within_its_package_only() {
    let files = moved(GO, "Tax", "shop/cart.go").unwrap();
    let wanted = "package shop\n\nimport \"strings\"\n\nfunc total() string {\n\treturn Tax(2)\n}\n\n// Tax is what the state takes.\nfunc Tax(";
    assert!(text(&files, "shop/cart.go").starts_with(wanted), "{files:?}");
    assert!(text(&files, "shop/tax.go").starts_with("package shop\n\nimport (\n\t\"fmt\"\n)\n\nfunc show() {"), "{files:?}");
    assert!(moved(GO, "Tax", "other/tax.go").unwrap_err().contains("another package"));
    assert!(moved(GO, "Tax", "shop/tax_linux.go").unwrap_err().contains("same conditions"));
}

const JAVA: &str = "//- src/a/Store.java
package a;

import java.util.List;

public class Store {
    public List<Item> items;
}
//- src/a/Item.java
package a;

public class Item {}
//- src/a/Cart.java
package a;

public class Cart {
    Store store;
}
//- src/c/Report.java
package c;

import a.Store;

class Report {
    Store store;
    a.Store other;
}
";

#[test]
fn a_class_of_java_changes_its_package() {
    let files = moved(JAVA, "Store", "src/b/Store.java").unwrap();
    assert_eq!(files["src/a/Store.java"], None);
    let wanted = "package b;\n\nimport java.util.List;\nimport a.Item;\n\npublic class Store {";
    assert!(text(&files, "src/b/Store.java").starts_with(wanted), "{files:?}");
    assert!(text(&files, "src/a/Cart.java").starts_with("package a;\n\nimport b.Store;\n"), "{files:?}");
    let report = text(&files, "src/c/Report.java");
    assert!(report.contains("import b.Store;") && report.contains("    b.Store other;"), "{report}");
    let hidden = JAVA.replacen("public class Item", "class Item", 1);
    assert!(moved(&hidden, "Store", "src/b/Store.java").unwrap_err().contains("for its package"));
}

#[test]
fn only_what_nothing_uses_is_deleted() {
    let error = deleted(GO, "Tax").unwrap_err();
    assert!(error.contains("uses Tax"), "{error}");
    let files = deleted(GO, "show").unwrap();
    assert!(text(&files, "shop/tax.go").starts_with("package shop\n\nimport (\n\t\"strings\"\n)\n"), "{files:?}");
    assert!(deleted(PYTHON, "where").unwrap_err().contains("uses where"));
    let listed = PYTHON.replacen(", where as place", "", 1).replacen(", place()", "", 1);
    assert!(!text(&deleted(&listed, "where").unwrap(), "shop/tax.py").contains("def where"));
    let quoted = listed.replacen("//- shop/__init__.py\n", "//- shop/__init__.py\nnames = [\"where\"]\n", 1);
    assert!(deleted(&quoted, "where").unwrap_err().contains("may mean where"));
    assert!(deleted(RUST, "Store").unwrap_err().contains("uses Store"));
}

#[test]
fn a_file_is_followed_by_its_importers() {
    let rename = |source: &str, from: &str, to: &str| carried(source, |now| rename_file(now, from, to));
    let files = rename(PYTHON, "shop/tax.py", "shop/state.py").unwrap();
    assert_eq!(files["shop/tax.py"], None);
    assert!(text(&files, "shop/cart.py").starts_with("from shop.state import tax, where as place\n"));
    assert_eq!(text(&files, "shop/report.py"), "from . import state\n\n\ndef line():\n    return state.tax(1)\n");
    let files = rename(SCRIPT, "src/tax.ts", "src/state/levy.ts").unwrap();
    assert!(
        text(&files, "src/state/levy.ts").starts_with("import { read } from '../io';\nimport type { Money } from '../money';\n")
    );
    assert_eq!(text(&files, "src/index.ts"), "export * from './state/levy';\n");
    let files = rename(RUST, "src/store.rs", "src/depot.rs").unwrap();
    assert_eq!(text(&files, "src/lib.rs"), "pub mod cart;\npub mod depot;\n");
    assert!(text(&files, "src/cart.rs").contains("    crate::depot::empty()\n"), "{files:?}");
    assert!(text(&files, "src/cart.rs").contains("use crate::depot::{Store, empty};\n"), "{files:?}");
    let files = rename(JAVA, "src/a/Store.java", "src/a/Depot.java").unwrap();
    assert!(text(&files, "src/a/Depot.java").contains("public class Depot {"), "{files:?}");
    assert!(rename(GO, "shop/tax.go", "shop/tax_test.go").unwrap_err().contains("same conditions"));
    assert!(rename(PYTHON, "shop/tax.py", ".git/tax.py").unwrap_err().contains("may not be written"));
}

#[test]
fn what_cannot_be_moved_says_why() {
    assert!(moved(RUST, "sum", "src/cart.rs").unwrap_err().contains("stands in Store"));
    assert!(moved(RUST, "Store", "src/store.py").unwrap_err().contains("not a file of rust"));
    assert!(moved(RUST, "empty", "src/store.rs").unwrap_err().contains("already"));
    let clash = RUST.replacen("pub fn fill", "fn empty() {}\npub fn fill", 1);
    assert!(moved(&clash.replacen(", empty}", "}", 1), "double", "../x.rs").unwrap_err().contains("relative path"));
}

#[test]
fn a_field_that_is_a_parameter_too_is_not_renamed_by_half() {
    let rename = |source: &str| {
        carried(source, |now| {
            let renamed = crate::rename(now, &find(now.index(), "Page::size", None)?, "length")?;
            Ok(Exact { edits: renamed.edits, ..Exact::default() })
        })
    };
    let used = "//- a.ts\nexport class Page {\n  twice: number;\n  constructor(public size: number) {\n    this.twice = 2 * size;\n  }\n}\n";
    assert!(rename(used).unwrap_err().contains("also a parameter of its constructor, used at a.ts:4"));
    let unused = used.replace("2 * size", "2");
    assert!(text(&rename(&unused).unwrap(), "a.ts").contains("constructor(public length: number)"));
    // In Python the two are written apart.
    let files = carried("//- a.py\nclass Page:\n    def __init__(self, size):\n        self.size = size\n", |now| {
        let renamed = crate::rename(now, &find(now.index(), "Page::size", None)?, "length")?;
        Ok(Exact { edits: renamed.edits, ..Exact::default() })
    });
    assert!(text(&files.unwrap(), "a.py").contains("def __init__(self, size):\n        self.length = size\n"));
}

#[test]
fn what_a_language_calls_by_its_name_is_not_renamed() {
    for (source, path, file) in [
        ("//- a.ts\nexport class Page {\n  constructor() {}\n}\n", "Page::constructor", "a.ts"),
        ("//- a.py\nclass Page:\n    def __init__(self):\n        pass\n", "Page::__init__", "a.py"),
        ("//- a.py\nclass Page:\n    def __len__(self):\n        return 1\n", "Page::__len__", "a.py"),
    ] {
        let error = carried(source, |now| {
            let renamed = crate::rename(now, &find(now.index(), path, Some(file))?, "other")?;
            Ok(Exact { edits: renamed.edits, ..Exact::default() })
        });
        assert!(error.unwrap_err().contains("itself calls it"), "{path}");
    }
}

#[test]
fn a_file_goes_when_nothing_uses_it_and_its_module_with_it() {
    let gone = |source: &str, path: &str| carried(source, |now| delete_file(now, path));
    let rust = |user: &str| {
        format!(
            "//- Cargo.toml\n[package]\n//- src/lib.rs\nmod old;\nmod other;\n//- src/old.rs\npub fn spare() {{}}\n//- src/other.rs\n{user}"
        )
    };
    let files = gone(&rust("fn go() {}\n"), "src/old.rs").unwrap();
    assert_eq!((files["src/old.rs"].as_deref(), text(&files, "src/lib.rs").as_str()), (None, "mod other;\n"));
    let used = gone(&rust("fn go() {\n    crate::old::spare();\n}\n"), "src/old.rs").unwrap_err();
    assert!(used.contains("src/other.rs:2 uses spare"), "{used}");

    // A package of Go has the name of its folder, never that of a file; tests go like other files.
    let go = "//- a/context.go\npackage a\n//- a/context_test.go\npackage a\n\nimport \"context\"\n\nfunc TestIt() { context.TODO() }\n";
    assert_eq!(gone(go, "a/context.go").unwrap().len(), 1);
    assert_eq!(gone(go, "a/context_test.go").unwrap().len(), 1);
    let named = gone(&format!("{go}//- a/b.go\npackage a\n\nvar f = \"context.go\"\n"), "a/context.go").unwrap_err();
    assert!(named.contains("a/b.go:3 may mean a/context.go"), "{named}");
    assert!(gone("//- a.go\npackage main\n\nfunc main() {}\n", "a.go").unwrap_err().contains("from outside"));
    assert!(gone("//- a/index.ts\nexport const a = 1;\n", "a/index.ts").unwrap_err().contains("found by its name"));
}
