//! What adding up an invoice costs, from one line to as many as there may be.
#![expect(clippy::unwrap_used, reason = "benches may fail loudly")]

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use domain::{
    invoicing::{LineItem, LineItems, Quantity, TaxRate, Totals, UnitCode, UnitPrice},
    values::{Description, Rounding},
};

const LINES: [u64; 3] = [1, 20, 1_000];
const RATES_BPS: [i64; 4] = [0, 700, 1_600, 1_900];

fn items(lines: u64) -> LineItems {
    let line = |(_, bps): (u64, &i64)| LineItem {
        description: Description::parse("Consulting").unwrap(),
        quantity: Quantity::parse("2.5").unwrap(),
        unit_price: UnitPrice::from_minor(1_001).unwrap(),
        tax_rate: TaxRate::from_bps(*bps).unwrap(),
        unit: UnitCode::default(),
    };
    let rates = RATES_BPS.iter().cycle();
    LineItems::new((0..lines).zip(rates).map(line).collect()).unwrap()
}

fn totals(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("totals");
    for lines in LINES {
        let items = items(lines);
        group.throughput(Throughput::Elements(lines));
        group.bench_with_input(
            BenchmarkId::from_parameter(lines),
            &items,
            |bencher, items| {
                bencher.iter(|| {
                    Totals::of(black_box(items), black_box(1), Rounding::HalfAwayFromZero)
                });
            },
        );
    }
    group.finish();
}

criterion_group!(benches, totals);
criterion_main!(benches);
