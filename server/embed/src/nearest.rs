//! The nearest of many, found by looking at all of them: half a million take some milliseconds, and nothing has to be built.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::Vector;
use crate::vector::likeness;

/// The nearest so far. Those that are equally near stay in the order in which they came.
#[derive(Debug)]
pub struct Nearest<'q> {
    query: &'q Vector,
    limit: usize,
    /// With the farthest on top.
    kept: BinaryHeap<Reverse<(i32, Reverse<u64>)>>,
    /// What is nearer than this is kept.
    bar: i32,
}

impl<'q> Nearest<'q> {
    /// Nobody yet, of whom at most `limit` will be kept, and only what has more to do with the query than nothing.
    #[must_use]
    pub fn new(query: &'q Vector, limit: usize) -> Self {
        Self { query, limit, kept: BinaryHeap::with_capacity(limit + 1), bar: if limit == 0 { i32::MAX } else { 0 } }
    }

    /// Looks at one more, which the caller knows by a number.
    #[inline]
    pub fn look(&mut self, number: u64, vector: &Vector) {
        let product = self.query.product(vector);
        if product > self.bar {
            self.keep(number, product);
        }
    }

    fn keep(&mut self, number: u64, product: i32) {
        self.kept.push(Reverse((product, Reverse(number))));
        if self.kept.len() > self.limit {
            self.kept.pop();
        }
        if self.kept.len() == self.limit
            && let Some(Reverse((farthest, _))) = self.kept.peek()
        {
            self.bar = *farthest;
        }
    }

    /// Both together, where another has looked at others for the same query. Of those that are equally near the lowest numbers stay.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        for Reverse((product, Reverse(number))) in other.kept {
            if product >= self.bar {
                self.keep(number, product);
            }
        }
        self
    }

    /// The numbers of the nearest with how alike they are to the query, the nearest first.
    #[must_use]
    pub fn into_numbers(self) -> Vec<(u64, f32)> {
        let sorted = self.kept.into_sorted_vec().into_iter();
        sorted.map(|Reverse((product, Reverse(number)))| (number, likeness(product))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::Nearest;
    use crate::{DIMENSIONS, Vector};

    fn vector(first: i8) -> Vector {
        let mut numbers = [1; DIMENSIONS];
        numbers[0] = first;
        Vector(numbers)
    }

    #[test]
    fn the_nearest_come_first_whoever_found_them() {
        let query = vector(100);
        let (mut one, mut two) = (Nearest::new(&query, 3), Nearest::new(&query, 3));
        for number in 0..40_u8 {
            let half = if number % 2 == 0 { &mut one } else { &mut two };
            half.look(u64::from(number), &vector(number.cast_signed()));
        }
        let numbers: Vec<u64> = one.and(two).into_numbers().into_iter().map(|(number, _)| number).collect();
        assert_eq!(numbers, [39, 38, 37]);
    }

    #[test]
    fn of_those_equally_near_the_first_stay_whoever_found_them() {
        let query = vector(100);
        for split in 0..8 {
            let (mut one, mut two) = (Nearest::new(&query, 3), Nearest::new(&query, 3));
            for number in 0..8 {
                let part = if number < split { &mut two } else { &mut one };
                part.look(number, &vector(7));
            }
            let numbers: Vec<u64> = one.and(two).into_numbers().into_iter().map(|(number, _)| number).collect();
            assert_eq!(numbers, [0, 1, 2], "{split}");
        }
    }

    #[test]
    fn what_points_elsewhere_is_not_near() {
        let query = vector(100);
        let mut nearest = Nearest::new(&query, 3);
        nearest.look(0, &vector(-100));
        assert!(nearest.into_numbers().is_empty());
    }
}
