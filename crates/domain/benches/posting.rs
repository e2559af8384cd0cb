//! How fast transfers are decided: a book of ten thousand accounts, and one on which everything meets.
#![expect(clippy::unwrap_used, reason = "a benchmark")]

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use domain::{
    ids::{AccountId, OrganizationId, TransferId},
    ledger::{
        AccountStatus, Book, Folio, OverdraftLimit, Standing, TransferAmount, TransferDetails,
        TransferKind, TransferOrder,
    },
    values::Currency,
    version::Version,
};
use jiff::Timestamp;
use uuid::Uuid;

const ACCOUNTS: u128 = 10_000;
const ORDERS: u128 = 1_000;

fn folio(number: u128) -> Folio {
    // As ids of accounts are: alike at the front, different at the end.
    let raw = (0x0193_6f8a_5b1e_7c3d << 64) + number * 0x9e37_79b9_7f4a_7c15;
    Folio::whole(AccountId::from_uuid(Uuid::from_u128(raw)))
}

fn book() -> Book {
    Book::new((0..ACCOUNTS).map(|number| Standing {
        folio: folio(number),
        organization_id: OrganizationId::from_uuid(Uuid::nil()),
        currency: Currency::parse("USD").unwrap(),
        status: AccountStatus::Active,
        overdraft_limit: OverdraftLimit::NONE,
        balance_minor: 1_000_000_000_000,
        held_minor: 0,
        last_sequence: 0,
        last_entry_at: Timestamp::UNIX_EPOCH,
        version: Version::FIRST,
    }))
}

fn orders(source: impl Fn(u128) -> u128) -> Vec<TransferOrder> {
    let order = |number: u128| TransferOrder {
        id: TransferId::from_uuid(Uuid::from_u128(number)),
        organization_id: OrganizationId::from_uuid(Uuid::nil()),
        kind: TransferKind::Transfer,
        source: folio(source(number)),
        destination: folio(1 + (number * 7_919) % (ACCOUNTS - 1)),
        amount: TransferAmount::from_minor(1).unwrap(),
        currency: Currency::parse("USD").unwrap(),
        details: TransferDetails::default(),
    };
    (0..ORDERS).map(order).collect()
}

fn posting(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("posting");
    group.throughput(Throughput::Elements(u64::try_from(ORDERS).unwrap()));
    let uniform = orders(|number| (number * 104_729) % ACCOUNTS);
    let hot = orders(|_| 0);
    for (name, orders) in [("uniform", uniform), ("hot account", hot)] {
        let decide = |mut book: Book| {
            let decided = orders
                .iter()
                .filter(|order| book.post(order, Timestamp::UNIX_EPOCH).is_ok());
            (decided.count(), book)
        };
        group.bench_function(name, |bencher| {
            bencher.iter_batched(book, decide, BatchSize::LargeInput);
        });
    }
    group.finish();
}

criterion_group!(benches, posting);
criterion_main!(benches);
