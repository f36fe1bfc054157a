//! The same for the languages that keep to themselves.

use syntax::Language;

/// Whether a bare name means something that needs neither definition nor import.
pub(super) fn is_prelude(language: Language, name: &str) -> bool {
    let names = match language {
        Language::Bash => BASH,
        Language::Elixir => ELIXIR,
        Language::Haskell => HASKELL,
        Language::Julia => JULIA,
        Language::Lua => LUA,
        Language::OCaml | Language::OCamlInterface => OCAML,
        Language::R => R,
        _ => "",
    };
    names.split_ascii_whitespace().any(|known| known == name)
}

const BASH: &str = "\
    HOME IFS OSTYPE PATH PWD SHELL USER alias break builtin cat cd command continue cp cut declare dirname echo eval exec exit export \
    false find getopts grep head kill local ls mkdir mktemp mv printf pwd read readonly return rm sed set shift sleep sort source tail \
    tee test touch tr trap true type typeset umask unset wait xargs";

const ELIXIR: &str = "\
    Agent Application Atom Enum Exception File Float GenServer IO Integer Kernel Keyword List Logger Macro Map MapSet Module Path \
    Process Regex Stream String Supervisor System Task Tuple abs apply binary_part div elem hd inspect is_atom is_binary \
    is_boolean is_float is_function is_integer is_list is_map is_nil is_number is_pid is_tuple length map_size max min node not \
    put_elem raise rem reraise round self send spawn struct throw tl to_charlist to_string trunc tuple_size";

const HASKELL: &str = "\
    Applicative Bool Bounded Char Double Either Enum Eq False Float Foldable FilePath Functor IO Int Integer Integral Just Left \
    Maybe Monad Monoid Nothing Num Ord Ordering Rational Read Right Semigroup Show String Traversable True Word all and any concat \
    concatMap const curry div drop either elem error even filter flip floor fmap foldl foldr fromIntegral fst getLine head id init \
    lines length lookup map mapM mapM_ maximum maybe mconcat mempty minimum mod negate not null odd or otherwise print pure putStr \
    putStrLn replicate return reverse seq sequence show snd span splitAt sum tail take traverse uncurry undefined unlines unwords \
    unzip words zip zipWith";

const JULIA: &str = "\
    AbstractArray AbstractDict AbstractString AbstractVector Any ArgumentError Array Base Bool Char Core Dict Float32 Float64 \
    Function Int Int32 Int64 Integer Matrix Nothing Number Pair Real Set String Symbol Tuple Type UInt8 Union Vector all any append! \
    collect copy eachindex eltype enumerate error filter first get getproperty haskey in isa isempty isnothing join keys last length \
    map max maximum min minimum nothing ones pairs parse pop! print println push! rand range reduce rethrow round similar size sort \
    split sqrt string sum throw typeof values vcat zeros zip";

const LUA: &str = "\
    _G _VERSION arg assert collectgarbage coroutine debug dofile error getmetatable io ipairs load loadfile loadstring math next os \
    package pairs pcall print rawequal rawget rawlen rawset require select self setmetatable string table tonumber tostring type \
    unpack utf8 xpcall";

const OCAML: &str = "\
    Array Buffer Bytes Char Error Failure Filename Format Fun Hashtbl Int Invalid_argument List Map None Not_found Ok Option Printexc \
    Printf Queue Random Result Scanf Seq Set Some Stack String Sys array bool bytes char compare exit exn failwith float fst ignore \
    incr int int32 int64 invalid_arg list max min not option print_endline print_string raise ref result snd string string_of_int \
    unit";

const R: &str = "\
    FALSE NA NULL T TRUE abs all any apply as.character as.integer as.numeric attr c cat character class do.call environment \
    exists factor file.path filter format function get grepl gsub identical ifelse inherits integer invisible is.character is.function \
    is.na is.null is.numeric lapply length levels list logical max mean message min missing names nchar ncol nrow numeric order paste \
    paste0 print quote rep return round sapply seq seq_along seq_len setdiff sprintf standardGeneric stop stopifnot structure sub \
    substitute sum switch tryCatch unique unlist UseMethod vapply vector warning which";
