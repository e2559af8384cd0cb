//! Whether it is of any use to remember how accounts stand.

/// For how many batches nothing is relied on after what was remembered had been out of date for once.
const DISTRUST_MIN: u32 = 8;

/// The same when that happens again and again, since others post to the same accounts all the time.
const DISTRUST_MAX: u32 = 1_024;

/// Trust in what is remembered. It is lost when that was out of date, and for longer each time; it is put to the test by
/// one batch; and it grows back with every batch that could rely on it.
#[derive(Debug)]
pub(super) struct Trust {
    /// For how many batches nothing is relied on.
    distrusting: u32,
    /// Whether the last batch that relied on it could not.
    is_lost: bool,
    /// For how many batches nothing will be relied on when that happens again.
    next: u32,
}

impl Trust {
    pub(super) const fn full() -> Self {
        Self {
            distrusting: 0,
            is_lost: false,
            next: DISTRUST_MIN,
        }
    }

    /// Whether others are known to post to the same accounts, so that batches are better large than many: each of them
    /// has to read.
    pub(super) const fn is_lost(&self) -> bool {
        self.is_lost
    }

    /// Whether the next batch, which is begun now, may rely on what is remembered.
    pub(super) const fn allows(&mut self) -> bool {
        if self.distrusting > 0 {
            self.distrusting -= 1;
            return false;
        }
        true
    }

    /// Notes that a batch has relied on what was remembered, and found it as it was.
    pub(super) const fn confirm(&mut self) {
        if self.distrusting == 0 {
            self.is_lost = false;
            if self.next > DISTRUST_MIN {
                self.next /= 2;
            }
        }
    }

    /// Notes that a batch has found that it was out of date.
    pub(super) const fn lose(&mut self) {
        if self.distrusting > 0 {
            return;
        }
        self.is_lost = true;
        self.distrusting = self.next;
        if self.next < DISTRUST_MAX {
            self.next *= 2;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Has batches begun until one may rely on what is remembered; tells how many could not.
    fn distrusting_batches(trust: &mut Trust) -> u32 {
        let mut count = 0;
        while !trust.allows() {
            count += 1;
        }
        count
    }

    #[test]
    fn trust_is_lost_for_some_batches() {
        let mut trust = Trust::full();

        trust.lose();

        assert!(trust.is_lost());
        assert_eq!(distrusting_batches(&mut trust), DISTRUST_MIN);
        assert!(trust.is_lost());
        trust.confirm();
        assert!(!trust.is_lost());
    }

    #[test]
    fn trust_that_is_disappointed_again_and_again_is_tried_ever_more_rarely() {
        let mut trust = Trust::full();

        let lost = (0..12).map(|_| {
            trust.lose();
            distrusting_batches(&mut trust)
        });

        let lost: Vec<_> = lost.collect();
        assert_eq!(lost[..4], [8, 16, 32, 64]);
        assert_eq!(lost[8..], [DISTRUST_MAX; 4]);
    }

    #[test]
    fn batches_that_were_begun_before_trust_was_lost_change_nothing() {
        let mut trust = Trust::full();
        trust.lose();

        trust.lose();
        trust.confirm();

        assert!(trust.is_lost());
        assert_eq!(distrusting_batches(&mut trust), DISTRUST_MIN);
        trust.lose();
        assert_eq!(distrusting_batches(&mut trust), 2 * DISTRUST_MIN);
    }

    #[test]
    fn trust_grows_back_with_every_batch_that_could_rely_on_it() {
        let mut trust = Trust::full();
        for _ in 0..12 {
            trust.lose();
            distrusting_batches(&mut trust);
        }

        for _ in 0..12 {
            trust.confirm();
        }

        trust.lose();
        assert_eq!(distrusting_batches(&mut trust), DISTRUST_MIN);
    }
}
