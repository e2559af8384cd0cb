use domain::{
    ids::AccountId,
    ledger::{Folio, Shard},
};
use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::testing::chain_record;

type Change = fn(&mut ChainRecord);

/// Every fact of a record, changed.
const CHANGES: [Change; 24] = [
    |it| it.organization_id = OrganizationId::from_uuid(other(it.organization_id.as_uuid())),
    |it| it.id = TransferId::from_uuid(other(it.id.as_uuid())),
    |it| it.kind.push('x'),
    |it| it.source.folio.account_id = elsewhere(it.source.folio),
    |it| it.source.folio.shard = Shard::new(it.source.folio.shard.as_i16() ^ 1),
    |it| it.source.sequence ^= 1,
    |it| it.source.amount_minor ^= 1,
    |it| it.source.balance_after_minor ^= 1,
    |it| it.destination.folio.account_id = elsewhere(it.destination.folio),
    |it| it.destination.folio.shard = Shard::new(it.destination.folio.shard.as_i16() ^ 1),
    |it| it.destination.sequence ^= 1,
    |it| it.destination.amount_minor ^= 1,
    |it| it.destination.balance_after_minor ^= 1,
    |it| it.amount_minor ^= 1,
    |it| it.currency.push('x'),
    |it| it.description = flipped(it.description.as_ref()),
    |it| it.description.get_or_insert_default().push('x'),
    |it| it.reference = flipped(it.reference.as_ref()),
    |it| it.reference.get_or_insert_default().push('x'),
    |it| std::mem::swap(&mut it.description, &mut it.reference),
    |it| drop(it.metadata.insert("another key".to_owned(), String::new())),
    |it| it.metadata.values_mut().for_each(|value| value.push('x')),
    |it| it.reverses = it.reverses.xor(Some(it.id)),
    |it| it.created_at += jiff::SignedDuration::from_micros(1),
];

fn other(id: Uuid) -> Uuid {
    Uuid::from_u128(id.as_u128() ^ 1)
}

fn elsewhere(folio: Folio) -> AccountId {
    AccountId::from_uuid(other(folio.account_id.as_uuid()))
}

/// Nothing where there was a text, and an empty one where there was nothing.
fn flipped(text: Option<&String>) -> Option<String> {
    text.is_none().then(String::new)
}

fn owner(number: u128) -> OrganizationId {
    OrganizationId::from_uuid(Uuid::from_u128(number))
}

prop_compose! {
    fn records()(
        ids in any::<[u128; 4]>(),
        numbers in any::<[i64; 7]>(),
        shards in any::<[i16; 2]>(),
        texts in any::<(String, Option<String>, Option<String>)>(),
        metadata in prop::collection::btree_map(".{0,3}", ".{0,3}", 0..3),
        reverses in any::<Option<u128>>(),
        micros in 0..253_402_207_199_000_000_i64,
    ) -> ChainRecord {
        let entry = |account: u128, shard, of: &[i64]| Entry {
            folio: Folio {
                account_id: AccountId::from_uuid(Uuid::from_u128(account)),
                shard: Shard::new(shard),
            },
            sequence: of[0],
            amount_minor: of[1],
            balance_after_minor: of[2],
        };
        ChainRecord {
            organization_id: owner(ids[0]),
            id: TransferId::from_uuid(Uuid::from_u128(ids[1])),
            kind: texts.0.clone(),
            source: entry(ids[2], shards[0], &numbers[0..3]),
            destination: entry(ids[3], shards[1], &numbers[3..6]),
            amount_minor: numbers[6],
            currency: texts.0,
            description: texts.1,
            reference: texts.2,
            metadata,
            reverses: reverses.map(|id| TransferId::from_uuid(Uuid::from_u128(id))),
            created_at: Timestamp::from_microsecond(micros).unwrap(),
        }
    }
}

proptest! {
    #[test]
    fn whatever_is_changed_changes_the_hash(record in records(), change in prop::sample::select(CHANGES.to_vec())) {
        let mut changed = record.clone();
        change(&mut changed);
        prop_assume!(changed != record);

        prop_assert_ne!(
            ChainHash::BEFORE_ALL.followed_by(&changed),
            ChainHash::BEFORE_ALL.followed_by(&record)
        );
    }

    #[test]
    fn records_that_differ_have_forms_that_differ(one in records(), another in records()) {
        let form = |record: &ChainRecord| {
            let mut form = Vec::new();
            record.write_canonical_form(&mut form);
            form
        };

        prop_assert_eq!(one == another, form(&one) == form(&another));
    }

    #[test]
    fn what_came_before_changes_the_hash(record in records(), before: [u8; 32]) {
        prop_assume!(before != ChainHash::BEFORE_ALL.0);

        prop_assert_ne!(ChainHash(before).followed_by(&record), ChainHash::BEFORE_ALL.followed_by(&record));
    }
}

#[test]
fn the_form_is_the_documented_one() {
    let record = ChainRecord {
        metadata: BTreeMap::from([("b".into(), "2".into()), ("a".into(), "1".into())]),
        description: Some("é".into()),
        ..chain_record(1, 7)
    };

    let mut form = Vec::new();
    record.write_canonical_form(&mut form);

    assert_eq!(form.len(), 1 + 32 + 84 + 16 + 1 + 12 + 7 + 6 + 4 + 4 + 20);
    assert_eq!(form[0], 1);
    assert_eq!(form[1..17], *record.organization_id.as_uuid().as_bytes());
    assert_eq!(form[17..33], *record.id.as_uuid().as_bytes());
    assert_eq!(form[51..59], record.source.sequence.to_be_bytes());
    assert_eq!(form[59..67], (-record.amount_minor).to_be_bytes());
    assert_eq!(form[117..125], record.amount_minor.to_be_bytes());
    assert_eq!(form[133], 0);
    assert_eq!(form[134..146], *b"\0\0\0\x08transfer");
    assert_eq!(form[146..153], *b"\0\0\0\x03EUR");
    assert_eq!(form[153..159], *b"\0\0\0\x02\xc3\xa9");
    assert_eq!(form[159..163], [0xff; 4]);
    assert_eq!(form[163..167], 2_u32.to_be_bytes());
    assert_eq!(
        form[167..187],
        *b"\0\0\0\x01a\0\0\0\x011\0\0\0\x01b\0\0\0\x012"
    );
}

#[test]
fn each_organization_has_a_chain_of_its_own() {
    let records: Vec<_> = (0..2_500).map(|n| chain_record(n % 2 + 1, n)).collect();
    let tip = ChainTip {
        block: 4,
        hash: ChainHash([9; 32]),
    };

    let blocks = blocks_of(&records, &BTreeMap::from([(owner(2), tip)]));

    let shape: Vec<_> = blocks
        .iter()
        .map(|it| {
            (
                it.organization_id,
                it.block,
                it.transfer_ids.len(),
                it.hashes.len(),
            )
        })
        .collect();
    let expected = [(1, 1, 1_000), (1, 2, 250), (2, 5, 1_000), (2, 6, 250)];
    assert_eq!(
        shape,
        expected.map(|(of, block, count)| (owner(of), block, count, count * 32))
    );
    let first = ChainHash::BEFORE_ALL.followed_by(&records[0]);
    assert_eq!(blocks[0].hashes[..32], first.0);
    assert_eq!(blocks[0].hashes[32..64], first.followed_by(&records[2]).0);
    assert_eq!(blocks[2].hashes[..32], tip.hash.followed_by(&records[1]).0);
    let last = ChainHash(blocks[0].hashes[999 * 32..].try_into().unwrap());
    assert_eq!(blocks[1].hashes[..32], last.followed_by(&records[2_000]).0);
}
