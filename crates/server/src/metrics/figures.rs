//! Figures that are looked up together.

use metrics::gauge;

/// The names of gauges.
pub(crate) struct Figures<const N: usize>(pub(crate) [&'static str; N]);

impl<const N: usize> Figures<N> {
    /// Tells them, in the order of their names.
    pub(crate) fn tell(&self, values: [f64; N]) {
        for (name, value) in self.0.into_iter().zip(values) {
            gauge!(name).set(value);
        }
    }

    /// They could not be looked up. What was told last may not hold any more: no alert should rest on it.
    pub(crate) fn forget(&self) {
        self.tell([f64::NAN; N]);
    }
}
