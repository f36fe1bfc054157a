//! Names that say little, because every program of the language has them.

mod more;

use std::sync::LazyLock;

use rustc_hash::FxHashSet;
use syntax::Language;

use crate::family::family;

/// Whether a bare name means something that needs neither definition nor import.
pub(super) fn is_prelude(language: Language, name: &str) -> bool {
    PRELUDES.get(usize::from(family(language))).is_some_and(|names| names.contains(name)) || more::is_prelude(language, name)
}

/// Whether a member of that name may as well belong to a type of the language's standard library.
#[must_use]
pub fn is_common_member(language: Language, name: &str) -> bool {
    let own = MEMBERS.get(usize::from(family(language)));
    COMMON_MEMBERS.contains(name) || own.is_some_and(|names| names.contains(name))
}

type Names = FxHashSet<&'static str>;

/// In the order of the families.
static PRELUDES: LazyLock<[Names; 6]> =
    LazyLock::new(|| [C, SCRIPT, GO, JAVA, PYTHON, RUST].map(|names| names.split_whitespace().collect()));

/// In the order of the families, besides what is common to them.
static MEMBERS: LazyLock<[Names; 6]> = LazyLock::new(|| {
    [C_MEMBERS, SCRIPT_MEMBERS, GO_MEMBERS, JAVA_MEMBERS, PYTHON_MEMBERS, RUST_MEMBERS]
        .map(|names| names.split_whitespace().collect())
});

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

const C_MEMBERS: &str = "\
    assign back before_begin bucket_count c_str capacity cbegin cend clear compare_exchange_strong compare_exchange_weak \
    count_down crbegin data detach ec emplace emplace_back emplace_front equal_range erase exchange fail fetch_add fetch_sub \
    find_first_of find_last_of first front get_deleter getline good has_value ignore imag joinable load lower_bound max_size \
    merge notify_all notify_one owner_before pop_back pop_front precision rbegin real regex rehash rend rfind second \
    shrink_to_fit store substr swap top try_lock unget unique upper_bound use_count value_or what width";

const SCRIPT_MEMBERS: &str = "\
    abort accept addEventListener appendChild apply assign attributes bind body captureStackTrace ceil charAt charCodeAt \
    children classList className click cloneNode closest codePointAt constructor contentType cookie createElement \
    currentTarget debug defineProperty description detail disconnect dispatchEvent dispose done entries exec file finally \
    findIndex findLast firstChild floor focus freeze getAttribute getElementById getOwnPropertyNames getPrototypeOf getTime \
    groups hasAttribute hasOwnProperty headers href innerHTML insertBefore isArray json lastIndexOf localeCompare match \
    matchAll method methods mode nextSibling nodeType observe once options origin padEnd padStart parentNode pathname pipe \
    postMessage preventDefault protocol prototype querySelector querySelectorAll race random reduceRight removeAttribute \
    removeChild removeEventListener repeat reject replaceAll request response round setAttribute signal statusCode \
    stopPropagation stringify style tagName target terminate textContent timeout toFixed toISOString toJSON toLocaleString \
    toLowerCase toUpperCase trimEnd trimStart unshift valueOf";

const GO_MEMBERS: &str = "\
    Abs After Base Before Body Bytes Cancel Chan Clone Contains Context Copy Count Cmp Data Deadline Decode Delete Do Done \
    Elem Encode Equal Errorf Exec Execute Exit Fatal Fatalf Field Fields File Find Flush Format Get Handle Handler Header \
    Host Index Info Init Int Interface IsNil Is IsDir IsZero Join Key Keys Kind Len Less Load Log Logf Lookup Map Match \
    Method MkdirAll ModTime Mode Name New Next Now Open Out Parse Path Peek Pop Port Print Printf Println Push Query \
    RLock RUnlock Range ReadAll ReadFile Reader Recv Release Remove Repeat Replace Reset Result Round Run Scan Seek Send \
    Serve ServeHTTP Size Skip Sort Split Start Stat Status StatusCode Stop Store Sub Swap Sync Sys Template Time Trim \
    Truncate Type URL Unix Unmarshal Unwrap User Valid Value Values Wait Warn WithValue WriteByte WriteFile WriteRune \
    WriteString WriteTo Writer";

const JAVA_MEMBERS: &str = "\
    accept addAll addFirst addLast allOf and andThen append asList asSubclass await booleanValue byteValue cancel cast ceil \
    charAt codePointAt collect compareTo compareToIgnoreCase compute computeIfAbsent computeIfPresent containsAll \
    containsKey containsValue debug deepEquals delete distinct doubleValue entrySet equalsIgnoreCase execute \
    exists filter findAny findFirst firstEntry floatValue forName getAnnotation getAndIncrement getBytes getCause getClass \
    getClassLoader getConstructor getDeclaredField getDeclaredMethod getField getFields getFirst getId getInstance getKey \
    getLast getLength getMessage getMethod getMethods getModifiers getName getOrDefault getPackage getParameterTypes \
    getParent getPath getProperty getResource getReturnType getSimpleName getSize getStackTrace getSuperclass getText \
    getType getValue group hasMoreElements hasNext headMap identity ifPresent incrementAndGet indexOf init intValue \
    invoke isAnnotationPresent isAssignableFrom isDirectory isFile isInstance isInterface isPresent iterator keySet \
    lastIndexOf limit listIterator longValue mapToInt matcher matches merge nextElement nextInt noneMatch nonNull of offer \
    ofNullable openConnection orElse orElseGet orElseThrow ordinal parallelStream parseInt peekFirst pollFirst previous \
    printStackTrace println putAll putIfAbsent readLine readObject removeAll removeFirst removeIf removeLast repeat \
    replaceAll retainAll schedule setAccessible setName setText setValue setSize shortValue shutdown sorted spliterator \
    stripLeading subList submit subSequence tailMap test thenApply thenComparing toArray toList toLowerCase toPath toUpperCase \
    toURI tryLock valueOf visit writeObject";

const PYTHON_MEMBERS: &str = "\
    add_argument add_done_callback appendleft args as_integer_ratio as_posix astimezone basename body callback cancel \
    capitalize casefold center close_connection code combine commit communicate conjugate connect cursor date day debug \
    decode dedent difference discard dirname dump dumps elements encode errors exception exit expandtabs extendleft \
    fileno fetchall fetchone filename finditer findall fromkeys fullmatch func function getvalue group groupdict groups \
    handle headers hexdigest host hour id import_module imag input intersection is_alive is_dir is_file isalnum isalpha \
    isatty isdigit isdisjoint isinstance islower isoformat isspace issubset issuperset istitle isupper iterdir joinpath \
    level listdir ljust load loads local logger lstrip maketrans match method microsecond minute mkdir mode module month \
    most_common namelist numerator options parameters params parents parse_args partition pid popitem popleft port \
    process query readable readline readlines real rename request response result return_value rfind \
    rindex rjust rmdir rollback rotate rpartition rsplit rstrip second seek session setLevel setdefault shape shutdown \
    side_effect stat stem strftime suffix swapcase symmetric_difference tell terminate throw timestamp timetuple \
    title touch translate tzinfo union unlink usefixtures user version weekday with_name with_suffix writable writelines \
    write_text year zfill";

const RUST_MEMBERS: &str = "\
    abs_diff acquire add_assign all_equal and and_then annotate arg args as_deref as_deref_mut as_mut_ptr as_mut_slice \
    as_mut_str as_os_str as_ptr as_secs as_millis binary_search body borrow borrow_mut by_ref bytes canonicalize capacity \
    cause chain char_indices checked_add checked_div checked_mul checked_sub chunks chunks_exact cloned cmp_by \
    components contains_key context copied copy_from_slice current_dir cycle dedup dedup_by_key deref deref_mut description \
    downcast downcast_mut downcast_ref drain_filter duration_since elapsed enumerate eq_ignore_ascii_case \
    escape_debug exists exit_code extension extend_from_slice fetch_add fetch_sub file_name file_stem file_type filled finish \
    find_map first_mut flags flatten_ok fract from_utf8 fuse get_or_insert get_or_insert_with get_unchecked headers id inspect \
    insert_str intersection into_boxed_slice into_inner into_keys into_owned into_string into_vec into_values io \
    is_absolute is_alphabetic is_alphanumeric is_ascii is_ascii_digit is_char_boundary is_dir is_digit is_disjoint is_file \
    is_finite is_lowercase is_negative is_numeric is_positive is_subset is_symlink is_uppercase is_whitespace \
    kill last_mut len_utf8 load local_addr make_ascii_lowercase map_or map_or_else map_while \
    max_by max_by_key metadata min_by min_by_key mode modified mul_add ne none nth ok_or ok_or_else or or_default or_insert \
    or_insert_with output parent partition peekable permissions pop_back pop_front pow product read_exact read_line \
    read_to_end read_to_string recv_timeout reduce register rem_euclid repeat replace_range replacen resize_with retain rev \
    rfind rotate_left rsplit rsplit_once rsplitn saturating_add saturating_sub scan send_to shrink_to_fit signum \
    skip_while sort_by_key sort_unstable sort_unstable_by source split_at split_first split_last split_off \
    split_once split_terminator split_whitespace splitn sqrt status stderr stdin stdout step_by strip_prefix \
    strip_suffix swap_remove symlink_metadata take_while then_some then_with to_ascii_lowercase to_ascii_uppercase to_be_bytes \
    to_bits to_bytes to_le_bytes to_lowercase to_path_buf to_socket_addrs to_string_lossy to_uppercase total_cmp transpose \
    trim_end trim_end_matches trim_matches trim_start trim_start_matches trim_left trim_right trunc try_borrow try_fold try_for_each \
    try_into try_lock try_recv try_wait type_id union unwrap_err unwrap_or_default unwrap_or_else unzip values_mut version \
    windows with_capacity with_extension with_file_name wrapping_add wrapping_sub write_all write_fmt write_str zip_eq";

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
