//! How many tokens a text has, without a tokenizer: a bound from above for money, a guess from below for length.

/// No fewer tokens than a byte-pair tokenizer makes of real text: two letters or digits at worst share a token, a run of blanks is one,
/// every other character is one, and a character outside ASCII is as many as it has bytes.
pub(crate) fn upper_bound(text: &str) -> u64 {
    let (mut tokens, mut run, mut blank) = (0_u64, 0_u64, false);
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() {
            run += 1;
            blank = false;
            continue;
        }
        tokens += run.div_ceil(2);
        run = 0;
        let space = byte == b' ' || byte == b'\t';
        tokens += u64::from(!(space && blank));
        blank = space;
    }
    tokens + run.div_ceil(2)
}

/// No more tokens than a tokenizer makes of ordinary code.
pub(crate) fn lower_guess(text: &str) -> u64 {
    text.len() as u64 / 6
}

/// About how many tokens so many bytes of code are; four bytes to one, which is no overstatement.
pub(crate) fn of_bytes(bytes: u64) -> u64 {
    bytes / 4
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bound_counts_runs_signs_and_foreign_bytes() {
        assert_eq!(upper_bound(""), 0);
        assert_eq!(upper_bound("let"), 2);
        assert_eq!(upper_bound("    a + b"), 6);
        assert_eq!(upper_bound("é"), 2);
        assert!(upper_bound("fn read_all(&self) -> u32 { 0 }") >= lower_guess("fn read_all(&self) -> u32 { 0 }"));
    }
}
