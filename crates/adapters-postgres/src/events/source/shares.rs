//! Who of a group reads which shards.

use app::events::SHARDS;

/// Who has a shard, as one member sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holding {
    /// This member.
    Mine,
    /// Nobody, or somebody who has said nothing for too long.
    Free,
    /// Nobody for as long as a lease: those whose share it would be part of do not want it.
    Left,
    /// Somebody else.
    Others,
}

/// The shards that a member of so many has from now on: not more than its share, of those it has already first. Together
/// all members have all shards as soon as each has asked twice. What is left over it has beside its share.
pub(super) fn share(shards: &[(i16, Holding)], members: i64) -> Vec<i16> {
    let all = i64::from(SHARDS);
    let members = members.max(1);
    let fair = usize::try_from((all + members - 1) / members).unwrap_or(usize::MAX);
    let of = |wanted: Holding| {
        shards
            .iter()
            .filter(move |(_, holding)| *holding == wanted)
            .map(|(shard, _)| *shard)
    };
    of(Holding::Mine)
        .chain(of(Holding::Free))
        .take(fair)
        .chain(of(Holding::Left))
        .collect()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[test]
    fn what_is_left_over_is_taken_beside_the_share() {
        let shards = [
            (0, Holding::Mine),
            (1, Holding::Others),
            (2, Holding::Free),
            (3, Holding::Left),
        ];

        assert_eq!(share(&shards, 16), [0, 3]);
        assert_eq!(share(&shards, 8), [0, 2, 3]);
    }

    #[rstest]
    #[case::one(1)]
    #[case::two(2)]
    #[case::three(3)]
    #[case::sixteen(16)]
    #[case::more_than_shards(20)]
    fn members_that_come_one_after_the_other_share_everything_fairly(#[case] members: usize) {
        let mut holders: Vec<Option<usize>> = vec![None; 16];
        let asks = |holders: &mut Vec<Option<usize>>, me: usize, present: usize| {
            let seen: Vec<_> = (0_i16..)
                .zip(holders.iter())
                .map(|(shard, holder)| match holder {
                    Some(other) if *other == me => (shard, Holding::Mine),
                    Some(_) => (shard, Holding::Others),
                    None => (shard, Holding::Free),
                })
                .collect();
            let mine = share(&seen, i64::try_from(present).unwrap());
            for (shard, holder) in (0_i16..).zip(holders.iter_mut()) {
                if mine.contains(&shard) {
                    *holder = Some(me);
                } else if *holder == Some(me) {
                    *holder = None;
                }
            }
        };

        for present in 1..=members {
            asks(&mut holders, present - 1, present);
        }
        for _ in 0..2 {
            for me in 0..members {
                asks(&mut holders, me, members);
            }
        }

        assert!(holders.iter().all(Option::is_some));
        let fair = 16_usize.div_ceil(members);
        for me in 0..members {
            let mine = holders.iter().filter(|it| **it == Some(me)).count();
            assert!(mine <= fair, "member {me} has {mine} of {fair}");
        }
    }
}
