//! What belongs to another organization is as if it did not exist, whichever way it is asked for.

use adapters_postgres::{
    PgApiKeyQueries, PgCustomerQueries, PgInvoiceQueries, PgNumberRegisterQueries,
};
use app::{
    paging::Limit,
    ports::{
        ApiKeyQueries, Claim, CustomerFilter, CustomerQueries, Fingerprint, IdempotencyKey,
        InvoiceFilter, InvoiceQueries, KeyScope, NumberRegisterQueries,
    },
    testing::{KEY, ORGANIZATION, stranger},
};
use domain::{
    ids::{CustomerId, InvoiceId, OrganizationId},
    invoicing::{InvoiceNumber, InvoiceStatus, Series},
};
use futures_util::FutureExt;

use crate::support::{World, customer, first, number};

struct Theirs {
    world: World,
    invoice: InvoiceId,
    number: InvoiceNumber,
    customer: CustomerId,
    us: OrganizationId,
}

/// Another organization than ours has one of everything.
async fn theirs() -> Theirs {
    let world = World::new().await;
    let us = stranger().organization_id;
    world.found_another(us).await;
    let ada = customer(3, "Ada");
    world.store_customer(&ada).await;
    let drafted = world.drafted().await;
    let sent = world
        .change_status(drafted, InvoiceStatus::Sent)
        .await
        .unwrap();
    Theirs {
        world,
        invoice: drafted,
        number: sent.number().unwrap().clone(),
        customer: ada.facts().id,
        us,
    }
}

#[tokio::test]
async fn transactions_do_not_find_what_is_theirs() {
    let Theirs {
        world,
        invoice,
        number,
        customer,
        us,
    } = theirs().await;

    let found = world.write(move |uow| {
        let number = number.clone();
        async move {
            Ok((
                uow.invoices().find_for_update(us, invoice).await?,
                uow.customers().find(us, customer).await?,
                uow.customers().find_for_update(us, customer).await?,
                uow.api_keys().find_for_update(us, KEY).await?,
                uow.invoice_numbers().holders_of(us, &[number]).await?,
                uow.invoice_numbers()
                    .lock(us, &Series::named("INV-2026-"))
                    .await?,
            ))
        }
        .boxed()
    });

    assert_eq!(
        found.await.unwrap(),
        (None, None, None, None, Vec::new(), 0)
    );
}

#[tokio::test]
async fn queries_do_not_find_what_is_theirs() {
    let Theirs {
        world,
        invoice,
        number,
        customer,
        us,
    } = theirs().await;
    let invoices = PgInvoiceQueries::new(world.database.clone());
    let customers = PgCustomerQueries::new(world.database.clone());
    let keys = PgApiKeyQueries::new(world.database.clone());
    let register = PgNumberRegisterQueries::new(world.database.clone());
    let series = Series::named("INV-2026-");
    let by_number = InvoiceFilter {
        number: Some(number),
        ..InvoiceFilter::default()
    };

    assert_eq!(invoices.find(us, invoice).await.unwrap(), None);
    assert_eq!(invoices.timeline(us, invoice, first()).await.unwrap(), None);
    assert_eq!(invoices.summary(us).await.unwrap(), []);
    for filter in [InvoiceFilter::default(), by_number] {
        assert_eq!(invoices.list(us, &filter, first()).await.unwrap().rows, []);
        assert_eq!(
            invoices
                .list(ORGANIZATION, &filter, first())
                .await
                .unwrap()
                .rows
                .len(),
            1
        );
    }
    assert_eq!(customers.find(us, customer).await.unwrap(), None);
    let all = CustomerFilter::default();
    assert_eq!(customers.list(us, &all, first()).await.unwrap().rows, []);
    assert_eq!(keys.find(us, KEY).await.unwrap(), None);
    assert_eq!(keys.list(us, first()).await.unwrap().rows, []);
    assert_eq!(
        register
            .register(us, &series, 0, Limit::default())
            .await
            .unwrap(),
        None
    );
    assert_eq!(register.list_series(us).await.unwrap(), []);
}

#[tokio::test]
async fn what_is_theirs_cannot_be_marked_as_cancelled() {
    let Theirs {
        world, invoice, us, ..
    } = theirs().await;

    let marked = world.write(move |uow| {
        async move { uow.invoice_numbers().mark_cancelled(us, invoice).await }.boxed()
    });
    marked.await.unwrap();

    let issued = "invoice_numbers WHERE fate = 'issued'";
    assert_eq!(world.admin().await.count(issued).await, 1);
}

#[tokio::test]
async fn the_same_key_of_another_organization_is_another_key() {
    let Theirs { world, us, .. } = theirs().await;
    let scope = |organization_id| KeyScope {
        organization_id,
        key: IdempotencyKey::parse("order-1").unwrap(),
    };
    let fingerprint = Fingerprint([1; 32]);

    let claims = world.write(move |uow| {
        async move {
            let keys = uow.idempotency_keys();
            keys.claim(&scope(ORGANIZATION), &fingerprint).await?;
            keys.remember(&scope(ORGANIZATION), &fingerprint, b"done")
                .await?;
            keys.claim(&scope(us), &fingerprint).await
        }
        .boxed()
    });

    assert_eq!(claims.await.unwrap(), Claim::First);
}

#[tokio::test]
async fn numbers_are_unique_in_an_organization_only() {
    let Theirs {
        world,
        number: taken,
        us,
        ..
    } = theirs().await;
    let admin = world.admin().await;

    admin
        .run(&format!(
            "INSERT INTO invoices SELECT (jsonb_populate_record(i,
                 '{{\"id\": \"{}\", \"organization_id\": \"{us}\"}}')).* FROM invoices AS i",
            uuid::Uuid::from_u128(77)
        ))
        .await;

    let numbers = format!("invoices WHERE number = '{}'", taken.as_str());
    assert_eq!(admin.count(&numbers).await, 2);
    assert_eq!(taken, number("INV-2026-000001"));
}
