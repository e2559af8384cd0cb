//! How accounts stood when this engine last looked.

use std::collections::HashMap;

use domain::ledger::{Folio, Standing};

/// The pages that were used lately, a bounded number. Each is taken out by the batch that decides on it, and put back
/// when that is committed.
pub(super) struct Standings {
    young: HashMap<Folio, Standing>,
    old: HashMap<Folio, Standing>,
    generation_max: usize,
}

impl Standings {
    /// A memory of at most so many pages.
    pub(super) fn new(standings_max: usize) -> Self {
        Self {
            young: HashMap::new(),
            old: HashMap::new(),
            generation_max: standings_max / 2,
        }
    }

    pub(super) fn take(&mut self, folio: Folio) -> Option<Standing> {
        self.young
            .remove(&folio)
            .or_else(|| self.old.remove(&folio))
    }

    /// Puts pages back. When a generation is full, what was not used since the one before it is forgotten.
    pub(super) fn put(&mut self, standings: impl IntoIterator<Item = Standing>) {
        for standing in standings {
            self.young.insert(standing.folio, standing);
        }
        if self.young.len() > self.generation_max {
            self.old = std::mem::take(&mut self.young);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::standing;

    #[test]
    fn what_is_used_is_remembered_and_the_rest_is_forgotten() {
        let mut standings = Standings::new(4);
        let page = |number: u128| standing(number, 0);

        for round in 0..10 {
            standings.put([page(1), page(100 + round)]);
            let used = standings.take(page(1).folio).expect("the page in use");
            standings.put([used]);
        }

        assert_eq!(standings.take(page(100).folio), None);
        assert!(standings.young.len() + standings.old.len() <= 6);
    }
}
