//! C++: C with more on top.

use std::ops::Range;

use super::c;
use crate::{
    mask,
    spec::{Kinds, Manners, Spec, Words, grammar, query},
};

pub(super) const SPEC: Spec = Spec {
    name: "cpp",
    aliases: &["c++"],
    extensions: &[
        "cc", "cpp", "cxx", "c++", "C", "H", "hh", "hpp", "hxx", "h++", "ipp", "inl", "tpp", "cppm", "ixx", "cu", "cuh",
    ],
    file_names: &[],
    programs: &[],
    fence: "cpp",
    words: Words { keywords: &[c::KEYWORDS, KEYWORDS], name_in: Some(name_in), ..c::SPEC.words },
    kinds: Kinds {
        names: &["identifier", "field_identifier", "namespace_identifier"],
        strings: &["string_literal", "raw_string_literal", "char_literal", "system_lib_string", "concatenated_string"],
        ..c::SPEC.kinds
    },
    manners: Manners { masks: mask::in_cpp, ..c::SPEC.manners },
    queries: &[query!("c/tags.scm"), query!("cpp/tags.scm")],
    grammar: grammar!("lang-cpp", "tree-sitter-cpp", tree_sitter_cpp::LANGUAGE),
    ..c::SPEC
};

/// The name of a conversion is its operator and type, without the parameters: `operator bool` in `operator bool() const`.
fn name_in(token: &str) -> Range<usize> {
    let conversion = token.strip_prefix("operator").filter(|rest| rest.starts_with(|first: char| first.is_ascii_whitespace()));
    let end = conversion.and_then(|rest| rest.find('(').filter(|&at| !rest[..at].trim().is_empty()));
    let name = end.map_or(token, |end| token["operator".len()..][..end].trim_end());
    0..end.map_or(token.len(), |_| "operator".len() + name.len())
}

const KEYWORDS: &str = "alignas alignof and and_eq asm bitand bitor bool catch char8_t char16_t char32_t class compl concept \
    consteval constexpr constinit const_cast co_await co_return co_yield decltype delete dynamic_cast explicit export false friend \
    mutable namespace new noexcept not not_eq nullptr operator or or_eq private protected public reinterpret_cast requires \
    static_assert static_cast template this thread_local throw true try typeid typename using virtual wchar_t xor xor_eq";
