//! Lists of invoices, against a model that filters a vector.

use adapters_postgres::PgInvoiceQueries;
use app::{
    invoicing::InvoiceEntry,
    paging::{Limit, Listing, PageNumber, Position, Total, Window},
    ports::{InvoiceFilter, InvoiceQueries},
    testing::ORGANIZATION,
};
use rstest::rstest;

use crate::support::{
    Dice, SEARCHES, World, anybody, both, filter_by, lets_through, number, unnumbered,
};

struct Crowd {
    world: World,
    queries: PgInvoiceQueries,
    /// Newest first.
    entries: Vec<InvoiceEntry>,
}

async fn crowd() -> Crowd {
    let world = World::new().await;
    let mut dice = Dice::new(7);
    let invoices: Vec<_> = (1_000..1_300).map(|raw| anybody(raw, &mut dice)).collect();
    let mut entries: Vec<_> = invoices
        .iter()
        .map(|it| InvoiceEntry::from(it.facts()))
        .collect();
    entries.sort_by_key(|entry| std::cmp::Reverse((entry.created_at, entry.id)));
    world.store_invoices(invoices).await;
    Crowd {
        queries: PgInvoiceQueries::new(world.database.clone()),
        world,
        entries,
    }
}

impl Crowd {
    fn expected(&self, filter: &InvoiceFilter) -> Vec<InvoiceEntry> {
        let through = self
            .entries
            .iter()
            .filter(|entry| lets_through(filter, entry));
        through.cloned().collect()
    }

    async fn after(
        &self,
        filter: &InvoiceFilter,
        position: Option<Position>,
        limit: i64,
    ) -> Listing<InvoiceEntry> {
        let window = Window::After {
            position,
            limit: Limit::new(limit).unwrap(),
        };
        self.queries
            .list(ORGANIZATION, filter, window)
            .await
            .unwrap()
    }

    /// All rows, piece by piece.
    async fn walk(&self, filter: &InvoiceFilter, limit: i64) -> Vec<InvoiceEntry> {
        let (mut rows, mut position) = (Vec::new(), None);
        loop {
            let piece = self.after(filter, position, limit).await;
            assert_eq!(piece.total, None);
            rows.extend(piece.rows);
            position = piece.next;
            if position.is_none() {
                return rows;
            }
        }
    }

    async fn page(&self, filter: &InvoiceFilter, number: u32, size: i64) -> Listing<InvoiceEntry> {
        let size = Limit::new(size).unwrap();
        let number = PageNumber::new(number, size).unwrap();
        let window = Window::Page { number, size };
        self.queries
            .list(ORGANIZATION, filter, window)
            .await
            .unwrap()
    }

    /// Every way to read the list gives what the model gives.
    async fn assert_agrees(&self, filter: &InvoiceFilter) {
        let expected = self.expected(filter);
        assert_eq!(self.walk(filter, 100).await, expected, "{filter:?}");
        assert_eq!(self.walk(filter, 37).await, expected, "{filter:?}");
        let second = self.page(filter, 2, 10).await;
        let rows: Vec<_> = expected.iter().skip(10).take(10).cloned().collect();
        assert_eq!(second.rows, rows, "{filter:?}");
        let total = Total {
            rows: u32::try_from(expected.len()).unwrap(),
            is_exact: true,
        };
        assert_eq!(second.total, Some(total), "{filter:?}");
        assert_eq!(second.next.is_some(), expected.len() > 20, "{filter:?}");
    }
}

#[tokio::test]
async fn each_filter_alone_gives_what_it_lets_through() {
    let crowd = crowd().await;
    let mut dice = Dice::new(1);
    for condition in 0..=13 {
        for _ in 0..6 {
            crowd.assert_agrees(&filter_by(condition, &mut dice)).await;
        }
    }
}

#[rstest]
#[tokio::test]
async fn filters_together_give_what_all_of_them_let_through(#[values(2, 3, 5)] conditions: u32) {
    let crowd = crowd().await;
    let mut dice = Dice::new(u64::from(conditions));
    for _ in 0..40 {
        let mut filter = InvoiceFilter::default();
        for _ in 0..conditions {
            let condition = dice.below(13);
            filter = both(filter, filter_by(condition, &mut dice));
        }
        crowd.assert_agrees(&filter).await;
    }
}

fn by_client(text: &str) -> InvoiceFilter {
    InvoiceFilter {
        client_contains: Some(text.to_owned()),
        ..InvoiceFilter::default()
    }
}

#[tokio::test]
async fn a_text_of_any_length_is_found_wherever_it_stands() {
    let crowd = crowd().await;

    for text in SEARCHES {
        crowd.assert_agrees(&by_client(text)).await;
    }
}

#[tokio::test]
async fn a_text_that_many_names_contain_is_found_along_the_list() {
    let crowd = crowd().await;
    let many = "INSERT INTO invoice_clients
         SELECT organization_id, 'da ' || n, array_to_tsvector(ARRAY[right(organization_id::text, 6) || 'da '])
           FROM (SELECT DISTINCT organization_id FROM invoices) AS own, generate_series(1, 201) AS n";
    crowd.world.admin().await.run(many).await;

    crowd.assert_agrees(&by_client("DA")).await;
    let overdue = InvoiceFilter {
        overdue_on: Some(jiff::civil::date(2026, 11, 25)),
        ..by_client("da")
    };
    crowd.assert_agrees(&overdue).await;
}

#[rstest]
#[case::percent("%", "50% off_ltd")]
#[case::underscore("_", "50% off_ltd")]
#[case::backslash("\\", "back\\slash")]
#[tokio::test]
async fn wildcards_are_plain_characters(#[case] search: &str, #[case] only: &str) {
    let crowd = crowd().await;
    let filter = InvoiceFilter {
        client_contains: Some(search.to_owned()),
        ..InvoiceFilter::default()
    };

    let found = crowd.walk(&filter, 100).await;

    assert!(!found.is_empty());
    assert!(
        found.iter().all(|entry| entry.customer.name == only),
        "{found:?}"
    );
}

#[rstest]
#[case::umlaut("äRGER", 3)]
#[case::greek_in_the_middle_of_a_word("ΟΔΥΣ", 2)]
#[case::latin("ada", 2)]
#[tokio::test]
async fn the_case_of_letters_does_not_matter(#[case] search: &str, #[case] names: usize) {
    let crowd = crowd().await;
    let filter = InvoiceFilter {
        client_contains: Some(search.to_owned()),
        ..InvoiceFilter::default()
    };

    let found = crowd.walk(&filter, 100).await;

    let found: std::collections::BTreeSet<_> =
        found.into_iter().map(|entry| entry.customer.name).collect();
    assert_eq!(found.len(), names, "{found:?}");
}

#[rstest]
#[tokio::test]
async fn every_row_is_seen_once_while_others_are_added(#[values(13, 0, 12)] condition: u64) {
    let crowd = crowd().await;
    let filter = filter_by(condition, &mut Dice::new(3));
    let expected = crowd.expected(&filter);
    let (mut rows, mut position, mut added) = (Vec::new(), None, 5_000);

    loop {
        let piece = crowd.after(&filter, position, 7).await;
        rows.extend(piece.rows);
        position = piece.next;
        if position.is_none() {
            break;
        }
        for _ in 0..3 {
            added += 1;
            let mut command = unnumbered();
            command.number = Some(number(&format!("ADDED-{added}")));
            crowd.world.create(command).await.unwrap();
        }
    }

    assert!(added > 5_000);
    assert_eq!(rows, expected);
}

#[tokio::test]
async fn pages_tell_exact_totals_up_to_ten_thousand_rows() {
    let crowd = crowd().await;
    let admin = crowd.world.admin().await;
    let all = InvoiceFilter::default();
    let grow_to = |count: usize| {
        format!(
            "INSERT INTO invoices
             SELECT copy.*
               FROM invoices AS old, generate_series(1, {count} - (SELECT count(*) FROM invoices)) AS n,
                    jsonb_populate_record(old, jsonb_build_object('id', gen_random_uuid(),
                                                                  'number', 'G-' || {count} || '-' || n)) AS copy
              WHERE old.id = (SELECT id FROM invoices WHERE number IS NOT NULL LIMIT 1)"
        )
    };

    admin.run(&grow_to(10_000)).await;
    let exact = crowd.page(&all, 100, 100).await;
    admin.run(&grow_to(10_001)).await;
    let more = crowd.page(&all, 100, 100).await;

    let total = |is_exact| {
        Some(Total {
            rows: 10_000,
            is_exact,
        })
    };
    assert_eq!(
        (exact.total, exact.rows.len(), exact.next),
        (total(true), 100, None)
    );
    assert_eq!((more.total, more.rows.len()), (total(false), 100));
    admin.run(&grow_to(10_050)).await;
    let last = crowd.page(&all, 100, 100).await;
    // Behind 333 pages of 30, which are 9,990 rows.
    let short = crowd.page(&all, 334, 30).await;
    assert_eq!((short.total, short.rows.len()), (total(false), 10));
    assert_eq!(short.rows, last.rows[90..]);
}
