//! Chance that repeats itself: stories must be the same for the same seed.

/// `SplitMix64` (Steele, Lea and Flood 2014): good enough for stories, and for nothing else.
pub(super) struct Dice(u64);

impl Dice {
    pub(super) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from `0` to `sides - 1`; 0 when there are no sides.
    pub(super) fn below(&mut self, sides: u32) -> u32 {
        let rolled = self
            .next()
            .checked_rem(u64::from(sides))
            .unwrap_or_default();
        u32::try_from(rolled).unwrap_or_default()
    }

    /// A number between two, both included.
    pub(super) fn between(&mut self, least: u32, most: u32) -> u32 {
        least + self.below(most.saturating_sub(least) + 1)
    }

    /// Whether something happens that happens this often.
    pub(super) fn happens(&mut self, percent: u32) -> bool {
        self.below(100) < percent
    }

    /// One of several.
    pub(super) fn pick<'a, T>(&mut self, several: &'a [T]) -> &'a T {
        let sides = u32::try_from(several.len()).unwrap_or(u32::MAX);
        let index = usize::try_from(self.below(sides)).unwrap_or_default();
        &several[index]
    }
}
