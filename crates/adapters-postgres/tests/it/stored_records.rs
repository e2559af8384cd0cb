//! Every field of customers, organizations and keys comes back as it was stored.

use adapters_postgres::{PgApiKeyQueries, PgCustomerQueries, PgOrganizationQueries};
use app::{
    ports::{ApiKeyQueries, CustomerQueries, OrganizationQueries, Written},
    testing::{ORGANIZATION, organization_profile, scopes, stored_key},
};
use domain::{
    customers::{Customer, CustomerFacts, CustomerProfile},
    ids::{ApiKeyId, CustomerId},
    platform::{
        ApiKey, ApiKeyFacts, KeyHash, KeyName, NumberPrefix, OrganizationFacts,
        OrganizationProfile, PaymentTerms, Scope, Scopes,
    },
    values::{ExternalId, Rounding, TaxId},
    version::Version,
};
use futures_util::FutureExt;
use uuid::Uuid;

use crate::support::{
    World, address, at, currency, customer, email, full_metadata, full_party, name,
};

const LATER: &str = "2026-11-21T08:30:00.000001Z";

fn full_customer() -> CustomerProfile {
    let party = full_party();
    CustomerProfile {
        name: party.name,
        email: party.email,
        address: party.address,
        tax_id: party.tax_id,
        currency: Some(currency("KWD")),
        external_id: Some(ExternalId::parse("crm/7 ✓").unwrap()),
        metadata: full_metadata(),
    }
}

async fn found_customer(world: &World, id: CustomerId) -> Option<CustomerFacts> {
    let found = world.write(move |uow| {
        async move {
            let seen = uow.customers().find(ORGANIZATION, id).await?;
            let locked = uow.customers().find_for_update(ORGANIZATION, id).await?;
            assert_eq!(seen, locked.map(|it| it.facts().clone()));
            Ok(seen)
        }
        .boxed()
    });
    found.await.unwrap()
}

async fn update_customer(world: &World, customer: &Customer) {
    let customer = customer.clone();
    let updated = world.write(move |uow| {
        let customer = customer.clone();
        async move { uow.customers().update(&customer).await }.boxed()
    });
    assert_eq!(updated.await.unwrap(), Written::Stored);
}

#[tokio::test]
async fn customers_come_back_as_they_were_stored() {
    let world = World::new().await;
    let queries = PgCustomerQueries::new(world.database.clone());
    let mut ada = customer(7, "Ada");
    let id = ada.facts().id;

    world.store_customer(&ada).await;
    assert_eq!(found_customer(&world, id).await.as_ref(), Some(ada.facts()));

    let minimal = ada.facts().profile.clone();
    for profile in [full_customer(), minimal] {
        ada.revise(profile, at(LATER)).unwrap();
        update_customer(&world, &ada).await;
        assert_eq!(found_customer(&world, id).await.as_ref(), Some(ada.facts()));
        let read = queries.find(ORGANIZATION, id).await.unwrap();
        assert_eq!(read.as_ref(), Some(ada.facts()));
    }
}

#[tokio::test]
async fn archived_customers_are_found_by_queries_only() {
    let world = World::new().await;
    let queries = PgCustomerQueries::new(world.database.clone());
    let mut ada = customer(7, "Ada");
    world.store_customer(&ada).await;

    ada.archive(at(LATER)).unwrap();
    update_customer(&world, &ada).await;

    let id = ada.facts().id;
    assert_eq!(found_customer(&world, id).await, None);
    let read = queries.find(ORGANIZATION, id).await.unwrap();
    assert_eq!(read.as_ref(), Some(ada.facts()));
}

#[tokio::test]
async fn organizations_come_back_as_they_were_stored() {
    let world = World::new().await;
    let queries = PgOrganizationQueries::new(world.database.clone());
    let full = OrganizationProfile {
        legal_name: name("Ünïted 🏢"),
        address: Some(address()),
        tax_id: Some(TaxId::parse("7").unwrap()),
        email: Some(email("office@example.com")),
        default_currency: currency("JPY"),
        invoice_number_prefix: NumberPrefix::parse("A-b_c/9.").unwrap(),
        payment_terms: PaymentTerms::days(3_650).unwrap(),
        rounding: Rounding::HalfEven,
    };
    let minimal = OrganizationProfile {
        invoice_number_prefix: NumberPrefix::parse("").unwrap(),
        payment_terms: PaymentTerms::days(0).unwrap(),
        ..organization_profile()
    };

    for profile in [full, minimal] {
        let revised = world.write(move |uow| {
            let profile = profile.clone();
            async move {
                let found = uow.organizations().find_for_update(ORGANIZATION).await?;
                let mut organization = found.unwrap();
                organization.revise(profile, at(LATER));
                uow.organizations().update(&organization).await?;
                let seen = uow.organizations().find(ORGANIZATION).await?;
                assert_eq!(seen.as_ref(), Some(organization.facts()));
                Ok(organization.facts().clone())
            }
            .boxed()
        });
        let revised: OrganizationFacts = revised.await.unwrap();
        assert_eq!(
            queries.find(ORGANIZATION).await.unwrap(),
            Some(revised.clone())
        );
        assert_eq!(queries.list().await.unwrap(), [revised]);
    }
}

#[tokio::test]
async fn api_keys_come_back_as_they_were_stored() {
    let world = World::new().await;
    let queries = PgApiKeyQueries::new(world.database.clone());
    let id = ApiKeyId::from_uuid(Uuid::from_u128(8));
    let facts = ApiKeyFacts {
        id,
        name: KeyName::parse(&"🔑".repeat(100)).unwrap(),
        scopes: Scopes::new(Scope::all()).unwrap(),
        hash: KeyHash([0xfe; 32]),
        expires_at: Some(at(LATER)),
        ..stored_key()
    };

    let inserted = facts.clone();
    let stored = world.write(move |uow| {
        let key = ApiKey::restore(inserted.clone());
        async move { uow.api_keys().insert(&key).await }.boxed()
    });
    stored.await.unwrap();

    assert_eq!(
        queries.find(ORGANIZATION, id).await.unwrap(),
        Some(facts.clone())
    );
    let revoked = world.write(move |uow| {
        async move {
            let mut key = uow
                .api_keys()
                .find_for_update(ORGANIZATION, id)
                .await?
                .unwrap();
            key.revoke(at(LATER)).unwrap();
            uow.api_keys().update(&key).await?;
            Ok(key.facts().clone())
        }
        .boxed()
    });
    let revoked = revoked.await.unwrap();
    assert_eq!(
        revoked,
        ApiKeyFacts {
            revoked_at: Some(at(LATER)),
            version: Version::new(2),
            ..facts
        }
    );
    let by_hash = queries.find_by_hash(KeyHash([0xfe; 32])).await.unwrap();
    assert_eq!(by_hash.as_deref(), Some(&revoked));
    assert_eq!(queries.find_by_hash(KeyHash([0; 32])).await.unwrap(), None);
    assert_ne!(revoked.scopes, scopes(&["*"]));
}
