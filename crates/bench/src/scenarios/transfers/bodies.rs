//! What is sent.

use crate::posting::{AMOUNT_MAX_MINOR, Choice, Chooser, Dice, transfer_json};

/// How many different transfers there are, of which each is sent again and again.
const SINGLES: u32 = 20_000;
/// How many different batches.
const BATCHES: u32 = 40;

/// Transfers between accounts, of which there are so many.
pub(super) fn singles(choice: Choice, accounts: u32) -> Vec<String> {
    let chooser = Chooser::new(choice, accounts);
    let mut dice = Dice::new(0);
    (0..SINGLES)
        .map(|_| transfer(&chooser, &mut dice))
        .collect()
}

/// Batches of so many transfers, each for itself.
pub(super) fn batches(accounts: u32, size: u32) -> Vec<String> {
    let chooser = Chooser::new(Choice::Uniform, accounts);
    let mut dice = Dice::new(0);
    let mut batch = || {
        let transfers = (0..size).map(|_| transfer(&chooser, &mut dice));
        let transfers = transfers.collect::<Vec<_>>().join(",");
        format!(r#"{{"mode":"independent","transfers":[{transfers}]}}"#)
    };
    (0..BATCHES).map(|_| batch()).collect()
}

fn transfer(chooser: &Chooser, dice: &mut Dice) -> String {
    let amount_minor = 1 + dice.below(AMOUNT_MAX_MINOR);
    transfer_json(chooser.pair(dice), amount_minor)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use serde_json::Value;

    use super::*;

    #[test]
    fn transfers_differ() {
        let bodies = singles(Choice::Uniform, 10_000);

        let different: HashSet<_> = bodies.iter().collect();
        assert!(different.len() > bodies.len() * 9 / 10);
        let one: Value = serde_json::from_str(&bodies[0]).unwrap();
        assert_ne!(one["source_account_id"], one["destination_account_id"]);
    }

    #[test]
    fn a_batch_has_as_many_transfers_as_it_should() {
        let bodies = batches(10_000, 10);

        let one: Value = serde_json::from_str(&bodies[0]).unwrap();
        assert_eq!(one["mode"], "independent");
        assert_eq!(one["transfers"].as_array().unwrap().len(), 10);
    }
}
