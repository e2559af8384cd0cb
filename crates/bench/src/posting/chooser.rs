//! Between which accounts transfers go.

use clap::ValueEnum;

use super::Dice;

/// The account that everybody wants something of.
const HOT: u32 = 1;

/// How the two accounts of a transfer are chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Choice {
    /// All alike.
    Uniform,
    /// The n-th account is chosen a n-th as often as the first.
    Zipf,
    /// One of the two is always the same account, as often the source as the destination; the other is any.
    Hot,
}

/// Chooses.
#[derive(Debug)]
pub(crate) struct Chooser {
    choice: Choice,
    accounts: u32,
    /// For each account, how likely it or one before it is chosen by [`Choice::Zipf`].
    cumulated: Vec<f64>,
}

impl Chooser {
    /// From the accounts 1 to `accounts`, of which there must be at least 2.
    pub(crate) fn new(choice: Choice, accounts: u32) -> Self {
        let cumulated = match choice {
            Choice::Zipf => cumulated_zipf(accounts),
            Choice::Uniform | Choice::Hot => Vec::new(),
        };
        Self {
            choice,
            accounts: accounts.max(2),
            cumulated,
        }
    }

    /// The source and the destination of a transfer; they differ.
    pub(crate) fn pair(&self, dice: &mut Dice) -> (u32, u32) {
        let one = self.one(dice);
        let other = self.another(one, dice);
        match self.choice {
            Choice::Hot if dice.below(2) == 0 => (other, one),
            Choice::Hot | Choice::Uniform | Choice::Zipf => (one, other),
        }
    }

    fn one(&self, dice: &mut Dice) -> u32 {
        match self.choice {
            Choice::Uniform => 1 + dice.below(self.accounts),
            Choice::Zipf => self.by_rank(dice.share()),
            Choice::Hot => HOT,
        }
    }

    fn another(&self, one: u32, dice: &mut Dice) -> u32 {
        loop {
            let other = match self.choice {
                Choice::Uniform | Choice::Hot => 1 + dice.below(self.accounts),
                Choice::Zipf => self.by_rank(dice.share()),
            };
            if other != one {
                return other;
            }
        }
    }

    fn by_rank(&self, share: f64) -> u32 {
        let before = self.cumulated.partition_point(|upto| *upto <= share);
        let rank = u32::try_from(before).unwrap_or(u32::MAX).saturating_add(1);
        rank.min(self.accounts)
    }
}

fn cumulated_zipf(accounts: u32) -> Vec<f64> {
    let weights = (1..=accounts).map(|rank| 1.0 / f64::from(rank));
    let total: f64 = weights.clone().sum();
    let add_up = |sum: &mut f64, weight: f64| {
        *sum += weight;
        Some(*sum / total)
    };
    weights.scan(0.0, add_up).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use rstest::rstest;

    use super::*;

    const THROWS: u32 = 20_000;

    fn pairs(choice: Choice, accounts: u32) -> Vec<(u32, u32)> {
        let chooser = Chooser::new(choice, accounts);
        let mut dice = Dice::new(7);
        (0..THROWS).map(|_| chooser.pair(&mut dice)).collect()
    }

    fn counted(pairs: &[(u32, u32)]) -> BTreeMap<u32, u32> {
        let mut counts = BTreeMap::new();
        for (source, destination) in pairs {
            *counts.entry(*source).or_default() += 1;
            *counts.entry(*destination).or_default() += 1;
        }
        counts
    }

    #[rstest]
    fn accounts_are_there_and_differ(
        #[values(Choice::Uniform, Choice::Zipf, Choice::Hot)] choice: Choice,
        #[values(2, 100)] accounts: u32,
    ) {
        let pairs = pairs(choice, accounts);

        let is_there = |number: &u32| (1..=accounts).contains(number);
        assert!(pairs.iter().all(|(one, other)| one != other));
        assert!(
            pairs
                .iter()
                .all(|(one, other)| is_there(one) && is_there(other))
        );
    }

    #[test]
    fn uniform_takes_all_alike() {
        let counts = counted(&pairs(Choice::Uniform, 10));

        let expected = 2 * THROWS / 10;
        let is_near = |count: &u32| count.abs_diff(expected) < expected / 10;
        assert_eq!(counts.len(), 10);
        assert!(counts.values().all(is_near), "{counts:?}");
    }

    #[test]
    fn zipf_takes_the_first_twice_as_often_as_the_second_and_ten_times_as_often_as_the_tenth() {
        let chooser = Chooser::new(Choice::Zipf, 1_000);
        let mut dice = Dice::new(7);
        let mut counts = BTreeMap::<u32, u32>::new();

        for _ in 0..10 * THROWS {
            *counts.entry(chooser.one(&mut dice)).or_default() += 1;
        }

        let times = |rank| f64::from(counts[&1]) / f64::from(counts[&rank]);
        assert!((1.8..2.2).contains(&times(2)), "{}", times(2));
        assert!((9.0..11.0).contains(&times(10)), "{}", times(10));
    }

    #[test]
    fn hot_has_the_same_account_on_one_side_or_the_other() {
        let pairs = pairs(Choice::Hot, 100);

        let paying = pairs.iter().filter(|(source, _)| *source == HOT).count();
        let paid = pairs.iter().filter(|(_, other)| *other == HOT).count();
        assert_eq!(paying + paid, pairs.len());
        assert!((9_000..11_000).contains(&paying), "{paying}");
    }
}
