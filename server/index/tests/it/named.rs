//! What names mean where a module is named by a path like its file's, or by what the text calls it.

use crate::folder::Folder;

#[test]
fn lua_follows_what_is_required() {
    let folder = Folder::new(
        "//- app/util.lua
local util = {}
local function own() end
function util.trim_all(text) own() return text end
return util
//- app/main.lua
local helpers = require(\"app.util\")
local json = require(\"json\")
helpers.trim_all(\"a\")
json.trim_all(\"a\")
print(own)
",
    );
    let index = folder.index();
    let means = |needle: &str| folder.meanings(&index, "app/main.lua", needle);
    assert_eq!(means("helpers.^trim_all"), ["app/util.lua#util::trim_all imported"]);
    assert!(means("json.^trim_all").is_empty(), "from elsewhere");
    assert!(means("^print").is_empty());
    assert_eq!(folder.meanings(&index, "app/util.lua", "text) ^own"), ["app/util.lua#own exact"]);
}

#[test]
fn elixir_follows_aliases_and_full_names() {
    let folder = Folder::new(
        "//- lib/store.ex
defmodule My.Store do
  def put(a), do: check(a)
  defp check(a), do: a
end
//- lib/other.ex
defmodule Other.Store do
  def put(a), do: a
end
//- lib/main.ex
defmodule My.Main do
  alias My.{Store, Cache}
  alias Other.Store, as: Far
  def run(a) do
    Store.put(a)
    Far.put(a)
    run(a)
  end
end
",
    );
    let index = folder.index();
    let means = |path: &str, needle: &str| folder.meanings(&index, path, needle);
    assert_eq!(means("lib/main.ex", "    Store.^put"), ["lib/store.ex#My::Store::put imported"]);
    assert_eq!(means("lib/main.ex", "Far.^put"), ["lib/other.ex#Other::Store::put imported"]);
    assert_eq!(means("lib/main.ex", "    ^run(a)"), ["lib/main.ex#My::Main::run exact"]);
    assert_eq!(means("lib/store.ex", "do: ^check"), ["lib/store.ex#My::Store::check exact"]);
}

#[test]
fn haskell_follows_imports_and_their_short_names() {
    let folder = Folder::new(
        "//- src/Data/Shape.hs
module Data.Shape where
data Shape = Circle Int | Square { side :: Int }
area :: Shape -> Int
area s = side s
//- src/Data/Far.hs
module Data.Far where
area = 1
//- src/Main.hs
module Main where
import Data.Shape (Shape(..), area)
import qualified Data.Far as F
import qualified Data.Text as T
main = print (area (Circle 1) + F.area + T.area)
grow s = s { side = 2 }
",
    );
    let index = folder.index();
    let means = |needle: &str| folder.meanings(&index, "src/Main.hs", needle);
    assert_eq!(means("(^area (Circle"), ["src/Data/Shape.hs#area imported"]);
    assert_eq!(means("F.^area"), ["src/Data/Far.hs#area imported"]);
    assert!(means("T.^area").is_empty(), "from another package");
    assert_eq!(folder.meanings(&index, "src/Data/Shape.hs", "= ^side s"), ["src/Data/Shape.hs#Shape::side exact"]);
    assert_eq!(means("(^Circle 1").len(), 1);
}

#[test]
fn ocaml_takes_a_file_for_a_module() {
    let folder = Folder::new(
        "//- src/tree.ml
type t = Leaf | Node of t
let size_of tree = match tree with Leaf -> 0 | Node t -> size_of t
//- src/main.ml
module T = Tree
let total tree = Tree.size_of tree + T.size_of tree + List.size_of tree
",
    );
    let index = folder.index();
    let means = |path: &str, needle: &str| folder.meanings(&index, path, needle);
    assert_eq!(means("src/main.ml", "Tree.^size_of"), ["src/tree.ml#size_of imported"]);
    assert_eq!(means("src/main.ml", "T.^size_of"), ["src/tree.ml#size_of imported"]);
    assert!(means("src/main.ml", "List.^size_of").is_empty(), "from another library");
    assert_eq!(means("src/tree.ml", "-> ^size_of"), ["src/tree.ml#size_of exact"]);
    assert_eq!(means("src/tree.ml", "with ^Leaf"), ["src/tree.ml#t::Leaf exact"]);
}

#[test]
fn zig_julia_r_and_bash_follow_paths_and_folders() {
    let folder = Folder::new(
        "//- zig/store.zig
pub fn open_all() void {}
//- zig/main.zig
const store = @import(\"store.zig\");
const std = @import(\"std\");
fn main() void { store.open_all(); std.open_all(); }
//- julia/Shapes.jl
module Shapes
include(\"area.jl\")
total(s) = area_of(s)
end
//- julia/area.jl
area_of(s) = 1
//- r/one.R
helper_of <- function(x) x
//- r/two.R
use <- function(x) helper_of(x)
//- bash/lib.sh
say_it() { echo \"$1\"; }
//- bash/main.sh
. \"$(dirname \"$0\")/lib.sh\"
say_it hello
",
    );
    let index = folder.index();
    let means = |path: &str, needle: &str| folder.meanings(&index, path, needle);
    assert_eq!(means("zig/main.zig", "store.^open_all"), ["zig/store.zig#open_all imported"]);
    assert!(means("zig/main.zig", "std.^open_all").is_empty(), "from elsewhere");
    assert_eq!(means("julia/Shapes.jl", "= ^area_of"), ["julia/area.jl#area_of exact"]);
    assert_eq!(means("r/two.R", ") ^helper_of"), ["r/one.R#helper_of exact"]);
    assert_eq!(means("bash/main.sh", "^say_it hello"), ["bash/lib.sh#say_it imported"]);
}

#[test]
fn ruby_follows_what_is_required() {
    let folder = Folder::new(
        "//- lib/shop/store.rb
module Shop
  class Store
    def restock; end
  end
end
//- other/store.rb
class Store; end
//- lib/shop.rb
require_relative \"shop/store\"
require \"json\"
Shop::Store.new
",
    );
    let index = folder.index();
    let found = folder.meanings(&index, "lib/shop.rb", "Shop::^Store");
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("lib/shop/store.rb#Shop::Store"), "{found:?}");
}

#[test]
fn php_finds_a_class_by_its_namespace() {
    let folder = Folder::new(
        "//- src/Stock/Store.php
<?php
namespace Shop\\Stock;
class Store { public function open() {} }
//- src/Other/Store.php
<?php
namespace Shop\\Other;
class Store {}
//- src/main.php
<?php
use Shop\\Stock\\Store;
$store = new Store();
",
    );
    let index = folder.index();
    assert_eq!(folder.meanings(&index, "src/main.php", "new ^Store"), ["src/Stock/Store.php#Store imported"]);
}

#[test]
fn dart_finds_what_a_library_imports() {
    let folder = Folder::new(
        "//- packages/shop/lib/item.dart
class Item {}
//- packages/other/lib/item.dart
class Item {}
//- app/lib/store.dart
int price(Object item) => 1;
//- app/lib/main.dart
import 'dart:async';
import 'package:shop/item.dart';
import 'store.dart';
void main() { price(Item()); }
",
    );
    let index = folder.index();
    assert_eq!(folder.meanings(&index, "app/lib/main.dart", "(^Item"), ["packages/shop/lib/item.dart#Item imported"]);
    assert_eq!(folder.meanings(&index, "app/lib/main.dart", "^price"), ["app/lib/store.dart#price imported"]);
}
