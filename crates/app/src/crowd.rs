//! Those who were just answered, and will probably ask again.

use std::time::Duration;

use tokio::time::Instant;

/// For how long they are waited for at most.
const AWAITED_MAX: Duration = Duration::from_millis(5);

/// How many there are, and for how long it is of use to wait for them.
#[derive(Debug)]
pub(crate) struct Crowd {
    size: usize,
    until: Instant,
}

impl Crowd {
    /// Nobody.
    pub(crate) fn none() -> Self {
        Self::after(0, Duration::ZERO)
    }

    /// So many, after a batch that has taken so long. They are waited for half as long: what they save is no more than a
    /// batch of their own.
    pub(crate) fn after(size: usize, taken: Duration) -> Self {
        Self {
            size,
            until: Instant::now() + (taken / 2).min(AWAITED_MAX),
        }
    }

    /// Until when the rest of them is awaited, when so many have asked.
    pub(crate) fn awaited_until(&self, asked: usize) -> Option<Instant> {
        (asked < self.size).then_some(self.until)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crowd_is_awaited_for_half_of_what_the_batch_has_taken() {
        let before = Instant::now();

        let crowd = Crowd::after(3, Duration::from_millis(4));

        let after = Instant::now();
        let until = crowd.awaited_until(2).unwrap();
        let awaited = Duration::from_millis(2);
        assert!((before + awaited..=after + awaited).contains(&until));
    }

    #[test]
    fn a_crowd_that_is_complete_is_not_awaited() {
        let crowd = Crowd::after(3, Duration::from_millis(4));

        assert_eq!(crowd.awaited_until(3), None);
        assert_eq!(Crowd::none().awaited_until(0), None);
    }

    #[test]
    fn after_a_batch_that_was_held_up_nobody_is_awaited_for_long() {
        let crowd = Crowd::after(3, Duration::from_secs(2));

        let until = crowd.awaited_until(0).unwrap();
        assert!(until <= Instant::now() + AWAITED_MAX);
    }
}
