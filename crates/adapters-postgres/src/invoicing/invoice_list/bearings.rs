//! Which way led to lists like this one a moment ago.
//!
//! What is rare is found behind ways that were tried in vain. Whoever pages through it, or looks at it again, need not try
//! them again each time. Only the order of the search hangs on it, never what is found: so it may be wrong, and two filters
//! that look alike may share it.

use std::{
    collections::HashMap,
    hash::{DefaultHasher, Hash, Hasher},
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use super::{Question, way::Way};

/// For how long a way is remembered. Then the others have another chance: what was rare may be frequent.
const KEPT: Duration = Duration::from_mins(1);

/// How many are remembered; then all are forgotten.
const MOST: usize = 10_000;

#[derive(Debug, Default)]
pub(in super::super) struct Bearings(Mutex<HashMap<u64, (Way, Instant)>>);

impl Bearings {
    /// The ways that are worth while.
    pub(super) fn of(&self, question: &Question<'_>, mut ways: Vec<Way>) -> Vec<Way> {
        let known = self.ways().get(&mark(question)).copied();
        let known = known.filter(|(_, since)| since.elapsed() < KEPT);
        let place = known.and_then(|(way, _)| ways.iter().position(|it| *it == way));
        ways.drain(..place.unwrap_or_default());
        ways
    }

    /// Notes that a way has led there, behind others that have not.
    pub(super) fn note(&self, question: &Question<'_>, way: Way) {
        let mut ways = self.ways();
        if ways.len() >= MOST {
            ways.clear();
        }
        ways.insert(mark(question), (way, Instant::now()));
    }

    fn ways(&self) -> MutexGuard<'_, HashMap<u64, (Way, Instant)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn mark(question: &Question<'_>) -> u64 {
    let mut hasher = DefaultHasher::new();
    question.organization_id.hash(&mut hasher);
    question.filter.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use app::{
        paging::{Limit, PageNumber, Window},
        ports::InvoiceFilter,
        testing::ORGANIZATION,
    };

    use super::{super::Bounds, *};

    const WAYS: [Way; 2] = [Way::Clients, Way::Whole];

    fn question(filter: &InvoiceFilter) -> Question<'_> {
        let size = Limit::new(20).unwrap();
        let number = PageNumber::new(1, size).unwrap();
        Question {
            organization_id: ORGANIZATION,
            filter,
            bounds: Bounds::of(Window::Page { number, size }),
            branches: Vec::new(),
        }
    }

    fn client(text: &str) -> InvoiceFilter {
        InvoiceFilter {
            client_contains: Some(text.to_owned()),
            ..InvoiceFilter::default()
        }
    }

    #[test]
    fn the_way_that_led_to_a_list_is_the_first_for_the_next_one_like_it() {
        let (bearings, rare) = (Bearings::default(), client("zephyr"));
        assert_eq!(bearings.of(&question(&rare), WAYS.to_vec()), WAYS);

        bearings.note(&question(&rare), Way::Whole);

        assert_eq!(bearings.of(&question(&rare), WAYS.to_vec()), [Way::Whole]);
    }

    #[test]
    fn another_list_is_looked_for_as_ever() {
        let bearings = Bearings::default();
        bearings.note(&question(&client("zephyr")), Way::Whole);

        let other = client("gmbh");

        assert_eq!(bearings.of(&question(&other), WAYS.to_vec()), WAYS);
    }

    #[test]
    fn a_way_that_does_not_lead_there_is_not_gone() {
        let (bearings, rare) = (Bearings::default(), client("zephyr"));
        bearings.note(&question(&rare), Way::Days(1));

        assert_eq!(bearings.of(&question(&rare), WAYS.to_vec()), WAYS);
    }
}
