//! Writing numbers and texts.

/// What is being written: numbers and bytes in their order, and all texts behind one another in front of them.
#[derive(Default)]
pub(super) struct Writer {
    numbers: Vec<u8>,
    texts: String,
}

impl Writer {
    pub(super) fn byte(&mut self, byte: u8) {
        self.numbers.push(byte);
    }

    /// A number in seven bits a byte, the lowest first.
    pub(super) fn number(&mut self, mut number: u32) {
        while number >= 0x80 {
            self.numbers.push(number.to_le_bytes()[0] | 0x80);
            number >>= 7;
        }
        self.numbers.push(number.to_le_bytes()[0]);
    }

    pub(super) fn count(&mut self, count: usize) {
        self.number(u32::try_from(count).unwrap_or(u32::MAX));
    }

    /// A number as the way to it from another one.
    pub(super) fn step(&mut self, from: u32, to: u32) {
        let step = to.wrapping_sub(from).cast_signed();
        self.number(((step << 1) ^ (step >> 31)).cast_unsigned());
    }

    pub(super) fn eight(&mut self, number: u64) {
        self.numbers.extend(number.to_le_bytes());
    }

    pub(super) fn text(&mut self, text: &str) {
        self.count(text.len());
        self.texts.push_str(text);
    }

    pub(super) fn numbers(&mut self, numbers: impl Iterator<Item = u32>) {
        numbers.for_each(|number| self.number(number));
    }

    /// Numbers, each as the way from the one before.
    pub(super) fn steps(&mut self, numbers: impl Iterator<Item = u32>) {
        let mut before = 0;
        for number in numbers {
            self.step(before, number);
            before = number;
        }
    }

    /// Numbers that mostly grow, and how many.
    pub(super) fn column(&mut self, numbers: impl ExactSizeIterator<Item = u32>) {
        self.count(numbers.len());
        self.steps(numbers);
    }

    pub(super) fn finish(self) -> Vec<u8> {
        let mut whole = Self::default();
        whole.count(self.texts.len());
        whole.numbers.extend(self.texts.into_bytes());
        whole.numbers.extend(self.numbers);
        whole.numbers
    }
}
