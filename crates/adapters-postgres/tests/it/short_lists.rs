//! Lists of customers and of API keys.

use adapters_postgres::{PgApiKeyQueries, PgCustomerQueries};
use app::{
    paging::{Limit, PageNumber, Total, Window},
    ports::{ApiKeyQueries, CustomerFilter, CustomerQueries},
    testing::{KEY, ORGANIZATION, customer_profile, stored_key},
};
use domain::{
    customers::{Customer, CustomerFacts},
    ids::{ApiKeyId, CustomerId},
    platform::{ApiKey, ApiKeyFacts, KeyHash},
    values::ExternalId,
};
use futures_util::FutureExt;
use jiff::ToSpan;
use rstest::rstest;
use uuid::Uuid;

use crate::support::{World, at, email, first};

/// Name, e-mail address and external id of each, oldest first.
const CUSTOMERS: [(&str, &str, &str); 5] = [
    ("Ada Lovelace", "Ada@Example.com", "crm-1"),
    ("Österreich_Post 100%", "post@example.com", "crm-2"),
    ("ada & co", "ada@example.com", "CRM-1"),
    ("ODYSSEUS ΟΔΥΣΣΕΥΣ", "o@example.com", "x"),
    ("archived Ada", "ada@example.com", "y"),
];

fn stored(index: usize) -> Customer {
    let (name, address, external_id) = CUSTOMERS[index];
    let id = CustomerId::from_uuid(Uuid::from_u128(700 + u128::try_from(index).unwrap()));
    let mut profile = customer_profile(name);
    profile.email = Some(email(address));
    profile.external_id = Some(ExternalId::parse(external_id).unwrap());
    let made = at("2026-11-01T00:00:00Z") + i64::try_from(index).unwrap().hours();
    Customer::register(id, ORGANIZATION, profile, made)
}

async fn world_with_customers() -> World {
    let world = World::new().await;
    for index in 0..CUSTOMERS.len() {
        let mut customer = stored(index);
        if index == 4 {
            customer.archive(at("2026-11-02T00:00:00Z")).unwrap();
        }
        world.store_customer(&customer).await;
    }
    world
}

fn names(customers: &[CustomerFacts]) -> Vec<&str> {
    customers
        .iter()
        .map(|it| it.profile.name.as_str())
        .collect()
}

fn by_email(address: &str) -> CustomerFilter {
    CustomerFilter {
        email: Some(email(address)),
        ..CustomerFilter::default()
    }
}

fn by_external_id(id: &str) -> CustomerFilter {
    CustomerFilter {
        external_id: Some(ExternalId::parse(id).unwrap()),
        ..CustomerFilter::default()
    }
}

fn by_name(part: &str) -> CustomerFilter {
    CustomerFilter {
        name_contains: Some(part.to_owned()),
        ..CustomerFilter::default()
    }
}

#[rstest]
#[case::all(CustomerFilter::default(), &[3, 2, 1, 0])]
#[case::email(by_email("ADA@example.com"), &[2, 0])]
#[case::external_id(by_external_id("crm-1"), &[0])]
#[case::name(by_name("ADA"), &[2, 0])]
#[case::umlaut(by_name("öSTER"), &[1])]
#[case::sigma(by_name("οδυσ"), &[3])]
#[case::percent(by_name("%"), &[1])]
#[case::underscore(by_name("_"), &[1])]
#[case::nobody(by_name("archived"), &[])]
#[case::both(CustomerFilter { name_contains: Some("love".to_owned()), ..by_email("ada@example.com") }, &[0])]
#[tokio::test]
async fn customers_are_listed_newest_first_as_the_filter_says(
    #[case] filter: CustomerFilter,
    #[case] expected: &[usize],
) {
    let world = world_with_customers().await;

    let queries = PgCustomerQueries::new(world.database.clone());
    let listed = queries.list(ORGANIZATION, &filter, first()).await.unwrap();

    let expected: Vec<_> = expected.iter().map(|index| CUSTOMERS[*index].0).collect();
    assert_eq!(names(&listed.rows), expected);
}

#[tokio::test]
async fn customers_are_listed_in_pieces_and_by_page() {
    let world = world_with_customers().await;
    let queries = PgCustomerQueries::new(world.database.clone());
    let (all, limit) = (CustomerFilter::default(), Limit::new(3).unwrap());

    let newest = Window::After {
        position: None,
        limit,
    };
    let newest = queries.list(ORGANIZATION, &all, newest).await.unwrap();
    let rest = Window::After {
        position: newest.next,
        limit,
    };
    let rest = queries.list(ORGANIZATION, &all, rest).await.unwrap();
    let number = PageNumber::new(2, limit).unwrap();
    let second = Window::Page {
        number,
        size: limit,
    };
    let second = queries.list(ORGANIZATION, &all, second).await.unwrap();

    assert_eq!((newest.rows.len(), rest.next), (3, None));
    assert_eq!(names(&rest.rows), [CUSTOMERS[0].0]);
    assert_eq!(names(&second.rows), [CUSTOMERS[0].0]);
    assert_eq!(
        second.total,
        Some(Total {
            rows: 4,
            is_exact: true
        })
    );
}

#[tokio::test]
async fn keys_are_listed_newest_first_without_the_revoked_ones() {
    let world = World::new().await;
    let key = |index: u8| ApiKeyFacts {
        id: ApiKeyId::from_uuid(Uuid::from_u128(u128::from(index))),
        hash: KeyHash([index; 32]),
        created_at: at("2026-11-02T00:00:00Z"),
        revoked_at: (index == 60).then(|| at("2026-11-03T00:00:00Z")),
        ..stored_key()
    };
    let stored = world.write(move |uow| {
        async move {
            for index in [59, 60, 61] {
                uow.api_keys().insert(&ApiKey::restore(key(index))).await?;
            }
            Ok(())
        }
        .boxed()
    });
    stored.await.unwrap();
    let queries = PgApiKeyQueries::new(world.database.clone());
    let limit = Limit::new(2).unwrap();
    let ids = |keys: &[ApiKeyFacts]| keys.iter().map(|it| it.id).collect::<Vec<_>>();

    let newest = Window::After {
        position: None,
        limit,
    };
    let newest = queries.list(ORGANIZATION, newest).await.unwrap();
    let rest = Window::After {
        position: newest.next,
        limit,
    };
    let rest = queries.list(ORGANIZATION, rest).await.unwrap();
    let number = PageNumber::new(2, limit).unwrap();
    let second = Window::Page {
        number,
        size: limit,
    };
    let second = queries.list(ORGANIZATION, second).await.unwrap();

    assert_eq!(ids(&newest.rows), [key(61).id, key(59).id]);
    assert_eq!((ids(&rest.rows), rest.next), (vec![KEY], None));
    assert_eq!(second.rows, rest.rows);
    assert_eq!(
        second.total,
        Some(Total {
            rows: 3,
            is_exact: true
        })
    );
}
