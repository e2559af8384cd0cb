use proptest::prelude::*;

use super::*;

/// A ledger as plain as can be: it looks every balance up in the history.
#[derive(Default)]
struct Model {
    entries: Vec<(Folio, i64)>,
}

impl Model {
    fn balance(&self, folio: Folio) -> i64 {
        self.entries
            .iter()
            .filter(|(at, _)| *at == folio)
            .map(|(_, minor)| minor)
            .sum()
    }

    fn post(&mut self, order: &TransferOrder) -> bool {
        let minor = order.amount.as_minor();
        let is_possible = order.source != order.destination && self.balance(order.source) >= minor;
        if is_possible {
            self.entries.push((order.source, -minor));
            self.entries.push((order.destination, minor));
        }
        is_possible
    }
}

proptest! {
    #[test]
    fn a_batch_is_the_same_as_one_at_a_time(
        opening in prop::collection::vec(0_i64..1_000, 5),
        orders in prop::collection::vec((0_u128..5, 0_u128..5, 1_i64..700), 0..200),
    ) {
        let mut model = Model::default();
        let standings = (0..).zip(&opening).map(|(number, minor)| standing(number, *minor));
        let mut book = Book::new(standings);
        for (number, minor) in (0..).zip(&opening) {
            model.entries.push((folio(number), *minor));
        }

        for (source, destination, minor) in orders {
            let order = order(source, destination, minor);
            prop_assert_eq!(book.post(&order, at(1)).is_ok(), model.post(&order));
        }

        let mut sum = 0;
        for number in 0..5 {
            let stands = book.standing(folio(number)).unwrap();
            let count = model.entries.iter().filter(|(id, _)| *id == folio(number)).count() - 1;
            prop_assert_eq!(stands.balance_minor, model.balance(folio(number)));
            prop_assert_eq!(stands.last_sequence, i64::try_from(count).unwrap());
            prop_assert!(stands.balance_minor >= 0);
            sum += stands.balance_minor;
        }
        prop_assert_eq!(sum, opening.iter().sum::<i64>());
    }
}
