//! Values that only one row may have: whoever comes second is told, and nothing of theirs is written.

use app::{
    ports::{Outcome, Written},
    testing::draft_contents,
};
use domain::{
    customers::Customer,
    invoicing::{Invoice, InvoiceStatus},
    values::ExternalId,
};
use futures_util::FutureExt;

use crate::support::{World, at, customer, draft, issued, number, steps, wait_until};

const LATER: &str = "2026-11-21T08:30:00Z";

async fn insert_invoice(world: &World, invoice: &Invoice) -> Written {
    let invoice = invoice.clone();
    let written = world.write(move |uow| {
        let invoice = invoice.clone();
        async move { uow.invoices().insert(&invoice).await }.boxed()
    });
    written.await.unwrap()
}

async fn update_invoice(world: &World, invoice: &Invoice) -> Written {
    let invoice = invoice.clone();
    let written = world.write(move |uow| {
        let invoice = invoice.clone();
        async move { uow.invoices().update(&invoice).await }.boxed()
    });
    written.await.unwrap()
}

async fn insert_customer(world: &World, customer: &Customer) -> Written {
    let customer = customer.clone();
    let written = world.write(move |uow| {
        let customer = customer.clone();
        async move { uow.customers().insert(&customer).await }.boxed()
    });
    written.await.unwrap()
}

async fn update_customer(world: &World, customer: &Customer) -> Written {
    let customer = customer.clone();
    let written = world.write(move |uow| {
        let customer = customer.clone();
        async move { uow.customers().update(&customer).await }.boxed()
    });
    written.await.unwrap()
}

/// A draft under a number.
fn called(raw: u128, chosen: &str) -> Invoice {
    let mut contents = draft_contents();
    contents.number = Some(number(chosen));
    draft(raw, contents)
}

/// A customer with an external id.
fn known_as(raw: u128, external_id: &str) -> Customer {
    let mut profile = customer(raw, "Ada").facts().profile.clone();
    profile.external_id = Some(ExternalId::parse(external_id).unwrap());
    let mut known = customer(raw, "Ada");
    known.revise(profile, at(LATER)).unwrap();
    known
}

#[tokio::test]
async fn a_number_that_is_taken_is_refused_to_a_new_invoice() {
    let world = World::new().await;
    insert_invoice(&world, &called(7, "A-1")).await;

    let second = insert_invoice(&world, &called(8, "A-1")).await;

    assert_eq!(second, Written::AlreadyThere);
    let admin = world.admin().await;
    let written = (
        admin.count("invoices").await,
        admin.count("invoice_summary_changes").await,
    );
    assert_eq!(written, (1, 1));
}

#[tokio::test]
async fn a_number_that_is_taken_is_refused_to_a_stored_invoice() {
    let world = World::new().await;
    insert_invoice(&world, &called(7, "A-1")).await;
    let mut second = draft(8, draft_contents());
    insert_invoice(&world, &second).await;

    second
        .rewrite(called(8, "A-1").facts().contents.clone(), at(LATER))
        .unwrap();
    let written = update_invoice(&world, &second).await;

    assert_eq!(written, Written::AlreadyThere);
    let admin = world.admin().await;
    assert_eq!(admin.count("invoices WHERE version = 1").await, 2);
    assert_eq!(admin.count("invoice_summary_changes").await, 2);
}

#[tokio::test]
async fn an_invoice_may_keep_its_number_and_take_one_that_is_free_again() {
    let world = World::new().await;
    let mut first = called(7, "A-1");
    insert_invoice(&world, &first).await;

    steps(&mut first, &[InvoiceStatus::Sent]);
    let kept = update_invoice(&world, &first).await;
    world.admin().await.run("DELETE FROM invoices").await;
    let free_again = insert_invoice(&world, &called(8, "A-1")).await;

    assert_eq!((kept, free_again), (Written::Stored, Written::Stored));
}

#[tokio::test]
async fn numbers_differ_by_the_case_of_their_letters() {
    let world = World::new().await;
    insert_invoice(&world, &called(7, "a-1")).await;

    let other = insert_invoice(&world, &called(8, "A-1")).await;

    assert_eq!(other, Written::Stored);
}

#[tokio::test]
async fn the_number_of_a_cancelled_invoice_stays_taken() {
    let world = World::new().await;
    insert_invoice(
        &world,
        &issued(7, &[InvoiceStatus::Sent, InvoiceStatus::Cancelled]),
    )
    .await;

    let second = insert_invoice(&world, &called(8, "N-7")).await;

    assert_eq!(second, Written::AlreadyThere);
}

#[tokio::test]
async fn an_external_id_that_is_taken_is_refused() {
    let world = World::new().await;
    insert_customer(&world, &known_as(7, "crm-1")).await;
    insert_customer(&world, &customer(8, "Bob")).await;

    let inserted = insert_customer(&world, &known_as(9, "crm-1")).await;
    let updated = update_customer(&world, &known_as(8, "crm-1")).await;
    let kept = update_customer(&world, &known_as(7, "crm-1")).await;

    let expected = (
        Written::AlreadyThere,
        Written::AlreadyThere,
        Written::Stored,
    );
    assert_eq!((inserted, updated, kept), expected);
    let named = "customers WHERE external_id IS NOT NULL";
    assert_eq!(world.admin().await.count(named).await, 1);
}

#[tokio::test]
async fn the_external_id_of_an_archived_customer_is_free() {
    let world = World::new().await;
    let mut first = known_as(7, "crm-1");
    insert_customer(&world, &first).await;

    first.archive(at(LATER)).unwrap();
    let archived = update_customer(&world, &first).await;
    let second = insert_customer(&world, &known_as(8, "crm-1")).await;

    assert_eq!((archived, second), (Written::Stored, Written::Stored));
}

/// Both look first and see nothing; the second waits for the first and is then told as if it had come later.
#[tokio::test]
async fn a_number_that_is_taken_meanwhile_is_refused_too() {
    let world = World::new().await;
    insert_invoice(&world, &draft(8, draft_contents())).await;
    let held = world
        .hold(|uow| {
            async move {
                uow.invoices().insert(&called(7, "A-1")).await.unwrap();
            }
            .boxed()
        })
        .await;
    let mut second = draft(8, draft_contents());
    second
        .rewrite(called(8, "A-1").facts().contents.clone(), at(LATER))
        .unwrap();
    let admin = world.admin().await;

    let (written, ended) = tokio::join!(update_invoice(&world, &second), async {
        wait_until("the second one waits", || async {
            admin.waiting().await == 1
        })
        .await;
        held.end(Outcome::Commit).await
    });

    assert_eq!(written, Written::AlreadyThere);
    ended.unwrap();
    let found = "invoices WHERE organization_id IS NOT NULL AND number = 'A-1'";
    assert_eq!(admin.count(found).await, 1);
}
