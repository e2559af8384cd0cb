//! Numbers that look thrown, the same for every run with the same seed.

/// A generator of such numbers (`SplitMix64`).
#[derive(Debug, Clone)]
pub(crate) struct Dice(u64);

impl Dice {
    /// One whose throws have nothing to do with those of another seed.
    pub(crate) fn new(seed: u32) -> Self {
        let mut dice = Self(u64::from(seed));
        dice.0 = dice.next();
        dice
    }

    /// From 0 to below `sides`, all alike.
    pub(crate) fn below(&mut self, sides: u32) -> u32 {
        let scaled = (self.next() >> 32) * u64::from(sides);
        u32::try_from(scaled >> 32).unwrap_or_default()
    }

    /// From 0 to below 1.
    pub(crate) fn share(&mut self) -> f64 {
        f64::from(self.below(u32::MAX)) / f64::from(u32::MAX)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_sides_come_about_as_often() {
        let mut dice = Dice::new(1);
        let mut seen = [0_u32; 10];

        for _ in 0..10_000 {
            seen[usize::try_from(dice.below(10)).unwrap()] += 1;
        }

        assert!(
            seen.iter().all(|count| (850..1_150).contains(count)),
            "{seen:?}"
        );
    }

    #[test]
    fn shares_are_below_one() {
        let mut dice = Dice::new(2);

        let shares: Vec<f64> = (0..1_000).map(|_| dice.share()).collect();

        assert!(shares.iter().all(|share| (0.0..1.0).contains(share)));
    }

    #[test]
    fn another_seed_throws_other_numbers() {
        let throws = |seed| {
            let mut dice = Dice::new(seed);
            [(); 8].map(|()| dice.below(1_000))
        };

        assert_eq!(throws(1), throws(1));
        assert_ne!(throws(1), throws(2));
    }
}
