use proptest::prelude::*;

use crate::{FileSymbols, Language, Limits};

const SAMPLES: [(Language, &str); 4] = [
    (Language::Rust, include_str!("../bytes.rs")),
    (Language::Rust, include_str!("../walk.rs")),
    (
        Language::Python,
        "import os.path as p\nfrom a import b, c\nclass A(b):\n    '''Döc.'''\n    def f(self): return p.join(c)\n",
    ),
    (
        Language::Go,
        "package x\nimport \"fmt\"\n// F does.\nfunc (s *S) F() { fmt.Println(s.a, s.b()) }\ntype S struct { a int }\n",
    ),
];

fn sample(number: usize) -> FileSymbols {
    let (language, text) = SAMPLES[number];
    FileSymbols::clone(&crate::parse(language, text, None, &Limits::default()).unwrap().file)
}

#[test]
fn what_is_written_is_read_back() {
    for number in 0..SAMPLES.len() {
        let file = sample(number);
        assert!(file.reference_count() > 3 && !file.symbols.is_empty());
        assert_eq!(FileSymbols::from_bytes(&file.to_bytes()).as_ref(), Ok(&file), "sample {number}");
    }
    let empty = FileSymbols::default();
    assert_eq!(FileSymbols::from_bytes(&empty.to_bytes()), Ok(empty));
}

#[test]
fn every_kind_has_its_number() {
    for (number, kind) in super::KINDS.into_iter().enumerate() {
        assert_eq!(usize::from(super::kind_number(kind)), number);
    }
}

#[test]
fn what_was_cut_off_or_goes_on_is_not_read() {
    let bytes = sample(2).to_bytes();
    for length in 0..bytes.len() {
        assert!(FileSymbols::from_bytes(&bytes[..length]).is_err(), "{length}");
        assert!(FileSymbols::from_body(&bytes[super::HEAD.min(length)..length]).is_err(), "{length}");
    }
    assert!(FileSymbols::from_bytes(&[bytes, vec![0]].concat()).is_err());
}

proptest! {
    /// Past the checksum, which made-up bytes may well have right, nothing may panic or ask for much memory.
    #[test]
    fn made_up_bytes_do_no_harm(number in 0..SAMPLES.len(), damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8)) {
        let mut bytes = sample(number).to_bytes();
        for (at, byte) in damage {
            let at = at.index(bytes.len() - super::HEAD) + super::HEAD;
            bytes[at] = byte;
        }
        if let Ok(file) = FileSymbols::from_body(&bytes[super::HEAD..]) {
            for reference in file.references() {
                let _ = (reference.name, reference.line(), reference.column(), reference.enclosing.map(|symbol| &file.symbols[symbol as usize]));
            }
        }
    }

    #[test]
    fn noise_is_not_read(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = FileSymbols::from_body(&bytes);
        prop_assert!(FileSymbols::from_bytes(&bytes).is_err());
    }
}
