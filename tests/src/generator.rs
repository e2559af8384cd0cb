//! Random numbers for tests that try moments and orders at random.

use std::{
    hash::{BuildHasher as _, RandomState},
    time::Duration,
};

/// A small generator (xorshift64*): quick, and good enough to choose moments.
#[derive(Debug, Clone)]
pub struct Generator(u64);

impl Default for Generator {
    fn default() -> Self {
        Self(RandomState::new().hash_one("seed") | 1)
    }
}

impl Generator {
    /// A number below `end`.
    pub fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 11) % end
    }

    /// A time from `least` to `most` milliseconds.
    pub fn moment_ms(&mut self, least: u64, most: u64) -> Duration {
        Duration::from_millis(least + self.below(most - least + 1))
    }
}
