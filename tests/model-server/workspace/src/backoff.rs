pub struct Backoff {
    attempt: u32,
    limit: u32,
}

pub fn delay_ms(backoff: &Backoff) -> u64 {
    let doubled = 500_u64 << backoff.attempt.min(6);
    doubled.min(8_000)
}

pub fn may_retry(backoff: &Backoff) -> bool {
    backoff.attempt < backoff.limit
}

pub fn after_failure(backoff: &mut Backoff) -> Option<u64> {
    if !may_retry(backoff) {
        return None;
    }
    let delay = delay_ms(backoff);
    backoff.attempt += 1;
    Some(delay)
}

pub fn is_even(number: u64) -> bool {
    number % 2 == 0
}

pub fn larger(left: u64, right: u64) -> u64 {
    if left > right { left } else { right }
}

pub fn add(left: u64, right: u64) -> u64 {
    left + right
}

pub fn is_empty(text: &str) -> bool {
    text.len() == 0
}

pub fn square(number: u64) -> u64 {
    number * number
}
