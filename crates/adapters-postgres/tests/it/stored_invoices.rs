//! Every field of an invoice comes back as it was stored, in every state.

use adapters_postgres::PgInvoiceQueries;
use app::{
    invoicing::{InvoiceEntry, InvoiceView},
    ports::{InvoiceFilter, InvoiceQueries, Written},
    testing::{ORGANIZATION, draft_contents, party},
};
use domain::{
    ids::CustomerId,
    invoicing::{
        DueDate, Invoice, InvoiceContents, InvoiceFacts, InvoiceStatus, LineItem, LineItems,
        UnitCode,
    },
    values::{AMOUNT_MINOR_MAX, Notes, Rounding},
};
use futures_util::FutureExt;
use jiff::civil::date;
use rstest::rstest;
use uuid::Uuid;

use crate::support::{
    World, at, currency, draft, first, full_metadata, full_party, invoice_id, issued, line, number,
    steps,
};

const LATER: &str = "2026-11-21T08:30:00.000001Z";

/// An invoice as it is read again: what it was issued under is its number.
fn as_read(invoice: &Invoice) -> InvoiceFacts {
    let mut facts = invoice.facts().clone();
    facts.contents.number = facts.number().cloned();
    facts
}

async fn assert_is_stored(world: &World, invoice: &Invoice) {
    let id = invoice.facts().id;
    let found = world.write(move |uow| {
        async move { uow.invoices().find_for_update(ORGANIZATION, id).await }.boxed()
    });
    let found = found.await.unwrap().unwrap();
    assert_eq!(*found.facts(), as_read(invoice));
    let queries = PgInvoiceQueries::new(world.database.clone());
    let view = queries.find(ORGANIZATION, id).await.unwrap().unwrap();
    assert_eq!(*view, InvoiceView::from(invoice.facts()));
}

async fn update_invoice(world: &World, invoice: &Invoice) {
    let invoice = invoice.clone();
    let updated = world.write(move |uow| {
        let invoice = invoice.clone();
        async move { uow.invoices().update(&invoice).await }.boxed()
    });
    assert_eq!(updated.await.unwrap(), Written::Stored);
}

fn full_contents() -> InvoiceContents {
    let items = (0..1_000).map(|index| LineItem {
        unit: UnitCode::parse("HUR").unwrap(),
        ..line(
            &format!("{index}\t\"🧾\"\n"),
            "2.000001",
            1_001 + index,
            index % 7 * 100,
        )
    });
    InvoiceContents {
        number: Some(number(&"N/-_.".repeat(10))),
        customer_id: Some(CustomerId::from_uuid(Uuid::from_u128(3))),
        customer: full_party(),
        currency: currency("KWD"),
        items: LineItems::new(items.collect()).unwrap(),
        due_date: DueDate::restore(date(2036, 2, 29)),
        notes: Some(Notes::parse(&"ü\n\t🧾".repeat(500)).unwrap()),
        metadata: full_metadata(),
        rounding: Rounding::HalfEven,
    }
}

#[tokio::test]
async fn invoices_come_back_as_they_were_stored() {
    let world = World::new().await;
    let mut invoice = draft(7, draft_contents());

    world.store_invoices(vec![invoice.clone()]).await;
    assert_is_stored(&world, &invoice).await;

    for contents in [full_contents(), draft_contents()] {
        invoice.rewrite(contents, at(LATER)).unwrap();
        update_invoice(&world, &invoice).await;
        assert_is_stored(&world, &invoice).await;
    }
    let gone = world.write(move |uow| {
        let invoice = invoice.clone();
        async move {
            uow.invoices().delete(&invoice).await?;
            uow.invoices()
                .find_for_update(ORGANIZATION, invoice_id(7))
                .await
        }
        .boxed()
    });
    assert_eq!(gone.await.unwrap(), None);
}

#[tokio::test]
async fn the_name_of_each_customer_is_kept_to_be_looked_for() {
    let world = World::new().await;
    let billed_to = |name| InvoiceContents {
        customer: party(name),
        ..draft_contents()
    };
    let mut invoice = draft(7, billed_to("Ada"));
    let again = draft(8, billed_to("ADA"));

    world.store_invoices(vec![invoice.clone(), again]).await;
    invoice.rewrite(billed_to("Zoë"), at(LATER)).unwrap();
    update_invoice(&world, &invoice).await;

    let names = "SELECT array_agg(name_folded ORDER BY name_folded) FROM invoice_clients";
    let names: Vec<String> = world.admin().await.value(names).await;
    assert_eq!(names, ["ada", "zoë"]);
}

#[rstest]
#[case::sent(&[InvoiceStatus::Sent])]
#[case::viewed(&[InvoiceStatus::Sent, InvoiceStatus::Viewed])]
#[case::overdue(&[InvoiceStatus::Sent, InvoiceStatus::Overdue])]
#[case::paid(&[InvoiceStatus::Sent, InvoiceStatus::Paid])]
#[case::cancelled(&[InvoiceStatus::Sent, InvoiceStatus::Cancelled])]
#[case::cancelled_as_a_draft(&[InvoiceStatus::Cancelled])]
#[tokio::test]
async fn every_state_comes_back_as_it_was_stored(#[case] path: &[InvoiceStatus]) {
    let world = World::new().await;
    let mut slow = issued(8, &[]);
    world
        .store_invoices(vec![issued(7, path), slow.clone()])
        .await;

    for status in path {
        steps(&mut slow, &[*status]);
        update_invoice(&world, &slow).await;
        assert_is_stored(&world, &slow).await;
    }

    assert_is_stored(&world, &issued(7, path)).await;
}

#[tokio::test]
async fn the_largest_amounts_come_back_exactly() {
    let world = World::new().await;
    let mut contents = draft_contents();
    contents.number = Some(number("MAX"));
    contents.items = LineItems::new(vec![line("all", "1", AMOUNT_MINOR_MAX, 0)]).unwrap();
    let mut dear = draft(7, contents);
    steps(&mut dear, &[InvoiceStatus::Sent, InvoiceStatus::Paid]);

    world.store_invoices(vec![dear.clone()]).await;

    assert_is_stored(&world, &dear).await;
    let queries = PgInvoiceQueries::new(world.database.clone());
    let listed = queries
        .list(ORGANIZATION, &InvoiceFilter::default(), first())
        .await
        .unwrap();
    assert_eq!(listed.rows, [InvoiceEntry::from(dear.facts())]);
    assert_eq!(listed.rows[0].amount_paid_minor, AMOUNT_MINOR_MAX);
}
