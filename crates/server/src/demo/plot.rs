//! What becomes of an invoice, and when.

use domain::invoicing::InvoiceStatus;
use jiff::{Timestamp, ToSpan as _};

use super::dice::Dice;

/// The life of one invoice. What lies in the future does not happen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Plot {
    pub(super) drafted_at: Timestamp,
    pub(super) scenes: Vec<Scene>,
}

/// One step of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Scene {
    pub(super) at: Timestamp,
    pub(super) to: InvoiceStatus,
}

impl Plot {
    /// Plots that begin between two instants, evenly and in order, so that numbers ascend with time.
    pub(super) fn of_a_year(
        count: u32,
        (began, ends): (Timestamp, Timestamp),
        dice: &mut Dice,
    ) -> Vec<Self> {
        let minutes = ends.duration_since(began).as_secs() / 60;
        let gap = minutes / i64::from(count.max(1));
        let start = |n: u32| began + (gap * i64::from(n)).minutes();
        (0..count).map(|n| Self::starting(start(n), dice)).collect()
    }

    fn starting(drafted_at: Timestamp, dice: &mut Dice) -> Self {
        let mut scenes = Vec::new();
        let mut at = drafted_at;
        let mut next = |hours: u32, to| {
            at += i64::from(hours).hours();
            scenes.push(Scene { at, to });
        };
        match dice.below(100) {
            // Some drafts are forgotten, and some are given up.
            0..4 => {}
            4..8 => next(dice.between(2, 200), InvoiceStatus::Cancelled),
            _ => {
                next(dice.between(0, 1), InvoiceStatus::Sent);
                if dice.happens(75) {
                    next(dice.between(1, 96), InvoiceStatus::Viewed);
                }
                match dice.below(100) {
                    0..80 => next(dice.between(24, 40 * 24), InvoiceStatus::Paid),
                    80..84 => next(dice.between(24, 10 * 24), InvoiceStatus::Cancelled),
                    // The scheduler marks what is never paid as overdue.
                    _ => {}
                }
            }
        }
        Self { drafted_at, scenes }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn year(seed: u64) -> Vec<Plot> {
        let ends: Timestamp = "2026-11-20T00:00:00Z".parse().unwrap();
        let began = ends - (24 * 365).hours();
        Plot::of_a_year(500, (began, ends), &mut Dice::new(seed))
    }

    #[test]
    fn the_same_seed_tells_the_same_story() {
        assert_eq!(year(7), year(7));
        assert_ne!(year(7), year(8));
    }

    #[test]
    fn every_life_is_one_that_the_domain_allows() {
        for plot in year(1) {
            let mut status = InvoiceStatus::Draft;
            let mut at = plot.drafted_at;
            for scene in plot.scenes {
                assert!(status.check_transition(scene.to).is_ok());
                assert!(scene.at >= at);
                (status, at) = (scene.to, scene.at);
            }
        }
    }

    #[test]
    fn most_invoices_are_paid_and_some_are_not() {
        let is_paid = |plot: &Plot| {
            let last = plot.scenes.last();
            last.is_some_and(|scene| scene.to == InvoiceStatus::Paid)
        };

        let paid = year(1).iter().filter(|plot| is_paid(plot)).count();

        assert!((300..450).contains(&paid), "{paid} of 500");
    }
}
