//! A direction, in a byte a dimension.

/// How many numbers a vector has.
pub const DIMENSIONS: usize = 128;

/// The longest a stored vector is: its length stands for 1.
const SCALE: f32 = 254.0;

/// A direction of length 1, each number in a 254th of it and cut at half.
///
/// With 128 dimensions a number is seldom above 0.3, so that the cut costs nothing and a step is small.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Vector(pub(crate) [i8; DIMENSIONS]);

/// Words that are added up.
#[derive(Clone, Copy, Debug)]
pub struct Sum(pub(crate) [f32; DIMENSIONS]);

impl Default for Sum {
    fn default() -> Self {
        Self([0.0; DIMENSIONS])
    }
}

impl Sum {
    /// Adds the direction of another sum, so many times its length of 1: however many words it is made of.
    pub fn add(&mut self, other: &Self, weight: f32) {
        let length = other.length();
        if length > 0.0 {
            for (number, more) in self.0.iter_mut().zip(&other.0) {
                *number += more * (weight / length);
            }
        }
    }

    /// Its direction; `None` of a sum of nothing.
    #[must_use]
    pub fn direction(&self) -> Option<Vector> {
        let length = self.length();
        if length <= 0.0 {
            return None;
        }
        let mut vector = [0; DIMENSIONS];
        for (byte, number) in vector.iter_mut().zip(&self.0) {
            #[expect(clippy::cast_possible_truncation, reason = "cut to the range of a byte")]
            let cut = (number / length * SCALE).round().clamp(-127.0, 127.0) as i8;
            *byte = cut;
        }
        Some(Vector(vector))
    }

    fn length(&self) -> f32 {
        self.0.iter().map(|number| number * number).sum::<f32>().sqrt()
    }
}

impl Vector {
    /// How alike two directions are: 1 for the same, 0 for what has nothing to do with each other.
    #[must_use]
    pub fn likeness(&self, other: &Self) -> f32 {
        likeness(self.product(other))
    }

    /// The same as a whole number. In this form the compiler takes eight numbers in one instruction.
    pub(crate) fn product(&self, other: &Self) -> i32 {
        self.0.iter().zip(&other.0).map(|(a, b)| i32::from(i16::from(*a) * i16::from(*b))).sum()
    }
}

/// What a product means.
pub(crate) fn likeness(product: i32) -> f32 {
    product as f32 / (SCALE * SCALE)
}
