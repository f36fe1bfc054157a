//! Names that say little, because every program of the language has them.

use std::sync::LazyLock;

use rustc_hash::FxHashSet;
use syntax::Language;

use crate::family::family;

/// Whether a bare name means something that needs neither definition nor import.
pub(super) fn is_prelude(language: Language, name: &str) -> bool {
    PRELUDES.get(usize::from(family(language))).is_some_and(|names| names.contains(name))
}

/// Whether a member of that name may as well belong to a type of some standard library.
pub(super) fn is_common_member(name: &str) -> bool {
    name.len() < 2 || COMMON_MEMBERS.contains(name)
}

type Names = FxHashSet<&'static str>;

/// In the order of the families.
static PRELUDES: LazyLock<[Names; 6]> =
    LazyLock::new(|| [C, SCRIPT, GO, JAVA, PYTHON, RUST].map(|names| names.split_whitespace().collect()));

static COMMON_MEMBERS: LazyLock<Names> = LazyLock::new(|| COMMON.split_whitespace().collect());

const C: &str = "\
    NULL bool char double float int long nullptr short size_t void";

const SCRIPT: &str = "\
    Array Boolean Date Error JSON Map Math Number Object Partial Promise Readonly Record RegExp Set String Symbol \
    TypeError Uint8Array WeakMap any boolean clearTimeout console document exports module never null number object \
    parseInt process require setTimeout string undefined unknown void window";

const GO: &str = "\
    any append bool byte cap clear close copy delete error false float32 float64 int int16 int32 int64 int8 iota len make \
    max min new nil panic print println recover rune string true uint uint16 uint32 uint64 uint8";

const JAVA: &str = "\
    Boolean Byte Character Class Deprecated Double Exception Float IllegalArgumentException IllegalStateException Integer \
    Iterable Long Math NullPointerException Number Object Override Runnable RuntimeException String StringBuilder \
    SuppressWarnings System Thread Throwable Void";

const PYTHON: &str = "\
    AttributeError Exception False ImportError IndexError KeyError None NotImplementedError OSError RuntimeError \
    StopIteration True TypeError ValueError all any bool bytes callable classmethod dict enumerate filter float frozenset \
    getattr hasattr hash id int isinstance issubclass iter len list map max min next object open print property range repr \
    reversed set setattr sorted staticmethod str sum super tuple type vars zip";

const RUST: &str = "\
    AsMut AsRef Box Clone Copy Debug Default Drop Eq Err Fn FnMut FnOnce From Hash Into IntoIterator Iterator None Ok \
    Option Ord PartialEq PartialOrd Result Self Send Sized Some String Sync ToOwned ToString TryFrom TryInto Unpin Vec \
    allow assert assert_eq assert_ne bool cfg char concat debug_assert derive doc drop env eprintln expect f32 f64 format \
    i128 i16 i32 i64 i8 include_str inline isize matches must_use panic print println self str test todo u128 u16 u32 u64 \
    u8 unimplemented unreachable usize vec warn write writeln";

const COMMON: &str = "\
    Add Close Error Get Lock Read Set String Unlock Write abs add all any append apply as_bytes as_mut as_path as_ref \
    as_slice as_str at begin bind bytes call catch chars clear clone close cmp collect compare concat contains copy count \
    create data decode default delete display drain drop emit empty encode end endsWith ends_with entries entry eq equals \
    err error every execute exists expect extend fetch fill filter filter_map find first flat flat_map flatten flush fmt \
    fold forEach for_each format from from_str get get_mut hash hashCode includes index indexOf info insert into into_iter \
    isEmpty is_empty is_err is_none is_ok is_some items iter iter_mut join key keys kind last len length lines lock log \
    lower main map map_err match max message min name new next notify now ok on open or_else parent parse partial_cmp path \
    peek poll pop pos position print push push_back push_str put read recv reduce release remove render replace reserve \
    reset resize resolve reverse run search seek send set setup shift size skip slice some sort sort_by source spawn \
    splice split start startsWith starts_with status stop stream strip sub substring sum swap take test text then title \
    toString to_owned to_str to_string to_vec trim truncate try_from type unlock unwrap unwrap_or update upper url value \
    values wait warn with wrap write zip";

#[cfg(test)]
mod tests {
    use syntax::Language;

    use super::is_prelude;

    #[test]
    fn each_language_has_its_own_names() {
        for (language, name) in [
            (Language::Rust, "Option"),
            (Language::Python, "len"),
            (Language::Tsx, "Promise"),
            (Language::Go, "append"),
            (Language::Java, "String"),
            (Language::Cpp, "nullptr"),
        ] {
            for other in [Language::Rust, Language::Python, Language::TypeScript, Language::Go, Language::Java, Language::C] {
                let same = crate::family::family(other) == crate::family::family(language);
                assert!(!same || is_prelude(other, name), "{other:?} {name}");
            }
        }
        assert!(!is_prelude(Language::Go, "Option"));
    }
}
