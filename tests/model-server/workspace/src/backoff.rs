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
