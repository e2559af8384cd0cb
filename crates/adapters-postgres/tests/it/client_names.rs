//! The names that invoices are searched by come with the first invoice and go with the last one.

use app::{
    ports::Outcome,
    testing::{draft_contents, party},
};
use domain::invoicing::{Invoice, InvoiceContents};
use futures_util::FutureExt;
use rstest::rstest;

use crate::support::{Admin, World, at, draft, number, wait_until};

fn billed_to(name: &str) -> InvoiceContents {
    InvoiceContents {
        customer: party(name),
        ..draft_contents()
    }
}

async fn delete(world: &World, invoice: Invoice) {
    let gone = world.write(move |uow| {
        let invoice = invoice.clone();
        async move { uow.invoices().delete(&invoice).await }.boxed()
    });
    gone.await.unwrap();
}

async fn names(admin: &Admin) -> Vec<String> {
    admin
        .value("SELECT coalesce(array_agg(name_folded ORDER BY name_folded), '{}') FROM invoice_clients")
        .await
}

#[tokio::test]
async fn a_name_goes_with_the_last_invoice_that_has_it() {
    let (world, [one, other]) = (World::new().await, [(7, "Ada"), (8, "ADA")]);
    let [one, other] = [one, other].map(|(id, name)| draft(id, billed_to(name)));
    let elsewhere = draft(9, billed_to("Adam"));
    let all = vec![one.clone(), other.clone(), elsewhere];
    world.store_invoices(all).await;
    let admin = world.admin().await;

    delete(&world, one).await;
    let left_by_one = names(&admin).await;
    delete(&world, other).await;
    let left_by_both = names(&admin).await;

    assert_eq!(left_by_one, ["ada", "adam"]);
    assert_eq!(left_by_both, ["adam"]);
}

#[tokio::test]
async fn a_name_goes_when_the_last_draft_that_has_it_is_given_another() {
    let world = World::new().await;
    let mut invoice = draft(7, billed_to("Ada"));
    world.store_invoices(vec![invoice.clone()]).await;

    let later = at("2026-11-21T08:30:00Z");
    invoice.rewrite(billed_to("Zoë"), later).unwrap();
    let updated = world.write(move |uow| {
        let invoice = invoice.clone();
        async move { uow.invoices().update(&invoice).await }.boxed()
    });
    updated.await.unwrap();

    assert_eq!(names(&world.admin().await).await, ["zoë"]);
}

#[rstest]
#[case::comes(Outcome::Commit, &["ada"])]
#[case::does_not_come_after_all(Outcome::Rollback, &[])]
#[tokio::test]
async fn whoever_deletes_the_last_invoice_waits_for_one_that_is_just_coming(
    #[case] outcome: Outcome,
    #[case] left: &[&str],
) {
    let world = World::new().await;
    let last = draft(7, billed_to("Ada"));
    world.store_invoices(vec![last.clone()]).await;
    let admin = world.admin().await;
    // One with a number is written at once.
    let coming = draft(
        8,
        InvoiceContents {
            number: Some(number("N-8")),
            ..billed_to("Ada")
        },
    );
    let coming = world
        .hold(move |uow| {
            let coming = coming.clone();
            async move {
                uow.invoices().insert(&coming).await.unwrap();
            }
            .boxed()
        })
        .await;

    let deleting = delete(&world, last);
    let ending = async {
        wait_until("the deletion waits", || async { admin.waiting().await > 0 }).await;
        coming.end(outcome).await.unwrap();
    };
    futures_util::future::join(deleting, ending).await;

    assert_eq!(names(&admin).await, left);
}
