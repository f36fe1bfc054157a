//! The languages, one file each. To add one: its file here, its line below, its query in `queries/<name>`, its annotated sample in
//! `tests/fixtures/queries/<name>.*`, and its feature in the two `Cargo.toml`s.

use crate::spec::Spec;

/// Declares [`Language`] and finds each one's facts in the module of that name.
macro_rules! languages {
    ($($variant:ident => $module:ident),+ $(,)?) => {
        $(mod $module;)+

        /// A language that can be parsed.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        #[expect(missing_docs, reason = "each variant is a language's own name")]
        pub enum Language {
            $($variant,)+
        }

        impl Language {
            /// Every language, in the order of the variants: `language as usize` is its place. Not each need be
            /// [built in](Self::is_built_in).
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];
        }

        static SPECS: &[Spec] = &[$($module::SPEC,)+];
    };
}

languages! {
    Bash => bash,
    C => c,
    CSharp => csharp,
    Cpp => cpp,
    Dart => dart,
    Elixir => elixir,
    Go => go,
    Haskell => haskell,
    Java => java,
    JavaScript => javascript,
    Julia => julia,
    Kotlin => kotlin,
    Lua => lua,
    OCaml => ocaml,
    OCamlInterface => ocaml_interface,
    Php => php,
    Python => python,
    R => r,
    Ruby => ruby,
    Rust => rust,
    Scala => scala,
    Swift => swift,
    Tsx => tsx,
    TypeScript => typescript,
    Zig => zig,
}

impl Language {
    /// What is known of it.
    pub(crate) fn spec(self) -> &'static Spec {
        // Both come from one list.
        &SPECS[self as usize]
    }
}
