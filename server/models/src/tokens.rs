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

/// A prompt of fewer expected tokens is not judged: what a server wraps around it weighs too much.
const JUDGED: u64 = 1_000;

/// How many tokens a tokenizer makes of these texts, about: four bytes of code to one, a run of blanks counted as one byte.
pub(crate) fn expected<'t>(texts: impl IntoIterator<Item = &'t str>) -> u64 {
    let mut bytes = 0;
    for text in texts {
        let mut was_blank = false;
        for byte in text.bytes() {
            let is_blank = byte.is_ascii_whitespace();
            bytes += u64::from(!(is_blank && was_blank));
            was_blank = is_blank;
        }
    }
    of_bytes(bytes)
}

/// Whether a server that says it read `seen` tokens cannot have read a prompt of so many: servers with a small window drop its middle or
/// its beginning without a word. One that reports nothing is not judged.
pub(crate) fn is_cut(expected: u64, seen: u64) -> bool {
    expected >= JUDGED && seen > 0 && seen.saturating_mul(10) < expected.saturating_mul(6)
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

    #[test]
    fn a_prompt_of_which_little_was_read_is_cut_and_one_that_is_written_densely_is_not() {
        let code = "        let value = self.table.get(&key).copied().unwrap_or_default();\n".repeat(200);
        let whole = expected([code.as_str()]);
        // OpenAI's tokenizers (cl100k, o200k) make 17 tokens of this line.
        assert!(whole > 2_500 && !is_cut(whole, 200 * 17));
        assert!(is_cut(whole, 1_024) && !is_cut(whole, 0) && !is_cut(100, 7));
    }
}
